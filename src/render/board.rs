//! Boards: flat things in the world that Bevy's UI draws, so that words have every script,
//! wrap, and can be read on a monitor and in a headset alike.

use super::{capture, eye::Eye, scan::ScanMaterial};
use bevy::{
    camera::{ClearColorConfig, RenderTarget},
    prelude::*,
    render::render_resource::TextureUsages,
};

/// Texels a metre: letters stay sharp from a metre away on a headset of 25 pixels a degree
/// (a metre at 1 m is 57 degrees).
const TEXELS_PER_M: f32 = 1_400.0;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, turn_to_eye.before(TransformSystems::Propagate));
}

/// Turns about its vertical axis so that it faces the eye.
#[derive(Component, Debug, Clone, Copy, Default)]
pub struct FacesEye;

/// Camera and page of a board: they go with its quad.
#[derive(Component)]
#[relationship(relationship_target = BoardParts)]
struct PartOfBoard(Entity);

#[derive(Component, Default)]
#[relationship_target(relationship = PartOfBoard, linked_spawn)]
struct BoardParts(Vec<Entity>);

/// A board that was spawned.
#[derive(Debug, Clone, Copy)]
pub struct Board {
    /// The quad in the world: place this one.
    pub quad: Entity,
    /// The root of the UI tree that is drawn on it.
    pub page: Entity,
}

/// Where boards are made.
#[derive(bevy::ecs::system::SystemParam)]
pub struct Boards<'w> {
    /// Pictures of the exhibit.
    pub images: ResMut<'w, Assets<Image>>,
    /// Meshes of the exhibit.
    pub meshes: ResMut<'w, Assets<Mesh>>,
    /// Lean materials of the exhibit.
    pub materials: ResMut<'w, Assets<ScanMaterial>>,
}

impl Boards<'_> {
    /// Pixels in which what is drawn on a board is laid out, to the metre.
    pub const PX_PER_M: f32 = TEXELS_PER_M;

    /// A transparent board of this size in metres. What is drawn on it is laid out in
    /// pixels, 1400 to the metre.
    pub fn spawn(&mut self, commands: &mut Commands, size_m: Vec2) -> Board {
        let texels = (size_m * TEXELS_PER_M).as_uvec2().max(UVec2::ONE);
        let mut image = capture::target(texels.x, texels.y);
        image.texture_descriptor.usage |= TextureUsages::TEXTURE_BINDING;
        let image = self.images.add(image);
        let camera = commands
            .spawn((
                Name::new("board camera"),
                Camera2d,
                Camera {
                    // Before the eye's camera, which shows it.
                    order: -1,
                    clear_color: ClearColorConfig::Custom(Color::NONE),
                    ..default()
                },
                Msaa::Off,
                RenderTarget::Image(image.clone().into()),
            ))
            .id();
        let page = commands
            .spawn((
                Node {
                    width: percent(100),
                    height: percent(100),
                    ..default()
                },
                UiTargetCamera(camera),
            ))
            .id();
        let quad = commands
            .spawn((
                Name::new("board"),
                Mesh3d(self.meshes.add(Rectangle::from_size(size_m))),
                MeshMaterial3d(self.materials.add(ScanMaterial {
                    base_color_texture: Some(image),
                    is_unlit: true,
                    // The UI blends into a clear picture: its colors come multiplied.
                    alpha_mode: AlphaMode::Premultiplied,
                    ..default()
                })),
                Transform::default(),
            ))
            .id();
        for part in [camera, page] {
            commands.entity(part).insert(PartOfBoard(quad));
        }
        Board { quad, page }
    }
}

fn turn_to_eye(
    eyes: Query<&Transform, (With<Eye>, Without<FacesEye>)>,
    mut boards: Query<(&mut Transform, &GlobalTransform, Option<&ChildOf>), With<FacesEye>>,
    parents: Query<&GlobalTransform>,
) {
    let Some(eye) = eyes.iter().next() else {
        return;
    };
    for (mut transform, global, parent) in &mut boards {
        let to_eye = eye.translation - global.translation();
        if to_eye.xz().length_squared() < 1e-6 {
            continue;
        }
        let turned = Quat::from_rotation_y(bevy::math::ops::atan2(to_eye.x, to_eye.z));
        let rotation = match parent.and_then(|parent| parents.get(parent.parent()).ok()) {
            Some(parent) => parent.rotation().inverse() * turned,
            None => turned,
        };
        if transform.rotation.angle_between(rotation) > 1e-3 {
            transform.rotation = rotation;
        }
    }
}
