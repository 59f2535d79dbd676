//! Cuts triangles where one painting ends and the next begins, so that the border between
//! them is a line and not the zigzag of the mesh.

use super::nets::Net;
use super::shape::{
    ANTE_EAST_M, ANTE_HALF_M, BATTER, BENCH_TOP_M, CHAMBER_HALF_M, CORRIDOR_EAST_M, VAULT_FROM_M,
    WALL_HEIGHT_M, ground,
};
use bevy::math::Vec3;
use std::collections::BTreeMap;

/// z at which the corridor's painting ends and the antechamber's begins.
pub(crate) const CORRIDOR_END_M: f32 = CORRIDOR_EAST_M - 0.015;
/// Height at which the corridor's walls end and its roof begins.
pub(crate) const CORRIDOR_ROOF_M: f32 = 2.31;

/// z at which the plaster of the mouth ends and bare rock begins.
pub(crate) const ROCK_FROM_M: f32 = ANTE_EAST_M + 0.12;
/// Height above which everything in the chamber is ceiling.
pub(crate) const WALL_TOP_M: f32 = WALL_HEIGHT_M + 0.02;
/// Height from which on the chamber's surfaces are its ceiling where they lean enough.
pub(crate) const CEILING_FROM_M: f32 = WALL_HEIGHT_M - 0.2;
/// What the ceiling's normals have of "up" at most.
pub(crate) const CEILING_FACES: f32 = -0.3;
/// What floors' normals have of "up" at least.
pub(crate) const FLOOR_FACES: f32 = 0.7;
/// What the normals of the niche's floor have of "up" at least.
pub(crate) const NICHE_FLOOR_FACES: f32 = 0.5;
/// What the normals of a cell's end walls have of "along the cell" at least.
pub(crate) const CELL_END_FACES: f32 = 0.75;

/// What the normals of sand have of "up" at least.
pub(crate) const SAND_FACES: f32 = 0.6;
/// What the normals of rock outside have of "to the front" at least where its picture is laid on
/// from there.
pub(crate) const FRONT_FACES: f32 = 0.5;

/// How far above the drifted sand outside a place is, metres: ledges of the cliff are bare.
pub(crate) fn above_sand(p: Vec3) -> f32 {
    p.y - ground(p) - 0.16
}

/// Metres from the west wall, the east wall, the nearer side wall and the vault of the
/// antechamber; negative behind them.
pub(crate) fn antechamber_gaps(p: Vec3) -> (f32, f32, f32, f32) {
    let vault = 3.3 - 0.09 * p.x * p.x - p.y;
    let slope = 0.18 * p.x;
    (
        p.z - CORRIDOR_EAST_M,
        ANTE_EAST_M - p.z,
        ANTE_HALF_M - 0.02 * p.y - p.x.abs(),
        vault / (1.0 + slope * slope).sqrt(),
    )
}

/// A border, told by place and by the way the surface faces there: zero on it, and a box outside
/// which it does not matter.
struct Seam(fn(Vec3, Vec3) -> f32, Vec3, Vec3);

