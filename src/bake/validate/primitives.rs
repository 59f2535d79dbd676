//! Meshes: attributes, indices, morph targets and the materials they carry.

use std::collections::{HashMap, HashSet};

use super::attributes::{self, Semantics};
use super::buffers::note_use;
use super::checks::Check;
use super::data::Plan;
use super::document::{Accessor, Component, Document, Format, Kind, ViewUse};
use super::formats;
use super::json::{self, Object};
use super::materials::Needs;
use super::report::{Report, escaped};
use super::uses::Uses;

/// Joint sets beyond which a vertex's weights are not checked.
const MOST_JOINT_SETS: usize = 16;

/// What nodes and animations must know of a mesh.
#[derive(Default)]
pub(super) struct Mesh {
    /// Whether it has any valid primitive at all.
    pub(super) has_primitives: bool,
    /// Morph targets of the first primitive.
    pub(super) targets: Option<usize>,
    /// For each skinned primitive its attributes' pointer and accessors of joints and weights.
    pub(super) skinned: Vec<(String, Vec<(usize, usize)>)>,
    /// Primitives that carry joints.
    pub(super) joint_primitives: usize,
}

/// Checks all meshes.
pub(super) fn check(
    document: &mut Document<'_>,
    materials: &[Needs],
    uses: &mut Uses,
    plan: &mut Plan,
    report: &mut Report,
) -> Vec<Mesh> {
    let root = document.root;
    let mut meshes: Vec<Mesh> = Vec::new();
    meshes.resize_with(json::array(root, "meshes").len(), Mesh::default);
    let mut pass = Pass {
        document,
        materials,
        uses,
        plan,
        report,
        sharers: HashMap::new(),
    };
    for (index, object) in json::objects(root, "meshes") {
        let pointer = format!("/meshes/{index}");
        let list = json::array(object, "primitives");
        if list.iter().any(|primitive| !primitive.is_object()) {
            continue;
        }
        let mesh = &mut meshes[index];
        for (at, primitive) in json::objects(object, "primitives") {
            pass.primitive(primitive, &format!("{pointer}/primitives/{at}"), mesh);
        }
        mesh.has_primitives = !list.is_empty();
        targets(object, &pointer, mesh, pass.report);
    }
    meshes
}

/// Number of morph targets of a primitive, `None` when it has none that are sound.
fn target_count(primitive: &Object) -> Option<usize> {
    let list = primitive.get("targets")?.as_array()?;
    let is_sound =
        |target: &serde_json::Value| target.as_object().is_some_and(|map| !map.is_empty());
    (!list.is_empty() && list.iter().all(is_sound)).then_some(list.len())
}

fn targets(object: &Object, pointer: &str, mesh: &mut Mesh, report: &mut Report) {
    let mut primitives = json::objects(object, "primitives");
    let Some((_, first)) = primitives.next() else {
        return;
    };
    mesh.targets = target_count(first);
    for (at, primitive) in primitives {
        let count = target_count(primitive);
        if count != mesh.targets {
            let part = if count.is_some() { "/targets" } else { "" };
            report.error(
                "MESH_PRIMITIVES_UNEQUAL_TARGETS_COUNT",
                format!("{pointer}/primitives/{at}{part}"),
                "It has another number of morph targets than the mesh's first primitive.",
            );
        }
    }
    if let Some(weights) = json::numbers(object, "weights") {
        let wanted = mesh.targets.unwrap_or(0);
        if weights.len() != wanted {
            report.error(
                "MESH_INVALID_WEIGHTS_COUNT",
                format!("{pointer}/weights"),
                format!(
                    "There are {} weights for {wanted} morph targets.",
                    weights.len()
                ),
            );
        }
    }
}

struct Pass<'p, 'a> {
    document: &'p mut Document<'a>,
    materials: &'p [Needs],
    uses: &'p mut Uses,
    plan: &'p mut Plan,
    report: &'p mut Report,
    /// The accessors of vertices in each view without a stride.
    sharers: HashMap<usize, HashSet<usize>>,
}

impl Pass<'_, '_> {
    fn primitive(&mut self, primitive: &Object, pointer: &str, mesh: &mut Mesh) {
        let empty = Object::new();
        let attributes = json::object(primitive, "attributes").unwrap_or(&empty);
        let at = format!("{pointer}/attributes");
        let semantics = attributes::read(attributes, &at, self.report);
        let mut vertices = None;
        // POSITION decides how many vertices there are, wherever it stands.
        let order = attributes.keys().filter(|name| *name == "POSITION");
        for name in order.chain(attributes.keys().filter(|name| *name != "POSITION")) {
            self.attribute(attributes, name, &at, &mut vertices);
        }
        let mut count = vertices;
        if let Some(index) = json::index(primitive, "indices")
            && let Some(accessor) = self.document.accessor(Some(index))
        {
            count = accessor.count;
            self.indices(primitive, index, vertices, pointer);
        }
        mode(primitive, count, pointer, self.report);
        self.material(primitive, &semantics, pointer);
        self.morphs(primitive, attributes, pointer);
        let joints = semantics.joints();
        if joints > 0 {
            mesh.joint_primitives += 1;
            let accessor = |word: &str, set: usize| {
                json::index(attributes, &format!("{word}_{set}")).filter(|index| {
                    self.document
                        .accessor(Some(*index))
                        .is_some_and(|each| each.count == vertices)
                })
            };
            let pairs: Option<Vec<_>> = (0..joints)
                .map(|set| accessor("JOINTS", set).zip(accessor("WEIGHTS", set)))
                .collect();
            if let Some(pairs) = pairs.filter(|pairs| pairs.len() <= MOST_JOINT_SETS) {
                mesh.skinned.push((at, pairs));
            }
        }
    }

