//! The frame loop: `xrWaitFrame`, `xrBeginFrame`, `xrEndFrame`, and the order they must have.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use openxr_sys as xr;
use openxr_sys::Handle as _;
use serde_json::json;

use crate::demands::now;
use crate::ffi::{About, DONE, entry, input, slice};
use crate::pose;
use crate::session::frame_ended;
use crate::world::{CHANGED, Frames, Guard, World};

/// How far a session's frame has come.
#[derive(Default)]
pub(crate) struct Loop {
    /// A frame was waited for, and is not begun yet.
    is_waited: bool,
    /// A frame was begun, and is not ended yet.
    is_begun: bool,
    /// When the last frame was let go, in a paced run.
    last: Option<Instant>,
}

/// `xrWaitFrame`.
pub(crate) unsafe extern "system" fn wait_frame(
    session: xr::Session,
    _info: *const xr::FrameWaitInfo,
    out: *mut xr::FrameState,
) -> xr::Result {
    const NAME: &str = "xrWaitFrame";
    let handle = session.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        if !world.session(handle)?.is_running {
            let error = xr::Result::ERROR_SESSION_NOT_RUNNING;
            return Err(world.violation(NAME, "the session does not run", error));
        }
        let mut world = wait_for_turn(world, handle)?;
        let period_ns = world.period_ns();
        world.time_ns += period_ns;
        let time_ns = world.time_ns;
        let wants_pictures = world.settings.should_render;
        let session = world.session(handle)?;
        session.frame_loop.is_waited = true;
        let is_seen = matches!(
            session.state,
            xr::SessionState::VISIBLE | xr::SessionState::FOCUSED
        );
        let should_render = wants_pictures && is_seen && session.graphics.is_some();
        // SAFETY: not null, and OpenXR has the caller pass a valid structure.
        unsafe {
            (*out).predicted_display_time = xr::Time::from_nanos(time_ns);
            (*out).predicted_display_period = xr::Duration::from_nanos(period_ns);
            (*out).should_render = should_render.into();
        }
        DONE
    })
}

/// Waits until the frame before is begun, the test lets frames go, and the pace allows it.
fn wait_for_turn(mut world: Guard, handle: u64) -> Result<Guard, xr::Result> {
    let began = now();
    loop {
        // A session may be lost or ended while this waits.
        world.refuse_lost(handle)?;
        let patience = Duration::from_secs_f64(world.settings.patience_secs.clamp(0.0, 3600.0));
        let pace_hz = world.settings.pace_hz;
        let frames = world.frames;
        let frame_loop = &mut world.session(handle)?.frame_loop;
        if frame_loop.is_waited {
            // xrWaitFrame must block until the frame before is begun.
            let left = patience.saturating_sub(began.elapsed());
            if left.is_zero() {
                frame_loop.is_waited = false;
                world.note("xrWaitFrame: the frame before was never begun");
            } else {
                world = sleep(world, left);
            }
            continue;
        }
        if frames == Frames::Granted(0) {
            world = sleep(world, Duration::from_millis(200));
            continue;
        }
        if let Some(last) = frame_loop.last
            && pace_hz > 0.0
        {
            let left = (last + Duration::from_secs_f64(1.0 / pace_hz)).duration_since(now());
            if !left.is_zero() {
                world = sleep(world, left);
                continue;
            }
        }
        frame_loop.last = (pace_hz > 0.0).then(now);
        if let Frames::Granted(left) = frames {
            world.frames = Frames::Granted(left - 1);
        }
        return Ok(world);
    }
}

fn sleep(world: Guard, most: Duration) -> Guard {
    CHANGED
        .wait_timeout(world, most)
        .unwrap_or_else(PoisonError::into_inner)
        .0
}

/// `xrBeginFrame`.
pub(crate) unsafe extern "system" fn begin_frame(
    session: xr::Session,
    _info: *const xr::FrameBeginInfo,
) -> xr::Result {
    const NAME: &str = "xrBeginFrame";
    let handle = session.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        let session = world.session(handle)?;
        if !session.is_running {
            let error = xr::Result::ERROR_SESSION_NOT_RUNNING;
            return Err(world.violation(NAME, "the session does not run", error));
        }
        let frame_loop = &mut session.frame_loop;
        if !frame_loop.is_waited {
            let error = xr::Result::ERROR_CALL_ORDER_INVALID;
            return Err(world.violation(NAME, "no frame was waited for", error));
        }
        frame_loop.is_waited = false;
        let is_discarded = std::mem::replace(&mut frame_loop.is_begun, true);
        CHANGED.notify_all();
        if is_discarded {
            world.frames_discarded += 1;
            return Ok(xr::Result::FRAME_DISCARDED);
        }
        DONE
    })
}

