//! The lean material of scans, and the one place that decides what it costs.
//!
//! Bevy's `StandardMaterial` evaluates every feature of physically based rendering for every
//! pixel; a scan needs base colour, normal, occlusion and the exhibit's lights. On a CPU
//! rasteriser that is a factor of ten. What a file lacks is compiled out of the shader.

mod uniform;

pub use uniform::{ScanUniform, ScanUv, UvMap};

use super::still::Stands;
use bevy::{
    asset::{load_internal_asset, uuid_handle},
    mesh::{Mesh, MeshVertexAttribute, MeshVertexBufferLayoutRef, VertexFormat},
    pbr::{Material, MaterialPipeline, MaterialPipelineKey, MaterialPlugin, MeshPipelineKey},
    prelude::*,
    render::render_resource::{
        AsBindGroup, RenderPipelineDescriptor, SpecializedMeshPipelineError,
    },
    shader::{ShaderDefVal, ShaderRef},
};

pub(super) const SCAN_SHADER: Handle<Shader> = uuid_handle!("5a3a2f0c-9d0e-4b1c-8a53-2a64d2b1c8f1");

/// Vertex colors as the file has them: linear RGBA, 8 bits a channel, a quarter of the
/// memory of `Mesh::ATTRIBUTE_COLOR`.
pub const ATTRIBUTE_SCAN_COLOR: MeshVertexAttribute =
    MeshVertexAttribute::new("ScanColor", 0x4752_4f54_0001, VertexFormat::Unorm8x4);

/// Baked light, see [`crate::bake::model::Primitive::baked_light`].
pub const ATTRIBUTE_BAKED_LIGHT: MeshVertexAttribute =
    MeshVertexAttribute::new("BakedLight", 0x4752_4f54_0002, VertexFormat::Unorm8x4);

pub(super) fn plugin(app: &mut App) {
    load_internal_asset!(app, SCAN_SHADER, "scan.wgsl", Shader::from_wgsl);
    app.add_plugins(MaterialPlugin::<ScanMaterial>::default());
}

/// What the light of an exhibit is, in the units of the scan shader.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanLight {
    /// Illuminance in lux where `_BAKED_LIGHT` green is 1.
    pub daylight_lux: LinearRgba,
    /// Where daylight comes from in world, when the author says so.
    pub daylight_from: Option<Vec3>,
    /// Illuminance in lux where `_BAKED_LIGHT` blue is 1; flicker depth 0 to 1.
    pub lamps_a_lux: (LinearRgba, f32),
    /// Illuminance in lux where `_BAKED_LIGHT` alpha is 1; flicker depth 0 to 1.
    pub lamps_b_lux: (LinearRgba, f32),
    /// Light that comes from everywhere, lux.
    pub ambient_lux: LinearRgba,
}

impl Default for ScanLight {
    fn default() -> Self {
        Self {
            daylight_lux: LinearRgba::BLACK,
            daylight_from: None,
            lamps_a_lux: (LinearRgba::BLACK, 0.0),
            lamps_b_lux: (LinearRgba::BLACK, 0.0),
            ambient_lux: LinearRgba::BLACK,
        }
    }
}

/// A second set of images over the first: the restored or infrared state of a mural.
#[derive(Debug, Clone, Default)]
pub struct ScanLayer {
    /// Base color, sRGB.
    pub base_color: Option<Handle<Image>>,
    /// Normal map, linear.
    pub normal: Option<Handle<Image>>,
    /// Occlusion, roughness, metallic; linear.
    pub orm: Option<Handle<Image>>,
}

