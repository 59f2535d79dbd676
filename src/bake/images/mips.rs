//! Mip chains: colours averaged in linear light, normals renormalised, the coverage of
//! cut-out alpha kept, any size.
//!
//! Each level halves the one before, rounding down, as GPUs define it. Even sizes use the
//! plain mean of 2x2 texels; odd sizes the three-tap filter of Guthe and Heckbert
//! ("Non-power-of-two mipmapping", NVIDIA 2005), which weighs all texels alike.

use rayon::prelude::*;

use super::{LINEAR_FROM_SRGB, SRGB_FROM_LINEAR};
use crate::bake::model::{Alpha, ImageUse};

/// Number of levels down to 1x1.
pub(crate) fn level_count(width: u32, height: u32) -> u32 {
    32 - width.max(height).max(1).leading_zeros()
}

/// Size of a level.
pub(crate) fn level_size(width: u32, height: u32, level: u32) -> (u32, u32) {
    ((width >> level).max(1), (height >> level).max(1))
}

/// Bytes of an RGBA8 chain.
pub(crate) fn chain_bytes(width: u32, height: u32) -> u64 {
    (0..level_count(width, height))
        .map(|level| {
            let (w, h) = level_size(width, height, level);
            u64::from(w) * u64::from(h) * 4
        })
        .sum()
}

/// Appends all smaller levels to `data`, which holds level 0 as RGBA8. Returns the count.
pub(crate) fn append(
    data: &mut Vec<u8>,
    width: u32,
    height: u32,
    usage: ImageUse,
    alpha: Alpha,
) -> u32 {
    let count = level_count(width, height);
    let total = chain_bytes(width, height) as usize;
    data.reserve_exact(total - data.len());
    // Intermediate levels are kept in 16 bits a channel, so that rounding does not add up.
    let mut current: Vec<[u16; 4]> = Vec::new();
    let mut size = (width as usize, height as usize);
    let coverage = match alpha {
        Alpha::Mask(cutoff) => Some((cutoff, coverage(data, cutoff))),
        Alpha::Opaque | Alpha::Blend => None,
    };
    let is_weighted = usage == ImageUse::Color && alpha != Alpha::Opaque;
    for level in 1..count {
        let (w, h) = level_size(width, height, level);
        let next_size = (w as usize, h as usize);
        let next = if level == 1 {
            let decode = decoder(usage);
            let source: &[[u8; 4]] = bytemuck::cast_slice(data);
            halve(size, next_size, usage, is_weighted, |i| decode(source[i]))
        } else {
            halve(size, next_size, usage, is_weighted, |i| current[i])
        };
        let start = data.len();
        encode(&next, usage, data);
        if let Some((cutoff, wanted)) = coverage {
            keep_coverage(&mut data[start..], cutoff, wanted);
        }
        current = next;
        size = next_size;
    }
    count
}

/// The same for one channel of data.
pub(crate) fn append_red(data: &mut Vec<u8>, width: u32, height: u32) -> u32 {
    let count = level_count(width, height);
    data.reserve_exact((chain_bytes(width, height) / 4) as usize - data.len());
    let mut current: Vec<u16> = Vec::new();
    let mut size = (width as usize, height as usize);
    for level in 1..count {
        let (w, h) = level_size(width, height, level);
        let next_size = (w as usize, h as usize);
        let next = if level == 1 {
            let source = data.as_slice();
            halve_red(size, next_size, |i| u16::from(source[i]) * 257)
        } else {
            halve_red(size, next_size, |i| current[i])
        };
        data.extend(next.iter().map(|&v| eight_bits(v)));
        current = next;
        size = next_size;
    }
    count
}

fn halve_red(
    from: (usize, usize),
    to: (usize, usize),
    at: impl Fn(usize) -> u16 + Sync,
) -> Vec<u16> {
    let is_even = from.0 == 2 * to.0 && from.1 == 2 * to.1;
    let mut out = vec![0; to.0 * to.1];
    let rows_a_task = (1_usize << 16).div_ceil(to.0).max(1);
    out.par_chunks_mut(to.0 * rows_a_task)
        .enumerate()
        .for_each(|(task, rows)| {
            for (row, out) in rows.chunks_mut(to.0).enumerate() {
                let y = task * rows_a_task + row;
                if is_even {
                    let (top, bottom) = (2 * y * from.0, (2 * y + 1) * from.0);
                    for (x, out) in out.iter_mut().enumerate() {
                        let four = [top, top + 1, bottom, bottom + 1].map(|i| at(i + 2 * x));
                        let sum: u32 = four.into_iter().map(u32::from).sum();
                        *out = ((sum + 2) / 4) as u16;
                    }
                    continue;
                }
                let (ys, y_weights) = taps(y, from.1, to.1);
                for (x, out) in out.iter_mut().enumerate() {
                    let (xs, x_weights) = taps(x, from.0, to.0);
                    let mut sum = 0.0;
                    for (y, wy) in ys.into_iter().zip(y_weights) {
                        for (x, wx) in xs.into_iter().zip(x_weights) {
                            if wx * wy > 0.0 {
                                sum += f32::from(at(y * from.0 + x)) * (wx * wy);
                            }
                        }
                    }
                    *out = sum.clamp(0.0, 65535.0).round() as u16;
                }
            }
        });
    out
}

