//! Directions to filters: the built-in head, a measured one, or loudspeakers. All are filters
//! for the same convolution, so that the mix does not know which it has.

use std::collections::HashMap;

use bevy::math::{Vec3, ops};
use sofar::{
    filter::Filter,
    reader::{OpenOptions, Sofar},
    render::{
        FadeCurve, FilterPublisher, FilterTransform, FilterTransition, PreparedFilter,
        RealtimeRenderer, Renderer, RendererPlan,
    },
};

use super::{BLOCK_FRAMES, SoundError, order::Output, sphere};

/// How long one filter fades into the next, frames.
const FADE_FRAMES: usize = 3 * BLOCK_FRAMES;
/// Filters kept ready; beyond it all are forgotten and made anew.
const CACHE_LIMIT: usize = 4096;
/// Finest steps of direction, degrees.
const AZIMUTH_STEP: f32 = 1.0;
const ELEVATION_STEP: f32 = 3.0;
const SPREAD_STEPS: f32 = 8.0;

/// A direction and width, rounded to the steps of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bearing {
    azimuth: i16,
    elevation: i16,
    spread: u8,
}

impl Bearing {
    /// Rounds a direction in the head's frame (right +X, up +Y, forward -Z) and a width from 0,
    /// a point, to 1, all around.
    #[must_use]
    pub fn new(direction: Vec3, spread: f32) -> Self {
        let Some(direction) = direction.try_normalize() else {
            return Self {
                azimuth: 0,
                elevation: 0,
                spread: SPREAD_STEPS as u8,
            };
        };
        let elevation = ops::asin(direction.y.clamp(-1.0, 1.0)).to_degrees();
        let azimuth = ops::atan2(direction.x, -direction.z).to_degrees();
        let step = azimuth_step(azimuth);
        Self {
            azimuth: ((azimuth / step).round() * step / AZIMUTH_STEP) as i16,
            elevation: (elevation / ELEVATION_STEP).round() as i16,
            spread: (spread.clamp(0.0, 1.0) * SPREAD_STEPS).round() as u8,
        }
    }

    /// The direction it stands for, in the head's frame.
    #[must_use]
    pub fn direction(self) -> Vec3 {
        let (sin, cos) = ops::sin_cos((f32::from(self.azimuth) * AZIMUTH_STEP).to_radians());
        let (up, level) = ops::sin_cos((f32::from(self.elevation) * ELEVATION_STEP).to_radians());
        Vec3::new(sin * level, up, -cos * level)
    }
}

/// Steps of azimuth, degrees. The ear tells 1° apart in front and less and less to the side,
/// where the time between the ears hardly changes: 1.5° at 30°, 3° at 60°, more than 7° at 75°
/// (A. W. Mills, "On the minimum audible angle", JASA 30, 1958); behind, half as well as in
/// front (Blauert 1997, §2.1).
fn azimuth_step(azimuth: f32) -> f32 {
    match azimuth.abs() {
        front if front <= 30.0 => 1.0,
        side if side > 60.0 && side <= 120.0 => 4.0,
        _ => 2.0,
    }
}

enum Kind {
    Sphere,
    Measured(Box<Sofar>),
    Stereo,
    Mono,
}

/// Where filters come from.
pub struct Head {
    kind: Kind,
    rate_hz: u32,
    plan: RendererPlan,
    transform: FilterTransform,
    max_delay_secs: f32,
    cache: HashMap<Bearing, PreparedFilter>,
}

impl Head {
    /// Opens what the visitor listens through.
    ///
    /// # Errors
    /// If the SOFA file cannot be used.
    pub fn open(ears: &Output, rate_hz: u32) -> Result<Self, SoundError> {
        let (kind, taps, max_delay_secs) = match ears {
            Output::Headphones => (Kind::Sphere, sphere::taps(rate_hz), 0.0),
            Output::Stereo => (Kind::Stereo, BLOCK_FRAMES, 0.0),
            Output::Mono => (Kind::Mono, BLOCK_FRAMES, 0.0),
            Output::Sofa(path) => {
                let sofa = OpenOptions::new()
                    .sample_rate(rate_hz as f32)
                    .open(path)
                    .map_err(|error| SoundError::Head {
                        path: path.clone(),
                        why: error.to_string(),
                    })?;
                let (taps, delay) = (sofa.filter_len(), sofa.max_delay());
                (Kind::Measured(Box::new(sofa)), taps, delay)
            }
        };
        let plan = RendererPlan::builder(taps)
            .with_partition_len(BLOCK_FRAMES)
            .with_sample_rate(rate_hz as f32)
            .build()
            .map_err(SoundError::engine)?;
        Ok(Self {
            kind,
            rate_hz,
            transform: plan.filter_transform(),
            plan,
            max_delay_secs,
            cache: HashMap::new(),
        })
    }

    /// Taps of each ear's filter.
    #[must_use]
    pub fn taps(&self) -> usize {
        self.plan.filter_len()
    }