/// Borders by place first: what faces where is asked within them.
const SEAMS: [Seam; 29] = [
    // The corridor's ends and its roof.
    Seam(
        |p, _| p.z - CORRIDOR_END_M,
        Vec3::new(-1.1, 0.0, 5.2),
        Vec3::new(1.1, 2.9, 5.6),
    ),
    Seam(
        |p, _| p.z - behind_wall(p),
        Vec3::new(-1.1, 0.0, 3.0),
        Vec3::new(1.1, 2.9, 3.5),
    ),
    Seam(
        |p, _| p.y - CORRIDOR_ROOF_M,
        Vec3::new(-1.1, 2.2, 3.2),
        Vec3::new(1.1, 2.5, 5.4),
    ),
    // The corners of the antechamber: west wall and sides, west wall and vault, sides and
    // vault, east wall and sides, east wall and vault.
    Seam(
        |p, _| antechamber_gaps(p).0 - antechamber_gaps(p).2,
        Vec3::new(-2.8, 0.0, 5.2),
        Vec3::new(2.8, 3.0, 5.8),
    ),
    Seam(
        |p, _| antechamber_gaps(p).0 - antechamber_gaps(p).3,
        Vec3::new(-2.8, 2.4, 5.2),
        Vec3::new(2.8, 3.5, 5.8),
    ),
    Seam(
        |p, _| antechamber_gaps(p).2 - antechamber_gaps(p).3,
        Vec3::new(-2.8, 2.4, 5.3),
        Vec3::new(2.8, 3.1, 8.5),
    ),
    Seam(
        |p, _| antechamber_gaps(p).1 - antechamber_gaps(p).2,
        Vec3::new(-2.8, 0.0, 8.0),
        Vec3::new(2.8, 3.0, 8.6),
    ),
    Seam(
        |p, _| antechamber_gaps(p).1 - antechamber_gaps(p).3,
        Vec3::new(-2.8, 2.4, 8.0),
        Vec3::new(2.8, 3.5, 8.6),
    ),
    // The mouth: where plaster ends and rock begins, and tiles and sand.
    Seam(
        |p, _| p.z - ROCK_FROM_M,
        Vec3::new(-2.0, -0.5, 8.2),
        Vec3::new(2.0, 3.6, 8.9),
    ),
    // The chamber: the doors of the cells, the niche, the corners, the foot of the ceiling.
    Seam(
        |p, _| p.x.abs() - behind_wall(p),
        Vec3::new(-3.5, 0.0, 1.2),
        Vec3::new(3.5, 2.0, 2.5),
    ),
    Seam(
        |p, _| p.z + behind_wall(p),
        Vec3::new(-1.5, 0.5, -3.5),
        Vec3::new(1.5, 3.2, -3.0),
    ),
    Seam(
        |p, _| p.x.abs() - p.z.abs(),
        Vec3::new(-3.4, 0.0, -3.4),
        Vec3::new(3.4, 3.4, 3.4),
    ),
    Seam(|p, _| p.y - WALL_TOP_M, CEILING_FOOT.0, CEILING_FOOT.1),
    Seam(|_, n| n.y - CEILING_FACES, CEILING_FOOT.0, CEILING_FOOT.1),
    // Where the vaults of the cells begin and end, and their benches.
    Seam(|p, _| p.x.abs() - VAULT_FROM_M, CELLS.0, CELLS.1),
    Seam(|p, _| p.y - BENCH_TOP_M, CELLS.0, CELLS.1),
    Seam(|_, n| n.x.abs() - CELL_END_FACES, CELLS.0, CELLS.1),
    // The floors, but for the sand outside.
    Seam(
        |_, n| n.y - FLOOR_FACES,
        Vec3::new(-6.0, -0.1, -4.9),
        Vec3::new(6.0, 0.3, 8.6),
    ),
    Seam(
        |_, n| n.y - NICHE_FLOOR_FACES,
        Vec3::new(-1.4, 0.7, -4.8),
        Vec3::new(1.4, 1.0, -3.0),
    ),
    // Sand and rock outside, and the sides from which the rock's picture is laid on.
    Seam(|p, _| above_sand(p), OUTSIDE.0, FOOT_HIGH),
    Seam(|_, n| n.y - SAND_FACES, OUTSIDE.0, FOOT_HIGH),
    Seam(|_, n| n.z.abs() - FRONT_FACES, OUTSIDE.0, OUTSIDE.1),
    Seam(|_, n| n.x.abs() - n.y.abs(), OUTSIDE.0, OUTSIDE.1),
    // Pictures that are laid on from the side a surface faces most.
    Seam(|_, n| n.x.abs() - n.z.abs(), CELLS.0, CELLS.1),
    Seam(
        |_, n| n.y.abs() - n.x.abs().max(n.z.abs()),
        CELLS.0,
        CELLS.1,
    ),
    Seam(|_, n| n.x.abs() - n.z.abs(), EAST.0, EAST.1),
    Seam(|_, n| n.y.abs() - n.x.abs().max(n.z.abs()), EAST.0, EAST.1),
    Seam(|_, n| n.x.abs() - n.z.abs(), ALTAR.0, ALTAR.1),
    Seam(
        |_, n| n.y.abs() - n.x.abs().max(n.z.abs()),
        ALTAR.0,
        ALTAR.1,
    ),
];

const CEILING_FOOT: (Vec3, Vec3) = (
    Vec3::new(-3.4, CEILING_FROM_M, -3.4),
    Vec3::new(3.4, 3.6, 3.4),
);
const CELLS: (Vec3, Vec3) = (Vec3::new(-6.2, -0.1, 0.2), Vec3::new(6.2, 2.8, 3.4));
const EAST: (Vec3, Vec3) = (Vec3::new(-2.8, 0.0, 7.9), Vec3::new(2.8, 3.6, 8.8));
const OUTSIDE: (Vec3, Vec3) = (Vec3::new(-40.0, -10.0, ROCK_FROM_M), Vec3::splat(40.0));
const FOOT_HIGH: Vec3 = Vec3::new(40.0, 1.2, 40.0);
const ALTAR: (Vec3, Vec3) = (Vec3::new(-2.2, 0.0, -3.4), Vec3::new(2.2, 0.9, -1.5));

