//! Keeping the display's rate: frame times to the [`Governor`], its decisions to the eyes.

use super::{eyes::EyeScaleAsked, frames::Frames};
use crate::{render::loading, visit::governor::Governor};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, begin)
        .add_systems(Last, govern.run_if(resource_exists::<Rate>));
}

#[derive(Resource)]
struct Rate {
    governor: Governor,
    /// Rates the display offers were asked for in this session.
    has_asked: bool,
}

/// On a processor every frame is late, and smaller pictures would only look worse.
fn begin(world: &mut World) {
    if !loading::is_cpu(world) {
        world.insert_resource(Rate {
            governor: Governor::new(&[]),
            has_asked: false,
        });
    }
}

fn govern(mut rate: ResMut<Rate>, frames: Res<Frames>, mut scale: ResMut<EyeScaleAsked>) {
    let mut shared = frames.lock();
    let Some(times) = shared.times.take() else {
        rate.has_asked &= shared.link.is_some();
        return;
    };
    if !rate.has_asked {
        rate.has_asked = true;
        let offered = shared
            .link
            .as_ref()
            .map(super::link::Link::refresh_rates_hz)
            .unwrap_or_default();
        rate.governor = Governor::new(&offered);
    }
    let Some(decision) = rate.governor.step(&times) else {
        return;
    };
    info!("{}", decision.reason);
    scale.0 = decision.quality.eye_scale.factor();
    if let (Some(hz), Some(link)) = (decision.quality.refresh_hz, &shared.link) {
        link.ask_refresh_rate(hz);
    }
}
