//! A model's figures from its JSON alone.

use std::collections::BTreeSet;
use std::path::Path;

use bevy::math::DVec3;

use super::about::{self, HONOURED};
use super::animations;
use super::context::Context;
use super::document::Document;
use super::nodes;
use super::rebase::{transform_bounds, world_from_nodes};
use super::skin;
use super::source::Source;
use super::{image_label, used};
use crate::bake::error::Fault;
use crate::bake::images::header;
use crate::bake::info::{
    ClipInfo, ExtensionInfo, ImageInfo, MeshFacts, ModelInfo, refusal, size_hint,
};
use crate::bake::model::{About, Finding, Node};
use crate::bake::options::ReadOptions;

/// Figures of a model.
pub(crate) struct Outline {
    info: ModelInfo,
    facts: MeshFacts,
}

impl Outline {
    pub(crate) fn into_info(self) -> ModelInfo {
        self.info
    }

    pub(crate) fn into_facts(self) -> MeshFacts {
        self.facts
    }
}

/// Whether an outline looks at the images of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Images {
    /// Their headers are read: the sizes are told.
    Told,
    /// They are left alone: a scene asks for the facts of its models whenever it is read, and
    /// the sample's are 200 MB.
    LeftAlone,
}

/// Reads the JSON of a model, and the headers of its images if they are to be told.
pub(crate) fn of_file(
    path: &Path,
    options: &ReadOptions,
    images: Images,
) -> Result<Outline, Fault> {
    let source = Source::open(path, &options.limits)?;
    let ctx = Context::new(&source, options, &());
    let document = ctx.document();
    if let Err(fault) = about::check_extensions(&ctx) {
        ctx.find(Finding {
            message: refusal(&fault),
            ..fault.clone().into_finding(fault.cause.code(), "the file")
        });
    }
    let mut tree = nodes::read(&ctx)?;
    skin::apply(&ctx, &mut tree)?;
    let world = world_from_nodes(&tree.nodes);
    let (used_meshes, used_materials) = used(&ctx, &tree)?;

    let mut info = ModelInfo::default();
    let mut bounds: Option<(DVec3, DVec3)> = None;
    let mut triangles_of = vec![0_u64; document.meshes.len()];
    let mut bounds_of = vec![None; document.meshes.len()];
    for (index, mesh) in document.meshes.iter().enumerate() {
        if !used_meshes[index] {
            continue;
        }
        info.meshes += 1;
        for (i, primitive) in mesh.primitives.iter().enumerate() {
            let pointer = format!("/meshes/{index}/primitives/{i}");
            let figures = primitive_figures(&ctx, primitive, &pointer)?;
            info.primitives += 1;
            info.vertices = info.vertices.saturating_add(figures.vertices);
            info.geometry_bytes = info.geometry_bytes.saturating_add(figures.bytes);
            triangles_of[index] = triangles_of[index].saturating_add(figures.triangles);
            bounds_of[index] = join(bounds_of[index], figures.bounds);
        }
    }
    for (node, world) in tree.nodes.iter().zip(&world) {
        let Some(mesh) = node.mesh else { continue };
        info.triangles = info.triangles.saturating_add(triangles_of[mesh]);
        bounds = join(bounds, bounds_of[mesh].map(|b| transform_bounds(world, b)));
    }
    info.images = images_of(&ctx, &used_materials, images);
    info.texture_bytes = info.images.iter().map(|i| i.gpu_bytes).sum();

    let about = about::read(document);
    let material_names: Vec<String> = document
        .materials
        .iter()
        .enumerate()
        .map(|(i, m)| m.name.clone().unwrap_or_else(|| format!("material {i}")))
        .collect();
    let lights = document.extensions.as_ref().and_then(|e| e.lights.as_ref());
    let facts = MeshFacts {
        low: bounds.map(|b| b.0),
        high: bounds.map(|b| b.1),
        node_names: tree
            .nodes
            .iter()
            .map(|n| n.name.clone().unwrap_or_default())
            .collect(),
        node_places: world.clone(),
        bending: bending(document, &tree.nodes),
        material_names: material_names.clone(),
        clips: (0..document.animations.len())
            .map(|index| ClipInfo {
                name: animations::name(document, index),
                duration_secs: animations::stated_secs(document, index),
            })
            .collect(),
        triangles: info.triangles,
        about: about.clone(),
        findings: Vec::new(),
    };
    info.file_bytes = source.file_bytes;
    info.nodes = tree.nodes.len() as u64;
    info.clips.clone_from(&facts.clips);
    let names = facts.node_names.iter().filter(|name| !name.is_empty());
    info.node_names = names.cloned().collect();
    info.skins = about.skins as u64;
    info.lights = lights.map_or(0, |l| l.lights.len() as u64);
    info.materials = material_names;
    info.extensions = extensions(&about);
    (info.generator, info.title, info.author) = (about.generator, about.title, about.author);
    (info.licence, info.copyright) = (about.licence, about.copyright);
    if let Some((low, high)) = bounds {
        (info.low, info.high) = (Some(low.to_array()), Some(high.to_array()));
        info.hint = size_hint(low, high);
    }
    let findings = ctx.into_findings();
    info.findings = findings.iter().map(|f| f.message.clone()).collect();
    Ok(Outline {
        info,
        facts: MeshFacts { findings, ..facts },
    })
}

