//! The monitor beside the headset is black until the exhibit is whole, and opens softly: what
//! is drawn before is an empty sky, as bright as a lamp in a dark room.

use super::Invitation;
use crate::render::warm::WarmUp;
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostStartup, hang)
        .add_systems(Update, draw_aside);
}

/// Time in which it opens, seconds.
const OPENING_SECS: f32 = 1.0;

/// How much of it is still there, 1 to 0.
#[derive(Component, Debug)]
struct Curtain(f32);

fn hang(mut commands: Commands, invitations: Query<Entity, With<Invitation>>) {
    for camera in &invitations {
        commands.spawn((
            Name::new("curtain"),
            Curtain(1.0),
            UiTargetCamera(camera),
            Node {
                width: percent(100),
                height: percent(100),
                position_type: PositionType::Absolute,
                ..default()
            },
            BackgroundColor(Color::BLACK),
        ));
    }
}

fn draw_aside(
    mut commands: Commands,
    warm: Res<WarmUp>,
    time: Res<Time<Real>>,
    mut curtains: Query<(Entity, &mut Curtain, &mut BackgroundColor)>,
) {
    if !warm.is_done() {
        return;
    }
    for (entity, mut curtain, mut color) in &mut curtains {
        curtain.0 -= (time.delta_secs() / OPENING_SECS).min(0.25);
        color.0 = Color::BLACK.with_alpha(curtain.0.clamp(0.0, 1.0));
        if curtain.0 <= 0.0 {
            commands.entity(entity).despawn();
        }
    }
}
