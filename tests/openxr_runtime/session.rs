//! Sessions and their states.
//!
//! The test names a [`Goal`]; the session goes there by legal steps, as far as the app has
//! done its part (`xrBeginSession` after READY, a frame before VISIBLE, `xrEndSession` after
//! STOPPING).

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::events::Event;
use crate::ffi::{About, DONE, chained, entry, input, put};
use crate::frames::Loop;
use crate::instance::{SYSTEM, check_views};
use crate::vulkan::Graphics;
use crate::world::{CHANGED, Kind, World};

/// The state that sessions are led to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Goal {
    Exiting,
    Idle,
    Ready,
    Synchronized,
    Visible,
    Focused,
}

/// What is kept of a session.
pub(crate) struct Session {
    pub(crate) instance: u64,
    pub(crate) state: xr::SessionState,
    pub(crate) is_running: bool,
    is_exit_requested: bool,
    /// `None` in a headless session.
    pub(crate) graphics: Option<Graphics>,
    pub(crate) frame_loop: Loop,
    pub(crate) frames_ended: u64,
    frames_since_begin: u64,
    /// The action sets attached, once they are.
    pub(crate) attached: Option<Vec<u64>>,
}

/// The handles of all sessions.
pub(crate) fn handles(world: &World) -> Vec<u64> {
    world.sessions.keys().copied().collect()
}

/// The state of that name in a script.
pub(crate) fn state_named(name: &str) -> Option<xr::SessionState> {
    Some(match name {
        "unknown" => xr::SessionState::UNKNOWN,
        "idle" => xr::SessionState::IDLE,
        "ready" => xr::SessionState::READY,
        "synchronized" => xr::SessionState::SYNCHRONIZED,
        "visible" => xr::SessionState::VISIBLE,
        "focused" => xr::SessionState::FOCUSED,
        "stopping" => xr::SessionState::STOPPING,
        "loss-pending" => xr::SessionState::LOSS_PENDING,
        "exiting" => xr::SessionState::EXITING,
        _ => return None,
    })
}

/// The session enters a state, and the app is told.
pub(crate) fn enter(world: &mut World, handle: u64, state: xr::SessionState) {
    let time_ns = world.time_ns;
    if let Some(session) = world.sessions.get_mut(&handle) {
        session.state = state;
        let instance = session.instance;
        world.tell(
            instance,
            Event::SessionState {
                session: handle,
                state,
                time_ns,
            },
        );
    }
}

/// Goes as far towards the goal as the app's part allows.
pub(crate) fn advance(world: &mut World, handle: u64) {
    while let Some(state) = next_state(world, handle) {
        enter(world, handle, state);
    }
    CHANGED.notify_all();
}

fn next_state(world: &World, handle: u64) -> Option<xr::SessionState> {
    use xr::SessionState as State;
    let session = world.sessions.get(&handle)?;
    let goal = if session.is_exit_requested {
        Goal::Exiting
    } else {
        world.goal
    };
    let is_shown = session.frames_since_begin > 0 || session.graphics.is_none();
    match session.state {
        State::IDLE if goal == Goal::Exiting => Some(State::EXITING),
        State::IDLE if goal >= Goal::Ready => Some(State::READY),
        State::READY if session.is_running => Some(State::SYNCHRONIZED),
        State::SYNCHRONIZED if goal < Goal::Synchronized => Some(State::STOPPING),
        State::SYNCHRONIZED if goal >= Goal::Visible && is_shown => Some(State::VISIBLE),
        State::VISIBLE if goal >= Goal::Focused => Some(State::FOCUSED),
        State::VISIBLE if goal < Goal::Visible => Some(State::SYNCHRONIZED),
        State::FOCUSED if goal < Goal::Focused => Some(State::VISIBLE),
        _ => None,
    }
}

/// Tells running sessions whether the headset is worn.
pub(crate) fn tell_presence(world: &mut World) {
    let is_present = world.settings.is_present;
    for handle in handles(world) {
        let Some(session) = world.sessions.get(&handle) else {
            continue;
        };
        let instance = session.instance;
        if session.is_running && world.has_extension(instance, "XR_EXT_user_presence") {
            world.tell(
                instance,
                Event::Presence {
                    session: handle,
                    is_present,
                },
            );
        }
    }
}

/// Counts a frame that the app ended.
pub(crate) fn frame_ended(world: &mut World, handle: u64) {
    world.frames_ended += 1;
    if let Some(session) = world.sessions.get_mut(&handle) {
        session.frames_ended += 1;
        session.frames_since_begin += 1;
    }
    advance(world, handle);
}

