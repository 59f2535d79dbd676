//! Writes glTF binary files: the one place that knows the container.

use bevy::math::{Vec2, Vec3};
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

/// One mesh with one material, at the origin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// Node name.
    pub(crate) name: String,
    /// Material name; see [`Look`].
    pub(crate) material: String,
    /// Metres.
    pub(crate) positions: Vec<Vec3>,
    /// Unit length.
    pub(crate) normals: Vec<Vec3>,
    /// v grows downwards, as in glTF.
    pub(crate) uvs: Vec<Vec2>,
    /// Linear tint; empty for none.
    pub(crate) colors: Vec<[u8; 4]>,
    /// Square roots of occlusion, daylight, lamps A, lamps B; empty for none.
    pub(crate) light: Vec<[u8; 4]>,
    /// Counter-clockwise from outside.
    pub(crate) triangles: Vec<[u32; 3]>,
}

impl Part {
    /// The meshes of parts that share a material, as one without a name.
    pub(crate) fn merged(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        for part in parts {
            let base = all.positions.len() as u32;
            all.positions.extend(part.positions);
            all.normals.extend(part.normals);
            all.uvs.extend(part.uvs);
            all.triangles
                .extend(part.triangles.iter().map(|t| t.map(|i| i + base)));
        }
        all
    }
}

/// A material that reads pictures beside the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Look {
    /// Name.
    pub(crate) name: String,
    /// Files: base colour, normal, occlusion-roughness-metallic.
    pub(crate) textures: Option<[String; 3]>,
    /// Linear base colour where there is no texture, else a factor.
    pub(crate) color: [f32; 4],
    /// Roughness where there is no texture.
    pub(crate) roughness: f32,
    /// Metallic where there is no texture.
    pub(crate) metallic: f32,
    /// Linear light given off; above 1 with `KHR_materials_emissive_strength`.
    pub(crate) emissive: [f32; 3],
}

/// A named empty node: where something stands, for authors and views.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// Node name.
    pub(crate) name: String,
    /// Metres.
    pub(crate) position: Vec3,
    /// Unit quaternion x, y, z, w.
    pub(crate) rotation: [f32; 4],
}

#[derive(Default)]
struct Binary {
    bytes: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
}

