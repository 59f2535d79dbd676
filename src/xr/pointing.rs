//! What the visitor points at, by either hand or by looking, and what pressing it does.
//!
//! Everything that can be pressed is gathered into one list of shapes: hotspots, the menu's
//! tiles, answers, the first minute's lamp. One rule finds what is meant ([`pick_on_boards`]), one
//! message says what was pressed ([`Pressed`]).

use super::{
    body::{Body, Comfort},
    frames::Frames,
    hands::{Hands, side},
    life::Life,
};
use crate::{
    exhibit::{
        intent::Wish,
        spots::StagedShape,
        telling::{Pointed, Telling},
        visitor::{Rock, VisitorSystems, Wished},
    },
    tour::HotspotIndex,
    visit::{
        comfort::Hand,
        menu::Item,
        point::{
            Aim, Dwell, DwellOutcome, Feeling, Pick, Pointer, Ray, Shape, Spot, pick_on_boards,
        },
        session::Phase,
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Pointing>()
        .add_message::<Pressed>()
        .add_systems(PreUpdate, forget_targets)
        .add_systems(
            Update,
            (
                (gather_hotspots, gather_answers).in_set(PointingSystems::Gather),
                point.in_set(PointingSystems::Point),
                (tell_pointed, press_story).in_set(PointingSystems::Press),
            )
                .chain(),
        )
        .configure_sets(
            Update,
            (
                PointingSystems::Gather,
                PointingSystems::Point,
                PointingSystems::Press,
            )
                .chain()
                .after(super::body::BodySystems::Follow)
                .before(VisitorSystems::Wish),
        );
}

/// When pointing happens.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum PointingSystems {
    /// Whoever shows something to press adds it to [`Pointing`].
    Gather,
    /// What is meant is found.
    Point,
    /// Whoever was pressed acts.
    Press,
}

/// Something to press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A hotspot of the exhibit.
    Hotspot(HotspotIndex),
    /// A tile of the menu.
    Tile(Item),
    /// An answer to a tour's question, counted from 0.
    Answer(u8),
    /// What is to be read: pressing closes it.
    Card,
    /// A sign on a card.
    CardWish(Wish),
    /// A card between its signs: what is behind it is not meant.
    CardBody,
    /// The lamp of the first minute.
    LessonLamp,
}

/// Something was pressed.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pressed(pub(super) Target);

/// The size of the place at which a ray meets an area, metres.
const MET_M: f32 = 0.01;
/// A hand reaches no farther within a frame, metres.
const FARTHEST_REACH_M: f32 = 0.3;
/// Nothing farther is meant, metres, whatever its reach.
const FARTHEST_M: f32 = 14.0;

/// See the module's documentation.
#[derive(Resource, Debug, Default)]
pub(super) struct Pointing {
    targets: Vec<(Target, Shape)>,
    /// What is meant now.
    meant: Option<(Target, Pick)>,
    /// Where the ray ends: on what is meant, on rock, or nowhere.
    pub(super) end: Option<Vec3>,
    /// The ray that counts: from where, and which way.
    pub(super) ray: Option<(Vec3, Vec3)>,
    dwell: Dwell,
    /// What a gaze has rested on, each at the place by which [`Self::dwell`] knows it.
    dwelt_on: Vec<Target>,
    /// How full the ring of a resting gaze is, and where.
    pub(super) ring: Option<(Vec3, f32)>,
    pointer: Option<Pointer>,
    feeling: Feeling<Target>,
}

impl Pointing {
    /// Adds something that can be pressed in this frame.
    pub(super) fn add(&mut self, target: Target, shape: Shape) {
        self.targets.push((target, shape));
    }

    /// What is meant now.
    pub(super) fn meant(&self) -> Option<Target> {
        self.meant.map(|(target, _)| target)
    }

    /// Whether a hand points, and at nothing to press: it may throw.
    pub(super) fn is_on_nothing(&self, hand: Hand) -> bool {
        self.pointer == Some(Pointer::Hand(hand)) && self.meant.is_none()
    }
}

fn forget_targets(mut pointing: ResMut<Pointing>) {
    pointing.targets.clear();
}

