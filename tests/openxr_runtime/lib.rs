//! An OpenXR runtime for tests: a shared library that the real Khronos loader loads through
//! `XR_RUNTIME_JSON`, without root and without a headset, and that plays what a real runtime
//! cannot be made to play: lost sessions and instances, a headset that is not there and
//! appears later, presence, missing reference spaces, unknown states and events, calls that
//! fail on demand, waits that stall.
//!
//! It does what it is told by lines ([`control`] lists them), read from the file named by
//! `GROTTO_TEST_RUNTIME_SCRIPT` and from the Unix socket named by
//! `GROTTO_TEST_RUNTIME_SOCKET`, to which it connects. Its clock is virtual: it advances by
//! one display period a frame, so that a script gives the same run every time.
//!
//! What it refuses to do: compose pictures, guess at what real runtimes do beyond the
//! specification, or forgive: calls out of order are answered with the error that the
//! specification names and written into the report.
//!
//! Start reading at [`world`] (everything it knows), then [`ffi`] (what happens at each entry
//! point). Tests talk to it through `driver.rs`, which is not part of this library.
#![expect(
    unsafe_code,
    reason = "an OpenXR runtime is a C library: every entry point reads and writes the caller's memory"
)]
// The library's surface is one C function; `pub` would promise more.
#![warn(clippy::undocumented_unsafe_blocks)]

mod action_states;
mod actions;
mod control;
mod demands;
mod events;
mod extras;
mod ffi;
mod frames;
mod input;
mod instance;
mod link;
mod pictures;
mod pose;
mod report;
mod session;
mod spaces;
mod swapchains;
mod table;
mod vulkan;
mod world;

use openxr_sys as xr;
use openxr_sys::loader::{XrNegotiateLoaderInfo, XrNegotiateRuntimeRequest};

/// The newest version of OpenXR that this runtime answers to.
const NEWEST_API: xr::Version = xr::Version::new(1, 1, 50);

/// The first call of the loader: agree on versions and hand over `xrGetInstanceProcAddr`.
///
/// # Safety
/// Both pointers are null or point to the loader's structures.
#[unsafe(no_mangle)]
unsafe extern "system" fn xrNegotiateLoaderRuntimeInterface(
    loader: *const XrNegotiateLoaderInfo,
    request: *mut XrNegotiateRuntimeRequest,
) -> xr::Result {
    let answer = std::panic::catch_unwind(|| {
        if loader.is_null() || request.is_null() {
            return xr::Result::ERROR_INITIALIZATION_FAILED;
        }
        // SAFETY: not null, and the loader passes its own initialised structure.
        let loader = unsafe { &*loader };
        if loader.min_interface_version > xr::loader::CURRENT_LOADER_RUNTIME_VERSION
            || loader.max_interface_version < xr::loader::CURRENT_LOADER_RUNTIME_VERSION
        {
            return xr::Result::ERROR_INITIALIZATION_FAILED;
        }
        if let Err(problem) = link::start() {
            link::complain(&problem);
            return xr::Result::ERROR_INITIALIZATION_FAILED;
        }
        let newest = NEWEST_API.into_raw().min(loader.max_api_version.into_raw());
        // SAFETY: not null, and the loader passes its own structure to be filled.
        unsafe {
            (*request).runtime_interface_version = xr::loader::CURRENT_LOADER_RUNTIME_VERSION;
            (*request).runtime_api_version = xr::Version::from_raw(newest);
            (*request).get_instance_proc_addr = Some(table::get_instance_proc_addr);
        }
        xr::Result::SUCCESS
    });
    answer.unwrap_or(xr::Result::ERROR_INITIALIZATION_FAILED)
}
