//! Events, and `xrPollEvent`.

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::ffi::{About, Answer, DONE, entry};

/// An event that waits to be polled.
#[derive(Clone, Copy)]
pub(crate) enum Event {
    SessionState {
        session: u64,
        state: xr::SessionState,
        time_ns: i64,
    },
    Presence {
        session: u64,
        is_present: bool,
    },
    SpaceChange {
        session: u64,
        space: xr::ReferenceSpaceType,
        time_ns: i64,
        previous_from_new: Option<xr::Posef>,
    },
    ProfileChanged {
        session: u64,
    },
    RefreshRate {
        from_hz: f32,
        to_hz: f32,
    },
    InstanceLossPending {
        time_ns: i64,
    },
    EventsLost {
        count: u32,
    },
    /// An event of a type that nobody has heard of.
    Unknown {
        ty: i32,
    },
}

impl Event {
    /// The session that the event is about.
    pub(crate) fn session(self) -> Option<u64> {
        match self {
            Self::SessionState { session, .. }
            | Self::Presence { session, .. }
            | Self::SpaceChange { session, .. }
            | Self::ProfileChanged { session } => Some(session),
            Self::RefreshRate { .. }
            | Self::InstanceLossPending { .. }
            | Self::EventsLost { .. }
            | Self::Unknown { .. } => None,
        }
    }

    /// Writes the event into the caller's buffer.
    ///
    /// # Safety
    /// `buffer` is valid for writes; every event structure is smaller than a buffer.
    unsafe fn put(self, buffer: *mut xr::EventDataBuffer) -> Answer {
        let next = std::ptr::null();
        let session = xr::Session::from_raw(self.session().unwrap_or_default());
        // SAFETY: the buffer is large enough for each of these and aligned for all.
        unsafe {
            match self {
                Self::SessionState { state, time_ns, .. } => {
                    buffer.cast::<xr::EventDataSessionStateChanged>().write(
                        xr::EventDataSessionStateChanged {
                            ty: xr::EventDataSessionStateChanged::TYPE,
                            next,
                            session,
                            state,
                            time: xr::Time::from_nanos(time_ns),
                        },
                    );
                }
                Self::Presence { is_present, .. } => {
                    buffer.cast::<xr::EventDataUserPresenceChangedEXT>().write(
                        xr::EventDataUserPresenceChangedEXT {
                            ty: xr::EventDataUserPresenceChangedEXT::TYPE,
                            next,
                            session,
                            is_user_present: is_present.into(),
                        },
                    );
                }
                Self::SpaceChange {
                    space,
                    time_ns,
                    previous_from_new,
                    ..
                } => {
                    buffer
                        .cast::<xr::EventDataReferenceSpaceChangePending>()
                        .write(xr::EventDataReferenceSpaceChangePending {
                            ty: xr::EventDataReferenceSpaceChangePending::TYPE,
                            next,
                            session,
                            reference_space_type: space,
                            change_time: xr::Time::from_nanos(time_ns),
                            pose_valid: previous_from_new.is_some().into(),
                            pose_in_previous_space: previous_from_new
                                .unwrap_or(xr::Posef::IDENTITY),
                        });
                }
                Self::ProfileChanged { .. } => {
                    buffer
                        .cast::<xr::EventDataInteractionProfileChanged>()
                        .write(xr::EventDataInteractionProfileChanged {
                            ty: xr::EventDataInteractionProfileChanged::TYPE,
                            next,
                            session,
                        });
                }
                Self::RefreshRate { from_hz, to_hz } => {
                    buffer
                        .cast::<xr::EventDataDisplayRefreshRateChangedFB>()
                        .write(xr::EventDataDisplayRefreshRateChangedFB {
                            ty: xr::EventDataDisplayRefreshRateChangedFB::TYPE,
                            next,
                            from_display_refresh_rate: from_hz,
                            to_display_refresh_rate: to_hz,
                        });
                }
                Self::InstanceLossPending { time_ns } => {
                    buffer.cast::<xr::EventDataInstanceLossPending>().write(
                        xr::EventDataInstanceLossPending {
                            ty: xr::EventDataInstanceLossPending::TYPE,
                            next,
                            loss_time: xr::Time::from_nanos(time_ns),
                        },
                    );
                }
                Self::EventsLost { count } => {
                    buffer
                        .cast::<xr::EventDataEventsLost>()
                        .write(xr::EventDataEventsLost {
                            ty: xr::EventDataEventsLost::TYPE,
                            next,
                            lost_event_count: count,
                        });
                }
                Self::Unknown { ty } => {
                    buffer
                        .cast::<xr::BaseInStructure>()
                        .write(xr::BaseInStructure {
                            ty: xr::StructureType::from_raw(ty),
                            next: std::ptr::null(),
                        });
                }
            }
        }
        DONE
    }
}

/// `xrPollEvent`.
pub(crate) unsafe extern "system" fn poll_event(
    instance: xr::Instance,
    buffer: *mut xr::EventDataBuffer,
) -> xr::Result {
    let handle = instance.into_raw();
    entry("xrPollEvent", About::Living(handle), |mut world| {
        if buffer.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        let event = world
            .instances
            .get_mut(&handle)
            .and_then(|instance| instance.events.pop_front());
        match event {
            // SAFETY: not null, and the caller passes an event buffer.
            Some(event) => unsafe { event.put(buffer) },
            None => Ok(xr::Result::EVENT_UNAVAILABLE),
        }
    })
}
