//! The last pass: an eye's picture into the runtime's, under the veil.
//!
//! Fade and vignette are drawn here, over everything and in the same place for both eyes,
//! instead of as things in the exhibit in front of the visitor.

use super::{chain::FORMAT, link::EyeView};
use crate::visit::comfort::VignetteShape;
use bevy::{
    asset::{load_internal_asset, uuid_handle},
    core_pipeline::FullscreenShader,
    math::ops,
    prelude::*,
    render::{
        RenderApp, RenderStartup,
        render_resource::{
            BindGroupEntries, BindGroupLayoutDescriptor, BindGroupLayoutEntries,
            CachedRenderPipelineId, ColorTargetState, ColorWrites, CommandEncoderDescriptor,
            FilterMode, FragmentState, LoadOp, Operations, PipelineCache,
            RenderPassColorAttachment, RenderPassDescriptor, RenderPipelineDescriptor, Sampler,
            SamplerBindingType, SamplerDescriptor, ShaderStages, ShaderType, StoreOp,
            TextureSampleType, TextureView, UniformBuffer,
            binding_types::{sampler, texture_2d, uniform_buffer},
        },
        renderer::{RenderDevice, RenderQueue},
    },
};

const SHADER: Handle<Shader> = uuid_handle!("0a6f4e0c-6f0b-4f52-9d0e-5f3a7cd2c1b4");

pub(super) fn plugin(app: &mut App) {
    load_internal_asset!(app, SHADER, "compose.wgsl", Shader::from_wgsl);
    if let Some(render) = app.get_sub_app_mut(RenderApp) {
        render.add_systems(RenderStartup, prepare);
    }
}

/// What lies over the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Veil {
    /// 0 clear, 1 black.
    pub(super) darkness: f32,
    /// The narrowed view, if it is.
    pub(super) vignette: Option<VignetteShape>,
}

#[derive(ShaderType, Default)]
struct VeilUniform {
    tangents: Vec4,
    shade: Vec4,
}

impl VeilUniform {
    fn of(eye: &EyeView, veil: &Veil) -> Self {
        // A cosine below -1 is reached by no angle: nothing is dark.
        let (dark, clear) = veil.vignette.map_or((-3.0, -2.0), |shape| {
            (
                ops::cos(shape.dark_half_deg.to_radians()),
                ops::cos(shape.clear_half_deg.to_radians()),
            )
        });
        Self {
            tangents: Vec4::from_array(eye.tangents()),
            shade: Vec4::new(veil.darkness.clamp(0.0, 1.0), dark, clear, 0.0),
        }
    }
}

/// Draws eyes' pictures into the runtime's.
#[derive(Resource)]
pub(super) struct Composer {
    layout: BindGroupLayoutDescriptor,
    pipeline: CachedRenderPipelineId,
    sampler: Sampler,
}

fn prepare(
    mut commands: Commands,
    device: Res<RenderDevice>,
    fullscreen: Res<FullscreenShader>,
    pipelines: Res<PipelineCache>,
) {
    let layout = BindGroupLayoutDescriptor::new(
        "eye picture",
        &BindGroupLayoutEntries::sequential(
            ShaderStages::FRAGMENT,
            (
                texture_2d(TextureSampleType::Float { filterable: true }),
                sampler(SamplerBindingType::Filtering),
                uniform_buffer::<VeilUniform>(false),
            ),
        ),
    );
    let pipeline = pipelines.queue_render_pipeline(RenderPipelineDescriptor {
        label: Some("eye picture".into()),
        layout: vec![layout.clone()],
        vertex: fullscreen.to_vertex_state(),
        fragment: Some(FragmentState {
            shader: SHADER,
            targets: vec![Some(ColorTargetState {
                format: FORMAT,
                blend: None,
                write_mask: ColorWrites::ALL,
            })],
            ..default()
        }),
        ..default()
    });
    let sampler = device.create_sampler(&SamplerDescriptor {
        mag_filter: FilterMode::Linear,
        min_filter: FilterMode::Linear,
        ..default()
    });
    commands.insert_resource(Composer {
        layout,
        pipeline,
        sampler,
    });
}

impl Composer {
    /// Draws both eyes; false while the pipeline is still being compiled.
    pub(super) fn draw(
        &self,
        pipelines: &PipelineCache,
        device: &RenderDevice,
        queue: &RenderQueue,
        pictures: [&TextureView; 2],
        targets: [&TextureView; 2],
        eyes: &[EyeView; 2],
        veil: &Veil,
    ) -> bool {
        let Some(pipeline) = pipelines.get_render_pipeline(self.pipeline) else {
            return false;
        };
        let layout = pipelines.get_bind_group_layout(&self.layout);
        let mut encoder = device.create_command_encoder(&CommandEncoderDescriptor {
            label: Some("eyes"),
        });
        for ((picture, target), eye) in pictures.into_iter().zip(targets).zip(eyes) {
            let mut uniform = UniformBuffer::from(VeilUniform::of(eye, veil));
            uniform.write_buffer(device, queue);
            let Some(binding) = uniform.binding() else {
                return false;
            };
            let group = device.create_bind_group(
                "eye picture",
                &layout,
                &BindGroupEntries::sequential((picture, &self.sampler, binding)),
            );
            let mut pass = encoder.begin_render_pass(&RenderPassDescriptor {
                label: Some("eye"),
                color_attachments: &[Some(RenderPassColorAttachment {
                    view: target,
                    depth_slice: None,
                    resolve_target: None,
                    ops: Operations {
                        load: LoadOp::Clear(default()),
                        store: StoreOp::Store,
                    },
                })],
                ..default()
            });
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &*group, &[]);
            pass.draw(0..3, 0..1);
        }
        queue.submit([encoder.finish()]);
        true
    }
}
