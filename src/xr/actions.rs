//! What a visitor can do with their hands; how every controller says it is in
//! [`super::controllers`].
//!
//! The actions are made once, with the instance; each session attaches them and makes its own
//! spaces. A profile the runtime does not know is passed over: the others serve.

use super::{
    controllers::{PROFILES, Profile},
    link::pose_of,
    runtime::Runtime,
};
use crate::visit::{
    bare_hand::{HandJoints, JOINTS, Joint},
    comfort::Hand,
    point::Touch,
    rig::TrackedPose,
};
use bevy::{
    math::Vec2,
    prelude::{debug, info},
};
use openxr::{
    Action, ActionSet, Binding, Instance, Path, Posef, Session, Vulkan, sys::Result as Code,
};

/// Left, then right: the order of everything that comes in twos.
pub(super) const HANDS: [Hand; 2] = [Hand::Left, Hand::Right];
const TOP: [&str; 2] = ["/user/hand/left", "/user/hand/right"];

/// The actions of the exhibit.
#[derive(Clone)]
pub(super) struct Actions {
    set: ActionSet,
    hands: [Path; 2],
    aim: Action<Posef>,
    grip: Action<Posef>,
    select: Action<bool>,
    stick: Action<openxr::Vector2f>,
    pad: Action<openxr::Vector2f>,
    pad_press: Action<bool>,
    menu: Action<bool>,
    tick: Action<openxr::Haptic>,
    gaze: Action<Posef>,
}

impl Actions {
    /// Makes the actions and says where they come from.
    ///
    /// # Errors
    /// When the runtime refuses an action; bindings it refuses are passed over.
    pub(super) fn create(instance: &Instance) -> Result<Self, Code> {
        let set = instance.create_action_set("visit", "Visit", 0)?;
        let hands = [
            instance.string_to_path(TOP[0])?,
            instance.string_to_path(TOP[1])?,
        ];
        let actions = Self {
            hands,
            aim: set.create_action("aim", "Point", &hands)?,
            grip: set.create_action("grip", "Hold", &hands)?,
            select: set.create_action("select", "Select", &hands)?,
            stick: set.create_action("stick", "Step and turn", &hands)?,
            pad: set.create_action("pad", "Step and turn (trackpad)", &hands)?,
            pad_press: set.create_action("pad_press", "Press the trackpad", &hands)?,
            menu: set.create_action("menu", "Menu", &hands)?,
            tick: set.create_action("tick", "Touch", &hands)?,
            gaze: set.create_action("gaze", "Look", &[])?,
            set,
        };
        for profile in &PROFILES {
            if let Err(code) = actions.suggest(instance, profile) {
                debug!("no bindings for {}: {code}", profile.name);
            }
        }
        if let Err(code) = actions.suggest_gaze(instance) {
            debug!("no bindings for the eyes: {code}");
        }
        Ok(actions)
    }

    fn suggest(&self, instance: &Instance, profile: &Profile) -> Result<(), Code> {
        let name = instance.string_to_path(&format!("/interaction_profiles/{}", profile.name))?;
        let mut bindings = Vec::new();
        for (side, top) in TOP.iter().enumerate() {
            let at = |input: &str| instance.string_to_path(&format!("{top}/{input}"));
            bindings.push(Binding::new(&self.aim, at("input/aim/pose")?));
            bindings.push(Binding::new(&self.grip, at("input/grip/pose")?));
            bindings.push(Binding::new(&self.select, at(profile.select)?));
            if !profile.stick.is_empty() {
                bindings.push(Binding::new(&self.stick, at(profile.stick)?));
            }
            if !profile.pad.is_empty() {
                bindings.push(Binding::new(&self.pad, at(profile.pad)?));
                let press = format!("{}/click", profile.pad);
                bindings.push(Binding::new(&self.pad_press, at(&press)?));
            }
            if !profile.menu[side].is_empty() {
                bindings.push(Binding::new(&self.menu, at(profile.menu[side])?));
            }
            if profile.has_haptics {
                bindings.push(Binding::new(&self.tick, at("output/haptic")?));
            }
        }
        instance.suggest_interaction_profile_bindings(name, &bindings)
    }

