//! What the scan shader is told of a material: its numbers, and where its images lie.

use super::{super::still::Stands, ScanMaterial};
use bevy::{math::Affine3A, prelude::*, render::render_resource::ShaderType};

/// How an image is laid on the surface: which UV set, and the row-major 2x3 matrix of
/// `KHR_texture_transform`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UvMap {
    /// `TEXCOORD_1` instead of `TEXCOORD_0`.
    pub is_second_set: bool,
    /// Applied to it.
    pub transform: [[f32; 3]; 2],
}

impl Default for UvMap {
    fn default() -> Self {
        Self {
            is_second_set: false,
            transform: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        }
    }
}

impl UvMap {
    fn rows(&self) -> [Vec4; 2] {
        let set = if self.is_second_set { 1.0 } else { 0.0 };
        self.transform.map(|row| Vec3::from_array(row).extend(set))
    }
}

/// The maps of the images of a [`ScanMaterial`]. Layers lie as the image they cover.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScanUv {
    /// Of the base color.
    pub base: UvMap,
    /// Of the normal map.
    pub normal: UvMap,
    /// Of roughness and metallic.
    pub orm: UvMap,
    /// Of occlusion with an image of its own.
    pub occlusion: UvMap,
    /// Of what glows.
    pub emissive: UvMap,
}

impl ScanUv {
    /// Every image lies as the base color does.
    pub fn one(map: UvMap) -> Self {
        Self {
            base: map,
            normal: map,
            orm: map,
            occlusion: map,
            emissive: map,
        }
    }

    /// Images lie apart: each has its own coordinates computed.
    pub(super) fn is_split(&self) -> bool {
        *self != Self::one(self.base)
    }
}

/// `struct Scan` of scan.wgsl.
#[derive(Clone, Default, ShaderType)]
pub struct ScanUniform {
    base_color: Vec4,
    emissive: Vec4,
    // Two rows an image: base, normal, orm, occlusion, emissive.
    uv: [Vec4; 10],
    daylight: Vec4,
    lamps_a: Vec4,
    lamps_b: Vec4,
    ambient: Vec4,
    daylight_from: Vec4,
    roughness: f32,
    metallic: f32,
    occlusion_strength: f32,
    normal_scale: f32,
    layer_mix: f32,
    alpha_cutoff: f32,
    // Read where the shader is told so: see `Stands`.
    world_from_local: Mat4,
    // Inverse and transposed, of its size.
    normal_from_local: Mat3,
}

impl From<&ScanMaterial> for ScanUniform {
    fn from(material: &ScanMaterial) -> Self {
        let rgb = |color: LinearRgba, w: f32| color.to_vec3().extend(w);
        let light = &material.light;
        let place = match material.stands {
            Stands::At(place) => place,
            Stands::Apart | Stands::Unknown => Affine3A::IDENTITY,
        };
        Self {
            base_color: material.base_color.to_vec4(),
            emissive: material.emissive.to_vec4(),
            uv: uv_rows(&material.uv),
            daylight: rgb(light.daylight_lux, 0.0),
            lamps_a: rgb(light.lamps_a_lux.0, light.lamps_a_lux.1),
            lamps_b: rgb(light.lamps_b_lux.0, light.lamps_b_lux.1),
            ambient: rgb(light.ambient_lux, 0.0),
            daylight_from: light
                .daylight_from
                .map_or(Vec4::ZERO, |from| from.extend(1.0)),
            roughness: material.roughness,
            metallic: material.metallic,
            occlusion_strength: material.occlusion_strength,
            normal_scale: material.normal_scale,
            layer_mix: material.layer_mix,
            alpha_cutoff: match material.alpha_mode {
                AlphaMode::Mask(cutoff) => cutoff,
                _ => 0.0,
            },
            world_from_local: Mat4::from(place),
            normal_from_local: normals(Mat3::from(place.matrix3)),
        }
    }
}

/// Turns normals as `matrix` turns points: its cofactors are the inverse transpose but for
/// their size, which is of no account, and for their sign, which a mirror turns.
fn normals(matrix: Mat3) -> Mat3 {
    let Mat3 {
        x_axis: x,
        y_axis: y,
        z_axis: z,
    } = matrix;
    let cofactors = Mat3::from_cols(y.cross(z), z.cross(x), x.cross(y));
    cofactors * cofactors.x_axis.dot(x).signum()
}

fn uv_rows(uv: &ScanUv) -> [Vec4; 10] {
    let maps = [uv.base, uv.normal, uv.orm, uv.occlusion, uv.emissive];
    let mut rows = [Vec4::ZERO; 10];
    for (pair, map) in rows.chunks_exact_mut(2).zip(&maps) {
        pair.copy_from_slice(&map.rows());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_stand_on_what_is_stretched_turned_and_mirrored() {
        for matrix in [
            Mat3::from_diagonal(Vec3::new(2.0, 0.5, 3.0)),
            Mat3::from_diagonal(Vec3::new(-1.0, 1.0, 1.0)),
            Mat3::from_rotation_y(0.7) * Mat3::from_diagonal(Vec3::new(1.0, -4.0, 0.2)),
        ] {
            let expected = matrix.inverse().transpose() * Vec3::new(0.6, 0.0, 0.8);
            let normal = normals(matrix) * Vec3::new(0.6, 0.0, 0.8);
            assert!(
                normal.normalize().abs_diff_eq(expected.normalize(), 1e-5),
                "{matrix}: {normal}, not {expected}"
            );
        }
    }
}
