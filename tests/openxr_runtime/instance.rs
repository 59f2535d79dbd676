//! The instance and the system: what the runtime offers, paths, and names of things.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::c_char;

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::ffi::{
    About, Answer, DONE, chained, entry, fixed_text, input, put, put_each, put_list, put_string,
    put_text, slice, text,
};
use crate::world::{Events, Kind, World, lock};

/// What is kept of an instance.
#[derive(Default)]
pub(crate) struct Instance {
    pub(crate) extensions: BTreeSet<String>,
    pub(crate) api: xr::Version,
    pub(crate) events: Events,
    /// Of each interaction profile, the actions and the paths they are bound to.
    pub(crate) suggestions: BTreeMap<String, Vec<(u64, String)>>,
    /// The app asked which Vulkan it takes, as it must before a session.
    pub(crate) has_graphics_requirements: bool,
    pub(crate) vulkan: Option<crate::vulkan::Loader>,
}

/// The one system there is.
pub(crate) const SYSTEM: u64 = 1;

/// What can be offered, with versions.
const EXTENSIONS: [(&str, u32); 7] = [
    ("XR_MND_headless", 2),
    ("XR_KHR_vulkan_enable2", 2),
    ("XR_EXT_user_presence", 1),
    ("XR_EXT_local_floor", 1),
    ("XR_FB_display_refresh_rate", 1),
    ("XR_KHR_visibility_mask", 2),
    ("XR_EXT_hand_interaction", 1),
];

fn offered(world: &World) -> Vec<(&'static str, u32)> {
    EXTENSIONS
        .into_iter()
        .filter(|(name, _)| !world.settings.missing_extensions.contains(*name))
        .collect()
}

/// `xrEnumerateInstanceExtensionProperties`.
pub(crate) unsafe extern "system" fn enumerate_instance_extension_properties(
    layer: *const c_char,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::ExtensionProperties,
) -> xr::Result {
    entry(
        "xrEnumerateInstanceExtensionProperties",
        About::Nothing,
        |world| {
            if !layer.is_null() {
                return Err(xr::Result::ERROR_API_LAYER_NOT_PRESENT);
            }
            let offered = offered(&world);
            // SAFETY: OpenXR has the caller pass room for `capacity` structures; only the
            // fields that are ours are written.
            unsafe {
                put_each(offered.len(), capacity, count, out, |index, slot| {
                    let (name, version) = offered[index];
                    let to = (&raw mut (*slot).extension_name).cast::<c_char>();
                    put_text(name, to, xr::MAX_EXTENSION_NAME_SIZE);
                    (*slot).extension_version = version;
                })
            }
        },
    )
}

/// `xrCreateInstance`.
pub(crate) unsafe extern "system" fn create_instance(
    info: *const xr::InstanceCreateInfo,
    out: *mut xr::Instance,
) -> xr::Result {
    entry("xrCreateInstance", About::Nothing, |mut world| {
        // SAFETY: OpenXR has the caller pass valid structures, arrays and texts.
        let (info, extensions) = unsafe {
            let info = input(info)?;
            let names = slice(info.enabled_extension_names, info.enabled_extension_count);
            let extensions: Result<BTreeSet<String>, xr::Result> =
                names.iter().map(|&name| text(name)).collect();
            (info, extensions?)
        };
        let api = info.application_info.api_version;
        if api.major() != 1 || api.into_raw() > crate::NEWEST_API.into_raw() {
            return Err(xr::Result::ERROR_API_VERSION_UNSUPPORTED);
        }
        let offered = offered(&world);
        for extension in &extensions {
            if !offered.iter().any(|(name, _)| name == extension) {
                return Err(xr::Result::ERROR_EXTENSION_NOT_PRESENT);
            }
        }
        let handle = world.new_handle(Kind::Instance, 0);
        world.instances.insert(
            handle,
            Instance {
                extensions,
                api,
                ..Instance::default()
            },
        );
        // SAFETY: as above.
        unsafe { put(out, xr::Instance::from_raw(handle)) }
    })
}

/// `xrDestroyInstance`.
pub(crate) unsafe extern "system" fn destroy_instance(instance: xr::Instance) -> xr::Result {
    let handle = instance.into_raw();
    entry("xrDestroyInstance", About::Any(handle), |mut world| {
        world.destroy(handle);
        DONE
    })
}

/// `xrGetInstanceProperties`.
pub(crate) unsafe extern "system" fn get_instance_properties(
    instance: xr::Instance,
    out: *mut xr::InstanceProperties,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrGetInstanceProperties", about, |_| {
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        // SAFETY: not null, and OpenXR has the caller pass a valid structure.
        unsafe {
            (*out).runtime_version = xr::Version::new(1, 0, 0);
            let to = (&raw mut (*out).runtime_name).cast::<c_char>();
            put_text("Grotto test runtime", to, xr::MAX_RUNTIME_NAME_SIZE);
        }
        DONE
    })
}

