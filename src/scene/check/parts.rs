//! Parts of meshes by name: nodes, animations and materials are in the files, and what bends is
//! told of.

use std::collections::{BTreeMap, HashSet};

use super::Context;
use super::walk::Uses;
use crate::diagnostic::{Diagnostic, Report, Severity, Span};
use crate::scene::files::MeshFacts;
use crate::scene::schema::{MeshPlacement, NodeSet, Spanned};
use crate::scene::words::{nearest, one_of};

/// Whether a name fits a pattern in which `*` stands for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

/// What a placement says of the nodes of its file.
pub(super) fn of_placement(mesh: &MeshPlacement, facts: &MeshFacts, report: &mut Report) {
    node_sets(mesh, facts, report);
    bending(mesh, facts, report);
}

fn node_sets(mesh: &MeshPlacement, facts: &MeshFacts, report: &mut Report) {
    let of = |set: &'_ NodeSet| match set {
        NodeSet::Nodes(names) => names.clone(),
        _ => Vec::new(),
    };
    let (collide, walk_on) = (of(&mesh.collide), of(&mesh.walk_on));
    for pattern in mesh.hide.iter().chain(&collide).chain(&walk_on) {
        if !facts
            .node_names
            .iter()
            .any(|name| fits(&pattern.value, name))
        {
            unknown_part(
                "node",
                "unknown-node",
                pattern,
                mesh.id.as_str(),
                &facts.node_names,
                report,
            );
        }
    }
}

/// What bends is bumped into as it stands in the file: worth knowing, and easily seen too late.
fn bending(mesh: &MeshPlacement, facts: &MeshFacts, report: &mut Report) {
    let holds = |set: &NodeSet, line: &[String]| match set {
        NodeSet::All => true,
        NodeSet::None => false,
        NodeSet::Nodes(names) => names
            .iter()
            .any(|pattern| line.iter().any(|name| fits(&pattern.value, name))),
    };
    let stops = |line: &&Vec<String>| {
        let is_hidden = mesh
            .hide
            .iter()
            .any(|pattern| line.iter().any(|name| fits(&pattern.value, name)));
        !is_hidden && (holds(&mesh.collide, line) || holds(&mesh.walk_on, line))
    };
    let Some(line) = facts.bending.iter().find(stops) else {
        return;
    };
    let name = line.first().map_or("", String::as_str);
    let message = format!(
        "the node \"{name}\" of the mesh \"{}\" bends; visitors bump into it as it stands in the file, not as it is shown",
        mesh.id
    );
    let help = "name what stands still in `collide` and `walk_on`, or write None in both";
    report.push(
        Diagnostic::new(Severity::Info, "bends-at-rest", message)
            .at(mesh.path.written.span)
            .help(help),
    );
}

fn unknown_part(
    what: &str,
    code: &'static str,
    name: &Spanned<String>,
    mesh: &str,
    names: &[String],
    report: &mut Report,
) {
    if name.value.is_empty() && name.span.file == 0 {
        return;
    }
    let near = nearest(&name.value, names.iter().map(String::as_str));
    let help = match (near, names) {
        (Some(near), _) => format!("did you mean \"{near}\"?"),
        (None, []) => format!("its file names no {what}s"),
        (None, names) => {
            let some: Vec<String> = names
                .iter()
                .take(8)
                .map(|name| format!("\"{name}\""))
                .collect();
            let more = if names.len() > 8 { ", ..." } else { "" };
            format!(
                "its {what}s are {}{more}",
                one_of(&some, if more.is_empty() { "and" } else { "," })
            )
        }
    };
    let message = format!("the mesh \"{mesh}\" has no {what} \"{}\"", name.value);
    report.push(Diagnostic::error(code, message).at(name.span).help(help));
}

/// Nodes, animations and materials named outside of their mesh.
pub(super) fn named_elsewhere(
    context: &Context<'_>,
    uses: &Uses<'_>,
    facts: &BTreeMap<&str, Option<MeshFacts>>,
    report: &mut Report,
) {
    let meshes = context
        .exhibit
        .spaces
        .iter()
        .flat_map(|space| &space.meshes);
    let by_id: BTreeMap<&str, &MeshFacts> = meshes
        .filter_map(|mesh| {
            Some((
                mesh.id.as_str(),
                facts.get(mesh.path.in_exhibit.as_str())?.as_ref()?,
            ))
        })
        .collect();
    let mut said: HashSet<Span> = HashSet::new();
    let surfaces = context
        .exhibit
        .spaces
        .iter()
        .flat_map(|space| &space.surfaces);
    let surface_nodes = surfaces
        .clone()
        .filter_map(|surface| Some((&surface.mesh, surface.node.as_ref()?)));
    for (mesh, node) in uses.nodes.iter().copied().chain(surface_nodes) {
        let Some(facts) = by_id.get(mesh.as_str()) else {
            continue;
        };
        let count = facts
            .node_names
            .iter()
            .filter(|name| **name == node.value)
            .count();
        if count == 0 && said.insert(node.span) {
            unknown_part(
                "node",
                "unknown-node",
                node,
                mesh.as_str(),
                &facts.node_names,
                report,
            );
        } else if count > 1 && said.insert(node.span) {
            let message = format!("the mesh \"{mesh}\" has {count} nodes \"{}\"", node.value);
            let help = "rename them in the file so that each name is one node; the first is taken";
            report.push(
                Diagnostic::warning("ambiguous-node", message)
                    .at(node.span)
                    .help(help),
            );
        }
    }
    let played = context
        .exhibit
        .spaces
        .iter()
        .flat_map(|space| &space.meshes)
        .flat_map(|mesh| mesh.plays.iter().map(move |clip| (&mesh.id, clip)));
    for (mesh, clip) in uses.clips.iter().copied().chain(played) {
        if let Some(facts) = by_id.get(mesh.as_str())
            && !facts.animation_names.contains(&clip.value)
        {
            let names = &facts.animation_names;
            unknown_part(
                "animation",
                "unknown-animation",
                clip,
                mesh.as_str(),
                names,
                report,
            );
        }
    }
    for surface in surfaces {
        if let (Some(material), Some(facts)) = (&surface.material, by_id.get(surface.mesh.as_str()))
            && !facts.material_names.contains(&material.value)
        {
            let (mesh, names) = (surface.mesh.as_str(), &facts.material_names);
            unknown_part(
                "material",
                "unknown-material",
                material,
                mesh,
                names,
                report,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, expected) in [
            ("Rock", "Rock", true),
            ("Rock", "Rocks", false),
            ("Rock*", "Rock.001", true),
            ("*_col", "wall_col", true),
            ("*_col", "wall_col_1", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*a", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} and {name}");
        }
    }
}
