//! The first minute: a light to look at, a lamp to press, a place to step to.
//!
//! [`FirstMinute`] knows what is taught and when; this says where the things are and measures
//! what the visitor does. What they look like is in [`marks`].

mod marks;

use super::{
    body::{Body, BodySystems},
    cards::Cards,
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
    visit::{
        first_minute::{Doing, FIRST_SEEN_RAD, FirstMinute, Hint, Lesson, Taught, light_share},
        point::Shape,
        session::{Effect, Phase},
        teleport::Rock as _,
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(marks::plugin)
        .init_resource::<Course>()
        .add_systems(
            Update,
            (
                offer_lamp.in_set(PointingSystems::Gather),
                teach
                    .after(PointingSystems::Press)
                    .after(BodySystems::Follow),
            ),
        );
}

/// The light goes this far to the left, radians: outside what is seen at first, but not behind.
const LIGHT_BESIDE_RAD: f32 = 0.9;
/// And this far away, metres.
const LIGHT_AT_M: f32 = 2.2;
/// The lamp is within a step's reach of the ray, a little below the eyes, metres.
const LAMP_AT_M: f32 = 1.5;
const LAMP_BELOW_M: f32 = 0.35;
/// The place to step to, metres ahead.
const STEP_AT_M: f32 = 1.3;
/// The light hovers over it, metres.
const OVER_STEP_M: f32 = 0.3;
/// Where the light is first seen, metres away.
const FIRST_SEEN_M: f32 = 1.6;
/// It comes up within this time, seconds.
const DAWN_SECS: f32 = 0.6;
/// Size of the light, metres.
const LIGHT_M: f32 = 0.05;

/// See the module's documentation.
#[derive(Resource, Debug)]
pub(super) struct Course {
    minute: FirstMinute,
    /// What is to be looked at, pressed, or stepped to.
    goal_in_world: Vec3,
    began_at: Vec3,
    steps_before: u32,
    /// Where the light was first seen, and for how long it is there.
    light_from: Vec3,
    lit_secs: f32,
    /// The way to it is shown.
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
            light_from: Vec3::ZERO,
            lit_secs: 0.0,
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

    /// Where the light is now.
    pub(super) fn light_in_world(&self) -> Vec3 {
        let over_m = match self.lesson() {
            Some(Lesson::Step) => OVER_STEP_M,
            _ => 0.0,
        };
        let to = self.goal_in_world + Vec3::Y * over_m;
        self.light_from.lerp(to, light_share(self.lit_secs))
    }

    /// How much of the light has come up, never quite 0, to 1.
    fn dawn(&self) -> f32 {
        (self.lit_secs / DAWN_SECS).clamp(0.01, 1.0)
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
                center: course.light_in_world(),
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
    course.lit_secs += time.delta_secs();
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
                    course.light_from = first_seen(lesson, &head, &rock);
                    course.lit_secs = 0.0;
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

/// A place so far away, or nearer in front of rock, never in it.
fn before_rock(eye: Vec3, way: Vec3, wanted_m: f32, rock: &Rock) -> Vec3 {
    let hit = rock
        .0
        .as_deref()
        .and_then(|rock| rock.cast_ray(eye, way, wanted_m + 0.3));
    let free_m = hit.map_or(wanted_m, |hit| hit.point.distance(eye) - 0.25);
    eye + way * free_m.clamp(0.4, wanted_m)
}

/// Where a lesson's light comes up: before whoever looks this way, towards its goal.
fn first_seen(lesson: Lesson, head: &crate::visit::rig::TrackedPose, rock: &Rock) -> Vec3 {
    let turn = match lesson {
        Lesson::Look => Quat::from_rotation_y(FIRST_SEEN_RAD),
        Lesson::Point => Quat::from_rotation_y(-FIRST_SEEN_RAD),
        Lesson::Step => Quat::from_rotation_x(-FIRST_SEEN_RAD),
    };
    let way = head.rotation * turn * Vec3::NEG_Z;
    before_rock(head.position, way, FIRST_SEEN_M, rock)
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
    let reach = |way: Vec3, wanted_m: f32| before_rock(eye, way, wanted_m, rock);
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