/// See the module's documentation.
#[derive(Asset, TypePath, AsBindGroup, Debug, Clone)]
#[bind_group_data(ScanKey)]
#[uniform(0, ScanUniform)]
pub struct ScanMaterial {
    /// Linear factor.
    pub base_color: LinearRgba,
    /// sRGB.
    #[texture(1)]
    #[sampler(2)]
    pub base_color_texture: Option<Handle<Image>>,
    /// Tangent space, +Y up.
    #[texture(3)]
    #[sampler(10)]
    pub normal_texture: Option<Handle<Image>>,
    /// Roughness in G, metallic in B, occlusion in R if `has_occlusion_in_orm`.
    #[texture(4)]
    #[sampler(11)]
    pub orm_texture: Option<Handle<Image>>,
    /// Base color of the layer that [`ScanMaterial::layer_mix`] blends in.
    #[texture(5)]
    pub layer_color_texture: Option<Handle<Image>>,
    /// Its normal map.
    #[texture(6)]
    pub layer_normal_texture: Option<Handle<Image>>,
    /// Its occlusion, roughness, metallic.
    #[texture(7)]
    pub layer_orm_texture: Option<Handle<Image>>,
    /// sRGB.
    #[texture(8)]
    #[sampler(12)]
    pub emissive_texture: Option<Handle<Image>>,
    /// Occlusion in R where it has an image of its own.
    #[texture(9)]
    #[sampler(13)]
    pub occlusion_texture: Option<Handle<Image>>,
    /// The red channel of `orm_texture` is occlusion.
    pub has_occlusion_in_orm: bool,
    /// The alpha of `normal_texture` is occlusion.
    pub has_occlusion_in_normal: bool,
    /// 0 shows the first images, 1 the layer's.
    pub layer_mix: f32,
    /// 0 to 1.
    pub roughness: f32,
    /// 0 to 1.
    pub metallic: f32,
    /// 0 to 1.
    pub occlusion_strength: f32,
    /// Scale of the normal map's x and y.
    pub normal_scale: f32,
    /// Linear, 1 is white on the screen.
    pub emissive: LinearRgba,
    /// How each image is laid on the surface.
    pub uv: ScanUv,
    /// How alpha is used.
    pub alpha_mode: AlphaMode,
    /// Both sides are drawn.
    pub is_double_sided: bool,
    /// Shown as it is, without light.
    pub is_unlit: bool,
    /// Lit by the viewer's own soft light instead of the exhibit's: bare models.
    pub is_studio: bool,
    /// Everything that wears it is made of triangles so small that the studio's light is worked
    /// out at their corners, see [`crate::bake::dense`].
    pub is_dense: bool,
    /// The meshes carry [`ATTRIBUTE_BAKED_LIGHT`] and it is used.
    pub is_baked: bool,
    /// The light of the exhibit.
    pub light: ScanLight,
    /// Where the meshes that wear it stand.
    pub stands: Stands,
}

impl Default for ScanMaterial {
    fn default() -> Self {
        Self {
            base_color: LinearRgba::WHITE,
            base_color_texture: None,
            normal_texture: None,
            orm_texture: None,
            layer_color_texture: None,
            layer_normal_texture: None,
            layer_orm_texture: None,
            emissive_texture: None,
            occlusion_texture: None,
            has_occlusion_in_orm: false,
            has_occlusion_in_normal: false,
            layer_mix: 0.0,
            roughness: 1.0,
            metallic: 0.0,
            occlusion_strength: 1.0,
            normal_scale: 1.0,
            emissive: LinearRgba::BLACK,
            uv: ScanUv::default(),
            alpha_mode: AlphaMode::Opaque,
            is_double_sided: false,
            is_unlit: false,
            is_studio: true,
            is_dense: false,
            is_baked: false,
            light: ScanLight::default(),
            stands: Stands::default(),
        }
    }
}

impl ScanMaterial {
    /// Whether nothing but the shape decides how much light a place gets.
    fn is_lit_at_corners(&self) -> bool {
        self.is_dense
            && self.is_studio
            && !self.is_unlit
            && self.normal_texture.is_none()
            && self.orm_texture.is_none()
    }
}

/// What the shader is specialised on.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ScanKey {
    defs: u32,
    is_double_sided: bool,
}

