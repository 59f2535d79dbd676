//! The functions by name: `xrGetInstanceProcAddr`.

use std::ffi::{CStr, c_char};

use openxr_sys as xr;
use openxr_sys::{Handle as _, pfn};

use crate::{
    action_states, actions, events, extras, frames, instance, session, spaces, swapchains, vulkan,
};

/// Every function: its name, its type, its place, and the extension that it belongs to
/// (empty: the core).
macro_rules! functions {
    ($($name:literal: $ty:ident = $place:path, $extension:literal;)*) => {
        fn find(name: &str) -> Option<(pfn::VoidFunction, &'static str)> {
            match name {
                $($name => {
                    let function: pfn::$ty = $place;
                    // SAFETY: function pointers are alike; the caller casts it back to the
                    // type that belongs to the name, which the line above checks.
                    let function = unsafe {
                        std::mem::transmute::<pfn::$ty, pfn::VoidFunction>(function)
                    };
                    Some((function, $extension))
                })*
                _ => None,
            }
        }
    };
}

functions! {
    "xrGetInstanceProcAddr": GetInstanceProcAddr = get_instance_proc_addr, "";
    "xrEnumerateInstanceExtensionProperties": EnumerateInstanceExtensionProperties =
        instance::enumerate_instance_extension_properties, "";
    "xrCreateInstance": CreateInstance = instance::create_instance, "";
    "xrDestroyInstance": DestroyInstance = instance::destroy_instance, "";
    "xrGetInstanceProperties": GetInstanceProperties = instance::get_instance_properties, "";
    "xrResultToString": ResultToString = instance::result_to_string, "";
    "xrStructureTypeToString": StructureTypeToString = instance::structure_type_to_string, "";
    "xrGetSystem": GetSystem = instance::get_system, "";
    "xrGetSystemProperties": GetSystemProperties = instance::get_system_properties, "";
    "xrEnumerateViewConfigurations": EnumerateViewConfigurations =
        instance::enumerate_view_configurations, "";
    "xrGetViewConfigurationProperties": GetViewConfigurationProperties =
        instance::get_view_configuration_properties, "";
    "xrEnumerateViewConfigurationViews": EnumerateViewConfigurationViews =
        instance::enumerate_view_configuration_views, "";
    "xrEnumerateEnvironmentBlendModes": EnumerateEnvironmentBlendModes =
        instance::enumerate_environment_blend_modes, "";
    "xrStringToPath": StringToPath = instance::string_to_path, "";
    "xrPathToString": PathToString = instance::path_to_string, "";
    "xrPollEvent": PollEvent = events::poll_event, "";
    "xrCreateSession": CreateSession = session::create_session, "";
    "xrDestroySession": DestroySession = session::destroy_session, "";
    "xrBeginSession": BeginSession = session::begin_session, "";
    "xrEndSession": EndSession = session::end_session, "";
    "xrRequestExitSession": RequestExitSession = session::request_exit_session, "";
    "xrWaitFrame": WaitFrame = frames::wait_frame, "";
    "xrBeginFrame": BeginFrame = frames::begin_frame, "";
    "xrEndFrame": EndFrame = frames::end_frame, "";
    "xrEnumerateReferenceSpaces": EnumerateReferenceSpaces =
        spaces::enumerate_reference_spaces, "";
    "xrCreateReferenceSpace": CreateReferenceSpace = spaces::create_reference_space, "";
    "xrGetReferenceSpaceBoundsRect": GetReferenceSpaceBoundsRect =
        spaces::get_reference_space_bounds_rect, "";
    "xrCreateActionSpace": CreateActionSpace = spaces::create_action_space, "";
    "xrDestroySpace": DestroySpace = spaces::destroy_space, "";
    "xrLocateSpace": LocateSpace = spaces::locate_space, "";
    "xrLocateViews": LocateViews = spaces::locate_views, "";
    "xrCreateActionSet": CreateActionSet = actions::create_action_set, "";
    "xrDestroyActionSet": DestroyActionSet = actions::destroy_action_set, "";
    "xrCreateAction": CreateAction = actions::create_action, "";
    "xrDestroyAction": DestroyAction = actions::destroy_action, "";
    "xrSuggestInteractionProfileBindings": SuggestInteractionProfileBindings =
        actions::suggest_interaction_profile_bindings, "";
    "xrAttachSessionActionSets": AttachSessionActionSets =
        actions::attach_session_action_sets, "";
    "xrGetCurrentInteractionProfile": GetCurrentInteractionProfile =
        actions::get_current_interaction_profile, "";
    "xrSyncActions": SyncActions = action_states::sync_actions, "";
    "xrGetActionStateBoolean": GetActionStateBoolean = action_states::get_action_state_boolean, "";
    "xrGetActionStateFloat": GetActionStateFloat = action_states::get_action_state_float, "";
    "xrGetActionStateVector2f": GetActionStateVector2f = action_states::get_action_state_vector2f, "";
    "xrGetActionStatePose": GetActionStatePose = action_states::get_action_state_pose, "";
    "xrEnumerateBoundSourcesForAction": EnumerateBoundSourcesForAction =
        actions::enumerate_bound_sources_for_action, "";
    "xrGetInputSourceLocalizedName": GetInputSourceLocalizedName =
        actions::get_input_source_localized_name, "";
    "xrApplyHapticFeedback": ApplyHapticFeedback = action_states::apply_haptic_feedback, "";
    "xrStopHapticFeedback": StopHapticFeedback = action_states::stop_haptic_feedback, "";
    "xrEnumerateSwapchainFormats": EnumerateSwapchainFormats =
        swapchains::enumerate_swapchain_formats, "";
    "xrCreateSwapchain": CreateSwapchain = swapchains::create_swapchain, "";
    "xrDestroySwapchain": DestroySwapchain = swapchains::destroy_swapchain, "";
    "xrEnumerateSwapchainImages": EnumerateSwapchainImages =
        swapchains::enumerate_swapchain_images, "";
    "xrAcquireSwapchainImage": AcquireSwapchainImage = swapchains::acquire_swapchain_image, "";
    "xrWaitSwapchainImage": WaitSwapchainImage = swapchains::wait_swapchain_image, "";
    "xrReleaseSwapchainImage": ReleaseSwapchainImage = swapchains::release_swapchain_image, "";
    "xrGetVulkanGraphicsRequirements2KHR": GetVulkanGraphicsRequirements2KHR =
        vulkan::get_vulkan_graphics_requirements2, "XR_KHR_vulkan_enable2";
    "xrCreateVulkanInstanceKHR": CreateVulkanInstanceKHR =
        vulkan::create_vulkan_instance, "XR_KHR_vulkan_enable2";
    "xrGetVulkanGraphicsDevice2KHR": GetVulkanGraphicsDevice2KHR =
        vulkan::get_vulkan_graphics_device2, "XR_KHR_vulkan_enable2";
    "xrCreateVulkanDeviceKHR": CreateVulkanDeviceKHR =
        vulkan::create_vulkan_device, "XR_KHR_vulkan_enable2";
    "xrEnumerateDisplayRefreshRatesFB": EnumerateDisplayRefreshRatesFB =
        extras::enumerate_display_refresh_rates, "XR_FB_display_refresh_rate";
    "xrGetDisplayRefreshRateFB": GetDisplayRefreshRateFB =
        extras::get_display_refresh_rate, "XR_FB_display_refresh_rate";
    "xrRequestDisplayRefreshRateFB": RequestDisplayRefreshRateFB =
        extras::request_display_refresh_rate, "XR_FB_display_refresh_rate";
    "xrGetVisibilityMaskKHR": GetVisibilityMaskKHR =
        extras::get_visibility_mask, "XR_KHR_visibility_mask";
}

