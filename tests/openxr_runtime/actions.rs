//! Action sets, actions, bindings, their states, and haptics.

use std::collections::BTreeMap;
use std::ffi::c_char;

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::events::Event;
use crate::ffi::{
    About, Answer, DONE, entry, fixed_text, input, put, put_list, put_string, slice,
};
use crate::input::Hand;
use crate::instance::checked_name;
use crate::world::{Kind, World};

/// The hands' top-level paths, in the order of [`World::hands`].
const HANDS: [&str; 2] = ["/user/hand/left", "/user/hand/right"];

/// What is kept of an action set.
pub(crate) struct ActionSet {
    name: String,
    is_attached: bool,
}

/// What is kept of an action.
pub(crate) struct Action {
    set: u64,
    name: String,
    pub(crate) kind: xr::ActionType,
    subactions: Vec<xr::Path>,
    /// Since the last sync; of each subaction path (0: of all together).
    states: BTreeMap<u64, State>,
}

/// An action's state at a sync.
#[derive(Clone, Copy, Default)]
struct State {
    value: [f32; 2],
    has_changed: bool,
    changed_ns: i64,
    is_active: bool,
}

impl Action {
    /// An error unless the path is null or one that the action was made with.
    pub(crate) fn check_subaction(&self, path: xr::Path) -> Result<(), xr::Result> {
        if path == xr::Path::NULL || self.subactions.contains(&path) {
            Ok(())
        } else {
            Err(xr::Result::ERROR_PATH_UNSUPPORTED)
        }
    }
}

/// `xrCreateActionSet`.
pub(crate) unsafe extern "system" fn create_action_set(
    instance: xr::Instance,
    info: *const xr::ActionSetCreateInfo,
    out: *mut xr::ActionSet,
) -> xr::Result {
    let owner = instance.into_raw();
    entry("xrCreateActionSet", About::Living(owner), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let info = unsafe { input(info)? };
        let name = checked_name(&info.action_set_name)?;
        if fixed_text(&info.localized_action_set_name).is_empty() {
            return Err(xr::Result::ERROR_LOCALIZED_NAME_INVALID);
        }
        let is_taken = world.action_sets.iter().any(|(&handle, set)| {
            set.name == name && world.instance_of(handle) == Some(owner)
        });
        if is_taken {
            return Err(xr::Result::ERROR_NAME_DUPLICATED);
        }
        let handle = world.new_handle(Kind::ActionSet, owner);
        let set = ActionSet {
            name,
            is_attached: false,
        };
        world.action_sets.insert(handle, set);
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, xr::ActionSet::from_raw(handle)) }
    })
}

/// `xrDestroyActionSet`.
pub(crate) unsafe extern "system" fn destroy_action_set(set: xr::ActionSet) -> xr::Result {
    let handle = set.into_raw();
    entry("xrDestroyActionSet", About::Any(handle), |mut world| {
        world.destroy(handle);
        DONE
    })
}

/// `xrCreateAction`.
pub(crate) unsafe extern "system" fn create_action(
    set: xr::ActionSet,
    info: *const xr::ActionCreateInfo,
    out: *mut xr::Action,
) -> xr::Result {
    let owner = set.into_raw();
    entry("xrCreateAction", About::Living(owner), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure and array of paths.
        let (info, subactions) = unsafe {
            let info = input(info)?;
            let paths = slice(info.subaction_paths, info.count_subaction_paths);
            (info, paths.to_vec())
        };
        let name = checked_name(&info.action_name)?;
        if fixed_text(&info.localized_action_name).is_empty() {
            return Err(xr::Result::ERROR_LOCALIZED_NAME_INVALID);
        }
        if world.action_sets.get(&owner).is_some_and(|set| set.is_attached) {
            return Err(xr::Result::ERROR_ACTIONSETS_ALREADY_ATTACHED);
        }
        let is_taken = |action: &Action| action.set == owner && action.name == name;
        if world.actions.values().any(is_taken) {
            return Err(xr::Result::ERROR_NAME_DUPLICATED);
        }
        for &path in &subactions {
            let words = world.path_text(path).ok_or(xr::Result::ERROR_PATH_INVALID)?;
            if !words.starts_with("/user/") {
                return Err(xr::Result::ERROR_PATH_UNSUPPORTED);
            }
        }
        let handle = world.new_handle(Kind::Action, owner);
        let action = Action {
            set: owner,
            name,
            kind: info.action_type,
            subactions,
            states: BTreeMap::new(),
        };
        world.actions.insert(handle, action);
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, xr::Action::from_raw(handle)) }
    })
}

