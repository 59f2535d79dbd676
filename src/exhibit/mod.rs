//! The exhibit without GPU or window: what a visitor wishes, walks and sees of it.

pub mod flight;
pub mod intent;
pub mod orbit;
pub mod walk;
