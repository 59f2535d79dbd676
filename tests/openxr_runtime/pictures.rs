//! Swapchain pictures: real images on the app's device, and what can be seen in them.

use ash::vk;
use ash::vk::Handle as _;
use openxr_sys as xr;

use crate::vulkan::{Graphics, failed};

/// A swapchain's images.
pub(crate) struct Pictures {
    graphics: Graphics,
    format: vk::Format,
    images: Vec<Picture>,
}

struct Picture {
    image: vk::Image,
    memory: vk::DeviceMemory,
    /// It is in the layout in which OpenXR hands pictures out.
    is_ready: bool,
}

impl Drop for Pictures {
    fn drop(&mut self) {
        let device = &self.graphics.0.device;
        for picture in &self.images {
            // SAFETY: OpenXR has the app be done with the images before it destroys their
            // swapchain, and keep the device.
            unsafe {
                device.destroy_image(picture.image, None);
                device.free_memory(picture.memory, None);
            }
        }
    }
}

impl Pictures {
    /// Makes `count` images as the app wishes them.
    pub(crate) fn new(
        graphics: Graphics,
        info: &xr::SwapchainCreateInfo,
        count: u32,
    ) -> Result<Self, xr::Result> {
        // From here on, dropping it frees what was made so far.
        let format = i32::try_from(info.format)
            .ok()
            .ok_or(xr::Result::ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED)?;
        let mut pictures = Self {
            graphics,
            format: vk::Format::from_raw(format),
            images: Vec::new(),
        };
        for _ in 0..count {
            pictures.add(info)?;
        }
        Ok(pictures)
    }

    fn add(&mut self, info: &xr::SwapchainCreateInfo) -> Result<(), xr::Result> {
        let mut usage = vk::ImageUsageFlags::TRANSFER_SRC;
        for (wish, flag) in [
            (
                xr::SwapchainUsageFlags::COLOR_ATTACHMENT,
                vk::ImageUsageFlags::COLOR_ATTACHMENT,
            ),
            (
                xr::SwapchainUsageFlags::SAMPLED,
                vk::ImageUsageFlags::SAMPLED,
            ),
            (
                xr::SwapchainUsageFlags::TRANSFER_DST,
                vk::ImageUsageFlags::TRANSFER_DST,
            ),
            (
                xr::SwapchainUsageFlags::UNORDERED_ACCESS,
                vk::ImageUsageFlags::STORAGE,
            ),
        ] {
            if info.usage_flags.contains(wish) {
                usage |= flag;
            }
        }
        let wish = vk::ImageCreateInfo::default()
            .image_type(vk::ImageType::TYPE_2D)
            .format(self.format)
            .extent(vk::Extent3D {
                width: info.width,
                height: info.height,
                depth: 1,
            })
            .mip_levels(info.mip_count)
            .array_layers(info.array_size)
            .samples(vk::SampleCountFlags::TYPE_1)
            .tiling(vk::ImageTiling::OPTIMAL)
            .usage(usage)
            .sharing_mode(vk::SharingMode::EXCLUSIVE)
            .initial_layout(vk::ImageLayout::UNDEFINED);
        let graphics = &*self.graphics.0;
        let device = &graphics.device;
        // SAFETY: the description is complete and the device lives (see `Graphics::new`);
        // what was made is destroyed again when a later step fails.
        unsafe {
            let image = device.create_image(&wish, None).map_err(failed)?;
            let needs = device.get_image_memory_requirements(image);
            let place = graphics.allocate(needs, vk::MemoryPropertyFlags::empty());
            let memory = match place {
                Ok(memory) => memory,
                Err(error) => {
                    device.destroy_image(image, None);
                    return Err(error);
                }
            };
            self.images.push(Picture {
                image,
                memory,
                is_ready: false,
            });
            device.bind_image_memory(image, memory, 0).map_err(failed)
        }
    }

    /// The images' handles.
    pub(crate) fn images(&self) -> Vec<u64> {
        self.images
            .iter()
            .map(|picture| picture.image.as_raw())
            .collect()
    }

    /// Brings an image into COLOR_ATTACHMENT_OPTIMAL before it is first handed out, as
    /// `XR_KHR_vulkan_enable2` promises; later the app returns it so.
    pub(crate) fn make_ready(&mut self, index: u32) -> Result<(), xr::Result> {
        let graphics = &self.graphics.0;
        let picture = self
            .images
            .get_mut(index as usize)
            .ok_or(xr::Result::ERROR_RUNTIME_FAILURE)?;
        if std::mem::replace(&mut picture.is_ready, true) {
            return Ok(());
        }
        let barrier = vk::ImageMemoryBarrier::default()
            .old_layout(vk::ImageLayout::UNDEFINED)
            .new_layout(vk::ImageLayout::COLOR_ATTACHMENT_OPTIMAL)
            .dst_access_mask(vk::AccessFlags::COLOR_ATTACHMENT_WRITE)
            .src_queue_family_index(vk::QUEUE_FAMILY_IGNORED)
            .dst_queue_family_index(vk::QUEUE_FAMILY_IGNORED)
            .image(picture.image)
            .subresource_range(vk::ImageSubresourceRange {
                aspect_mask: vk::ImageAspectFlags::COLOR,
                base_mip_level: 0,
                level_count: vk::REMAINING_MIP_LEVELS,
                base_array_layer: 0,
                layer_count: vk::REMAINING_ARRAY_LAYERS,
            });
        // SAFETY: the image is this swapchain's, and nothing uses it before it is acquired.
        graphics.run(|device, commands| unsafe {
            device.cmd_pipeline_barrier(
                commands,
                vk::PipelineStageFlags::TOP_OF_PIPE,
                vk::PipelineStageFlags::COLOR_ATTACHMENT_OUTPUT,
                vk::DependencyFlags::empty(),
                &[],
                &[],
                &[barrier],
            );
        })
    }

