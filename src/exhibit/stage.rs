//! What is to be shown, resolved: the common ground of a scene file and a bare model.
//!
//! A scene file says "the view called altar" and "cave.glb beside this file"; a stage says
//! where that is. The renderer and the window know only stages.

mod light;
mod story;

pub use super::flight::Pose;
use super::{grounds::StagedGround, heard::StagedSounds, language::StagedLanguages};
use crate::{bake::ReadOptions, scene::schema::Exhibit};
use bevy::{
    math::{Quat, Vec2, Vec3},
    prelude::Resource,
};
use light::ZONE_BLEND_M;
pub use light::{
    StagedAir, StagedBake, StagedLamp, StagedLight, StagedLightKind, StagedSky, StagedZone,
};
use std::{path::PathBuf, sync::Arc};
pub use story::{StagedHotspot, StagedPanel, StagedPicture, StagedStep, StagedStory};

impl Default for Pose {
    fn default() -> Self {
        Self {
            eye_in_world: Vec3::new(0.0, 1.6, 0.0),
            yaw_rad: 0.0,
            pitch_rad: 0.0,
        }
    }
}

impl Pose {
    /// A pose at `eye` that looks at `target`; straight ahead when both are the same.
    pub fn looking_at(eye: Vec3, target: Vec3) -> Self {
        let direction = (target - eye).try_normalize().unwrap_or(Vec3::NEG_Z);
        Self {
            eye_in_world: eye,
            yaw_rad: bevy::math::ops::atan2(-direction.x, -direction.z),
            pitch_rad: bevy::math::ops::asin(direction.y.clamp(-1.0, 1.0)),
        }
    }
}

/// A named view.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedView {
    /// The author's id.
    pub id: String,
    /// In the visitor's language.
    pub title: String,
    /// Where from.
    pub pose: Pose,
    /// Vertical, radians.
    pub field_of_view_rad: f32,
}

/// How a mesh's materials are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shading {
    /// The lean material unless a material needs more.
    #[default]
    Auto,
    /// The lean material.
    Scan,
    /// Bevy's `StandardMaterial`.
    Full,
    /// Texture as it is.
    Unlit,
}

/// A mesh to load and where it goes.
#[derive(Debug, Clone)]
pub struct StagedMesh {
    /// The author's id, or the file's name.
    pub id: String,
    /// Absolute path.
    pub path: PathBuf,
    /// Unit, axes, origin, hidden nodes.
    pub options: ReadOptions,
    /// Placement in world.
    pub translation_in_world: Vec3,
    /// Placement in world.
    pub rotation_in_world: Quat,
    /// Placement in world.
    pub scale: Vec3,
    /// See [`Shading`].
    pub shading: Shading,
    /// Node patterns (`*` allowed) a visitor cannot walk through.
    pub collides: NodeChoice,
    /// Node patterns a visitor can stand on.
    pub walkable: NodeChoice,
    /// What moves from the start on.
    pub plays: Plays,
}

/// Animations that play over and over from the start on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plays {
    /// The first of the file, where it has one.
    First,
    /// Those of these names.
    These(Vec<String>),
}

/// Some nodes of a mesh.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum NodeChoice {
    /// Every node.
    #[default]
    All,
    /// No node.
    None,
    /// The nodes whose name, or that of an ancestor, matches one of these patterns.
    Nodes(Vec<String>),
}

impl NodeChoice {
    /// Whether a node is chosen, by its own name and those of its ancestors.
    pub fn holds<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Nodes(patterns) => {
                names.any(|name| patterns.iter().any(|pattern| matches(pattern, name)))
            }
        }
    }
}

/// `*` stands for any run of characters.
pub fn matches(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut left) = name.strip_prefix(head) else {
        return false;
    };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// A surface with several sets of images.
#[derive(Debug, Clone, PartialEq)]
pub struct StagedSurface {
    /// The author's id.
    pub id: String,
    /// Index into [`Stage::meshes`].
    pub mesh: usize,
    /// Name (or pattern) of the material or node it covers.
    pub target: String,
    /// Layers, in the author's order.
    pub layers: Vec<StagedLayer>,
    /// Index of the layer shown first.
    pub shown: usize,
}

/// One set of images, absolute paths.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StagedLayer {
    /// The author's id.
    pub id: String,
    /// In the visitor's language.
    pub title: String,
    /// sRGB image.
    pub base_color: Option<PathBuf>,
    /// Normal map.
    pub normal: Option<PathBuf>,
    /// Occlusion, roughness, metallic.
    pub orm: Option<PathBuf>,
}