/// Of 16 bits.
fn eight_bits(v: u16) -> u8 {
    ((u32::from(v) * 255 + 32767) / 65535) as u8
}

/// An 8-bit texel in the 16-bit space in which it is averaged.
fn decoder(usage: ImageUse) -> impl Fn([u8; 4]) -> [u16; 4] + Sync {
    let table: [u16; 256] = match usage {
        ImageUse::Color => *LINEAR_FROM_SRGB,
        ImageUse::Data | ImageUse::Normal => std::array::from_fn(|code| code as u16 * 257),
    };
    move |t| {
        [
            table[usize::from(t[0])],
            table[usize::from(t[1])],
            table[usize::from(t[2])],
            u16::from(t[3]) * 257,
        ]
    }
}

/// Positions and weights of up to three source texels along one axis.
fn taps(i: usize, from: usize, to: usize) -> ([usize; 3], [f32; 3]) {
    if from == to {
        return ([i, i, i], [1.0, 0.0, 0.0]);
    }
    if from == 2 * to {
        return ([2 * i, 2 * i + 1, 2 * i], [0.5, 0.5, 0.0]);
    }
    // from = 2 to + 1
    let n = from as f32;
    let (low, high) = ((to - i) as f32 / n, (i + 1) as f32 / n);
    (
        [2 * i, 2 * i + 1, (2 * i + 2).min(from - 1)],
        [low, to as f32 / n, high],
    )
}

fn halve(
    from: (usize, usize),
    to: (usize, usize),
    usage: ImageUse,
    is_weighted: bool,
    at: impl Fn(usize) -> [u16; 4] + Sync,
) -> Vec<[u16; 4]> {
    let is_even = from.0 == 2 * to.0 && from.1 == 2 * to.1;
    let mut out = vec![[0; 4]; to.0 * to.1];
    let rows_a_task = (1_usize << 14).div_ceil(to.0).max(1);
    out.par_chunks_mut(to.0 * rows_a_task)
        .enumerate()
        .for_each(|(task, rows)| {
            for (row, out) in rows.chunks_mut(to.0).enumerate() {
                let y = task * rows_a_task + row;
                if is_even && !is_weighted {
                    let (top, bottom) = (2 * y * from.0, (2 * y + 1) * from.0);
                    for (x, out) in out.iter_mut().enumerate() {
                        let four = [
                            top + 2 * x,
                            top + 2 * x + 1,
                            bottom + 2 * x,
                            bottom + 2 * x + 1,
                        ];
                        *out = mean_of_four(four.map(&at), usage);
                    }
                } else {
                    let (ys, y_weights) = taps(y, from.1, to.1);
                    for (x, out) in out.iter_mut().enumerate() {
                        let (xs, x_weights) = taps(x, from.0, to.0);
                        let mut sum = Sum::new(usage, is_weighted);
                        for (y, wy) in ys.into_iter().zip(y_weights) {
                            for (x, wx) in xs.into_iter().zip(x_weights) {
                                if wx * wy > 0.0 {
                                    sum.add(at(y * from.0 + x), wx * wy);
                                }
                            }
                        }
                        *out = sum.texel();
                    }
                }
            }
        });
    out
}

#[inline]
fn mean_of_four(four: [[u16; 4]; 4], usage: ImageUse) -> [u16; 4] {
    let sum = |c: usize| four.iter().map(|t| u32::from(t[c])).sum::<u32>();
    let mean = |c: usize| ((sum(c) + 2) / 4) as u16;
    if usage == ImageUse::Normal {
        let [x, y, z] = [0, 1, 2].map(|c| sum(c) as f32 - 4.0 * 32767.5);
        let [r, g, b] = unit_normal([x, y, z]);
        return [r, g, b, mean(3)];
    }
    [0, 1, 2, 3].map(mean)
}

