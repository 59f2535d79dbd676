//! How loud the visitor wants it.

use bevy::prelude::*;

use super::SoundSettings;
use crate::exhibit::settings::VisitSettings;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, follow);
}

/// The visitor's volume becomes the master's.
fn follow(chosen: Option<Res<VisitSettings>>, mut settings: ResMut<SoundSettings>) {
    let Some(chosen) = chosen.filter(|chosen| chosen.is_changed()) else {
        return;
    };
    let gain_db = chosen.gain_db();
    if settings.master_db != gain_db {
        settings.master_db = gain_db;
    }
}