/// Whether a script may name the function.
pub(crate) fn knows(name: &str) -> bool {
    find(name).is_some()
}

/// `xrGetInstanceProcAddr`.
pub(crate) unsafe extern "system" fn get_instance_proc_addr(
    instance: xr::Instance,
    name: *const c_char,
    out: *mut Option<pfn::VoidFunction>,
) -> xr::Result {
    let answer = std::panic::catch_unwind(|| {
        if name.is_null() || out.is_null() {
            return xr::Result::ERROR_VALIDATION_FAILURE;
        }
        // SAFETY: not null; OpenXR has the caller pass text that ends and a valid pointer.
        let name = unsafe {
            out.write(None);
            CStr::from_ptr(name)
        };
        let Some((function, extension)) = name.to_str().ok().and_then(find) else {
            return xr::Result::ERROR_FUNCTION_UNSUPPORTED;
        };
        let is_global = matches!(
            name.to_bytes(),
            b"xrGetInstanceProcAddr"
                | b"xrEnumerateInstanceExtensionProperties"
                | b"xrCreateInstance"
        );
        if instance == xr::Instance::NULL && !is_global {
            return xr::Result::ERROR_HANDLE_INVALID;
        }
        if !extension.is_empty() && !instance::offers(instance, extension) {
            return xr::Result::ERROR_FUNCTION_UNSUPPORTED;
        }
        // SAFETY: not null, and OpenXR has the caller pass a valid pointer.
        unsafe { out.write(Some(function)) };
        xr::Result::SUCCESS
    });
    answer.unwrap_or(xr::Result::ERROR_RUNTIME_FAILURE)
}