/// Shader definitions in the order of the bits of [`ScanKey`].
const DEFS: [&str; 19] = [
    "SCAN_BASE_TEXTURE",
    "SCAN_NORMAL_TEXTURE",
    "SCAN_ORM_TEXTURE",
    "SCAN_LAYER",
    "SCAN_LAYER_NORMAL",
    "SCAN_LAYER_ORM",
    "SCAN_EMISSIVE",
    "SCAN_EMISSIVE_TEXTURE",
    "SCAN_OCCLUSION_TEXTURE",
    "SCAN_OCCLUSION_IN_ORM",
    "SCAN_UNLIT",
    "SCAN_STUDIO",
    "SCAN_LIGHTS",
    "SCAN_ALPHA_MASK",
    "SCAN_OPAQUE",
    "SCAN_UV_EACH",
    "SCAN_STILL",
    "SCAN_LIT_AT_CORNERS",
    "SCAN_OCCLUSION_IN_NORMAL",
];

impl From<&ScanMaterial> for ScanKey {
    fn from(m: &ScanMaterial) -> Self {
        let is_lit = !m.is_unlit;
        let has_base = m.base_color_texture.is_some();
        let flags = [
            has_base,
            is_lit && m.normal_texture.is_some(),
            is_lit && m.orm_texture.is_some(),
            has_base && m.layer_color_texture.is_some(),
            is_lit && m.normal_texture.is_some() && m.layer_normal_texture.is_some(),
            is_lit && m.orm_texture.is_some() && m.layer_orm_texture.is_some(),
            m.emissive.to_vec3() != Vec3::ZERO,
            m.emissive_texture.is_some(),
            is_lit && m.occlusion_texture.is_some(),
            is_lit && m.has_occlusion_in_orm && m.orm_texture.is_some(),
            m.is_unlit,
            is_lit && m.is_studio,
            is_lit && !m.is_studio,
            matches!(m.alpha_mode, AlphaMode::Mask(_)),
            m.alpha_mode == AlphaMode::Opaque,
            m.uv.is_split(),
            matches!(m.stands, Stands::At(_)),
            m.is_lit_at_corners(),
            is_lit && m.has_occlusion_in_normal && m.normal_texture.is_some(),
        ];
        let defs = flags
            .iter()
            .enumerate()
            .fold(0, |bits, (bit, on)| bits | (u32::from(*on) << bit));
        Self {
            defs: defs | (u32::from(m.is_baked && is_lit && !m.is_studio) << 31),
            is_double_sided: m.is_double_sided,
        }
    }
}

impl Material for ScanMaterial {
    fn vertex_shader() -> ShaderRef {
        SCAN_SHADER.into()
    }

    fn fragment_shader() -> ShaderRef {
        SCAN_SHADER.into()
    }

    fn alpha_mode(&self) -> AlphaMode {
        self.alpha_mode
    }

    fn enable_prepass() -> bool {
        false
    }

    // Scans are lit by their bake; the objects that cast moving shadows are few and use
    // the full material.
    fn enable_shadows() -> bool {
        false
    }

