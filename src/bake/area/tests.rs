//! Rays find areas of a wall, whatever their shape, and cost little memory.

use super::*;
use crate::bake::model::{Indices, Mesh, Node};
use bevy::math::DQuat;

/// A wall of 4 m by 2 m in the plane z = 0, its picture upright, in `columns` by `rows` cells.
pub(crate) fn wall(columns: u32, rows: u32) -> Model {
    let mut positions = Vec::new();
    let mut uv0 = Vec::new();
    for row in 0..=rows {
        for column in 0..=columns {
            let (u, v) = (column as f32 / columns as f32, row as f32 / rows as f32);
            positions.push([u * 4.0 - 2.0, 2.0 - v * 2.0, 0.0]);
            uv0.push([u, v]);
        }
    }
    let mut indices = Vec::new();
    for row in 0..rows {
        for column in 0..columns {
            let a = row * (columns + 1) + column;
            let (b, c, d) = (a + 1, a + columns + 1, a + columns + 2);
            indices.extend([a, c, b, b, c, d]);
        }
    }
    let normals = vec![[0.0, 0.0, 1.0]; positions.len()];
    Model {
        nodes: vec![Node {
            name: Some("wall".to_owned()),
            rotation: DQuat::IDENTITY,
            scale: DVec3::ONE,
            mesh: Some(0),
            ..Node::default()
        }],
        meshes: vec![Mesh {
            name: None,
            primitives: vec![Primitive {
                positions,
                normals,
                uv0,
                indices: Some(Indices::U32(indices)),
                ..Primitive::default()
            }],
        }],
        ..Model::default()
    }
}

fn cut(model: &Model, region: Region) -> Patch {
    Patch::cut(model, DAffine3::IDENTITY, region, |_, _| true).expect("the wall has such a part")
}

/// Whether a visitor who looks straight at a place of the wall (metres) means the part.
fn is_meant(patch: &Patch, x: f32, y: f32) -> bool {
    patch.hit(Vec3::new(x, y, 3.0), Vec3::NEG_Z, 10.0).is_some()
}

const TRIANGLE: [Vec2; 3] = [
    Vec2::new(0.5, 0.25),
    Vec2::new(0.75, 0.75),
    Vec2::new(0.25, 0.75),
];

#[test]
fn a_polygon_is_met_inside_its_edges_on_coarse_and_on_fine_walls() {
    for cells in [1, 3, 64] {
        let patch = cut(&wall(cells, cells), Region::Polygon(TRIANGLE.to_vec()));
        assert!(is_meant(&patch, 0.0, 1.0), "{cells} cells: its middle");
        assert!(is_meant(&patch, 0.0, 1.45), "{cells} cells: below its tip");
        assert!(!is_meant(&patch, 0.5, 1.4), "{cells} cells: beside its tip");
        assert!(!is_meant(&patch, 0.0, 1.6), "{cells} cells: above its tip");
        assert!(!is_meant(&patch, -1.5, 1.0), "{cells} cells: far from it");
        let middle = Vec3::new(0.0, 0.833, 0.0);
        assert!(
            patch.center.distance(middle) < 0.12,
            "{cells} cells: its marker stands in its middle, not at {}",
            patch.center
        );
        assert!(
            (patch.metres_per_uv - Vec2::new(4.0, 2.0)).length() < 1e-3,
            "{cells} cells: the picture is 4 m by 2 m"
        );
    }
}

#[test]
fn the_white_of_a_mask_is_met() {
    // Only the lower right quarter is white.
    let (width, height) = (40, 20);
    let mut rgba = vec![0; width * height * 4];
    for y in height / 2..height {
        for x in width / 2..width {
            rgba[(y * width + x) * 4..][..4].fill(255);
        }
    }
    let mask = Mask::of_rgba(40, 20, &rgba).expect("some of it is white");
    let patch = cut(&wall(8, 8), Region::Mask(mask));
    assert!(is_meant(&patch, 1.0, 0.5), "the white");
    assert!(!is_meant(&patch, -1.0, 0.5), "the black beside it");
    assert!(!is_meant(&patch, 1.0, 1.5), "the black above it");
    assert!(
        patch.center.distance(Vec3::new(1.0, 0.5, 0.0)) < 0.2,
        "its marker stands in the white, not at {}",
        patch.center
    );
    assert_eq!(
        Mask::of_rgba(2, 2, &[0; 16]),
        None,
        "a black mask holds nothing"
    );
    assert_eq!(
        Mask::of_rgba(900, 900, &[255; 16]),
        None,
        "an image cut short is none"
    );
}

