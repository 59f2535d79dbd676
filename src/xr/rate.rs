//! Keeping the display's rate: frame times to the [`Governor`], its decisions to the eyes, the
//! lights and the display. Every decision is logged with its reason.

use super::{eyes::EyeScaleAsked, frames::Frames};
use crate::{
    render::{loading, thrift::LightDetail, warm::WarmUp},
    visit::governor::{FrameTimes, Governor, Quality},
};
use bevy::prelude::*;
use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Govern>()
        .init_resource::<Rate>()
        .add_systems(Startup, begin)
        .add_systems(Last, govern);
}

/// Whether a governor may trade the picture for the rate.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Govern {
    /// Where a graphics card draws: on a processor every frame is late, and smaller pictures
    /// would only look worse.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never: the quality stays what was asked for.
    Off,
}

/// The governor, and what it saw last.
#[derive(Resource)]
pub(super) struct Rate {
    governor: Governor,
    is_on: bool,
    /// Rates the display offers were asked for in this session.
    has_asked: bool,
    /// The last frame.
    pub(super) times: Option<FrameTimes>,
    /// Decisions since the process began.
    pub(super) decisions: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            governor: Governor::new(&[]),
            is_on: false,
            has_asked: false,
            times: None,
            decisions: 0,
        }
    }
}

impl Rate {
    /// What holds now.
    pub(super) fn quality(&self) -> Quality {
        self.governor.quality()
    }
}

/// Where the times of each frame go, for a governor to be tried on: a line is a
/// [`FrameTimes`].
#[derive(Resource)]
pub(super) struct FrameTrace(File);

impl FrameTrace {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self(file))
    }

    fn note(&mut self, times: &FrameTimes) {
        let line = serde_json::to_string(times).unwrap_or_default();
        if writeln!(self.0, "{line}").is_err() {
            debug!("the times of a frame could not be written");
        }
    }
}

fn begin(world: &mut World) {
    let is_on = match *world.resource::<Govern>() {
        Govern::Auto => !loading::is_cpu(world),
        Govern::On => true,
        Govern::Off => false,
    };
    world.resource_mut::<Rate>().is_on = is_on;
}

fn govern(
    mut rate: ResMut<Rate>,
    frames: Res<Frames>,
    warm: Res<WarmUp>,
    trace: Option<ResMut<FrameTrace>>,
    mut scale: ResMut<EyeScaleAsked>,
    mut light: ResMut<LightDetail>,
) {
    let mut shared = frames.lock();
    let Some(times) = shared.times.take() else {
        if shared.facts.is_none() {
            // Another session is another load; what was given up stays so until there is room.
            rate.has_asked = false;
            rate.governor.rest();
        }
        return;
    };
    rate.times = Some(times);
    // While all is drawn for the first time, frames say nothing.
    if !warm.is_done() {
        return;
    }
    if let Some(mut trace) = trace {
        trace.note(&times);
    }
    if !rate.is_on {
        return;
    }
    if !rate.has_asked {
        rate.has_asked = true;
        let facts = shared.facts.as_ref();
        let offered = facts.map_or(&[][..], |facts| &facts.refresh_rates_hz);
        rate.governor.offer_rates(offered);
    }
    let Some(decision) = rate.governor.step(&times) else {
        return;
    };
    info!("{}", decision.reason);
    rate.decisions += 1;
    scale.0 = decision.quality.eye_scale.factor();
    light.set_if_neq(LightDetail {
        shadows: decision.quality.shadows,
        lights: decision.quality.lights,
    });
    if let Some(hz) = decision.quality.refresh_hz {
        shared.ask_refresh_rate(hz);
    }
}