impl Binary {
    fn push(&mut self, bytes: impl Iterator<Item = u8>, target: u32, mut accessor: Value) -> usize {
        let start = self.bytes.len();
        self.bytes.extend(bytes);
        let length = self.bytes.len() - start;
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
        accessor["bufferView"] = json!(self.views.len());
        self.views.push(json!({
            "buffer": 0, "byteOffset": start, "byteLength": length, "target": target
        }));
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    fn floats<const N: usize>(&mut self, data: &[[f32; N]], kind: &str) -> usize {
        let bytes = data.iter().flatten().flat_map(|x| x.to_le_bytes());
        let accessor = json!({ "componentType": 5126, "count": data.len(), "type": kind });
        self.push(bytes, 34962, accessor)
    }

    fn positions(&mut self, data: &[Vec3]) -> usize {
        let (mut low, mut high) = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        for p in data {
            low = low.min(*p);
            high = high.max(*p);
        }
        let bytes = data
            .iter()
            .flat_map(|p| p.to_array())
            .flat_map(f32::to_le_bytes);
        let accessor = json!({
            "componentType": 5126, "count": data.len(), "type": "VEC3",
            "min": low.to_array(), "max": high.to_array(),
        });
        self.push(bytes, 34962, accessor)
    }

    fn bytes4(&mut self, data: &[[u8; 4]]) -> usize {
        let accessor = json!({
            "componentType": 5121, "normalized": true, "count": data.len(), "type": "VEC4"
        });
        self.push(data.iter().flatten().copied(), 34962, accessor)
    }

    fn indices(&mut self, part: &Part) -> usize {
        let count = part.triangles.len() * 3;
        let flat = part.triangles.iter().flatten();
        if part.positions.len() <= usize::from(u16::MAX) {
            let accessor = json!({ "componentType": 5123, "count": count, "type": "SCALAR" });
            self.push(
                flat.flat_map(|i| (*i as u16).to_le_bytes()),
                34963,
                accessor,
            )
        } else {
            let accessor = json!({ "componentType": 5125, "count": count, "type": "SCALAR" });
            self.push(flat.flat_map(|i| i.to_le_bytes()), 34963, accessor)
        }
    }
}

/// Directions of growing u, smooth over each part; handedness in the fourth number.
fn tangents(part: &Part) -> Vec<[f32; 4]> {
    let mut along = vec![(Vec3::ZERO, Vec3::ZERO); part.positions.len()];
    for t in &part.triangles {
        let [a, b, c] = t.map(|i| i as usize);
        let (e1, e2) = (
            part.positions[b] - part.positions[a],
            part.positions[c] - part.positions[a],
        );
        let (d1, d2) = (part.uvs[b] - part.uvs[a], part.uvs[c] - part.uvs[a]);
        let turn = if d1.perp_dot(d2) < 0.0 { -1.0 } else { 1.0 };
        let u = ((e1 * d2.y - e2 * d1.y) * turn).normalize_or_zero();
        let v = ((e2 * d1.x - e1 * d2.x) * turn).normalize_or_zero();
        for i in [a, b, c] {
            along[i].0 += u;
            along[i].1 += v;
        }
    }
    part.normals
        .iter()
        .zip(along)
        .map(|(n, (u, v))| {
            let t = (u - *n * n.dot(u)).normalize_or(n.any_orthonormal_vector());
            // v grows downwards, the bitangent of a normal map points up.
            let hand = if n.cross(t).dot(v) > 0.0 { -1.0 } else { 1.0 };
            [t.x, t.y, t.z, hand]
        })
        .collect()
}

fn materials(looks: &[Look]) -> (Vec<Value>, Vec<Value>, Vec<Value>) {
    let (mut list, mut textures, mut images) = (Vec::new(), Vec::new(), Vec::new());
    for look in looks {
        let mut pbr = json!({
            "baseColorFactor": look.color, "roughnessFactor": look.roughness,
            "metallicFactor": look.metallic,
        });
        let mut material = json!({ "name": look.name });
        if let Some(files) = &look.textures {
            let first = textures.len();
            for file in files {
                textures.push(json!({ "source": images.len(), "sampler": 0 }));
                images.push(json!({ "uri": file, "mimeType": "image/png" }));
            }
            pbr["baseColorTexture"] = json!({ "index": first });
            pbr["metallicRoughnessTexture"] = json!({ "index": first + 2 });
            pbr["roughnessFactor"] = json!(1.0);
            pbr["metallicFactor"] = json!(1.0);
            material["normalTexture"] = json!({ "index": first + 1 });
            material["occlusionTexture"] = json!({ "index": first + 2 });
        }
        material["pbrMetallicRoughness"] = pbr;
        let strength = look.emissive.iter().fold(0.0_f32, |a, b| a.max(*b));
        if strength > 0.0 {
            material["emissiveFactor"] = json!(look.emissive.map(|c| c / strength));
            material["extensions"] =
                json!({ "KHR_materials_emissive_strength": { "emissiveStrength": strength } });
        }
        list.push(material);
    }
    (list, textures, images)
}

/// Writes parts and places under one root node. Parts without vertices are left out.
///
/// # Errors
/// When the file cannot be written, or a part names a material that is not in `looks`.
pub(crate) fn write(
    path: &Path,
    root: &str,
    parts: &[Part],
    looks: &[Look],
    places: &[Place],
) -> io::Result<()> {
    let mut binary = Binary::default();
    let (mut nodes, mut meshes) = (vec![json!({})], Vec::new());
    for part in parts.iter().filter(|p| !p.triangles.is_empty()) {
        let material = looks
            .iter()
            .position(|l| l.name == part.material)
            .ok_or_else(|| {
                io::Error::other(format!("part {} names no known material", part.name))
            })?;
        let uvs: Vec<[f32; 2]> = part.uvs.iter().map(|uv| uv.to_array()).collect();
        let normals: Vec<[f32; 3]> = part.normals.iter().map(|n| n.to_array()).collect();
        let mut attributes = json!({
            "POSITION": binary.positions(&part.positions),
            "NORMAL": binary.floats(&normals, "VEC3"),
            "TEXCOORD_0": binary.floats(&uvs, "VEC2"),
        });
        attributes["TANGENT"] = json!(binary.floats(&tangents(part), "VEC4"));
        if !part.colors.is_empty() {
            attributes["COLOR_0"] = json!(binary.bytes4(&part.colors));
        }
        if !part.light.is_empty() {
            attributes["_BAKED_LIGHT"] = json!(binary.bytes4(&part.light));
        }
        let indices = binary.indices(part);
        nodes.push(json!({ "name": part.name, "mesh": meshes.len() }));
        meshes.push(json!({
            "name": part.name,
            "primitives": [{ "attributes": attributes, "indices": indices, "material": material }],
        }));
    }
    for place in places {
        nodes.push(json!({
            "name": place.name,
            "translation": place.position.to_array(),
            "rotation": place.rotation,
        }));
    }
    nodes[0] = json!({ "name": root, "children": (1..nodes.len()).collect::<Vec<_>>() });
    let (materials, textures, images) = materials(looks);
    let mut document = json!({
        "asset": {
            "version": "2.0",
            "generator": "Grotto sample generator",
            "copyright": "CC0 1.0 by the Grotto authors",
            "extras": { "title": root, "author": "Grotto", "license": "CC0-1.0" },
        },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": nodes, "meshes": meshes, "materials": materials,
        "accessors": binary.accessors, "bufferViews": binary.views,
        "buffers": [{ "byteLength": binary.bytes.len() }],
    });
    if looks.iter().any(|l| l.emissive != [0.0; 3]) {
        document["extensionsUsed"] = json!(["KHR_materials_emissive_strength"]);
    }
    if !images.is_empty() {
        document["images"] = json!(images);
        document["textures"] = json!(textures);
        document["samplers"] = json!([{
            "magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497
        }]);
    }
    let mut text = serde_json::to_vec(&document)?;
    while !text.len().is_multiple_of(4) {
        text.push(b' ');
    }
    let total = 12 + 8 + text.len() + 8 + binary.bytes.len();
    let total = u32::try_from(total).map_err(io::Error::other)?;
    let mut file = io::BufWriter::new(std::fs::File::create(path)?);
    file.write_all(b"glTF")?;
    file.write_all(&2_u32.to_le_bytes())?;
    file.write_all(&total.to_le_bytes())?;
    file.write_all(&(text.len() as u32).to_le_bytes())?;
    file.write_all(b"JSON")?;
    file.write_all(&text)?;
    file.write_all(&(binary.bytes.len() as u32).to_le_bytes())?;
    file.write_all(b"BIN\0")?;
    file.write_all(&binary.bytes)?;
    file.flush()
}
