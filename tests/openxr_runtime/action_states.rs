//! What the visitor does with the hands, as the app asks for it, and haptics.

use std::collections::BTreeMap;

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::actions::{bindings, split};
use crate::ffi::{About, Answer, DONE, entry, input, slice};
use crate::world::World;

/// So many touches are remembered, the latest first.
const TOUCHES_KEPT: usize = 64;

/// An action's state at a sync.
#[derive(Clone, Copy, Default)]
pub(crate) struct State {
    value: [f32; 2],
    has_changed: bool,
    changed_ns: i64,
    is_active: bool,
}

/// `xrSyncActions`.
pub(crate) unsafe extern "system" fn sync_actions(
    session: xr::Session,
    info: *const xr::ActionsSyncInfo,
) -> xr::Result {
    let handle = session.into_raw();
    entry("xrSyncActions", About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure and array of sets.
        let active: Vec<u64> = unsafe {
            let info = input(info)?;
            let sets = slice(info.active_action_sets, info.count_active_action_sets);
            sets.iter().map(|set| set.action_set.into_raw()).collect()
        };
        let session = world.session(handle)?;
        let attached = session.attached.clone().unwrap_or_default();
        let has_focus = session.state == xr::SessionState::FOCUSED;
        if !active.iter().all(|set| attached.contains(set)) {
            return Err(xr::Result::ERROR_ACTIONSET_NOT_ATTACHED);
        }
        let actions: Vec<u64> = world
            .actions
            .iter()
            .filter(|(_, action)| attached.contains(&action.set))
            .map(|(&action, _)| action)
            .collect();
        for action in actions {
            sync(&mut world, handle, action, &active, has_focus);
        }
        if has_focus {
            DONE
        } else {
            Ok(xr::Result::SESSION_NOT_FOCUSED)
        }
    })
}

/// Takes down an action's states.
fn sync(world: &mut World, session: u64, handle: u64, active: &[u64], has_focus: bool) {
    let Some(action) = world.actions.get(&handle) else {
        return;
    };
    let is_on = has_focus && active.contains(&action.set);
    let mut subactions = action.subactions.clone();
    subactions.push(xr::Path::NULL);
    let mut states = BTreeMap::new();
    for of in subactions {
        let before = action.states.get(&of.into_raw()).copied();
        let before = before.unwrap_or_default();
        let mut now = State::default();
        if is_on {
            for path in bindings(world, session, handle, of) {
                let Some((_, hand, input)) = split(world, path) else {
                    continue;
                };
                if !hand.is_active {
                    continue;
                }
                now.is_active = true;
                let value = hand.value(input);
                // Of several sources, the one that is moved furthest counts.
                if value[0].hypot(value[1]) > now.value[0].hypot(now.value[1]) {
                    now.value = value;
                }
            }
        }
        if action.kind == xr::ActionType::BOOLEAN_INPUT {
            now.value = [f32::from(u8::from(now.value[0] > 0.5)), 0.0];
        }
        now.has_changed = now.is_active && now.value != before.value;
        now.changed_ns = if now.has_changed {
            world.time_ns
        } else {
            before.changed_ns
        };
        states.insert(of.into_raw(), now);
    }
    if let Some(action) = world.actions.get_mut(&handle) {
        action.states = states;
    }
}

/// The state of an action of the kind, as the last sync left it.
///
/// # Safety
/// `info` is null or a valid structure.
unsafe fn state(
    world: &mut World,
    session: u64,
    info: *const xr::ActionStateGetInfo,
    kind: xr::ActionType,
) -> Result<State, xr::Result> {
    // SAFETY: as promised.
    let info = unsafe { input(info)? };
    let attached = world.session(session)?.attached.clone();
    let action = world.actions.get(&info.action.into_raw());
    let action = action.ok_or(xr::Result::ERROR_HANDLE_INVALID)?;
    if action.kind != kind {
        return Err(xr::Result::ERROR_ACTION_TYPE_MISMATCH);
    }
    if !attached.is_some_and(|sets| sets.contains(&action.set)) {
        return Err(xr::Result::ERROR_ACTIONSET_NOT_ATTACHED);
    }
    action.check_subaction(info.subaction_path)?;
    let state = action.states.get(&info.subaction_path.into_raw());
    Ok(state.copied().unwrap_or_default())
}

