//! From a scene file to the picture: an area of a wall is meant, glows, and is lit when a
//! tour points it out.

use crate::{
    exhibit::{
        open,
        stage::Pose,
        telling::{Pointed, Telling, Told},
        visitor::Visitor,
    },
    render::{
        Quality,
        headless::{Extras, Headless},
        loading::tests::wall::make_a_door_of,
    },
    scene::schema::MeshId,
    tour::{HotspotIndex, Input, StoryInput, TourIndex},
};
use bevy::{math::UVec2, prelude::Vec3};
use std::{path::Path, time::Duration};

/// A wall of 4 m by 2 m, its picture upright, 2 m before a visitor at the start.
fn write_wall(folder: &Path) {
    let corners: [[f32; 5]; 4] = [
        [-2.0, 2.6, -2.0, 0.0, 0.0],
        [-2.0, 0.6, -2.0, 0.0, 1.0],
        [2.0, 0.6, -2.0, 1.0, 1.0],
        [2.0, 2.6, -2.0, 1.0, 0.0],
    ];
    let mut bytes: Vec<u8> = Vec::new();
    for range in [0..3, 3..5] {
        for corner in &corners {
            for value in &corner[range.clone()] {
                bytes.extend_from_slice(&value.to_le_bytes());
            }
        }
    }
    for index in [0_u16, 1, 2, 0, 2, 3] {
        bytes.extend_from_slice(&index.to_le_bytes());
    }
    std::fs::write(folder.join("wall.bin"), &bytes).expect("the buffer can be written");
    let gltf = r#"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"name":"wall","mesh":0}],
        "materials":[{"name":"paint","pbrMetallicRoughness":{"baseColorFactor":[0.2,0.2,0.2,1],"metallicFactor":0}}],
        "buffers":[{"uri":"wall.bin","byteLength":92}],
        "bufferViews":[{"buffer":0,"byteLength":48},{"buffer":0,"byteOffset":48,"byteLength":32},{"buffer":0,"byteOffset":80,"byteLength":12}],
        "accessors":[
            {"bufferView":0,"componentType":5126,"count":4,"type":"VEC3","min":[-2,0.6,-2],"max":[2,2.6,-2]},
            {"bufferView":1,"componentType":5126,"count":4,"type":"VEC2"},
            {"bufferView":2,"componentType":5123,"count":6,"type":"SCALAR"}],
        "meshes":[{"primitives":[{"attributes":{"POSITION":0,"TEXCOORD_0":1},"indices":2,"material":0}]}]}"#;
    std::fs::write(folder.join("wall.gltf"), gltf).expect("the model can be written");
}

/// An L of corners: its notch is the upper right quarter of its box.
const SCENE: &str = r#"(
    format: 1, title: "Wall", default_language: "en", credits: [(name: "Us", licence: "CC0-1.0")],
    spaces: [(
        id: "room",
        meshes: [(id: "wall", path: "wall.gltf")],
        surfaces: [(id: "mural", mesh: "wall", material: "paint", layers: [(id: "today")])],
    )],
    hotspots: [(
        id: "deer", title: "A deer",
        at: SurfaceArea(surface: "mural", polygon: [(0.3, 0.25), (0.56, 0.25), (0.56, 0.44), (0.7, 0.44), (0.7, 0.8), (0.3, 0.8)]),
        actions: [Panel(text: "It drinks.")],
    )],
    tours: [(id: "walk", title: "Walk", steps: [(
        id: "one", look_at: Hotspot("deer"), point_out: [Hotspot("deer")], say: (text: "Look at the deer, how it drinks."),
    )])],
    start: (position: (0.0, 0.0, 0.0)), body: (mode: Fly),
    atmosphere: (exposure: 6.0),
)"#;

const SIZE: UVec2 = UVec2::new(160, 90);

fn open_wall() -> (Headless, Pose) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write_wall(folder.path());
    open_scene(folder.path(), SCENE)
}

