//! The life of the session: the runtime's events to [`Session`], its effects to the runtime.
//!
//! Effects that concern the visit go on as [`Carry`]; what the visit answers comes back as
//! [`Ask`].

use super::{
    body::Body,
    caller::{CREATE_PATIENCE, SESSION_PATIENCE},
    counts::Counts,
    frames::{Frames, News},
    heard::Heard,
    link::{Facts, Link, STEREO, failure},
};
use crate::visit::session::{
    Call, Effect, Failure, Input, PauseReason, Phase, Session, SessionState,
};
use bevy::{
    prelude::*,
    render::{render_resource::PollType, renderer::RenderDevice},
    time::{Real, TimeSystems},
};
use openxr::sys::Result as Code;
use std::{collections::VecDeque, time::Duration};

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Carry>()
        .add_message::<Ask>()
        .add_systems(First, drive.before(TimeSystems));
}

/// An effect of the session's machine that the visit carries out.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub(super) struct Carry(pub(super) Effect);

/// What happened in the visit, for the session's machine.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub(super) struct Ask(pub(super) Input);

/// The session's machine and what it last heard.
#[derive(Resource)]
pub(super) struct Life {
    session: Session,
    /// The last state the runtime told.
    pub(super) told: Option<SessionState>,
    /// Runtime tells whether the headset is worn.
    pub(super) knows_presence: bool,
    /// The machine knows that an answer of the runtime is late.
    is_silent: bool,
    /// Frames that the log has heard of.
    counted: Counts,
}

impl Life {
    pub(super) fn new(session: Session) -> Self {
        Self {
            session,
            told: None,
            knows_presence: false,
            is_silent: false,
            counted: Counts::default(),
        }
    }

    /// Where the frames went to since this was last said, for the log.
    fn say_counts(&mut self, counts: Counts) {
        let since = counts - std::mem::replace(&mut self.counted, counts);
        if since != Counts::default() {
            info!("since the last count: {since}");
        }
    }

    /// What the exhibit does now.
    pub(super) fn phase(&self) -> Phase {
        self.session.phase()
    }

    /// The machine, to be asked.
    pub(super) fn session(&self) -> &Session {
        &self.session
    }
}

/// Without frames to wait for, the exhibit goes on at this pace.
const FLAT_FRAME: Duration = Duration::from_millis(11);

/// The GPU is not waited for any longer when a session goes.
const DRAWING_LIMIT: Duration = Duration::from_secs(2);

/// Events, effects, and the beginning of a frame.
fn drive(world: &mut World) {
    let now = world.resource::<Time<Real>>().elapsed();
    let frames = world.resource::<Frames>().clone();
    frames.lock().listen();
    let mut queue = VecDeque::from_iter(silence(world, &frames));
    queue.extend(news(world, &frames));
    queue.extend(
        world
            .resource_mut::<Messages<Ask>>()
            .drain()
            .map(|Ask(input)| input),
    );
    queue.push_back(Input::Tick);
    while let Some(input) = queue.pop_front() {
        trace!("the session's machine is told at {now:?}: {input:?}");
        let effects = world.resource_mut::<Life>().session.step(now, input);
        for effect in effects {
            carry_out(effect, world, &frames);
            queue.extend(news(world, &frames));
        }
    }
    let is_begun = world.resource::<Life>().session.is_begun();
    let has_waited = is_begun && frames.lock().begin();
    if !has_waited && !is_begun {
        std::thread::sleep(FLAT_FRAME);
    }
}

/// Whether an answer of the runtime is late, when that has changed.
fn silence(world: &mut World, frames: &Frames) -> Option<Input> {
    let is_silent = frames.lock().is_away();
    let mut life = world.resource_mut::<Life>();
    let was_silent = std::mem::replace(&mut life.is_silent, is_silent);
    if is_silent == was_silent {
        return None;
    }
    if !is_silent && life.session.is_silent() {
        info!("the runtime answers again");
    }
    Some(Input::Silent(is_silent))
}

/// What happened, for the machine.
fn news(world: &mut World, frames: &Frames) -> Vec<Input> {
    let news = std::mem::take(&mut frames.lock().news);
    news.into_iter()
        .filter_map(|news| understand(news, world, frames))
        .collect()
}

