//! The app seen from outside: one test binary.

mod command;
mod goldens;
#[cfg(feature = "xr")]
mod headset;
mod layering;
mod pictures;
