//! sRGB to linear light and back, bit-exact everywhere.

use std::sync::OnceLock;

/// `x` to the power 2.4, by Newton's method on the fifth root; only `+ - * /`.
fn power_2_4(x: f64) -> f64 {
    let target = x * x;
    let mut root = 1.0_f64;
    for _ in 0..80 {
        let r4 = root * root * root * root;
        root = (4.0 * root + target / r4) / 5.0;
    }
    target * root
}

fn to_linear_f64(x: f64) -> f64 {
    if x <= 0.04045 {
        x / 12.92
    } else {
        power_2_4((x + 0.055) / 1.055)
    }
}

/// One channel of an sRGB colour, 0..1, as linear light.
pub(crate) fn linear(x: f32) -> f32 {
    to_linear_f64(f64::from(x)) as f32
}

/// Linear light of an sRGB colour.
pub(crate) fn linear3(c: [f32; 3]) -> [f32; 3] {
    c.map(linear)
}

/// Linear light, 0..1, as an sRGB byte, with a fraction of -0.5..0.5 of a step added against
/// banding.
pub(crate) fn encode(x: f32, dither: f32) -> u8 {
    static TABLE: OnceLock<Vec<f32>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        // Square roots spread the table's entries where the eye sees steps.
        let thresholds: Vec<f64> = (0..256)
            .map(|i| to_linear_f64(f64::from(i) / 255.0))
            .collect();
        (0..4096)
            .map(|i| {
                let q = f64::from(i) / 4095.0;
                let x = q * q;
                let above = thresholds.partition_point(|t| *t <= x).clamp(1, 255);
                let (a, b) = (thresholds[above - 1], thresholds[above]);
                ((above - 1) as f64 + (x - a) / (b - a)) as f32
            })
            .collect()
    });
    let i = x.clamp(0.0, 1.0).sqrt() * 4095.0;
    let v = table[(i + 0.5) as usize];
    (v + 0.5 + dither).clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_survives_the_way_there_and_back() {
        for i in 0..=255_u8 {
            let there = linear(f32::from(i) / 255.0);
            assert_eq!(encode(there, 0.0), i, "byte {i} came back changed");
        }
    }
}
