//! The exhibit without GPU, window, speakers or headset.

pub(crate) mod card_place;
pub mod checkpoint_file;
pub mod clips;
pub mod crowd;
pub mod facts;
pub mod flight;
pub mod flythrough;
pub mod grounds;
pub mod heard;
pub mod intent;
pub mod keeper;
pub mod language;
pub mod lens;
pub mod markup;
pub mod open;
pub mod orbit;
pub mod recording;
pub mod rehearse;
pub mod rock;
pub mod settings;
pub mod spots;
pub mod stage;
pub mod telling;
pub mod visitor;
pub mod walk;
pub mod words;
