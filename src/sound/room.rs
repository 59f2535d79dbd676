//! Pure: how a room sounds, from its size and what it is made of.
//!
//! - Reverberation time: C. F. Eyring, "Reverberation time in 'dead' rooms", JASA 1, 1930:
//!   `T = 24 ln 10 / c · V / (-S ln(1 - α) + 4 m V)`, with the air's own absorption `m` at 20 °C
//!   and 50 % humidity after H. Kuttruff, *Room Acoustics*, table 6.1.
//! - Absorption coefficients by octave: F. A. Everest, *The Master Handbook of Acoustics*, 4th
//!   ed. 2001, appendix, and the like tables of V. O. Knudsen and C. M. Harris 1950.
//! - Early reflections: the six first-order image sources of a box (J. B. Allen and
//!   D. A. Berkley, JASA 65, 1979).
//! - Level of the late room: diffuse field theory; of a source whose straight sound has energy
//!   one at 1 m, the room holds `16 π (1 - α) / (S α)` (Kuttruff, eq. 5.44).

use bevy::math::{Vec3, ops};
use bevy_seedling::firewheel::dsp::filter::svf::{SvfCoeff, SvfState};

use super::SPEED_OF_SOUND_M_S;

/// Centres of the octave bands, Hz.
pub const BANDS_HZ: [f32; 6] = [125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0];
/// Energy absorbed by air, 1/m (halved power per band below 500 Hz is of no account).
const AIR: [f32; 6] = [0.0001, 0.0003, 0.00063, 0.00107, 0.00228, 0.00684];
/// Longest reverberation that is rendered, s.
pub const LONGEST_SECS: f32 = 6.0;

pub use crate::scene::schema::WallMaterial as Material;

/// Share of energy absorbed, by octave.
#[must_use]
pub const fn absorption(material: &Material) -> [f32; 6] {
    match material {
        Material::Rock => [0.03, 0.03, 0.03, 0.04, 0.05, 0.07],
        Material::SmoothStone => [0.01, 0.01, 0.01, 0.01, 0.02, 0.02],
        Material::Plaster => [0.02, 0.02, 0.03, 0.04, 0.05, 0.05],
        Material::Earth => [0.15, 0.35, 0.40, 0.50, 0.55, 0.80],
        Material::Water => [0.008, 0.008, 0.013, 0.015, 0.020, 0.025],
        Material::Wood => [0.15, 0.11, 0.10, 0.07, 0.06, 0.07],
        Material::Glass => [0.35, 0.25, 0.18, 0.12, 0.07, 0.04],
        Material::Carpet => [0.02, 0.06, 0.14, 0.37, 0.60, 0.65],
        Material::Curtain => [0.07, 0.31, 0.49, 0.75, 0.70, 0.60],
        Material::Audience => [0.39, 0.57, 0.80, 0.94, 0.92, 0.87],
        Material::Opening => [1.0; 6],
    }
}

/// A room: a box, with the volume and surface of what it really is.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    /// Least corner, m, in the exhibit's frame.
    pub least_m: Vec3,
    /// Greatest corner, m.
    pub greatest_m: Vec3,
    /// What the walls are made of: -X, +X, -Y (the floor), +Y, -Z, +Z.
    pub walls: [Material; 6],
    /// Its volume if it is not that of the box, m³.
    pub volume_m3: Option<f32>,
    /// Its surface if it is not that of the box, m²; rough rock has more than its box.
    pub surface_m2: Option<f32>,
}

/// A reflection as heard: which way it went.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Reflection {
    /// Amplitude, where a sound at the reference distance has 1.
    pub gain: f32,
    /// How much later than the straight sound, s.
    pub detour_secs: f32,
}