/// `xrEndFrame`.
pub(crate) unsafe extern "system" fn end_frame(
    session: xr::Session,
    info: *const xr::FrameEndInfo,
) -> xr::Result {
    const NAME: &str = "xrEndFrame";
    let handle = session.into_raw();
    entry(NAME, About::Living(handle), |mut world| {
        // SAFETY: OpenXR has the caller pass a valid structure and array of layers.
        let (info, layers) = unsafe {
            let info = input(info)?;
            (info, slice(info.layers, info.layer_count))
        };
        let session = world.session(handle)?;
        if !session.is_running {
            let error = xr::Result::ERROR_SESSION_NOT_RUNNING;
            return Err(world.violation(NAME, "the session does not run", error));
        }
        if !session.frame_loop.is_begun {
            let error = xr::Result::ERROR_CALL_ORDER_INVALID;
            return Err(world.violation(NAME, "no frame was begun", error));
        }
        if info.display_time.as_nanos() <= 0 {
            let error = xr::Result::ERROR_TIME_INVALID;
            return Err(world.violation(NAME, "the display time is not after zero", error));
        }
        if info.environment_blend_mode != xr::EnvironmentBlendMode::OPAQUE {
            let error = xr::Result::ERROR_ENVIRONMENT_BLEND_MODE_UNSUPPORTED;
            return Err(world.violation(NAME, "only OPAQUE is offered", error));
        }
        let mut seen = Vec::new();
        for &layer in layers {
            // SAFETY: OpenXR has the caller pass valid layers.
            match unsafe { look_at(&mut world, layer) } {
                Ok(layer) => seen.push(layer),
                Err((what, error)) => return Err(world.violation(NAME, what, error)),
            }
        }
        world.last_layers = seen;
        world.session(handle)?.frame_loop.is_begun = false;
        frame_ended(&mut world, handle);
        DONE
    })
}

/// Checks a layer and tells what it shows.
///
/// # Safety
/// The layer is null or a valid layer.
unsafe fn look_at(
    world: &mut World,
    layer: *const xr::CompositionLayerBaseHeader,
) -> Result<serde_json::Value, (&'static str, xr::Result)> {
    if layer.is_null() {
        return Err(("a layer is null", xr::Result::ERROR_LAYER_INVALID));
    }
    // SAFETY: not null, and every layer begins with this header.
    let header = unsafe { &*layer };
    if !world.spaces.contains_key(&header.space.into_raw()) {
        return Err((
            "a layer's space is not a living one",
            xr::Result::ERROR_HANDLE_INVALID,
        ));
    }
    if header.ty != xr::CompositionLayerProjection::TYPE {
        return Ok(json!({ "type": format!("{:?}", header.ty) }));
    }
    // SAFETY: the type says that this is a projection layer; its views are an array.
    let views = unsafe {
        let layer = input(layer.cast::<xr::CompositionLayerProjection>())
            .map_err(|error| ("a layer cannot be read", error))?;
        slice(layer.views, layer.view_count)
    };
    if views.len() != 2 {
        return Err((
            "a projection layer does not have two views",
            xr::Result::ERROR_VALIDATION_FAILURE,
        ));
    }
    let mut seen = Vec::new();
    for view in views {
        if !pose::is_valid(view.pose) {
            return Err(("a view's pose is invalid", xr::Result::ERROR_POSE_INVALID));
        }
        let image = &view.sub_image;
        let Some(swapchain) = world.swapchains.get(&image.swapchain.into_raw()) else {
            return Err((
                "a view's swapchain is not a living one",
                xr::Result::ERROR_HANDLE_INVALID,
            ));
        };
        let Some(released) = swapchain.released else {
            return Err((
                "a view's swapchain never had a picture released",
                xr::Result::ERROR_LAYER_INVALID,
            ));
        };
        let (offset, extent) = (image.image_rect.offset, image.image_rect.extent);
        let ends = |offset: i32, extent: i32| i64::from(offset) + i64::from(extent);
        let fits = offset.x >= 0
            && offset.y >= 0
            && extent.width > 0
            && extent.height > 0
            && ends(offset.x, extent.width) <= i64::from(swapchain.width_px)
            && ends(offset.y, extent.height) <= i64::from(swapchain.height_px);
        if !fits {
            return Err((
                "a view's rectangle is not inside its picture",
                xr::Result::ERROR_SWAPCHAIN_RECT_INVALID,
            ));
        }
        if image.image_array_index >= swapchain.layers {
            return Err((
                "a view's layer is not in its picture",
                xr::Result::ERROR_VALIDATION_FAILURE,
            ));
        }
        if let Some(folder) = &world.picture_folder {
            let layer = image.image_array_index;
            let pixels = swapchain.pictures.read(released, layer, image.image_rect);
            let pixels = pixels.map_err(|error| ("a picture cannot be read", error))?;
            let name = if seen.is_empty() {
                "left.ppm"
            } else {
                "right.ppm"
            };
            let mut file = format!("P6\n{} {}\n255\n", extent.width, extent.height).into_bytes();
            file.extend(pixels);
            std::fs::write(folder.join(name), file).ok().ok_or((
                "a picture cannot be written",
                xr::Result::ERROR_RUNTIME_FAILURE,
            ))?;
        }
        let (p, q, fov) = (view.pose.position, view.pose.orientation, view.fov);
        seen.push(json!({
            "position": [p.x, p.y, p.z],
            "orientation": [q.x, q.y, q.z, q.w],
            "fov": [fov.angle_left, fov.angle_right, fov.angle_up, fov.angle_down],
            "size": [extent.width, extent.height],
            "layer": image.image_array_index,
        }));
    }
    if world.picture_folder.take().is_some() {
        world.pictures_taken += 1;
    }
    Ok(json!({ "type": "PROJECTION", "views": seen }))
}