    /// A part of a layer of an image, as bytes of red, green and blue, row by row from the
    /// top; sRGB formats stay encoded as they are.
    ///
    /// # Errors
    /// A format of other than 8 bits, or Vulkan's failure.
    pub(crate) fn read(
        &self,
        index: u32,
        layer: u32,
        rect: xr::Rect2Di,
    ) -> Result<Vec<u8>, xr::Result> {
        let is_blue_first = match self.format {
            vk::Format::R8G8B8A8_SRGB | vk::Format::R8G8B8A8_UNORM => false,
            vk::Format::B8G8R8A8_SRGB | vk::Format::B8G8R8A8_UNORM => true,
            _ => return Err(xr::Result::ERROR_FEATURE_UNSUPPORTED),
        };
        let picture = self
            .images
            .get(index as usize)
            .ok_or(xr::Result::ERROR_RUNTIME_FAILURE)?;
        let graphics = &*self.graphics.0;
        let device = &graphics.device;
        let (width, height) = (
            rect.extent.width.unsigned_abs(),
            rect.extent.height.unsigned_abs(),
        );
        let size = u64::from(width) * u64::from(height) * 4;
        let wish = vk::BufferCreateInfo::default()
            .size(size)
            .usage(vk::BufferUsageFlags::TRANSFER_DST);
        // SAFETY: OpenXR has the app leave its queue alone during xrEndFrame, from which
        // this is called, and the picture released, in COLOR_ATTACHMENT_OPTIMAL. The caller
        // checked the rectangle. Buffer and memory are freed on every way out.
        unsafe {
            let buffer = device.create_buffer(&wish, None).map_err(failed)?;
            let needs = device.get_buffer_memory_requirements(buffer);
            let visible =
                vk::MemoryPropertyFlags::HOST_VISIBLE | vk::MemoryPropertyFlags::HOST_COHERENT;
            let memory = graphics.allocate(needs, visible).inspect_err(|_| {
                device.destroy_buffer(buffer, None);
            })?;
            let bytes = (|| {
                device
                    .bind_buffer_memory(buffer, memory, 0)
                    .map_err(failed)?;
                graphics.run(|device, commands| {
                    copy_out(device, commands, picture.image, layer, rect, buffer);
                })?;
                let none = vk::MemoryMapFlags::empty();
                let mapped = device.map_memory(memory, 0, size, none).map_err(failed)?;
                let length = usize::try_from(size)
                    .ok()
                    .ok_or(xr::Result::ERROR_OUT_OF_MEMORY)?;
                Ok(std::slice::from_raw_parts(mapped.cast::<u8>(), length).to_vec())
            })();
            device.destroy_buffer(buffer, None);
            device.free_memory(memory, None);
            let colors = bytes?;
            let order = if is_blue_first { [2, 1, 0] } else { [0, 1, 2] };
            let pixels = colors.chunks_exact(4);
            Ok(pixels
                .flat_map(|pixel| order.map(|channel| pixel[channel]))
                .collect())
        }
    }
}

/// Records the copy of a part of an image into a buffer; the image stays as it was.
///
/// # Safety
/// The handles are living ones of the device; the rectangle is inside the image and fits
/// the buffer.
unsafe fn copy_out(
    device: &ash::Device,
    commands: vk::CommandBuffer,
    image: vk::Image,
    layer: u32,
    rect: xr::Rect2Di,
    buffer: vk::Buffer,
) {
    let shown = vk::ImageLayout::COLOR_ATTACHMENT_OPTIMAL;
    let read = vk::ImageLayout::TRANSFER_SRC_OPTIMAL;
    let step = |from, to| {
        vk::ImageMemoryBarrier::default()
            .old_layout(from)
            .new_layout(to)
            .src_access_mask(vk::AccessFlags::MEMORY_WRITE)
            .dst_access_mask(vk::AccessFlags::MEMORY_READ | vk::AccessFlags::MEMORY_WRITE)
            .src_queue_family_index(vk::QUEUE_FAMILY_IGNORED)
            .dst_queue_family_index(vk::QUEUE_FAMILY_IGNORED)
            .image(image)
            .subresource_range(vk::ImageSubresourceRange {
                aspect_mask: vk::ImageAspectFlags::COLOR,
                base_mip_level: 0,
                level_count: 1,
                base_array_layer: layer,
                layer_count: 1,
            })
    };
    let region = vk::BufferImageCopy::default()
        .image_subresource(vk::ImageSubresourceLayers {
            aspect_mask: vk::ImageAspectFlags::COLOR,
            mip_level: 0,
            base_array_layer: layer,
            layer_count: 1,
        })
        .image_offset(vk::Offset3D {
            x: rect.offset.x,
            y: rect.offset.y,
            z: 0,
        })
        .image_extent(vk::Extent3D {
            width: rect.extent.width.unsigned_abs(),
            height: rect.extent.height.unsigned_abs(),
            depth: 1,
        });
    let all = vk::PipelineStageFlags::ALL_COMMANDS;
    let none = vk::DependencyFlags::empty();
    // SAFETY: as promised by the caller.
    unsafe {
        device.cmd_pipeline_barrier(commands, all, all, none, &[], &[], &[step(shown, read)]);
        device.cmd_copy_image_to_buffer(commands, image, read, buffer, &[region]);
        device.cmd_pipeline_barrier(commands, all, all, none, &[], &[], &[step(read, shown)]);
    }
}
