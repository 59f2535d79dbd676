//! Where an image of a layer is missing: a calm sign before its surface, with the names of the
//! files, for as long as that layer is shown.

use super::{CurrentStage, Loading, placeholder};
use crate::{
    exhibit::{
        stage::Stage,
        words::{Word, Words},
    },
    render::{board::Boards, layers::ShownLayers, scan::ScanMaterial},
};
use bevy::{camera::primitives::Aabb, math::Vec3A, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, show_signs).add_systems(
        PostUpdate,
        hang_signs
            .after(TransformSystems::Propagate)
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
    shown: Res<ShownLayers>,
    words: Option<Res<Words>>,
    mut boards: Boards,
    missing: Query<(Entity, &MissingImages), Without<IsHung>>,
    parts: Query<(&MeshMaterial3d<ScanMaterial>, &Aabb, &GlobalTransform)>,
) {
    if missing.is_empty() || loading.models_open > 0 || !loading.waiting.is_empty() {
        return;
    }
    for (entity, own) in &missing {
        commands.entity(entity).insert(IsHung);
        let materials = shown.materials(own.surface);
        let of_surface = parts
            .iter()
            .filter(|(part, ..)| materials.contains(&part.0));
        let bounds = of_surface
            .map(|(_, aabb, at)| in_world(aabb, at))
            .reduce(|(low, high), (a, b)| (low.min(a), high.max(b)));
        let Some(bounds) = bounds else { continue };
        let words = words.as_deref().cloned().unwrap_or_default();
        let (at, scale) = place(&stage.0, bounds);
        let at = Transform::from_translation(at).with_scale(Vec3::splat(scale));
        let names = placeholder::names(&own.names);
        let lines = [names.as_str(), words.say(Word::Missing)];
        placeholder::sign(&mut commands, &mut boards, entity, at, lines);
    }
}

fn in_world(aabb: &Aabb, at: &GlobalTransform) -> (Vec3, Vec3) {
    let affine = at.affine();
    let center = affine.transform_point3a(aabb.center);
    let half = |axis: Vec3A| (affine.matrix3 * axis).abs();
    let half = half(Vec3A::X * aabb.half_extents.x)
        + half(Vec3A::Y * aabb.half_extents.y)
        + half(Vec3A::Z * aabb.half_extents.z);
    ((center - half).into(), (center + half).into())
}

/// Before the middle of what is flat, on the side from which it is looked at, and how large a
/// sign suits it.
fn place(stage: &Stage, (low, high): (Vec3, Vec3)) -> (Vec3, f32) {
    let (middle, size) = ((low + high) * 0.5, high - low);
    let scale = (size.max_element() * 0.25 / placeholder::SIGN_M.x).clamp(0.02, 0.8);
    let eyes = stage.views.iter().map(|view| view.pose.eye_in_world);
    let nearest = eyes
        .chain([stage.start.eye_in_world])
        .min_by(|a, b| a.distance(middle).total_cmp(&b.distance(middle)))
        .unwrap_or(middle);
    let thin = size.min_element();
    let axis = if thin == size.y {
        Vec3::Y
    } else if thin == size.x {
        Vec3::X
    } else {
        Vec3::Z
    };
    let side = if (nearest - middle).dot(axis) < 0.0 {
        -axis
    } else {
        axis
    };
    // Far enough that a sign which turns with the eye does not cut into the wall.
    let off_m = thin * 0.5 + scale * placeholder::SIGN_M.x * 0.45;
    (middle + side * off_m, scale)
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
    fn a_sign_hangs_before_its_wall_on_the_visitors_side() {
        let mut stage = Stage::bare("x.glb".into());
        stage.start = Pose {
            eye_in_world: Vec3::new(0.0, 1.6, 2.0),
            ..Pose::default()
        };
        let wall = (Vec3::new(-3.0, 0.0, -0.1), Vec3::new(3.0, 3.0, 0.1));
        let (at, scale) = place(&stage, wall);
        assert!(at.z > 0.1 && at.z < 1.0, "before the wall, at {at}");
        assert_eq!((at.x, at.y), (0.0, 1.5), "in its middle");
        assert!((0.2..=0.8).contains(&scale), "readable: {scale}");
        stage.start.eye_in_world.z = -2.0;
        assert!(place(&stage, wall).0.z < -0.1, "on the other side");
        let ceiling = (Vec3::new(-3.0, 4.0, -3.0), Vec3::new(3.0, 4.2, 3.0));
        assert!(place(&stage, ceiling).0.y < 4.0, "below a ceiling");
    }
}