/// `xrDestroyAction`.
pub(crate) unsafe extern "system" fn destroy_action(action: xr::Action) -> xr::Result {
    let handle = action.into_raw();
    entry("xrDestroyAction", About::Any(handle), |mut world| {
        world.destroy(handle);
        DONE
    })
}

/// `xrSuggestInteractionProfileBindings`.
pub(crate) unsafe extern "system" fn suggest_interaction_profile_bindings(
    instance: xr::Instance,
    info: *const xr::InteractionProfileSuggestedBinding,
) -> xr::Result {
    const NAME: &str = "xrSuggestInteractionProfileBindings";
    let owner = instance.into_raw();
    entry(NAME, About::Living(owner), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure and array of bindings.
        let (info, bindings) = unsafe {
            let info = input(info)?;
            let bindings = slice(info.suggested_bindings, info.count_suggested_bindings);
            (info, bindings)
        };
        let profile = world
            .path_text(info.interaction_profile)
            .ok_or(xr::Result::ERROR_PATH_INVALID)?
            .to_owned();
        let needs_hands = profile == "/interaction_profiles/ext/hand_interaction_ext";
        if !profile.starts_with("/interaction_profiles/")
            || (needs_hands && !world.has_extension(owner, "XR_EXT_hand_interaction"))
        {
            return Err(xr::Result::ERROR_PATH_UNSUPPORTED);
        }
        let mut suggested = Vec::new();
        for binding in bindings {
            let action = binding.action.into_raw();
            let set = world.actions.get(&action).map(|action| action.set);
            let set = set.ok_or(xr::Result::ERROR_HANDLE_INVALID)?;
            if world.action_sets.get(&set).is_some_and(|set| set.is_attached) {
                let error = xr::Result::ERROR_ACTIONSETS_ALREADY_ATTACHED;
                return Err(world.violation(NAME, "the action set is attached already", error));
            }
            let path = world
                .path_text(binding.binding)
                .ok_or(xr::Result::ERROR_PATH_INVALID)?;
            if !path.starts_with("/user/") {
                return Err(xr::Result::ERROR_PATH_UNSUPPORTED);
            }
            suggested.push((action, path.to_owned()));
        }
        if let Some(instance) = world.instances.get_mut(&owner) {
            instance.suggestions.insert(profile, suggested);
        }
        DONE
    })
}

/// `xrAttachSessionActionSets`.
pub(crate) unsafe extern "system" fn attach_session_action_sets(
    session: xr::Session,
    info: *const xr::SessionActionSetsAttachInfo,
) -> xr::Result {
    const NAME: &str = "xrAttachSessionActionSets";
    let handle = session.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure and array of handles.
        let sets: Vec<u64> = unsafe {
            let info = input(info)?;
            let sets = slice(info.action_sets, info.count_action_sets);
            sets.iter().map(|set| set.into_raw()).collect()
        };
        if world.session(handle)?.attached.is_some() {
            let error = xr::Result::ERROR_ACTIONSETS_ALREADY_ATTACHED;
            return Err(world.violation(NAME, "action sets are attached already", error));
        }
        for set in &sets {
            let set = world.action_sets.get_mut(set);
            set.ok_or(xr::Result::ERROR_HANDLE_INVALID)?.is_attached = true;
        }
        let session = world.session(handle)?;
        session.attached = Some(sets);
        let instance = session.instance;
        world.tell(instance, Event::ProfileChanged { session: handle });
        DONE
    })
}

/// The profile in use: that of the controllers at hand if the app suggested bindings for
/// it, else, as runtimes do, one that can be emulated.
fn active_profile(world: &World, session: u64) -> Option<&str> {
    let suggestions = &world
        .instances
        .get(&world.instance_of(session)?)?
        .suggestions;
    let wanted = world.settings.profile.as_str();
    let simple = "/interaction_profiles/khr/simple_controller";
    [wanted, simple]
        .into_iter()
        .find(|profile| suggestions.contains_key(*profile))
        .or_else(|| suggestions.keys().next().map(String::as_str))
}

/// The bindings of an action in the profile in use, of any hand or of one.
fn bindings(world: &World, session: u64, action: u64, of: xr::Path) -> Vec<&str> {
    let Some(profile) = active_profile(world, session) else {
        return Vec::new();
    };
    let instance = world.instance_of(session).unwrap_or_default();
    let suggested = world
        .instances
        .get(&instance)
        .and_then(|instance| instance.suggestions.get(profile));
    let side = world.path_text(of).unwrap_or("/user/");
    suggested
        .into_iter()
        .flatten()
        .filter(|(bound, path)| *bound == action && path.starts_with(side))
        .map(|(_, path)| path.as_str())
        .collect()
}