impl Room {
    /// A box of one material.
    #[must_use]
    pub fn cuboid(least_m: Vec3, greatest_m: Vec3, material: Material) -> Self {
        Self {
            least_m: least_m.min(greatest_m),
            greatest_m: least_m.max(greatest_m),
            walls: std::array::from_fn(|_| material.clone()),
            volume_m3: None,
            surface_m2: None,
        }
    }

    fn sides_m(&self) -> Vec3 {
        (self.greatest_m - self.least_m).max(Vec3::splat(0.5))
    }

    fn areas_m2(&self) -> [f32; 6] {
        let s = self.sides_m();
        [
            s.y * s.z,
            s.y * s.z,
            s.x * s.z,
            s.x * s.z,
            s.x * s.y,
            s.x * s.y,
        ]
    }

    /// Volume, m³.
    #[must_use]
    pub fn volume(&self) -> f32 {
        self.volume_m3
            .unwrap_or_else(|| self.sides_m().element_product())
            .max(0.1)
    }

    /// Surface, m².
    #[must_use]
    pub fn surface(&self) -> f32 {
        self.surface_m2
            .unwrap_or_else(|| self.areas_m2().iter().sum())
            .max(0.5)
    }

    /// Mean share of energy absorbed, by octave.
    #[must_use]
    pub fn absorption(&self) -> [f32; 6] {
        let areas = self.areas_m2();
        let all: f32 = areas.iter().sum();
        std::array::from_fn(|band| {
            let absorbed: f32 = (areas.iter().zip(&self.walls))
                .map(|(area, material)| area * absorption(material)[band])
                .sum();
            (absorbed / all).clamp(0.001, 0.99)
        })
    }

    /// Time in which a sound falls by 60 dB, by octave, s; after Eyring.
    #[must_use]
    pub fn reverberation_secs(&self) -> [f32; 6] {
        let (volume, surface, absorption) = (self.volume(), self.surface(), self.absorption());
        std::array::from_fn(|band| {
            let lost = -surface * ops::ln(1.0 - absorption[band]) + 4.0 * AIR[band] * volume;
            let factor = 24.0 * std::f32::consts::LN_10 / SPEED_OF_SOUND_M_S;
            (factor * volume / lost).clamp(0.05, LONGEST_SECS)
        })
    }

    /// Energy of the late room, by octave, for a sound whose straight sound has energy one at
    /// 1 m. Never more than that.
    #[must_use]
    pub fn late_energy(&self) -> [f32; 6] {
        let (surface, absorption) = (self.surface(), self.absorption());
        absorption.map(|a| (16.0 * std::f32::consts::PI * (1.0 - a) / (surface * a)).min(1.0))
    }

    /// Amplitude with which a sound is sent to the late room that is heard in full at
    /// `reference_m`. A room of hard rock would hold ten times what reaches the ear straight;
    /// so that a sound is about as loud as its author made it, it never holds more than the
    /// straight sound at that distance.
    #[must_use]
    pub fn late_gain(&self, reference_m: f32) -> f32 {
        let most = self.late_energy().into_iter().fold(0.0, f32::max);
        reference_m.min(1.0 / most.max(1e-6).sqrt())
    }

    /// How far a place is outside the room, m; 0 within.
    #[must_use]
    pub fn distance_m(&self, at_m: Vec3) -> f32 {
        let (low, high) = (self.least_m, self.least_m + self.sides_m());
        at_m.distance(at_m.clamp(low, high))
    }

    /// Mean time between two reflections, s: when the late room begins.
    #[must_use]
    pub fn mean_free_secs(&self) -> f32 {
        4.0 * self.volume() / (self.surface() * SPEED_OF_SOUND_M_S)
    }

