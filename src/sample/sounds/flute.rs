//! An end-blown flute: harmonics that grow with the breath, the breath itself, a vibrato that
//! comes with patience, and no break between the notes of one breath.

use super::{RATE, count};
use crate::sample::noise::{sin_cos_turns, unit, value2};
use bevy::math::Vec2;

/// A note within a melody.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Note {
    /// When it begins, seconds.
    pub(crate) at_secs: f32,
    /// How long it is held, seconds.
    pub(crate) secs: f32,
    /// Its pitch.
    pub(crate) pitch_hz: f32,
    /// How strongly it is blown, 0..1.
    pub(crate) force: f32,
}

/// Strength of the harmonics at full breath, and how much of that hangs on the breath.
const HARMONICS: [(f32, f32); 7] = [
    (1.0, 0.0),
    (0.36, 0.5),
    (0.24, 0.7),
    (0.085, 0.8),
    (0.06, 0.9),
    (0.024, 1.0),
    (0.012, 1.0),
];

/// Plays notes in order of time; the flute is silent where there are none.
pub(crate) fn play(notes: &[Note], seconds: f32, seed: u32) -> Vec<f32> {
    let mut player = Player::new(seed);
    let mut index = 0;
    (0..count(seconds))
        .map(|i| {
            let now = i as f32 / RATE as f32;
            while notes.get(index + 1).is_some_and(|next| next.at_secs <= now) {
                index += 1;
            }
            let note = notes.get(index).filter(|note| {
                // A breath that goes on into the next note does not end before it.
                let next = notes.get(index + 1).map_or(f32::MAX, |next| next.at_secs);
                let end = note.at_secs + note.secs;
                let end = if next - end < 0.04 { next } else { end };
                (note.at_secs..end).contains(&now)
            });
            player.sample(i as i32, now, note)
        })
        .collect()
}

struct Player {
    seed: u32,
    phase: f32,
    pitch_hz: f32,
    breath: f32,
    sway: f32,
    /// A band-pass round the pitch for the noise of the breath.
    low: f32,
    band: f32,
    air: f32,
    began_secs: f32,
}

impl Player {
    fn new(seed: u32) -> Self {
        Self {
            seed,
            phase: 0.0,
            pitch_hz: 0.0,
            breath: 0.0,
            sway: 0.0,
            low: 0.0,
            band: 0.0,
            air: 0.0,
            began_secs: -1.0,
        }
    }

    fn sample(&mut self, i: i32, now: f32, note: Option<&Note>) -> f32 {
        let rate = RATE as f32;
        let held = now - self.began_secs;
        if let Some(note) = note {
            if note.at_secs > self.began_secs {
                self.began_secs = note.at_secs;
                if self.breath < 0.02 {
                    // From below, as flutes speak.
                    self.pitch_hz = note.pitch_hz * 0.985;
                }
            }
            self.pitch_hz += (note.pitch_hz - self.pitch_hz) / (0.018 * rate);
        }
        // Swells after the attack and ebbs towards the end.
        let wanted = note.map_or(0.0, |note| {
            let left = note.at_secs + note.secs - now;
            let swell = 0.8 + 0.2 * (held / 0.7).clamp(0.0, 1.0);
            let ebb = 0.72 + 0.28 * (left / 0.6).clamp(0.0, 1.0);
            note.force * swell * ebb
        });
        let slowness = if wanted > self.breath { 0.06 } else { 0.09 };
        self.breath += (wanted - self.breath) / (slowness * rate);
        if self.breath < 1e-4 {
            return 0.0;
        }
        // Vibrato comes after half a second; 10 cents wide, five a second, never even.
        let depth = ((held - 0.45) / 0.9).clamp(0.0, 1.0);
        let wander = value2(Vec2::new(now * 1.3, 0.5), self.seed);
        self.sway += (4.7 + 0.5 * wander) / rate;
        self.sway -= self.sway.floor();
        let sway = sin_cos_turns(self.sway).0 * depth;
        let drift = value2(Vec2::new(now * 3.1, 2.5), self.seed) * 0.0012;
        let pitch_hz = self.pitch_hz * (1.0 + 0.0055 * sway + drift);
        self.phase += pitch_hz / rate;
        self.phase -= self.phase.floor();
        let breath = self.breath * (1.0 + 0.09 * sway);

        let mut tone = 0.0;
        let mut harmonic = 0.0;
        for (strength, hanging) in HARMONICS {
            harmonic += 1.0;
            let grown = 1.0 - hanging + hanging * breath;
            tone += strength * grown * sin_cos_turns(self.phase * harmonic).0;
        }
        let white = unit(i, 3, 0, self.seed) * 2.0 - 1.0;
        // A state-variable filter at the pitch.
        let tune = 2.0 * sin_cos_turns(pitch_hz / rate * 0.5).0;
        self.low += tune * self.band;
        let high = white - self.low - 0.16 * self.band;
        self.band += tune * high;
        self.air += (white - self.air) * 0.22;
        let chiff = 1.0 + 2.2 * (1.0 - held / 0.12).clamp(0.0, 1.0);
        let noise = (self.band * 0.045 + (self.air - self.low * 0.02) * 0.02) * chiff;
        breath * (tone * 0.5 + noise)
    }
}