/// `xrGetSystem`.
pub(crate) unsafe extern "system" fn get_system(
    instance: xr::Instance,
    info: *const xr::SystemGetInfo,
    out: *mut xr::SystemId,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrGetSystem", about, |world| {
        // SAFETY: OpenXR has the caller pass valid structures.
        let info = unsafe { input(info)? };
        if info.form_factor != xr::FormFactor::HEAD_MOUNTED_DISPLAY {
            return Err(xr::Result::ERROR_FORM_FACTOR_UNSUPPORTED);
        }
        if !world.settings.has_headset {
            return Err(xr::Result::ERROR_FORM_FACTOR_UNAVAILABLE);
        }
        // SAFETY: as above.
        unsafe { put(out, xr::SystemId::from_raw(SYSTEM)) }
    })
}

fn check_system(system: xr::SystemId) -> Result<(), xr::Result> {
    if system.into_raw() == SYSTEM {
        Ok(())
    } else {
        Err(xr::Result::ERROR_SYSTEM_INVALID)
    }
}

/// `xrGetSystemProperties`.
pub(crate) unsafe extern "system" fn get_system_properties(
    instance: xr::Instance,
    system: xr::SystemId,
    out: *mut xr::SystemProperties,
) -> xr::Result {
    let handle = instance.into_raw();
    entry("xrGetSystemProperties", About::Living(handle), |world| {
        check_system(system)?;
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        let has_presence = world.has_extension(handle, "XR_EXT_user_presence");
        // SAFETY: not null; OpenXR has the caller pass a valid structure and chain.
        unsafe {
            (*out).system_id = system;
            (*out).vendor_id = 0x9207;
            let to = (&raw mut (*out).system_name).cast::<c_char>();
            put_text("Grotto test headset", to, xr::MAX_SYSTEM_NAME_SIZE);
            (*out).graphics_properties = xr::SystemGraphicsProperties {
                max_swapchain_image_height: 4096,
                max_swapchain_image_width: 4096,
                max_layer_count: 16,
            };
            (*out).tracking_properties = xr::SystemTrackingProperties {
                orientation_tracking: xr::TRUE,
                position_tracking: xr::TRUE,
            };
            let presence = chained::<xr::SystemUserPresencePropertiesEXT>((*out).next);
            if let Some(presence) = presence {
                (*presence).supports_user_presence = has_presence.into();
            }
        }
        DONE
    })
}

/// `xrEnumerateViewConfigurations`.
pub(crate) unsafe extern "system" fn enumerate_view_configurations(
    instance: xr::Instance,
    system: xr::SystemId,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::ViewConfigurationType,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrEnumerateViewConfigurations", about, |_| {
        check_system(system)?;
        let stereo = [xr::ViewConfigurationType::PRIMARY_STEREO];
        // SAFETY: OpenXR has the caller pass room for `capacity` values.
        unsafe { put_list(&stereo, capacity, count, out) }
    })
}

/// An error unless the view configuration is the one there is.
pub(crate) fn check_views(views: xr::ViewConfigurationType) -> Result<(), xr::Result> {
    if views == xr::ViewConfigurationType::PRIMARY_STEREO {
        Ok(())
    } else {
        Err(xr::Result::ERROR_VIEW_CONFIGURATION_TYPE_UNSUPPORTED)
    }
}

/// `xrGetViewConfigurationProperties`.
pub(crate) unsafe extern "system" fn get_view_configuration_properties(
    instance: xr::Instance,
    system: xr::SystemId,
    views: xr::ViewConfigurationType,
    out: *mut xr::ViewConfigurationProperties,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrGetViewConfigurationProperties", about, |_| {
        check_system(system)?;
        check_views(views)?;
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        // SAFETY: not null, and OpenXR has the caller pass a valid structure.
        unsafe {
            (*out).view_configuration_type = views;
            (*out).fov_mutable = xr::FALSE;
        }
        DONE
    })
}

/// `xrEnumerateViewConfigurationViews`.
pub(crate) unsafe extern "system" fn enumerate_view_configuration_views(
    instance: xr::Instance,
    system: xr::SystemId,
    views: xr::ViewConfigurationType,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::ViewConfigurationView,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrEnumerateViewConfigurationViews", about, |world| {
        check_system(system)?;
        check_views(views)?;
        let (width, height) = world.settings.eye_px;
        // SAFETY: OpenXR has the caller pass room for `capacity` structures.
        unsafe {
            put_each(2, capacity, count, out, |_, slot| {
                (*slot).recommended_image_rect_width = width;
                (*slot).max_image_rect_width = 4096;
                (*slot).recommended_image_rect_height = height;
                (*slot).max_image_rect_height = 4096;
                (*slot).recommended_swapchain_sample_count = 1;
                (*slot).max_swapchain_sample_count = 1;
            })
        }
    })
}

