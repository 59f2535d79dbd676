//! The generator as a whole, at draft quality.

use super::*;
use std::collections::BTreeMap;

fn draft(dir: &Path) -> Made {
    let options = SampleOptions {
        quality: Quality::Draft,
    };
    generate(dir, &options, &|_, _| {}).unwrap()
}

/// FNV-1a over names and bytes of a folder's files, in the order of their names.
fn fingerprint(dir: &Path) -> u64 {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // The scene file is written by hand and may change at will.
        if name.ends_with(".ron") {
            continue;
        }
        files.insert(name, std::fs::read(path).unwrap());
    }
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (name, bytes) in files {
        for byte in name.bytes().chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// Changes with every change of the generator, together with [`VERSION`].
const DRAFT_FINGERPRINT: u64 = 0xf73a_1e36_a54b_d875;

#[test]
fn the_same_bytes_come_out_at_any_number_of_threads() {
    let (all, one) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = draft(all.path());
    let alone = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    alone.install(|| draft(one.path()));
    let (first, second) = (fingerprint(all.path()), fingerprint(one.path()));
    assert_eq!(first, second, "one thread makes other bytes than many");
    assert_eq!(
        first, DRAFT_FINGERPRINT,
        "the generator's output changed to {first:#x}: raise VERSION and write it down here"
    );
    assert!(
        made.triangles > 50_000,
        "a draft has a shape: {} triangles",
        made.triangles
    );

    for piece in EXHIBIT.split('"') {
        let is_file = [".png", ".glb", ".wav"]
            .iter()
            .any(|end| piece.ends_with(end));
        if is_file {
            assert!(
                all.path().join(piece).is_file(),
                "the exhibit names {piece}, which is not made"
            );
        }
    }
}

#[test]
fn the_exhibits_flames_stand_where_the_lamps_stand() {
    for (i, lamp) in props::lamps().iter().enumerate() {
        let id = format!("id: \"lamp_{:02}\"", i + 1);
        let line = EXHIBIT
            .lines()
            .find(|l| l.contains(&id))
            .unwrap_or_else(|| panic!("no light has {id}"));
        let start = line.find("position: (").unwrap() + "position: (".len();
        let numbers: Vec<f32> = line[start..]
            .split(')')
            .next()
            .unwrap()
            .split(", ")
            .map(|n| n.parse().unwrap())
            .collect();
        let there = Vec3::new(numbers[0], numbers[1], numbers[2]);
        assert!(
            there.distance(lamp.flame) < 0.002,
            "{id} is at {there}, its flame at {}",
            lamp.flame
        );
    }
    let lights = EXHIBIT.matches("flicker: Flame),").count();
    assert_eq!(
        lights,
        props::lamps().len() + 2,
        "lights and baked groups flicker, nothing else does"
    );
}

#[test]
fn every_named_view_stands_in_the_open_air() {
    use super::nets::Field;
    let views = EXHIBIT
        .split("views: [")
        .nth(1)
        .unwrap()
        .split("start:")
        .next()
        .unwrap();
    let mut count = 0;
    for piece in views.split("position: (").skip(1) {
        let numbers: Vec<f32> = piece
            .split(')')
            .next()
            .unwrap()
            .split(", ")
            .map(|n| n.parse().unwrap())
            .collect();
        let eye = Vec3::new(numbers[0], numbers[1], numbers[2]);
        let distance = shape::Cave.distance(eye);
        assert!(
            distance < -0.12,
            "the view at {eye} is {distance} m from the rock"
        );
        count += 1;
    }
    assert!(count >= 8, "there are at least eight views, not {count}");
}

#[test]
fn the_way_in_is_clear() {
    use super::nets::Field;
    for i in 0..130 {
        let z = 12.0 - i as f32 * 0.1;
        for y in [0.3, 1.0, 1.7] {
            let p = Vec3::new(0.0, y, z);
            assert!(
                shape::Cave.distance(p) < -0.15,
                "something stands in the way at {p}"
            );
        }
    }
    let parts = props::parts(0.03, 10);
    for part in &parts {
        for p in &part.positions {
            let on_the_way = p.x.abs() < 1.2 && p.y < 1.0 && p.z > -1.3;
            assert!(!on_the_way, "{} stands in the way at {p}", part.name);
        }
    }
}

#[test]
fn parts_share_their_seams() {
    // Every vertex on a seam has a twin with the same normal, so that no crack opens.
    let (low, high) = shape::BOUNDS;
    let net = seams::cut(nets::mesh(&shape::Cave, low, high, 0.12));
    let parts = charts::cut(&net);
    let triangles: usize = parts.iter().map(|p| p.triangles.len()).sum();
    assert_eq!(triangles, net.triangles.len(), "cutting loses no triangle");
    let mut seen: BTreeMap<[u32; 3], Vec3> = BTreeMap::new();
    for part in &parts {
        for (p, n) in part.positions.iter().zip(&part.normals) {
            let key = p.to_array().map(f32::to_bits);
            let first = *seen.entry(key).or_insert(*n);
            assert_eq!(first, *n, "two parts disagree about the normal at {p}");
        }
        for uv in &part.uvs {
            assert!(
                uv.is_finite(),
                "{} has a broken texture coordinate",
                part.name
            );
        }
    }
    assert_eq!(
        seen.len(),
        net.positions.len(),
        "no vertex was lost or moved"
    );
    for name in [
        "floor_chamber",
        "wall_north",
        "wall_south",
        "wall_west",
        "wall_east",
        "ceiling",
        "caisson",
        "niche",
        "altar",
    ] {
        assert!(
            parts.iter().any(|p| p.name == name),
            "there is no part {name}"
        );
    }
}
