//! The tables of `docs/scene-format.md`, made from the schema itself.

use std::fmt::Write as _;

use super::decode::{ChoiceSchema, FieldSchema, RecordSchema, Spec, VariantShape, plain};
use super::schema::*;

/// One record or choice of the format.
enum Entry {
    Record(RecordSchema),
    Choice(ChoiceSchema),
}

/// All of them, in the order of the documentation.
fn entries() -> Vec<Entry> {
    use Entry::{Choice, Record};
    vec![
        Record(Exhibit::SCHEMA),
        Record(Credit::SCHEMA),
        Record(View::SCHEMA),
        Record(Body::SCHEMA),
        Choice(MoveMode::SCHEMA),
        Record(Variable::SCHEMA),
        Record(Pose::SCHEMA),
        Record(Placement::SCHEMA),
        Record(Space::SCHEMA),
        Record(MeshPlacement::SCHEMA),
        Choice(Unit::SCHEMA),
        Choice(Up::SCHEMA),
        Choice(NodeSet::SCHEMA),
        Choice(Shading::SCHEMA),
        Record(Ground::SCHEMA),
        Record(Acoustics::SCHEMA),
        Choice(WallMaterial::SCHEMA),
        Record(Doorway::SCHEMA),
        Record(Surface::SCHEMA),
        Record(Layer::SCHEMA),
        Record(Light::SCHEMA),
        Choice(LightKind::SCHEMA),
        Choice(Flicker::SCHEMA),
        Record(Lamp::SCHEMA),
        Record(BakedLight::SCHEMA),
        Record(BakedSource::SCHEMA),
        Record(Atmosphere::SCHEMA),
        Choice(Sky::SCHEMA),
        Record(Fog::SCHEMA),
        Record(Hotspot::SCHEMA),
        Choice(Shape::SCHEMA),
        Choice(Trigger::SCHEMA),
        Choice(Action::SCHEMA),
        Choice(Condition::SCHEMA),
        Record(PanelImage::SCHEMA),
        Record(Sound::SCHEMA),
        Choice(SoundKind::SCHEMA),
        Record(SoundPath::SCHEMA),
        Record(DistanceLaw::SCHEMA),
        Record(InterfaceSounds::SCHEMA),
        Record(Listening::SCHEMA),
        Choice(Through::SCHEMA),
        Record(Cone::SCHEMA),
        Record(Tour::SCHEMA),
        Choice(Pace::SCHEMA),
        Record(TourStep::SCHEMA),
        Record(Say::SCHEMA),
        Record(Cue::SCHEMA),
        Choice(Property::SCHEMA),
        Choice(Curve::SCHEMA),
        Choice(GoOn::SCHEMA),
        Record(Question::SCHEMA),
        Record(Answer::SCHEMA),
        Record(Branch::SCHEMA),
    ]
}

/// The reference as Markdown: one section a record or choice.
#[must_use]
pub fn reference() -> String {
    let entries = entries();
    let names: Vec<&str> = entries
        .iter()
        .map(|entry| match entry {
            Entry::Record(record) => record.name,
            Entry::Choice(choice) => choice.name,
        })
        .chain(["Place", "SoundAt", "Target", "Start"])
        .collect();
    let mut out = String::new();
    for entry in &entries {
        match entry {
            Entry::Record(record) => {
                heading(&mut out, record.name, record.doc);
                fields(&mut out, record.fields, &names);
            }
            Entry::Choice(choice) => variants(&mut out, choice, &names),
        }
    }
    out
}

/// Writing into a `String` cannot fail, so results of `write!` are dropped by `ok()`.
fn heading(out: &mut String, name: &str, doc: &[&str]) {
    writeln!(out, "### {name}\n\n{}\n", sentence(doc)).ok();
}

fn fields(out: &mut String, fields: &[FieldSchema], names: &[&str]) {
    out.push_str("| field | type | default | meaning |\n|---|---|---|---|\n");
    for field in fields {
        let default = match (field.is_required, field.spec.shown) {
            (true, _) => "**required**".to_owned(),
            (false, "") => default(field.default),
            (false, shown) => format!("`{shown}`"),
        };
        let (kind, meaning) = (type_of(field, names), sentence(field.doc));
        writeln!(out, "| `{}` | {kind} | {default} | {meaning} |", field.name).ok();
    }
    out.push('\n');
}

fn variants(out: &mut String, choice: &ChoiceSchema, names: &[&str]) {
    heading(out, choice.name, choice.doc);
    out.push_str("| written | meaning |\n|---|---|\n");
    for variant in choice.variants {
        let written = match &variant.shape {
            VariantShape::Bare => format!("`{}`", variant.name),
            VariantShape::Values(values) => {
                let types: Vec<String> = values
                    .iter()
                    .map(|(name, spec)| link(&name(), names) + &limits(spec))
                    .collect();
                format!("`{}(`{}`)`", variant.name, types.join(", "))
            }
            VariantShape::Fields(_) => format!("`{}(...)`", variant.name),
        };
        writeln!(out, "| {written} | {} |", sentence(variant.doc)).ok();
    }
    out.push('\n');
    for variant in choice.variants {
        if let VariantShape::Fields(schema) = &variant.shape {
            writeln!(out, "`{}(...)`:\n", variant.name).ok();
            fields(out, schema, names);
        }
    }
}

/// Doc lines as one paragraph, without the links that only Rust understands.
fn sentence(doc: &[&str]) -> String {
    let text: Vec<&str> = doc.iter().map(|line| line.trim()).collect();
    text.join(" ").replace('|', "\\|")
}

fn type_of(field: &FieldSchema, names: &[&str]) -> String {
    let mut text = link(&(field.type_name)(), names);
    if field.spec.parts {
        text.push_str(" (items may be paths of files)");
    }
    text + &limits(&field.spec)
}

fn limits(spec: &Spec) -> String {
    let mut text = String::new();
    if !spec.unit.is_empty() {
        write!(text, ", {}", spec.unit).ok();
    }
    if let Some((least, most)) = spec.range {
        // Bounds that only keep numbers sane would be noise.
        if least < most && (least.abs() < 1e5 || most.abs() < 1e5) {
            write!(text, ", {} to {}", plain(least), plain(most)).ok();
        }
    }
    if let Some(columns) = spec.limit {
        write!(text, ", at most {columns} columns").ok();
    }
    text
}

/// A type with a link to its section.
fn link(name: &str, names: &[&str]) -> String {
    if let Some(inner) = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
    {
        return format!("list of {}", link(inner, names));
    }
    if names.contains(&name) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    name.to_owned()
}

/// A default as an author would write it.
fn default(rust: &str) -> String {
    let rust = rust
        .strip_prefix('(')
        .and_then(|rust| rust.strip_suffix(')'))
        .unwrap_or(rust);
    let rust: String = rust.split_whitespace().collect();
    if let Some(name) = rust.strip_suffix("::default()") {
        return if matches!(name, "Text" | "LocalizedPath") {
            "none".to_owned()
        } else {
            "its defaults".to_owned()
        };
    }
    if rust.ends_with("::default())") {
        // A variant that holds what is usual.
        return "its defaults".to_owned();
    }
    let text = match rust.as_str() {
        "None" => return "none".to_owned(),
        "Vec::new()" => "[]",
        "Vec3::ZERO" => "(0, 0, 0)",
        "Color::WHITE" => "\"#ffffff\"",
        "Value::Flag(false)" => "false",
        rust => rust.rsplit("::").next().unwrap_or(rust),
    };
    format!("`{text}`")
}
