//! The first minute: a light to look at, a lamp to press, a place to step to.
//!
//! [`FirstMinute`] knows what is taught and when; this puts the things there and measures
//! what the visitor does.

use super::{
    body::{Body, BodySystems},
    cards::Cards,
    hands::Hands,
    life::{Carry, Life},
    menu::HandMenu,
    pointing::{Pointing, PointingSystems, Pressed, Target},
    travel::Travel,
};
use crate::{
    exhibit::{
        visitor::{Rock, Visitor},
        walk::StandingRoom,
    },
    render::scan::ScanMaterial,
    visit::{
        first_minute::{Doing, FirstMinute, Hint, Lesson, Taught},
        point::{Pointer, Shape},
        session::{Effect, Phase},
        teleport::Rock as _,
    },
};
use bevy::{
    asset::RenderAssetUsages,
    light::NotShadowCaster,
    math::ops,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Course>()
        .add_systems(Startup, spawn)
        .add_systems(
            Update,
            (
                offer_lamp.in_set(PointingSystems::Gather),
                teach
                    .after(PointingSystems::Press)
                    .after(BodySystems::Follow),
            ),
        )
        .add_systems(
            PostUpdate,
            show.after(super::eyes::EyeSystems)
                .before(TransformSystems::Propagate),
        );
}

/// The light is this far to the left, radians: outside what is seen at first, but not behind.
const LIGHT_BESIDE_RAD: f32 = 0.9;
/// And this far away, metres.
const LIGHT_AT_M: f32 = 2.2;
/// The lamp is within a step's reach of the ray, a little below the eyes, metres.
const LAMP_AT_M: f32 = 1.5;
const LAMP_BELOW_M: f32 = 0.35;
/// The place to step to, metres ahead.
const STEP_AT_M: f32 = 1.3;
/// Size of the light, metres.
const LIGHT_M: f32 = 0.05;
/// The light breathes this often a second: far below what could flash (WCAG 2.3.1).
const BREATH_HZ: f32 = 0.4;

/// See the module's documentation.
#[derive(Resource, Debug)]
pub(super) struct Course {
    minute: FirstMinute,
    /// What is to be looked at, pressed, or stepped to.
    goal_in_world: Vec3,
    began_at: Vec3,
    steps_before: u32,
    is_hinting: bool,
    /// Seconds of a small joy that are left.
    joy_secs: f32,
}

impl Default for Course {
    fn default() -> Self {
        Self {
            minute: FirstMinute::done(),
            goal_in_world: Vec3::ZERO,
            began_at: Vec3::ZERO,
            steps_before: 0,
            is_hinting: false,
            joy_secs: 0.0,
        }
    }
}

impl Course {
    /// Begins anew.
    pub(super) fn begin(&mut self) {
        self.minute = FirstMinute::default();
    }

    /// Nothing is taught.
    pub(super) fn finish(&mut self) {
        self.minute = FirstMinute::done();
    }

    /// All is told.
    pub(super) fn is_done(&self) -> bool {
        self.minute.is_done()
    }

    /// What is taught now.
    pub(super) fn lesson(&self) -> Option<Lesson> {
        self.minute.lesson()
    }
}

/// Whoever reads a card or is in the menu learns elsewhere: lights before them would disturb.
fn is_reading(cards: &Cards, menu: &HandMenu) -> bool {
    cards.is_shown() || menu.menu.open().is_some()
}

fn offer_lamp(
    course: Res<Course>,
    life: Res<Life>,
    cards: Res<Cards>,
    menu: Res<HandMenu>,
    mut pointing: ResMut<Pointing>,
) {
    let is_offered = life.phase() == Phase::Running && !is_reading(&cards, &menu);
    if is_offered && course.lesson() == Some(Lesson::Point) {
        pointing.add(
            Target::LessonLamp,
            Shape::Sphere {
                center: course.goal_in_world,
                radius_m: LIGHT_M * 1.6,
            },
        );
    }
}

