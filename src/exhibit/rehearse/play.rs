//! A tour as a visitor on a monitor sees it who does nothing: frame after frame, with the
//! flights that are really flown.

use std::{sync::Arc, time::Duration};

use crate::{
    bake::collide::Collider,
    exhibit::{
        intent::Intent,
        stage::{Pose, Stage, StagedStep},
        visitor::Visitor,
    },
    tour::{Durations, Effect, Input, Playback, Script, StepIndex, TourIndex},
};

/// Frames a second.
const RATE: u32 = 60;
/// How much of a tour is played: one that goes round in a circle never ends.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// One picture of a tour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Since the start of the tour, in whole frames of a sixtieth of a second.
    pub at: Duration,
    /// The step.
    pub step: StepIndex,
    /// The eye.
    pub pose: Pose,
    /// How dark the picture is, 0 to 1.
    pub darkness: f32,
    /// Whether the eye is led; else it stands.
    pub is_led: bool,
}

/// A way to a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// The step it leads to.
    pub to: StepIndex,
    /// Where from.
    pub start: Pose,
    /// Where to.
    pub end: Pose,
    /// When it begins, since the start of the tour.
    pub begins: Duration,
    /// How long it takes.
    pub length: Duration,
    /// Rock is between: the picture fades.
    pub is_blink: bool,
    /// How long the way before it would have gone on, had this not begun.
    pub cuts_off: Option<(StepIndex, Duration)>,
    /// Where the visitor's eyes come to rest.
    pub rests: Option<Pose>,
}

/// A tour that was played through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Played {
    /// Sixty a second.
    pub frames: Vec<Frame>,
    /// In order.
    pub ways: Vec<Way>,
    /// Steps in the order in which they began, and when.
    pub entered: Vec<(StepIndex, Duration)>,
    /// Until the end.
    pub length: Duration,
}

/// Plays a tour through, unattended.
pub(super) fn play(
    stage: &Stage,
    script: &Arc<Script>,
    steps: &[Vec<StagedStep>],
    tour: TourIndex,
    durations: Durations,
    rock: Option<&Collider>,
) -> Played {
    let dt = Duration::from_secs(1) / RATE;
    let mut playback = Playback::new(Arc::clone(script), durations);
    let mut visitor = Visitor::new(stage, stage.body.clone());
    visitor.stand_at(&stage.start, rock.map(|rock| rock as _));
    let mut played = Played::default();
    let mut inputs = vec![Input::StartUnattended(tour)];
    let mut at = Duration::ZERO;
    let mut step = StepIndex::default();
    while at < LONGEST {
        for effect in playback.step(&inputs, if at.is_zero() { Duration::ZERO } else { dt }) {
            // A detour's steps are rehearsed where they are a tour.
            if let Effect::StepEntered {
                tour: own,
                step: next,
            } = effect
                && own == tour
            {
                step = next;
                played.entered.push((next, at));
                let staged = steps
                    .get(tour.index())
                    .and_then(|steps| steps.get(next.index()));
                if let Some(end) = staged.and_then(|staged| destination(staged, &visitor)) {
                    begin(&mut played, &mut visitor, (next, at), end, rock);
                }
            }
        }
        inputs.clear();
        if playback.playing().is_none() {
            break;
        }
        let was_led = visitor.flight().is_some();
        played.frames.push(Frame {
            at,
            step,
            pose: visitor.pose(),
            darkness: visitor.darkness(),
            is_led: was_led,
        });
        visitor.step(&Intent::default(), dt.as_secs_f32(), rock);
        if !was_led && let Some(way) = played.ways.last_mut() {
            way.rests = Some(visitor.pose());
        }
        at += dt;
    }
    played.length = at;
    played
}

/// As `exhibit::telling` has it: a place, or a turn of the head.
fn destination(step: &StagedStep, visitor: &Visitor) -> Option<Pose> {
    step.pose.or_else(|| {
        let target = step.look_at_in_world?;
        Some(Pose::looking_at(visitor.pose().eye_in_world, target))
    })
}

fn begin(
    played: &mut Played,
    visitor: &mut Visitor,
    (step, at): (StepIndex, Duration),
    end: Pose,
    rock: Option<&Collider>,
) {
    let cut = visitor
        .flight()
        .map(|(flight, secs)| flight.duration_secs() - secs);
    let cuts_off = cut.zip(played.ways.last()).map(|(secs, way)| {
        let left = Duration::try_from_secs_f32(secs).unwrap_or_default();
        (way.to, left)
    });
    let start = visitor.pose();
    visitor.travel_to(end, rock);
    let (length, is_blink) = visitor.flight().map_or((0.0, false), |(flight, _)| {
        (flight.duration_secs(), flight.is_blink())
    });
    played.ways.push(Way {
        to: step,
        start,
        end,
        begins: at,
        length: Duration::try_from_secs_f32(length).unwrap_or_default(),
        is_blink,
        cuts_off,
        rests: None,
    });
}
