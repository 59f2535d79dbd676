//! Reading glTF 2.0: GLB or JSON, with the compressions that museums use.
//!
//! Starts at [`read_model`]. Our own reader, because Bevy's lacks six of the extensions, has
//! no limits, makes no mips and rounds node transforms to f32 (see [`document`]). It refuses
//! what it cannot show as meant and names the culprit; it never panics on a file's contents
//! and never allocates what the file has not got the bytes for.

mod about;
mod accessor;
mod animations;
mod bend;
mod blob;
mod context;
mod document;
mod draco;
mod material;
mod meshopt;
mod nodes;
mod normals;
pub(crate) mod outline;
mod primitive;
mod rebase;
mod skin;
mod source;
#[cfg(test)]
pub(crate) mod tests;
mod texts;
mod topology;

use std::path::Path;

use rayon::prelude::*;

use self::context::Context;
use self::material::{ImageRequest, Images};
use self::nodes::Tree;
use self::source::Source;
use super::error::{Fault, ReadError};
use super::images::decode::{self, Wish};
use super::limits::Limits;
use super::model::{Image, Mesh, Model};
use super::options::{Phase, Progress, ReadOptions};

// Vertex data is copied as it lies in the file, which is little-endian.
#[cfg(target_endian = "big")]
compile_error!("glTF is read on little-endian computers only");

