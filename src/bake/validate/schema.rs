//! Walking the document along the tables of [`super::tables`]: types, ranges, required
//! properties, list lengths, references, unknown properties, extensions in their places.
//!
//! The walk follows the tables, never the document, so its depth is fixed.

use std::collections::HashSet;

use serde_json::Value;

use super::json::{self, Object, shown};
use super::report::{Report, escaped, quoted};
use super::tables;

/// What a property must look like.
pub(super) enum Rule {
    /// Anything.
    Any,
    /// `true` or `false`.
    Bool,
    /// An index into a root collection; an empty name leaves resolving to a later check.
    Index(&'static str),
    /// A whole number within a range, both ends included.
    Uint(u64, u64),
    /// One of some whole numbers.
    UintOf(&'static [i64]),
    /// A finite number that passes a test.
    Number(fn(f64) -> bool),
    /// A string.
    Text,
    /// One of some strings.
    TextOf(&'static [&'static str]),
    /// A string of a shape: the test, and its regular expression for the message.
    Pattern(fn(&str) -> bool, &'static str),
    /// An object.
    Object(&'static Shape),
    /// An object that only counts when the property `type` beside it names it.
    ObjectOfType(&'static Shape),
    /// A list of at least one object.
    Objects(&'static Shape),
    /// Finite numbers that pass a test, in one of some counts (none given: at least one).
    Numbers(&'static [usize], fn(f64) -> bool),
    /// A list of different indices into a root collection.
    Indices(&'static str),
    /// A list of different strings.
    Strings,
    /// Names of attributes with indices of accessors.
    Attributes,
    /// A list of such maps.
    Targets,
}

/// A property of an object.
pub(super) struct Field {
    /// Its name.
    pub(super) name: &'static str,
    /// What it must look like.
    pub(super) rule: Rule,
    /// Whether it must be there.
    pub(super) is_required: bool,
}

/// What an object of the document may hold. `extensions` and `extras` go without saying.
pub(super) struct Shape {
    /// Its properties.
    pub(super) fields: &'static [Field],
    /// Extensions that may stand here, with their shapes.
    pub(super) extensions: &'static [(&'static str, &'static Shape)],
}

/// Checks the whole document against the tables.
pub(super) fn check(root: &Object, report: &mut Report) {
    let names = |list| {
        json::array(root, list)
            .iter()
            .filter_map(Value::as_str)
            .collect()
    };
    let nothing = Object::new();
    let nothing = &nothing;
    let mut walk = Walk {
        root,
        nothing,
        used: names("extensionsUsed"),
        pointer: String::new(),
        report,
    };
    walk.object(root, &tables::ROOT);
    for (name, shape) in tables::COLLECTIONS {
        walk.collection(name, shape);
    }
}

struct Walk<'a> {
    root: &'a Object,
    /// Stands for extensions that are no objects.
    nothing: &'a Object,
    used: HashSet<&'a str>,
    pointer: String,
    report: &'a mut Report,
}

impl<'a> Walk<'a> {
    /// Does `work` one step further down the document.
    fn under(&mut self, step: &str, work: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escaped(step));
        work(self);
        self.pointer.truncate(length);
    }

    fn error(&mut self, code: &'static str, message: String) {
        let pointer = self.pointer.clone();
        self.report.error(code, pointer, message);
    }

    fn mismatch(&mut self, code: &'static str, value: &Value, wanted: &str) {
        self.error(
            code,
            format!("The value is {}, but must be {wanted}.", shown(value)),
        );
    }

    fn collection(&mut self, name: &str, shape: &'static Shape) {
        let root = self.root;
        let Some(value) = root.get(name) else { return };
        self.under(name, |walk| {
            let Some(items) = walk.list(value) else {
                return;
            };
            for (index, item) in items.iter().enumerate() {
                walk.under(&index.to_string(), |walk| match item.as_object() {
                    Some(object) => walk.object(object, shape),
                    None => walk.mismatch("TYPE_MISMATCH", item, "an object"),
                });
            }
        });
    }

    /// A list that is one and is not empty.
    fn list(&mut self, value: &'a Value) -> Option<&'a [Value]> {
        match value.as_array() {
            None => self.mismatch("TYPE_MISMATCH", value, "an array"),
            Some(items) if items.is_empty() => self.empty(),
            Some(items) => return Some(items),
        }
        None
    }

    fn empty(&mut self) {
        self.error(
            "EMPTY_ENTITY",
            "It is empty, which glTF does not allow.".to_owned(),
        );
    }

    fn object(&mut self, object: &'a Object, shape: &'static Shape) {
        for key in object.keys() {
            let is_known = key == "extensions"
                || key == "extras"
                || shape.fields.iter().any(|field| field.name == key);
            if !is_known {
                self.under(key, |walk| {
                    walk.report.warning(
                        "UNEXPECTED_PROPERTY",
                        walk.pointer.clone(),
                        format!("glTF knows no property {} here.", quoted(key)),
                    );
                });
            }
        }
        for field in shape.fields {
            let value = object.get(field.name);
            if let Some(value) = value {
                let is_idle = matches!(field.rule, Rule::ObjectOfType(_))
                    && json::text(object, "type") != Some(field.name);
                if !is_idle {
                    self.under(field.name, |walk| walk.value(value, &field.rule));
                }
            }
            match value {
                None | Some(Value::Null) if field.is_required => {
                    // The document's own pointer is '/' in the validator's reports.
                    let root = if self.pointer.is_empty() { "/" } else { "" };
                    self.report.error(
                        "UNDEFINED_PROPERTY",
                        format!("{}{root}", self.pointer),
                        format!("The property '{}' is missing.", field.name),
                    );
                }
                _ => {}
            }
        }
        if let Some(extensions) = object.get("extensions") {
            self.under("extensions", |walk| walk.extensions(extensions, shape));
        }
    }

    fn extensions(&mut self, value: &'a Value, shape: &'static Shape) {
        let Some(extensions) = value.as_object() else {
            return self.mismatch("TYPE_MISMATCH", value, "an object");
        };
        for (name, value) in extensions {
            self.under(name, |walk| walk.extension(name, value, shape));
        }
    }

    fn extension(&mut self, name: &str, value: &'a Value, shape: &'static Shape) {
        if !value.is_object() {
            self.mismatch("TYPE_MISMATCH", value, "an object");
        }
        if !self.used.contains(name) {
            return self.error(
                "UNDECLARED_EXTENSION",
                format!(
                    "The extension {} is used but not listed in extensionsUsed.",
                    quoted(name)
                ),
            );
        }
        let here = shape.extensions.iter().find(|(known, _)| *known == name);
        if here.is_none() && tables::EXTENSIONS.contains(&name) {
            return self.error(
                "UNEXPECTED_EXTENSION_OBJECT",
                format!("The extension {} has no meaning here.", quoted(name)),
            );
        }
        if let Some((_, shape)) = here {
            self.object(value.as_object().unwrap_or(self.nothing), shape);
        }
    }

    fn value(&mut self, value: &'a Value, rule: &'static Rule) {
        match rule {
            Rule::Any => {}
            Rule::Bool if value.is_boolean() => {}
            Rule::Bool => self.mismatch("TYPE_MISMATCH", value, "true or false"),
            Rule::Index(target) => self.index(value, target),
            Rule::Uint(least, most) => self.uint(value, *least, *most),
            Rule::UintOf(list) => match json::whole(value) {
                None => self.mismatch("TYPE_MISMATCH", value, "a whole number"),
                Some(number) if list.contains(&number) => {}
                Some(_) => self.not_listed(value, &format!("{list:?}")),
            },
            Rule::Number(test) => self.number(value, *test),
            Rule::Text if value.is_string() => {}
            Rule::Text => self.mismatch("TYPE_MISMATCH", value, "a string"),
            Rule::TextOf(list) => match value.as_str() {
                None => self.mismatch("TYPE_MISMATCH", value, "a string"),
                Some(text) if list.contains(&text) => {}
                Some(text) => self.other_text(text, value, list),
            },
            Rule::Pattern(test, pattern) => match value.as_str() {
                None => self.mismatch("TYPE_MISMATCH", value, "a string"),
                Some(text) if test(text) => {}
                Some(text) => self.error(
                    "PATTERN_MISMATCH",
                    format!("The value {} does not match {pattern}.", quoted(text)),
                ),
            },
            Rule::Object(shape) | Rule::ObjectOfType(shape) => match value.as_object() {
                Some(object) => self.object(object, shape),
                None => self.mismatch("TYPE_MISMATCH", value, "an object"),
            },
            Rule::Objects(shape) => self.objects(value, shape),
            Rule::Numbers(counts, test) => self.numbers(value, counts, *test),
            Rule::Indices(target) => self.indices(value, target),
            Rule::Strings => self.strings(value),
            Rule::Attributes => self.attributes(value),
            Rule::Targets => self.targets(value),
        }
    }

    fn not_listed(&mut self, value: &Value, list: &str) {
        self.report.warning(
            "VALUE_NOT_IN_LIST",
            self.pointer.clone(),
            format!("The value {} is none of {list}.", shown(value)),
        );
    }

    /// A string that is in no list of glTF's own, but may be of an extension in use.
    fn other_text(&mut self, text: &str, value: &Value, list: &[&str]) {
        let is_allowed = tables::MORE_WORDS
            .iter()
            .any(|(word, property, extension)| {
                *word == text && self.pointer.ends_with(property) && self.used.contains(extension)
            });
        if !is_allowed {
            self.not_listed(value, &list.join(", "));
        }
    }

    fn index(&mut self, value: &Value, target: &str) {
        match json::whole(value) {
            None => self.mismatch("TYPE_MISMATCH", value, "a whole number"),
            Some(_) => self.listed_index(value, target),
        }
    }

    /// An index in a list or a map.
    fn listed_index(&mut self, value: &Value, target: &str) {
        let index = json::whole(value).and_then(|number| usize::try_from(number).ok());
        let Some(index) = index else {
            let message = format!("An index cannot be {}.", shown(value));
            return self.error("INVALID_INDEX", message);
        };
        let list = json::array(self.root, target);
        if !target.is_empty() && !list.get(index).is_some_and(Value::is_object) {
            let count = list.len();
            self.error(
                "UNRESOLVED_REFERENCE",
                format!("There is no sound {target}[{index}]; the list has {count}."),
            );
        }
    }

    fn out_of_range(&mut self, value: &Value) {
        self.error(
            "VALUE_NOT_IN_RANGE",
            format!("The value {} is out of range.", shown(value)),
        );
    }

    fn uint(&mut self, value: &Value, least: u64, most: u64) {
        match json::whole(value) {
            None if value.as_u64().is_some() => self.out_of_range(value),
            None => self.mismatch("TYPE_MISMATCH", value, "a whole number"),
            Some(number) => {
                if !u64::try_from(number).is_ok_and(|number| (least..=most).contains(&number)) {
                    self.out_of_range(value);
                }
            }
        }
    }

    fn number(&mut self, value: &Value, test: fn(f64) -> bool) {
        match value.as_f64() {
            None => self.mismatch("TYPE_MISMATCH", value, "a number"),
            Some(number) if json::is_finite(number) && test(number) => {}
            Some(_) => self.out_of_range(value),
        }
    }

    fn numbers(&mut self, value: &'a Value, counts: &[usize], test: fn(f64) -> bool) {
        let Some(items) = value.as_array() else {
            return self.mismatch("TYPE_MISMATCH", value, "an array of numbers");
        };
        if counts.is_empty() && items.is_empty() {
            return self.empty();
        }
        if !counts.is_empty() && !counts.contains(&items.len()) {
            return self.error(
                "ARRAY_LENGTH_NOT_IN_LIST",
                format!("It holds {} numbers; {counts:?} are allowed.", items.len()),
            );
        }
        for (index, item) in items.iter().enumerate() {
            if item.is_number() {
                self.under(&index.to_string(), |walk| walk.number(item, test));
            } else {
                self.mismatch("ARRAY_TYPE_MISMATCH", item, "a number");
            }
        }
    }

    fn objects(&mut self, value: &'a Value, shape: &'static Shape) {
        let Some(items) = self.list(value) else {
            return;
        };
        if let Some(odd) = items.iter().find(|item| !item.is_object()) {
            return self.mismatch("ARRAY_TYPE_MISMATCH", odd, "an object");
        }
        for (index, item) in items.iter().enumerate() {
            if let Some(object) = item.as_object() {
                self.under(&index.to_string(), |walk| walk.object(object, shape));
            }
        }
    }

    fn indices(&mut self, value: &'a Value, target: &str) {
        let Some(items) = self.list(value) else {
            return;
        };
        let mut seen = HashSet::new();
        for (index, item) in items.iter().enumerate() {
            let is_new = json::whole(item).is_none_or(|number| seen.insert(number));
            self.under(&index.to_string(), |walk| {
                if is_new {
                    walk.listed_index(item, target);
                } else {
                    walk.error(
                        "DUPLICATE_ELEMENTS",
                        format!("{item} is in the list twice."),
                    );
                }
            });
        }
    }

    fn strings(&mut self, value: &'a Value) {
        let Some(items) = self.list(value) else {
            return;
        };
        let mut seen = HashSet::new();
        for (index, item) in items.iter().enumerate() {
            self.under(&index.to_string(), |walk| match item.as_str() {
                None => walk.mismatch("ARRAY_TYPE_MISMATCH", item, "a string"),
                Some(text) if seen.insert(text) => {}
                Some(text) => walk.error(
                    "DUPLICATE_ELEMENTS",
                    format!("{} is in the list twice.", quoted(text)),
                ),
            });
        }
    }

    fn attributes(&mut self, value: &'a Value) {
        let Some(attributes) = value.as_object() else {
            return self.mismatch("TYPE_MISMATCH", value, "an object");
        };
        if attributes.is_empty() {
            return self.empty();
        }
        for (name, value) in attributes {
            self.under(name, |walk| walk.listed_index(value, "accessors"));
        }
    }

    fn targets(&mut self, value: &'a Value) {
        let Some(items) = self.list(value) else {
            return;
        };
        for (index, item) in items.iter().enumerate() {
            if item.is_object() {
                self.under(&index.to_string(), |walk| walk.attributes(item));
            } else {
                self.mismatch("ARRAY_TYPE_MISMATCH", item, "an object");
            }
        }
    }
}