fn gather_hotspots(
    mut pointing: ResMut<Pointing>,
    telling: Option<Res<Telling>>,
    life: Res<Life>,
    body: Res<Body>,
    hands: Res<Hands>,
    rock: Res<Rock>,
) {
    let (Some(telling), Some(head)) = (telling, body.head_in_world()) else {
        return;
    };
    if life.phase() != Phase::Running {
        return;
    }
    let staged = telling.staged();
    let ray = ray_of(&hands, &body, hands.pointer());
    for (index, hotspot) in staged.hotspots.iter().enumerate() {
        let spot = HotspotIndex::new(index);
        let (Some((center, radius_m)), (true, _)) = (hotspot.ball_in_world, telling.marker(spot))
        else {
            continue;
        };
        let reach_m = staged
            .script
            .hotspot(spot)
            .map_or(FARTHEST_M, |script| script.reach_m);
        if head.position.distance(center) - radius_m > reach_m {
            continue;
        }
        let shape = match &hotspot.shape {
            StagedShape::Ball => Some(Shape::Sphere { center, radius_m }),
            StagedShape::Box {
                half_m,
                rotation_in_world,
            } => Some(Shape::Box {
                center,
                half: *half_m,
                rotation: *rotation_in_world,
            }),
            // Of an area or a node counts where the ray meets it.
            StagedShape::Part { .. } => ray
                .and_then(|(from, way)| telling.sight(spot, from, way, rock.0.as_deref()))
                .map(|sight| Shape::Sphere {
                    center: sight.point,
                    radius_m: MET_M,
                }),
        };
        if let Some(shape) = shape {
            pointing.add(Target::Hotspot(spot), shape);
        }
    }
}

/// Answers and cards are boards; [`super::cards`] knows where they stand.
fn gather_answers(mut pointing: ResMut<Pointing>, cards: Res<super::cards::Cards>) {
    for (target, shape) in cards.shapes() {
        pointing.add(target, shape);
    }
}

/// The ray that counts, in the exhibit.
fn ray_of(hands: &Hands, body: &Body, pointer: Pointer) -> Option<(Vec3, Vec3)> {
    match pointer {
        Pointer::Hand(hand) => hands.ray(hand),
        Pointer::Gaze => hands.look().or_else(|| {
            let head = body.head_in_world()?;
            Some((head.position, head.rotation * Vec3::NEG_Z))
        }),
    }
}

fn point(
    hands: Res<Hands>,
    body: Res<Body>,
    comfort: Res<Comfort>,
    life: Res<Life>,
    rock: Res<Rock>,
    frames: Res<Frames>,
    time: Res<Time<Real>>,
    mut pointing: ResMut<Pointing>,
    mut pressed: MessageWriter<Pressed>,
) {
    let pointer = hands.pointer();
    let pointing = &mut *pointing;
    pointing.pointer = Some(pointer);
    let was = pointing.meant();
    let is_free = matches!(life.phase(), Phase::Running | Phase::Ready);
    let ray = ray_of(&hands, &body, pointer).filter(|_| is_free);
    // Who is led somewhere has not reached for what is there.
    let has_jumped = pointing
        .ray
        .zip(ray)
        .is_none_or(|((before, _), (now, _))| before.distance(now) > FARTHEST_REACH_M);
    pointing.ray = ray;
    let rock_m = ray.and_then(|(from, way)| {
        let hit = rock.0.as_deref()?.cast_ray(from, way, FARTHEST_M)?;
        Some(hit.point.distance(from))
    });
    // Boards first: see `pick_on_boards`.
    let is_hotspot = |(target, _): &(Target, Shape)| matches!(target, Target::Hotspot(_));
    pointing.targets.sort_by_key(is_hotspot);
    let boards = pointing.targets.partition_point(|own| !is_hotspot(own));
    let shapes: Vec<Shape> = pointing.targets.iter().map(|(_, shape)| *shape).collect();
    let kept = was.and_then(|was| {
        let at = pointing.targets.iter().position(|(own, _)| *own == was);
        at.map(Spot)
    });
    let found = ray.and_then(|(from, direction)| {
        let ray = Ray {
            from,
            direction,
            farthest_m: FARTHEST_M,
            rock_m,
        };
        pick_on_boards(&ray, &shapes, boards, kept)
    });
    pointing.meant = found.and_then(|pick| {
        let (target, _) = pointing.targets.get(pick.spot.0)?;
        Some((*target, pick))
    });
    pointing.end = pointing.meant.map(|(_, pick)| pick.point).or_else(|| {
        let (from, way) = ray?;
        Some(from + way * rock_m?)
    });
    let now = pointing.meant();
    // A finger that reaches what it points at has pressed it.
    let has_touched = pointing
        .meant
        .is_some_and(|(_, pick)| pick.aim == Aim::Touched && now != was && !has_jumped);
    let press = match pointer {
        Pointer::Hand(hand) if hands.has_pressed(hand) || has_touched => now,
        Pointer::Hand(_) => None,
        Pointer::Gaze => None,
    };
    let dt_secs = time.delta_secs();
    let felt = pointing
        .feeling
        .step(pointer, now, press.is_some(), dt_secs);
    if let Some((hand, touch)) = felt {
        frames.lock().touch(side(hand), touch);
    }
    if let Some(target) = press {
        pressed.write(Pressed(target));
    }
    dwell(
        pointing,
        &hands,
        &body,
        &comfort,
        (&shapes, boards),
        dt_secs,
        &mut pressed,
    );
}

