//! The glTF 2.0 JSON as plain structs (specification, chapter 5).
//!
//! Our own, because the `gltf-json` crate keeps node transforms in f32, which rounds survey
//! coordinates to centimetres before anything can be subtracted, and refuses files whose
//! extensions it does not know. Unknown members are skipped; lists stop at [`MAX_LIST`]
//! entries while they are being read, so that three bytes of JSON never become hundreds of
//! bytes of memory without end.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::texts::Texts;

/// Most entries of any list in the document.
const MAX_LIST: usize = 250_000;

fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    struct Bounded<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Bounded<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a list")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut out = Vec::new();
            while let Some(item) = seq.next_element()? {
                if out.len() >= MAX_LIST {
                    return Err(A::Error::custom(format!("more than {MAX_LIST} entries")));
                }
                out.push(item);
            }
            Ok(out)
        }
    }
    d.deserialize_seq(Bounded(PhantomData))
}

macro_rules! lists {
    ($(#[$doc:meta])* struct $name:ident { $($(#[$field_doc:meta])* $rename:literal => $field:ident: Vec<$ty:ty>,)* ; $($(#[$rest_doc:meta])* $rest:ident: $rest_ty:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub(crate) struct $name {
            $($(#[$field_doc])* #[serde(default, rename = $rename, deserialize_with = "list")] pub(crate) $field: Vec<$ty>,)*
            $($(#[$rest_doc])* pub(crate) $rest: $rest_ty,)*
        }
    };
}

lists! {
    /// The whole document.
    struct Document {
        "extensionsUsed" => extensions_used: Vec<String>,
        "extensionsRequired" => extensions_required: Vec<String>,
        "accessors" => accessors: Vec<Accessor>,
        "animations" => animations: Vec<Animation>,
        "buffers" => buffers: Vec<Buffer>,
        "bufferViews" => buffer_views: Vec<BufferView>,
        "cameras" => cameras: Vec<Named>,
        "images" => images: Vec<Image>,
        "materials" => materials: Vec<Material>,
        "meshes" => meshes: Vec<Mesh>,
        "nodes" => nodes: Vec<Node>,
        "samplers" => samplers: Vec<Sampler>,
        "scenes" => scenes: Vec<Scene>,
        "skins" => skins: Vec<Skin>,
        "textures" => textures: Vec<Texture>,
        ;
        asset: Asset,
        scene: Option<usize>,
        extensions: Option<DocumentExtensions>,
    }
}

/// Something of which only the name matters to us.
#[derive(Debug, Deserialize)]
pub(crate) struct Named {
    #[expect(dead_code, reason = "read so that a name of the wrong type is refused")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Animation {
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) channels: Vec<Channel>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) samplers: Vec<AnimationSampler>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Channel {
    pub(crate) sampler: usize,
    pub(crate) target: ChannelTarget,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChannelTarget {
    pub(crate) node: Option<usize>,
    pub(crate) path: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AnimationSampler {
    pub(crate) input: usize,
    pub(crate) output: usize,
    pub(crate) interpolation: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asset {
    pub(crate) version: String,
    pub(crate) min_version: Option<String>,
    pub(crate) generator: Option<String>,
    pub(crate) copyright: Option<String>,
    #[serde(default)]
    pub(crate) extras: Texts,
    pub(crate) extensions: Option<AssetExtensions>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct AssetExtensions {
    #[serde(rename = "KHR_xmp_json_ld")]
    pub(crate) xmp: Option<XmpReference>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct XmpReference {
    pub(crate) packet: usize,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct DocumentExtensions {
    #[serde(rename = "KHR_lights_punctual")]
    pub(crate) lights: Option<Lights>,
    #[serde(rename = "KHR_xmp_json_ld")]
    pub(crate) xmp: Option<Xmp>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Xmp {
    #[serde(default, deserialize_with = "list")]
    pub(crate) packets: Vec<Texts>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Lights {
    #[serde(default, deserialize_with = "list")]
    pub(crate) lights: Vec<Light>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Light {
    pub(crate) name: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) color: Option<[f32; 3]>,
    pub(crate) intensity: Option<f32>,
    pub(crate) range: Option<f64>,
    pub(crate) spot: Option<Spot>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Spot {
    pub(crate) inner_cone_angle: Option<f32>,
    pub(crate) outer_cone_angle: Option<f32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accessor {
    pub(crate) buffer_view: Option<usize>,
    #[serde(default)]
    pub(crate) byte_offset: u64,
    pub(crate) component_type: u32,
    #[serde(default)]
    pub(crate) normalized: bool,
    pub(crate) count: u64,
    #[serde(rename = "type")]
    pub(crate) shape: String,
    pub(crate) sparse: Option<Box<Sparse>>,
    pub(crate) min: Option<Vec<f64>>,
    pub(crate) max: Option<Vec<f64>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Sparse {
    pub(crate) count: u64,
    pub(crate) indices: SparseIndices,
    pub(crate) values: SparseValues,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SparseIndices {
    pub(crate) buffer_view: usize,
    #[serde(default)]
    pub(crate) byte_offset: u64,
    pub(crate) component_type: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SparseValues {
    pub(crate) buffer_view: usize,
    #[serde(default)]
    pub(crate) byte_offset: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Buffer {
    pub(crate) uri: Option<String>,
    pub(crate) byte_length: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BufferView {
    pub(crate) buffer: usize,
    #[serde(default)]
    pub(crate) byte_offset: u64,
    pub(crate) byte_length: u64,
    pub(crate) byte_stride: Option<u64>,
    pub(crate) extensions: Option<Box<ViewExtensions>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct ViewExtensions {
    #[serde(rename = "EXT_meshopt_compression")]
    pub(crate) meshopt_ext: Option<Meshopt>,
    #[serde(rename = "KHR_meshopt_compression")]
    pub(crate) meshopt_khr: Option<Meshopt>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Meshopt {
    pub(crate) buffer: usize,
    #[serde(default)]
    pub(crate) byte_offset: u64,
    pub(crate) byte_length: u64,
    pub(crate) byte_stride: u64,
    pub(crate) count: u64,
    pub(crate) mode: String,
    pub(crate) filter: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Image {
    pub(crate) name: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) buffer_view: Option<usize>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Mesh {
    pub(crate) name: Option<String>,
    #[serde(deserialize_with = "list")]
    pub(crate) primitives: Vec<Primitive>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) weights: Vec<f32>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Primitive {
    pub(crate) attributes: BTreeMap<String, usize>,
    pub(crate) indices: Option<usize>,
    pub(crate) material: Option<usize>,
    pub(crate) mode: Option<u32>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) targets: Vec<BTreeMap<String, usize>>,
    pub(crate) extensions: Option<Box<PrimitiveExtensions>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct PrimitiveExtensions {
    #[serde(rename = "KHR_draco_mesh_compression")]
    pub(crate) draco: Option<Draco>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Draco {
    pub(crate) buffer_view: usize,
    pub(crate) attributes: BTreeMap<String, u32>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Node {
    pub(crate) name: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) children: Vec<usize>,
    pub(crate) mesh: Option<usize>,
    pub(crate) skin: Option<usize>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) weights: Vec<f32>,
    pub(crate) matrix: Option<[f64; 16]>,
    pub(crate) translation: Option<[f64; 3]>,
    pub(crate) rotation: Option<[f64; 4]>,
    pub(crate) scale: Option<[f64; 3]>,
    pub(crate) extensions: Option<Box<NodeExtensions>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct NodeExtensions {
    #[serde(rename = "KHR_lights_punctual")]
    pub(crate) light: Option<NodeLight>,
    #[serde(rename = "KHR_node_visibility")]
    pub(crate) visibility: Option<NodeVisibility>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NodeLight {
    pub(crate) light: usize,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NodeVisibility {
    #[serde(default = "yes")]
    pub(crate) visible: bool,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sampler {
    pub(crate) mag_filter: Option<u32>,
    pub(crate) wrap_s: Option<u32>,
    pub(crate) wrap_t: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Scene {
    #[serde(default, deserialize_with = "list")]
    pub(crate) nodes: Vec<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Skin {
    pub(crate) inverse_bind_matrices: Option<usize>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) joints: Vec<usize>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Texture {
    pub(crate) sampler: Option<usize>,
    pub(crate) source: Option<usize>,
    pub(crate) extensions: Option<Box<TextureExtensions>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct TextureExtensions {
    #[serde(rename = "KHR_texture_basisu")]
    pub(crate) basisu: Option<TextureSource>,
    #[serde(rename = "EXT_texture_webp")]
    pub(crate) webp: Option<TextureSource>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TextureSource {
    pub(crate) source: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Material {
    pub(crate) name: Option<String>,
    pub(crate) pbr_metallic_roughness: Option<MetallicRoughness>,
    pub(crate) normal_texture: Option<TextureInfo>,
    pub(crate) occlusion_texture: Option<TextureInfo>,
    pub(crate) emissive_texture: Option<TextureInfo>,
    pub(crate) emissive_factor: Option<[f32; 3]>,
    pub(crate) alpha_mode: Option<String>,
    pub(crate) alpha_cutoff: Option<f32>,
    #[serde(default)]
    pub(crate) double_sided: bool,
    pub(crate) extensions: Option<Box<MaterialExtensions>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MetallicRoughness {
    pub(crate) base_color_factor: Option<[f32; 4]>,
    pub(crate) base_color_texture: Option<TextureInfo>,
    pub(crate) metallic_factor: Option<f32>,
    pub(crate) roughness_factor: Option<f32>,
    pub(crate) metallic_roughness_texture: Option<TextureInfo>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextureInfo {
    pub(crate) index: usize,
    #[serde(default)]
    pub(crate) tex_coord: u32,
    /// Of a normal texture.
    pub(crate) scale: Option<f32>,
    /// Of an occlusion texture.
    pub(crate) strength: Option<f32>,
    pub(crate) extensions: Option<Box<TextureInfoExtensions>>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct TextureInfoExtensions {
    #[serde(rename = "KHR_texture_transform")]
    pub(crate) transform: Option<TextureTransform>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextureTransform {
    pub(crate) offset: Option<[f32; 2]>,
    pub(crate) rotation: Option<f32>,
    pub(crate) scale: Option<[f32; 2]>,
    pub(crate) tex_coord: Option<u32>,
}

/// Material extensions that we honour, or whose presence we must know.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct MaterialExtensions {
    #[serde(rename = "KHR_materials_unlit")]
    pub(crate) unlit: Option<serde::de::IgnoredAny>,
    #[serde(rename = "KHR_materials_emissive_strength")]
    pub(crate) emissive_strength: Option<EmissiveStrength>,
    #[serde(rename = "KHR_materials_clearcoat")]
    pub(crate) clearcoat: Option<Clearcoat>,
    #[serde(rename = "KHR_materials_transmission")]
    pub(crate) transmission: Option<Transmission>,
    #[serde(rename = "KHR_materials_ior")]
    pub(crate) ior: Option<Ior>,
    #[serde(rename = "KHR_materials_specular")]
    pub(crate) specular: Option<serde::de::IgnoredAny>,
    #[serde(rename = "KHR_materials_volume")]
    pub(crate) volume: Option<serde::de::IgnoredAny>,
    #[serde(rename = "KHR_materials_sheen")]
    pub(crate) sheen: Option<serde::de::IgnoredAny>,
    #[serde(rename = "KHR_materials_anisotropy")]
    pub(crate) anisotropy: Option<serde::de::IgnoredAny>,
    #[serde(rename = "KHR_materials_iridescence")]
    pub(crate) iridescence: Option<serde::de::IgnoredAny>,
    #[serde(rename = "KHR_materials_pbrSpecularGlossiness")]
    pub(crate) specular_glossiness: Option<SpecularGlossiness>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EmissiveStrength {
    pub(crate) emissive_strength: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Clearcoat {
    pub(crate) clearcoat_factor: Option<f32>,
    pub(crate) clearcoat_roughness_factor: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transmission {
    pub(crate) transmission_factor: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Ior {
    pub(crate) ior: Option<f32>,
}

/// The archived workflow of older Sketchfab downloads; its diffuse colour is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SpecularGlossiness {
    pub(crate) diffuse_factor: Option<[f32; 4]>,
    pub(crate) diffuse_texture: Option<TextureInfo>,
    pub(crate) glossiness_factor: Option<f32>,
}
