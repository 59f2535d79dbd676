//! `XR_KHR_vulkan_enable2`: the app's Vulkan instance and device are made here, through the
//! app's own `vkGetInstanceProcAddr`.

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
pub(crate) struct Graphics(pub(crate) Arc<Device>);

/// The device, and what it takes to have it do a little.
pub(crate) struct Device {
    pub(crate) device: ash::Device,
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

impl Device {
    /// Records commands, submits them and waits until they are done.
    ///
    /// To be called only where OpenXR lets the runtime use the app's queue.
    pub(crate) fn run(
        &self,
        record: impl FnOnce(&ash::Device, vk::CommandBuffer),
    ) -> Result<(), xr::Result> {
        let device = &self.device;
        let wish = vk::CommandBufferAllocateInfo::default()
            .command_pool(self.commands)
            .level(vk::CommandBufferLevel::PRIMARY)
            .command_buffer_count(1);
        let once = vk::CommandBufferBeginInfo::default()
            .flags(vk::CommandBufferUsageFlags::ONE_TIME_SUBMIT);
        // SAFETY: the device lives (see `Graphics::new`), the app leaves its queue alone
        // meanwhile, and the commands are freed only once the queue is idle.
        unsafe {
            let commands = device.allocate_command_buffers(&wish).map_err(failed)?;
            let recorded = (|| {
                device.begin_command_buffer(commands[0], &once)?;
                record(device, commands[0]);
                device.end_command_buffer(commands[0])?;
                let work = vk::SubmitInfo::default().command_buffers(&commands);
                device.queue_submit(self.queue, &[work], vk::Fence::null())?;
                device.queue_wait_idle(self.queue)
            })();
            device.free_command_buffers(self.commands, &commands);
            recorded.map_err(failed)
        }
    }

    /// Memory of a kind that the needs and the flags allow.
    pub(crate) fn allocate(
        &self,
        needs: vk::MemoryRequirements,
        flags: vk::MemoryPropertyFlags,
    ) -> Result<vk::DeviceMemory, xr::Result> {
        let place = (0..self.memory.memory_type_count).find(|&place| {
            let kind = self.memory.memory_types[place as usize];
            needs.memory_type_bits & (1 << place) != 0 && kind.property_flags.contains(flags)
        });
        let amount = vk::MemoryAllocateInfo::default()
            .allocation_size(needs.size)
            .memory_type_index(place.ok_or(xr::Result::ERROR_OUT_OF_MEMORY)?);
        // SAFETY: the device lives, and the description is complete.
        unsafe { self.device.allocate_memory(&amount, None) }
            .ok()
            .ok_or(xr::Result::ERROR_OUT_OF_MEMORY)
    }
}

/// Any failure of Vulkan's is told as one of the runtime's.
pub(crate) fn failed(_: vk::Result) -> xr::Result {
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