fn open_scene(folder: &Path, scene: &str) -> (Headless, Pose) {
    let path = folder.join("exhibit.ron");
    std::fs::write(&path, scene).expect("the scene can be written");
    let (stage, report) = open::open(&path, None);
    assert!(
        !report.has_errors(),
        "the scene is right: {}",
        report.to_text(false)
    );
    let stage = stage.expect("a scene without errors can be shown");
    let story = stage.story.clone().expect("there is something to tell");
    let sounds = stage.sounds.clone();
    let mut visitor = Visitor::new(&stage, stage.body.clone());
    let mut headless = Headless::new(
        stage,
        SIZE,
        Quality::Low,
        Extras {
            collision: true,
            ..Extras::default()
        },
    )
    .expect("this machine can draw");
    headless.tell_story(Duration::from_millis(50));
    let pose = Pose::looking_at(Vec3::new(0.0, 1.6, 0.0), Vec3::new(0.0, 1.6, -2.0));
    visitor.stand_at(&pose, None);
    headless
        .app
        .insert_resource(visitor)
        .insert_resource(Telling::new(story, sounds));
    headless.load(|_| {});
    headless.look(&pose, headless.field_of_view_rad());
    (headless, pose)
}

fn draw(headless: &mut Headless, secs: f32) {
    for _ in 0..(secs / 0.05).ceil() as usize {
        headless.draw();
    }
}

fn telling(headless: &Headless) -> &Telling {
    headless.app.world().resource::<Telling>()
}

/// Where a point of the wall's picture is drawn, for the pose at the start.
fn texel_of(u: f32, v: f32) -> (u32, u32) {
    let (x, y) = (u * 4.0 - 2.0, 1.0 - v * 2.0);
    // 60 degrees of field of view, 2 m away.
    let scale = SIZE.y as f32 * 0.5 / (2.0 * bevy::math::ops::tan(30.0_f32.to_radians()));
    (
        (SIZE.x as f32 * 0.5 + x * scale) as u32,
        (SIZE.y as f32 * 0.5 - y * scale) as u32,
    )
}

fn brightness(headless: &Headless, u: f32, v: f32) -> f32 {
    let picture = headless.picture().expect("a picture was drawn");
    let (x, y) = texel_of(u, v);
    let mut sum = 0.0;
    for dy in 0..3 {
        for dx in 0..3 {
            let texel = picture.get_pixel(x + dx - 1, y + dy - 1).0;
            sum += texel[..3].iter().map(|c| f32::from(*c)).sum::<f32>() / 27.0;
        }
    }
    sum
}

#[test]
fn an_area_is_meant_within_its_edges_and_glows_there() {
    let (mut headless, pose) = open_wall();
    draw(&mut headless, 0.2);
    let spot = HotspotIndex::FIRST;
    let eye = pose.eye_in_world;
    let meant = |headless: &Headless, u: f32, v: f32| {
        let at = Vec3::new(u * 4.0 - 2.0, 2.6 - v * 2.0, -2.0);
        let rock = headless.collider();
        let way = (at - eye).normalize();
        telling(headless).along(eye, way, 0.01, rock).is_some()
    };
    assert!(meant(&headless, 0.35, 0.3), "its upper left");
    assert!(meant(&headless, 0.65, 0.75), "its lower right");
    assert!(!meant(&headless, 0.64, 0.33), "not the notch");
    assert!(!meant(&headless, 0.2, 0.5), "not beside it");
    assert_eq!(
        telling(&headless).gazed,
        Some(spot),
        "a visitor who looks straight ahead means it"
    );
    let point_away = |headless: &mut Headless, at| {
        headless.app.world_mut().resource_mut::<Telling>().pointed = Pointed::At(at);
        draw(headless, 1.0);
    };
    point_away(&mut headless, None);
    let edge = brightness(&headless, 0.3, 0.6);
    let notch = brightness(&headless, 0.66, 0.3);
    point_away(&mut headless, Some(spot));
    let lit = brightness(&headless, 0.3, 0.6);
    assert!(
        lit > edge + 8.0,
        "its edge glows when it is pointed at: {edge} became {lit}"
    );
    let lit = brightness(&headless, 0.66, 0.3);
    assert!(
        (lit - notch).abs() < 6.0,
        "the notch stays as it was: {notch} became {lit}"
    );
    point_away(&mut headless, None);
    let after = brightness(&headless, 0.3, 0.6);
    assert!(
        (after - edge).abs() < 2.0,
        "and nothing of the glow is left: {edge}, {after}"
    );
}

