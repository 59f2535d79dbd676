//! The life of the session: the runtime's events to [`Session`], its effects to the runtime.
//!
//! Effects that concern the visit go on as [`Carry`]; what the visit answers comes back as
//! [`Ask`].

use super::{
    body::Body,
    counts::Counts,
    frames::{Frames, News},
    link::{Link, STEREO, failure},
    runtime::Runtime,
};
use crate::visit::session::{Call, Effect, Failure, Input, Phase, Session, SessionState};
use bevy::{
    prelude::*,
    render::{render_resource::PollType, renderer::RenderDevice},
    time::{Real, TimeSystems},
};
use openxr::{Event, EventDataBuffer, sys::Result as Code};
use std::time::Duration;

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
    /// Frames that the log has heard of.
    counted: Counts,
}

impl Life {
    pub(super) fn new(session: Session) -> Self {
        Self {
            session,
            told: None,
            knows_presence: false,
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
    // A runtime that does not answer one call would hold up every other.
    let is_stalled = frames.lock().is_stalled();
    let mut inputs = if is_stalled {
        Vec::new()
    } else {
        poll(world, &frames)
    };
    inputs.extend(
        world
            .resource_mut::<Messages<Ask>>()
            .drain()
            .map(|Ask(input)| input),
    );
    for news in frames.lock().news.drain(..) {
        inputs.push(match news {
            News::Submitted => Input::FrameSubmitted,
            News::Failed(call, failure) => Input::CallFailed(call, failure),
        });
    }
    inputs.push(Input::Tick);
    let mut queue = std::collections::VecDeque::from(inputs);
    while let Some(input) = queue.pop_front() {
        let effects = world.resource_mut::<Life>().session.step(now, input);
        for effect in effects {
            queue.extend(carry_out(effect, world, &frames));
        }
    }
    let is_begun = world.resource::<Life>().session.is_begun();
    let has_waited = is_begun && frames.lock().begin();
    if !has_waited && !is_begun {
        std::thread::sleep(FLAT_FRAME);
    }
}

/// What the runtime has to say.
fn poll(world: &mut World, frames: &Frames) -> Vec<Input> {
    let Some(runtime) = world.get_non_send::<Runtime>() else {
        return Vec::new();
    };
    let instance = runtime.instance.clone();
    let mut buffer = EventDataBuffer::new();
    let mut inputs = Vec::new();
    loop {
        match instance.poll_event(&mut buffer) {
            Ok(Some(event)) => inputs.extend(hear(&event, world, frames)),
            Ok(None) => return inputs,
            Err(code) => {
                inputs.push(Input::CallFailed(Call::Frame, failure(code)));
                return inputs;
            }
        }
    }
}

fn hear(event: &Event<'_>, world: &mut World, frames: &Frames) -> Option<Input> {
    match event {
        Event::SessionStateChanged(change) => {
            // Late words about a session that is no more.
            let shared = frames.lock();
            let own = shared.link.as_ref().map(|link| link.session.as_raw());
            if own != Some(change.session()) {
                return None;
            }
            let state = SessionState::from_raw(change.state().into_raw());
            info!("the headset's session is {state:?}");
            world.resource_mut::<Life>().told = Some(state);
            Some(Input::State(state))
        }
        Event::InstanceLossPending(_) => Some(Input::InstanceLossPending),
        Event::UserPresenceChangedEXT(change) => {
            world.resource_mut::<Life>().knows_presence = true;
            Some(Input::Presence(change.is_user_present()))
        }
        Event::ReferenceSpaceChangePending(change) => {
            let shared = frames.lock();
            let link = shared.link.as_ref()?;
            if !link.space_kind.is(change.reference_space_type()) {
                return None;
            }
            // Frames are located at predicted times: what counts is when one falls behind it.
            let now = shared.frame().map_or(change.change_time(), |frame| {
                frame.state.predicted_display_time
            });
            let nanos = change.change_time().as_nanos() - now.as_nanos();
            Some(Input::SpaceChange(Duration::from_nanos(
                u64::try_from(nanos).unwrap_or(0),
            )))
        }
        Event::VisibilityMaskChangedKHR(_) => {
            let mut shared = frames.lock();
            if let Some(link) = &mut shared.link {
                link.hidden = super::mask::Hidden::of(link);
            }
            None
        }
        Event::EventsLost(lost) => {
            warn!("the runtime lost {} events", lost.lost_event_count());
            None
        }
        _ => None,
    }
}

/// Does what the machine wants; what came of it goes back to the machine.
fn carry_out(effect: Effect, world: &mut World, frames: &Frames) -> Option<Input> {
    let with_link = |call: Call, act: &dyn Fn(&Link) -> Result<(), Code>| {
        let shared = frames.lock();
        let outcome = shared.link.as_ref().map(act);
        match outcome {
            Some(Err(code)) => {
                warn!("the runtime refuses {call:?}: {code}");
                Some(Input::CallFailed(call, failure(code)))
            }
            Some(Ok(())) => None,
            None => Some(Input::CallFailed(call, Failure::Other)),
        }
    };
    if matches!(
        effect,
        Effect::ResetVisit | Effect::DestroySession | Effect::RestartProcess(_)
    ) {
        let counts = frames.lock().counts;
        world.resource_mut::<Life>().say_counts(counts);
        finish_drawing(world);
    }
    match effect {
        Effect::CreateSession => return Some(create(world, frames)),
        Effect::BeginSession => {
            return with_link(Call::Begin, &|link| link.session.begin(STEREO).map(drop));
        }
        Effect::EndSession => {
            return with_link(Call::End, &|link| link.session.end().map(drop));
        }
        Effect::RequestExit => {
            return with_link(Call::RequestExit, &|link| link.session.request_exit());
        }
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
    None
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

fn create(world: &mut World, frames: &Frames) -> Input {
    let device = world.resource::<RenderDevice>().clone();
    let Some(runtime) = world.get_non_send::<Runtime>() else {
        return Input::CallFailed(Call::Create, Failure::Other);
    };
    match Link::create(runtime, &device) {
        Ok(link) => {
            info!(
                "a session: the visitor is tracked in {:?}, eyes are {} x {}",
                link.space_kind, link.recommended.x, link.recommended.y
            );
            let space = link.space_kind;
            frames.lock().link = Some(link);
            let mut body = world.resource_mut::<Body>();
            body.space = Some(space);
            body.head_in_rig = None;
            Input::SessionCreated
        }
        Err(code) => {
            warn!("no session: {code}");
            Input::CallFailed(Call::Create, failure(code))
        }
    }
}
