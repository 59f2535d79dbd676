//! The Fluent files of an exhibit, and every problem in them.
//!
//! What is wrong in a file never takes the rest of it away: a word that cannot be read is
//! said in Grotto's own way.

mod entries;
mod syntax;

use super::{
    Word,
    bundle::{WordFile, built_in},
};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    scene::{
        Lookup, SceneFiles, one_of,
        schema::{Exhibit, Language},
    },
};
use fluent_bundle::FluentResource;
use std::{ops::Range, sync::Arc};

/// The folder of an exhibit that holds them.
const FOLDER: &str = "words";
/// Largest file, bytes: Grotto's own are a twentieth of it.
const LARGEST: u64 = 64 << 10;
/// Most opening braces and brackets in a file. Fluent's parser calls itself for each that
/// stands in another, so that a file of nothing else would exhaust the stack.
const MOST_OPENINGS: usize = 500;

/// What an exhibit says in Grotto's place: Fluent files by their language.
#[derive(Debug, Clone, Default)]
pub struct OwnWords {
    files: Vec<Arc<WordFile>>,
    paths: Vec<String>,
}

impl OwnWords {
    /// Files by their language, in the order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<WordFile>> {
        self.files.iter()
    }

    /// The files that were read, as paths in the exhibit: what a running exhibit watches.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }
}

/// Reads the Fluent files in an exhibit's folder, and says what is wrong with them and which
/// words the languages it offers lack.
pub fn read(files: &dyn SceneFiles, exhibit: &Exhibit, report: &mut Report) -> OwnWords {
    let mut own = OwnWords::default();
    let mut names = files.list(FOLDER);
    names.sort();
    for name in names {
        let Some(tag) = name.strip_suffix(".ftl") else {
            continue;
        };
        let path = format!("{FOLDER}/{name}");
        own.paths.push(path.clone());
        let Some((text, file)) = text(files, &path, report) else {
            continue;
        };
        let Some(language) = language_of(tag, file, exhibit, &own, report) else {
            continue;
        };
        let fluent = parse(text, file, report);
        own.files.push(Arc::new(WordFile {
            sayable: entries::check(&fluent, file, report),
            fluent: Arc::new(fluent),
            language,
        }));
    }
    missing(exhibit, &own, report);
    own
}

/// The language that a file is named after.
fn language_of(
    tag: &str,
    file: u32,
    exhibit: &Exhibit,
    own: &OwnWords,
    report: &mut Report,
) -> Option<Language> {
    let whole = Span::whole_file(file);
    let language = match Language::parse(tag) {
        Ok(language) => language,
        Err(cure) => {
            let message =
                format!("\"{tag}\" is not a language tag, after which this file is named");
            let diagnostic = Diagnostic::error("unknown-language", message).at(whole);
            let cure = cure.replace("write", "name it after");
            report.push(diagnostic.help(format!("{cure}, as in words/en.ftl")));
            return None;
        }
    };
    if own.files.iter().any(|other| other.language == language) {
        let message = format!("another file holds the words in \"{language}\" already");
        let diagnostic = Diagnostic::error("duplicate-language", message).at(whole);
        report.push(diagnostic.help("put them into one file"));
        return None;
    }
    if language.as_str() != tag {
        let message = format!("\"{tag}\" is written \"{language}\"");
        let diagnostic = Diagnostic::warning("wrong-case", message).at(whole);
        report.push(diagnostic.help(format!("name the file {FOLDER}/{language}.ftl")));
    }
    let primary = language.and_wider().last();
    let is_offered = offered(exhibit).any(|(other, _)| other.and_wider().last() == primary);
    if !is_offered && primary != Some("en") {
        let message = format!("the exhibit does not offer \"{language}\", so nobody reads this");
        let diagnostic = Diagnostic::warning("language-not-offered", message).at(whole);
        report.push(diagnostic.help(format!("add \"{language}\" to `languages`")));
    }
    Some(language)
}

/// The languages of an exhibit, and where each is written.
fn offered(exhibit: &Exhibit) -> impl Iterator<Item = (&Language, Span)> {
    let default = &exhibit.default_language;
    let only_default = exhibit.languages.is_empty().then_some(default);
    exhibit
        .languages
        .iter()
        .chain(only_default)
        .map(|one| (&one.value, one.span))
}