    /// The reflections of a sound from the six walls, as a listener hears them. Who is outside
    /// is taken to be at the wall.
    #[must_use]
    pub fn reflections(
        &self,
        source_m: Vec3,
        listener_m: Vec3,
        reference_m: f32,
    ) -> [Reflection; 6] {
        let (low, high) = (self.least_m, self.least_m + self.sides_m());
        let (source, listener) = (source_m.clamp(low, high), listener_m.clamp(low, high));
        let straight_m = source.distance(listener);
        std::array::from_fn(|wall| {
            let mut image = source;
            let axis = wall / 2;
            let plane = if wall % 2 == 0 { low[axis] } else { high[axis] };
            image[axis] = 2.0 * plane - source[axis];
            let way_m = image.distance(listener);
            // The loudest octaves of speech decide.
            let absorption = absorption(&self.walls[wall]);
            let kept = (1.0 - 0.5 * (absorption[2] + absorption[3])).max(0.0);
            Reflection {
                gain: kept.sqrt() * reference_m / way_m.max(reference_m),
                detour_secs: (way_m - straight_m).max(0.0) / SPEED_OF_SOUND_M_S,
            }
        })
    }

    /// A pair of late decays, different for each ear and always the same for the same room.
    /// They begin `lead_secs` early, for what comes late anyway.
    #[must_use]
    pub fn decay(&self, rate_hz: u32, lead_secs: f32) -> [Vec<f32>; 2] {
        let rate = rate_hz as f32;
        let times = self.reverberation_secs();
        let longest = times.iter().copied().fold(0.0, f32::max);
        let frames = (1.1 * longest * rate).max(256.0) as usize;
        let start = ((self.mean_free_secs() - lead_secs).max(0.0) * rate) as usize;
        let energies = self.late_energy();
        [0x9E37_79B9u32, 0x85EB_CA6B].map(|seed| {
            let mut sum = vec![0.0f32; start + frames];
            for (band, &centre_hz) in BANDS_HZ.iter().enumerate() {
                let fall = (-3.0 * std::f64::consts::LN_10 / f64::from(times[band] * rate)).exp();
                let mut level = 1.0f64;
                let mut noise = EvenNoise::new(
                    Noise(seed ^ (band as u32 + 1).wrapping_mul(0x27D4_EB2F)),
                    OctaveFilter::new(band, centre_hz, rate),
                    centre_hz / rate,
                );
                let band_noise: Vec<f32> = (0..frames)
                    .map(|_| {
                        level *= fall;
                        noise.next() * level as f32
                    })
                    .collect();
                let energy: f32 = band_noise.iter().map(|value| value * value).sum();
                // White noise has its energy by bandwidth: each octave twice the one below; so
                // that a room of even decay is heard as white, each band gets that share.
                let share = ops::powf(2.0, band as f32) / 63.0;
                let scale = (energies[band] * share / energy.max(1e-12)).sqrt();
                for (sum, value) in sum[start..].iter_mut().zip(band_noise) {
                    *sum += scale * value;
                }
            }
            sum
        })
    }
}

/// Even noise from -1 to 1, the same for the same seed (Marsaglia's xorshift, 2003).
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / 8_388_608.0 - 1.0
    }
}

/// An octave of noise whose level does not waver over more than a few of its periods: a single
/// short decay of plain noise strays from its slope by tenths.
struct EvenNoise {
    noise: Noise,
    filter: OctaveFilter,
    power: f32,
    share: f32,
}

impl EvenNoise {
    /// `cycles` are the periods of its centre in a frame.
    fn new(noise: Noise, filter: OctaveFilter, cycles: f32) -> Self {
        let share = 1.0 - ops::exp(-cycles / 8.0);
        let mut even = Self {
            noise,
            filter,
            power: 1e-3,
            share,
        };
        // Both the filter and the level settle within some tens of periods.
        let mut settling = 64.0 / cycles;
        while settling > 0.0 {
            even.next();
            settling -= 1.0;
        }
        even
    }

    fn next(&mut self) -> f32 {
        let value = self.filter.next(self.noise.next());
        self.power += (value * value - self.power) * self.share;
        value / self.power.max(1e-12).sqrt()
    }
}

