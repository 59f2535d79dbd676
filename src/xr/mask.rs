//! What the lenses hide is not drawn: the runtime's hidden area (`XR_KHR_visibility_mask`) goes
//! into each eye's depth first, at the near plane, so that every pixel behind it fails.
//!
//! The mask is asked for once a session and after its change was told, in the runtime's own
//! shape: triangles in the plane one metre ahead of each eye.

use super::{
    eyes::{EyeProjection, HeadsetEye},
    frames::Frames,
    link::Link,
};
use bevy::{
    asset::{load_internal_asset, uuid_handle},
    camera::CameraProjection,
    core_pipeline::{
        Core3d, Core3dSystems,
        core_3d::{CORE_3D_DEPTH_FORMAT, main_opaque_pass_3d},
    },
    mesh::VertexBufferLayout,
    prelude::*,
    render::{
        Render, RenderApp, RenderStartup, RenderSystems,
        extract_component::{ExtractComponent, ExtractComponentPlugin},
        render_resource::{
            Buffer, BufferInitDescriptor, BufferUsages, CachedRenderPipelineId, CompareFunction,
            DepthBiasState, DepthStencilState, MultisampleState, PipelineCache, PrimitiveState,
            RenderPassDescriptor, RenderPipelineDescriptor, StencilState, StoreOp, VertexFormat,
            VertexState, VertexStepMode,
        },
        renderer::{RenderContext, RenderDevice, ViewQuery},
        view::ViewDepthTexture,
    },
};
use openxr::VisibilityMaskTypeKHR;

const SHADER: Handle<Shader> = uuid_handle!("b1a3c7e2-51d4-4a0b-8f0e-9c2d7a6f3e51");

pub(super) fn plugin(app: &mut App) {
    load_internal_asset!(app, SHADER, "mask.wgsl", Shader::from_wgsl);
    app.add_plugins(ExtractComponentPlugin::<EyeMask>::default())
        .add_systems(PostUpdate, fit_masks.after(super::eyes::EyeSystems));
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render
            .add_systems(RenderStartup, prepare)
            .add_systems(Render, upload.in_set(RenderSystems::PrepareResources))
            .add_systems(
                Core3d,
                draw.in_set(Core3dSystems::MainPass)
                    .before(main_opaque_pass_3d),
            );
    }
}

/// The hidden triangles of an eye, in the plane one metre ahead: right and up, metres.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Hidden {
    pub(super) corners: Vec<Vec2>,
}

impl Hidden {
    /// What the runtime says is hidden of each eye; nothing where it says nothing.
    pub(super) fn of(link: &Link) -> [Self; 2] {
        if link.session.instance().exts().khr_visibility_mask.is_none() {
            return default();
        }
        [0, 1].map(|eye| {
            let kind = VisibilityMaskTypeKHR::HIDDEN_TRIANGLE_MESH;
            let mask = link
                .session
                .get_visibility_mask_khr(super::link::STEREO, eye, kind);
            match mask {
                Ok(mask) => Self {
                    corners: mask
                        .indices
                        .iter()
                        .filter_map(|index| mask.vertices.get(*index as usize))
                        .map(|corner| Vec2::new(corner.x, corner.y))
                        .collect(),
                },
                Err(code) => {
                    debug!("no hidden area of eye {eye}: {code}");
                    Self::default()
                }
            }
        })
    }

    /// The triangles on the eye's picture, -1 to 1; what is broken hides nothing.
    fn on_picture(&self, projection: &EyeProjection) -> Vec<Vec2> {
        let clip = projection.get_clip_from_view();
        let all: Vec<Vec2> = self
            .corners
            .iter()
            .map(|corner| clip.project_point3(corner.extend(-1.0)).truncate())
            .collect();
        let is_sound = all.len().is_multiple_of(3)
            && all
                .iter()
                .all(|corner| corner.is_finite() && corner.length() < 1e3);
        if is_sound { all } else { Vec::new() }
    }

    /// The share of the picture that is hidden, 0 to 1.
    fn share(on_picture: &[Vec2]) -> f32 {
        let twice: f32 = on_picture
            .chunks_exact(3)
            .map(|t| (t[1] - t[0]).perp_dot(t[2] - t[0]).abs())
            .sum();
        twice / 8.0
    }
}

/// What of an eye's picture is hidden, as corners of triangles from -1 to 1.
#[derive(Component, ExtractComponent, Debug, Clone, Default, PartialEq)]
pub(super) struct EyeMask(Vec<Vec2>);

/// A new session has its own mask; projections may change with it.
fn fit_masks(
    mut commands: Commands,
    frames: Res<Frames>,
    eyes: Query<(Entity, &HeadsetEye, &Projection, Option<&EyeMask>)>,
) {
    let shared = frames.lock();
    let Some(facts) = &shared.facts else { return };
    for (entity, HeadsetEye(eye), projection, shown) in &eyes {
        let Projection::Custom(projection) = projection else {
            continue;
        };
        let Some(projection) = projection.get::<EyeProjection>() else {
            continue;
        };
        let mask = EyeMask(facts.hidden[*eye].on_picture(projection));
        if shown != Some(&mask) {
            let percent = (Hidden::share(&mask.0) * 1000.0).round() / 10.0;
            info!("of eye {eye}, {percent} % are hidden by the lens and not drawn");
            commands.entity(entity).insert(mask);
        }
    }
}