    fn suggest_gaze(&self, instance: &Instance) -> Result<(), Code> {
        let name = instance.string_to_path("/interaction_profiles/ext/eye_gaze_interaction")?;
        let pose = instance.string_to_path("/user/eyes_ext/input/gaze_ext/pose")?;
        instance.suggest_interaction_profile_bindings(name, &[Binding::new(&self.gaze, pose)])
    }
}

/// The actions in a session.
pub(super) struct HandLink {
    actions: Actions,
    aim: [openxr::Space; 2],
    grip: [openxr::Space; 2],
    gaze: openxr::Space,
    /// Where joints are tracked.
    trackers: Option<[openxr::HandTracker; 2]>,
    /// The profile of hands that hold nothing.
    bare: Path,
    is_bare: [bool; 2],
    /// Reads until the profiles are asked for again.
    asks_in: u32,
    has_said: [bool; 2],
}

/// Reads between two looks at what hands hold: half a second.
const PROFILE_READS: u32 = 40;

/// What one hand does, in the tracked space.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct HandState {
    /// Where it points.
    pub(super) aim: Option<TrackedPose>,
    /// Where it is.
    pub(super) grip: Option<TrackedPose>,
    /// Trigger or pinch.
    pub(super) is_pressed: bool,
    /// Right and forward, -1 to 1.
    pub(super) stick: Vec2,
    /// The menu button.
    pub(super) is_menu_pressed: bool,
    /// It holds no controller, as far as the runtime says.
    pub(super) is_bare: bool,
    /// Where its joints are, where that is tracked.
    pub(super) joints: Option<HandJoints>,
}

/// What hands and eyes do in a frame.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Doing {
    /// Left and right.
    pub(super) hands: [HandState; 2],
    /// Where the eyes look, where that is tracked.
    pub(super) gaze: Option<TrackedPose>,
}

impl HandLink {
    /// Attaches the actions to a session that has none yet.
    ///
    /// # Errors
    /// What the runtime said.
    pub(super) fn attach(session: &Session<Vulkan>, runtime: &Runtime) -> Result<Self, Code> {
        let actions = runtime.actions.clone();
        session.attach_action_sets(&[&actions.set])?;
        let here = Posef::IDENTITY;
        let space = |action: &Action<Posef>, side: usize| {
            action.create_space(session, actions.hands[side], here)
        };
        Ok(Self {
            aim: [space(&actions.aim, 0)?, space(&actions.aim, 1)?],
            grip: [space(&actions.grip, 0)?, space(&actions.grip, 1)?],
            gaze: actions.gaze.create_space(session, Path::NULL, here)?,
            trackers: trackers(session, runtime),
            bare: runtime
                .instance
                .string_to_path("/interaction_profiles/ext/hand_interaction_ext")?,
            is_bare: [false; 2],
            asks_in: 0,
            has_said: [false; 2],
            actions,
        })
    }

    /// Reads everything at a time. Without focus nothing is active, and that is no failure.
    ///
    /// # Errors
    /// What the runtime said.
    pub(super) fn read(
        &mut self,
        session: &Session<Vulkan>,
        base: &openxr::Space,
        time: openxr::Time,
    ) -> Result<Doing, Code> {
        session.sync_actions(&[openxr::ActiveActionSet::new(&self.actions.set)])?;
        let mut doing = Doing::default();
        if self.asks_in == 0 {
            self.asks_in = PROFILE_READS;
            for (is_bare, path) in self.is_bare.iter_mut().zip(self.actions.hands) {
                *is_bare = session.current_interaction_profile(path)? == self.bare;
            }
        }
        self.asks_in -= 1;
        for (side, hand) in doing.hands.iter_mut().enumerate() {
            *hand = self.read_hand(session, base, time, side)?;
            if let Some(trackers) = &self.trackers {
                hand.joints = joints(base.locate_hand_joints(&trackers[side], time)?);
            }
            let is_seen = hand.grip.is_some();
            if is_seen && !self.has_said[side] {
                let profile = session
                    .current_interaction_profile(self.actions.hands[side])
                    .and_then(|profile| session.instance().path_to_string(profile));
                info!(
                    "the {:?} hand is seen: {}",
                    HANDS[side],
                    profile.unwrap_or_default()
                );
            }
            self.has_said[side] |= is_seen;
        }
        if self.actions.gaze.is_active(session, Path::NULL)? {
            doing.gaze = locate(&self.gaze, base, time)?;
        }
        Ok(doing)
    }

