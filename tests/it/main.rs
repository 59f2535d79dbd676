//! The app seen from outside: one test binary.

mod command;
mod goldens;
mod governor;
#[cfg(feature = "xr")]
mod headset;
mod layering;
mod moving;
#[cfg(feature = "xr")]
mod openxr_runtime;
mod pictures;
mod rehearsal;
mod shimmer;
mod studio;
#[cfg(feature = "xr")]
#[path = "../openxr_runtime/driver.rs"]
mod test_runtime;
