//! Hotspots of a scene file: what of the world they cover, where they lead, and what their
//! panels show.

use super::Staging;
use crate::{
    exhibit::{
        flight::Pose,
        spots::{StagedRegion, StagedShape},
        stage::{StagedPanel, StagedPicture},
    },
    scene::schema,
};
use bevy::math::{Quat, Vec2};

impl Staging<'_> {
    /// What of the world a hotspot covers.
    pub(super) fn shape(&self, hotspot: &schema::Hotspot) -> StagedShape {
        match &hotspot.at {
            schema::Shape::Point(_) | schema::Shape::Sphere { .. } => StagedShape::Ball,
            schema::Shape::Box { size, yaw, .. } => {
                let world = self.space(hotspot.space.as_ref());
                let (scale, rotation, _) = world.to_scale_rotation_translation();
                StagedShape::Box {
                    half_m: *size * scale * 0.5,
                    rotation_in_world: rotation * Quat::from_rotation_y(yaw.to_radians()),
                }
            }
            schema::Shape::SurfaceArea {
                surface,
                polygon,
                mask,
            } => self
                .area(surface, polygon, mask.as_ref())
                .unwrap_or_default(),
            schema::Shape::Node(mesh, node) => {
                self.mesh_index(mesh)
                    .map_or(StagedShape::Ball, |mesh| StagedShape::Part {
                        mesh,
                        target: node.value.clone(),
                        region: StagedRegion::Node,
                    })
            }
        }
    }

    fn area(
        &self,
        surface: &schema::SurfaceId,
        polygon: &[Vec2],
        mask: Option<&schema::FilePath>,
    ) -> Option<StagedShape> {
        let mut surfaces = self.exhibit.spaces.iter().flat_map(|space| &space.surfaces);
        let surface = surfaces.find(|own| own.id == *surface)?;
        let target = surface.material.as_ref().or(surface.node.as_ref())?;
        Some(StagedShape::Part {
            mesh: self.mesh_index(&surface.mesh)?,
            target: target.value.clone(),
            region: match mask {
                Some(mask) => StagedRegion::Mask(self.path(mask)),
                None => StagedRegion::Polygon(polygon.to_vec()),
            },
        })
    }

    fn mesh_index(&self, id: &schema::MeshId) -> Option<usize> {
        let mut meshes = self.exhibit.spaces.iter().flat_map(|space| &space.meshes);
        meshes.position(|mesh| mesh.id == *id)
    }

    /// Where the actions of a hotspot take a visitor.
    pub(super) fn ways(&self, hotspot: &schema::Hotspot) -> Vec<(usize, Pose)> {
        let world = self.space(hotspot.space.as_ref());
        let actions = hotspot.actions.iter().enumerate();
        actions
            .filter_map(|(index, action)| match action {
                schema::Action::Teleport { to } => Some((index, self.standing(to, world, None))),
                _ => None,
            })
            .collect()
    }

    /// What the panels and pictures of a hotspot show besides their texts.
    pub(super) fn panels(&self, hotspot: &schema::Hotspot) -> Vec<(usize, StagedPanel)> {
        let actions = hotspot.actions.iter().enumerate();
        actions
            .filter_map(|(index, action)| {
                let panel = match action {
                    schema::Action::Panel {
                        images, credits, ..
                    } => StagedPanel {
                        pictures: images.iter().filter_map(|own| self.picture(own)).collect(),
                        credits: credits.iter().map(|own| self.credit(own)).collect(),
                    },
                    schema::Action::Image(image) => StagedPanel {
                        pictures: self.picture(image).into_iter().collect(),
                        credits: Vec::new(),
                    },
                    _ => return None,
                };
                Some((index, panel))
            })
            .collect()
    }

    fn picture(&self, image: &schema::PanelImage) -> Option<StagedPicture> {
        let default = &self.exhibit.default_language.value;
        let language = self.language.as_ref().unwrap_or(default);
        let file = image.path.get(language, default)?;
        Some(StagedPicture {
            path: self.path(file),
            caption: self.text(&image.caption),
            alternative: self.text(&image.alternative),
            credit: image
                .credit
                .as_ref()
                .map(|credit| self.credit(credit))
                .unwrap_or_default(),
        })
    }

    /// `Photogrammetry: Dunhuang Academy, 2019, CC-BY-4.0`, of what is given.
    fn credit(&self, credit: &schema::Credit) -> String {
        let mut line = self.text(&credit.role);
        if !line.is_empty() {
            line.push_str(": ");
        }
        line.push_str(&self.text(&credit.name));
        let year = credit.year.map(|year| year.to_string());
        for part in [year, credit.licence.clone(), credit.url.clone()]
            .into_iter()
            .flatten()
        {
            line.push_str(", ");
            line.push_str(&part);
        }
        line
    }
}
