//! The Vulkan path: an app that clears both eyes' pictures on whatever Vulkan is there
//! (lavapipe, on a machine without a GPU).

use ash::vk;
use ash::vk::Handle as _;
use openxr as xr;

use super::with_runtime;

/// The app's Vulkan, made by the runtime.
struct Gpu {
    instance: ash::Instance,
    device: ash::Device,
    queue: vk::Queue,
    pool: vk::CommandPool,
    info: xr::vulkan::SessionCreateInfo,
}

#[expect(unsafe_code, reason = "Vulkan's calls are unsafe throughout")]
impl Gpu {
    /// As `XR_KHR_vulkan_enable2` has it.
    fn make(vulkan: &ash::Entry, xr: &xr::Instance, system: xr::SystemId) -> Self {
        xr.graphics_requirements::<xr::Vulkan>(system)
            .expect("the runtime says which Vulkan it takes");
        let app = vk::ApplicationInfo::default().api_version(vk::API_VERSION_1_1);
        let wish = vk::InstanceCreateInfo::default().application_info(&app);
        // SAFETY: every description is complete, every handle comes from the call before,
        // and the two crates' names for vkGetInstanceProcAddr are the same function type.
        unsafe {
            let find = std::mem::transmute::<
                vk::PFN_vkGetInstanceProcAddr,
                xr::sys::platform::VkGetInstanceProcAddr,
            >(vulkan.static_fn().get_instance_proc_addr);
            let made = xr
                .create_vulkan_instance(system, find, (&raw const wish).cast())
                .expect("the runtime makes the instance")
                .expect("Vulkan agrees");
            let handle = vk::Instance::from_raw(made.addr() as u64);
            let instance = ash::Instance::load(vulkan.static_fn(), handle);
            let physical_pointer = xr
                .vulkan_graphics_device(system, made)
                .expect("the runtime knows its GPU");
            let physical = vk::PhysicalDevice::from_raw(physical_pointer.addr() as u64);
            let families = instance.get_physical_device_queue_family_properties(physical);
            let family = families
                .iter()
                .position(|family| family.queue_flags.contains(vk::QueueFlags::GRAPHICS));
            let family = family.expect("a GPU draws") as u32;
            let queues = [vk::DeviceQueueCreateInfo::default()
                .queue_family_index(family)
                .queue_priorities(&[1.0])];
            let wish = vk::DeviceCreateInfo::default().queue_create_infos(&queues);
            let made_device = xr
                .create_vulkan_device(system, find, physical_pointer, (&raw const wish).cast())
                .expect("the runtime makes the device")
                .expect("Vulkan agrees");
            let handle = vk::Device::from_raw(made_device.addr() as u64);
            let device = ash::Device::load(instance.fp_v1_0(), handle);
            let queue = device.get_device_queue(family, 0);
            let pool = vk::CommandPoolCreateInfo::default().queue_family_index(family);
            let pool = device.create_command_pool(&pool, None).expect("a pool");
            Self {
                instance,
                device,
                queue,
                pool,
                info: xr::vulkan::SessionCreateInfo {
                    instance: made,
                    physical_device: physical_pointer,
                    device: made_device,
                    queue_family_index: family,
                    queue_index: 0,
                },
            }
        }
    }

