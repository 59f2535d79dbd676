//! What a file may ask of us: every count and size is compared with these before
//! anything is allocated.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::error::{Cause, Fault};

/// Ceilings for one model file. The defaults are an order of magnitude above the largest
/// scans that museums publish; a person who owns such a file can raise them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the `.glb` or `.gltf`, and of each file it names, in bytes. 8 GiB.
    pub file_bytes: u64,
    /// Size of the JSON part in bytes. 64 MiB.
    pub json_bytes: u64,
    /// Nodes in the file. 250,000.
    pub nodes: u64,
    /// Longest chain from a root node to a leaf. 256.
    pub node_depth: u32,
    /// Primitives in the file. 250,000.
    pub primitives: u64,
    /// Vertices of one primitive. 256 million.
    pub vertices: u64,
    /// Indices of one primitive. 1024 million.
    pub indices: u64,
    /// Keyframes of all animated properties in the file together. 16 million: a figure of 100
    /// joints for half an hour at 30 a second.
    pub keyframes: u64,
    /// Animated properties in the file. 100,000.
    pub channels: u64,
    /// Joints of one skin. 4096.
    pub joints: u64,
    /// Morph targets of one mesh. 256, what the renderer takes.
    pub morph_targets: u64,
    /// Width or height of an image in texels. 16384, what GPUs of the last decade take.
    pub image_side: u32,
    /// Texels of one image. 16384 x 16384.
    pub image_texels: u64,
    /// Everything decoded from one file together, in bytes: geometry and images with their
    /// mip chains. 6 GiB.
    pub decoded_bytes: u64,
    /// Address space of the process that transcodes one KTX2 image, in bytes. 4 GiB.
    pub sandbox_bytes: u64,
    /// Processor time of that process in seconds. 60.
    pub sandbox_secs: u64,
    /// Time on the clock that this process may take, whether it works or waits. 3 minutes:
    /// several share a processor.
    pub sandbox_wall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 8 << 30,
            json_bytes: 64 << 20,
            nodes: 250_000,
            node_depth: 256,
            primitives: 250_000,
            vertices: 256_000_000,
            indices: 1_024_000_000,
            keyframes: 16_000_000,
            channels: 100_000,
            joints: 4096,
            morph_targets: 256,
            image_side: 16_384,
            image_texels: 16_384 * 16_384,
            decoded_bytes: 6 << 30,
            sandbox_bytes: 4 << 30,
            sandbox_secs: 60,
            sandbox_wall: Duration::from_secs(180),
        }
    }
}

impl Limits {
    /// Refuses a value above its limit, naming the thing.
    pub(crate) fn check(what: &str, value: u64, limit: u64, pointer: &str) -> Result<(), Fault> {
        if value > limit {
            return Err(Fault::new(
                pointer,
                Cause::OverLimit {
                    what: what.to_owned(),
                    value,
                    limit,
                },
            ));
        }
        Ok(())
    }
}

/// Counts decoded bytes of one file down to zero; shared by all worker threads.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicU64,
    total: u64,
}

impl Budget {
    /// A budget of `total` bytes.
    pub(crate) fn new(total: u64) -> Self {
        Self {
            left: AtomicU64::new(total),
            total,
        }
    }

    /// Takes `count * size` bytes, to be called before allocating them.
    pub(crate) fn take(&self, count: u64, size: u64, pointer: &str) -> Result<(), Fault> {
        let refuse = |value| {
            Fault::new(
                pointer,
                Cause::OverLimit {
                    what: "decoded bytes".to_owned(),
                    value,
                    limit: self.total,
                },
            )
        };
        let bytes = count.checked_mul(size).ok_or_else(|| refuse(u64::MAX))?;
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            })
            .map(|_| ())
            .map_err(|left| refuse((self.total - left).saturating_add(bytes)))
    }

    /// What is left, in bytes.
    pub(crate) fn left(&self) -> u64 {
        self.left.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_refuses_what_it_does_not_hold() {
        let budget = Budget::new(100);
        assert!(budget.take(9, 10, "/a").is_ok(), "90 of 100 bytes fit");
        assert!(budget.take(11, 1, "/b").is_err(), "11 more do not fit");
        assert!(budget.take(10, 1, "/c").is_ok(), "the last 10 still fit");
        assert!(
            budget.take(u64::MAX, 2, "/d").is_err(),
            "a product past 64 bits is refused, not wrapped"
        );
    }
}