    fn specialize(
        _pipeline: &MaterialPipeline,
        descriptor: &mut RenderPipelineDescriptor,
        layout: &MeshVertexBufferLayoutRef,
        key: MaterialPipelineKey<Self>,
    ) -> Result<(), SpecializedMeshPipelineError> {
        // What lies in fog asks every pixel where it is.
        let can_be_lit_at_corners = !key.mesh_key.contains(MeshPipelineKey::DISTANCE_FOG)
            && layout.0.contains(Mesh::ATTRIBUTE_NORMAL);
        let key = key.bind_group_data;
        let mut attributes = vec![Mesh::ATTRIBUTE_POSITION.at_shader_location(0)];
        let mut defs: Vec<ShaderDefVal> = Vec::new();
        let is_unlit = key.defs & (1 << 10) != 0;
        if !is_unlit && layout.0.contains(Mesh::ATTRIBUTE_NORMAL) {
            defs.push("SCAN_NORMALS".into());
            attributes.push(Mesh::ATTRIBUTE_NORMAL.at_shader_location(1));
        }
        let has_uv = layout.0.contains(Mesh::ATTRIBUTE_UV_0);
        if has_uv {
            defs.push("SCAN_UV".into());
            attributes.push(Mesh::ATTRIBUTE_UV_0.at_shader_location(2));
        }
        if has_uv && layout.0.contains(Mesh::ATTRIBUTE_UV_1) {
            defs.push("SCAN_UV_SECOND".into());
            attributes.push(Mesh::ATTRIBUTE_UV_1.at_shader_location(7));
        }
        if layout.0.contains(ATTRIBUTE_SCAN_COLOR) {
            defs.push("SCAN_COLOR".into());
            attributes.push(ATTRIBUTE_SCAN_COLOR.at_shader_location(3));
        }
        if key.defs & (1 << 31) != 0 && layout.0.contains(ATTRIBUTE_BAKED_LIGHT) {
            defs.push("SCAN_BAKED".into());
            attributes.push(ATTRIBUTE_BAKED_LIGHT.at_shader_location(4));
        }
        // Bevy's mesh pipeline has said so to the shader and bound the joints.
        if layout.0.contains(Mesh::ATTRIBUTE_JOINT_INDEX)
            && layout.0.contains(Mesh::ATTRIBUTE_JOINT_WEIGHT)
        {
            attributes.push(Mesh::ATTRIBUTE_JOINT_INDEX.at_shader_location(5));
            attributes.push(Mesh::ATTRIBUTE_JOINT_WEIGHT.at_shader_location(6));
        }
        for (bit, name) in DEFS.iter().enumerate() {
            // Without texture coordinates every texture definition falls away.
            let needs_uv = ["TEXTURE", "LAYER", "ORM", "UV"]
                .iter()
                .any(|part| name.contains(part));
            let is_possible = match *name {
                "SCAN_LIT_AT_CORNERS" => can_be_lit_at_corners,
                _ => has_uv || !needs_uv,
            };
            if key.defs & (1 << bit) != 0 && is_possible {
                defs.push((*name).into());
            }
        }
        let has = |name: &str| defs.contains(&ShaderDefVal::from(name));
        if has("SCAN_STUDIO") && has("SCAN_NORMAL_TEXTURE") {
            defs.push("SCAN_BENT_ONLY".into());
        }
        if key.is_double_sided {
            defs.push("SCAN_DOUBLE_SIDED".into());
            descriptor.primitive.cull_mode = None;
        }
        descriptor.vertex.buffers = vec![layout.0.get_layout(&attributes)?];
        descriptor.vertex.shader_defs.extend(defs.iter().cloned());
        if let Some(fragment) = &mut descriptor.fragment {
            fragment.shader_defs.extend(defs);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_at_corners(change: impl FnOnce(&mut ScanMaterial)) -> bool {
        let mut material = ScanMaterial {
            is_dense: true,
            ..default()
        };
        change(&mut material);
        let bit = DEFS.iter().position(|name| *name == "SCAN_LIT_AT_CORNERS");
        let bit = bit.expect("it is one of them");
        ScanKey::from(&material).defs & (1 << bit) != 0
    }

    #[test]
    fn corners_are_lit_where_nothing_else_tells_how_light_falls() {
        let image = || Some(Handle::default());
        assert!(is_at_corners(|_| {}));
        assert!(is_at_corners(|own| own.base_color_texture = image()));
        assert!(is_at_corners(|own| own.occlusion_texture = image()));
        assert!(!is_at_corners(|own| own.is_dense = false));
        assert!(!is_at_corners(|own| own.is_studio = false));
        assert!(!is_at_corners(|own| own.is_unlit = true));
        assert!(!is_at_corners(|own| own.normal_texture = image()));
        assert!(!is_at_corners(|own| own.orm_texture = image()), "it glints");
    }
}
