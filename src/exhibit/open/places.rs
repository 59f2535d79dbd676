//! Where things are: views, starts and grounds, in world.

use super::Staging;
use crate::{
    exhibit::{
        facts,
        grounds::StagedGround,
        stage::{Pose, StagedView, StagedZone},
    },
    scene::schema,
};
use bevy::math::{Affine3A, EulerRot, Quat, Vec3};

impl Staging<'_> {
    pub(super) fn view(&self, view: &schema::View) -> StagedView {
        let space = view
            .space
            .as_ref()
            .and_then(|id| self.exhibit.spaces.iter().find(|space| space.id == *id));
        let world = space.map_or(Affine3A::IDENTITY, world_from_space);
        StagedView {
            title: self.view_title(view),
            id: view.id.as_str().to_owned(),
            pose: pose(world * self.place(&view.at)),
            field_of_view_rad: view.field_of_view.to_radians(),
        }
    }

    pub(super) fn view_title(&self, view: &schema::View) -> String {
        let title = self.text(&view.title);
        if title.is_empty() {
            view.id.as_str().to_owned()
        } else {
            title
        }
    }

    pub(super) fn start(
        &self,
        views: &[StagedView],
        of: fn(&schema::Start) -> &schema::Place,
    ) -> Pose {
        let Some(start) = &self.exhibit.start else {
            return views.first().map_or_else(Pose::default, |view| view.pose);
        };
        let mut found = pose(self.place(of(start)));
        // A start names the floor under the feet; a view names the eyes.
        if !matches!(of(start), schema::Place::View(_)) {
            found.eye_in_world.y += self.exhibit.body.eye_height;
        }
        found
    }

    /// A place in the frame of its space.
    pub(super) fn place(&self, place: &schema::Place) -> Affine3A {
        match place {
            schema::Place::At(pose) => Affine3A::from_rotation_translation(
                Quat::from_euler(
                    EulerRot::YXZ,
                    pose.yaw.to_radians(),
                    pose.pitch.to_radians(),
                    0.0,
                ),
                pose.position,
            ),
            schema::Place::Node { mesh, node } => self.node(mesh, &node.value),
            schema::Place::View(id) => {
                let view = self.exhibit.views.iter().find(|view| view.id == *id);
                match view.map(|view| &view.at) {
                    // One step only: a circle of views is an error that the checker reports.
                    Some(schema::Place::View(_)) | None => Affine3A::IDENTITY,
                    Some(place) => self.place(place),
                }
            }
        }
    }

    /// Where a node of a mesh is, by the file's own node tree.
    pub(super) fn node(&self, mesh: &schema::MeshId, node: &str) -> Affine3A {
        let Some(placement) = self
            .exhibit
            .spaces
            .iter()
            .flat_map(|space| &space.meshes)
            .find(|own| own.id == *mesh)
        else {
            return Affine3A::IDENTITY;
        };
        let space = self
            .exhibit
            .spaces
            .iter()
            .find(|space| space.meshes.iter().any(|own| own.id == *mesh));
        let staged = self.mesh(space.unwrap_or(&self.exhibit.spaces[0]), placement);
        let local =
            facts::node_affine(&staged.path, &staged.options, node).unwrap_or(Affine3A::IDENTITY);
        affine(&placement.at) * local
    }
}

pub(super) fn affine(placement: &schema::Placement) -> Affine3A {
    Affine3A::from_scale_rotation_translation(
        Vec3::splat(placement.scale),
        Quat::from_euler(
            EulerRot::YXZ,
            placement.yaw.to_radians(),
            placement.pitch.to_radians(),
            placement.roll.to_radians(),
        ),
        placement.position,
    )
}

pub(super) fn world_from_space(space: &schema::Space) -> Affine3A {
    affine(&space.place_in_world)
}

/// The pose of something that looks along its -Z; a roll is lost, the horizon stays level.
pub(super) fn pose(at: Affine3A) -> Pose {
    let eye = Vec3::from(at.translation);
    Pose::looking_at(eye, eye + at.transform_vector3(Vec3::NEG_Z))
}

pub(super) fn grounds(space: &schema::Space) -> impl Iterator<Item = StagedGround> {
    let world = world_from_space(space);
    space.walkable.iter().map(move |ground| {
        let corners = ground.outline.iter();
        let corners = corners.map(|at| Vec3::new(at.x, ground.height, at.y));
        StagedGround {
            corners: corners.map(|at| world.transform_point3(at)).collect(),
        }
    })
}

/// The grounds of a space with an atmosphere of its own.
pub(super) fn zones(space: &schema::Space) -> Vec<StagedZone> {
    let Some(atmosphere) = &space.atmosphere else {
        return Vec::new();
    };
    grounds(space)
        .map(|ground| StagedZone {
            outline: ground.outline(),
            exposure_ev100: atmosphere.exposure,
        })
        .collect()
}