    /// The accessor that stands under `name`, noted as one of vertices.
    fn used_by_vertices(
        &mut self,
        object: &Object,
        name: &str,
        here: impl Fn() -> String + Copy,
    ) -> Option<(usize, Accessor)> {
        let index = json::index(object, name)?;
        let accessor = self.document.accessor(Some(index)).cloned()?;
        self.uses.note(index, "vertices", here, self.report);
        note_use(
            self.document,
            accessor.view,
            ViewUse::Vertices,
            here,
            self.report,
        );
        Some((index, accessor))
    }

    fn attribute(
        &mut self,
        attributes: &Object,
        name: &str,
        pointer: &str,
        vertices: &mut Option<u64>,
    ) {
        let here = || format!("{pointer}/{}", escaped(name));
        let Some((index, accessor)) = self.used_by_vertices(attributes, name, here) else {
            return;
        };
        if name == "POSITION" {
            self.bounds(&accessor, pointer);
        }
        let is_quantized = self.document.uses("KHR_mesh_quantization");
        match formats::of_attribute(name, accessor.format, is_quantized) {
            Some(false) => self.invalid_format(accessor.format, here),
            Some(true) => {
                let check = match name {
                    "NORMAL" => Some(Check::Unit),
                    "TANGENT" => Some(Check::UnitAndSign),
                    "COLOR_0" if accessor.component == Some(Component::F32) => Some(Check::Clamped),
                    _ => None,
                };
                if let Some(check) = check {
                    self.plan.add(index, check, here);
                }
            }
            None if accessor.component == Some(Component::U32) => self.report.error(
                "MESH_PRIMITIVE_ATTRIBUTES_ACCESSOR_UNSIGNED_INT",
                here(),
                "Attributes cannot be of type UNSIGNED_INT.",
            ),
            None => {}
        }
        self.alignment(&accessor, here);
        match *vertices {
            None => *vertices = accessor.count,
            Some(wanted) if accessor.count != Some(wanted) => self.report.error(
                "MESH_PRIMITIVE_UNEQUAL_ACCESSOR_COUNT",
                here(),
                format!("It has another number of elements than the primitive vertices, {wanted}."),
            ),
            Some(_) => {}
        }
        self.sharing(index, &accessor, here);
    }

    fn invalid_format(&mut self, format: Option<Format>, here: impl Fn() -> String) {
        let message = match format {
            Some(format) => format!("The format {format} is none that this attribute may have."),
            None => "Its accessor has no sound format.".to_owned(),
        };
        self.report.error(
            "MESH_PRIMITIVE_ATTRIBUTES_ACCESSOR_INVALID_FORMAT",
            here(),
            message,
        );
    }

    fn bounds(&mut self, accessor: &Accessor, pointer: &str) {
        if accessor.min.is_none() || accessor.max.is_none() {
            self.report.error(
                "MESH_PRIMITIVE_POSITION_ACCESSOR_WITHOUT_BOUNDS",
                format!("{pointer}/POSITION"),
                "Positions must come with their bounds, min and max.",
            );
        }
    }

    fn alignment(&mut self, accessor: &Accessor, here: impl Fn() -> String) {
        let is_ragged = accessor
            .format
            .is_some_and(|format| !format.element_length().is_multiple_of(4))
            && self
                .document
                .view(accessor.view)
                .is_some_and(|view| view.stride.is_none());
        if accessor
            .offset
            .is_some_and(|offset| !offset.is_multiple_of(4))
            || is_ragged
        {
            self.report.error(
                "MESH_PRIMITIVE_ACCESSOR_UNALIGNED",
                here(),
                "Every vertex must start at a multiple of 4 bytes.",
            );
        }
    }

    fn sharing(&mut self, index: usize, accessor: &Accessor, here: impl Fn() -> String) {
        let Some(view) = accessor.view else { return };
        if self
            .document
            .view(Some(view))
            .is_none_or(|view| view.stride.is_some())
        {
            return;
        }
        let sharers = self.sharers.entry(view).or_default();
        if sharers.insert(index) && sharers.len() > 1 {
            self.report.error(
                "MESH_PRIMITIVE_ACCESSOR_WITHOUT_BYTESTRIDE",
                here(),
                "Two attributes share a buffer view, which must then have a stride.",
            );
        }
    }

