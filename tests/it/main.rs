//! The app seen from outside: one test binary.

mod command;
mod layering;
mod pictures;