fn teach(
    mut effects: MessageReader<Carry>,
    mut pressed: MessageReader<Pressed>,
    mut course: ResMut<Course>,
    life: Res<Life>,
    body: Res<Body>,
    travel: Res<Travel>,
    visitor: Option<Res<Visitor>>,
    rock: Res<Rock>,
    time: Res<Time<Real>>,
) {
    for Carry(effect) in effects.read() {
        match effect {
            Effect::StartVisit => course.begin(),
            Effect::ResetVisit => course.finish(),
            _ => {}
        }
    }
    let has_pressed_lamp = pressed.read().any(|own| own.0 == Target::LessonLamp);
    let (Some(head), Some(visitor)) = (body.head_in_world(), visitor) else {
        return;
    };
    course.joy_secs = (course.joy_secs - time.delta_secs()).max(0.0);
    if life.phase() != Phase::Running || course.is_done() {
        return;
    }
    let has_thrown = travel.steps > course.steps_before;
    let doing = Doing {
        gaze: head.rotation * Vec3::NEG_Z,
        to_light: course.goal_in_world - head.position,
        has_pressed_lamp,
        stepped_m: body.feet_in_world.distance(course.began_at),
        // Who already steps off needs no lessons.
        has_skipped: has_thrown && course.lesson() != Some(Lesson::Step),
    };
    for taught in course.minute.step(&doing, time.delta_secs()) {
        match taught {
            Taught::Begin(lesson, hint) => {
                course.is_hinting = hint == Hint::Shown;
                if hint == Hint::Quiet {
                    course.began_at = body.feet_in_world;
                    course.steps_before = travel.steps;
                    course.goal_in_world = goal(lesson, &head, &body, &visitor, &rock);
                }
            }
            Taught::Praise(_) => course.joy_secs = 0.6,
            Taught::Finished { is_skipped } => {
                let how = if is_skipped { "skipped" } else { "done" };
                info!("the first minute is {how}");
            }
        }
    }
}

/// Where a lesson's thing is, for a visitor who stands here.
fn goal(
    lesson: Lesson,
    head: &crate::visit::rig::TrackedPose,
    body: &Body,
    visitor: &Visitor,
    rock: &Rock,
) -> Vec3 {
    let yaw = head.yaw_rad();
    let ahead = |turn_rad: f32| Quat::from_rotation_y(yaw + turn_rad) * Vec3::NEG_Z;
    let eye = head.position;
    // In front of rock, never in it.
    let reach = |way: Vec3, wanted_m: f32| {
        let hit = rock
            .0
            .as_deref()
            .and_then(|rock| rock.cast_ray(eye, way, wanted_m + 0.3));
        let free_m = hit.map_or(wanted_m, |hit| hit.point.distance(eye) - 0.25);
        eye + way * free_m.clamp(0.4, wanted_m)
    };
    match lesson {
        Lesson::Look => reach(ahead(LIGHT_BESIDE_RAD), LIGHT_AT_M),
        Lesson::Point => reach(ahead(-0.25), LAMP_AT_M) - Vec3::Y * LAMP_BELOW_M,
        Lesson::Step => {
            let Some(collider) = rock.0.as_deref() else {
                return body.feet_in_world + ahead(0.0) * STEP_AT_M;
            };
            let room = StandingRoom::new(collider, &visitor.settings);
            // Ahead where one can stand, else as near to ahead as one can.
            [0.0, 0.5, -0.5, 1.0, -1.0, 1.8, -1.8, 3.1]
                .into_iter()
                .find_map(|turn_rad| {
                    let over = eye + ahead(turn_rad) * STEP_AT_M;
                    if room.cast(eye, over).is_some() {
                        return None;
                    }
                    let hit = room.cast(over, over - Vec3::Y * 2.5)?;
                    (room.is_walkable(hit.point) && room.body_fits(hit.point)).then_some(hit.point)
                })
                .unwrap_or(body.feet_in_world)
        }
    }
}

#[derive(Component)]
struct Light;
#[derive(Component)]
struct Ring;
/// A bead of the trail that shows the way, by its place in it.
#[derive(Component)]
struct Bead(u32);
const BEADS: u32 = 7;

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    mut images: ResMut<Assets<Image>>,
) {
    let glow = |r: f32, g: f32, b: f32, alpha: f32| ScanMaterial {
        base_color: LinearRgba::new(r, g, b, alpha),
        is_unlit: true,
        is_double_sided: true,
        alpha_mode: AlphaMode::Blend,
        ..default()
    };
    let core = materials.add(glow(1.0, 0.82, 0.48, 1.0));
    let halo = materials.add(ScanMaterial {
        base_color_texture: Some(images.add(halo_picture())),
        ..glow(1.0, 0.68, 0.30, 0.75)
    });
    let sphere = meshes.add(Sphere::new(1.0));
    let hidden = (Transform::default(), Visibility::Hidden);
    commands.spawn((
        Name::new("first light"),
        Light,
        hidden,
        children![
            (
                Mesh3d(sphere.clone()),
                MeshMaterial3d(core.clone()),
                Transform::from_scale(Vec3::splat(LIGHT_M * 0.55)),
                NotShadowCaster,
            ),
            (
                Mesh3d(meshes.add(Rectangle::from_length(LIGHT_M * 6.0))),
                MeshMaterial3d(halo),
                Transform::default(),
                NotShadowCaster,
            ),
        ],
    ));
    commands.spawn((
        Ring,
        Mesh3d(meshes.add(Torus::new(0.24, 0.28).mesh())),
        MeshMaterial3d(core.clone()),
        NotShadowCaster,
        Transform::default(),
        Visibility::Hidden,
    ));
    for bead in 0..BEADS {
        commands.spawn((
            Bead(bead),
            Mesh3d(sphere.clone()),
            MeshMaterial3d(core.clone()),
            NotShadowCaster,
            Transform::default(),
            Visibility::Hidden,
        ));
    }
}

