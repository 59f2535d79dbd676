//! Where an image of a layer is missing: a calm sign before its surface, with the names of the
//! files, for as long as that layer is shown.

use super::{CurrentStage, Loading, placeholder};
use crate::{
    bake::Facing,
    exhibit::{
        stage::Stage,
        words::{Word, Words},
    },
    render::{board::Boards, layers::ShownLayers},
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, show_signs).add_systems(
        PostUpdate,
        hang_signs
            .before(TransformSystems::Propagate)
            .run_if(resource_exists::<CurrentStage>),
    );
}

/// Images of a layer that could not be read.
#[derive(Component, Debug, Clone)]
#[require(Transform, Visibility)]
pub(super) struct MissingImages {
    /// Index into [`Stage::surfaces`].
    pub(super) surface: usize,
    /// Index into the surface's layers.
    pub(super) layer: usize,
    /// The files' names.
    pub(super) names: Vec<String>,
}

/// Its sign hangs, or has nowhere to hang.
#[derive(Component)]
struct IsHung;

fn hang_signs(
    mut commands: Commands,
    loading: Res<Loading>,
    stage: Res<CurrentStage>,
    words: Option<Res<Words>>,
    mut boards: Boards,
    missing: Query<(Entity, &MissingImages), Without<IsHung>>,
) {
    if missing.is_empty() || loading.models_open > 0 || !loading.waiting.is_empty() {
        return;
    }
    for (entity, own) in &missing {
        commands.entity(entity).insert(IsHung);
        let Some(facing) = loading.facings.get(&own.surface) else {
            continue;
        };
        let words = words.as_deref().cloned().unwrap_or_default();
        let (at, scale) = place(&stage.0, facing);
        let at = Transform::from_translation(at).with_scale(Vec3::splat(scale));
        let names = placeholder::names(&own.names);
        let lines = [names.as_str(), words.say(Word::Missing)];
        placeholder::sign(&mut commands, &mut boards, entity, at, lines);
    }
}

/// A surface whose mean normal is shorter faces all around, as a figure does.
const FACING_ONE_WAY: f32 = 0.35;

/// Before the middle of a surface, where it faces, or where it is looked at from; and how large
/// a sign suits it.
fn place(stage: &Stage, facing: &Facing) -> (Vec3, f32) {
    let scale = (facing.area_m2.sqrt() * 0.25 / placeholder::SIGN_M.x).clamp(0.02, 0.8);
    let middle = facing.middle;
    let eyes = stage.views.iter().map(|view| view.pose.eye_in_world);
    let nearest = eyes
        .chain([stage.start.eye_in_world])
        .min_by(|a, b| a.distance(middle).total_cmp(&b.distance(middle)))
        .unwrap_or(middle);
    let way = if facing.normal.length() > FACING_ONE_WAY {
        facing.normal
    } else {
        (nearest - middle).with_y(0.0)
    };
    // Far enough that a sign which turns with the eye does not cut into a wall; from a figure as
    // far as it may be thick.
    let depth_m = if facing.normal.length() > FACING_ONE_WAY {
        0.0
    } else {
        facing.area_m2.sqrt() * 0.3
    };
    let off_m = depth_m + scale * placeholder::SIGN_M.x * 0.45;
    (middle + way.normalize_or_zero() * off_m, scale)
}

fn show_signs(shown: Res<ShownLayers>, mut missing: Query<(&MissingImages, &mut Visibility)>) {
    for (own, mut visibility) in &mut missing {
        let wanted = if shown.layer(own.surface) == Some(own.layer) {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        };
        visibility.set_if_neq(wanted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::stage::Pose;

    #[test]
    fn a_sign_hangs_before_its_wall_where_it_faces() {
        let mut stage = Stage::bare("x.glb".into());
        stage.start = Pose {
            eye_in_world: Vec3::new(0.0, 1.6, 2.0),
            ..Pose::default()
        };
        let wall = Facing {
            middle: Vec3::new(0.0, 1.5, 0.0),
            normal: Vec3::NEG_Z * 0.9,
            area_m2: 18.0,
        };
        let (at, scale) = place(&stage, &wall);
        assert!(at.z < -0.2 && at.z > -0.8, "before the wall, at {at}");
        assert_eq!((at.x, at.y), (0.0, 1.5), "in its middle");
        assert!((0.2..=0.8).contains(&scale), "readable: {scale}");
        let figure = Facing {
            normal: Vec3::ZERO,
            ..wall
        };
        let (at, _) = place(&stage, &figure);
        assert!(at.z > 1.0 && at.z < 2.0, "between a figure and its visitor");
    }
}
