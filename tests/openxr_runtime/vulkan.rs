//! `XR_KHR_vulkan_enable2`: the app's Vulkan instance and device are made here, through the
//! app's own `vkGetInstanceProcAddr`, and swapchain pictures are real images on that device.

use std::ffi::c_char;
use std::sync::Arc;

use ash::vk;
use ash::vk::Handle as _;
use openxr_sys as xr;
use openxr_sys::Handle as _;
use openxr_sys::platform::{VkDevice, VkInstance, VkPhysicalDevice, VkResult};

use crate::ffi::{About, DONE, entry, input, put};

/// What swapchains can be made of: 8-bit sRGB first, then linear 8-bit and half floats.
pub(crate) const FORMATS: [i64; 5] = [
    vk::Format::R8G8B8A8_SRGB.as_raw() as i64,
    vk::Format::B8G8R8A8_SRGB.as_raw() as i64,
    vk::Format::R8G8B8A8_UNORM.as_raw() as i64,
    vk::Format::B8G8R8A8_UNORM.as_raw() as i64,
    vk::Format::R16G16B16A16_SFLOAT.as_raw() as i64,
];

/// The app's Vulkan, as far as an OpenXR instance knows it.
pub(crate) struct Loader {
    functions: ash::StaticFn,
    instance: ash::Instance,
}

/// A session's Vulkan device, shared by its swapchains.
#[derive(Clone)]
pub(crate) struct Graphics(Arc<Device>);

struct Device {
    device: ash::Device,
    memory: vk::PhysicalDeviceMemoryProperties,
    queue: vk::Queue,
    commands: vk::CommandPool,
}

impl Drop for Device {
    fn drop(&mut self) {
        // SAFETY: OpenXR has the app keep its device until session and swapchains are
        // destroyed, and nothing recorded from this pool is pending: `make_ready` waits.
        unsafe { self.device.destroy_command_pool(self.commands, None) };
    }
}

/// Any failure of Vulkan's is told as one of the runtime's.
fn failed(_: vk::Result) -> xr::Result {
    xr::Result::ERROR_RUNTIME_FAILURE
}

impl Graphics {
    /// The session's device, queue and a pool for what little is recorded here.
    pub(crate) fn new(
        loader: &Loader,
        binding: &xr::GraphicsBindingVulkanKHR,
    ) -> Result<Self, xr::Result> {
        let instance = &loader.instance;
        if binding.instance.addr() as u64 != instance.handle().as_raw() || binding.device.is_null()
        {
            return Err(xr::Result::ERROR_GRAPHICS_DEVICE_INVALID);
        }
        let physical = vk::PhysicalDevice::from_raw(binding.physical_device.addr() as u64);
        let handle = vk::Device::from_raw(binding.device.addr() as u64);
        // SAFETY: the app vouches for the handles in its binding, the instance was checked,
        // and OpenXR has them outlive the session.
        unsafe {
            let memory = instance.get_physical_device_memory_properties(physical);
            let device = ash::Device::load(instance.fp_v1_0(), handle);
            let queue = device.get_device_queue(binding.queue_family_index, binding.queue_index);
            let pool = vk::CommandPoolCreateInfo::default()
                .flags(vk::CommandPoolCreateFlags::TRANSIENT)
                .queue_family_index(binding.queue_family_index);
            let commands = device.create_command_pool(&pool, None).map_err(failed)?;
            Ok(Self(Arc::new(Device {
                device,
                memory,
                queue,
                commands,
            })))
        }
    }
}