/// A direction as unit normal in 16 bits a channel; straight up where there is none.
#[inline]
fn unit_normal([x, y, z]: [f32; 3]) -> [u16; 3] {
    let square = x * x + y * y + z * z;
    if square < 1.0 {
        return [32768, 32768, 65535];
    }
    let scale = 32767.5 / square.sqrt();
    // At most 65535 after adding the half; the cast rounds down.
    [x, y, z].map(|v| (v * scale + 32768.0).min(65535.0) as u16)
}

/// A weighted mean of texels.
struct Sum {
    usage: ImageUse,
    is_weighted: bool,
    color: [f32; 3],
    /// For a picture without any opaque texel.
    plain: [f32; 3],
    alpha: f32,
}

impl Sum {
    fn new(usage: ImageUse, is_weighted: bool) -> Self {
        Self {
            usage,
            is_weighted,
            color: [0.0; 3],
            plain: [0.0; 3],
            alpha: 0.0,
        }
    }

    #[inline]
    fn add(&mut self, t: [u16; 4], weight: f32) {
        let alpha = f32::from(t[3]);
        for (c, &value) in t[..3].iter().enumerate() {
            let value = f32::from(value);
            self.plain[c] += value * weight;
            self.color[c] += match self.usage {
                ImageUse::Normal => (value - 32767.5) * weight,
                // Transparent texels do not bleed their colour into the edge.
                _ if self.is_weighted => value * alpha * weight,
                _ => 0.0,
            };
        }
        self.alpha += alpha * weight;
    }

    #[inline]
    fn texel(&self) -> [u16; 4] {
        let code = |v: f32| v.clamp(0.0, 65535.0).round() as u16;
        let [r, g, b] = match self.usage {
            ImageUse::Normal => unit_normal(self.color),
            _ if self.is_weighted && self.alpha > 0.0 => self.color.map(|v| code(v / self.alpha)),
            _ => self.plain.map(code),
        };
        [r, g, b, code(self.alpha)]
    }
}

/// Appends a level as 8-bit texels.
fn encode(level: &[[u16; 4]], usage: ImageUse, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + level.len() * 4, 0);
    let linear = eight_bits;
    let srgb = &**SRGB_FROM_LINEAR;
    let color = |v: u16| srgb[usize::from((v.saturating_add(2)) >> 2)];
    out[start..]
        .par_chunks_mut(4 << 14)
        .zip(level.par_chunks(1 << 14))
        .for_each(|(out, level)| {
            for (out, t) in out.chunks_exact_mut(4).zip(level) {
                let &[r, g, b, a] = t;
                let rgb = match usage {
                    ImageUse::Color => [r, g, b].map(color),
                    ImageUse::Data | ImageUse::Normal => [r, g, b].map(linear),
                };
                out[..3].copy_from_slice(&rgb);
                out[3] = linear(a);
            }
        });
}

fn threshold(cutoff: f32) -> u8 {
    (cutoff * 255.0).ceil().clamp(1.0, 255.0) as u8
}

/// The share of texels that pass the cut.
fn coverage(texels: &[u8], cutoff: f32) -> f64 {
    let cut = threshold(cutoff);
    let passing = texels.chunks_exact(4).filter(|t| t[3] >= cut).count();
    passing as f64 / (texels.len() / 4).max(1) as f64
}

