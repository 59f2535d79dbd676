//! The swapchain: the runtime's pictures, one layer an eye.

use super::caller::queue::QueueGate;
use bevy::{
    math::UVec2,
    render::{
        render_resource::{
            TextureFormat, TextureView, TextureViewDescriptor, TextureViewDimension,
        },
        renderer::RenderDevice,
    },
};
use bevy_mod_openxr::{
    error::OxrError,
    graphics::GraphicsWrap,
    resources::OxrSwapchain,
    session::OxrSession,
    types::{SwapchainCreateFlags, SwapchainCreateInfo, SwapchainUsageFlags},
};
use openxr::{Vulkan, sys, sys::Result as Code};

/// What the eyes are handed over in: the runtime decodes sRGB when it samples.
pub(super) const FORMAT: TextureFormat = TextureFormat::Rgba8UnormSrgb;
/// A picture that the compositor does not give back within this is not waited for: the frame
/// goes without.
const WAIT_NANOS: i64 = 100_000_000;

/// See the module's documentation.
pub(super) struct EyeChain {
    pub(super) swapchain: openxr::Swapchain<Vulkan>,
    /// Both eyes of each of the runtime's pictures.
    views: Vec<[TextureView; 2]>,
    pub(super) size: UVec2,
    /// The picture that was acquired and not yet given back.
    acquired: Option<Acquired>,
}

#[derive(Clone, Copy)]
struct Acquired {
    index: usize,
    /// It was waited for: the compositor no longer reads it.
    is_free: bool,
}

impl EyeChain {
    pub(super) fn create(
        session: &OxrSession,
        device: &RenderDevice,
        size: UVec2,
    ) -> Result<Self, OxrError> {
        if !session.enumerate_swapchain_formats()?.contains(&FORMAT) {
            return Err(OxrError::NoAvailableFormat);
        }
        let swapchain = session.create_swapchain(SwapchainCreateInfo {
            create_flags: SwapchainCreateFlags::EMPTY,
            usage_flags: SwapchainUsageFlags::COLOR_ATTACHMENT | SwapchainUsageFlags::SAMPLED,
            format: FORMAT,
            sample_count: 1,
            width: size.x,
            height: size.y,
            face_count: 1,
            array_size: 2,
            mip_count: 1,
        })?;
        let images = swapchain.enumerate_images(device.wgpu_device(), FORMAT, size)?;
        let views = images
            .iter()
            .map(|image| {
                [0, 1].map(|layer| {
                    TextureView::from(image.create_view(&TextureViewDescriptor {
                        dimension: Some(TextureViewDimension::D2),
                        base_array_layer: layer,
                        array_layer_count: Some(1),
                        ..TextureViewDescriptor::default()
                    }))
                })
            })
            .collect();
        let OxrSwapchain(GraphicsWrap::Vulkan(swapchain)) = swapchain;
        Ok(Self {
            swapchain,
            views,
            size,
            acquired: None,
        })
    }

    /// The picture to draw next, one view an eye; `None` when the compositor has not given
    /// one back in time, or the world has gone on.
    ///
    /// # Errors
    /// What the runtime said.
    pub(super) fn take(&mut self, gate: &QueueGate) -> Result<Option<[TextureView; 2]>, Code> {
        let acquired = match self.acquired {
            Some(acquired) => acquired,
            None => {
                let Some(_using) = gate.enter() else {
                    return Ok(None);
                };
                Acquired {
                    index: self.swapchain.acquire_image()? as usize,
                    is_free: false,
                }
            }
        };
        self.acquired = Some(acquired);
        if !acquired.is_free && !self.wait()? {
            return Ok(None);
        }
        self.acquired = Some(Acquired {
            is_free: true,
            ..acquired
        });
        let views = self.views.get(acquired.index).cloned();
        // Indices are those of the pictures that the runtime itself listed.
        views.ok_or(Code::ERROR_RUNTIME_FAILURE).map(Some)
    }

    /// Hands the picture that was taken over to the compositor. To be called where the runtime
    /// may use the queue.
    ///
    /// # Errors
    /// What the runtime said.
    pub(super) fn give(&mut self) -> Result<(), Code> {
        self.acquired = None;
        #[expect(
            unsafe_code,
            reason = "the safe call insists on having seen its own wait, see `wait`"
        )]
        // SAFETY: the swapchain lives, and its picture was acquired and waited for.
        let code = unsafe {
            (self.swapchain.instance().fp().release_swapchain_image)(
                self.swapchain.as_raw(),
                core::ptr::null(),
            )
        };
        checked(code).map(|_| ())
    }

    /// Waits for the compositor's reading to end; false when it takes too long.
    ///
    /// `openxr::Swapchain::wait_image` (0.21.1, swapchain.rs:87) takes `XR_TIMEOUT_EXPIRED`,
    /// a success code, for the picture being free.
    fn wait(&mut self) -> Result<bool, Code> {
        let info = sys::SwapchainImageWaitInfo {
            ty: sys::SwapchainImageWaitInfo::TYPE,
            next: core::ptr::null(),
            timeout: openxr::Duration::from_nanos(WAIT_NANOS),
        };
        #[expect(unsafe_code, reason = "see above")]
        // SAFETY: the swapchain lives, its picture was acquired, `info` outlives the call.
        let code = unsafe {
            (self.swapchain.instance().fp().wait_swapchain_image)(self.swapchain.as_raw(), &info)
        };
        checked(code).map(|code| code != Code::TIMEOUT_EXPIRED)
    }
}

fn checked(code: Code) -> Result<Code, Code> {
    if code.into_raw() >= 0 {
        Ok(code)
    } else {
        Err(code)
    }
}
