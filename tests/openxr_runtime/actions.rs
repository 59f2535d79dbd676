//! Action sets, actions, and what they are bound to.

use std::collections::BTreeMap;
use std::ffi::c_char;

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::action_states::State;
use crate::events::Event;
use crate::ffi::{About, DONE, entry, fixed_text, input, put, put_list, put_string, slice};
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
    pub(crate) set: u64,
    name: String,
    pub(crate) kind: xr::ActionType,
    pub(crate) subactions: Vec<xr::Path>,
    /// Since the last sync; of each subaction path (0: of all together).
    pub(crate) states: BTreeMap<u64, State>,
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
        let is_taken = world
            .action_sets
            .iter()
            .any(|(&handle, set)| set.name == name && world.instance_of(handle) == Some(owner));
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
        if world
            .action_sets
            .get(&owner)
            .is_some_and(|set| set.is_attached)
        {
            return Err(xr::Result::ERROR_ACTIONSETS_ALREADY_ATTACHED);
        }
        let is_taken = |action: &Action| action.set == owner && action.name == name;
        if world.actions.values().any(is_taken) {
            return Err(xr::Result::ERROR_NAME_DUPLICATED);
        }
        for &path in &subactions {
            let words = world
                .path_text(path)
                .ok_or(xr::Result::ERROR_PATH_INVALID)?;
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
            if world
                .action_sets
                .get(&set)
                .is_some_and(|set| set.is_attached)
            {
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
pub(crate) fn bindings(world: &World, session: u64, action: u64, of: xr::Path) -> Vec<&str> {
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
pub(crate) fn split<'a>(world: &'a World, path: &'a str) -> Option<(usize, &'a Hand, &'a str)> {
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
        let user = world
            .path_text(user)
            .ok_or(xr::Result::ERROR_PATH_INVALID)?;
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
        let path = world
            .path_text(path)
            .ok_or(xr::Result::ERROR_PATH_INVALID)?;
        let name = path.trim_start_matches("/user/").replace('/', " ");
        // SAFETY: OpenXR has the caller pass room for `capacity` characters.
        unsafe { put_string(&name, capacity, count, out) }
    })
}
