//! The exhibit without GPU, window, speakers or headset.

pub mod intent;
pub mod stage;
pub mod walk;
