//! Reference spaces, action spaces, and where things are: `xrLocateSpace`, `xrLocateViews`.
//!
//! All is kept in the room's frame, which is STAGE: its origin on the floor, Y up.

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::ffi::{About, Answer, DONE, chained, entry, input, put, put_each, put_list};
use crate::instance::check_views;
use crate::pose::{chain, inverse, is_valid, on_floor, turned};
use crate::world::{Kind, Tracking, World};

/// What a space is fixed to.
#[derive(Clone, Copy)]
pub(crate) enum Anchor {
    Reference(xr::ReferenceSpaceType),
    /// A pose action, of any hand (a null path) or of one.
    Action {
        action: u64,
        of: xr::Path,
    },
}

/// What is kept of a space.
#[derive(Clone, Copy)]
pub(crate) struct Space {
    session: u64,
    anchor: Anchor,
    anchor_from_space: xr::Posef,
}

/// Size of the floor that is free to walk, STAGE's bounds.
const BOUNDS_M: xr::Extent2Df = xr::Extent2Df {
    width: 3.0,
    height: 3.0,
};

/// The left eye's field of view, wider outwards than towards the nose, in radians; the right
/// eye's is its mirror image.
const LEFT_EYE: xr::Fovf = xr::Fovf {
    angle_left: -0.85,
    angle_right: 0.75,
    angle_up: 0.72,
    angle_down: -0.78,
};

/// The reference spaces that the instance of a session is offered.
fn offered(world: &World, session: u64) -> Vec<xr::ReferenceSpaceType> {
    let instance = world.instance_of(session).unwrap_or_default();
    let is_new = world
        .instances
        .get(&instance)
        .is_some_and(|instance| instance.api.into_raw() >= xr::Version::new(1, 1, 0).into_raw());
    let has_floor = is_new || world.has_extension(instance, "XR_EXT_local_floor");
    let spaces = world.settings.spaces.iter().copied();
    spaces
        .filter(|&space| has_floor || space != xr::ReferenceSpaceType::LOCAL_FLOOR)
        .collect()
}

/// `xrEnumerateReferenceSpaces`.
pub(crate) unsafe extern "system" fn enumerate_reference_spaces(
    session: xr::Session,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::ReferenceSpaceType,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrEnumerateReferenceSpaces", about, |world| {
        // SAFETY: OpenXR has the caller pass room for `capacity` values.
        unsafe { put_list(&offered(&world, handle), capacity, count, out) }
    })
}

/// `xrCreateReferenceSpace`.
pub(crate) unsafe extern "system" fn create_reference_space(
    session: xr::Session,
    info: *const xr::ReferenceSpaceCreateInfo,
    out: *mut xr::Space,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrCreateReferenceSpace", about, |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let info = unsafe { input(info)? };
        let kind = info.reference_space_type;
        if !offered(&world, handle).contains(&kind) {
            return Err(xr::Result::ERROR_REFERENCE_SPACE_UNSUPPORTED);
        }
        let space = Space {
            session: handle,
            anchor: Anchor::Reference(kind),
            anchor_from_space: info.pose_in_reference_space,
        };
        create(&mut world, space, out)
    })
}

/// `xrCreateActionSpace`.
pub(crate) unsafe extern "system" fn create_action_space(
    session: xr::Session,
    info: *const xr::ActionSpaceCreateInfo,
    out: *mut xr::Space,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrCreateActionSpace", about, |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let info = unsafe { input(info)? };
        let action = info.action.into_raw();
        let known = world.actions.get(&action);
        let known = known.ok_or(xr::Result::ERROR_HANDLE_INVALID)?;
        if known.kind != xr::ActionType::POSE_INPUT {
            return Err(xr::Result::ERROR_ACTION_TYPE_MISMATCH);
        }
        known.check_subaction(info.subaction_path)?;
        let space = Space {
            session: handle,
            anchor: Anchor::Action {
                action,
                of: info.subaction_path,
            },
            anchor_from_space: info.pose_in_action_space,
        };
        create(&mut world, space, out)
    })
}

fn create(world: &mut World, space: Space, out: *mut xr::Space) -> Answer {
    if !is_valid(space.anchor_from_space) {
        return Err(xr::Result::ERROR_POSE_INVALID);
    }
    let handle = world.new_handle(Kind::Space, space.session);
    world.spaces.insert(handle, space);
    // SAFETY: OpenXR has the caller pass a valid pointer.
    unsafe { put(out, xr::Space::from_raw(handle)) }
}

/// `xrDestroySpace`.
pub(crate) unsafe extern "system" fn destroy_space(space: xr::Space) -> xr::Result {
    let handle = space.into_raw();
    entry("xrDestroySpace", About::Any(handle), |mut world| {
        world.destroy(handle);
        DONE
    })
}

/// `xrGetReferenceSpaceBoundsRect`.
pub(crate) unsafe extern "system" fn get_reference_space_bounds_rect(
    session: xr::Session,
    kind: xr::ReferenceSpaceType,
    out: *mut xr::Extent2Df,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrGetReferenceSpaceBoundsRect", about, |world| {
        if !offered(&world, handle).contains(&kind) {
            return Err(xr::Result::ERROR_REFERENCE_SPACE_UNSUPPORTED);
        }
        let has_bounds = kind == xr::ReferenceSpaceType::STAGE;
        let bounds = if has_bounds {
            BOUNDS_M
        } else {
            xr::Extent2Df::default()
        };
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, bounds) }?;
        if has_bounds {
            DONE
        } else {
            Ok(xr::Result::SPACE_BOUNDS_UNAVAILABLE)
        }
    })
}

