//! What the runtime says: its events, in words that need no call to be understood.

use super::{
    caller::Held,
    link::{failure, pose_of},
    mask::Hidden,
};
use crate::visit::{
    rig::TrackedPose,
    session::{Call, Failure, SessionState},
};
use bevy::prelude::*;
use openxr::{Event, EventDataBuffer};

/// An event of the present session, or of the instance.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heard {
    State(SessionState),
    InstanceLossPending,
    Presence(bool),
    /// The space that the visitor is tracked in moves.
    SpaceMove(SpaceMove),
    /// What the lenses hide is another now.
    Hidden([Hidden; 2]),
    /// No more could be asked.
    Failed(Call, Failure),
}

/// A move of the tracked space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SpaceMove {
    /// Poses at this time and later are told in the space as it is then.
    pub(super) at: openxr::Time,
    /// Where it is then in what it was, where the runtime says so.
    pub(super) previous_from_new: Option<TrackedPose>,
}

impl SpaceMove {
    /// Poses of this time are told in the space as it has become.
    pub(super) fn shows_at(&self, time: openxr::Time) -> bool {
        self.at.as_nanos() <= time.as_nanos()
    }
}

/// Everything that the runtime has to say.
pub(super) fn poll(held: &mut Held) -> Vec<Heard> {
    let instance = held.runtime.instance.clone();
    let mut buffer = EventDataBuffer::new();
    let mut heard = Vec::new();
    loop {
        match instance.poll_event(&mut buffer) {
            Ok(Some(event)) => heard.extend(hear(&event, held)),
            Ok(None) => return heard,
            Err(code) => {
                heard.push(Heard::Failed(Call::Frame, failure(code)));
                return heard;
            }
        }
    }
}

fn hear(event: &Event<'_>, held: &Held) -> Option<Heard> {
    let link = held.link.as_ref();
    match event {
        Event::SessionStateChanged(change) => {
            // Late words about a session that is no more.
            link.filter(|link| link.session.as_raw() == change.session())?;
            let state = SessionState::from_raw(change.state().into_raw());
            Some(Heard::State(state))
        }
        Event::InstanceLossPending(_) => Some(Heard::InstanceLossPending),
        Event::UserPresenceChangedEXT(change) => Some(Heard::Presence(change.is_user_present())),
        Event::ReferenceSpaceChangePending(change) => link
            .filter(|link| link.space_kind.is(change.reference_space_type()))
            .map(|_| {
                let (position, rotation) = pose_of(&change.pose_in_previous_space());
                let told = TrackedPose { position, rotation };
                Heard::SpaceMove(SpaceMove {
                    at: change.change_time(),
                    previous_from_new: change.pose_valid().then_some(told),
                })
            }),
        Event::VisibilityMaskChangedKHR(_) => link.map(|link| Heard::Hidden(Hidden::of(link))),
        Event::EventsLost(lost) => {
            warn!("the runtime lost {} events", lost.lost_event_count());
            None
        }
        _ => None,
    }
}