macro_rules! get_state {
    ($(#[$doc:meta])* $function:ident, $name:literal, $out:ty, $kind:ident, $value:expr) => {
        $(#[$doc])*
        pub(crate) unsafe extern "system" fn $function(
            session: xr::Session,
            info: *const xr::ActionStateGetInfo,
            out: *mut $out,
        ) -> xr::Result {
            let handle = session.into_raw();
            entry($name, About::Living(handle), |mut world| {
                if out.is_null() {
                    return Err(xr::Result::ERROR_VALIDATION_FAILURE);
                }
                // SAFETY: not null; OpenXR has the caller pass valid structures.
                unsafe {
                    let state = state(&mut world, handle, info, xr::ActionType::$kind)?;
                    (*out).current_state = $value(state.value);
                    (*out).changed_since_last_sync = state.has_changed.into();
                    (*out).last_change_time = xr::Time::from_nanos(state.changed_ns);
                    (*out).is_active = state.is_active.into();
                }
                DONE
            })
        }
    };
}

get_state!(
    /// `xrGetActionStateBoolean`.
    get_action_state_boolean,
    "xrGetActionStateBoolean",
    xr::ActionStateBoolean,
    BOOLEAN_INPUT,
    |value: [f32; 2]| xr::Bool32::from(value[0] > 0.5)
);
get_state!(
    /// `xrGetActionStateFloat`.
    get_action_state_float,
    "xrGetActionStateFloat",
    xr::ActionStateFloat,
    FLOAT_INPUT,
    |value: [f32; 2]| value[0]
);
get_state!(
    /// `xrGetActionStateVector2f`.
    get_action_state_vector2f,
    "xrGetActionStateVector2f",
    xr::ActionStateVector2f,
    VECTOR2F_INPUT,
    |[x, y]: [f32; 2]| xr::Vector2f { x, y }
);

/// `xrGetActionStatePose`.
pub(crate) unsafe extern "system" fn get_action_state_pose(
    session: xr::Session,
    info: *const xr::ActionStateGetInfo,
    out: *mut xr::ActionStatePose,
) -> xr::Result {
    let handle = session.into_raw();
    entry(
        "xrGetActionStatePose",
        About::Living(handle),
        |mut world| {
            if out.is_null() {
                return Err(xr::Result::ERROR_VALIDATION_FAILURE);
            }
            // SAFETY: not null; OpenXR has the caller pass valid structures.
            unsafe {
                let state = state(&mut world, handle, info, xr::ActionType::POSE_INPUT)?;
                (*out).is_active = state.is_active.into();
            }
            DONE
        },
    )
}

/// The hands that a haptic action shakes.
///
/// # Safety
/// `info` is null or a valid structure.
unsafe fn shaken(
    world: &mut World,
    session: u64,
    info: *const xr::HapticActionInfo,
) -> Result<Vec<usize>, xr::Result> {
    // SAFETY: as promised.
    let info = unsafe { input(info)? };
    let handle = info.action.into_raw();
    let attached = world.session(session)?.attached.clone();
    let action = world.actions.get(&handle);
    let action = action.ok_or(xr::Result::ERROR_HANDLE_INVALID)?;
    if action.kind != xr::ActionType::VIBRATION_OUTPUT {
        return Err(xr::Result::ERROR_ACTION_TYPE_MISMATCH);
    }
    if !attached.is_some_and(|sets| sets.contains(&action.set)) {
        return Err(xr::Result::ERROR_ACTIONSET_NOT_ATTACHED);
    }
    action.check_subaction(info.subaction_path)?;
    let hands = bindings(world, session, handle, info.subaction_path)
        .into_iter()
        .filter_map(|path| split(world, path))
        .filter(|(_, hand, _)| hand.is_active)
        .map(|(index, _, _)| index)
        .collect();
    Ok(hands)
}

fn focus_answer(world: &mut World, session: u64) -> Answer {
    if world.session(session)?.state == xr::SessionState::FOCUSED {
        DONE
    } else {
        Ok(xr::Result::SESSION_NOT_FOCUSED)
    }
}

/// `xrApplyHapticFeedback`.
pub(crate) unsafe extern "system" fn apply_haptic_feedback(
    session: xr::Session,
    info: *const xr::HapticActionInfo,
    feedback: *const xr::HapticBaseHeader,
) -> xr::Result {
    let handle = session.into_raw();
    entry(
        "xrApplyHapticFeedback",
        About::Living(handle),
        |mut world| {
            // SAFETY: OpenXR has the caller pass valid structures.
            let (feedback, hands) = unsafe {
                (
                    input(feedback.cast::<xr::HapticVibration>())?,
                    shaken(&mut world, handle, info)?,
                )
            };
            let amplitude = feedback.amplitude;
            if !(0.0..=1.0).contains(&amplitude) {
                return Err(xr::Result::ERROR_VALIDATION_FAILURE);
            }
            let touch = |hand: usize| {
                let name = ["left", "right"][hand];
                serde_json::json!({
                    "hand": name,
                    "amplitude": amplitude,
                    "duration_ns": feedback.duration.as_nanos(),
                })
            };
            let answer = focus_answer(&mut world, handle)?;
            if answer == xr::Result::SUCCESS {
                for hand in hands {
                    world.haptics[hand] += 1;
                    world.touches.truncate(TOUCHES_KEPT - 1);
                    world.touches.push_front(touch(hand));
                }
            }
            Ok(answer)
        },
    )
}

/// `xrStopHapticFeedback`.
pub(crate) unsafe extern "system" fn stop_haptic_feedback(
    session: xr::Session,
    info: *const xr::HapticActionInfo,
) -> xr::Result {
    let handle = session.into_raw();
    entry(
        "xrStopHapticFeedback",
        About::Living(handle),
        |mut world| {
            // SAFETY: OpenXR has the caller pass a valid structure.
            unsafe { shaken(&mut world, handle, info)? };
            focus_answer(&mut world, handle)
        },
    )
}