/// An octave; the lowest and the highest are open at their ends.
pub(super) struct OctaveFilter {
    sections: [(SvfCoeff, SvfState); 8],
}

impl OctaveFilter {
    pub(super) fn new(band: usize, centre_hz: f32, rate: f32) -> Self {
        let recip = rate.recip();
        let q = std::f32::consts::FRAC_1_SQRT_2;
        let low = if band > 0 {
            SvfCoeff::highpass_ord8(centre_hz * q, q, recip)
        } else {
            [SvfCoeff::NO_OP; 4]
        };
        let high = if band + 1 < BANDS_HZ.len() {
            SvfCoeff::lowpass_ord8(centre_hz / q, q, recip)
        } else {
            [SvfCoeff::NO_OP; 4]
        };
        let all = |index: usize| {
            if index < 4 {
                low[index]
            } else {
                high[index - 4]
            }
        };
        Self {
            sections: std::array::from_fn(|index| (all(index), SvfState::default())),
        }
    }

    pub(super) fn next(&mut self, value: f32) -> f32 {
        self.sections
            .iter_mut()
            .fold(value, |value, (coefficient, state)| {
                state.process(value, coefficient)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eyring_by_hand() {
        // 10 x 8 x 5 m of plaster at 1 kHz: V 400, S 340, α 0.04:
        // 0.1610 * 400 / (340 * 0.04082 + 4 * 0.00107 * 400) = 4.13 s.
        let room = Room::cuboid(Vec3::ZERO, Vec3::new(10.0, 5.0, 8.0), Material::Plaster);
        let time = room.reverberation_secs()[3];
        assert!((time - 4.13).abs() < 0.05, "{time} s");
        let open = Room {
            walls: [const { Material::Opening }; 6],
            ..room
        };
        assert!(
            open.reverberation_secs()[3] < 0.1,
            "the open air does not ring"
        );
    }

    #[test]
    fn a_room_holds_no_more_than_the_straight_sound() {
        let of = |material| Room::cuboid(Vec3::ZERO, Vec3::new(7.0, 5.0, 6.0), material);
        let held = |room: &Room, reference_m: f32| {
            let gain = room.late_gain(reference_m);
            let most = room.late_energy().into_iter().fold(0.0, f32::max);
            gain * gain * most
        };
        let (rock, soft) = (of(Material::Rock), of(Material::Curtain));
        for reference_m in [0.5, 1.0, 2.0, 8.0] {
            let rock = held(&rock, reference_m);
            assert!(
                rock <= 1.001,
                "{rock} of what is heard straight, at {reference_m} m"
            );
        }
        let soft = held(&soft, 1.0) / held(&soft, 0.5);
        assert!(
            (soft - 4.0).abs() < 0.01,
            "below that it follows the distance"
        );
        assert_eq!(rock.distance_m(Vec3::new(3.0, 1.0, 2.0)), 0.0, "within");
        assert_eq!(rock.distance_m(Vec3::new(3.0, 1.0, 10.0)), 4.0, "without");
    }

    #[test]
    fn the_floor_reflects_when_the_way_says() {
        let room = Room::cuboid(Vec3::ZERO, Vec3::new(10.0, 5.0, 8.0), Material::SmoothStone);
        let at = |x| Vec3::new(x, 1.5, 4.0);
        let floor = room.reflections(at(3.0), at(7.0), 1.0)[2];
        let way_m = (4.0f32 * 4.0 + 3.0 * 3.0).sqrt();
        assert!((floor.detour_secs - (way_m - 4.0) / SPEED_OF_SOUND_M_S).abs() < 1e-6);
        assert!((floor.gain - 0.99f32.sqrt() / way_m).abs() < 1e-4);
        let outside = room.reflections(at(-50.0), at(70.0), 1.0);
        assert!(
            outside
                .iter()
                .all(|wall| wall.gain.is_finite() && wall.detour_secs >= 0.0)
        );
    }
}
