//! From a decoded [`Model`] to Bevy's assets, off the main thread and without copying
//! vertex data: the vectors move.

use crate::bake::model::{self, Model, TexelFormat, Topology, Wrap};
use bevy::{
    asset::RenderAssetUsages,
    camera::primitives::Aabb,
    image::{ImageAddressMode, ImageFilterMode, ImageSampler, ImageSamplerDescriptor},
    math::Affine2,
    mesh::{Indices, Mesh, PrimitiveTopology},
    prelude::*,
    render::render_resource::{
        Extent3d, TextureDescriptor, TextureDimension, TextureFormat, TextureUsages,
    },
};

use super::scan::{ATTRIBUTE_BAKED_LIGHT, ATTRIBUTE_SCAN_COLOR};

/// A model ready to be handed to Bevy: large data moved, nothing shared yet.
pub(super) struct Prepared {
    /// Nodes, parents first.
    pub nodes: Vec<PreparedNode>,
    /// One draw a primitive (or a spatial part of one).
    pub draws: Vec<PreparedDraw>,
    /// Images by index, with the sampler of their first use.
    pub images: Vec<Option<Image>>,
    /// As in the model.
    pub materials: Vec<model::Material>,
    /// As in the model.
    pub lights: Vec<model::Light>,
    /// Whether image `i` has texels below full alpha.
    pub triangles: usize,
}

/// A node of the model's hierarchy.
pub(super) struct PreparedNode {
    /// Name in the file.
    pub name: Option<String>,
    /// Index of the parent in [`Prepared::nodes`].
    pub parent: Option<usize>,
    /// In the parent's frame.
    pub transform: Transform,
    /// Indices into [`Prepared::draws`].
    pub draws: Vec<usize>,
    /// Index into [`Prepared::lights`].
    pub light: Option<usize>,
    /// Hidden by the file or by the author when false.
    pub is_visible: bool,
}

/// A mesh and what it is drawn with.
pub(super) struct PreparedDraw {
    /// Vertex data; taken when handed to Bevy.
    pub mesh: Option<Mesh>,
    /// Bounds in the node's frame.
    pub aabb: Aabb,
    /// Index into [`Prepared::materials`].
    pub material: Option<usize>,
    /// It carries [`ATTRIBUTE_BAKED_LIGHT`].
    pub is_baked: bool,
    /// Bytes of vertex and index data.
    pub bytes: usize,
}

/// Largest number of triangles in one draw: beyond it a primitive is split in space, so
/// that what is behind the visitor is not drawn.
const TRIANGLES_A_DRAW: usize = 16_384;

/// Moves a model's data into Bevy's assets. Call it off the main thread.
pub(super) fn prepare(
    model: Model,
    anisotropy: u16,
    is_full_material: impl Fn(Option<&model::Material>) -> bool,
) -> Prepared {
    let Model {
        nodes,
        meshes,
        materials,
        images,
        lights,
        ..
    } = model;
    let mut draws = Vec::new();
    let mut draws_of_mesh = Vec::with_capacity(meshes.len());
    let mut triangles = 0;
    for mesh in meshes {
        let mut own = Vec::new();
        for primitive in mesh.primitives {
            let material = primitive.material.and_then(|index| materials.get(index));
            let is_full = is_full_material(material);
            triangles += triangle_count(&primitive);
            for part in crate::bake::split::split(primitive, TRIANGLES_A_DRAW) {
                own.push(draws.len());
                draws.push(prepare_draw(part, is_full));
            }
        }
        draws_of_mesh.push(own);
    }
    let nodes = nodes
        .into_iter()
        .map(|node| PreparedNode {
            transform: Transform {
                translation: node.translation.as_vec3(),
                rotation: node.rotation.as_quat(),
                scale: node.scale.as_vec3(),
            },
            draws: node
                .mesh
                .and_then(|mesh| draws_of_mesh.get(mesh))
                .cloned()
                .unwrap_or_default(),
            name: node.name,
            parent: node.parent,
            light: node.light,
            is_visible: node.is_visible,
        })
        .collect();
    let samplers = samplers(&materials, images.len(), anisotropy);
    let images = images
        .into_iter()
        .zip(samplers)
        .map(|(image, sampler)| image.map(|image| prepare_image(image, sampler)))
        .collect();
    Prepared {
        nodes,
        draws,
        images,
        materials,
        lights,
        triangles,
    }
}

