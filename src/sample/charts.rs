//! Which part of the cave a triangle belongs to, and where it lies in that part's pictures.
//!
//! Every part has a frame in metres that the painters share: see [`Chart`].

use super::glb::Part;
use super::nets::Net;
use super::seams;
use super::shape::{
    ANTE_EAST_M, BENCH_TOP_M, CAISSON_Y_M, CORRIDOR_EAST_M, NICHE_Y_M, VAULT_FROM_M,
    VAULT_RADIUS_M, VAULT_SPRING_M, VAULT_Z_M,
};
use bevy::math::{Vec2, Vec3};
use core::f32::consts::FRAC_PI_2;
use std::collections::BTreeMap;

/// Where niche pictures are projected from.
pub(crate) const NICHE_EYE: Vec3 = Vec3::new(0.0, 1.62, -3.32);
/// Side of the niche's picture in its own metres (see [`niche_uv`]).
pub(crate) const NICHE_SIDE_M: f32 = 4.2;
/// Side of the square that one floor picture covers.
pub(crate) const FLOOR_SIDE_M: f32 = 6.4;
/// Width and height of a chamber wall's picture; the left edge is at -width/2 from the
/// middle of the wall and the top edge at [`WALL_TOP_M`].
pub(crate) const WALL_PICTURE_M: Vec2 = Vec2::new(6.6, 3.4);
/// Height of the top edge of the wall pictures.
pub(crate) const WALL_TOP_M: f32 = 3.36;
/// Side of the ceiling's picture, a plan seen from below.
pub(crate) const CEILING_SIDE_M: f32 = 6.6;
/// Side of the altar's and the corridor's atlases in metres.
pub(crate) const ALTAR_SIDE_M: f32 = 4.3;
/// See [`ALTAR_SIDE_M`].
pub(crate) const CORRIDOR_SIDE_M: f32 = 5.2;
/// Width and height of the antechamber's atlas: the west wall above, the north and the south
/// wall below it, from [`ANTE_SIDES_V_M`].
pub(crate) const ANTE_PICTURE_M: Vec2 = Vec2::new(6.2, 6.3);
/// Height above the floor of the upper edge of the west wall in its picture.
pub(crate) const ANTE_WEST_TOP_M: f32 = 3.36;
/// Half the width of the west wall in its picture.
pub(crate) const ANTE_WEST_HALF_M: f32 = 2.6;
/// Where the side walls begin in the atlas.
pub(crate) const ANTE_SIDES_V_M: f32 = 3.42;
/// Height above the floor of the upper edge of the side walls in their picture.
pub(crate) const ANTE_SIDES_TOP_M: f32 = 2.84;
/// Where the south wall begins in the atlas; the north wall begins at 0.
pub(crate) const ANTE_SOUTH_U_M: f32 = 3.1;
/// Faces of a cell further out than this belong to its back wall.
const CELL_END_FROM_M: f32 = 5.3;
/// Height of the top edge of the corridor's walls in their picture.
pub(crate) const CORRIDOR_WALL_TOP_M: f32 = 2.68;

/// Width and height of the picture of the cells' back walls, and of what lies on the bench.
pub(crate) const CELL_PICTURE_M: Vec2 = Vec2::new(2.4, 2.6);
/// Height above the floor of the upper edge of that picture.
pub(crate) const CELL_TOP_M: f32 = 2.2;
/// Where in that picture the rush mat is, low and high corner, metres.
pub(crate) const CELL_RUSHES: (Vec2, Vec2) = (Vec2::new(0.04, 2.0), Vec2::new(1.54, 2.54));
/// The same of the folded robe.
pub(crate) const CELL_ROBE: (Vec2, Vec2) = (Vec2::new(1.62, 1.96), Vec2::new(2.4, 2.6));

/// A flat frame: `uv = ((p - origin)·right, (p - origin)·down) / size`, plus a place in an
/// atlas, all in metres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chart {
    /// Where (0, 0) lies, metres.
    pub(crate) origin: Vec3,
    /// Direction of growing u; to the right for someone who faces the surface.
    pub(crate) right: Vec3,
    /// Direction of growing v.
    pub(crate) down: Vec3,
    /// Where the chart's (0, 0) lies in its atlas, metres.
    pub(crate) offset: Vec2,
    /// Side lengths of the whole atlas, metres.
    pub(crate) size: Vec2,
}

impl Chart {
    /// A chart from its frame.
    pub(crate) fn new(origin: Vec3, right: Vec3, down: Vec3, offset: Vec2, size: Vec2) -> Self {
        Self {
            origin,
            right,
            down,
            offset,
            size,
        }
    }

