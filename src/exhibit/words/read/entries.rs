//! What stands in a Fluent file: known words, their arguments, references that lead somewhere.

use super::{Word, span};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    exhibit::words::bundle::WordFile,
    scene::{nearest, one_of},
};
use fluent_bundle::FluentResource;
use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Term, VariantKey,
};
use std::collections::BTreeMap;

/// The attribute with the keys of a row of the help.
const KEYS: &str = "keys";

/// Most parts in braces in a text: a word may refer to as many terms, each with as many, and
/// fluent-bundle 0.16 panics over more than a hundred.
const MOST_PARTS: usize = 9;
/// Longest number: fluent-bundle 0.16 panics over some that are longer.
const LONGEST_NUMBER: usize = 12;

/// Reports every entry that Grotto would not say, or not as it is meant, and gives the words
/// that can be said. To keep circles out, words may refer to terms, and terms to nothing.
pub(super) fn check(read: &FluentResource, file: u32, report: &mut Report) -> Vec<Word> {
    let mut checker = Checker {
        text: read.source(),
        file,
        report,
        seen: BTreeMap::new(),
        is_sound: true,
        used: Vec::new(),
        all_terms: read
            .entries()
            .filter_map(term)
            .map(|term| term.id.name)
            .collect(),
        sound_terms: Vec::new(),
    };
    for term in read.entries().filter_map(term) {
        checker.term(term);
    }
    let messages = read.entries().filter_map(|entry| match entry {
        Entry::Message(message) => Some(message),
        // Comments; and what the parser has reported.
        _ => None,
    });
    messages
        .filter_map(|message| checker.message(message))
        .collect()
}

fn term<'e, 'a>(entry: &'e Entry<&'a str>) -> Option<&'e Term<&'a str>> {
    match entry {
        Entry::Term(term) => Some(term),
        _ => None,
    }
}

/// Whether one of some files says a word, with its keys.
pub(super) fn is_said(files: &[&WordFile], word: Word) -> bool {
    let messages = || {
        let files = files.iter().filter(|file| file.sayable.contains(&word));
        files
            .flat_map(|file| file.fluent.entries())
            .filter_map(|entry| match entry {
                Entry::Message(message) if message.id.name == word.key() => Some(message),
                _ => None,
            })
    };
    let has_keys =
        |message: &Message<&str>| message.attributes.iter().any(|one| one.id.name == KEYS);
    messages().any(|message| message.value.is_some())
        && (!word.is_help_row() || messages().any(has_keys))
}

/// What a text belongs to.
#[derive(Clone, Copy)]
enum Owner {
    Word(Word),
    Term,
}

struct Checker<'a> {
    text: &'a str,
    file: u32,
    report: &'a mut Report,
    /// Names that came, terms with their hyphen, and where.
    seen: BTreeMap<String, Span>,
    /// Whether the present entry can be said.
    is_sound: bool,
    /// The arguments that the present text says.
    used: Vec<&'a str>,
    all_terms: Vec<&'a str>,
    sound_terms: Vec<&'a str>,
}

impl<'a> Checker<'a> {
    /// Where a part of the text stands in it.
    fn span(&self, part: &str) -> Span {
        // A part that is not of this text, which Fluent does not make, gets no place.
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let end = start.saturating_add(part.len());
        if end <= self.text.len() {
            span(self.text, self.file, start..end)
        } else {
            Span::whole_file(self.file)
        }
    }

    /// Something because of which the present entry is not said.
    fn error(&mut self, code: &'static str, message: String, at: Span, help: impl Into<String>) {
        self.is_sound = false;
        self.report
            .push(Diagnostic::error(code, message).at(at).help(help));
    }

    /// Whether a name comes for the first time; else that is an error.
    fn is_new(&mut self, name: &str, sign: &str) -> bool {
        let at = self.span(name);
        let full = format!("{sign}{name}");
        if let Some(first) = self.seen.get(&full) {
            let message = format!("`{full}` is given twice; the first is said");
            let diagnostic = Diagnostic::error("duplicate-word", message).at(at);
            self.report.push(
                diagnostic
                    .help("keep one of them")
                    .also(*first, "the first"),
            );
            return false;
        }
        self.seen.insert(full, at);
        true
    }

    fn term(&mut self, term: &Term<&'a str>) {
        if !self.is_new(term.id.name, "-") {
            return;
        }
        self.is_sound = true;
        let attributes = term.attributes.iter().map(|one| &one.value);
        for pattern in attributes.chain([&term.value]) {
            self.pattern(pattern, Owner::Term, term.id.name);
        }
        if self.is_sound {
            self.sound_terms.push(term.id.name);
        }
    }

    /// The word that a message says, if it can be said.
    fn message(&mut self, message: &Message<&'a str>) -> Option<Word> {
        let name = message.id.name;
        let at = self.span(name);
        let Some(word) = Word::of_key(name) else {
            let help = match nearest(name, Word::ALL.iter().map(|word| word.key())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "docs/languages.md lists all of them; for parts of your own write \
                         a term, whose name begins with a hyphen"
                    .to_owned(),
            };
            self.error(
                "unknown-word",
                format!("Grotto says no word `{name}`"),
                at,
                help,
            );
            return None;
        };
        if !self.is_new(name, "") {
            return None;
        }
        self.is_sound = true;
        self.used.clear();
        if let Some(value) = &message.value {
            self.pattern(value, Owner::Word(word), name);
            for argument in word.arguments() {
                if !self.used.contains(argument) {
                    let text = format!("`{name}` does not say {{ ${argument} }}");
                    let help = format!("put {{ ${argument} }} where it belongs");
                    self.report.push(
                        Diagnostic::warning("unused-argument", text)
                            .at(at)
                            .help(help),
                    );
                }
            }
        } else if !word.is_help_row() {
            let help = format!("write `{name} = ...`");
            self.error("missing-value", format!("`{name}` has no text"), at, help);
        }
        for attribute in &message.attributes {
            if word.is_help_row() && attribute.id.name == KEYS {
                self.pattern(&attribute.value, Owner::Term, name);
            } else {
                let at = self.span(attribute.id.name);
                let text = format!("`{name}` has no attribute `.{}`", attribute.id.name);
                let help = if word.is_help_row() {
                    "did you mean `.keys`?"
                } else {
                    "take the line away"
                };
                self.error("unknown-attribute", text, at, help);
            }
        }
        self.is_sound.then_some(word)
    }