/// A gaze that rests presses, where it may.
fn dwell(
    pointing: &mut Pointing,
    hands: &Hands,
    body: &Body,
    comfort: &Comfort,
    (shapes, boards): (&[Shape], usize),
    dt_secs: f32,
    pressed: &mut MessageWriter<Pressed>,
) {
    pointing.ring = None;
    if !comfort.0.is_dwelling(hands.are_any_seen()) {
        pointing.dwell = Dwell::default();
        return;
    }
    let gazed = ray_of(hands, body, Pointer::Gaze).and_then(|(from, direction)| {
        let ray = Ray {
            from,
            direction,
            farthest_m: FARTHEST_M,
            rock_m: None,
        };
        pick_on_boards(&ray, shapes, boards, None)
    });
    // Places among the targets change as things come and go.
    let known = &mut pointing.dwelt_on;
    let gazed = gazed.and_then(|pick| {
        let target = pointing.targets.get(pick.spot.0)?.0;
        let known_at = known.iter().position(|own| *own == target);
        let at = known_at.unwrap_or_else(|| {
            known.push(target);
            known.len() - 1
        });
        Some((Spot(at), pick.point))
    });
    let spot = gazed.map(|(spot, _)| spot);
    match pointing.dwell.step(spot, comfort.0.dwell_secs, dt_secs) {
        DwellOutcome::Idle => {}
        DwellOutcome::Filling(spot, filled) => {
            let at = gazed.filter(|own| own.0 == spot).map(|own| own.1);
            pointing.ring = at.map(|at| (at, filled));
        }
        DwellOutcome::Pressed(spot) => {
            if let Some(target) = pointing.dwelt_on.get(spot.0) {
                pressed.write(Pressed(*target));
            }
        }
    }
}

/// What is pointed at glows, and is heard.
fn tell_pointed(pointing: Res<Pointing>, telling: Option<ResMut<Telling>>) {
    let Some(mut telling) = telling else { return };
    let pointed = Pointed::At(match pointing.meant() {
        Some(Target::Hotspot(spot)) => Some(spot),
        _ => None,
    });
    if telling.pointed != pointed {
        telling.pointed = pointed;
    }
}

fn press_story(
    mut pressed: MessageReader<Pressed>,
    mut telling: Option<ResMut<Telling>>,
    mut wishes: MessageWriter<Wished>,
) {
    for Pressed(target) in pressed.read() {
        match target {
            Target::Hotspot(spot) => {
                if let Some(telling) = &mut telling {
                    telling.select(*spot);
                }
            }
            Target::Answer(number) => drop(wishes.write(Wished(Wish::Answer(*number)))),
            Target::Card => drop(wishes.write(Wished(Wish::Back))),
            Target::CardWish(wish) => drop(wishes.write(Wished(*wish))),
            Target::CardBody | Target::Tile(_) | Target::LessonLamp => {}
        }
    }
}
