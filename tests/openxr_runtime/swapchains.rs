//! Swapchains: the pictures that the app draws into, and the order of acquiring, waiting and
//! releasing them.

use std::collections::VecDeque;
use std::time::Duration;

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::ffi::{About, DONE, entry, input, put, put_each, put_list};
use crate::pictures::Pictures;
use crate::vulkan::FORMATS;
use crate::world::{Kind, World};

/// How many pictures a swapchain turns through.
pub(crate) const PICTURES: u32 = 3;

/// What is kept of a swapchain.
pub(crate) struct Swapchain {
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) layers: u32,
    pub(crate) pictures: Pictures,
    next: u32,
    /// Oldest first.
    acquired: VecDeque<u32>,
    /// The oldest acquired was waited for.
    is_waited: bool,
    /// The picture last given back.
    pub(crate) released: Option<u32>,
}

/// `xrEnumerateSwapchainFormats`.
pub(crate) unsafe extern "system" fn enumerate_swapchain_formats(
    session: xr::Session,
    capacity: u32,
    count: *mut u32,
    out: *mut i64,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrEnumerateSwapchainFormats", about, |mut world| {
        let formats: &[i64] = if world.session(handle)?.graphics.is_some() {
            &FORMATS
        } else {
            &[]
        };
        // SAFETY: OpenXR has the caller pass room for `capacity` values.
        unsafe { put_list(formats, capacity, count, out) }
    })
}

/// `xrCreateSwapchain`.
pub(crate) unsafe extern "system" fn create_swapchain(
    session: xr::Session,
    info: *const xr::SwapchainCreateInfo,
    out: *mut xr::Swapchain,
) -> xr::Result {
    let owner = session.into_raw();
    entry("xrCreateSwapchain", About::Living(owner), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let info = unsafe { input(info)? };
        if !FORMATS.contains(&info.format) {
            return Err(xr::Result::ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED);
        }
        let sizes = [info.width, info.height, info.array_size];
        if sizes.contains(&0) || info.width > 4096 || info.height > 4096 || info.array_size > 2048 {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        if info.face_count != 1 || info.sample_count != 1 || info.mip_count == 0 {
            return Err(xr::Result::ERROR_FEATURE_UNSUPPORTED);
        }
        let graphics = world.session(owner)?.graphics.clone();
        let graphics = graphics.ok_or(xr::Result::ERROR_VALIDATION_FAILURE)?;
        let pictures = Pictures::new(graphics, info, PICTURES)?;
        let handle = world.new_handle(Kind::Swapchain, owner);
        world.swapchains.insert(
            handle,
            Swapchain {
                width_px: info.width,
                height_px: info.height,
                layers: info.array_size,
                pictures,
                next: 0,
                acquired: VecDeque::new(),
                is_waited: false,
                released: None,
            },
        );
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, xr::Swapchain::from_raw(handle)) }
    })
}

/// `xrDestroySwapchain`.
pub(crate) unsafe extern "system" fn destroy_swapchain(swapchain: xr::Swapchain) -> xr::Result {
    let handle = swapchain.into_raw();
    entry("xrDestroySwapchain", About::Any(handle), |mut world| {
        world.destroy(handle);
        DONE
    })
}

fn kept(world: &mut World, handle: u64) -> Result<&mut Swapchain, xr::Result> {
    world
        .swapchains
        .get_mut(&handle)
        .ok_or(xr::Result::ERROR_HANDLE_INVALID)
}

/// `xrEnumerateSwapchainImages`.
pub(crate) unsafe extern "system" fn enumerate_swapchain_images(
    swapchain: xr::Swapchain,
    capacity: u32,
    count: *mut u32,
    out: *mut xr::SwapchainImageBaseHeader,
) -> xr::Result {
    let handle = swapchain.into_raw();
    let about = About::Living(handle);
    entry("xrEnumerateSwapchainImages", about, |mut world| {
        let images = kept(&mut world, handle)?.pictures.images();
        let out = out.cast::<xr::SwapchainImageVulkanKHR>();
        if capacity > 0 && !out.is_null() {
            // SAFETY: not null; every image structure begins with its type.
            let ty = unsafe { out.cast::<xr::StructureType>().read() };
            if ty != xr::SwapchainImageVulkanKHR::TYPE {
                return Err(xr::Result::ERROR_VALIDATION_FAILURE);
            }
        }
        // SAFETY: OpenXR has the caller pass room for `capacity` structures of that type.
        unsafe {
            put_each(images.len(), capacity, count, out, |index, slot| {
                (*slot).image = images[index];
            })
        }
    })
}

/// `xrAcquireSwapchainImage`.
pub(crate) unsafe extern "system" fn acquire_swapchain_image(
    swapchain: xr::Swapchain,
    _info: *const xr::SwapchainImageAcquireInfo,
    out: *mut u32,
) -> xr::Result {
    const NAME: &str = "xrAcquireSwapchainImage";
    let handle = swapchain.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        let swapchain = kept(&mut world, handle)?;
        if swapchain.acquired.len() >= PICTURES as usize {
            let error = xr::Result::ERROR_CALL_ORDER_INVALID;
            return Err(world.violation(NAME, "all pictures are acquired", error));
        }
        let index = swapchain.next;
        swapchain.pictures.make_ready(index)?;
        swapchain.next = (index + 1) % PICTURES;
        swapchain.acquired.push_back(index);
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, index) }
    })
}

/// `xrWaitSwapchainImage`.
pub(crate) unsafe extern "system" fn wait_swapchain_image(
    swapchain: xr::Swapchain,
    info: *const xr::SwapchainImageWaitInfo,
) -> xr::Result {
    const NAME: &str = "xrWaitSwapchainImage";
    let handle = swapchain.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let timeout_ns = unsafe { input(info)? }.timeout.as_nanos();
        let swapchain = kept(&mut world, handle)?;
        if swapchain.is_waited || swapchain.acquired.is_empty() {
            let what = if swapchain.is_waited {
                "the picture waited for before is not released"
            } else {
                "no picture is acquired"
            };
            return Err(world.violation(NAME, what, xr::Result::ERROR_CALL_ORDER_INVALID));
        }
        let timeout = Duration::from_nanos(u64::try_from(timeout_ns).unwrap_or_default());
        let mut world = crate::demands::stall(world, NAME, Some(timeout))?;
        world.refuse_lost(handle)?;
        kept(&mut world, handle)?.is_waited = true;
        DONE
    })
}

/// `xrReleaseSwapchainImage`.
pub(crate) unsafe extern "system" fn release_swapchain_image(
    swapchain: xr::Swapchain,
    _info: *const xr::SwapchainImageReleaseInfo,
) -> xr::Result {
    const NAME: &str = "xrReleaseSwapchainImage";
    let handle = swapchain.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        let swapchain = kept(&mut world, handle)?;
        if !swapchain.is_waited {
            let error = xr::Result::ERROR_CALL_ORDER_INVALID;
            return Err(world.violation(NAME, "no picture was waited for", error));
        }
        swapchain.released = swapchain.acquired.pop_front();
        swapchain.is_waited = false;
        DONE
    })
}