/// Reads a model with everything decoded. Blocks; call it from a worker thread.
///
/// # Errors
/// When the file is missing, broken, over the limits, or requires an extension that we
/// cannot read. A broken *image* is no error: it becomes `None` and a finding.
pub fn read_model(
    path: &Path,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Model, ReadError> {
    read(path, options, progress).map_err(|fault| fault.in_file(path))
}

fn read(path: &Path, options: &ReadOptions, progress: &dyn Progress) -> Result<Model, Fault> {
    progress.report(Phase::Opening, 0.0);
    let source = Source::open(path, &options.limits)?;
    let mut ctx = Context::new(&source, options, progress);
    about::check_extensions(&ctx)?;
    let mut tree = nodes::read(&ctx)?;
    skin::apply(&ctx, &mut tree)?;
    let mut clips = animations::read(&ctx, &tree)?;
    let (used_meshes, used_materials) = used(&ctx, &tree)?;
    let (materials, images) = material::read(&ctx, &used_materials)?;
    progress.report(Phase::Opening, 1.0);

    let image_labels = image_labels(&ctx, &images);
    let images_replaced = images.requests.iter().map(|own| !own.is_wanted).collect();
    let (meshes, images) = rayon::join(
        || read_meshes(&ctx, &used_meshes),
        || read_images(&ctx, &images),
    );
    let (mut meshes, images) = (meshes?, images?);
    ctx.forget_decompressed();
    progress.report(Phase::Finishing, 0.0);
    skin::check_joints(&ctx, &mut tree, &mut meshes);
    let origin = rebase::apply(&ctx, &mut tree, &mut meshes, &mut clips);
    progress.report(Phase::Finishing, 1.0);
    Ok(Model {
        nodes: tree.nodes,
        meshes,
        materials,
        images,
        images_replaced,
        image_labels,
        lights: about::lights(&ctx),
        clips,
        skins: tree.skins,
        about: about::read(&source.document),
        origin,
        warnings: ctx.into_findings(),
    })
}

/// Which meshes and materials the nodes show, with their references checked.
fn used(ctx: &Context, tree: &Tree) -> Result<(Vec<bool>, Vec<bool>), Fault> {
    let document = ctx.document();
    let mut meshes = vec![false; document.meshes.len()];
    let mut materials = vec![false; document.materials.len()];
    let mut primitives = 0;
    for mesh in tree.nodes.iter().filter_map(|n| n.mesh) {
        if std::mem::replace(&mut meshes[mesh], true) {
            continue;
        }
        primitives += document.meshes[mesh].primitives.len() as u64;
        Limits::check(
            "mesh parts",
            primitives,
            ctx.options.limits.primitives,
            "/meshes",
        )?;
        for (i, primitive) in document.meshes[mesh].primitives.iter().enumerate() {
            if let Some(material) = primitive.material {
                *materials.get_mut(material).ok_or_else(|| {
                    let pointer = format!("/meshes/{mesh}/primitives/{i}");
                    Fault::no_such(pointer, "material", material)
                })? = true;
            }
        }
    }
    Ok((meshes, materials))
}

fn read_meshes(ctx: &Context, is_used: &[bool]) -> Result<Vec<Mesh>, Fault> {
    let document = ctx.document();
    for (mesh, _) in document
        .meshes
        .iter()
        .zip(is_used)
        .filter(|(_, used)| **used)
    {
        for json in &mesh.primitives {
            ctx.expect_work(Phase::Geometry, primitive::work_units(ctx, json));
        }
    }
    document
        .meshes
        .par_iter()
        .zip(is_used)
        .enumerate()
        .map(|(m, (json, is_used))| {
            let mut mesh = Mesh {
                name: json.name.clone(),
                ..Mesh::default()
            };
            if *is_used {
                let primitives: Vec<_> = json
                    .primitives
                    .par_iter()
                    .enumerate()
                    .map(|(p, json)| {
                        primitive::read(ctx, json, &format!("/meshes/{m}/primitives/{p}"))
                    })
                    .collect::<Result<_, Fault>>()?;
                mesh.primitives = primitives.into_iter().flatten().collect();
                let targets = json.primitives.first().map_or(0, |p| p.targets.len());
                bend::even_out(&mut mesh.primitives, targets);
            }
            Ok(mesh)
        })
        .collect()
}

fn read_images(ctx: &Context, images: &Images) -> Result<Vec<Option<Image>>, Fault> {
    if !ctx.options.has_images {
        return Ok(images.requests.iter().map(|_| None).collect());
    }
    ctx.expect_work(Phase::Images, images.requests.len() as u64);
    images
        .requests
        .par_iter()
        .map(|request| {
            ctx.check_cancelled()?;
            let image = (request.is_wanted).then(|| read_image(ctx, request));
            ctx.did_work(Phase::Images, 1)?;
            Ok(image.flatten())
        })
        .collect()
}

/// The first of the request's images that can be read; findings for those that cannot.
fn read_image(ctx: &Context, request: &ImageRequest) -> Option<Image> {
    for &source in &request.sources {
        let pointer = format!("/images/{source}");
        let wish = Wish {
            label: image_label(ctx, source),
            usage: request.usage,
            alpha: request.alpha,
            is_red_only: request.is_red_only,
        };
        match image_bytes(ctx, source, &pointer)
            .and_then(|bytes| decode::decode(&bytes, &wish, ctx.options, &ctx.budget))
        {
            Ok(image) => return Some(image),
            Err(mut fault) => {
                if fault.pointer.is_empty() {
                    fault.pointer = pointer;
                }
                let what = format!("the image \"{}\"", wish.label);
                ctx.find(fault.into_finding("image-unreadable", &what));
            }
        }
    }
    None
}

fn image_labels(ctx: &Context, images: &Images) -> Vec<String> {
    let requests = images.requests.iter();
    let first = requests.map(|request| request.sources.first());
    first
        .map(|source| source.map_or_else(String::new, |&source| image_label(ctx, source)))
        .collect()
}

/// What an image is called in messages.
fn image_label(ctx: &Context, index: usize) -> String {
    let json = &ctx.document().images[index];
    match (&json.name, &json.uri) {
        (Some(name), _) => name.chars().take(80).collect(),
        (None, Some(uri)) if !uri.starts_with("data:") => uri.chars().take(80).collect(),
        _ => format!("image {index}"),
    }
}

/// The bytes of an image file, embedded or beside the model.
fn image_bytes(ctx: &Context, index: usize, pointer: &str) -> Result<Vec<u8>, Fault> {
    let json = &ctx.document().images[index];
    let limits = &ctx.options.limits;
    match (&json.uri, json.buffer_view) {
        (_, Some(view)) => Ok(ctx.view(view, pointer)?.bytes(pointer)?.into_owned()),
        (Some(uri), None) => {
            let blob = ctx.source.resource(uri, limits, pointer)?;
            Limits::check("bytes in an image file", blob.len(), 1 << 30, pointer)?;
            Ok(blob
                .bytes(0..blob.len())
                .map_err(|e| context::unreadable(pointer, &e))?
                .into_owned())
        }
        (None, None) => Err(Fault::invalid(pointer, "names neither a file nor data")),
    }
}