/// The names of nodes whose meshes bend, each with those of the nodes it hangs on.
fn bending(document: &Document, nodes: &[Node]) -> Vec<Vec<String>> {
    if document.animations.is_empty() {
        return Vec::new();
    }
    let has_targets = |mesh: usize| {
        let parts = document.meshes.get(mesh).map(|mesh| &mesh.primitives);
        parts.is_some_and(|parts| parts.iter().any(|part| !part.targets.is_empty()))
    };
    let line = |node: &Node| {
        let line = std::iter::successors(Some(node), |node| nodes.get(node.parent?));
        line.map(|node| node.name.clone().unwrap_or_default())
            .collect()
    };
    let bends = |node: &&Node| {
        node.mesh
            .is_some_and(|mesh| node.skin.is_some() || has_targets(mesh))
    };
    nodes.iter().filter(bends).map(line).collect()
}

fn join(a: Option<(DVec3, DVec3)>, b: Option<(DVec3, DVec3)>) -> Option<(DVec3, DVec3)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// What the accessors say of a primitive.
#[derive(Default)]
struct Figures {
    triangles: u64,
    vertices: u64,
    bytes: u64,
    bounds: Option<(DVec3, DVec3)>,
}

fn primitive_figures(
    ctx: &Context,
    primitive: &super::document::Primitive,
    pointer: &str,
) -> Result<Figures, Fault> {
    let document = ctx.document();
    let accessor = |index: usize| {
        document
            .accessors
            .get(index)
            .ok_or_else(|| Fault::no_such(pointer, "accessor", index))
    };
    let Some(&positions) = primitive.attributes.get("POSITION") else {
        return Ok(Figures::default());
    };
    let positions = accessor(positions)?;
    let (corners, index_bytes) = match primitive.indices {
        Some(index) => {
            let indices = accessor(index)?;
            let width = if indices.component_type == 5125 { 4 } else { 2 };
            (indices.count, indices.count.saturating_mul(width))
        }
        None => (positions.count, 0),
    };
    // Positions and normals always; the rest where the file has them.
    let per_vertex = 24
        + [
            ("TANGENT", 16),
            ("TEXCOORD_0", 8),
            ("TEXCOORD_1", 8),
            ("COLOR_0", 4),
            ("_BAKED_LIGHT", 4),
            ("JOINTS_0", 8),
            ("WEIGHTS_0", 16),
        ]
        .iter()
        .filter(|(name, _)| primitive.attributes.contains_key(*name))
        .map(|(_, bytes)| bytes)
        .sum::<u64>();
    Ok(Figures {
        triangles: match primitive.mode.unwrap_or(4) {
            4 => corners / 3,
            5 | 6 => corners.saturating_sub(2),
            _ => 0,
        },
        vertices: positions.count,
        bytes: positions
            .count
            .saturating_mul(per_vertex)
            .saturating_add(index_bytes),
        bounds: stated_bounds(positions),
    })
}

/// The accessor's `min` and `max`, undone from quantisation.
fn stated_bounds(accessor: &super::document::Accessor) -> Option<(DVec3, DVec3)> {
    let unit = match (accessor.normalized, accessor.component_type) {
        (true, 5120) => 127.0,
        (true, 5121) => 255.0,
        (true, 5122) => 32767.0,
        (true, 5123) => 65535.0,
        _ => 1.0,
    };
    let corner = |values: &Option<Vec<f64>>| match values.as_deref() {
        Some(&[x, y, z]) => Some(DVec3::new(x, y, z) / unit),
        _ => None,
    };
    let (low, high) = (corner(&accessor.min)?, corner(&accessor.max)?);
    low.cmple(high).all().then_some((low, high))
}

fn extensions(about: &About) -> Vec<ExtensionInfo> {
    let required: BTreeSet<&String> = about.extensions_required.iter().collect();
    let all: BTreeSet<&String> = about
        .extensions_used
        .iter()
        .chain(required.iter().copied())
        .collect();
    all.into_iter()
        .map(|name| ExtensionInfo {
            name: name.clone(),
            is_required: required.contains(name),
            is_supported: HONOURED.contains(&name.as_str()),
        })
        .collect()
}

/// The headers of the images that used materials name; an image in two uses counts twice,
/// as it does on the GPU. What is wrong with materials is found either way.
fn images_of(ctx: &Context, used_materials: &[bool], told: Images) -> Vec<ImageInfo> {
    let Ok((_, images)) = super::material::read(ctx, used_materials) else {
        return Vec::new();
    };
    if told == Images::LeftAlone {
        return Vec::new();
    }
    images
        .requests
        .iter()
        .filter_map(|request| {
            let &source = request.sources.first()?;
            let name = image_label(ctx, source);
            Some(match super::image_bytes(ctx, source, &request.pointer) {
                Ok(bytes) => ImageInfo::new(
                    name,
                    bytes.len() as u64,
                    header::of_bytes(&bytes, &ctx.options.limits),
                ),
                Err(fault) => ImageInfo::new(name, 0, Err(fault)),
            })
        })
        .collect()
}