/// `xrEnumerateEnvironmentBlendModes`.
pub(crate) unsafe extern "system" fn enumerate_environment_blend_modes(
    instance: xr::Instance,
    system: xr::SystemId,
    views: xr::ViewConfigurationType,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::EnvironmentBlendMode,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrEnumerateEnvironmentBlendModes", about, |_| {
        check_system(system)?;
        check_views(views)?;
        let opaque = [xr::EnvironmentBlendMode::OPAQUE];
        // SAFETY: OpenXR has the caller pass room for `capacity` values.
        unsafe { put_list(&opaque, capacity, count, out) }
    })
}

/// `xrStringToPath`.
pub(crate) unsafe extern "system" fn string_to_path(
    instance: xr::Instance,
    words: *const c_char,
    out: *mut xr::Path,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrStringToPath", about, |mut world| {
        // SAFETY: OpenXR has the caller pass text that ends.
        let words = unsafe { text(words)? };
        let is_well_formed = words.len() > 1
            && words.starts_with('/')
            && !words.ends_with('/')
            && words
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/'));
        if !is_well_formed {
            return Err(xr::Result::ERROR_PATH_FORMAT_INVALID);
        }
        let path = world.path(&words);
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, path) }
    })
}

/// `xrPathToString`.
pub(crate) unsafe extern "system" fn path_to_string(
    instance: xr::Instance,
    path: xr::Path,
    capacity: u32,
    count: *mut u32,
    out: *mut c_char,
) -> xr::Result {
    let about = About::Living(instance.into_raw());
    entry("xrPathToString", about, |world| {
        let words = world
            .path_text(path)
            .ok_or(xr::Result::ERROR_PATH_INVALID)?;
        // SAFETY: OpenXR has the caller pass room for `capacity` characters.
        unsafe { put_string(words, capacity, count, out) }
    })
}

/// `xrResultToString`.
pub(crate) unsafe extern "system" fn result_to_string(
    instance: xr::Instance,
    result: xr::Result,
    out: *mut c_char,
) -> xr::Result {
    let about = About::Any(instance.into_raw());
    entry("xrResultToString", about, |_| {
        let words = match name_of(result) {
            Some(name) => name,
            None if result.into_raw() < 0 => format!("XR_UNKNOWN_FAILURE_{}", result.into_raw()),
            None => format!("XR_UNKNOWN_SUCCESS_{}", result.into_raw()),
        };
        put_fixed(&words, out, xr::MAX_RESULT_STRING_SIZE)
    })
}

/// `xrStructureTypeToString`.
pub(crate) unsafe extern "system" fn structure_type_to_string(
    instance: xr::Instance,
    ty: xr::StructureType,
    out: *mut c_char,
) -> xr::Result {
    let about = About::Any(instance.into_raw());
    entry("xrStructureTypeToString", about, |_| {
        let name = format!("{ty:?}");
        let words = if name.parse::<i32>().is_ok() {
            format!("XR_UNKNOWN_STRUCTURE_TYPE_{name}")
        } else {
            format!("XR_TYPE_{name}")
        };
        put_fixed(&words, out, xr::MAX_STRUCTURE_NAME_SIZE)
    })
}

fn put_fixed(words: &str, out: *mut c_char, size: usize) -> Answer {
    if out.is_null() {
        return Err(xr::Result::ERROR_VALIDATION_FAILURE);
    }
    // SAFETY: not null, and OpenXR has the caller pass a buffer of the fixed size.
    unsafe { put_text(words, out, size) };
    DONE
}

/// The name of a result, `XR_…`, if it has one.
fn name_of(result: xr::Result) -> Option<String> {
    // The bindings print a number where they know no name.
    let name = format!("{result:?}");
    name.parse::<i32>().is_err().then(|| format!("XR_{name}"))
}

/// The result of that name: those of OpenXR's core.
pub(crate) fn result_named(name: &str) -> Option<xr::Result> {
    (-51..=9)
        .map(xr::Result::from_raw)
        .find(|&result| name_of(result).as_deref() == Some(name))
}

/// Names in creation structures, checked as OpenXR asks.
pub(crate) fn checked_name(characters: &[c_char]) -> Result<String, xr::Result> {
    let name = fixed_text(characters);
    if name.is_empty() {
        return Err(xr::Result::ERROR_NAME_INVALID);
    }
    let is_well_formed = name
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'));
    if is_well_formed {
        Ok(name)
    } else {
        Err(xr::Result::ERROR_PATH_FORMAT_INVALID)
    }
}

/// Whether an extension's functions may be had from the instance.
pub(crate) fn offers(instance: xr::Instance, extension: &str) -> bool {
    lock().has_extension(instance.into_raw(), extension)
}