/// The hand of a path and what follows `/input/` or `/output/`.
fn split<'a>(world: &'a World, path: &'a str) -> Option<(usize, &'a Hand, &'a str)> {
    let index = HANDS.iter().position(|hand| path.starts_with(hand))?;
    let rest = path.get(HANDS[index].len()..)?;
    let rest = rest
        .strip_prefix("/input/")
        .or_else(|| rest.strip_prefix("/output/"))?;
    Some((index, world.hands.get(index)?, rest))
}

/// The hand whose pose a pose action takes, if it is there and the session has the focus.
pub(crate) fn hand_of(world: &World, session: u64, action: u64, of: xr::Path) -> Option<&Hand> {
    let state = world.sessions.get(&session)?;
    if state.state != xr::SessionState::FOCUSED || state.attached.is_none() {
        return None;
    }
    bindings(world, session, action, of)
        .into_iter()
        .filter_map(|path| split(world, path))
        .map(|(_, hand, _)| hand)
        .find(|hand| hand.is_active)
}

/// `xrGetCurrentInteractionProfile`.
pub(crate) unsafe extern "system" fn get_current_interaction_profile(
    session: xr::Session,
    user: xr::Path,
    out: *mut xr::InteractionProfileState,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrGetCurrentInteractionProfile", about, |mut world| {
        if world.session(handle)?.attached.is_none() {
            return Err(xr::Result::ERROR_ACTIONSET_NOT_ATTACHED);
        }
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        let user = world.path_text(user).ok_or(xr::Result::ERROR_PATH_INVALID)?;
        let hand = HANDS.iter().position(|hand| *hand == user);
        let is_active = hand.is_some_and(|hand| world.hands[hand].is_active);
        let profile = active_profile(&world, handle).map(str::to_owned);
        let path = match profile {
            Some(profile) if is_active => world.path(&profile),
            _ => xr::Path::NULL,
        };
        // SAFETY: not null, and OpenXR has the caller pass a valid structure.
        unsafe { (*out).interaction_profile = path };
        DONE
    })
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
    entry("xrGetActionStatePose", About::Living(handle), |mut world| {
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        // SAFETY: not null; OpenXR has the caller pass valid structures.
        unsafe {
            let state = state(&mut world, handle, info, xr::ActionType::POSE_INPUT)?;
            (*out).is_active = state.is_active.into();
        }
        DONE
    })
}

/// `xrEnumerateBoundSourcesForAction`.
pub(crate) unsafe extern "system" fn enumerate_bound_sources_for_action(
    session: xr::Session,
    info: *const xr::BoundSourcesForActionEnumerateInfo,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::Path,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrEnumerateBoundSourcesForAction", about, |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let action = unsafe { input(info)? }.action.into_raw();
        if world.session(handle)?.attached.is_none() {
            return Err(xr::Result::ERROR_ACTIONSET_NOT_ATTACHED);
        }
        let bound: Vec<String> = bindings(&world, handle, action, xr::Path::NULL)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let paths: Vec<xr::Path> = bound.iter().map(|path| world.path(path)).collect();
        // SAFETY: OpenXR has the caller pass room for `capacity` values.
        unsafe { put_list(&paths, capacity, count, out) }
    })
}

/// `xrGetInputSourceLocalizedName`.
pub(crate) unsafe extern "system" fn get_input_source_localized_name(
    session: xr::Session,
    info: *const xr::InputSourceLocalizedNameGetInfo,
    capacity: u32,
    count: *mut u32,
    out: *mut c_char,
) -> xr::Result {
    let about = About::Living(session.into_raw());
    entry("xrGetInputSourceLocalizedName", about, |world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let path = unsafe { input(info)? }.source_path;
        let path = world.path_text(path).ok_or(xr::Result::ERROR_PATH_INVALID)?;
        let name = path.trim_start_matches("/user/").replace('/', " ");
        // SAFETY: OpenXR has the caller pass room for `capacity` characters.
        unsafe { put_string(&name, capacity, count, out) }
    })
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
    entry("xrApplyHapticFeedback", About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass valid structures.
        let hands = unsafe {
            input(feedback.cast::<xr::HapticVibration>())?;
            shaken(&mut world, handle, info)?
        };
        let answer = focus_answer(&mut world, handle)?;
        if answer == xr::Result::SUCCESS {
            for hand in hands {
                world.haptics[hand] += 1;
            }
        }
        Ok(answer)
    })
}

/// `xrStopHapticFeedback`.
pub(crate) unsafe extern "system" fn stop_haptic_feedback(
    session: xr::Session,
    info: *const xr::HapticActionInfo,
) -> xr::Result {
    let handle = session.into_raw();
    entry("xrStopHapticFeedback", About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        unsafe { shaken(&mut world, handle, info)? };
        focus_answer(&mut world, handle)
    })
}