#[test]
fn what_a_tour_points_out_is_lit_and_let_go() {
    let (mut headless, _) = open_wall();
    headless.app.world_mut().resource_mut::<Telling>().pointed = Pointed::At(None);
    draw(&mut headless, 0.5);
    let before = brightness(&headless, 0.4, 0.6);
    let start = StoryInput::Tour(Input::Start(TourIndex::FIRST));
    headless
        .app
        .world_mut()
        .resource_mut::<Telling>()
        .tell(start);
    draw(&mut headless, 2.0);
    let pointed_out = &telling(&headless).pointed_out;
    assert_eq!(pointed_out.len(), 1, "the deer is pointed out");
    assert!(
        pointed_out[0].center.distance(Vec3::new(0.0, 1.4, -2.0)) < 0.4,
        "where it was found on its wall: {}",
        pointed_out[0].center
    );
    let lit = brightness(&headless, 0.4, 0.6);
    assert!(
        lit > before + 8.0,
        "a soft light rests on it: {before} became {lit}"
    );
    let leave = StoryInput::Tour(Input::Leave);
    headless
        .app
        .world_mut()
        .resource_mut::<Telling>()
        .tell(leave);
    draw(&mut headless, 3.0);
    let after = brightness(&headless, 0.4, 0.6);
    assert!(
        (after - before).abs() < 3.0,
        "and is gone with the tour: {before}, {after}"
    );
}

/// The wall slides 1.2 m to the right, 0.3 of its picture.
#[test]
fn what_moves_is_meant_and_glows_where_it_has_come_to() {
    let area = SCENE.find("SurfaceArea").expect("the deer is an area");
    let end = area + SCENE[area..].find("]),").expect("its corners end") + 2;
    let as_node = SCENE.replace(&SCENE[area..end], "Node(\"wall\", \"wall\")");
    // The edge of what glows and a point beside it, at rest, on the wall's picture.
    for (scene, edge_u, beside_u) in [(SCENE, 0.3, 0.2), (as_node.as_str(), 0.03, -0.1)] {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        write_wall(folder.path());
        make_a_door_of(folder.path(), 1.2);
        let (mut headless, pose) = open_scene(folder.path(), scene);
        draw(&mut headless, 0.2);
        let spot = HotspotIndex::FIRST;
        let meant = |headless: &Headless, u: f32| {
            let way = Vec3::new(u * 4.0 - 2.0, 1.4, -2.0) - pose.eye_in_world;
            let rock = headless.collider();
            telling(headless)
                .along(pose.eye_in_world, way.normalize(), 0.001, rock)
                .is_some()
        };
        let inside_u = edge_u + 0.02;
        assert!(
            meant(&headless, inside_u) && !meant(&headless, beside_u),
            "at rest"
        );
        let ball = |headless: &Headless| telling(headless).staged().hotspots[0].ball_in_world;
        let (was, _) = ball(&headless).expect("the part has been found");

        headless.app.world_mut().write_message(Told::Plays {
            mesh: MeshId::new("wall".to_owned()),
            clip: "Open".to_owned(),
            repeats: false,
            speed: 1.0,
        });
        headless.app.world_mut().resource_mut::<Telling>().pointed = Pointed::At(None);
        draw(&mut headless, 1.3);
        assert!(!meant(&headless, inside_u), "nobody means where it was");
        assert!(
            meant(&headless, inside_u + 0.3) && !meant(&headless, beside_u + 0.3),
            "but where it has come to"
        );
        let (now, _) = ball(&headless).expect("the part is still there");
        assert!(
            (now - was).distance(Vec3::X * 1.2) < 1e-3,
            "its marker has gone with it: {was} became {now}"
        );
        let before = brightness(&headless, edge_u + 0.3, 0.6);
        headless.app.world_mut().resource_mut::<Telling>().pointed = Pointed::At(Some(spot));
        draw(&mut headless, 1.0);
        let lit = brightness(&headless, edge_u + 0.3, 0.6);
        assert!(lit > before + 8.0, "it glows there: {before} became {lit}");
    }
}