    /// Fills each layer of a picture with a color, and leaves it as it was handed out.
    fn clear(&self, image: u64, colors: [[f32; 4]; 2]) {
        let image = vk::Image::from_raw(image);
        let all = vk::ImageSubresourceRange {
            aspect_mask: vk::ImageAspectFlags::COLOR,
            base_mip_level: 0,
            level_count: 1,
            base_array_layer: 0,
            layer_count: 2,
        };
        let drawn = vk::ImageLayout::COLOR_ATTACHMENT_OPTIMAL;
        let filled = vk::ImageLayout::TRANSFER_DST_OPTIMAL;
        let step = |from, to| {
            [vk::ImageMemoryBarrier::default()
                .image(image)
                .subresource_range(all)
                .old_layout(from)
                .new_layout(to)
                .src_access_mask(vk::AccessFlags::MEMORY_WRITE)
                .dst_access_mask(vk::AccessFlags::MEMORY_WRITE)]
        };
        let device = &self.device;
        // SAFETY: the image is acquired, and everything recorded is done before this ends.
        unsafe {
            let wish = vk::CommandBufferAllocateInfo::default()
                .command_pool(self.pool)
                .command_buffer_count(1);
            let buffers = device.allocate_command_buffers(&wish).expect("commands");
            let commands = buffers[0];
            let begin = vk::CommandBufferBeginInfo::default();
            device
                .begin_command_buffer(commands, &begin)
                .expect("begun");
            let stage = vk::PipelineStageFlags::ALL_COMMANDS;
            let none = vk::DependencyFlags::empty();
            let barrier = |from, to| {
                device.cmd_pipeline_barrier(
                    commands,
                    stage,
                    stage,
                    none,
                    &[],
                    &[],
                    &step(from, to),
                );
            };
            barrier(drawn, filled);
            for (eye, color) in (0..).zip(colors) {
                let layer = vk::ImageSubresourceRange {
                    base_array_layer: eye,
                    layer_count: 1,
                    ..all
                };
                let color = vk::ClearColorValue { float32: color };
                device.cmd_clear_color_image(commands, image, filled, &color, &[layer]);
            }
            barrier(filled, drawn);
            device.end_command_buffer(commands).expect("recorded");
            let work = [vk::SubmitInfo::default().command_buffers(&buffers)];
            let submitted = device.queue_submit(self.queue, &work, vk::Fence::null());
            submitted.expect("submitted");
            device.queue_wait_idle(self.queue).expect("done");
            device.free_command_buffers(self.pool, &buffers);
        }
    }
}

impl Drop for Gpu {
    #[expect(unsafe_code, reason = "Vulkan's calls are unsafe throughout")]
    fn drop(&mut self) {
        // SAFETY: session and swapchain are destroyed before, and the queue is idle.
        unsafe {
            self.device.destroy_command_pool(self.pool, None);
            self.device.destroy_device(None);
            self.instance.destroy_instance(None);
        }
    }
}

/// What the left and the right eye are shown, in linear light.
const COLORS: [[f32; 4]; 2] = [[1.0, 0.5, 0.0, 1.0], [0.0, 0.5, 1.0, 1.0]];

#[test]
fn both_eyes_are_drawn_for_ten_frames() {
    #[expect(unsafe_code, reason = "loading a library runs its initialisers")]
    // SAFETY: the library is the system's Vulkan loader.
    let vulkan = unsafe { ash::Entry::load() };
    let Ok(vulkan) = vulkan else {
        eprintln!("skipped: both_eyes_are_drawn_for_ten_frames: no Vulkan loader here");
        return;
    };
    let script = "head 0 1.7 0 0 0\nsize 64 48\n\
                  @xrWaitSwapchainImage 4 stall xrWaitSwapchainImage 0.3";
    with_runtime(
        &both_eyes_are_drawn_for_ten_frames,
        script,
        |runtime, entry| {
            let folder = tempfile::tempdir().expect("there is room for a folder");
            runtime.order(&format!("@frame 5 picture {}", folder.path().display()));
            draw_ten_frames(&vulkan, entry);
            let report = runtime.report().expect("the runtime reports");
            assert_eq!(report["violation_count"], 0, "{report:#}");
            assert_eq!(report["living"]["instances"], 0, "{report:#}");
            assert_eq!(report["living"]["swapchains"], 0, "{report:#}");
            for (name, color) in [("left.ppm", [255, 188, 0]), ("right.ppm", [0, 188, 255])] {
                let file = std::fs::read(folder.path().join(name)).expect("a picture is taken");
                let pixels = file
                    .strip_prefix(b"P6\n64 48\n255\n")
                    .expect("a picture of 64 x 48 pixels");
                assert_eq!(pixels.len(), 64 * 48 * 3);
                assert!(
                    pixels.chunks(3).all(|pixel| pixel == color),
                    "{name} is of one color, {color:?}, not {:?}",
                    &pixels[..3]
                );
            }
            let views = &report["last_layers"][0]["views"];
            let x = |eye: usize| views[eye]["position"][0].as_f64().expect("a number");
            assert!((x(1) - x(0) - 0.063).abs() < 1e-6, "{report:#}");
            assert_eq!(views[1]["position"][1], 1.7f32, "{report:#}");
        },
    );
}

