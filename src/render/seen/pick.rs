//! Picks the triangles of scans that can win a pixel of a picture.
//!
//! A scan seen whole has more triangles than the picture has pixels to show them: half face away, many
//! miss the middle of every pixel, and of the rest many are hidden. Here each is looked at with a
//! margin on the safe side, so that what is left out is what a rasterizer would have spent its time on
//! in vain: the picture is the same.
//!
//! - Facing away, or between the middles of pixels: U. Haar and S. Aaltonen, "GPU-Driven Rendering
//!   Pipelines" (SIGGRAPH 2015, Advances in Real-Time Rendering), and G. Wihlidal, "Optimizing the Graphics
//!   Pipeline with Compute" (GDC 2016).
//! - Hidden: a depth buffer of what was picked for the picture before, as N. Greene, M. Kass and G.
//!   Miller, "Hierarchical Z-Buffer Visibility" (SIGGRAPH 1993, section 3.3), drawn from where the
//!   eye is now: any part of a surface hides what is behind it, whichever part it is.

use super::{
    depth::{Depth, Placed, Rows, THREADS, place_all, see},
    shape::{Shape, pad},
};
use bevy::math::{UVec2, Vec4};
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use std::{collections::HashMap, hash::Hash, ops::Range, sync::Arc};

/// What is to be drawn of a part.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::render::seen) struct Picked<K> {
    pub(in crate::render::seen) key: K,
    pub(in crate::render::seen) triangles: u32,
    /// Indices in the order of the whole, of its type, to a multiple of four bytes.
    pub(in crate::render::seen) bytes: Vec<u8>,
}

/// What is in view, and what is found of it.
#[derive(Default)]
pub(in crate::render::seen) struct Work<K> {
    /// Of the picture, pixels.
    pub(in crate::render::seen) size: UVec2,
    /// What is looked at.
    pub(in crate::render::seen) parts: Vec<Placed<K>>,
    /// What is found; its memory is used again.
    pub(in crate::render::seen) picked: Vec<Picked<K>>,
    /// What is drawn whole.
    pub(in crate::render::seen) whole: Vec<(K, Arc<Shape>)>,
}

impl<K> Work<K> {
    /// Keeps the memory of what was found.
    pub(in crate::render::seen) fn clear(&mut self) {
        self.parts.clear();
        self.whole.clear();
    }
}

/// Looks at parts picture by picture.
pub(in crate::render::seen) struct Picker<K> {
    /// Apart from those that read and decode: these may be busy for seconds.
    threads: ThreadPool,
    /// What each thread knows to hide something.
    depths: [Depth; THREADS],
    /// Where the vertices of the parts are: pixels, depth.
    places: Vec<Vec<Vec4>>,
    known: HashMap<K, Known>,
    seen: Vec<Seen>,
}

/// What is known of a part.
#[derive(Debug, Default)]
struct Known {
    /// What was picked for the picture before.
    before: Vec<u32>,
    /// Pictures in which it is drawn whole.
    rests: u32,
    is_here: bool,
}

/// Triangles of a part that are looked at in one go.
#[derive(Debug, Default)]
struct Seen {
    part: usize,
    range: Range<usize>,
    /// Those that may win a pixel.
    triangles: Vec<u32>,
}

/// Triangles of a [`Seen`].
const AT_ONCE: usize = 4_096;
/// Where more than this share of a part is seen, drawing all of it takes no longer than looking:
/// walls around the eye.
const MUCH: f32 = 0.5;
/// So many pictures later it is looked at again.
const REST: u32 = 120;

impl<K: Copy + Default + Eq + Hash + Send + Sync> Picker<K> {
    /// None where no threads can be had.
    pub(in crate::render::seen) fn new() -> Option<Self> {
        let threads = ThreadPoolBuilder::new()
            .num_threads(THREADS)
            .thread_name(|_| "what is seen".to_owned())
            .build();
        Some(Self {
            threads: threads.ok()?,
            depths: Default::default(),
            places: Vec::new(),
            known: HashMap::new(),
            seen: Vec::new(),
        })
    }

    /// Finds what a picture shows.
    pub(in crate::render::seen) fn pick(&mut self, work: &mut Work<K>) {
        self.rest(work);
        let Work {
            size,
            parts,
            picked: out,
            ..
        } = work;
        let (size, parts) = (*size, &*parts);
        out.resize_with(parts.len(), Picked::default);
        if parts.is_empty() {
            return;
        }
        self.places.resize_with(parts.len(), Vec::new);
        let Self {
            threads,
            depths,
            places,
            known,
            seen,
        } = self;
        cut(parts, seen);
        threads.install(|| {
            let rows = places.par_iter_mut().zip(parts).map(|(places, part)| {
                place_all(&part.clip_from_part, size, &part.shape.positions, places)
            });
            let rows = rows.reduce(Rows::none, Rows::and);
            depths.par_iter_mut().enumerate().for_each(|(at, depth)| {
                depth.clear(size, rows);
                for (part, places) in parts.iter().zip(&*places) {
                    let Some(known) = known.get(&part.key) else {
                        continue;
                    };
                    let share = known.before.len().div_ceil(THREADS).max(1);
                    if let Some(own) = known.before.chunks(share).nth(at) {
                        depth.hide_behind(part, places, own);
                    }
                }
            });
            let depths = &*depths;
            seen.par_iter_mut().for_each(|seen| {
                let (part, places) = (&parts[seen.part], &places[seen.part]);
                let (range, triangles) = (seen.range.clone(), &mut seen.triangles);
                see(depths, part, places, range, triangles);
            });
        });
        for (part, picked) in parts.iter().zip(&mut *out) {
            picked.key = part.key;
            picked.bytes.clear();
            picked.triangles = 0;
            known.entry(part.key).or_default().before.clear();
        }
        for seen in &*seen {
            let (part, picked) = (&parts[seen.part], &mut out[seen.part]);
            part.shape.write(&seen.triangles, &mut picked.bytes);
            picked.triangles += seen.triangles.len() as u32;
            let known = known.entry(part.key).or_default();
            known.before.extend_from_slice(&seen.triangles);
        }
        for (part, picked) in parts.iter().zip(&mut *out) {
            pad(&mut picked.bytes);
            if picked.triangles as f32 > part.shape.count() as f32 * MUCH {
                known.entry(part.key).or_default().rests = REST;
            }
        }
    }

    /// Sets aside what is drawn whole for a while, and forgets what left the view.
    fn rest(&mut self, work: &mut Work<K>) {
        let Work { parts, whole, .. } = work;
        for (key, _) in &*whole {
            if let Some(known) = self.known.get_mut(key) {
                known.is_here = true;
            }
        }
        parts.retain(|part| {
            let known = self.known.entry(part.key).or_default();
            known.is_here = true;
            let rests = known.rests > 0;
            if rests {
                whole.push((part.key, part.shape.clone()));
            }
            !rests
        });
        self.known.retain(|_, known| {
            let rests = known.rests > 0;
            known.rests = known.rests.saturating_sub(1);
            std::mem::take(&mut known.is_here) || rests
        });
    }
}

/// Which triangles are looked at in one go.
fn cut<K>(parts: &[Placed<K>], seen: &mut Vec<Seen>) {
    let mut count = 0;
    for (part, placed) in parts.iter().enumerate() {
        let end = placed.shape.count();
        for start in (0..end).step_by(AT_ONCE) {
            if count == seen.len() {
                seen.push(Seen::default());
            }
            seen[count].part = part;
            seen[count].range = start..end.min(start + AT_ONCE);
            count += 1;
        }
    }
    seen.truncate(count);
}

#[cfg(test)]
mod tests;
