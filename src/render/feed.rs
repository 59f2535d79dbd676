//! Textures on their way to the GPU, a few rows a frame.
//!
//! Bevy writes a texture whole in one frame, through a copy as large as itself: 85 MiB and a
//! tenth of a second for a 4k image. Here its texture is made empty, and rows follow within the
//! bytes that a frame may take, the smallest mip first. What is still missing is black for as long; loading is not over
//! before.

use super::loading::HandOverPace;
use bevy::{
    prelude::*,
    render::{
        Render, RenderApp, RenderSystems,
        render_asset::RenderAssets,
        render_resource::{Extent3d, Origin3d, TexelCopyBufferLayout, TexelCopyTextureInfo},
        renderer::RenderQueue,
        texture::GpuImage,
    },
};
use std::{
    collections::VecDeque,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub(super) fn plugin(app: &mut App) {
    let feed = Feed::default();
    let pace = app
        .world_mut()
        .get_resource_or_init::<HandOverPace>()
        .clone();
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render
            .insert_resource(feed.clone())
            .insert_resource(pace)
            .add_systems(Render, write_rows.in_set(RenderSystems::PrepareResources));
    }
    app.insert_resource(feed).add_systems(Last, forget_removed);
}

/// What nobody shows any more, a layer having taken its place, is not waited for.
fn forget_removed(feed: Res<Feed>, mut events: MessageReader<AssetEvent<Image>>) {
    for event in events.read() {
        if let AssetEvent::Removed { id } = event {
            feed.lock().retain(|waiting| waiting.image != *id);
        }
    }
}

/// Frames in which a texture may not appear on the GPU before it is given up: the device
/// refused it.
const PATIENCE: u32 = 600;

/// Textures that wait. Both worlds hold it: texels are not copied on the way.
#[derive(Resource, Clone, Default)]
pub(super) struct Feed(Arc<Mutex<VecDeque<Waiting>>>);

struct Waiting {
    image: AssetId<Image>,
    texels: Texels,
    patience: u32,
}

impl Feed {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Adds an image of which only the size is known to Bevy at first.
    pub(super) fn add(&self, images: &mut Assets<Image>, mut image: Image) -> Handle<Image> {
        let format = image.texture_descriptor.format;
        let Some(block_bytes) = format.block_copy_size(None) else {
            return images.add(image);
        };
        let Some(data) = image.data.take() else {
            return images.add(image);
        };
        let texels = Texels::new(
            data,
            [image.width(), image.height()],
            image.texture_descriptor.mip_level_count,
            Block {
                side: format.block_dimensions().0,
                bytes: block_bytes,
            },
        );
        let handle = images.add(image);
        self.lock().push_back(Waiting {
            image: handle.id(),
            texels,
            patience: PATIENCE,
        });
        handle
    }
}

/// The smallest part of a texture that can be written.
#[derive(Debug, Clone, Copy)]
struct Block {
    /// Texels along a side.
    side: u32,
    bytes: u32,
}

/// A mip chain, packed, and how much of it is still to be written. It is written from its end, so that
/// what was written can be given back: otherwise the whole is there twice at last.
struct Texels {
    /// Up to what has been written.
    data: Vec<u8>,
    size: [u32; 2],
    block: Block,
    /// The mip that is being written, and how many of its rows of blocks still are to be; `None` once
    /// all is written.
    at: Option<(u32, u32)>,
}

/// Rows of blocks to be written.
#[derive(Debug, PartialEq)]
struct Rows {
    mip: u32,
    /// First row of texels.
    y: u32,
    /// Texels, whole blocks.
    size: [u32; 2],
    bytes_a_row: u32,
    bytes: Range<usize>,
}