fn draw_ten_frames(vulkan: &ash::Entry, entry: &xr::Entry) {
    let mut wanted = xr::ExtensionSet::default();
    wanted.khr_vulkan_enable2 = true;
    let app = xr::ApplicationInfo {
        application_name: "Grotto's tests",
        ..xr::ApplicationInfo::default()
    };
    let instance = entry
        .create_instance(&app, &wanted, &[])
        .expect("an instance");
    let system = instance.system(xr::FormFactor::HEAD_MOUNTED_DISPLAY);
    let system = system.expect("a headset");
    // Declared first, so that it is dropped last.
    let gpu = Gpu::make(vulkan, &instance, system);
    #[expect(unsafe_code, reason = "openxr asks for care with graphics handles")]
    // SAFETY: the handles live until after the session.
    let made = unsafe { instance.create_session::<xr::Vulkan>(system, &gpu.info) };
    let (session, mut waiter, mut stream) = made.expect("a session");
    let stereo = xr::ViewConfigurationType::PRIMARY_STEREO;
    let views = instance.enumerate_view_configuration_views(system, stereo);
    let view = views.expect("two views")[0];
    let (width, height) = (
        view.recommended_image_rect_width,
        view.recommended_image_rect_height,
    );
    assert_eq!(
        (width, height),
        (64, 48),
        "the size that the script asks for"
    );
    let format = session.enumerate_swapchain_formats().expect("formats")[0];
    let mut swapchain = session
        .create_swapchain(&xr::SwapchainCreateInfo {
            create_flags: xr::SwapchainCreateFlags::EMPTY,
            usage_flags: xr::SwapchainUsageFlags::COLOR_ATTACHMENT
                | xr::SwapchainUsageFlags::TRANSFER_DST,
            format,
            sample_count: 1,
            width,
            height,
            face_count: 1,
            array_size: 2,
            mip_count: 1,
        })
        .expect("a swapchain");
    let images = swapchain.enumerate_images().expect("its pictures");
    let space = session
        .create_reference_space(xr::ReferenceSpaceType::STAGE, xr::Posef::IDENTITY)
        .expect("the room");
    session.begin(stereo).expect("the session begins");
    let mut drawn = 0;
    for _ in 0..30 {
        let state = waiter.wait().expect("a frame");
        stream.begin().expect("it begins");
        let time = state.predicted_display_time;
        let blend = xr::EnvironmentBlendMode::OPAQUE;
        if !state.should_render {
            stream
                .end(time, blend, &[])
                .expect("it ends without pictures");
            continue;
        }
        let index = swapchain.acquire_image().expect("a picture");
        if drawn == 3 {
            assert_eq!(
                wait_briefly(&instance, &swapchain),
                xr::sys::Result::TIMEOUT_EXPIRED,
                "a stalled wait ends when its time is over"
            );
        }
        let patience = xr::Duration::from_nanos(10_000_000_000);
        swapchain.wait_image(patience).expect("it is free");
        gpu.clear(images[index as usize], COLORS);
        swapchain.release_image().expect("it is given back");
        let (_, located) = session
            .locate_views(stereo, time, &space)
            .expect("two eyes");
        let rect = xr::Rect2Di {
            offset: xr::Offset2Di { x: 0, y: 0 },
            extent: xr::Extent2Di {
                width: width.cast_signed(),
                height: height.cast_signed(),
            },
        };
        let views: Vec<_> = (0..2)
            .map(|eye: u32| {
                let image = xr::SwapchainSubImage::new()
                    .swapchain(&swapchain)
                    .image_array_index(eye)
                    .image_rect(rect);
                xr::CompositionLayerProjectionView::new()
                    .pose(located[eye as usize].pose)
                    .fov(located[eye as usize].fov)
                    .sub_image(image)
            })
            .collect();
        let layer = xr::CompositionLayerProjection::new()
            .space(&space)
            .views(&views);
        stream.end(time, blend, &[&layer]).expect("it ends");
        drawn += 1;
        if drawn == 10 {
            return;
        }
    }
    panic!("only {drawn} of 30 frames were to be drawn");
}

/// Waits 20 ms for the picture. The `openxr` crate's own `wait_image` (0.21) takes a timeout
/// for success.
fn wait_briefly(instance: &xr::Instance, swapchain: &xr::Swapchain<xr::Vulkan>) -> xr::sys::Result {
    let info = xr::sys::SwapchainImageWaitInfo {
        ty: xr::sys::SwapchainImageWaitInfo::TYPE,
        next: std::ptr::null(),
        timeout: xr::Duration::from_nanos(20_000_000),
    };
    #[expect(unsafe_code, reason = "the raw function is called to see its answer")]
    // SAFETY: the swapchain lives, and the structure is complete.
    unsafe {
        (instance.fp().wait_swapchain_image)(swapchain.as_raw(), &raw const info)
    }
}