/// Scales alpha so that the same share of texels passes the cut as in level 0: foliage and
/// lattices would thin out with distance otherwise (Castaño 2010).
fn keep_coverage(level: &mut [u8], cutoff: f32, wanted: f64) {
    let mut histogram = [0_usize; 256];
    for t in level.chunks_exact(4) {
        histogram[usize::from(t[3])] += 1;
    }
    let wanted = (wanted * (level.len() / 4) as f64).round() as usize;
    if wanted == 0 {
        return;
    }
    let mut passing = 0;
    let mut at = 255_usize;
    loop {
        passing += histogram[at];
        if passing >= wanted || at == 1 {
            break;
        }
        at -= 1;
    }
    let scale = f32::from(threshold(cutoff)) / at as f32;
    for t in level.chunks_exact_mut(4) {
        t[3] = (f32::from(t[3]) * scale).round().min(255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(texels: &[[u8; 4]], width: u32, usage: ImageUse, alpha: Alpha) -> Vec<[u8; 4]> {
        let mut data: Vec<u8> = texels.as_flattened().to_vec();
        let height = texels.len() as u32 / width;
        let count = append(&mut data, width, height, usage, alpha);
        assert_eq!(
            data.len() as u64,
            chain_bytes(width, height),
            "a chain of {count} levels has the size that its levels add up to"
        );
        bytemuck::cast_slice(&data).to_vec()
    }

    #[test]
    fn black_and_white_average_in_linear_light() {
        let (b, w) = ([0, 0, 0, 255], [255; 4]);
        let color = chain(&[b, w, w, b], 2, ImageUse::Color, Alpha::Opaque);
        assert_eq!(color[4][0], 188, "half the light is sRGB 188, not 128");
        let data = chain(&[b, w, w, b], 2, ImageUse::Data, Alpha::Opaque);
        assert_eq!(data[4][0], 128, "data is averaged as it is");
    }

    #[test]
    fn every_grey_survives_its_own_mips() {
        for code in 0..=255_u8 {
            let grey = [code, code, code, 255];
            for usage in [ImageUse::Color, ImageUse::Data] {
                let levels = chain(&[grey; 12], 4, usage, Alpha::Opaque);
                assert!(
                    levels.iter().all(|t| *t == grey),
                    "grey {code} should stay {code} as {usage:?}: {levels:?}"
                );
            }
        }
    }

    #[test]
    fn odd_sizes_weigh_all_texels_alike() {
        let texels: Vec<[u8; 4]> = [0, 0, 150, 0, 0].map(|v| [v, v, v, 255]).to_vec();
        let levels = chain(&texels, 5, ImageUse::Data, Alpha::Opaque);
        assert_eq!(levels.len(), 5 + 2 + 1, "5x1 shrinks to 2x1 and 1x1");
        assert_eq!(
            levels[7][0], 30,
            "a fifth of 150 is left of one texel in five"
        );
    }

    #[test]
    fn one_channel_alone_has_the_mips_it_has_among_four() {
        for (width, height) in [(8, 8), (7, 5), (1, 9), (64, 2)] {
            let red: Vec<u8> = (0..width * height).map(|i| (i * 37 % 251) as u8).collect();
            let texels: Vec<[u8; 4]> = red.iter().map(|&v| [v, 9, 200, 255]).collect();
            let among_four = chain(&texels, width, ImageUse::Data, Alpha::Opaque);
            let mut alone = red;
            append_red(&mut alone, width, height);
            let expected: Vec<u8> = among_four.iter().map(|texel| texel[0]).collect();
            assert_eq!(alone, expected, "the levels of {width} x {height}");
        }
    }

    #[test]
    fn normals_stay_of_unit_length() {
        let tilted = |x: f32| {
            let z = (1.0 - x * x).sqrt();
            [x, 0.0, z].map(|v| (v * 127.5 + 127.5).round() as u8)
        };
        let texels: Vec<[u8; 4]> = [0.6, -0.6, 0.6, -0.6]
            .map(|x| {
                let [r, g, b] = tilted(x);
                [r, g, b, 255]
            })
            .to_vec();
        let levels = chain(&texels, 2, ImageUse::Normal, Alpha::Opaque);
        assert!(
            levels[4][2] >= 254 && levels[4][0].abs_diff(128) <= 1,
            "slopes to both sides average to straight up: {:?}",
            levels[4]
        );
    }

    #[test]
    fn transparent_texels_do_not_darken_the_edge() {
        let (leaf, nothing) = ([40, 200, 40, 255], [0, 0, 0, 0]);
        let levels = chain(
            &[leaf, nothing, nothing, leaf],
            2,
            ImageUse::Color,
            Alpha::Blend,
        );
        assert_eq!(
            levels[4][..3],
            leaf[..3],
            "the edge keeps the leaf's colour"
        );
        assert_eq!(levels[4][3], 128, "half is covered");
    }

    #[test]
    fn cut_out_coverage_is_kept() {
        // A lattice of thin bars: a quarter of the texels.
        let texels: Vec<[u8; 4]> = (0..64 * 64)
            .map(|i| [90, 90, 90, if i % 4 == 0 { 255 } else { 0 }])
            .collect();
        let levels = chain(&texels, 64, ImageUse::Color, Alpha::Mask(0.5));
        let level_2 = &levels[64 * 64 + 32 * 32..][..16 * 16];
        let passing = level_2.iter().filter(|t| t[3] >= 128).count();
        assert!(
            passing >= 16 * 16 / 4,
            "the lattice does not vanish with distance: {passing} of 256 texels are left"
        );
    }
}
