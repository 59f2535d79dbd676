//! The exhibit without GPU, window, speakers or headset.

pub mod facts;
pub mod flight;
pub mod flythrough;
pub mod intent;
pub mod open;
pub mod orbit;
pub mod stage;
pub mod visitor;
pub mod walk;
pub mod words;
