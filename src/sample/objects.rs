//! The figures as meshes, placed and laid out for their pictures.

use super::glb::Part;
use super::nets::{self, Field};
use super::paint::clay::{ATTENDANT_M, SEATED_M};
use super::statue::{ATTENDANT_BOUNDS, ATTENDANTS, Attendant, SEAT, SEATED_BOUNDS, Seated};
use bevy::math::{Vec2, Vec3};

/// Meshes a figure and projects its picture from the front: `top` is the height of the
/// picture's upper edge.
fn figure(field: &dyn Field, bounds: (Vec3, Vec3), cell_m: f32, size: Vec2, top: f32) -> Part {
    let net = nets::mesh(field, bounds.0, bounds.1, cell_m);
    let uvs = net
        .positions
        .iter()
        .map(|p| Vec2::new(p.x + size.x * 0.5, top - p.y) / size)
        .collect();
    Part {
        positions: net.positions,
        normals: net.normals,
        uvs,
        triangles: net.triangles,
        ..Part::default()
    }
}

fn placed(mut part: Part, name: &str, material: &str, at: Vec3, is_mirrored: bool) -> Part {
    part.name = name.into();
    part.material = material.into();
    if is_mirrored {
        for t in &mut part.triangles {
            t.swap(1, 2);
        }
    }
    for (p, n) in part.positions.iter_mut().zip(&mut part.normals) {
        if is_mirrored {
            p.x = -p.x;
            n.x = -n.x;
        }
        *p += at;
    }
    part
}

/// The seated figure and its attendants.
pub(crate) fn figures(cell_m: f32) -> Vec<Part> {
    let seated = figure(&Seated, SEATED_BOUNDS, cell_m, SEATED_M, 1.57);
    let attendant = figure(&Attendant, ATTENDANT_BOUNDS, cell_m * 0.9, ATTENDANT_M, 1.4);
    vec![
        placed(seated, "figure", "figure", SEAT, false),
        placed(
            attendant.clone(),
            "attendant_south",
            "attendant",
            ATTENDANTS[0],
            false,
        ),
        placed(
            attendant,
            "attendant_north",
            "attendant",
            ATTENDANTS[1],
            true,
        ),
    ]
}