fn understand(news: News, world: &mut World, frames: &Frames) -> Option<Input> {
    match news {
        News::Submitted => Some(Input::FrameSubmitted),
        News::Failed(call, failure) | News::Heard(Heard::Failed(call, failure)) => {
            Some(Input::CallFailed(call, failure))
        }
        News::Created(space) => {
            let mut body = world.resource_mut::<Body>();
            body.space = Some(space);
            body.head_in_rig = None;
            Some(Input::SessionCreated)
        }
        News::Heard(Heard::State(state)) => {
            info!("the headset's session is {state:?}");
            world.resource_mut::<Life>().told = Some(state);
            Some(Input::State(state))
        }
        News::Heard(Heard::InstanceLossPending) => Some(Input::InstanceLossPending),
        News::Heard(Heard::Presence(is_present)) => {
            world.resource_mut::<Life>().knows_presence = true;
            Some(Input::Presence(is_present))
        }
        News::SpaceMoved => Some(Input::SpaceMoved),
        // Told as [`News::SpaceMoved`] once poses show it.
        News::Heard(Heard::SpaceMove(_)) => None,
        News::Heard(Heard::Hidden(hidden)) => {
            if let Some(facts) = &mut frames.lock().facts {
                facts.hidden = hidden;
            }
            None
        }
    }
}

/// Does what the machine wants; what came of it is news.
fn carry_out(effect: Effect, world: &mut World, frames: &Frames) {
    if matches!(
        effect,
        Effect::ResetVisit | Effect::DestroySession | Effect::RestartProcess(_)
    ) {
        let counts = frames.lock().counts;
        world.resource_mut::<Life>().say_counts(counts);
        finish_drawing(world);
    }
    match effect {
        Effect::CreateSession => create(world, frames),
        Effect::BeginSession => {
            tell(frames, Call::Begin, |link| {
                link.session.begin(STEREO).map(drop)
            });
        }
        Effect::EndSession => tell(frames, Call::End, |link| link.session.end().map(drop)),
        Effect::RequestExit => tell(frames, Call::RequestExit, |link| {
            link.session.request_exit()
        }),
        Effect::DestroySession => {
            frames.lock().destroy();
            let mut life = world.resource_mut::<Life>();
            life.told = None;
            life.knows_presence = false;
        }
        Effect::RestartProcess(reason) => {
            warn!("a new process is needed: {reason:?}");
            world.write_message(Carry(effect));
            world.write_message(AppExit::from_code(reason.exit_code()));
        }
        Effect::CloseExhibit => {
            world.write_message(AppExit::Success);
        }
        // A parent probes, in a process that may hang or die.
        Effect::ProbeRuntime => {}
        Effect::Unexpected(state) => warn!("the runtime said {state:?} out of order"),
        Effect::Entered(phase) => {
            info!("the visit is {phase:?}");
            world.write_message(Carry(effect));
        }
        Effect::PauseVisit(PauseReason::Stalled) => {
            warn!("the runtime does not answer: the monitor goes on without the headset");
            world.write_message(Carry(effect));
        }
        Effect::StartVisit
        | Effect::PauseVisit(_)
        | Effect::ResumeVisit
        | Effect::ResetVisit
        | Effect::FadeOut
        | Effect::FadeIn
        | Effect::Recenter(_)
        | Effect::Remember { .. } => {
            world.write_message(Carry(effect));
        }
    }
}

/// Makes one of the calls by which a session begins and ends.
fn tell(frames: &Frames, call: Call, act: impl FnOnce(&Link) -> Result<(), Code> + Send + 'static) {
    frames.lock().ask(
        SESSION_PATIENCE,
        |held| held.link.as_ref().map(act),
        move |shared, outcome| match outcome {
            Some(Ok(())) => {}
            Some(Err(code)) => {
                warn!("the runtime refuses {call:?}: {code}");
                shared.news.push(News::Failed(call, failure(code)));
            }
            None => shared.news.push(News::Failed(call, Failure::Other)),
        },
    );
}

/// What is drawn into the runtime's pictures must be done before they are destroyed: else
/// the GPU writes into memory that is no more.
fn finish_drawing(world: &World) {
    let device = world.resource::<RenderDevice>().wgpu_device();
    let all = PollType::Wait {
        submission_index: None,
        timeout: Some(DRAWING_LIMIT),
    };
    if let Err(error) = device.poll(all) {
        warn!("what was drawn is not done: {error}");
    }
}

fn create(world: &World, frames: &Frames) {
    let device = world.resource::<RenderDevice>().clone();
    frames.lock().ask(
        CREATE_PATIENCE,
        move |held| {
            let link = Link::create(&held.runtime, &device)?;
            held.device = Some(device);
            Ok(held.link.insert(link).facts())
        },
        |shared, created| match created {
            Ok(facts) => {
                let Facts {
                    space_kind,
                    recommended,
                    ..
                } = facts;
                info!(
                    "a session: the visitor is tracked in {space_kind:?}, eyes are {} x {}",
                    recommended.x, recommended.y
                );
                shared.facts = Some(facts);
                shared.news.push(News::Created(space_kind));
            }
            Err(code) => {
                warn!("no session: {code}");
                shared.news.push(News::Failed(Call::Create, failure(code)));
            }
        },
    );
}
