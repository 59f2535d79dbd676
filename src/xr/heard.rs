//! What the runtime says: its events, in words that need no call to be understood.

use super::{caller::Held, link::failure, mask::Hidden};
use crate::visit::session::{Call, Failure, SessionState};
use bevy::prelude::*;
use openxr::{Event, EventDataBuffer};

/// An event of the present session, or of the instance.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heard {
    State(SessionState),
    InstanceLossPending,
    Presence(bool),
    /// The space that the visitor is tracked in changes, at this time.
    SpaceChange(openxr::Time),
    /// What the lenses hide is another now.
    Hidden([Hidden; 2]),
    /// No more could be asked.
    Failed(Call, Failure),
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
            .map(|_| Heard::SpaceChange(change.change_time())),
        Event::VisibilityMaskChangedKHR(_) => link.map(|link| Heard::Hidden(Hidden::of(link))),
        Event::EventsLost(lost) => {
            warn!("the runtime lost {} events", lost.lost_event_count());
            None
        }
        _ => None,
    }
}