#[derive(Resource)]
struct MaskPipelines {
    plain: CachedRenderPipelineId,
    sampled: CachedRenderPipelineId,
}

fn prepare(mut commands: Commands, pipelines: Res<PipelineCache>) {
    let make = |samples: u32| {
        pipelines.queue_render_pipeline(RenderPipelineDescriptor {
            label: Some("hidden area".into()),
            vertex: VertexState {
                shader: SHADER,
                entry_point: Some("vertex".into()),
                buffers: vec![VertexBufferLayout::from_vertex_formats(
                    VertexStepMode::Vertex,
                    [VertexFormat::Float32x2],
                )],
                ..default()
            },
            fragment: None,
            primitive: PrimitiveState::default(),
            depth_stencil: Some(DepthStencilState {
                format: CORE_3D_DEPTH_FORMAT,
                depth_write_enabled: Some(true),
                depth_compare: Some(CompareFunction::Always),
                stencil: StencilState::default(),
                bias: DepthBiasState::default(),
            }),
            multisample: MultisampleState {
                count: samples,
                ..default()
            },
            ..default()
        })
    };
    commands.insert_resource(MaskPipelines {
        plain: make(1),
        sampled: make(4),
    });
}

/// The corners on the GPU.
#[derive(Component)]
struct MaskBuffer {
    corners: Vec<Vec2>,
    buffer: Buffer,
}

fn upload(
    mut commands: Commands,
    device: Res<RenderDevice>,
    masks: Query<(Entity, &EyeMask, Option<&MaskBuffer>), Changed<EyeMask>>,
) {
    for (entity, mask, known) in &masks {
        if mask.0.is_empty() {
            commands.entity(entity).remove::<MaskBuffer>();
            continue;
        }
        // It is extracted anew each frame.
        if known.is_some_and(|known| known.corners == mask.0) {
            continue;
        }
        let bytes: Vec<u8> = mask
            .0
            .iter()
            .flat_map(|corner| corner.to_array())
            .flat_map(f32::to_ne_bytes)
            .collect();
        let buffer = device.create_buffer_with_data(&BufferInitDescriptor {
            label: Some("hidden area"),
            contents: &bytes,
            usage: BufferUsages::VERTEX,
        });
        commands.entity(entity).insert(MaskBuffer {
            corners: mask.0.clone(),
            buffer,
        });
    }
}

fn draw(
    view: ViewQuery<(&ViewDepthTexture, &Msaa, &MaskBuffer)>,
    masks: Option<Res<MaskPipelines>>,
    pipelines: Res<PipelineCache>,
    mut context: RenderContext,
) {
    let (depth, msaa, mask) = view.into_inner();
    let pipeline = masks.and_then(|masks| {
        pipelines.get_render_pipeline(match msaa.samples() {
            1 => masks.plain,
            4 => masks.sampled,
            _ => return None,
        })
    });
    let Some(pipeline) = pipeline else { return };
    let mut pass = context.begin_tracked_render_pass(RenderPassDescriptor {
        label: Some("hidden area"),
        color_attachments: &[],
        depth_stencil_attachment: Some(depth.get_attachment(StoreOp::Store)),
        ..default()
    });
    pass.set_render_pipeline(pipeline);
    pass.set_vertex_buffer(0, mask.buffer.slice(..));
    pass.draw(0..mask.corners.len() as u32, 0..1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corner_that_is_hidden_lies_in_its_corner() {
        // A tangent of 1 to every side.
        let projection = EyeProjection::default();
        let hidden = Hidden {
            corners: vec![
                Vec2::new(-1.0, 1.0),
                Vec2::new(-1.0, 0.0),
                Vec2::new(0.0, 1.0),
            ],
        };
        let shown = hidden.on_picture(&projection);
        let wanted = [
            Vec2::new(-1.0, 1.0),
            Vec2::new(-1.0, 0.0),
            Vec2::new(0.0, 1.0),
        ];
        for (own, wanted) in shown.iter().zip(wanted) {
            assert!(
                own.abs_diff_eq(wanted, 1e-5),
                "left and up as the runtime says: {own}, not {wanted}"
            );
        }
        let share = Hidden::share(&shown);
        assert!(
            (share - 0.125).abs() < 1e-5,
            "half a quarter of the picture: {share}"
        );
    }

    #[test]
    fn a_broken_mask_hides_nothing() {
        let projection = EyeProjection::default();
        for corners in [
            vec![Vec2::ZERO; 4],
            vec![Vec2::ZERO, Vec2::NAN, Vec2::ONE],
            vec![Vec2::ZERO, Vec2::splat(1e9), Vec2::ONE],
        ] {
            let hidden = Hidden { corners };
            assert!(
                hidden.on_picture(&projection).is_empty(),
                "{hidden:?} is no mask"
            );
        }
    }
}
