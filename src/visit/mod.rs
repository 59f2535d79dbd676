//! A visit with a headset, without the headset: what a session does next, how a visitor
//! moves without sickness, what is remembered when a process dies.
//!
//! Pure: values in, values out. Nothing here knows OpenXR, Bevy's ECS, a clock or a file;
//! time comes in as a [`core::time::Duration`] since the process began or as seconds since
//! the last frame. The shells are `xr/` (session, rig, hands), `operate/` (the supervising
//! parent) and `exhibit/` (rock and checkpoint files).
//!
//! Start at [`session`] for the life of a headset session, at [`supervisor`] for the life of
//! the process around it, at [`rig`] for where the visitor's body is.
//!
//! | module | answers |
//! |---|---|
//! | [`session`] | what the headset session and the visit in it do next |
//! | [`supervisor`] | what the parent process does next; exit codes; systemd |
//! | [`checkpoint`] | what a visit resumes with |
//! | [`rig`] | where the tracked space stands: turns, recentering, eye height |
//! | [`body`] | where the body is while the head really walks |
//! | [`teleport`] | where a throw lands, and why not |
//! | [`comfort`] | settings, fades within the flash limit, vignette, turning |
//! | [`bare_hand`] | where a hand without a controller points, and when it pinches |
//! | [`point`] | what hand or gaze means, and the dwell ring |
//! | [`steady`] | smooth rays, and the mirror's camera |
//! | [`menu`], [`first_minute`] | what the visitor is shown and offered |
//! | [`governor`] | what to give up when frames come late |
//! | [`stillness`] | whether anybody wears the headset |
//! | [`backoff`] | how long to wait before trying again |
//!
//! Conventions, as in [`crate::exhibit::walk`]: metres, seconds, right-handed, Y up; yaw 0
//! looks along -Z and positive yaw turns left. A name `a_from_b` takes coordinates in `b`
//! to coordinates in `a`; *rig* is the OpenXR reference space the visitor is tracked in.

pub mod backoff;
pub mod bare_hand;
pub mod body;
pub mod checkpoint;
pub mod comfort;
#[cfg(test)]
mod dice;
pub mod first_minute;
pub mod governor;
pub mod menu;
pub mod point;
pub mod rig;
pub mod session;
pub mod steady;
pub mod stillness;
pub mod supervisor;
pub mod teleport;
