//! What an author writes: an exhibit in RON, read, checked and explained.
//!
//! Values in, values out: files come through `SceneFiles`, facts about meshes and images
//! through `Assets`. Refuses to know how anything is shown, heard or played.
//! Start reading at [`schema`]: it is the data model, field by field.

#[macro_use]
mod record;

pub mod schema;
mod syntax;
