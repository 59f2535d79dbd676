//! What is seen where no mesh is: three colors, or a panorama all around.

use super::light::StageLight;
use crate::exhibit::stage::{Stage, StagedSky};
use bevy::{
    asset::{RenderAssetUsages, load_internal_asset, uuid_handle},
    camera::visibility::NoFrustumCulling,
    mesh::{MeshVertexBufferLayoutRef, PrimitiveTopology},
    pbr::{Material, MaterialPipeline, MaterialPipelineKey, MaterialPlugin},
    prelude::*,
    render::render_resource::{
        AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError,
    },
    shader::ShaderRef,
};

const SKY_SHADER: Handle<Shader> = uuid_handle!("0d2f0a57-51b9-4b8e-9a0e-6a4f0d6f7c11");

pub(super) fn plugin(app: &mut App) {
    load_internal_asset!(app, SKY_SHADER, "sky.wgsl", Shader::from_wgsl);
    app.add_plugins(MaterialPlugin::<SkyMaterial>::default());
}

/// Drawn behind everything, over the whole view.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
#[bind_group_data(SkyKey)]
pub struct SkyMaterial {
    /// Linear RGB as shown.
    #[uniform(0)]
    zenith: Vec4,
    #[uniform(0)]
    horizon: Vec4,
    #[uniform(0)]
    ground: Vec4,
    /// Equirectangular, sRGB.
    #[texture(1)]
    #[sampler(2)]
    panorama: Option<Handle<Image>>,
}

/// What the shader is specialised on.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SkyKey {
    has_panorama: bool,
}

impl From<&SkyMaterial> for SkyKey {
    fn from(material: &SkyMaterial) -> Self {
        Self {
            has_panorama: material.panorama.is_some(),
        }
    }
}

impl Material for SkyMaterial {
    fn vertex_shader() -> ShaderRef {
        SKY_SHADER.into()
    }

    fn fragment_shader() -> ShaderRef {
        SKY_SHADER.into()
    }

    /// After everything opaque, so that it costs only the pixels that nothing covers.
    fn alpha_mode(&self) -> AlphaMode {
        AlphaMode::Blend
    }

    /// Before everything else that is blended.
    fn depth_bias(&self) -> f32 {
        -1.0e6
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
        descriptor.vertex.buffers = vec![
            layout
                .0
                .get_layout(&[Mesh::ATTRIBUTE_POSITION.at_shader_location(0)])?,
        ];
        descriptor.primitive.cull_mode = None;
        // The bias above is for sorting; the triangle itself lies at the far plane.
        if let Some(depth) = &mut descriptor.depth_stencil {
            depth.bias = default();
        }
        if key.bind_group_data.has_panorama
            && let Some(fragment) = &mut descriptor.fragment
        {
            fragment.shader_defs.push("SKY_PANORAMA".into());
        }
        Ok(())
    }
}

/// A sky that hangs until another one does, whatever else of the stage is made anew.
#[derive(Component)]
struct Panorama;

/// Spawns the sky of a stage; a panorama comes later, see [`hang_panorama`].
pub fn spawn_sky(world: &mut World, stage: &Stage) {
    if !matches!(stage.sky, StagedSky::Panorama(_)) {
        take_down_panorama(world);
    }
    if let StagedSky::Gradient {
        zenith,
        horizon,
        ground,
    } = stage.sky
    {
        let color = |rgb: [f32; 3]| Vec3::from_array(rgb).extend(1.0);
        let sky = spawn(
            world,
            SkyMaterial {
                zenith: color(zenith),
                horizon: color(horizon),
                ground: color(ground),
                panorama: None,
            },
        );
        world.entity_mut(sky).insert(StageLight);
    }
}

/// Hangs a panorama all around, in the place of the one that hung there.
pub(super) fn hang_panorama(world: &mut World, image: Handle<Image>) {
    take_down_panorama(world);
    let sky = spawn(
        world,
        SkyMaterial {
            zenith: Vec4::ZERO,
            horizon: Vec4::ZERO,
            ground: Vec4::ZERO,
            panorama: Some(image),
        },
    );
    world.entity_mut(sky).insert(Panorama);
}

fn take_down_panorama(world: &mut World) {
    let mut hung = world.query_filtered::<Entity, With<Panorama>>();
    for panorama in hung.iter(world).collect::<Vec<_>>() {
        world.despawn(panorama);
    }
}

fn spawn(world: &mut World, material: SkyMaterial) -> Entity {
    let mesh = Mesh::new(
        PrimitiveTopology::TriangleList,
        RenderAssetUsages::RENDER_WORLD,
    )
    .with_inserted_attribute(
        Mesh::ATTRIBUTE_POSITION,
        vec![[-1.0, -1.0, 0.0], [3.0, -1.0, 0.0], [-1.0, 3.0, 0.0]],
    );
    let mesh = world.resource_mut::<Assets<Mesh>>().add(mesh);
    let material = world.resource_mut::<Assets<SkyMaterial>>().add(material);
    let sky = world.spawn((
        Name::new("sky"),
        Mesh3d(mesh),
        MeshMaterial3d(material),
        Transform::default(),
        NoFrustumCulling,
    ));
    sky.id()
}
