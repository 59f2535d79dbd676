//! How every controller says what a visitor does: pure tables.

/// Where an action of one hand comes from, behind `/user/hand/left` or `right`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profile {
    /// Behind `/interaction_profiles/`.
    pub(super) name: &'static str,
    pub(super) select: &'static str,
    /// Thumb-stick, or empty.
    pub(super) stick: &'static str,
    /// Trackpad whose press counts, or empty.
    pub(super) pad: &'static str,
    /// Menu of the left and of the right hand, or empty.
    pub(super) menu: [&'static str; 2],
    pub(super) has_haptics: bool,
}

const TRIGGER: &str = "input/trigger/value";
const STICK: &str = "input/thumbstick";
const PAD: &str = "input/trackpad";
const MENU: &str = "input/menu/click";
const B: &str = "input/b/click";
const Y: &str = "input/y/click";

const fn profile(
    name: &'static str,
    select: &'static str,
    stick: &'static str,
    pad: &'static str,
    menu: [&'static str; 2],
) -> Profile {
    Profile {
        name,
        select,
        stick,
        pad,
        menu,
        has_haptics: true,
    }
}

/// Every controller we know, from OpenXR 1.1, §6.4, and the extensions named in
/// [`super::runtime`].
pub(super) const PROFILES: [Profile; 16] = [
    profile(
        "khr/simple_controller",
        "input/select/click",
        "",
        "",
        [MENU, MENU],
    ),
    profile("oculus/touch_controller", TRIGGER, STICK, "", [Y, B]),
    profile("facebook/touch_controller_pro", TRIGGER, STICK, "", [Y, B]),
    profile("meta/touch_controller_plus", TRIGGER, STICK, "", [Y, B]),
    profile("valve/index_controller", TRIGGER, STICK, "", [B, B]),
    profile("htc/vive_controller", TRIGGER, "", PAD, [MENU, MENU]),
    profile("htc/vive_cosmos_controller", TRIGGER, STICK, "", [Y, B]),
    profile("htc/vive_focus3_controller", TRIGGER, STICK, "", [Y, B]),
    profile(
        "microsoft/motion_controller",
        TRIGGER,
        STICK,
        PAD,
        [MENU, MENU],
    ),
    profile(
        "hp/mixed_reality_controller",
        TRIGGER,
        STICK,
        "",
        [MENU, MENU],
    ),
    profile("bytedance/pico_neo3_controller", TRIGGER, STICK, "", [Y, B]),
    profile("bytedance/pico4_controller", TRIGGER, STICK, "", [Y, B]),
    Profile {
        name: "bytedance/pico_g3_controller",
        select: TRIGGER,
        stick: STICK,
        pad: "",
        menu: [MENU, MENU],
        has_haptics: false,
    },
    profile("ml/ml2_controller", TRIGGER, "", PAD, [MENU, MENU]),
    Profile {
        name: "ext/hand_interaction_ext",
        select: "input/pinch_ext/value",
        stick: "",
        pad: "",
        menu: ["", ""],
        has_haptics: false,
    },
    Profile {
        name: "google/daydream_controller",
        select: "input/select/click",
        stick: "",
        pad: PAD,
        menu: ["", ""],
        has_haptics: false,
    },
];