fn triangle_count(primitive: &model::Primitive) -> usize {
    if primitive.topology != Topology::Triangles {
        return 0;
    }
    match &primitive.indices {
        Some(model::Indices::U16(list)) => list.len() / 3,
        Some(model::Indices::U32(list)) => list.len() / 3,
        None => primitive.positions.len() / 3,
    }
}

fn prepare_draw(primitive: model::Primitive, is_full: bool) -> PreparedDraw {
    let topology = match primitive.topology {
        Topology::Points => PrimitiveTopology::PointList,
        Topology::Lines => PrimitiveTopology::LineList,
        Topology::Triangles => PrimitiveTopology::TriangleList,
    };
    let (min, max) = primitive.bounds;
    let is_baked = !primitive.baked_light.is_empty() && !is_full;
    let needs_tangents = is_full && primitive.tangents.is_empty();
    let vertices = primitive.positions.len();
    let mut stride = 12;
    let mut mesh = Mesh::new(topology, RenderAssetUsages::RENDER_WORLD);
    mesh.insert_attribute(Mesh::ATTRIBUTE_POSITION, primitive.positions);
    if !primitive.normals.is_empty() {
        stride += 12;
        mesh.insert_attribute(Mesh::ATTRIBUTE_NORMAL, primitive.normals);
    }
    if !primitive.uv0.is_empty() {
        stride += 8;
        mesh.insert_attribute(Mesh::ATTRIBUTE_UV_0, primitive.uv0);
    }
    if is_full {
        if !primitive.uv1.is_empty() {
            stride += 8;
            mesh.insert_attribute(Mesh::ATTRIBUTE_UV_1, primitive.uv1);
        }
        if !primitive.colors.is_empty() {
            stride += 16;
            let colors: Vec<[f32; 4]> = primitive
                .colors
                .iter()
                .map(|color| color.map(|channel| f32::from(channel) / 255.0))
                .collect();
            mesh.insert_attribute(Mesh::ATTRIBUTE_COLOR, colors);
        }
        if !primitive.tangents.is_empty() {
            stride += 16;
            mesh.insert_attribute(Mesh::ATTRIBUTE_TANGENT, primitive.tangents);
        }
    } else {
        if !primitive.colors.is_empty() {
            stride += 4;
            mesh.insert_attribute(
                ATTRIBUTE_SCAN_COLOR,
                bevy::mesh::VertexAttributeValues::Unorm8x4(primitive.colors),
            );
        }
        if is_baked {
            stride += 4;
            mesh.insert_attribute(
                ATTRIBUTE_BAKED_LIGHT,
                bevy::mesh::VertexAttributeValues::Unorm8x4(primitive.baked_light),
            );
        }
    }
    let index_bytes = match primitive.indices {
        Some(model::Indices::U16(list)) => {
            let bytes = list.len() * 2;
            mesh.insert_indices(Indices::U16(list));
            bytes
        }
        Some(model::Indices::U32(list)) => {
            let bytes = list.len() * 4;
            mesh.insert_indices(Indices::U32(list));
            bytes
        }
        None => 0,
    };
    if needs_tangents
        && mesh.contains_attribute(Mesh::ATTRIBUTE_NORMAL)
        && mesh.contains_attribute(Mesh::ATTRIBUTE_UV_0)
        && topology == PrimitiveTopology::TriangleList
    {
        match mesh.generate_tangents() {
            Ok(()) => stride += 16,
            Err(error) => debug!("no tangents for a mesh, its normal map is left out: {error}"),
        }
    }
    PreparedDraw {
        mesh: Some(mesh),
        aabb: Aabb::from_min_max(min, max),
        material: primitive.material,
        is_baked,
        bytes: vertices * stride + index_bytes,
    }
}