/// `xrCreateSession`.
pub(crate) unsafe extern "system" fn create_session(
    instance: xr::Instance,
    info: *const xr::SessionCreateInfo,
    out: *mut xr::Session,
) -> xr::Result {
    let owner = instance.into_raw();
    entry("xrCreateSession", About::Living(owner), |mut world| {
        // SAFETY: OpenXR has the caller pass valid structures and chains.
        let (info, binding) = unsafe {
            let info = input(info)?;
            let binding = chained::<xr::GraphicsBindingVulkanKHR>(info.next);
            (info, binding.map(|binding| &*binding))
        };
        if info.system_id.into_raw() != SYSTEM {
            return Err(xr::Result::ERROR_SYSTEM_INVALID);
        }
        if !world.settings.has_headset {
            return Err(xr::Result::ERROR_FORM_FACTOR_UNAVAILABLE);
        }
        let graphics = match binding {
            Some(binding) => {
                let keeper = world
                    .instances
                    .get(&owner)
                    .ok_or(xr::Result::ERROR_HANDLE_INVALID)?;
                if !keeper.has_graphics_requirements {
                    return Err(world.violation(
                        "xrCreateSession",
                        "xrGetVulkanGraphicsRequirements2KHR was not called",
                        xr::Result::ERROR_GRAPHICS_REQUIREMENTS_CALL_MISSING,
                    ));
                }
                let loader = keeper.vulkan.as_ref();
                let loader = loader.ok_or(xr::Result::ERROR_GRAPHICS_DEVICE_INVALID)?;
                Some(Graphics::new(loader, binding)?)
            }
            None if world.has_extension(owner, "XR_MND_headless") => None,
            None => {
                return Err(world.violation(
                    "xrCreateSession",
                    "no graphics binding in the chain",
                    xr::Result::ERROR_GRAPHICS_DEVICE_INVALID,
                ));
            }
        };
        let handle = world.new_handle(Kind::Session, owner);
        world.sessions_created += 1;
        world.sessions.insert(
            handle,
            Session {
                instance: owner,
                state: xr::SessionState::UNKNOWN,
                is_running: false,
                is_exit_requested: false,
                graphics,
                frame_loop: Loop::default(),
                frames_ended: 0,
                frames_since_begin: 0,
                attached: None,
            },
        );
        enter(&mut world, handle, xr::SessionState::IDLE);
        advance(&mut world, handle);
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, xr::Session::from_raw(handle)) }
    })
}

/// `xrDestroySession`.
pub(crate) unsafe extern "system" fn destroy_session(session: xr::Session) -> xr::Result {
    let handle = session.into_raw();
    entry("xrDestroySession", About::Any(handle), |mut world| {
        world.destroy(handle);
        DONE
    })
}

/// `xrBeginSession`.
pub(crate) unsafe extern "system" fn begin_session(
    session: xr::Session,
    info: *const xr::SessionBeginInfo,
) -> xr::Result {
    const NAME: &str = "xrBeginSession";
    let handle = session.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let info = unsafe { input(info)? };
        let session = world.session(handle)?;
        if session.is_running {
            let error = xr::Result::ERROR_SESSION_RUNNING;
            return Err(world.violation(NAME, "the session runs already", error));
        }
        if session.state != xr::SessionState::READY {
            let error = xr::Result::ERROR_SESSION_NOT_READY;
            let what = format!("the session is {:?}, not READY", session.state);
            return Err(world.violation(NAME, &what, error));
        }
        if session.graphics.is_some() {
            check_views(info.primary_view_configuration_type)?;
        }
        session.is_running = true;
        session.frames_since_begin = 0;
        session.frame_loop = Loop::default();
        // XR_EXT_user_presence: queued on success, whatever the presence is.
        tell_presence(&mut world);
        advance(&mut world, handle);
        DONE
    })
}

/// `xrEndSession`.
pub(crate) unsafe extern "system" fn end_session(session: xr::Session) -> xr::Result {
    const NAME: &str = "xrEndSession";
    let handle = session.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        let session = world.session(handle)?;
        if !session.is_running {
            let error = xr::Result::ERROR_SESSION_NOT_RUNNING;
            return Err(world.violation(NAME, "the session does not run", error));
        }
        if session.state != xr::SessionState::STOPPING {
            let error = xr::Result::ERROR_SESSION_NOT_STOPPING;
            let what = format!("the session is {:?}, not STOPPING", session.state);
            return Err(world.violation(NAME, &what, error));
        }
        session.is_running = false;
        enter(&mut world, handle, xr::SessionState::IDLE);
        advance(&mut world, handle);
        DONE
    })
}

/// `xrRequestExitSession`.
pub(crate) unsafe extern "system" fn request_exit_session(session: xr::Session) -> xr::Result {
    let handle = session.into_raw();
    entry(
        "xrRequestExitSession",
        About::Living(handle),
        |mut world| {
            let session = world.session(handle)?;
            if !session.is_running {
                return Err(xr::Result::ERROR_SESSION_NOT_RUNNING);
            }
            session.is_exit_requested = true;
            advance(&mut world, handle);
            DONE
        },
    )
}

impl World {
    /// What is kept of a session.
    pub(crate) fn session(&mut self, handle: u64) -> Result<&mut Session, xr::Result> {
        self.sessions
            .get_mut(&handle)
            .ok_or(xr::Result::ERROR_HANDLE_INVALID)
    }
}