/// How far behind the middle of the chamber, along x or z, its walls have ended for certain,
/// relief and all.
pub(crate) fn behind_wall(p: Vec3) -> f32 {
    CHAMBER_HALF_M - BATTER * p.y + 0.05
}

/// Cuts a mesh along all borders.
pub(crate) fn cut(mut net: Net) -> Net {
    for seam in SEAMS {
        net = cut_along(net, seam);
    }
    net
}

/// Splits every triangle that a border crosses; new corners are shared, so that the mesh
/// stays closed.
fn cut_along(mut net: Net, Seam(side_of, low, high): Seam) -> Net {
    let sides: Vec<f32> = net
        .positions
        .iter()
        .zip(&net.normals)
        .map(|(p, n)| {
            let side = side_of(*p, *n);
            // No slivers where a corner all but lies on the border.
            if side.abs() < 1e-4 { 0.0 } else { side }
        })
        .collect();
    let near = |i: u32| {
        let p = net.positions[i as usize];
        p.cmpge(low).all() && p.cmple(high).all()
    };
    let mut middles: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut added: Vec<(Vec3, Vec3)> = Vec::new();
    // An edge is cut or not whichever triangle asks, so that neighbours agree.
    let mut middle = |i: u32, j: u32| {
        let (i, j) = (i.min(j), i.max(j));
        let (from, to) = (sides[i as usize], sides[j as usize]);
        if from * to >= 0.0 || !near(i) || !near(j) {
            return None;
        }
        Some(*middles.entry((i, j)).or_insert_with(|| {
            let along = from / (from - to);
            let (i, j) = (i as usize, j as usize);
            let normal = net.normals[i].lerp(net.normals[j], along);
            added.push((
                net.positions[i].lerp(net.positions[j], along),
                normal.normalize_or(net.normals[i]),
            ));
            (net.positions.len() + added.len() - 1) as u32
        }))
    };
    let mut triangles = Vec::with_capacity(net.triangles.len());
    for t in &net.triangles {
        let cuts = [0, 1, 2].map(|k| middle(t[k], t[(k + 1) % 3]));
        // The corner between two cuts, or else before the only cut.
        let first = (0..3)
            .find(|k| cuts[*k].is_some() && cuts[(k + 2) % 3].is_some())
            .or_else(|| (0..3).find(|k| cuts[*k].is_some()));
        let Some(first) = first else {
            triangles.push(*t);
            continue;
        };
        let [a, b, c] = [0, 1, 2].map(|k| t[(first + k) % 3]);
        match (cuts[first], cuts[(first + 2) % 3]) {
            (Some(ab), Some(ca)) => triangles.extend([[a, ab, ca], [ab, b, c], [ab, c, ca]]),
            (Some(ab), None) => triangles.extend([[a, ab, c], [ab, b, c]]),
            _ => triangles.push(*t),
        }
    }
    for (position, normal) in added {
        net.positions.push(position);
        net.normals.push(normal);
    }
    net.triangles = triangles;
    net
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_mesh_stays_closed_and_no_triangle_crosses_the_border() {
        // An octahedron, cut across.
        let positions = vec![
            Vec3::X,
            Vec3::NEG_X,
            Vec3::Y,
            Vec3::NEG_Y,
            Vec3::Z,
            Vec3::NEG_Z,
        ];
        let mut triangles = Vec::new();
        for (x, y, z) in [(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4)] {
            triangles.push([x, y, z]);
            triangles.push([y, x, z + 1]);
        }
        let net = Net {
            normals: positions.clone(),
            positions,
            triangles,
        };
        let side: fn(Vec3, Vec3) -> f32 = |p, _| p.x + 0.3 * p.y - 0.2;
        let cut = cut_along(net, Seam(side, Vec3::splat(-2.0), Vec3::splat(2.0)));
        let mut edges: BTreeMap<(u32, u32), i32> = BTreeMap::new();
        for t in &cut.triangles {
            let signs = t.map(|i| side(cut.positions[i as usize], Vec3::Y));
            assert!(
                signs.iter().all(|s| *s > -1e-3) || signs.iter().all(|s| *s < 1e-3),
                "a triangle still crosses the border: {signs:?}"
            );
            for (i, j) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
                *edges.entry((i, j)).or_default() += 1;
                *edges.entry((j, i)).or_default() -= 1;
            }
        }
        assert!(cut.triangles.len() > 8, "the border crosses the octahedron");
        assert!(
            edges.values().all(|n| *n == 0),
            "every edge has a neighbour that runs the other way"
        );
    }
}
