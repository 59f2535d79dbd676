//! A decoded model: what a glTF file holds once every compression is undone.
//!
//! Plain data, ready to become GPU buffers without another copy. Right-handed, Y up,
//! metres after [`crate::bake`] applied the file's unit. Nothing here knows Bevy's renderer.

use bevy::math::{DAffine3, DQuat, DVec3, Vec3};

use super::animation::Clip;

/// A whole glTF scene, decoded.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// All nodes of the default scene; parents come before their children.
    pub nodes: Vec<Node>,
    /// Meshes named by [`Node::mesh`].
    pub meshes: Vec<Mesh>,
    /// Materials named by [`Primitive::material`].
    pub materials: Vec<Material>,
    /// Images named by [`TextureRef::image`]. `None` where an image could not be read:
    /// a warning says why, and the renderer shows a neutral texture.
    pub images: Vec<Option<Image>>,
    /// Which of [`Model::images`] were left out because others take their place
    /// ([`crate::bake::Replaced`]).
    pub images_replaced: Vec<bool>,
    /// What each of [`Model::images`] is called, also those that could not be read.
    pub image_labels: Vec<String>,
    /// Punctual lights named by [`Node::light`].
    pub lights: Vec<Light>,
    /// Animations in the file's order; those that could not be read are left out.
    pub clips: Vec<Clip>,
    /// Skins named by [`Node::skin`].
    pub skins: Vec<Skin>,
    /// What the file says of itself.
    pub about: About,
    /// The point of the file that became (0, 0, 0): metres, Y up. Zero unless
    /// [`crate::bake::Origin`] moved the model.
    pub origin: DVec3,
    /// What could not be honoured, in words for an author.
    pub warnings: Vec<Finding>,
}

/// A thing to tell an author about a model file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether the model cannot be shown as meant.
    pub is_error: bool,
    /// A kebab-case code of ours, or the Khronos validator's code in its own spelling.
    pub code: String,
    /// One sentence.
    pub message: String,
    /// JSON pointer into the glTF document, such as `/accessors/3/count`; may be empty.
    pub pointer: String,
    /// How to mend it; may be empty.
    pub help: String,
}

/// One node. Transforms are in f64 until the renderer takes them, so that survey
/// coordinates can be rebased without jitter.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// The node's name in the file.
    pub name: Option<String>,
    /// Index of the parent; always smaller than this node's own index.
    pub parent: Option<usize>,
    /// Position in the parent's frame, metres.
    pub translation: DVec3,
    /// Rotation in the parent's frame.
    pub rotation: DQuat,
    /// Scale in the parent's frame.
    pub scale: DVec3,
    /// Index into [`Model::meshes`].
    pub mesh: Option<usize>,
    /// Index into [`Model::lights`].
    pub light: Option<usize>,
    /// Index into [`Model::skins`]: the mesh follows its joints and this node is where it
    /// stands in its bind pose.
    pub skin: Option<usize>,
    /// Weights of the mesh's morph targets when nothing plays; empty where it has none.
    pub weights: Vec<f32>,
    /// False when `KHR_node_visibility` hides it.
    pub is_visible: bool,
}

/// What bends a mesh: each vertex follows up to four joints.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Skin {
    /// Indices into [`Model::nodes`].
    pub joints: Vec<usize>,
    /// Inverse bind matrices, one a joint.
    pub joint_from_mesh: Vec<DAffine3>,
}

/// A shape that a mesh can take in part: what to add to each vertex.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MorphTarget {
    /// One a vertex, metres.
    pub positions: Vec<[f32; 3]>,
    /// One a vertex, or none.
    pub normals: Vec<[f32; 3]>,
}

/// A mesh: primitives that share a node.
#[derive(Debug, Clone, Default)]
pub struct Mesh {
    /// The mesh's name in the file.
    pub name: Option<String>,
    /// Its parts, one a material.
    pub primitives: Vec<Primitive>,
}

/// What the indices of a primitive mean. Strips, fans and loops are unrolled on reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Topology {
    /// Isolated points.
    Points,
    /// Isolated line segments.
    Lines,
    /// Isolated triangles, counter-clockwise from outside.
    #[default]
    Triangles,
}

/// Indices in the width the file gave, so that memory stays what it was.
#[derive(Debug, Clone)]
pub enum Indices {
    /// 8- and 16-bit indices.
    U16(Vec<u16>),
    /// 32-bit indices.
    U32(Vec<u32>),
}

