//! Images: decoding under limits, mip chains, block compression.
//!
//! Starts at [`decode::decode`]. Refuses what is larger than the limits by its header,
//! before a texel is decoded.

pub(crate) mod blocks;
pub(crate) mod decode;
mod fit;
pub(crate) mod header;
pub(crate) mod ktx2;
pub(crate) mod mips;
mod read;
mod store;

pub use read::read_image;

use std::sync::LazyLock;

/// Linear light as 16 bits for each sRGB code (IEC 61966-2-1).
pub(crate) static LINEAR_FROM_SRGB: LazyLock<[u16; 256]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let s = code as f32 / 255.0;
        let linear = if s <= 0.04045 {
            s / 12.92
        } else {
            bevy::math::ops::powf((s + 0.055) / 1.055, 2.4)
        };
        (linear * 65535.0 + 0.5) as u16
    })
});

/// The sRGB code for each 14-bit step of linear light: a fifth of a code fine where the
/// curve is steepest, and small enough for a processor's first cache.
pub(crate) static SRGB_FROM_LINEAR: LazyLock<Box<[u8; 1 << 14]>> = LazyLock::new(|| {
    let codes: Vec<u8> = (0..1 << 14)
        .map(|step| {
            let linear = step as f32 / ((1 << 14) - 1) as f32;
            let s = if linear <= 0.003_130_8 {
                linear * 12.92
            } else {
                1.055 * bevy::math::ops::powf(linear, 1.0 / 2.4) - 0.055
            };
            (s * 255.0 + 0.5) as u8
        })
        .collect();
    codes
        .into_boxed_slice()
        .try_into()
        .expect("the table was made with this length")
});
