//! `grotto new`: a small complete exhibit, a plastered room with one painted panel and a
//! vase on a pedestal, whose scene file explains itself line by line.

use super::charts::Chart;
use super::glb::{self, Look, Part};
use super::nets::{self, Field};
use super::noise::{fbm3, smoothstep};
use super::paint::finish::{self, Layer};
use super::paint::rough::{self, Rough};
use super::paint::walls;
use super::pictures;
use super::props;
use super::shape::{rounded_box, smax};
use bevy::math::{Vec2, Vec3};
use std::io;
use std::path::Path;

const SCENE: &str = include_str!("../../scenes/starter/exhibit.ron");

/// Half the sides of the room, and its height.
const ROOM: (f32, f32) = (2.4, 2.8);
/// Size of the painted panel on the north wall (-Z), its lower edge at 0.75 m.
const PANEL_M: Vec2 = Vec2::new(2.24, 1.41);
const PANEL_TOP_M: f32 = 2.16;

struct Room;

impl Field for Room {
    fn coarse(&self, p: Vec3) -> f32 {
        let walls = rounded_box(
            p - Vec3::Y * (ROOM.1 * 0.5),
            Vec3::new(ROOM.0, ROOM.1 * 0.5, ROOM.0),
            0.12,
        );
        let pedestal = rounded_box(
            p - Vec3::new(0.95, 0.4, -0.9),
            Vec3::new(0.24, 0.5, 0.24),
            0.02,
        );
        smax(walls, -pedestal, 0.02)
    }
    fn fine(&self, p: Vec3, coarse: f32) -> f32 {
        coarse
            + (fbm3(p * 0.9, 2, 5) * 0.012 + fbm3(p * 4.0, 3, 6) * 0.004)
                * smoothstep(0.0, 0.2, p.y)
    }
    fn relief_m(&self, _: Vec3) -> f32 {
        0.02
    }
}

fn parts() -> Vec<Part> {
    let reach = ROOM.0 + 0.1;
    let net = nets::mesh(
        &Room,
        Vec3::new(-reach, -0.1, -reach),
        Vec3::new(reach, ROOM.1 + 0.1, reach),
        0.035,
    );
    let named = |name: &str, material: &str| Part {
        name: name.into(),
        material: material.into(),
        ..Part::default()
    };
    let mut all = [
        named("floor", "clay"),
        named("walls", "plaster"),
        named("panel", "panel"),
        named("pedestal", "clay"),
    ];
    for t in &net.triangles {
        let corners = t.map(|i| net.positions[i as usize]);
        let middle = (corners[0] + corners[1] + corners[2]) / 3.0;
        let n = (corners[1] - corners[0])
            .cross(corners[2] - corners[0])
            .normalize_or(Vec3::Y);
        let in_panel = middle.x.abs() < PANEL_M.x * 0.5
            && middle.y < PANEL_TOP_M
            && middle.y > PANEL_TOP_M - PANEL_M.y
            && middle.z < 0.1 - ROOM.0;
        let on_pedestal = middle.distance(Vec3::new(0.95, 0.5, -0.9)) < 0.75 && middle.y > 0.03;
        let (which, chart) = if in_panel {
            let origin = Vec3::new(-PANEL_M.x * 0.5, PANEL_TOP_M, 0.0);
            (
                2,
                Chart::new(origin, Vec3::X, Vec3::NEG_Y, Vec2::ZERO, PANEL_M),
            )
        } else {
            let which = if on_pedestal {
                3
            } else if n.y > 0.7 {
                0
            } else {
                1
            };
            (which, Chart::boxed(n, 2.4))
        };
        let part = &mut all[which];
        for i in *t {
            part.triangles.extend(
                (part.positions.len() % 3 == 2)
                    .then(|| [2, 1, 0].map(|k| part.positions.len() as u32 - k)),
            );
            let p = net.positions[i as usize];
            part.positions.push(p);
            part.normals.push(net.normals[i as usize]);
            part.uvs.push(chart.uv(p));
        }
    }
    let mut all: Vec<Part> = all.into();
    all.push(props::vase(Vec3::new(0.95, 0.895, -0.9)));
    all
}

/// Writes the starter exhibit into a folder, which is created.
///
/// # Errors
/// When the folder or a file cannot be written.
pub fn write_starter(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    let looks: Vec<Look> = ["clay", "plaster", "panel", "ware"]
        .into_iter()
        .map(|name| Look {
            name: name.into(),
            textures: Some(pictures::files(name)),
            color: [1.0; 4],
            ..Look::default()
        })
        .collect();
    for rough in [Rough::Clay, Rough::Plaster, Rough::Ware] {
        let side = Vec2::splat(rough.side_m());
        let (texels, height) = pictures::whole(side, 512, &|w| rough::paint(rough, w));
        pictures::write_three(dir, &pictures::files(rough.name()), &texels, 512, height)?;
    }
    let panel = walls::starter_panel(PANEL_M);
    for layer in [Layer::Today, Layer::Restored] {
        let (texels, height) = pictures::whole(PANEL_M, 1024, &|w| finish::paint(&panel, layer, w));
        let files = pictures::layer_files("panel", layer);
        pictures::write_three(dir, &files, &texels, 1024, height)?;
    }
    glb::write(&dir.join("room.glb"), "room", &parts(), &looks, &[])?;
    std::fs::write(dir.join("exhibit.ron"), SCENE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_names_only_files_that_it_writes() {
        let dir = tempfile::tempdir().unwrap();
        write_starter(dir.path()).unwrap();
        for piece in SCENE
            .split('"')
            .filter(|p| p.ends_with(".png") || p.ends_with(".glb"))
        {
            assert!(
                dir.path().join(piece).is_file(),
                "the scene names {piece}, which is not written"
            );
        }
    }

    #[test]
    fn the_starters_parts_are_whole() {
        for part in parts() {
            assert!(!part.triangles.is_empty(), "{} has no triangles", part.name);
            assert_eq!(
                part.positions.len(),
                part.uvs.len(),
                "{} lacks texture coordinates",
                part.name
            );
        }
    }
}