/// Where a space is in the room at a time and how far it is tracked.
fn room_from(world: &World, space: Space, time: xr::Time) -> (xr::Posef, Tracking) {
    let (anchor, tracking) = match space.anchor {
        Anchor::Reference(xr::ReferenceSpaceType::VIEW) => {
            (world.room_from_head, world.settings.tracking)
        }
        Anchor::Reference(xr::ReferenceSpaceType::LOCAL) => {
            (world.room_from_local(time.as_nanos()), Tracking::Full)
        }
        Anchor::Reference(xr::ReferenceSpaceType::LOCAL_FLOOR) => {
            let local = world.room_from_local(time.as_nanos());
            (on_floor(local), Tracking::Full)
        }
        Anchor::Reference(_) => (xr::Posef::IDENTITY, Tracking::Full),
        Anchor::Action { action, of } => {
            match crate::actions::hand_of(world, space.session, action, of) {
                Some(hand) => (hand.room_from_hand, Tracking::Full),
                None => (xr::Posef::IDENTITY, Tracking::Off),
            }
        }
    };
    (chain(anchor, space.anchor_from_space), tracking)
}

fn space(world: &World, handle: xr::Space) -> Result<Space, xr::Result> {
    let space = world.spaces.get(&handle.into_raw());
    space.copied().ok_or(xr::Result::ERROR_HANDLE_INVALID)
}

/// `xrLocateSpace`.
pub(crate) unsafe extern "system" fn locate_space(
    located: xr::Space,
    base: xr::Space,
    time: xr::Time,
    out: *mut xr::SpaceLocation,
) -> xr::Result {
    const NAME: &str = "xrLocateSpace";
    entry(NAME, About::Living(located.into_raw()), |mut world| {
        if time.as_nanos() <= 0 {
            let error = xr::Result::ERROR_TIME_INVALID;
            return Err(world.violation(NAME, "the time is not after zero", error));
        }
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        let (room_from_located, how) = room_from(&world, space(&world, located)?, time);
        let (room_from_base, base_how) = room_from(&world, space(&world, base)?, time);
        let flags = match (how, base_how) {
            (Tracking::Off, _) | (_, Tracking::Off) => xr::SpaceLocationFlags::EMPTY,
            (Tracking::Full, Tracking::Full) => all_of_location(),
            _ => all_of_location() ^ xr::SpaceLocationFlags::POSITION_TRACKED,
        };
        // SAFETY: not null; OpenXR has the caller pass a valid structure and chain.
        unsafe {
            (*out).location_flags = flags;
            (*out).pose = chain(inverse(room_from_base), room_from_located);
            let velocity = chained::<xr::SpaceVelocity>((*out).next);
            if let Some(velocity) = velocity {
                // Things stand still between two lines of the script.
                (*velocity).velocity_flags = if flags.is_empty() {
                    xr::SpaceVelocityFlags::EMPTY
                } else {
                    xr::SpaceVelocityFlags::LINEAR_VALID | xr::SpaceVelocityFlags::ANGULAR_VALID
                };
                (*velocity).linear_velocity = xr::Vector3f::default();
                (*velocity).angular_velocity = xr::Vector3f::default();
            }
        }
        DONE
    })
}

fn all_of_location() -> xr::SpaceLocationFlags {
    xr::SpaceLocationFlags::ORIENTATION_VALID
        | xr::SpaceLocationFlags::POSITION_VALID
        | xr::SpaceLocationFlags::ORIENTATION_TRACKED
        | xr::SpaceLocationFlags::POSITION_TRACKED
}

/// `xrLocateViews`.
pub(crate) unsafe extern "system" fn locate_views(
    session: xr::Session,
    info: *const xr::ViewLocateInfo,
    state: *mut xr::ViewState,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::View,
) -> xr::Result {
    const NAME: &str = "xrLocateViews";
    entry(NAME, About::Living(session.into_raw()), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let info = unsafe { input(info)? };
        check_views(info.view_configuration_type)?;
        if info.display_time.as_nanos() <= 0 {
            let error = xr::Result::ERROR_TIME_INVALID;
            return Err(world.violation(NAME, "the time is not after zero", error));
        }
        if state.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        let (room_from_base, base_how) =
            room_from(&world, space(&world, info.space)?, info.display_time);
        let base_from_head = chain(inverse(room_from_base), world.room_from_head);
        let all = xr::ViewStateFlags::ORIENTATION_VALID
            | xr::ViewStateFlags::POSITION_VALID
            | xr::ViewStateFlags::ORIENTATION_TRACKED
            | xr::ViewStateFlags::POSITION_TRACKED;
        let flags = match (world.settings.tracking, base_how) {
            (Tracking::Off, _) | (_, Tracking::Off) => xr::ViewStateFlags::EMPTY,
            (Tracking::Full, _) => all,
            (Tracking::Orientation, _) => all ^ xr::ViewStateFlags::POSITION_TRACKED,
        };
        let half_m = world.settings.eyes_apart_m / 2.0;
        // SAFETY: `state` is not null; OpenXR has the caller pass valid structures.
        unsafe {
            (*state).view_state_flags = flags;
            put_each(2, capacity, count, out, |eye, slot| {
                let (aside_m, fov) = if eye == 0 {
                    (-half_m, LEFT_EYE)
                } else {
                    let mirrored = xr::Fovf {
                        angle_left: -LEFT_EYE.angle_right,
                        angle_right: -LEFT_EYE.angle_left,
                        ..LEFT_EYE
                    };
                    (half_m, mirrored)
                };
                let head_from_eye = xr::Posef {
                    orientation: turned(0.0, 0.0),
                    position: xr::Vector3f {
                        x: aside_m,
                        y: 0.0,
                        z: 0.0,
                    },
                };
                (*slot).pose = chain(base_from_head, head_from_eye);
                (*slot).fov = fov;
            })
        }
    })
}
