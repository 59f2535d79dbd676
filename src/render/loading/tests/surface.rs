//! A surface of many triangles, for tests.

use bevy::math::Vec3;
use std::path::Path;

/// A bare model without images; its buffer lies beside it.
pub(crate) fn write_surface(path: &Path, corners: &[(Vec3, Vec3)], indices: &[u32]) {
    let places = corners.iter().map(|(place, _)| place);
    let normals = corners.iter().map(|(_, normal)| normal);
    let vectors = places.chain(normals).flat_map(|vector| vector.to_array());
    let mut bytes: Vec<u8> = vectors.flat_map(f32::to_le_bytes).collect();
    let vertex_bytes = bytes.len() / 2;
    bytes.extend(indices.iter().flat_map(|index| index.to_le_bytes()));
    let bound = |pick: fn(Vec3, Vec3) -> Vec3, from: f32| {
        let places = corners.iter().map(|(place, _)| *place);
        places.fold(Vec3::splat(from), pick).to_array()
    };
    let (min, max) = (
        bound(Vec3::min, f32::INFINITY),
        bound(Vec3::max, f32::NEG_INFINITY),
    );
    let (count, all) = (corners.len(), bytes.len());
    let buffer = path.with_extension("bin");
    let uri = buffer.file_name().and_then(|name| name.to_str());
    let uri = uri.expect("tests name their files in letters");
    let gltf = format!(
        r#"{{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"mesh":0}}],
        "buffers":[{{"uri":"{uri}","byteLength":{all}}}],
        "bufferViews":[{{"buffer":0,"byteLength":{vertex_bytes}}},
        {{"buffer":0,"byteOffset":{vertex_bytes},"byteLength":{vertex_bytes}}},
        {{"buffer":0,"byteOffset":{},"byteLength":{}}}],
        "accessors":[{{"bufferView":0,"componentType":5126,"count":{count},"type":"VEC3","min":{min:?},"max":{max:?}}},
        {{"bufferView":1,"componentType":5126,"count":{count},"type":"VEC3"}},
        {{"bufferView":2,"componentType":5125,"count":{},"type":"SCALAR"}}],
        "meshes":[{{"primitives":[{{"attributes":{{"POSITION":0,"NORMAL":1}},"indices":2,"material":0}}]}}],
        "materials":[{{"pbrMetallicRoughness":{{"metallicFactor":0}}}}]}}"#,
        vertex_bytes * 2,
        indices.len() * 4,
        indices.len(),
    );
    std::fs::write(buffer, bytes).expect("the buffer can be written");
    std::fs::write(path, gltf).expect("the model can be written");
}
