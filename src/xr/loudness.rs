//! How loud everything is, as the visitor chose it in the menu.

use super::body::Comfort;
use crate::exhibit::settings::{LOUDEST, VisitSettings};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, follow);
}

/// A choice in the menu counts once: other ways to turn it up stay.
fn follow(
    comfort: Res<Comfort>,
    mut settings: ResMut<VisitSettings>,
    mut last: Local<Option<f32>>,
) {
    let volume = comfort.0.sanitized().volume;
    // As everything begins, it is as loud as the exhibit is made.
    let was = last.replace(volume).unwrap_or(1.0);
    if (was - volume).abs() > 1e-3 {
        settings.volume = (volume * f32::from(LOUDEST)).round() as u8;
        settings.is_muted = volume <= 0.0;
    }
}
