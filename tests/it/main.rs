//! The app seen from outside: one test binary.

mod command;
mod goldens;
mod layering;
mod pictures;