/// The sampler of each image: that of its first use.
fn samplers(
    materials: &[model::Material],
    count: usize,
    anisotropy: u16,
) -> Vec<ImageSamplerDescriptor> {
    let mut samplers = vec![None; count];
    for material in materials {
        let uses = [
            &material.base_color_texture,
            &material.metallic_roughness_texture,
            &material.normal_texture,
            &material.occlusion_texture,
            &material.emissive_texture,
        ];
        for texture in uses.into_iter().flatten() {
            if let Some(slot) = samplers.get_mut(texture.image)
                && slot.is_none()
            {
                *slot = Some(sampler(texture.wrap, texture.is_nearest, anisotropy));
            }
        }
    }
    samplers
        .into_iter()
        .map(|slot| slot.unwrap_or_else(|| sampler([Wrap::Repeat; 2], false, anisotropy)))
        .collect()
}

/// Trilinear, with anisotropy where the machine affords it: murals are seen at grazing
/// angles.
pub(super) fn sampler(
    wrap: [Wrap; 2],
    is_nearest: bool,
    anisotropy: u16,
) -> ImageSamplerDescriptor {
    let mode = |wrap| match wrap {
        Wrap::Repeat => ImageAddressMode::Repeat,
        Wrap::Mirror => ImageAddressMode::MirrorRepeat,
        Wrap::Clamp => ImageAddressMode::ClampToEdge,
    };
    let filter = if is_nearest {
        ImageFilterMode::Nearest
    } else {
        ImageFilterMode::Linear
    };
    ImageSamplerDescriptor {
        address_mode_u: mode(wrap[0]),
        address_mode_v: mode(wrap[1]),
        mag_filter: filter,
        min_filter: filter,
        // Without anisotropy the machine is slow: the nearest mip costs half of two.
        mipmap_filter: if anisotropy == 1 {
            ImageFilterMode::Nearest
        } else {
            filter
        },
        // WebGPU allows anisotropy only where every filter is linear.
        anisotropy_clamp: if is_nearest { 1 } else { anisotropy },
        ..default()
    }
}

/// A texture with the whole mip chain the reader made.
pub(super) fn prepare_image(image: model::Image, sampler: ImageSamplerDescriptor) -> Image {
    let is_color = image.usage == model::ImageUse::Color;
    let format = match (image.format, is_color) {
        (TexelFormat::Rgba8, true) => TextureFormat::Rgba8UnormSrgb,
        (TexelFormat::Rgba8, false) => TextureFormat::Rgba8Unorm,
        (TexelFormat::Bc1, true) => TextureFormat::Bc1RgbaUnormSrgb,
        (TexelFormat::Bc1, false) => TextureFormat::Bc1RgbaUnorm,
        (TexelFormat::Bc5, _) => TextureFormat::Bc5RgUnorm,
        (TexelFormat::Bc7, true) => TextureFormat::Bc7RgbaUnormSrgb,
        (TexelFormat::Bc7, false) => TextureFormat::Bc7RgbaUnorm,
    };
    Image {
        data: Some(image.data),
        texture_descriptor: TextureDescriptor {
            label: None,
            size: Extent3d {
                width: image.width,
                height: image.height,
                depth_or_array_layers: 1,
            },
            mip_level_count: image.mip_count,
            sample_count: 1,
            dimension: TextureDimension::D2,
            format,
            usage: TextureUsages::TEXTURE_BINDING | TextureUsages::COPY_DST,
            view_formats: &[],
        },
        sampler: ImageSampler::Descriptor(sampler),
        asset_usage: RenderAssetUsages::RENDER_WORLD,
        ..default()
    }
}

/// The matrix of `KHR_texture_transform` as Bevy's `StandardMaterial` takes it.
pub(super) fn affine(rows: [[f32; 3]; 2]) -> Affine2 {
    Affine2::from_cols(
        Vec2::new(rows[0][0], rows[1][0]),
        Vec2::new(rows[0][1], rows[1][1]),
        Vec2::new(rows[0][2], rows[1][2]),
    )
}