    /// Texture coordinates of a point.
    pub(crate) fn uv(&self, p: Vec3) -> Vec2 {
        let q = p - self.origin;
        (Vec2::new(q.dot(self.right), q.dot(self.down)) + self.offset) / self.size
    }

    /// A picture that repeats after `side_m`, projected along the main axis of a normal.
    pub(crate) fn boxed(n: Vec3, side_m: f32) -> Self {
        let a = n.abs();
        let (right, down) = if a.y > a.x && a.y > a.z {
            (if n.y > 0.0 { Vec3::X } else { Vec3::NEG_X }, Vec3::Z)
        } else if a.x > a.z {
            (if n.x > 0.0 { Vec3::NEG_Z } else { Vec3::Z }, Vec3::NEG_Y)
        } else {
            (if n.z > 0.0 { Vec3::X } else { Vec3::NEG_X }, Vec3::NEG_Y)
        };
        Self::new(Vec3::ZERO, right, down, Vec2::ZERO, Vec2::splat(side_m))
    }
}

/// How a part of the cave is laid out.
#[derive(Debug, Clone, Copy)]
enum Layout {
    Flat(Chart),
    Niche,
    /// See [`vault_uv`]; the side of the picture that repeats, metres.
    Vault(f32),
}

/// A picture that repeats after `side_m`, laid over the barrel vault of a side cell as paper
/// would be: along the axis, and along the arc down to the floor.
fn vault_uv(p: Vec3, side_m: f32) -> Vec2 {
    let from_axis = p.z - VAULT_Z_M;
    let rise = p.y - VAULT_SPRING_M;
    let round = if rise > 0.0 {
        bevy::math::ops::atan2(from_axis, rise) * VAULT_RADIUS_M
    } else {
        (FRAC_PI_2 * VAULT_RADIUS_M - rise).copysign(from_axis)
    };
    Vec2::new(p.x, round) / side_m
}

/// The niche's picture: a view from [`NICHE_EYE`] towards the west, as if wrapped on a ball,
/// so that circles round the figure's head stay circles. 0..1 each way.
pub(crate) fn niche_uv(p: Vec3) -> Vec2 {
    let d = (p - NICHE_EYE).normalize_or(Vec3::NEG_Z);
    let plane = Vec2::new(d.x, -d.y) * 2.0 / (1.0 - d.z).max(0.25);
    let r2 = plane.length_squared();
    // Close to equal angles a metre; 1.25 m is the mean radius of the niche.
    plane * (1.25 / (1.0 + 0.0683 * r2)) / NICHE_SIDE_M + 0.5
}

struct Sorted {
    node: &'static str,
    material: &'static str,
    layout: Layout,
}

fn sorted(node: &'static str, material: &'static str, chart: Chart) -> Sorted {
    Sorted {
        node,
        material,
        layout: Layout::Flat(chart),
    }
}

/// A tiling picture projected along the main axis of the normal.
fn boxed(node: &'static str, material: &'static str, n: Vec3, side_m: f32) -> Sorted {
    sorted(node, material, Chart::boxed(n, side_m))
}

fn floor(node: &'static str) -> Sorted {
    let origin = Vec3::new(-FLOOR_SIDE_M * 0.5, 0.0, -FLOOR_SIDE_M * 0.5);
    let size = Vec2::splat(FLOOR_SIDE_M);
    sorted(
        node,
        "floor",
        Chart::new(origin, Vec3::X, Vec3::Z, Vec2::ZERO, size),
    )
}

fn wall(node: &'static str, inward: Vec3) -> Sorted {
    let right = Vec3::Y.cross(inward);
    let origin = Vec3::Y * WALL_TOP_M - right * (WALL_PICTURE_M.x * 0.5);
    sorted(
        node,
        node,
        Chart::new(origin, right, Vec3::NEG_Y, Vec2::ZERO, WALL_PICTURE_M),
    )
}

fn altar(n: Vec3) -> Sorted {
    let size = Vec2::splat(ALTAR_SIDE_M);
    let a = n.abs();
    let chart = if a.y > a.x && a.y > a.z {
        Chart::new(
            Vec3::new(-2.15, 0.0, -4.6),
            Vec3::X,
            Vec3::Z,
            Vec2::ZERO,
            size,
        )
    } else if a.z >= a.x {
        let origin = Vec3::new(-2.15, 0.78, 0.0);
        Chart::new(origin, Vec3::X, Vec3::NEG_Y, Vec2::new(0.0, 2.96), size)
    } else if n.x > 0.0 {
        let origin = Vec3::new(0.0, 0.78, -1.65);
        Chart::new(origin, Vec3::NEG_Z, Vec3::NEG_Y, Vec2::new(0.0, 3.76), size)
    } else {
        let origin = Vec3::new(0.0, 0.78, -3.6);
        Chart::new(origin, Vec3::Z, Vec3::NEG_Y, Vec2::new(2.2, 3.76), size)
    };
    sorted("altar", "altar", chart)
}

