//! Builds small GLB files for tests.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// A GLB in the making.
pub(crate) struct Glb {
    pub(crate) json: Value,
    pub(crate) bin: Vec<u8>,
}

impl Glb {
    pub(crate) fn new() -> Self {
        Self {
            json: json!({
                "asset": {"version": "2.0"}, "accessors": [], "bufferViews": [],
                "buffers": [{"byteLength": 0}], "meshes": [], "nodes": [], "scenes": [{"nodes": []}],
            }),
            bin: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, list: &str, value: Value) -> usize {
        let list = self.json[list].as_array_mut().expect("the list exists");
        list.push(value);
        list.len() - 1
    }

    /// Appends bytes as a buffer view.
    pub(crate) fn view(&mut self, bytes: &[u8]) -> usize {
        while !self.bin.len().is_multiple_of(4) {
            self.bin.push(0);
        }
        let offset = self.bin.len();
        self.bin.extend_from_slice(bytes);
        self.json["buffers"][0]["byteLength"] = json!(self.bin.len());
        self.push(
            "bufferViews",
            json!({"buffer": 0, "byteOffset": offset, "byteLength": bytes.len()}),
        )
    }

    /// Appends an accessor with a view of its own.
    pub(crate) fn accessor<T: bytemuck::NoUninit>(
        &mut self,
        data: &[T],
        component: u32,
        shape: &str,
        normalized: bool,
    ) -> usize {
        let view = self.view(bytemuck::cast_slice(data));
        self.push(
            "accessors",
            json!({"bufferView": view, "componentType": component, "count": data.len(),
                   "type": shape, "normalized": normalized}),
        )
    }

    pub(crate) fn positions(&mut self, data: &[[f32; 3]]) -> usize {
        let index = self.accessor(data, 5126, "VEC3", false);
        let fold = |pick: fn(f32, f32) -> f32| -> Vec<f32> {
            (0..3)
                .map(|c| data.iter().map(|p| p[c]).reduce(pick).unwrap_or_default())
                .collect()
        };
        self.json["accessors"][index]["min"] = json!(fold(f32::min));
        self.json["accessors"][index]["max"] = json!(fold(f32::max));
        index
    }

    /// A mesh of one primitive.
    pub(crate) fn mesh(&mut self, attributes: Value, indices: Option<usize>, mode: u32) -> usize {
        let mut primitive = json!({"attributes": attributes, "mode": mode});
        if let Some(indices) = indices {
            primitive["indices"] = json!(indices);
        }
        self.push("meshes", json!({"primitives": [primitive]}))
    }

    /// A root node.
    pub(crate) fn root(&mut self, node: Value) -> usize {
        let index = self.push("nodes", node);
        self.json["scenes"][0]["nodes"]
            .as_array_mut()
            .expect("the scene has a list")
            .push(json!(index));
        index
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        glb(self.json.to_string().as_bytes(), &self.bin)
    }

    pub(crate) fn write(&self, folder: &Path, name: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, self.bytes()).expect("the test folder can be written");
        path
    }
}

/// The container around JSON and binary chunk.
pub(crate) fn glb(json: &[u8], bin: &[u8]) -> Vec<u8> {
    let pad = |bytes: &[u8], with: u8| {
        let mut out = bytes.to_vec();
        out.resize(bytes.len().next_multiple_of(4), with);
        out
    };
    let (json, bin) = (pad(json, b' '), pad(bin, 0));
    let mut out = Vec::new();
    let total = 28 + json.len() + bin.len();
    for word in [0x4654_6C67, 2, total as u32, json.len() as u32, 0x4E4F_534A] {
        out.extend(word.to_le_bytes());
    }
    out.extend(&json);
    for word in [bin.len() as u32, 0x004E_4942] {
        out.extend(word.to_le_bytes());
    }
    out.extend(&bin);
    out
}

/// A unit cube of 8 shared vertices around `center`: positions and indices.
pub(crate) fn cube(center: [f32; 3]) -> (Vec<[f32; 3]>, Vec<u16>) {
    let positions = (0..8)
        .map(|i: u8| std::array::from_fn(|c| center[c] + if i >> c & 1 == 1 { 0.5 } else { -0.5 }))
        .collect();
    let quads: [[u16; 4]; 6] = [
        [0, 4, 6, 2],
        [1, 3, 7, 5],
        [0, 1, 5, 4],
        [2, 6, 7, 3],
        [0, 2, 3, 1],
        [4, 5, 7, 6],
    ];
    let indices = quads
        .iter()
        .flat_map(|q| [q[0], q[1], q[2], q[0], q[2], q[3]])
        .collect();
    (positions, indices)
}

/// A GLB with one cube mesh; the caller adds nodes. Returns the mesh's index.
pub(crate) fn cube_mesh(glb: &mut Glb, center: [f32; 3]) -> usize {
    let (positions, indices) = cube(center);
    let positions = glb.positions(&positions);
    let indices = glb.accessor(&indices, 5123, "SCALAR", false);
    glb.mesh(json!({"POSITION": positions}), Some(indices), 4)
}

/// A PNG of one colour.
pub(crate) fn png(width: u32, height: u32, color: [u8; 4]) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(width, height, image::Rgba(color))
        .write_to(&mut out, image::ImageFormat::Png)
        .expect("a small PNG can be written");
    out.into_inner()
}

/// `shared/data`, where the machine has it.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The scratch workplace of a worktree lies one level deeper.
    ["../shared/data", "../../shared/data", "/work/shared/data"]
        .iter()
        .map(|up| here.join(up).join(path))
        .find(|p| p.exists())
}