    fn read_hand(
        &self,
        session: &Session<Vulkan>,
        base: &openxr::Space,
        time: openxr::Time,
        side: usize,
    ) -> Result<HandState, Code> {
        let actions = &self.actions;
        let path = actions.hands[side];
        let vector = |action: &Action<openxr::Vector2f>| {
            let state = action.state(session, path)?;
            let value = Vec2::new(state.current_state.x, state.current_state.y);
            Ok::<_, Code>(if state.is_active && value.is_finite() {
                value
            } else {
                Vec2::ZERO
            })
        };
        let flag = |action: &Action<bool>| {
            let state = action.state(session, path)?;
            Ok::<_, Code>(state.is_active && state.current_state)
        };
        let pose = |action: &Action<Posef>, space: &openxr::Space| {
            if action.is_active(session, path)? {
                locate(space, base, time)
            } else {
                Ok(None)
            }
        };
        let mut stick = vector(&actions.stick)?;
        if flag(&actions.pad_press)? {
            stick = vector(&actions.pad)?;
        }
        Ok(HandState {
            aim: pose(&actions.aim, &self.aim[side])?,
            grip: pose(&actions.grip, &self.grip[side])?,
            is_pressed: flag(&actions.select)?,
            stick,
            is_menu_pressed: flag(&actions.menu)?,
            is_bare: self.is_bare[side],
            joints: None,
        })
    }

    /// Touches a hand. What cannot be felt is no failure.
    pub(super) fn touch(&self, session: &Session<Vulkan>, side: usize, touch: Touch) {
        let nanos = (touch.duration_secs() * 1e9) as i64;
        let touch = openxr::HapticVibration::new()
            .amplitude(touch.amplitude())
            .duration(openxr::Duration::from_nanos(nanos))
            .frequency(openxr::FREQUENCY_UNSPECIFIED);
        let path = self.actions.hands[side];
        if let Err(code) = self.actions.tick.apply_feedback(session, path, &touch) {
            debug!("no touch: {code}");
        }
    }
}

/// Trackers of both hands, where the system has any.
fn trackers(session: &Session<Vulkan>, runtime: &Runtime) -> Option<[openxr::HandTracker; 2]> {
    let is_supported = runtime.instance.supports_hand_tracking(runtime.system);
    if !is_supported.unwrap_or(false) {
        return None;
    }
    let made =
        [openxr::Hand::LEFT, openxr::Hand::RIGHT].map(|hand| session.create_hand_tracker(hand));
    match made {
        [Ok(left), Ok(right)] => Some([left, right]),
        [Err(code), _] | [_, Err(code)] => {
            info!("hands without controllers are not tracked: {code}");
            None
        }
    }
}

/// Joints that are known and can be a hand's.
fn joints(found: Option<openxr::HandJointLocations>) -> Option<HandJoints> {
    let found = found?;
    let known =
        openxr::SpaceLocationFlags::POSITION_VALID | openxr::SpaceLocationFlags::ORIENTATION_VALID;
    let mut joints = HandJoints([Joint::default(); JOINTS]);
    for (own, joint) in joints.0.iter_mut().zip(&found) {
        if !joint.location_flags.contains(known) {
            return None;
        }
        let (position, rotation) = pose_of(&joint.pose);
        *own = Joint {
            position,
            rotation,
            radius_m: joint.radius,
        };
    }
    joints.is_sound().then_some(joints)
}

/// Where a space is, when both its place and its direction are known.
fn locate(
    space: &openxr::Space,
    base: &openxr::Space,
    time: openxr::Time,
) -> Result<Option<TrackedPose>, Code> {
    let location = space.locate(base, time)?;
    let is_known = location
        .location_flags
        .contains(openxr::SpaceLocationFlags::POSITION_VALID)
        && location
            .location_flags
            .contains(openxr::SpaceLocationFlags::ORIENTATION_VALID);
    let (position, rotation) = pose_of(&location.pose);
    let pose = TrackedPose { position, rotation };
    Ok((is_known && pose.is_finite()).then_some(pose))
}