/// Vertex data of one draw. All vectors have one entry a vertex or are empty.
#[derive(Debug, Clone, Default)]
pub struct Primitive {
    /// See [`Topology`].
    pub topology: Topology,
    /// Positions in the node's frame, metres.
    pub positions: Vec<[f32; 3]>,
    /// Unit normals; computed (flat or smooth) when the file has none and it has triangles.
    pub normals: Vec<[f32; 3]>,
    /// Unit tangents with handedness in w; empty when the file has none.
    pub tangents: Vec<[f32; 4]>,
    /// `TEXCOORD_0`.
    pub uv0: Vec<[f32; 2]>,
    /// `TEXCOORD_1`.
    pub uv1: Vec<[f32; 2]>,
    /// `COLOR_0`, linear RGBA, 8 bits a channel.
    pub colors: Vec<[u8; 4]>,
    /// Our own attribute `_BAKED_LIGHT` (8-bit normalised): ambient occlusion,
    /// daylight, light of fixed lamps group 1, group 2; each stored as its square root.
    pub baked_light: Vec<[u8; 4]>,
    /// Indices into the joints of the skin; empty where the mesh has none.
    pub joints: Vec<[u16; 4]>,
    /// Shares of those joints, together 1.
    pub joint_weights: Vec<[f32; 4]>,
    /// Shapes it can take in part.
    pub morphs: Vec<MorphTarget>,
    /// `None` draws the vertices in order.
    pub indices: Option<Indices>,
    /// Index into [`Model::materials`].
    pub material: Option<usize>,
    /// Smallest and largest position.
    pub bounds: (Vec3, Vec3),
}

/// A texture of a material and how it is sampled.
#[derive(Debug, Clone, PartialEq)]
pub struct TextureRef {
    /// Index into [`Model::images`].
    pub image: usize,
    /// UV set, 0 or 1.
    pub uv_set: u8,
    /// Wrapping of u and v.
    pub wrap: [Wrap; 2],
    /// True when the sampler asks for nearest magnification (pixel art, test charts).
    pub is_nearest: bool,
    /// `KHR_texture_transform`: a row-major 2x3 matrix applied to uv. Identity when absent.
    pub uv_transform: [[f32; 3]; 2],
}

/// How a coordinate outside 0 to 1 is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wrap {
    /// Repeat.
    #[default]
    Repeat,
    /// Mirror at each whole number.
    Mirror,
    /// Clamp to the edge.
    Clamp,
}

/// How alpha is used.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Alpha {
    /// Ignored.
    #[default]
    Opaque,
    /// Cut at a threshold.
    Mask(f32),
    /// Blended.
    Blend,
}

/// A metallic-roughness material (glTF 2.0, section 3.9) with the extensions we honour.
#[derive(Debug, Clone)]
pub struct Material {
    /// The material's name in the file.
    pub name: Option<String>,
    /// Linear RGBA factor.
    pub base_color: [f32; 4],
    /// sRGB texture.
    pub base_color_texture: Option<TextureRef>,
    /// 0 to 1.
    pub metallic: f32,
    /// 0 to 1.
    pub roughness: f32,
    /// Roughness in G, metallic in B; linear.
    pub metallic_roughness_texture: Option<TextureRef>,
    /// Tangent-space normal map (OpenGL, +Y up); linear.
    pub normal_texture: Option<TextureRef>,
    /// Scale of the normal map's x and y.
    pub normal_scale: f32,
    /// Occlusion in R; linear.
    pub occlusion_texture: Option<TextureRef>,
    /// 0 to 1.
    pub occlusion_strength: f32,
    /// Linear RGB, times `KHR_materials_emissive_strength`.
    pub emissive: [f32; 3],
    /// sRGB texture.
    pub emissive_texture: Option<TextureRef>,
    /// See [`Alpha`].
    pub alpha: Alpha,
    /// Both sides are drawn.
    pub is_double_sided: bool,
    /// `KHR_materials_unlit`.
    pub is_unlit: bool,
    /// Needs more than base colour, normal, roughness and occlusion to look right
    /// (transmission, clear coat, specular, ...): drawn with the full PBR material.
    pub needs_full_pbr: bool,
    /// `KHR_materials_clearcoat`: factor and roughness.
    pub clearcoat: Option<(f32, f32)>,
    /// `KHR_materials_transmission` factor.
    pub transmission: f32,
    /// `KHR_materials_ior`; 1.5 when absent.
    pub ior: f32,
}

