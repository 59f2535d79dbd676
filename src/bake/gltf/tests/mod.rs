//! Tests of the reader as a whole, by what they hold it to.

mod content;
mod hostile;
pub(crate) mod make;
mod motion;
mod museum;
mod survey;

use std::path::Path;

use crate::bake::error::ReadError;
use crate::bake::model::Model;
use crate::bake::options::{Origin, ReadOptions};

/// Reads with the file's own origin.
pub(crate) fn read(path: &Path) -> Result<Model, ReadError> {
    super::read_model(path, &as_it_is(), &())
}

fn as_it_is() -> ReadOptions {
    ReadOptions {
        origin: Origin::File,
        ..ReadOptions::default()
    }
}

/// Reads a GLB from memory.
pub(crate) fn read_bytes(bytes: &[u8]) -> Result<Model, ReadError> {
    read_bytes_with(bytes, &as_it_is())
}

/// The same in another way.
pub(crate) fn read_bytes_with(bytes: &[u8], options: &ReadOptions) -> Result<Model, ReadError> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("test.glb");
    std::fs::write(&path, bytes).expect("the temporary folder can be written");
    super::read_model(&path, options, &())
}

/// The places of all vertices in the world, in drawing order.
pub(crate) fn world_positions(model: &Model) -> Vec<bevy::math::DVec3> {
    let world = super::rebase::world_from_nodes(&model.nodes);
    let mut out = Vec::new();
    for (node, world) in model.nodes.iter().zip(world) {
        for primitive in node.mesh.iter().flat_map(|&m| &model.meshes[m].primitives) {
            out.extend(
                primitive
                    .positions
                    .iter()
                    .map(|&p| world.transform_point3(bevy::math::Vec3::from(p).as_dvec3())),
            );
        }
    }
    out
}
