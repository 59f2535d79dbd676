//! Flames and dust: what glows in the air of an exhibit.

use super::{eye::Eye, light::StageLight, loading::CurrentStage};
use crate::exhibit::stage::{Stage, StagedLightKind};
use bevy::{
    asset::{RenderAssetUsages, load_internal_asset, uuid_handle},
    camera::visibility::NoFrustumCulling,
    mesh::{Indices, Mesh, MeshVertexBufferLayoutRef, PrimitiveTopology},
    pbr::{Material, MaterialPipeline, MaterialPipelineKey, MaterialPlugin},
    prelude::*,
    render::render_resource::{
        AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError,
    },
    shader::ShaderRef,
};

const AIR_SHADER: Handle<Shader> = uuid_handle!("f4f6b53e-0dd0-4e7b-9a4e-0f2b6a70c3d2");

/// Grains in the box around the eye.
const GRAINS: u32 = 1_400;
/// Half a side of that box, metres.
const DUST_REACH_M: f32 = 3.2;

pub(super) fn plugin(app: &mut App) {
    load_internal_asset!(app, AIR_SHADER, "air.wgsl", Shader::from_wgsl);
    app.add_plugins(MaterialPlugin::<AirMaterial>::default())
        .add_systems(
            PostUpdate,
            keep_dust_around_eye.before(TransformSystems::Propagate),
        );
}

/// See the shader for what the numbers mean.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
#[bind_group_data(AirKey)]
pub struct AirMaterial {
    /// rgb: linear color; w: strength.
    #[uniform(0)]
    color: Vec4,
    /// Sizes in metres, see air.wgsl.
    #[uniform(0)]
    shape: Vec4,
    is_flame: bool,
}

/// What the shader is specialised on.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AirKey {
    is_flame: bool,
}

impl From<&AirMaterial> for AirKey {
    fn from(material: &AirMaterial) -> Self {
        Self {
            is_flame: material.is_flame,
        }
    }
}

impl Material for AirMaterial {
    fn vertex_shader() -> ShaderRef {
        AIR_SHADER.into()
    }

    fn fragment_shader() -> ShaderRef {
        AIR_SHADER.into()
    }

    fn alpha_mode(&self) -> AlphaMode {
        AlphaMode::Add
    }

    fn enable_prepass() -> bool {
        false
    }

    fn enable_shadows() -> bool {
        false
    }

    fn specialize(
        _pipeline: &MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        layout: &MeshVertexBufferLayoutRef,
        key: MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        descriptor.vertex.buffers = vec![layout.0.get_layout(&[
            Mesh::ATTRIBUTE_POSITION.at_shader_location(0),
            Mesh::ATTRIBUTE_UV_0.at_shader_location(1),
        ])?];
        descriptor.primitive.cull_mode = None;
        if key.bind_group_data.is_flame {
            descriptor.vertex.shader_defs.push("AIR_FLAME".into());
            if let Some(fragment) = &mut descriptor.fragment {
                fragment.shader_defs.push("AIR_FLAME".into());
            }
        }
        Ok(())
    }
}

/// The cloud of dust around the eye.
#[derive(Component)]
struct Dust;

/// Spawns a flame at each flame of the stage, and the dust of its air.
pub fn spawn_air(world: &mut World, stage: &Stage) {
    let quad = world
        .resource_mut::<Assets<Mesh>>()
        .add(quads(1, |_| Vec3::ZERO));
    let mut seed = 0.0;
    for light in stage.lights.iter().filter(|light| light.is_flame) {
        seed += 1.37;
        let lumens = match light.kind {
            StagedLightKind::Point { lumens } | StagedLightKind::Spot { lumens, .. } => lumens,
            StagedLightKind::Directional { .. } => continue,
        };
        // An oil lamp of 12 lumens burns with a flame of about 3 cm.
        let height_m = 0.034 * (lumens / 12.0).cbrt();
        let material = world
            .resource_mut::<Assets<AirMaterial>>()
            .add(AirMaterial {
                color: Vec3::from_array(light.color)
                    .lerp(Vec3::ONE, 0.3)
                    .extend(3.2),
                shape: Vec4::new(height_m * 0.42, height_m, height_m * 7.0, seed),
                is_flame: true,
            });
        world.spawn((
            StageLight,
            Mesh3d(quad.clone()),
            MeshMaterial3d(material),
            Transform::from_translation(light.position_in_world),
            // The quad is made in the vertex shader, around the light.
            NoFrustumCulling,
        ));
    }
    if stage.air.dust > 0.0 {
        let mesh = world
            .resource_mut::<Assets<Mesh>>()
            .add(quads(GRAINS, grain));
        let material = world
            .resource_mut::<Assets<AirMaterial>>()
            .add(AirMaterial {
                color: Vec4::new(1.0, 0.93, 0.82, 0.9 * stage.air.dust),
                shape: Vec4::new(DUST_REACH_M, DUST_REACH_M, DUST_REACH_M, 0.0013),
                is_flame: false,
            });
        world.spawn((
            StageLight,
            Dust,
            Mesh3d(mesh),
            MeshMaterial3d(material),
            Transform::default(),
            NoFrustumCulling,
        ));
    }
}

/// Transparent things are sorted by their centre: the cloud's is at the eye.
fn keep_dust_around_eye(
    eye: Query<&Transform, (With<Eye>, Without<Dust>)>,
    mut dust: Query<&mut Transform, With<Dust>>,
    stage: Option<Res<CurrentStage>>,
) {
    if stage.is_none() {
        return;
    }
    let Some(eye) = eye.iter().next() else { return };
    for mut transform in &mut dust {
        if transform.translation != eye.translation {
            transform.translation = eye.translation;
        }
    }
}

/// `count` quads: the place in the position, the corner (-1 to 1) in the first UV set.
fn quads(count: u32, place: impl Fn(u32) -> Vec3) -> Mesh {
    let corners = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];
    let mut positions = Vec::with_capacity(count as usize * 4);
    let mut uvs = Vec::with_capacity(count as usize * 4);
    let mut indices = Vec::with_capacity(count as usize * 6);
    for index in 0..count {
        for corner in corners {
            positions.push(place(index).to_array());
            uvs.push(corner);
        }
        let base = index * 4;
        indices.extend_from_slice(&[base, base + 1, base + 2, base, base + 2, base + 3]);
    }
    Mesh::new(
        PrimitiveTopology::TriangleList,
        RenderAssetUsages::RENDER_WORLD,
    )
    .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
    .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, uvs)
    .with_inserted_indices(Indices::U32(indices))
}

/// The place of a grain in the unit box: the additive recurrence R3 of Martin Roberts
/// ("The Unreasonable Effectiveness of Quasirandom Sequences", 2018) fills it evenly.
fn grain(index: u32) -> Vec3 {
    const G: f64 = 1.220_744_084_605_76;
    let n = f64::from(index) + 0.5;
    Vec3::new(
        (n / G).fract() as f32,
        (n / (G * G)).fract() as f32,
        (n / (G * G * G)).fract() as f32,
    )
}