fn corridor(c: Vec3, n: Vec3) -> Sorted {
    let size = Vec2::splat(CORRIDOR_SIDE_M);
    if c.y > seams::CORRIDOR_ROOF_M || n.y < -0.85 && c.x.abs() < 0.8 {
        let origin = Vec3::new(1.0, 0.0, 3.1);
        let chart = Chart::new(origin, Vec3::NEG_X, Vec3::Z, Vec2::new(0.0, 2.7), size);
        return sorted("corridor_ceiling", "corridor", chart);
    }
    let north = c.x > 0.0;
    let (node, offset, right, west_or_east) = if north {
        ("corridor_north", 0.0, Vec3::Z, 3.05)
    } else {
        ("corridor_south", 2.6, Vec3::NEG_Z, 5.6)
    };
    let origin = Vec3::new(0.0, CORRIDOR_WALL_TOP_M, west_or_east);
    sorted(
        node,
        "corridor",
        Chart::new(origin, right, Vec3::NEG_Y, Vec2::new(offset, 0.0), size),
    )
}

/// A wall of the antechamber: the nearest of its surfaces, so that corners are straight.
fn antechamber(c: Vec3, n: Vec3) -> Sorted {
    let (west, east, side, roof) = seams::antechamber_gaps(c);
    let nearest = west.min(east).min(side).min(roof);
    if nearest == roof {
        return boxed("antechamber_ceiling", "plaster", n, 2.4);
    }
    if nearest == east {
        return boxed("antechamber_east", "plaster", n, 2.4);
    }
    let (node, origin, right, offset) = if nearest == west {
        (
            "antechamber_west",
            Vec3::new(-ANTE_WEST_HALF_M, ANTE_WEST_TOP_M, 0.0),
            Vec3::X,
            Vec2::ZERO,
        )
    } else if c.x > 0.0 {
        (
            "antechamber_north",
            Vec3::new(0.0, ANTE_SIDES_TOP_M, CORRIDOR_EAST_M - 0.05),
            Vec3::Z,
            Vec2::new(0.0, ANTE_SIDES_V_M),
        )
    } else {
        (
            "antechamber_south",
            Vec3::new(0.0, ANTE_SIDES_TOP_M, ANTE_EAST_M),
            Vec3::NEG_Z,
            Vec2::new(ANTE_SOUTH_U_M, ANTE_SIDES_V_M),
        )
    };
    let chart = Chart::new(origin, right, Vec3::NEG_Y, offset, ANTE_PICTURE_M);
    sorted(node, "antechamber", chart)
}

