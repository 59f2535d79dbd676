//! What is read anew takes the place of what is shown when all of it is on the GPU, in one frame:
//! nobody sees a model half there, or black where its texture is still on the way.

use super::{Loading, PlacedMesh};
use crate::render::sky;
use bevy::prelude::*;

/// Shown until what takes its place is whole.
#[derive(Component, Debug)]
pub(in crate::render) struct Leaving;

/// Holds what waits, unseen.
#[derive(Component, Debug)]
#[require(Transform, Visibility::Hidden)]
pub(super) struct Wings;

/// Frames for meshes and materials to reach the GPU after the last texture.
const SETTLING_FRAMES: u32 = 2;

/// Sends off what is shown of a mesh; returns where its successor waits, if it must.
pub(super) fn replace(
    commands: &mut Commands,
    index: usize,
    shown: &Query<(Entity, &PlacedMesh)>,
    leaving: &Query<(), With<Leaving>>,
    wings: &Query<Entity, With<Wings>>,
) -> Option<Entity> {
    let mut is_replacing = !leaving.is_empty();
    for (old, _) in shown.iter().filter(|(_, placed)| placed.index == index) {
        commands.entity(old).remove::<PlacedMesh>().insert(Leaving);
        is_replacing = true;
    }
    let spawn = || commands.spawn(Wings).id();
    is_replacing.then(|| wings.iter().next().unwrap_or_else(spawn))
}

pub(super) fn change_over(
    mut commands: Commands,
    mut loading: ResMut<Loading>,
    leaving: Query<Entity, With<Leaving>>,
    wings: Query<(Entity, Option<&Children>), With<Wings>>,
    mut frames: Local<u32>,
) {
    if !loading.is_handed_over() {
        *frames = 0;
        return;
    }
    if let Some(image) = loading.bypass_change_detection().sky.take() {
        commands.queue(move |world: &mut World| sky::hang_panorama(world, image));
    }
    if leaving.is_empty() && wings.is_empty() {
        return;
    }
    *frames += 1;
    if *frames < SETTLING_FRAMES {
        return;
    }
    for old in &leaving {
        commands.entity(old).despawn();
    }
    for (wings, waiting) in &wings {
        for root in waiting.into_iter().flat_map(|waiting| waiting.iter()) {
            commands.entity(root).remove::<ChildOf>();
        }
        commands.entity(wings).despawn();
    }
}
