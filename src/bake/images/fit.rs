//! Sides that a GPU's block formats take: multiples of 4.
//!
//! Scanners and photographers do not count texels, and one that is over costs four times the
//! memory. Texture coordinates run from 0 to 1 over the whole picture, so that it may be drawn
//! anew with up to two texels more or fewer a side, and nothing on the model moves. The filter
//! is Catmull and Rom's cubic, which keeps fine lines where a linear one would wash them out.

use rayon::prelude::*;

use crate::bake::model::ImageUse;

/// Below this a side holds too little memory to be worth a change of its texels, texels.
const SMALLEST_SIDE: u32 = 256;

/// The sides that a picture should have; `None` where it is best left alone.
pub(super) fn better_size(width: u32, height: u32) -> Option<(u32, u32)> {
    if width.min(height) < SMALLEST_SIDE {
        return None;
    }
    let nearest = |side: u32| (side + 2) / 4 * 4;
    let better = (nearest(width), nearest(height));
    (better != (width, height)).then_some(better)
}

/// Draws RGBA8 texels anew at another size.
pub(super) fn resample(
    texels: &[u8],
    from: (u32, u32),
    to: (u32, u32),
    usage: ImageUse,
) -> Vec<u8> {
    let [from_wide, from_high, wide, high] = [from.0, from.1, to.0, to.1].map(|side| side as usize);
    let across: Vec<Taps> = (0..wide).map(|x| Taps::of(x, from_wide, wide)).collect();
    let source: &[[u8; 4]] = bytemuck::cast_slice(texels);
    let mut out = vec![0; wide * high * 4];
    out.par_chunks_mut(wide * 4)
        .enumerate()
        .for_each(|(y, out)| {
            let down = Taps::of(y, from_high, high);
            let column = |x: usize| {
                let mut sum = [0.0; 4];
                for (y, weight) in down.at.into_iter().zip(down.weights) {
                    let texel = source[y * from_wide + x];
                    for (sum, value) in sum.iter_mut().zip(texel) {
                        *sum += f32::from(value) * weight;
                    }
                }
                sum
            };
            let columns: Vec<[f32; 4]> = (0..from_wide).map(column).collect();
            for (taps, out) in across.iter().zip(out.chunks_exact_mut(4)) {
                let mut sum = [0.0; 4];
                for (x, weight) in taps.at.into_iter().zip(taps.weights) {
                    for (sum, value) in sum.iter_mut().zip(columns[x]) {
                        *sum += value * weight;
                    }
                }
                if usage == ImageUse::Normal {
                    sum = unit(sum);
                }
                for (out, value) in out.iter_mut().zip(sum) {
                    // The cast rounds down and holds the overshoot of the cubic in 0 to 255.
                    *out = (value + 0.5) as u8;
                }
            }
        });
    out
}

/// Four texels along an axis, and how much of each.
struct Taps {
    at: [usize; 4],
    weights: [f32; 4],
}

impl Taps {
    /// For texel `i` of `to`, out of `from`.
    fn of(i: usize, from: usize, to: usize) -> Self {
        // The middle of the texel, in texels of the source: (i + 1/2) from / to - 1/2.
        let (from, to) = (from as i64, to as i64);
        let over = (2 * i as i64 + 1) * from - to;
        let (first, t) = (over.div_euclid(2 * to), over.rem_euclid(2 * to));
        let t = t as f32 / (2 * to) as f32;
        let at = [-1, 0, 1, 2].map(|step| (first + step).clamp(0, from - 1) as usize);
        let (t2, t3) = (t * t, t * t * t);
        let weights = [
            -0.5 * t3 + t2 - 0.5 * t,
            1.5 * t3 - 2.5 * t2 + 1.0,
            -1.5 * t3 + 2.0 * t2 + 0.5 * t,
            0.5 * t3 - 0.5 * t2,
        ];
        Self { at, weights }
    }
}

/// A normal in codes of 0 to 255, of length 1 again.
fn unit([x, y, z, w]: [f32; 4]) -> [f32; 4] {
    let [x, y, z] = [x, y, z].map(|code| code - 127.5);
    let length = (x * x + y * y + z * z).sqrt();
    if length < 1.0 {
        return [127.5, 127.5, 255.0, w];
    }
    let [x, y, z] = [x, y, z].map(|value| value * 127.5 / length + 127.5);
    [x, y, z, w]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_become_the_nearest_multiples_of_four() {
        assert_eq!(better_size(1024, 512), None, "nothing to mend");
        assert_eq!(better_size(1023, 513), Some((1024, 512)));
        assert_eq!(better_size(4094, 1024), Some((4096, 1024)));
        assert_eq!(better_size(301, 302), Some((300, 304)));
        assert_eq!(better_size(37, 1023), None, "small ones are left alone");
    }

    /// A smooth picture: what lies at a place stays there to the last code or two.
    #[test]
    fn nothing_moves() {
        let shade = |at: f32| 128.0 + 100.0 * bevy::math::ops::sin(at * 40.0);
        let picture = |wide: u32, high: u32| -> Vec<u8> {
            let texel = |index: u32| {
                let x = ((index % wide) as f32 + 0.5) / wide as f32;
                let y = ((index / wide) as f32 + 0.5) / high as f32;
                [shade(x) as u8, shade(y) as u8, (x * 255.0) as u8, 255]
            };
            (0..wide * high).flat_map(texel).collect()
        };
        for (from, to) in [((1021, 258), (1020, 260)), ((259, 1022), (260, 1024))] {
            let drawn = resample(&picture(from.0, from.1), from, to, ImageUse::Data);
            let wanted = picture(to.0, to.1);
            let off = drawn.iter().zip(&wanted).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(off <= Some(2), "{from:?} to {to:?} is off by {off:?} codes");
        }
    }

    #[test]
    fn normals_stay_unit_and_flat_stays_flat() {
        let texel = |index: usize| {
            let turn = index as f32 * 0.37;
            let (x, y) = (
                0.6 * bevy::math::ops::cos(turn),
                0.6 * bevy::math::ops::sin(turn),
            );
            [x, y, 0.8].map(|value| (value * 127.5 + 128.0) as u8)
        };
        let bumpy: Vec<u8> = (0..257 * 256)
            .flat_map(|index| {
                let [x, y, z] = texel(index);
                [x, y, z, 255]
            })
            .collect();
        for texel in resample(&bumpy, (257, 256), (256, 256), ImageUse::Normal).chunks_exact(4) {
            let length: f32 = texel[..3]
                .iter()
                .map(|code| (f32::from(*code) / 127.5 - 1.0).powi(2))
                .sum();
            assert!((length.sqrt() - 1.0).abs() < 0.02, "{texel:?} is unit");
        }
        let flat = [9, 8, 7, 255].repeat(257 * 258);
        let drawn = resample(&flat, (257, 258), (256, 260), ImageUse::Color);
        assert_eq!(drawn, [9, 8, 7, 255].repeat(256 * 260), "nothing rings");
    }
}
