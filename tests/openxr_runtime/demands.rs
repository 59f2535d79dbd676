//! What is demanded of calls to come: to fail, to return late, to set something off.

use std::time::{Duration, Instant};

use openxr_sys as xr;

use crate::world::{CHANGED, Guard};

/// A function that is to fail.
pub(crate) struct Failure {
    pub(crate) result: xr::Result,
    /// `None` for always.
    pub(crate) times_left: Option<u64>,
}

/// A function that is to return late.
pub(crate) struct Stall {
    /// `None`: it does not return until told otherwise, whatever patience it was given.
    pub(crate) duration: Option<Duration>,
    /// Set by the first call that meets it.
    pub(crate) until: Option<Instant>,
}

/// A line that waits for a call.
pub(crate) struct Scheduled {
    pub(crate) function: String,
    /// The count of the call, the first being 1.
    pub(crate) at: u64,
    pub(crate) line: String,
}

/// Waits out a stall of the function, letting go of the world meanwhile.
///
/// With a patience (`xrWaitSwapchainImage`), the wait ends at it with
/// `XR_TIMEOUT_EXPIRED`, as the error of the result, and the rest of the stall remains.
pub(crate) fn stall(
    mut world: Guard,
    function: &str,
    patience: Option<Duration>,
) -> Result<Guard, xr::Result> {
    if function == "xrWaitSwapchainImage" && patience.is_none() {
        // It calls again itself, once it knows its timeout.
        return Ok(world);
    }
    let began = now();
    loop {
        let Some(stall) = world.stalls.get_mut(function) else {
            return Ok(world);
        };
        let Some(duration) = stall.duration else {
            world = CHANGED
                .wait(world)
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            continue;
        };
        let until = *stall.until.get_or_insert(began + duration);
        let left = until.saturating_duration_since(now());
        if left.is_zero() {
            world.stalls.remove(function);
            return Ok(world);
        }
        let patience_left = patience.map(|all| all.saturating_sub(began.elapsed()));
        if patience_left.is_some_and(|left| left.is_zero()) {
            return Err(xr::Result::TIMEOUT_EXPIRED);
        }
        let wait = patience_left.map_or(left, |patience| patience.min(left));
        world = CHANGED
            .wait_timeout(world, wait)
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .0;
    }
}

/// The real time, for waits only: what the runtime tells of time is its virtual clock.
#[expect(
    clippy::disallowed_methods,
    reason = "stalls and paced frames are real waits"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}
