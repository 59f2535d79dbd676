//! What an author writes: an exhibit in RON, read, checked and explained.
//!
//! Values in, values out: files come through [`SceneFiles`], facts about meshes and images
//! through [`Assets`]. Refuses to know how anything is shown, heard or played.
//! Start reading at [`schema`]: it is the data model, field by field. [`load`] is the way in:
//! text -> `syntax` tree -> `decode` to the schema's types, gathering -> `check`.

#[macro_use]
mod record;

mod check;
mod decode;
mod disk;
mod files;
mod insert;
mod load;
mod paths;
mod reference;
pub mod schema;
mod syntax;
mod words;

pub use disk::DiskFiles;
pub use files::{
    Assets, ImageFacts, LARGEST_SCENE_FILE, Lookup, MemoryFiles, MeshFacts, NoAssets, SceneFiles,
};
pub use insert::add_to_list;
pub use load::{FORMAT, Loaded, load};
pub use reference::reference;
pub(crate) use words::{nearest, one_of};

#[cfg(test)]
mod tests;

/// The seeded generator that tests of other folders share.
#[cfg(test)]
pub(crate) mod testing {
    pub(crate) use super::syntax::compare::Random;
}