/// Everything there is to show.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The file it came from.
    pub source: PathBuf,
    /// In the visitor's language.
    pub title: String,
    /// In the visitor's language; may be empty.
    pub about: String,
    /// A model without a scene file: its light and camera are chosen by us.
    pub is_bare: bool,
    /// See [`StagedMesh`].
    pub meshes: Vec<StagedMesh>,
    /// See [`StagedLight`].
    pub lights: Vec<StagedLight>,
    /// See [`StagedBake`].
    pub bake: Option<StagedBake>,
    /// Ids of the lights whose light is baked as daylight, lamps A and lamps B.
    pub baked_lights: [Vec<String>; 3],
    /// See [`StagedLamp`].
    pub lamp: StagedLamp,
    /// See [`StagedAir`].
    pub air: StagedAir,
    /// See [`StagedSky`].
    pub sky: StagedSky,
    /// See [`StagedStory`]; none where nothing can happen.
    pub story: Option<Arc<StagedStory>>,
    /// See [`StagedSounds`].
    pub sounds: Arc<StagedSounds>,
    /// Rooms with an exposure of their own.
    pub zones: Vec<StagedZone>,
    /// Polygons to stand on.
    pub grounds: Vec<StagedGround>,
    /// See [`StagedSurface`].
    pub surfaces: Vec<StagedSurface>,
    /// Named views in the author's order.
    pub views: Vec<StagedView>,
    /// Where a desktop visit starts.
    pub start: Pose,
    /// Where a headset's visit starts: the eyes of a standing visitor.
    pub headset_start: Pose,
    /// Measures of the visitor.
    pub body: super::walk::WalkSettings,
    /// The visit begins in the air.
    pub is_flying: bool,
    /// Files to watch for changes.
    pub files: Vec<PathBuf>,
    /// The exhibit's own fonts, in the order in which they are asked for a character.
    pub fonts: Vec<PathBuf>,
    /// See [`StagedLanguages`].
    pub languages: StagedLanguages,
    /// What the author wrote, to be told in another language; none for a bare model.
    pub exhibit: Option<Arc<Exhibit>>,
}

/// The stage being shown.
#[derive(Resource, Debug, Clone)]
pub struct CurrentStage(pub Arc<Stage>);

impl Stage {
    /// The exposure for an eye at a place: that of its zone, blended at the borders, else
    /// the exhibit's.
    pub fn exposure_at(&self, eye_in_world: Vec3) -> f32 {
        let at = Vec2::new(eye_in_world.x, eye_in_world.z);
        let (mut sum, mut weights) = (0.0, 0.0);
        for zone in &self.zones {
            let weight = (1.0 - zone.distance_m(at) / ZONE_BLEND_M).max(0.0);
            sum += zone.exposure_ev100 * weight;
            weights += weight;
        }
        let rest = (1.0_f32 - weights).max(0.0);
        (sum + self.air.exposure_ev100 * rest) / (weights + rest)
    }

    /// The stage of a model file without a scene: studio light, camera chosen once the
    /// model's bounds are known.
    pub fn bare(path: PathBuf) -> Self {
        let id = path
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        Self {
            title: id.clone(),
            about: String::new(),
            is_bare: true,
            meshes: vec![StagedMesh {
                id,
                path: path.clone(),
                options: ReadOptions {
                    origin: crate::bake::Origin::Auto,
                    ..ReadOptions::default()
                },
                translation_in_world: Vec3::ZERO,
                rotation_in_world: Quat::IDENTITY,
                scale: Vec3::ONE,
                shading: Shading::Auto,
                collides: NodeChoice::All,
                walkable: NodeChoice::All,
                plays: Plays::First,
            }],
            lights: Vec::new(),
            bake: None,
            baked_lights: Default::default(),
            lamp: StagedLamp {
                is_on: false,
                color: [1.0, 0.85, 0.65],
                lumens: 300.0,
                outer_rad: 0.5,
                inner_rad: 0.2,
                range_m: 20.0,
            },
            air: StagedAir {
                background: [0.055, 0.057, 0.063],
                fog: None,
                dust: 0.0,
                exposure_ev100: 9.7,
                bloom: 0.0,
                ambient: [0.0; 3],
            },
            sky: StagedSky::Plain,
            story: None,
            sounds: Arc::default(),
            zones: Vec::new(),
            grounds: Vec::new(),
            surfaces: Vec::new(),
            views: Vec::new(),
            start: Pose::default(),
            headset_start: Pose::default(),
            body: super::walk::WalkSettings::default(),
            is_flying: true,
            files: vec![path.clone()],
            fonts: Vec::new(),
            languages: StagedLanguages::default(),
            exhibit: None,
            source: path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, expected) in [
            ("floor", "floor", true),
            ("floor", "floor_1", false),
            ("floor*", "floor_1", true),
            ("*_lod0", "wall_lod0", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("*", "", true),
        ] {
            assert_eq!(
                matches(pattern, name),
                expected,
                "pattern {pattern:?} against name {name:?}"
            );
        }
    }

    #[test]
    fn exposure_follows_the_room_and_blends_at_its_border() {
        let mut stage = Stage::bare(PathBuf::from("x.glb"));
        stage.air.exposure_ev100 = 2.0;
        stage.zones = vec![StagedZone {
            outline: vec![
                Vec2::new(0.0, 0.0),
                Vec2::new(4.0, 0.0),
                Vec2::new(4.0, 4.0),
                Vec2::new(0.0, 4.0),
            ],
            exposure_ev100: 10.0,
        }];
        let at = |x: f32| stage.exposure_at(Vec3::new(x, 1.6, 2.0));
        assert!(
            (at(2.0) - 10.0).abs() < 1e-4,
            "inside the zone its own exposure holds"
        );
        assert!((at(9.0) - 2.0).abs() < 1e-4, "far away the exhibit's holds");
        assert!(
            at(4.3) < 10.0 && at(4.3) > at(4.9) && at(4.9) > 2.0,
            "between them it changes without a step"
        );
    }

    #[test]
    fn a_pose_looks_where_it_is_told() {
        let pose = Pose::looking_at(Vec3::new(1.0, 2.0, 3.0), Vec3::new(-4.0, 1.0, 5.0));
        let expected = Vec3::new(-5.0, -1.0, 2.0).normalize();
        let found = pose.rotation() * Vec3::NEG_Z;
        assert!(
            found.distance(expected) < 1e-5,
            "the camera's forward axis {found} points at the target, {expected}"
        );
    }
}
