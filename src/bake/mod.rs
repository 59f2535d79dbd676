//! Preparing files for the renderer: reading glTF and images under stated limits, splitting
//! large meshes, collision.
//!
//! [`read_model`] turns a `.glb` or `.gltf` into a [`model::Model`] in metres, Y up, near its
//! origin, with every compression undone and every image given its mips. What cannot be
//! read is refused by name ([`ReadError`]); what cannot be shown quite as meant is a
//! [`model::Finding`].

pub mod animation;
pub mod area;
mod cache_folder;
pub mod coarser;
pub mod collide;
pub mod dense;
pub mod error;
mod facing;
mod gltf;
pub(crate) mod images;
mod info;
mod limits;
pub mod model;
mod options;
pub mod order;
pub mod sandbox;
pub mod split;
pub mod validate;

pub use error::{Cause, ReadError};
pub use facing::{Facing, facing};
pub use gltf::read_model;
pub use images::read_image;
pub use info::{
    ClipInfo, ExtensionInfo, ImageInfo, Info, MeshFacts, ModelInfo, info, mesh_facts, size_hint,
};
pub use limits::Limits;
pub use options::{
    Origin, Phase, Progress, ReadOptions, Replaced, TextureCompression, Up, name_matches,
};