    /// Checks a text and all its parts.
    fn pattern(&mut self, pattern: &Pattern<&'a str>, owner: Owner, name: &'a str) {
        let mut parts = 0;
        self.parts(pattern, owner, &mut parts);
        if parts > MOST_PARTS {
            let at = self.span(name);
            let text =
                format!("this text has {parts} parts in braces; at most {MOST_PARTS} are read");
            self.error("too-many-parts", text, at, "write it more plainly");
        }
    }

    fn parts(&mut self, pattern: &Pattern<&'a str>, owner: Owner, parts: &mut usize) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                *parts += 1;
                self.expression(expression, owner, parts);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&'a str>, owner: Owner, parts: &mut usize) {
        match expression {
            Expression::Inline(inline) => self.inline(inline, owner, parts),
            Expression::Select { selector, variants } => {
                match (selector, owner) {
                    // `-museum(case: "genitive")`: what a term is bent by. Absent, the
                    // default variant is said.
                    (InlineExpression::VariableReference { .. }, Owner::Term) => {}
                    _ => self.inline(selector, owner, parts),
                }
                for variant in variants {
                    if let VariantKey::NumberLiteral { value } = variant.key {
                        self.number(value);
                    }
                    self.parts(&variant.value, owner, parts);
                }
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<&'a str>, owner: Owner, parts: &mut usize) {
        match inline {
            InlineExpression::StringLiteral { .. } => {}
            InlineExpression::NumberLiteral { value } => self.number(value),
            InlineExpression::Placeable { expression } => self.expression(expression, owner, parts),
            InlineExpression::VariableReference { id } => self.variable(id.name, owner),
            InlineExpression::MessageReference { id, .. } => {
                let at = self.span(id.name);
                let text = format!("a text cannot hold another word, `{}`", id.name);
                let help = "write what they share as a term, whose name begins with a hyphen";
                self.error("word-in-word", text, at, help);
            }
            InlineExpression::TermReference {
                id,
                arguments,
                attribute,
            } => {
                self.reference(id.name, owner);
                if let Some(attribute) = attribute {
                    // Fluent allows it only as a selector, where it may lead nowhere.
                    let at = self.span(attribute.name);
                    let text = format!("the attribute `.{}` cannot be asked for", attribute.name);
                    self.error(
                        "term-attribute",
                        text,
                        at,
                        "choose by an argument of the term",
                    );
                }
                for named in arguments.iter().flat_map(|call| &call.named) {
                    self.inline(&named.value, owner, parts);
                }
                for own in arguments.iter().flat_map(|call| &call.positional) {
                    self.inline(own, owner, parts);
                }
            }
            InlineExpression::FunctionReference { id, .. } => {
                let at = self.span(id.name);
                let text = format!("there is no function {}()", id.name);
                self.error("unknown-function", text, at, "write the text itself");
            }
        }
    }

    fn number(&mut self, value: &'a str) {
        if value.len() > LONGEST_NUMBER {
            let at = self.span(value);
            let text = format!("this number is longer than {LONGEST_NUMBER} characters");
            self.error("long-number", text, at, "put it in quotation marks");
        }
    }

    fn variable(&mut self, name: &'a str, owner: Owner) {
        let at = self.span(name);
        let Owner::Word(word) = owner else {
            let text = format!("nothing fills in ${name} here");
            self.error("unknown-argument", text, at, "write the text itself");
            return;
        };
        self.used.push(name);
        if word.arguments().contains(&name) {
            return;
        }
        let known: Vec<String> = word
            .arguments()
            .iter()
            .map(|name| format!("{{ ${name} }}"))
            .collect();
        let help = if known.is_empty() {
            "it takes none: write the text itself".to_owned()
        } else {
            format!("it takes {}", one_of(&known, "and"))
        };
        let text = format!("`{}` has no argument ${name}", word.key());
        self.error("unknown-argument", text, at, help);
    }

    /// A reference to a term.
    fn reference(&mut self, name: &'a str, owner: Owner) {
        let at = self.span(name);
        if matches!(owner, Owner::Term) {
            let text = format!("`-{name}` cannot stand here");
            let help = "terms, and the keys of the help, are written in full";
            self.error("term-in-term", text, at, help);
        } else if !self.all_terms.contains(&name) {
            let help = match nearest(name, self.all_terms.iter().copied()) {
                Some(near) => format!("did you mean `-{near}`?"),
                None => format!("write `-{name} = ...` in this file"),
            };
            let text = format!("there is no `-{name}` in this file");
            self.error("unknown-reference", text, at, help);
        } else if !self.sound_terms.contains(&name) {
            // Reported where the term stands.
            self.is_sound = false;
        }
    }
}