#[test]
fn only_what_lies_under_it_is_kept() {
    let model = wall(500, 500);
    let whole = cut(&model, Region::Whole);
    assert!(
        whole.triangles.is_empty() && whole.radius_m > 1.9,
        "a node of half a million triangles is a ball"
    );
    let low = Vec2::new(0.4, 0.4);
    let square = [low, low + Vec2::X * 0.1, low + 0.1, low + Vec2::Y * 0.1];
    let patch = cut(&model, Region::Polygon(square.to_vec()));
    assert!(
        patch.triangles.len() < 6_000,
        "a hundredth of the wall keeps a hundredth of its triangles, not {}",
        patch.triangles.len()
    );
    assert!(
        patch.memory_bytes() < 6_000 * 80,
        "and {} bytes",
        patch.memory_bytes()
    );
}

#[test]
fn a_node_is_met_as_it_is_shaped() {
    let patch = cut(&wall(2, 2), Region::Whole);
    assert!(is_meant(&patch, 1.9, 0.1), "its corner");
    assert!(!is_meant(&patch, 2.1, 0.1), "not beside it");
    assert!((patch.radius_m - 2.2).abs() < 0.9, "its ball holds it");
    let nothing = Patch::cut(&wall(2, 2), DAffine3::IDENTITY, Region::Whole, |_, _| false);
    assert!(nothing.is_none(), "what is not there cannot be met");
}

#[test]
fn its_glow_is_a_line_along_its_edge() {
    let patch = cut(&wall(4, 4), Region::Polygon(TRIANGLE.to_vec()));
    let glow = patch.glow();
    let at = |u: f32, v: f32| {
        let share = (Vec2::new(u, v) - glow.low) / (glow.high - glow.low);
        let x = (share.x * glow.width as f32) as usize;
        let y = (share.y * glow.height as f32) as usize;
        glow.alpha[y * glow.width as usize + x]
    };
    assert!(at(0.5, 0.749) > 200, "bright on its lower edge");
    assert!((8..60).contains(&at(0.5, 0.6)), "a breath of it inside");
    assert!(at(0.3, 0.4) < 20, "dark outside");
    let edges = (0..glow.width as usize).map(|x| glow.alpha[x]);
    assert_eq!(edges.max(), Some(0), "and nothing at the picture's border");
}

#[test]
fn points_are_spread_over_a_part_and_its_size_is_known() {
    let square = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)];
    let square = square.map(|(u, v)| Vec2::new(u, v)).to_vec();
    for cells in [1, 8] {
        let patch = cut(&wall(cells, cells), Region::Polygon(square.clone()));
        let (area_m2, points) = patch.spread(9);
        assert!(
            (area_m2 - 2.0).abs() < 0.2,
            "2 m by 1 m of {cells} cells, not {area_m2} m²"
        );
        assert_eq!(points.len(), 9);
        for (x, y) in [(-1.0, 0.5), (1.0, 0.5), (-1.0, 1.5), (1.0, 1.5), (0.0, 1.0)] {
            let corner = Vec3::new(x, y, 0.0);
            let nearest = points.iter().map(|point| point.distance(corner));
            let nearest = nearest.fold(f32::INFINITY, f32::min);
            assert!(nearest < 0.35, "none near {corner}: {points:?}");
        }
        let is_inside = |at: &Vec3| at.x.abs() < 1.01 && (at.y - 1.0).abs() < 0.51;
        assert!(points.iter().all(is_inside), "all are inside: {points:?}");
    }
}