impl Texels {
    /// Mips that `data` does not hold whole are left out.
    fn new(mut data: Vec<u8>, size: [u32; 2], mips: u32, block: Block) -> Self {
        let (mut end, mut last) = (0, None);
        for mip in 0..mips {
            let [bytes_a_row, rows] = extent(size, mip, block);
            end += bytes_a_row as usize * rows as usize;
            if end > data.len() {
                end -= bytes_a_row as usize * rows as usize;
                break;
            }
            last = Some((mip, rows));
        }
        data.truncate(end);
        Self {
            data,
            size,
            block,
            at: last,
        }
    }

    /// Bytes that are still to be written.
    fn left(&self) -> usize {
        self.data.len()
    }

    /// The last rows that are still to be written, within `most` bytes, at least one; `None` when all
    /// are.
    fn next(&self, most: usize) -> Option<Rows> {
        let (mip, left) = self.at?;
        let [bytes_a_row, _] = extent(self.size, mip, self.block);
        let fitting = (most / bytes_a_row.max(1) as usize).max(1);
        let rows = left.min(u32::try_from(fitting).unwrap_or(u32::MAX));
        let bytes = rows as usize * bytes_a_row as usize;
        Some(Rows {
            mip,
            y: (left - rows) * self.block.side,
            size: [
                bytes_a_row / self.block.bytes * self.block.side,
                rows * self.block.side,
            ],
            bytes_a_row,
            bytes: self.data.len().saturating_sub(bytes)..self.data.len(),
        })
    }

    /// The same rows have been written.
    fn forget(&mut self, written: &Rows) {
        self.data.truncate(written.bytes.start);
        let first = written.y / self.block.side;
        self.at = match written.mip.checked_sub(1) {
            _ if first > 0 => Some((written.mip, first)),
            Some(finer) => {
                let [_, rows] = extent(self.size, finer, self.block);
                Some((finer, rows))
            }
            None => None,
        };
    }

    /// Gives back what was written. A large block shrinks where it is.
    fn give_back(&mut self) {
        self.data.shrink_to_fit();
    }
}

/// Bytes of a row of blocks in a mip, and how many rows it has.
fn extent(size: [u32; 2], mip: u32, block: Block) -> [u32; 2] {
    let [wide, high] = size.map(|side| (side >> mip).max(1).div_ceil(block.side));
    [wide * block.bytes, high]
}

