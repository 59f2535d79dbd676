//! While the exhibit is read for the first time nothing of it is drawn, behind a loading screen
//! or a headset's black: a frame of three million triangles whose textures are still on their way
//! held Mesa's llvmpipe up for minutes, and on every machine it takes from the reading.

use super::{
    loading::{Loading, LoadingSystems},
    warm::WarmUp,
};
use bevy::{camera::visibility::RenderLayers, prelude::*};

/// For the cameras that wear `E`, and no layers of their own.
pub(crate) fn plugin<E: Component>(app: &mut App) {
    app.add_systems(
        PreUpdate,
        draw_when_read::<E>.after(LoadingSystems::HandOver),
    );
}

fn draw_when_read<E: Component>(
    mut commands: Commands,
    loading: Res<Loading>,
    warm: Res<WarmUp>,
    eyes: Query<(Entity, Has<RenderLayers>), With<E>>,
) {
    if warm.is_done() {
        return;
    }
    for (eye, is_dark) in &eyes {
        match (loading.is_done(), is_dark) {
            (false, false) => drop(commands.entity(eye).insert(RenderLayers::none())),
            (true, true) => drop(commands.entity(eye).remove::<RenderLayers>()),
            _ => {}
        }
    }
}
