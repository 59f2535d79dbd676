//! Moves what animations move: nodes, joints of skins, weights of morph targets.
//!
//! [`Clips`] says where everything is; here it is told what the exhibit wants, and its poses are
//! written to the entities of the model. After everything else of the frame and before places
//! are worked out, so that a film shows each frame what is told in it.

use super::loading::{CurrentStage, Loading, ModelLoaded, PlacedMesh};
use crate::{
    bake::{
        animation::{Pose, Rig},
        collide::MoverId,
    },
    exhibit::{
        clips::Clips,
        spots::{Moved, Patches},
        stage::Plays,
        telling::Told,
        visitor::Rock,
    },
    scene::schema::{Property, Value},
    visit::checkpoint::LeftClip,
};
use bevy::{
    camera::primitives::Aabb,
    math::Affine3A,
    mesh::morph::{MeshMorphWeights, MorphWeights},
    prelude::*,
};
use std::{collections::BTreeMap, sync::Arc};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Playing>()
        .init_resource::<Moved>()
        .add_systems(
            PostUpdate,
            (
                (move_nodes, show_morphs).before(TransformSystems::Propagate),
                (move_solids, move_spots).after(TransformSystems::Propagate),
            ),
        );
}

/// The moving parts of a placed mesh, on its root.
#[derive(Component, Debug)]
pub(super) struct Moving {
    pub(super) rig: Arc<Rig>,
    /// The entities of [`Rig::nodes`].
    pub(super) nodes: Vec<Entity>,
}

/// What plays, by the ids of meshes: a mesh that is read anew goes on where it was.
#[derive(Resource, Default)]
pub struct Playing {
    meshes: BTreeMap<String, Clips>,
    /// Meshes that were taken up since the last frame.
    taken_up: Vec<String>,
}

impl Playing {
    /// What plays by itself, by the ids of meshes.
    pub(super) fn left(&self) -> BTreeMap<String, Vec<LeftClip>> {
        let meshes = self.meshes.iter();
        meshes
            .map(|(id, clips)| (id.clone(), clips.left()))
            .collect()
    }

    /// Goes on with what another process left.
    pub(super) fn take_up(&mut self, left: &BTreeMap<String, Vec<LeftClip>>) {
        for (id, left) in left {
            self.meshes.entry(id.clone()).or_default().take_up(left);
            self.taken_up.push(id.clone());
        }
    }
}

fn move_nodes(
    time: Res<Time>,
    stage: Option<Res<CurrentStage>>,
    loading: Res<Loading>,
    mut playing: ResMut<Playing>,
    mut told: MessageReader<Told>,
    mut loaded: MessageReader<ModelLoaded>,
    placed: Query<(&PlacedMesh, &Moving)>,
    mut nodes: Query<(&mut Transform, Option<&mut MorphWeights>)>,
) {
    let nothing = Rig::default();
    let find = |id: &str| placed.iter().find(|(placed, _)| placed.id == id);
    let rig_of = |id: &str| find(id).map_or(&nothing, |(_, moving)| &*moving.rig);
    let mut changed = std::mem::take(&mut playing.taken_up);
    // A picture of a model must not depend on how long its reading took.
    let dt_secs = if loading.is_done() {
        time.delta_secs()
    } else {
        0.0
    };
    for (id, clips) in &mut playing.meshes {
        if clips.pass(rig_of(id), dt_secs) {
            changed.push(id.clone());
        }
    }
    for ModelLoaded { index, .. } in loaded.read() {
        let Some(staged) = stage.as_ref().and_then(|stage| stage.0.meshes.get(*index)) else {
            continue;
        };
        changed.push(staged.id.clone());
        if playing.meshes.contains_key(&staged.id) {
            continue;
        }
        let rig = rig_of(&staged.id);
        let mut clips = Clips::default();
        match &staged.plays {
            Plays::First => {
                if let Some(first) = rig.clips.first() {
                    clips.play(rig, &first.name, true, 1.0);
                }
            }
            Plays::These(names) => {
                for name in names {
                    clips.play(rig, name, true, 1.0);
                }
            }
        }
        playing.meshes.insert(staged.id.clone(), clips);
    }
    for change in told.read() {
        let id = match change {
            Told::Property {
                property: Property::Animation(mesh, clip),
                value: Value::Number(secs),
                over_secs,
            } => {
                let clips = playing.meshes.entry(mesh.as_str().to_owned()).or_default();
                clips.hold(rig_of(mesh.as_str()), &clip.value, *secs as f32, *over_secs);
                mesh
            }
            Told::Plays {
                mesh,
                clip,
                repeats,
                speed,
            } => {
                let clips = playing.meshes.entry(mesh.as_str().to_owned()).or_default();
                clips.play(rig_of(mesh.as_str()), clip, *repeats, *speed);
                mesh
            }
            Told::Rests { mesh, clip } => {
                let clips = playing.meshes.entry(mesh.as_str().to_owned()).or_default();
                clips.stop(rig_of(mesh.as_str()), clip);
                mesh
            }
            _ => continue,
        };
        changed.push(id.as_str().to_owned());
    }
    changed.sort_unstable();
    changed.dedup();
    for id in changed {
        let (Some((_, moving)), Some(clips)) = (find(&id), playing.meshes.get(&id)) else {
            continue;
        };
        for (pose, entity) in clips.poses(&moving.rig).iter().zip(&moving.nodes) {
            if let Ok((transform, weights)) = nodes.get_mut(*entity) {
                write(pose, transform, weights);
            }
        }
    }
}