/// A glow that ends softly.
fn halo_picture() -> Image {
    const SIDE: u32 = 64;
    let mut texels = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let at = Vec2::new(column as f32 + 0.5, row as f32 + 0.5) / SIDE as f32 * 2.0 - 1.0;
            let near = (1.0 - at.length()).max(0.0);
            texels.extend([255, 255, 255, (near * near * near * 255.0) as u8]);
        }
    }
    Image::new(
        Extent3d {
            width: SIDE,
            height: SIDE,
            depth_or_array_layers: 1,
        },
        TextureDimension::D2,
        texels,
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    )
}

fn show(
    course: Res<Course>,
    life: Res<Life>,
    body: Res<Body>,
    hands: Res<Hands>,
    cards: Res<Cards>,
    menu: Res<HandMenu>,
    time: Res<Time<Real>>,
    mut lights: Query<
        (&mut Transform, &mut Visibility),
        (With<Light>, Without<Ring>, Without<Bead>),
    >,
    mut rings: Query<
        (&mut Transform, &mut Visibility),
        (With<Ring>, Without<Light>, Without<Bead>),
    >,
    mut beads: Query<(&Bead, &mut Transform, &mut Visibility), (Without<Ring>, Without<Light>)>,
) {
    let is_shown = life.phase() == Phase::Running && !is_reading(&cards, &menu);
    let lesson = course.lesson().filter(|_| is_shown);
    let visible = |is_seen: bool| {
        if is_seen {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        }
    };
    let breath = ops::sin(time.elapsed_secs() * BREATH_HZ * core::f32::consts::TAU);
    let joy = 1.0 + course.joy_secs;
    for (mut transform, mut visibility) in &mut lights {
        let is_seen = matches!(lesson, Some(Lesson::Look | Lesson::Point));
        visibility.set_if_neq(visible(is_seen));
        let away = body.head_in_world().map_or(Vec3::NEG_Z, |head| {
            (course.goal_in_world - head.position).normalize_or(Vec3::NEG_Z)
        });
        *transform = Transform::from_translation(course.goal_in_world)
            .looking_to(away, Vec3::Y)
            .with_scale(Vec3::splat((1.0 + 0.12 * breath) * joy));
    }
    for (mut transform, mut visibility) in &mut rings {
        visibility.set_if_neq(visible(lesson == Some(Lesson::Step)));
        *transform = Transform::from_translation(course.goal_in_world + Vec3::Y * 0.015)
            .with_scale(Vec3::new(1.0, 0.25, 1.0) * (1.0 + 0.06 * breath));
    }
    let from = trail_from(lesson, &body, &hands);
    for (Bead(index), mut transform, mut visibility) in &mut beads {
        let shown = from.filter(|_| course.is_hinting && lesson.is_some());
        visibility.set_if_neq(visible(shown.is_some()));
        if let Some(from) = shown {
            let along = (time.elapsed_secs() * 0.35 + *index as f32 / BEADS as f32).fract();
            let rise = if lesson == Some(Lesson::Step) {
                0.5
            } else {
                0.0
            };
            let lift = Vec3::Y * (rise * 4.0 * along * (1.0 - along));
            *transform = Transform::from_translation(from.lerp(course.goal_in_world, along) + lift)
                .with_scale(Vec3::splat(0.008 + 0.006 * along));
        }
    }
}

/// Where the trail begins: before the eyes, or at the hand.
fn trail_from(lesson: Option<Lesson>, body: &Body, hands: &Hands) -> Option<Vec3> {
    let head = body.head_in_world()?;
    let before = head.position + head.rotation * Vec3::new(0.0, -0.08, -0.9);
    match (lesson?, hands.pointer()) {
        (Lesson::Point | Lesson::Step, Pointer::Hand(hand)) => {
            hands.ray(hand).map(|(from, _)| from).or(Some(before))
        }
        _ => Some(before),
    }
}
