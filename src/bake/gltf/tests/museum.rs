//! Files made by others, read in place where the machine has them.

use super::make::shared;
use super::{read, world_positions};
use crate::bake::model::{Indices, Model};
use bevy::math::{DVec3, Vec3};

fn open(path: &str) -> Option<Model> {
    let path = shared(&format!("meshes/{path}"))?;
    Some(read(&path).unwrap_or_else(|e| panic!("{e}")))
}

fn triangles(model: &Model) -> usize {
    let corners = |p: &crate::bake::model::Primitive| match &p.indices {
        Some(Indices::U16(v)) => v.len(),
        Some(Indices::U32(v)) => v.len(),
        None => p.positions.len(),
    };
    model
        .meshes
        .iter()
        .flat_map(|m| &m.primitives)
        .map(corners)
        .sum::<usize>()
        / 3
}

#[test]
fn every_museum_file_opens() {
    for (path, expected) in [
        ("venus/venus.glb", 24_058),
        ("whale/whale_cranium.glb", 100_000),
        ("whale/whale_cranium_draco.glb", 100_000),
        ("astronaut/astronaut.glb", 1604),
        ("astronaut/tipped_astronaut.glb", 1604),
        ("lamp_post/lamp_post.glb", 17_555),
        ("cave/cave.gltf", 5894),
    ] {
        let Some(model) = open(path) else { return };
        assert_eq!(triangles(&model), expected, "{path} has all its triangles");
        assert!(
            model.images.iter().all(Option::is_some),
            "all images of {path} are read: {:?}",
            model.warnings
        );
        for p in model.meshes.iter().flat_map(|m| &m.primitives) {
            assert_eq!(p.normals.len(), p.positions.len(), "{path} has normals");
        }
    }
}

#[test]
fn the_plain_and_the_draco_whale_are_the_same_mesh() {
    let (Some(plain), Some(draco)) = (
        open("whale/whale_cranium.glb"),
        open("whale/whale_cranium_draco.glb"),
    ) else {
        return;
    };
    assert_eq!(
        triangles(&plain),
        triangles(&draco),
        "the same number of triangles"
    );
    // What does not depend on the order of vertices: area, volume, centre of area.
    let measure = |model: &Model| {
        let p = &model.meshes[0].primitives[0];
        let (mut area, mut volume, mut center) = (0.0, 0.0, DVec3::ZERO);
        super::super::topology::for_each_triangle(p, |t| {
            let [a, b, c] = t.map(|i| Vec3::from(p.positions[i]).as_dvec3());
            let twice = (b - a).cross(c - a).length();
            area += twice / 2.0;
            volume += a.dot(b.cross(c)) / 6.0;
            center += (a + b + c) / 3.0 * twice / 2.0;
        });
        (area, volume, center / area)
    };
    let (area, volume, center) = measure(&plain);
    let (draco_area, draco_volume, draco_center) = measure(&draco);
    // Draco's default of 11 to 14 bits over half a metre: steps of 0.03 to 0.25 mm.
    assert!(
        (area / draco_area - 1.0).abs() < 0.01,
        "areas differ: {area} and {draco_area}"
    );
    assert!(
        (volume / draco_volume - 1.0).abs() < 0.01,
        "volumes differ: {volume} and {draco_volume}"
    );
    assert!(center.distance(draco_center) < 1e-4, "centres differ");

    // Each vertex has a counterpart within a step of the grid.
    let step = 0.0005_f32;
    let cell = |p: [f32; 3]| p.map(|v| (v / step).floor() as i32);
    let mut grid = std::collections::BTreeMap::<[i32; 3], Vec<[f32; 3]>>::new();
    for p in &draco.meshes[0].primitives[0].positions {
        grid.entry(cell(*p)).or_default().push(*p);
    }
    let mut worst = 0.0_f32;
    for p in &plain.meshes[0].primitives[0].positions {
        let [x, y, z] = cell(*p);
        let nearest = (0..27)
            .filter_map(|i| grid.get(&[x + i % 3 - 1, y + i / 3 % 3 - 1, z + i / 9 - 1]))
            .flatten()
            .map(|q| Vec3::from(*p).distance(Vec3::from(*q)))
            .fold(f32::INFINITY, f32::min);
        worst = worst.max(nearest);
    }
    assert!(
        worst < step,
        "a vertex is {} mm from its counterpart",
        worst * 1000.0
    );
}

#[test]
fn all_cubes_are_the_same_cube() {
    let Some(plain) = open("cubes/cube.glb") else {
        return;
    };
    let key = |model: &Model| {
        let mut places: Vec<[i64; 3]> = world_positions(model)
            .iter()
            .map(|p| p.to_array().map(|v| (v * 1000.0).round() as i64))
            .collect();
        places.sort_unstable();
        places
    };
    let mut colors = Vec::new();
    for name in ["draco", "meshopt", "etc1s", "textured", "webp"] {
        let Some(cube) = open(&format!("cubes/cube_{name}.glb")) else {
            return;
        };
        assert_eq!(
            key(&cube),
            key(&plain),
            "cube_{name} has the plain cube's corners"
        );
        assert_eq!(triangles(&cube), 12, "cube_{name} has twelve triangles");
        let (a, b) = (
            &cube.meshes[0].primitives[0],
            &plain.meshes[0].primitives[0],
        );
        assert_eq!(
            a.uv0.len(),
            b.uv0.len(),
            "cube_{name} has texture coordinates"
        );
        assert!(
            a.normals
                .iter()
                .all(|n| (Vec3::from(*n).length() - 1.0).abs() < 1e-3),
            "cube_{name} has unit normals"
        );
        if let Some(Some(image)) = cube.images.first() {
            let base = &image.data[..(image.width * image.height * 4) as usize];
            let mean = |c: usize| {
                base.chunks(4).map(|t| f64::from(t[c])).sum::<f64>() / (base.len() / 4) as f64
            };
            colors.push((name, [mean(0), mean(1), mean(2)]));
        }
    }
    assert_eq!(colors.len(), 3, "three cubes have a texture: {colors:?}");
    for (name, color) in &colors {
        for (value, first) in color.iter().zip(colors[0].1) {
            assert!(
                (value - first).abs() < 6.0,
                "cube_{name} has the same colour as the others: {colors:?}"
            );
        }
    }
}

#[test]
fn every_file_of_the_validators_corpus_is_read_or_refused_by_name() {
    let Some(folder) = shared("corpora/gltf-validator") else {
        return;
    };
    let (mut folders, mut count, mut read_well) = (vec![folder], 0, 0);
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<_> = std::fs::read_dir(folder)
            .expect("the corpus can be listed")
            .flatten()
            .map(|e| e.path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "gltf" || e == "glb") {
                count += 1;
                match read(&path) {
                    Ok(_) => read_well += 1,
                    Err(e) => {
                        let text = e.to_string();
                        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
                        assert!(
                            name.is_some_and(|n| text.contains(&n)),
                            "the refusal names its file: {text}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(count, 372, "the whole corpus was tried");
    assert!(read_well > 150, "most valid files are read: {read_well}");
}
