//! How loud everything is and what captions stand on, as the visitor chose it in the menu.

use super::body::Comfort;
use crate::{
    exhibit::settings::{LOUDEST, VisitSettings},
    visit::comfort::ComfortSettings,
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, follow);
}

/// A choice in the menu counts once: other ways to change the same stay.
fn follow(
    comfort: Res<Comfort>,
    mut settings: ResMut<VisitSettings>,
    mut last: Local<ComfortSettings>,
) {
    let chosen = comfort.0.sanitized();
    // As everything begins, both are as the exhibit is made.
    let was = std::mem::replace(&mut *last, chosen);
    if (was.volume - chosen.volume).abs() > 1e-3 {
        settings.volume = (chosen.volume * f32::from(LOUDEST)).round() as u8;
        settings.is_muted = chosen.volume <= 0.0;
    }
    if was.caption_ground != chosen.caption_ground {
        settings.caption_ground = chosen.caption_ground;
    }
}
