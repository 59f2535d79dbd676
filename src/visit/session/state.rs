//! What a [`super::Session`] can be. What is not here cannot be said: no visit runs without
//! a running session, nothing happens after the end.

use super::{PauseReason, Phase, Start};
use core::time::Duration;

/// Link and visit together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum State {
    /// No session runs.
    Away { link: AwayLink, visit: AwayVisit },
    /// Between `xrBeginSession` and `xrEndSession`.
    Begun { session: Begun, visit: HeldVisit },
    /// Nothing more happens in this process.
    Over,
}

/// How far the way to a running session is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AwayLink {
    /// No instance in this process; a probe is due at a time, or was asked for at one.
    Flat {
        probe_at: Duration,
    },
    Probing {
        since: Duration,
    },
    /// An instance, no session.
    Waiting {
        create_at: Duration,
    },
    Creating {
        since: Duration,
    },
    /// A session that does not run.
    Idle,
}

/// A session that runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Begun {
    pub(super) view: View,
    pub(super) since: Duration,
    /// On the session's [`super::watch::Watch`].
    pub(super) last_frame: Duration,
    /// The tracked space is new since the visitor was last in the picture.
    pub(super) is_space_new: bool,
    /// An end was asked for; it is forced at this time.
    pub(super) closes_at: Option<Duration>,
}

impl Begun {
    pub(super) fn is_visible(self) -> bool {
        matches!(self.view, View::Visible | View::Focused)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Hidden,
    Visible,
    Focused,
}

/// A visit whose headset shows nothing. `since`: when the visitor last was in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum AwayVisit {
    Attract,
    /// The headset sleeps; the session is there.
    Asleep {
        since: Duration,
    },
    Reconnecting {
        since: Duration,
    },
    Resetting {
        since: Duration,
    },
}

/// A visit in a running session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum HeldVisit {
    Ready {
        is_worn: bool,
    },
    Running,
    Paused {
        since: Duration,
        reason: PauseReason,
    },
    Resetting {
        since: Duration,
    },
}

impl State {
    pub(super) fn at_start(start: Start, resumes: bool) -> Self {
        let zero = Duration::ZERO;
        Self::Away {
            link: match start {
                Start::Headset => AwayLink::Waiting { create_at: zero },
                Start::Flat => AwayLink::Flat { probe_at: zero },
            },
            visit: if resumes {
                AwayVisit::Reconnecting { since: zero }
            } else {
                AwayVisit::Attract
            },
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Away { visit, .. } => match visit {
                AwayVisit::Attract => Phase::Attract,
                AwayVisit::Asleep { .. } => Phase::Paused,
                AwayVisit::Reconnecting { .. } => Phase::Reconnecting,
                AwayVisit::Resetting { .. } => Phase::Resetting,
            },
            Self::Begun { visit, .. } => match visit {
                HeldVisit::Ready { .. } => Phase::Ready,
                HeldVisit::Running => Phase::Running,
                HeldVisit::Paused { .. } => Phase::Paused,
                HeldVisit::Resetting { .. } => Phase::Resetting,
            },
            Self::Over => Phase::Over,
        }
    }

    pub(super) fn has_session(&self) -> bool {
        match self {
            Self::Away { link, .. } => *link == AwayLink::Idle,
            Self::Begun { .. } => true,
            Self::Over => false,
        }
    }
}