    fn indices(&mut self, primitive: &Object, index: usize, vertices: Option<u64>, pointer: &str) {
        let here = || format!("{pointer}/indices");
        let accessor = self.document.accessors[index].clone();
        self.uses.note(index, "indices", here, self.report);
        note_use(
            self.document,
            accessor.view,
            ViewUse::Indices,
            here,
            self.report,
        );
        if self.document.has_stride(&accessor) {
            self.report.error(
                "MESH_PRIMITIVE_INDICES_ACCESSOR_WITH_BYTESTRIDE",
                here(),
                "Indices must lie close together, without a stride.",
            );
        }
        let is_index = |format: Format| {
            matches!(
                format.component,
                Component::U8 | Component::U16 | Component::U32
            ) && format.kind == Kind::Scalar
                && !format.is_normalized
        };
        if !accessor.format.is_some_and(is_index) {
            self.report.error(
                "MESH_PRIMITIVE_INDICES_ACCESSOR_INVALID_FORMAT",
                here(),
                "Indices must be SCALAR, of type UNSIGNED_BYTE, UNSIGNED_SHORT or UNSIGNED_INT.",
            );
        } else {
            let vertices = vertices.unwrap_or(0);
            let is_triangles = json::uint(primitive, "mode").unwrap_or(4) == 4;
            self.plan
                .add(index, Check::Indices(vertices, is_triangles), here);
        }
    }

    fn material(&mut self, primitive: &Object, semantics: &Semantics, pointer: &str) {
        let needs = json::index(primitive, "material").and_then(|index| self.materials.get(index));
        let Some(needs) = needs else { return };
        let pointer = format!("{pointer}/material");
        if needs.tangents && !(semantics.has_normal && semantics.has_tangent) {
            if needs.has_normal_map {
                self.report.warning(
                    "MESH_PRIMITIVE_GENERATED_TANGENT_SPACE",
                    pointer.as_str(),
                    "The material's normal map needs tangents; computed ones may differ a little.",
                );
            } else {
                self.report.error(
                    "MESH_PRIMITIVE_NO_TANGENT_SPACE",
                    pointer.as_str(),
                    "The material needs tangents, which the mesh has not.",
                );
            }
        }
        for (binding, set) in &needs.texcoords {
            if *set >= semantics.texcoords() as u64 {
                self.report.error(
                    "MESH_PRIMITIVE_TOO_FEW_TEXCOORDS",
                    pointer.as_str(),
                    format!("The texture at {binding} needs the attribute TEXCOORD_{set}."),
                );
            }
        }
    }

    fn morphs(&mut self, primitive: &Object, attributes: &Object, pointer: &str) {
        // Names are told of even when a target is broken.
        let is_sound = target_count(primitive).is_some();
        for (at, target) in json::objects(primitive, "targets") {
            let pointer = format!("{pointer}/targets/{at}");
            attributes::check_morph(target, &pointer, self.report);
            if !is_sound {
                continue;
            }
            for name in target.keys() {
                self.morph(target, name, attributes, &pointer);
            }
        }
    }

    fn morph(&mut self, target: &Object, name: &str, attributes: &Object, pointer: &str) {
        let here = || format!("{pointer}/{}", escaped(name));
        let Some((index, accessor)) = self.used_by_vertices(target, name, here) else {
            return;
        };
        match self.document.accessor(json::index(attributes, name)) {
            None => self.report.error(
                "MESH_PRIMITIVE_MORPH_TARGET_NO_BASE_ACCESSOR",
                here(),
                "The primitive itself has no such attribute to morph.",
            ),
            Some(base) if base.count != accessor.count => self.report.error(
                "MESH_PRIMITIVE_MORPH_TARGET_INVALID_ATTRIBUTE_COUNT",
                here(),
                "It has another number of elements than the attribute it morphs.",
            ),
            Some(_) => {}
        }
        if name == "POSITION" {
            self.bounds(&accessor, pointer);
        }
        let is_quantized = self.document.uses("KHR_mesh_quantization");
        if formats::of_morph(name, accessor.format, is_quantized) == Some(false) {
            self.invalid_format(accessor.format, here);
        }
        self.alignment(&accessor, here);
        self.sharing(index, &accessor, here);
    }
}

fn mode(primitive: &Object, count: Option<u64>, pointer: &str, report: &mut Report) {
    let Some(count) = count else { return };
    let (name, is_odd) = match json::uint(primitive, "mode").unwrap_or(4) {
        1 => ("lines", !count.is_multiple_of(2)),
        2 | 3 => ("a line", count < 2),
        4 => ("triangles", !count.is_multiple_of(3)),
        5 | 6 => ("a strip or fan", count < 3),
        _ => return,
    };
    if is_odd {
        report.warning(
            "MESH_PRIMITIVE_INCOMPATIBLE_MODE",
            pointer,
            format!("{count} vertices or indices do not make {name}."),
        );
    }
}
