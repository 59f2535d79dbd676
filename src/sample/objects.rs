//! The figures as meshes, placed and laid out for their pictures.

use super::gesture::{
    HANGING_SHIFT_M, LAP_SHIFT_M, Lap, Offering, RAISED_SHIFT_M, STALK_SHIFT_M, Stalk,
};
use super::glb::Part;
use super::nets::{self, Field};
use super::paint::clay::{ATTENDANT_M, SEATED_M};
use super::statue::{ATTENDANT_BOUNDS, ATTENDANTS, Attendant, SEAT, SEATED_BOUNDS, Seated};
use bevy::math::{Vec2, Vec3};

/// How much smaller the cells of hands are.
const HAND_CELL: f32 = 0.4;

/// The picture of a figure: its size and the height of its upper edge, metres.
type Picture = (Vec2, f32);

/// Meshes a solid and projects its picture from the front, from a place `shift_m` aside.
fn front(
    field: &dyn Field,
    (low, high): (Vec3, Vec3),
    cell_m: f32,
    (size, top): Picture,
    shift_m: Vec2,
) -> Part {
    let net = nets::mesh(field, low, high, cell_m);
    let uvs = net
        .positions
        .iter()
        .map(|p| p.truncate() + shift_m)
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
    let fine_m = cell_m * HAND_CELL;
    let picture = (SEATED_M, 1.57);
    let seated = Part::merged([
        front(&Seated, SEATED_BOUNDS, cell_m, picture, Vec2::ZERO),
        front(&Lap::new(), Lap::BOUNDS, fine_m, picture, LAP_SHIFT_M),
    ]);
    let picture = (ATTENDANT_M, 1.4);
    let hand =
        |held: Offering, shift_m| front(&held, held.bounds(), fine_m * 0.95, picture, shift_m);
    let attendant = Part::merged([
        front(
            &Attendant,
            ATTENDANT_BOUNDS,
            cell_m * 0.9,
            picture,
            Vec2::ZERO,
        ),
        hand(Offering::raised(), RAISED_SHIFT_M),
        front(&Stalk, Stalk::BOUNDS, fine_m * 0.95, picture, STALK_SHIFT_M),
        hand(Offering::hanging(), HANGING_SHIFT_M),
    ]);
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