/// What is solid goes where it is shown.
fn move_solids(
    mut rock: ResMut<Rock>,
    placed: Query<(&PlacedMesh, &Moving)>,
    nodes: Query<&GlobalTransform>,
) {
    let Some(collider) = rock.0.as_deref() else {
        return;
    };
    let moved: Vec<(MoverId, Affine3A)> = collider
        .movers()
        .filter_map(|(id, was)| {
            let now = nodes.get(entity_of(&placed, id)?).ok()?.affine();
            (now != was).then_some((id, now))
        })
        .collect();
    if moved.is_empty() {
        return;
    }
    // Cloned where a recording or a sound still holds it as it was: that is cheap.
    let Some(collider) = rock.0.as_mut().map(Arc::make_mut) else {
        return;
    };
    for (id, now) in moved {
        collider.place(id, now);
    }
}

/// What is a hotspot is pointed at where it is shown.
fn move_spots(
    patches: Option<Res<Patches>>,
    mut moved: ResMut<Moved>,
    placed: Query<(&PlacedMesh, &Moving)>,
    nodes: Query<&GlobalTransform>,
) {
    let leads = patches.iter().flat_map(|patches| patches.pieces());
    for lead in leads.filter_map(|piece| piece.lead.as_ref()) {
        let Some(entity) = entity_of(&placed, lead.id) else {
            continue;
        };
        if let Ok(now) = nodes.get(entity) {
            moved.set(lead, now.affine());
        }
    }
}

/// The entity of something that moves.
pub(super) fn entity_of(placed: &Query<(&PlacedMesh, &Moving)>, id: MoverId) -> Option<Entity> {
    let (_, moving) = placed.iter().find(|(placed, _)| placed.index == id.mesh)?;
    let slot = moving.rig.nodes.binary_search(&id.node).ok()?;
    moving.nodes.get(slot).copied()
}

/// Bevy 0.19.1 gives a mesh the place of its weights when it is extracted, which is a frame too
/// early for a mesh that has just come into view, and extracts it again only when it changes.
fn show_morphs(mut parts: Query<&mut Aabb, With<MeshMorphWeights>>) {
    for mut part in &mut parts {
        part.set_changed();
    }
}

fn write(pose: &Pose, mut transform: Mut<Transform>, weights: Option<Mut<MorphWeights>>) {
    transform.set_if_neq(Transform {
        translation: pose.translation,
        rotation: pose.rotation,
        scale: pose.scale,
    });
    if let Some(mut weights) = weights {
        for (own, new) in weights.weights_mut().iter_mut().zip(&pose.weights) {
            *own = *new;
        }
    }
}