/// A swapchain's images.
pub(crate) struct Pictures {
    graphics: Graphics,
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
        let mut pictures = Self {
            graphics,
            images: Vec::new(),
        };
        for _ in 0..count {
            pictures.add(info)?;
        }
        Ok(pictures)
    }

    fn add(&mut self, info: &xr::SwapchainCreateInfo) -> Result<(), xr::Result> {
        let format =
            i32::try_from(info.format).or(Err(xr::Result::ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED))?;
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
            .format(vk::Format::from_raw(format))
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
        let Device { device, memory, .. } = &*self.graphics.0;
        // SAFETY: the description is complete and the device lives (see `Graphics::new`);
        // what was made is destroyed again when a later step fails.
        unsafe {
            let image = device.create_image(&wish, None).map_err(failed)?;
            let needs = device.get_image_memory_requirements(image);
            let place = (0..memory.memory_type_count)
                .find(|place| needs.memory_type_bits & (1 << place) != 0)
                .unwrap_or_default();
            let amount = vk::MemoryAllocateInfo::default()
                .allocation_size(needs.size)
                .memory_type_index(place);
            let memory = match device.allocate_memory(&amount, None) {
                Ok(memory) => memory,
                Err(_) => {
                    device.destroy_image(image, None);
                    return Err(xr::Result::ERROR_OUT_OF_MEMORY);
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
        let device = &graphics.device;
        let wish = vk::CommandBufferAllocateInfo::default()
            .command_pool(graphics.commands)
            .level(vk::CommandBufferLevel::PRIMARY)
            .command_buffer_count(1);
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
        let once = vk::CommandBufferBeginInfo::default()
            .flags(vk::CommandBufferUsageFlags::ONE_TIME_SUBMIT);
        // SAFETY: OpenXR has the app leave its queue alone during xrAcquireSwapchainImage;
        // the commands are freed only once the queue is idle.
        unsafe {
            let commands = device.allocate_command_buffers(&wish).map_err(failed)?;
            let recorded = (|| {
                device.begin_command_buffer(commands[0], &once)?;
                device.cmd_pipeline_barrier(
                    commands[0],
                    vk::PipelineStageFlags::TOP_OF_PIPE,
                    vk::PipelineStageFlags::COLOR_ATTACHMENT_OUTPUT,
                    vk::DependencyFlags::empty(),
                    &[],
                    &[],
                    &[barrier],
                );
                device.end_command_buffer(commands[0])?;
                let work = vk::SubmitInfo::default().command_buffers(&commands);
                device.queue_submit(graphics.queue, &[work], vk::Fence::null())?;
                device.queue_wait_idle(graphics.queue)
            })();
            device.free_command_buffers(graphics.commands, &commands);
            recorded.map_err(failed)
        }
    }
}

/// `xrGetVulkanGraphicsRequirements2KHR`.
pub(crate) unsafe extern "system" fn get_vulkan_graphics_requirements2(
    instance: xr::Instance,
    _system: xr::SystemId,
    out: *mut xr::GraphicsRequirementsVulkanKHR,
) -> xr::Result {
    const NAME: &str = "xrGetVulkanGraphicsRequirements2KHR";
    let handle = instance.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        if let Some(instance) = world.instances.get_mut(&handle) {
            instance.has_graphics_requirements = true;
        }
        // SAFETY: not null, and OpenXR has the caller pass a valid structure.
        unsafe {
            (*out).min_api_version_supported = xr::Version::new(1, 0, 0);
            (*out).max_api_version_supported = xr::Version::new(1, 4, 0);
        }
        DONE
    })
}

/// `xrCreateVulkanInstanceKHR`.
pub(crate) unsafe extern "system" fn create_vulkan_instance(
    instance: xr::Instance,
    info: *const xr::VulkanInstanceCreateInfoKHR,
    out: *mut VkInstance,
    vulkan_result: *mut VkResult,
) -> xr::Result {
    const NAME: &str = "xrCreateVulkanInstanceKHR";
    let handle = instance.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure, and in it Vulkan's own
        // function and a valid description of the instance.
        unsafe {
            let info = input(info)?;
            let find = info.pfn_get_instance_proc_addr;
            let find = find.ok_or(xr::Result::ERROR_VALIDATION_FAILURE)?;
            let functions = ash::StaticFn {
                // The same function by two crates' names for its types.
                get_instance_proc_addr: std::mem::transmute::<
                    openxr_sys::platform::VkGetInstanceProcAddr,
                    vk::PFN_vkGetInstanceProcAddr,
                >(find),
            };
            let entry = ash::Entry::from_static_fn(functions.clone());
            let mut made = vk::Instance::null();
            let result = (entry.fp_v1_0().create_instance)(
                info.vulkan_create_info.cast(),
                info.vulkan_allocator.cast(),
                &raw mut made,
            );
            put(vulkan_result, result.as_raw())?;
            if result != vk::Result::SUCCESS {
                return DONE;
            }
            put(out, to_pointer(made.as_raw()))?;
            let loaded = ash::Instance::load(&functions, made);
            if let Some(instance) = world.instances.get_mut(&handle) {
                instance.vulkan = Some(Loader {
                    functions,
                    instance: loaded,
                });
            }
            DONE
        }
    })
}