/// What an image is used for; decides its colour space and how its mips are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageUse {
    /// sRGB: base colour, emissive.
    Color,
    /// Linear data: roughness, occlusion.
    Data,
    /// Linear tangent-space normals: mips are renormalised.
    Normal,
}

/// Texel formats we upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TexelFormat {
    /// 8 bits a channel.
    Rgba8,
    /// Two channels of 8 bits, for normals.
    Rg8,
    /// One channel of 8 bits, for occlusion.
    R8,
    /// Block-compressed colour, 8 bytes a 4x4 block.
    Bc1,
    /// Two-channel block compression for normals, 16 bytes a block.
    Bc5,
    /// High-quality block compression, 16 bytes a block.
    Bc7,
}

/// A decoded image with its whole mip chain, largest first, tightly packed in one buffer
/// in the order the GPU upload takes (mip 0, mip 1, ...).
#[derive(Debug, Clone)]
pub struct Image {
    /// The image's name or path in the file, for messages.
    pub label: String,
    /// Width of mip 0 in texels.
    pub width: u32,
    /// Height of mip 0 in texels.
    pub height: u32,
    /// See [`TexelFormat`].
    pub format: TexelFormat,
    /// See [`ImageUse`].
    pub usage: ImageUse,
    /// Number of mip levels in `data`.
    pub mip_count: u32,
    /// Texels.
    pub data: Vec<u8>,
    /// True when some texel has alpha below 255.
    pub has_alpha: bool,
}

/// `KHR_lights_punctual`.
#[derive(Debug, Clone)]
pub struct Light {
    /// The light's name in the file.
    pub name: Option<String>,
    /// See [`LightKind`].
    pub kind: LightKind,
    /// Linear RGB.
    pub color: [f32; 3],
    /// Candela (point, spot) or lux (directional).
    pub intensity: f32,
    /// Metres; `None` is unlimited.
    pub range_m: Option<f32>,
}

/// Shape of a punctual light; it shines along the node's -Z.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LightKind {
    /// Parallel rays.
    Directional,
    /// All around.
    Point,
    /// A cone; angles in radians from the axis.
    Spot {
        /// Full brightness inside.
        inner_rad: f32,
        /// Dark outside.
        outer_rad: f32,
    },
}

/// What the file says of itself.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// `asset.generator`.
    pub generator: Option<String>,
    /// `asset.copyright`.
    pub copyright: Option<String>,
    /// From `asset.extras` (`author`, as common exporters write it) or KHR_xmp_json_ld.
    pub author: Option<String>,
    /// Likewise `license`.
    pub licence: Option<String>,
    /// Likewise `title`.
    pub title: Option<String>,
    /// `asset.version`.
    pub version: String,
    /// `extensionsUsed`.
    pub extensions_used: Vec<String>,
    /// `extensionsRequired`.
    pub extensions_required: Vec<String>,
    /// Number of animations.
    pub animations: usize,
    /// Number of skins.
    pub skins: usize,
    /// Number of cameras.
    pub cameras: usize,
}

impl Material {
    /// The images it is shown with: base color, roughness and metallic, normal, occlusion, emission.
    pub fn textures(&self) -> impl Iterator<Item = &TextureRef> {
        [
            &self.base_color_texture,
            &self.metallic_roughness_texture,
            &self.normal_texture,
            &self.occlusion_texture,
            &self.emissive_texture,
        ]
        .into_iter()
        .flatten()
    }
}

impl Default for Material {
    /// The material of glTF 2.0, section 3.9.6: white, rough, metallic factor 1 has no
    /// meaning without a texture, so it is taken as plain.
    fn default() -> Self {
        Self {
            name: None,
            base_color: [1.0; 4],
            base_color_texture: None,
            metallic: 0.0,
            roughness: 1.0,
            metallic_roughness_texture: None,
            normal_texture: None,
            normal_scale: 1.0,
            occlusion_texture: None,
            occlusion_strength: 1.0,
            emissive: [0.0; 3],
            emissive_texture: None,
            alpha: Alpha::Opaque,
            is_double_sided: false,
            is_unlit: false,
            needs_full_pbr: false,
            clearcoat: None,
            transmission: 0.0,
            ior: 1.5,
        }
    }
}