/// Sorts a triangle by its middle and the mean of its normals.
fn sort(c: Vec3, n: Vec3) -> Sorted {
    let plaster = 2.4;
    if c.z > seams::ROCK_FROM_M {
        if n.y > seams::SAND_FACES && seams::above_sand(c) < 0.0 {
            return boxed("floor_outside", "sand", Vec3::Y, 2.4);
        }
        let node = if c.x < -1.6 {
            "rock_south"
        } else if c.x > 1.6 {
            "rock_north"
        } else {
            "rock_mouth"
        };
        // From the front wherever that is not too oblique: of a cliff that is nearly all.
        let facing = match n.z.abs() > seams::FRONT_FACES {
            true => Vec3::Z * n.z,
            false => n.with_z(0.0),
        };
        return boxed(node, "rock", facing, 3.0);
    }
    if c.z > seams::CORRIDOR_END_M {
        if n.y > seams::FLOOR_FACES && c.y < 0.3 {
            return floor("floor_antechamber");
        }
        return antechamber(c, n);
    }
    let half = seams::behind_wall(c);
    if c.z > half {
        if n.y > seams::FLOOR_FACES && c.y < 0.3 {
            return floor("floor_corridor");
        }
        return corridor(c, n);
    }
    if c.x.abs() > half {
        let north = c.x > 0.0;
        if n.y > seams::FLOOR_FACES && c.y < 0.08 {
            return boxed(
                if north {
                    "floor_cell_north"
                } else {
                    "floor_cell_south"
                },
                "clay",
                n,
                plaster,
            );
        }
        if n.x.abs() > seams::CELL_END_FACES && c.x.abs() > CELL_END_FROM_M && c.y > BENCH_TOP_M {
            let (node, side) = match north {
                true => ("cell_end_north", 1.0),
                false => ("cell_end_south", -1.0),
            };
            let right = Vec3::Z * side;
            let origin = Vec3::new(0.0, CELL_TOP_M, VAULT_Z_M) - right * (CELL_PICTURE_M.x * 0.5);
            let chart = Chart::new(origin, right, Vec3::NEG_Y, Vec2::ZERO, CELL_PICTURE_M);
            return sorted(node, "cell", chart);
        }
        let node = if north { "cell_north" } else { "cell_south" };
        // Ends, door and bench are flat; what is between them is one vault.
        let is_flat =
            n.x.abs() > seams::CELL_END_FACES || c.y < BENCH_TOP_M || c.x.abs() < VAULT_FROM_M;
        return if is_flat {
            boxed(node, "clay", n, plaster)
        } else {
            Sorted {
                node,
                material: "clay",
                layout: Layout::Vault(plaster),
            }
        };
    }
    let on_altar = c.z < -1.64 && c.x.abs() < 2.12 && c.y < NICHE_Y_M + 0.06;
    if c.z < -half {
        if c.y < NICHE_Y_M + 0.12 && n.y > seams::NICHE_FLOOR_FACES {
            return altar(Vec3::Y);
        }
        return Sorted {
            node: "niche",
            material: "niche",
            layout: Layout::Niche,
        };
    }
    let is_floor = n.y > seams::FLOOR_FACES && c.y < 0.035;
    if on_altar && !is_floor && c.z > -half + 0.12 {
        return altar(n);
    }
    if n.y > seams::FLOOR_FACES && c.y < 0.3 {
        return floor("floor_chamber");
    }
    let leans = n.y < seams::CEILING_FACES && c.y > seams::CEILING_FROM_M;
    if leans || c.y > seams::WALL_TOP_M {
        let half = CEILING_SIDE_M * 0.5;
        let node = if c.y > CAISSON_Y_M - 0.03 {
            "caisson"
        } else {
            "ceiling"
        };
        let origin = Vec3::new(half, 0.0, -half);
        let size = Vec2::splat(CEILING_SIDE_M);
        return sorted(
            node,
            "ceiling",
            Chart::new(origin, Vec3::NEG_X, Vec3::Z, Vec2::ZERO, size),
        );
    }
    if c.x.abs() > c.z.abs() {
        if c.x > 0.0 {
            wall("wall_north", Vec3::NEG_X)
        } else {
            wall("wall_south", Vec3::X)
        }
    } else if c.z > 0.0 {
        wall("wall_east", Vec3::NEG_Z)
    } else {
        wall("wall_west", Vec3::Z)
    }
}

/// Cuts the cave into named parts with texture coordinates. Shared vertices are doubled
/// where two parts meet, with equal positions and normals, so that no crack opens. Cut the
/// triangles along [`seams`] first, or the borders of the paintings are jagged.
pub(crate) fn cut(net: &Net) -> Vec<Part> {
    let mut parts: BTreeMap<&'static str, (Part, BTreeMap<(u32, u32), u32>)> = BTreeMap::new();
    for t in &net.triangles {
        let [a, b, c] = t.map(|i| net.positions[i as usize]);
        // The seams were cut by the normals of the corners: their mean lies on one side of each
        // border, as long as it is not stretched to unit length.
        let face = t.iter().map(|i| net.normals[*i as usize]).sum::<Vec3>() / 3.0;
        let kind = sort((a + b + c) / 3.0, face);
        let (part, seen) = parts.entry(kind.node).or_insert_with(|| {
            let part = Part {
                name: kind.node.into(),
                material: kind.material.into(),
                ..Part::default()
            };
            (part, BTreeMap::new())
        });
        // Charts of one part differ by their frame: its right and down name it.
        let frame = match kind.layout {
            Layout::Flat(chart) => {
                let code = |v: Vec3| ((v.x * 2.0 + v.y * 3.0 + v.z * 5.0) as i32 + 8) as u32;
                code(chart.right) * 64 + code(chart.down)
            }
            Layout::Niche => 0,
            Layout::Vault(_) => 1,
        };
        let mut add = |i: u32| {
            *seen.entry((i, frame)).or_insert_with(|| {
                let (p, n) = (net.positions[i as usize], net.normals[i as usize]);
                let uv = match kind.layout {
                    Layout::Flat(chart) => chart.uv(p),
                    Layout::Niche => niche_uv(p),
                    Layout::Vault(side_m) => vault_uv(p, side_m),
                };
                part.positions.push(p);
                part.normals.push(n);
                part.uvs.push(uv);
                part.positions.len() as u32 - 1
            })
        };
        let triangle = [add(t[0]), add(t[1]), add(t[2])];
        part.triangles.push(triangle);
    }
    parts.into_values().map(|(part, _)| part).collect()
}