/// The text of a file, made known to the report.
fn text(files: &dyn SceneFiles, path: &str, report: &mut Report) -> Option<(String, u32)> {
    let shown = files.shown(path);
    let mut fail = |text: String, code: &'static str, message: String, at: usize, help: &str| {
        let file = report.add_file(shown.clone(), text);
        let start = u32::try_from(at).unwrap_or(u32::MAX);
        let end = start.saturating_add(1);
        let diagnostic = Diagnostic::error(code, message).at(Span { file, start, end });
        report.push(diagnostic.help(help));
        None
    };
    match files.look_up(path) {
        Lookup::File(size) if size <= LARGEST => {}
        Lookup::File(_) => {
            let message = format!("this file is larger than {} KiB", LARGEST >> 10);
            let help = "it may hold only Grotto's own words: see docs/languages.md";
            return fail(String::new(), "file-too-large", message, 0, help);
        }
        Lookup::Outside => {
            let message = "this is a link that leads out of the exhibit's folder".to_owned();
            let help = "copy the file itself into the exhibit's folder";
            return fail(String::new(), "path-leaves-exhibit", message, 0, help);
        }
        _ => {
            let message = "this is not a file that can be read".to_owned();
            let help = "mend its permissions, or take it away";
            return fail(String::new(), "unreadable-file", message, 0, help);
        }
    }
    let mut bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(reason) => {
            let message = format!("this file cannot be read: {reason}");
            let help = "mend its permissions, or replace it";
            return fail(String::new(), "unreadable-file", message, 0, help);
        }
    };
    // The byte-order mark that some editors write.
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let openings = text.matches(['{', '(']).count();
            if openings > MOST_OPENINGS {
                let message = format!("this file holds {openings} opening braces and brackets");
                let help = format!("at most {MOST_OPENINGS} are read: write plain sentences");
                return fail(text, "too-deep", message, 0, &help);
            }
            let file = report.add_file(shown.clone(), text.clone());
            Some((text, file))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let message = "this file is not UTF-8 text".to_owned();
            fail(
                text,
                "not-utf8",
                message,
                at,
                "save it as UTF-8 in your editor",
            )
        }
    }
}

/// Reads a text; what is no Fluent in it is reported and left out.
fn parse(text: String, file: u32, report: &mut Report) -> FluentResource {
    let (read, errors) = match FluentResource::try_new(text) {
        Ok(read) => (read, Vec::new()),
        Err(failed) => failed,
    };
    for error in errors {
        let (message, help) = syntax::explain(&error.kind);
        let span = span(read.source(), file, error.pos);
        report.push(
            Diagnostic::error("fluent-syntax", message)
                .at(span)
                .help(help),
        );
    }
    read
}

/// A range of a text as a span; Fluent counts bytes and may end within a character.
fn span(text: &str, file: u32, range: Range<usize>) -> Span {
    let floor = |at: usize| {
        let at = at.min(text.len());
        (0..=at)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    };
    let start = floor(range.start);
    let end = floor(range.end).max(start);
    let number = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span {
        file,
        start: number(start),
        end: number(end),
    }
}

/// Says which words the languages of the exhibit lack.
fn missing(exhibit: &Exhibit, own: &OwnWords, report: &mut Report) {
    for (language, at) in offered(exhibit) {
        let tags: Vec<&str> = language.and_wider().collect();
        let primary = tags.last().copied();
        let is_ours = |file: &&Arc<WordFile>| file.language.and_wider().last() == primary;
        let is_built_in = |file: &&Arc<WordFile>| tags.contains(&file.language.as_str());
        let grotto = built_in().iter().filter(is_built_in);
        let files: Vec<&WordFile> = own
            .iter()
            .filter(is_ours)
            .chain(grotto)
            .map(AsRef::as_ref)
            .collect();
        let lacking: Vec<&str> = Word::ALL
            .iter()
            .filter(|word| !entries::is_said(&files, **word))
            .map(|word| word.key())
            .collect();
        if lacking.is_empty() {
            continue;
        }
        let what = if lacking.len() == Word::ALL.len() {
            "Grotto's own words are".to_owned()
        } else {
            let shown = lacking.len().min(4);
            let mut names: Vec<String> = lacking[..shown]
                .iter()
                .map(|key| format!("`{key}`"))
                .collect();
            if lacking.len() > shown {
                names.push(format!("{} more", lacking.len() - shown));
            }
            let verb = if lacking.len() == 1 { "is" } else { "are" };
            format!("of Grotto's own words, {} {verb}", one_of(&names, "and"))
        };
        let fallback = &exhibit.default_language.value;
        let has_fallback = fallback != language
            && built_in().iter().any(|file| {
                fallback
                    .and_wider()
                    .any(|tag| tag == file.language.as_str())
            });
        let instead = if has_fallback {
            fallback.as_str()
        } else {
            "en"
        };
        let message = format!("{what} missing in \"{language}\"");
        report.push(
            Diagnostic::warning("missing-words", message)
                .at(at)
                .help(format!(
                    "write them into {FOLDER}/{language}.ftl (see docs/languages.md); visitors read them in \"{instead}\""
                )),
        );
    }
}