/// A dispatchable Vulkan handle as the bindings of OpenXR have it.
fn to_pointer(handle: u64) -> *const std::ffi::c_void {
    // Vulkan's dispatchable handles are pointers.
    std::ptr::with_exposed_provenance(handle as usize)
}

/// `xrGetVulkanGraphicsDevice2KHR`.
pub(crate) unsafe extern "system" fn get_vulkan_graphics_device2(
    instance: xr::Instance,
    info: *const xr::VulkanGraphicsDeviceGetInfoKHR,
    out: *mut VkPhysicalDevice,
) -> xr::Result {
    const NAME: &str = "xrGetVulkanGraphicsDevice2KHR";
    let handle = instance.into_raw();
    entry(NAME, About::Living(handle), |world| {
        // SAFETY: OpenXR has the caller pass a valid structure.
        let info = unsafe { input(info)? };
        let vulkan = world
            .instances
            .get(&handle)
            .and_then(|instance| instance.vulkan.as_ref())
            .filter(|vulkan| {
                vulkan.instance.handle().as_raw() == info.vulkan_instance.addr() as u64
            })
            .ok_or(xr::Result::ERROR_VALIDATION_FAILURE)?;
        // SAFETY: the instance is the app's living one.
        let devices = unsafe { vulkan.instance.enumerate_physical_devices() };
        let devices = devices.map_err(failed)?;
        let first = devices.first().ok_or(xr::Result::ERROR_RUNTIME_FAILURE)?;
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, to_pointer(first.as_raw())) }
    })
}

/// `xrCreateVulkanDeviceKHR`.
pub(crate) unsafe extern "system" fn create_vulkan_device(
    instance: xr::Instance,
    info: *const xr::VulkanDeviceCreateInfoKHR,
    out: *mut VkDevice,
    vulkan_result: *mut VkResult,
) -> xr::Result {
    const NAME: &str = "xrCreateVulkanDeviceKHR";
    let handle = instance.into_raw();
    entry(NAME, About::Living(handle), |world| {
        // SAFETY: OpenXR has the caller pass a valid structure, and in it a physical device
        // of the instance made before and a valid description of the device.
        unsafe {
            let info = input(info)?;
            let vulkan = world
                .instances
                .get(&handle)
                .and_then(|instance| instance.vulkan.as_ref())
                .ok_or(xr::Result::ERROR_VALIDATION_FAILURE)?;
            let name: *const c_char = c"vkCreateDevice".as_ptr();
            let found = (vulkan.functions.get_instance_proc_addr)(vulkan.instance.handle(), name);
            let create = std::mem::transmute::<
                vk::PFN_vkVoidFunction,
                Option<vk::PFN_vkCreateDevice>,
            >(found);
            let create = create.ok_or(xr::Result::ERROR_RUNTIME_FAILURE)?;
            let physical = vk::PhysicalDevice::from_raw(info.vulkan_physical_device.addr() as u64);
            let mut made = vk::Device::null();
            let result = create(
                physical,
                info.vulkan_create_info.cast(),
                info.vulkan_allocator.cast(),
                &raw mut made,
            );
            put(vulkan_result, result.as_raw())?;
            if result == vk::Result::SUCCESS {
                put(out, to_pointer(made.as_raw()))?;
            }
            DONE
        }
    })
}