    /// Frames by which a filter can delay beyond its taps.
    #[must_use]
    pub(crate) fn delay_frames(&self) -> usize {
        (self.max_delay_secs * self.rate_hz as f32).ceil() as usize
    }

    /// Whether both ears get the same.
    #[must_use]
    pub fn is_mono(&self) -> bool {
        matches!(self.kind, Kind::Mono)
    }

    /// The response of both ears to a bearing. A wide sound is a point blended with one that
    /// reaches both ears alike, at the same energy.
    #[must_use]
    pub fn response(&self, bearing: Bearing) -> Filter {
        let mut filter = self.point(bearing.direction());
        let spread = f32::from(bearing.spread) / SPREAD_STEPS;
        if spread > 0.0 {
            let energy = |filter: &Filter| -> f32 {
                filter
                    .left
                    .iter()
                    .chain(&filter.right)
                    .map(|tap| tap * tap)
                    .sum()
            };
            let before = energy(&filter);
            let ahead = self.point(Vec3::NEG_Z);
            for (tap, ahead) in (filter.left.iter_mut().zip(&ahead.left))
                .chain(filter.right.iter_mut().zip(&ahead.right))
            {
                *tap += spread * (ahead - *tap);
            }
            filter.ldelay += spread * (ahead.ldelay - filter.ldelay);
            filter.rdelay += spread * (ahead.rdelay - filter.rdelay);
            let target = before + spread * (energy(&ahead) - before);
            let scale = (target / energy(&filter).max(1e-9)).sqrt();
            for tap in filter.left.iter_mut().chain(filter.right.iter_mut()) {
                *tap *= scale;
            }
        }
        filter
    }

    fn point(&self, direction: Vec3) -> Filter {
        let mut filter = Filter::new(self.taps());
        match &self.kind {
            Kind::Sphere => [filter.left, filter.right] = sphere::response(direction, self.rate_hz),
            Kind::Measured(sofa) => {
                // SOFA's frame: x forward, y left, z up; interpolation wants the measured radius.
                let there = direction * sofa.lookup().radius_max;
                sofa.filter(-there.z, -there.x, there.y, &mut filter);
            }
            Kind::Stereo => {
                // Constant power between loudspeakers at 30°; behind is as in front.
                let side = (2.0 * direction.x).clamp(-1.0, 1.0);
                let angle = (side + 1.0) * std::f32::consts::FRAC_PI_4;
                filter.left[0] = std::f32::consts::SQRT_2 * ops::cos(angle);
                filter.right[0] = std::f32::consts::SQRT_2 * ops::sin(angle);
            }
            Kind::Mono => (filter.left[0], filter.right[0]) = (1.0, 1.0),
        }
        filter
    }

    /// The filter for a bearing, ready for the renderers of this head.
    ///
    /// # Errors
    /// If the convolution refuses it.
    pub fn prepared(&mut self, bearing: Bearing) -> Result<PreparedFilter, SoundError> {
        if let Some(filter) = self.cache.get(&bearing) {
            return Ok(filter.clone());
        }
        let response = self.response(bearing);
        let filter = self
            .transform
            .prepare(&response)
            .map_err(SoundError::engine)?;
        if self.cache.len() >= CACHE_LIMIT {
            self.cache.clear();
        }
        self.cache.insert(bearing, filter.clone());
        Ok(filter)
    }

    /// A renderer that starts with a bearing, and what moves it.
    ///
    /// # Errors
    /// If the convolution refuses.
    pub fn renderer(&mut self, bearing: Bearing) -> Result<(Aim, RealtimeRenderer), SoundError> {
        // sofar's usual curve takes a sine for each frame of each voice, as long as two more
        // convolutions; what differs between the steps of a bearing is too little for a curve.
        let mut builder =
            Renderer::builder(&self.plan).with_filter_transition(FilterTransition::Crossfade {
                duration_samples: FADE_FRAMES,
                curve: FadeCurve::Linear,
            });
        if self.max_delay_secs > 0.0 {
            builder = builder.with_max_delay(self.max_delay_secs);
        }
        let (publisher, renderer) = builder.build().map_err(SoundError::engine)?.into_realtime();
        let mut aim = Aim {
            publisher,
            bearing: None,
        };
        aim.turn(self, bearing)?;
        Ok((aim, renderer))
    }
}

/// The game's end of a renderer: turns it without a lock.
pub struct Aim {
    publisher: FilterPublisher,
    bearing: Option<Bearing>,
}

impl Aim {
    /// Turns the renderer, with a fade, if the bearing is another.
    ///
    /// # Errors
    /// If the convolution refuses the filter.
    pub fn turn(&mut self, head: &mut Head, bearing: Bearing) -> Result<(), SoundError> {
        if self.bearing == Some(bearing) {
            self.publisher.reclaim();
            return Ok(());
        }
        // Whoever has gone needs no filter.
        if self.publisher.is_connected() {
            self.publisher
                .publish(head.prepared(bearing)?)
                .map_err(|refused| SoundError::engine(refused.reason))?;
        }
        self.bearing = Some(bearing);
        Ok(())
    }
}