/// Writes what a frame may take.
fn write_rows(
    feed: Res<Feed>,
    pace: Res<HandOverPace>,
    images: Res<RenderAssets<GpuImage>>,
    queue: Res<RenderQueue>,
) {
    let mut feed = feed.lock();
    let waiting = feed.iter().map(|one| one.texels.left()).sum();
    let mut left = pace.texels_left(waiting);
    let mut kept = VecDeque::new();
    while left > 0
        && let Some(mut waiting) = feed.pop_front()
    {
        let Some(image) = images.get(waiting.image) else {
            waiting.patience -= 1;
            if waiting.patience > 0 {
                kept.push_back(waiting);
            }
            continue;
        };
        let mut is_whole = false;
        while left > 0 {
            let Some(rows) = waiting.texels.next(left) else {
                is_whole = true;
                break;
            };
            left = left.saturating_sub(rows.bytes.len());
            pace.take(rows.bytes.len());
            queue.write_texture(
                TexelCopyTextureInfo {
                    mip_level: rows.mip,
                    origin: Origin3d {
                        x: 0,
                        y: rows.y,
                        z: 0,
                    },
                    ..image.texture.as_image_copy()
                },
                &waiting.texels.data[rows.bytes.clone()],
                TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(rows.bytes_a_row),
                    rows_per_image: None,
                },
                Extent3d {
                    width: rows.size[0],
                    height: rows.size[1],
                    depth_or_array_layers: 1,
                },
            );
            waiting.texels.forget(&rows);
        }
        if !is_whole {
            waiting.texels.give_back();
            feed.push_front(waiting);
        }
    }
    feed.append(&mut kept);
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::{
        asset::RenderAssetUsages,
        render::render_resource::{TextureDimension, TextureFormat},
    };

    #[test]
    fn an_image_that_nobody_shows_is_not_waited_for() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, AssetPlugin::default()))
            .init_asset::<Image>()
            .add_plugins(plugin);
        let feed = app.world().resource::<Feed>().clone();
        let mut add = || {
            let size = Extent3d {
                width: 8,
                height: 8,
                depth_or_array_layers: 1,
            };
            let image = Image::new_fill(
                size,
                TextureDimension::D2,
                &[255; 4],
                TextureFormat::Rgba8Unorm,
                RenderAssetUsages::RENDER_WORLD,
            );
            feed.add(&mut app.world_mut().resource_mut::<Assets<Image>>(), image)
        };
        let (kept, replaced) = (add(), add());
        drop(replaced);
        for _ in 0..3 {
            app.update();
        }
        assert_eq!(
            feed.lock().iter().map(|own| own.image).collect::<Vec<_>>(),
            [kept.id()],
            "the one that is shown goes on waiting for the GPU, the other is forgotten"
        );
    }

    /// Writes a whole chain with a budget a frame; every byte must go once, from the end.
    #[track_caller]
    fn check(size: [u32; 2], block: Block, budget: usize) {
        let mips = 32 - size[0].max(size[1]).leading_zeros();
        let blocks = |side: u32, mip: u32| (side >> mip).max(1).div_ceil(block.side) as usize;
        let mip_bytes = |mip| blocks(size[0], mip) * blocks(size[1], mip) * block.bytes as usize;
        let bytes: usize = (0..mips).map(mip_bytes).sum();
        let mut texels = Texels::new(vec![0; bytes], size, mips, block);
        let widest = blocks(size[0], 0) * block.bytes as usize;
        let (mut at, mut frames) = (bytes, 0);
        loop {
            let mut left = budget;
            let mut is_over = false;
            while left > 0 {
                let Some(rows) = texels.next(left) else {
                    is_over = true;
                    break;
                };
                assert_eq!(rows.bytes.end, at, "rows follow each other");
                assert!(
                    rows.bytes.len() <= left.max(widest),
                    "no more than a frame may take, or one row"
                );
                let before: usize = (0..rows.mip).map(mip_bytes).sum();
                let above = (rows.y / block.side) as usize * rows.bytes_a_row as usize;
                assert_eq!(
                    rows.bytes.start,
                    before + above,
                    "mips lie one after the other, the largest first"
                );
                at = rows.bytes.start;
                left = left.saturating_sub(rows.bytes.len());
                texels.forget(&rows);
            }
            texels.give_back();
            assert_eq!(texels.left(), at, "what was written is given back");
            if is_over {
                break;
            }
            frames += 1;
        }
        assert_eq!(at, 0, "every byte was written");
        assert!(
            frames >= bytes / (budget + widest),
            "{bytes} bytes take their frames, not {frames}"
        );
    }

    #[test]
    fn a_texture_goes_whole_and_within_its_budget() {
        let texel = Block { side: 1, bytes: 4 };
        let block = Block { side: 4, bytes: 16 };
        for budget in [1, 1000, 4096, 1 << 20] {
            check([64, 64], texel, budget);
            check([100, 37], texel, budget);
            check([1, 512], texel, budget);
            check([64, 64], block, budget);
            check([100, 36], block, budget);
        }
        check([4096, 4096], texel, 24 << 20);
    }

    #[test]
    fn data_that_ends_early_ends_with_the_last_whole_mip() {
        let texel = Block { side: 1, bytes: 4 };
        let nothing = Texels::new(vec![0; 100], [16, 16], 1, texel);
        assert!(nothing.next(usize::MAX).is_none(), "16 rows are not there");
        let first = Texels::new(vec![0; 16 * 16 * 4 + 100], [16, 16], 5, texel);
        let rows = first.next(usize::MAX).expect("the first mip is there");
        assert_eq!((rows.mip, rows.y, rows.bytes), (0, 0, 0..16 * 16 * 4));
    }
}
