//! Extensions with functions of their own: `XR_FB_display_refresh_rate` and
//! `XR_KHR_visibility_mask`.

use openxr_sys as xr;
use openxr_sys::Handle as _;

use crate::events::Event;
use crate::ffi::{About, DONE, entry, put, put_list};
use crate::instance::check_views;

/// `xrEnumerateDisplayRefreshRatesFB`.
pub(crate) unsafe extern "system" fn enumerate_display_refresh_rates(
    session: xr::Session,
    capacity: u32,
    count: *mut u32,
    out: *mut f32,
) -> xr::Result {
    let about = About::Living(session.into_raw());
    entry("xrEnumerateDisplayRefreshRatesFB", about, |world| {
        let rates = &world.settings.display_rates_hz;
        // SAFETY: OpenXR has the caller pass room for `capacity` values.
        unsafe { put_list(rates, capacity, count, out) }
    })
}

/// `xrGetDisplayRefreshRateFB`.
pub(crate) unsafe extern "system" fn get_display_refresh_rate(
    session: xr::Session,
    out: *mut f32,
) -> xr::Result {
    let about = About::Living(session.into_raw());
    entry("xrGetDisplayRefreshRateFB", about, |world| {
        // SAFETY: OpenXR has the caller pass a valid pointer.
        unsafe { put(out, world.settings.display_hz) }
    })
}

/// `xrRequestDisplayRefreshRateFB`: granted at once, and announced.
pub(crate) unsafe extern "system" fn request_display_refresh_rate(
    session: xr::Session,
    wish_hz: f32,
) -> xr::Result {
    let handle = session.into_raw();
    let about = About::Living(handle);
    entry("xrRequestDisplayRefreshRateFB", about, |mut world| {
        let from_hz = world.settings.display_hz;
        // Zero gives the choice back to the runtime.
        let to_hz = if wish_hz == 0.0 { 90.0 } else { wish_hz };
        if !world.settings.display_rates_hz.contains(&to_hz) {
            return Err(xr::Result::ERROR_DISPLAY_REFRESH_RATE_UNSUPPORTED_FB);
        }
        if to_hz != from_hz {
            world.settings.display_hz = to_hz;
            let instance = world.session(handle)?.instance;
            world.tell(instance, Event::RefreshRate { from_hz, to_hz });
        }
        DONE
    })
}

/// What of an eye's picture is never seen: a triangle in the lower left corner, in the plane
/// one meter ahead (coordinates are tangents of angles).
const HIDDEN: [xr::Vector2f; 3] = [
    xr::Vector2f { x: -1.2, y: -1.0 },
    xr::Vector2f { x: -0.7, y: -1.0 },
    xr::Vector2f { x: -1.2, y: -0.5 },
];

/// `xrGetVisibilityMaskKHR`: the hidden triangles; of the other kinds, none.
pub(crate) unsafe extern "system" fn get_visibility_mask(
    session: xr::Session,
    views: xr::ViewConfigurationType,
    view: u32,
    kind: xr::VisibilityMaskTypeKHR,
    out: *mut xr::VisibilityMaskKHR,
) -> xr::Result {
    let about = About::Living(session.into_raw());
    entry("xrGetVisibilityMaskKHR", about, |_| {
        check_views(views)?;
        if view > 1 {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        if out.is_null() {
            return Err(xr::Result::ERROR_VALIDATION_FAILURE);
        }
        let mut vertices: Vec<xr::Vector2f> = Vec::new();
        let mut indices: Vec<u32> = Vec::new();
        if kind == xr::VisibilityMaskTypeKHR::HIDDEN_TRIANGLE_MESH {
            // The right eye's is mirrored, and turned the other way round to stay
            // counter-clockwise.
            let mirror = if view == 0 { 1.0 } else { -1.0 };
            vertices = HIDDEN
                .iter()
                .map(|vertex| xr::Vector2f {
                    x: vertex.x * mirror,
                    y: vertex.y,
                })
                .collect();
            indices = if view == 0 {
                vec![0, 1, 2]
            } else {
                vec![0, 2, 1]
            };
        }
        // SAFETY: not null; OpenXR has the caller pass a valid structure whose arrays have
        // the room that it says.
        unsafe {
            let (vertex_room, index_room) =
                ((*out).vertex_capacity_input, (*out).index_capacity_input);
            let (to_vertices, to_indices) = ((*out).vertices, (*out).indices);
            let vertex_count = &raw mut (*out).vertex_count_output;
            let index_count = &raw mut (*out).index_count_output;
            put_list(&vertices, vertex_room, vertex_count, to_vertices)?;
            put_list(&indices, index_room, index_count, to_indices)
        }
    })
}
