//! Reading an exhibit: its file, those it includes, and all checks.

use super::check;
use super::decode::{Decode, Decoder, FileKind, Gathered, PathUse, Spec, describe};
use super::files::{Assets, LARGEST_SCENE_FILE, Lookup, SceneFiles, neighbours};
use super::paths::ending;
use super::schema::{Exhibit, FilePath};
use super::syntax::{self, Body, Kind, Node};
use super::words::nearest;
use crate::diagnostic::{Diagnostic, Report, Span};

/// The format that is read.
pub const FORMAT: u32 = 1;

/// Most scene files of an exhibit, and the longest chain of inclusion.
const MOST_FILES: usize = 1000;
const LONGEST_CHAIN: usize = 16;

/// An exhibit as far as it could be read, and what was found on the way.
#[derive(Debug)]
pub struct Loaded {
    /// `None` when nothing can be shown: the root file is missing, is no exhibit or is of
    /// another format. Otherwise everything that could be read; what could not has its
    /// default, or is left out, and is an error in the report.
    pub exhibit: Option<Exhibit>,
    /// All that is wrong.
    pub report: Report,
    /// The scene files that were asked for, there or not, as paths in the exhibit: what a
    /// running exhibit watches. Sorted.
    pub scene_files: Vec<String>,
    /// The meshes, images, sounds and captions that the scene names, as paths in the
    /// exhibit. Sorted, without repetition.
    pub asset_files: Vec<String>,
}

/// Reads and checks an exhibit. `scene` is its root file, as a path in the exhibit's folder.
#[must_use]
pub fn load(scene: &str, files: &dyn SceneFiles, assets: &dyn Assets) -> Loaded {
    let mut report = Report::new();
    let mut decoder = Decoder {
        report: &mut report,
        files,
        gathered: Gathered::default(),
        open_files: Vec::new(),
        read: Default::default(),
        read_count: 0,
        nodes: 0,
        languages: Vec::new(),
        lost: Default::default(),
    };
    let exhibit = decoder.root(scene);
    let (gathered, lost, languages) = (decoder.gathered, decoder.lost, decoder.languages);
    let scene_files: Vec<String> = decoder.read.into_iter().collect();
    let mut asset_files: Vec<String> = gathered
        .paths
        .iter()
        .map(|used| used.path.in_exhibit.clone())
        .collect();
    asset_files.sort();
    asset_files.dedup();
    let exhibit = exhibit.map(|mut exhibit| {
        let context = check::Context {
            exhibit: &exhibit,
            gathered: &gathered,
            lost: &lost,
            languages: &languages,
            files,
            assets,
        };
        check::all(&context, &mut report);
        exhibit.drop_nameless();
        exhibit
    });
    Loaded {
        exhibit,
        report,
        scene_files,
        asset_files,
    }
}

impl Decoder<'_> {
    fn root(&mut self, scene: &str) -> Option<Exhibit> {
        self.read.insert(scene.to_owned());
        let (text, file) = match self.text(scene) {
            Ok(read) => read,
            Err(refused) => {
                let file = self.report.add_file(self.files.shown(scene), "");
                let diagnostic = Diagnostic::error("unreadable-file", refused.what)
                    .at(Span::whole_file(file))
                    .help(refused.help);
                self.report.push(diagnostic);
                return None;
            }
        };
        let node = syntax::read(&text, file, self.report, &mut self.nodes);
        self.open_files.push(scene.to_owned());
        let exhibit = if self.has_our_format(&node) {
            Exhibit::decode(&node, &Spec::of(""), self)
        } else {
            None
        };
        self.open_files.pop();
        exhibit
    }

    /// Whether the root says `format: 1`. Other formats would be migrated from here on:
    /// tree in, tree out, before anything is decoded.
    fn has_our_format(&mut self, node: &Node<'_>) -> bool {
        let Kind::Record(record) = &node.kind else {
            return true;
        };
        let Body::Fields(fields) = &record.body else {
            return true;
        };
        let Some(field) = fields.iter().find(|field| field.name.text == "format") else {
            // Reported as a missing field; the rest is read as the format we know.
            return true;
        };
        let Kind::Number(number) = field.value.kind else {
            return true;
        };
        if number.value == f64::from(FORMAT) {
            return true;
        }
        let found = describe(&field.value).replace("the number ", "");
        let is_newer = number.value > f64::from(FORMAT);
        let (code, help) = if is_newer {
            (
                "newer-format",
                format!("this Grotto reads format {FORMAT}: install a newer Grotto"),
            )
        } else {
            ("unknown-format", format!("write `format: {FORMAT}`"))
        };
        let message = format!("this scene is of format {found}, which is not known here");
        self.report.push(
            Diagnostic::error(code, message)
                .at(field.value.span)
                .help(help),
        );
        false
    }

    /// The text of a file, made known to the report.
    fn text(&mut self, path: &str) -> Result<(String, u32), Refused> {
        const NAME_IT: &str = "name the exhibit's scene file, or the folder that holds exhibit.ron";
        let refused = |what| Refused {
            what,
            help: NAME_IT,
        };
        let mut bytes = self.files.read(path).map_err(refused)?;
        if bytes.len() as u64 > LARGEST_SCENE_FILE {
            let what = format!("it is larger than {} MiB", LARGEST_SCENE_FILE >> 20);
            return Err(refused(what));
        }
        // The byte-order mark that some editors write.
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        if let Some(what) = no_scene(&bytes) {
            // These sentences end with their cure.
            return Err(Refused {
                what: what.to_owned(),
                help: "",
            });
        }
        let shown = self.files.shown(path);
        match String::from_utf8(bytes) {
            Ok(text) => {
                let file = self.report.add_file(shown, text.clone());
                Ok((text, file))
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let file = self.report.add_file(shown, text.clone());
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                let diagnostic = Diagnostic::error("not-utf8", "this file is not UTF-8 text")
                    .at(Span {
                        file,
                        start: at,
                        end: at + 1,
                    })
                    .help("save it as UTF-8 in your editor");
                self.report.push(diagnostic);
                Ok((text, file))
            }
        }
    }

    /// Reads the items of a file named in a list.
    pub(crate) fn include<T: Decode>(&mut self, node: &Node<'_>, spec: &Spec, all: &mut Vec<T>) {
        let before = all.len();
        if self.try_include(node, spec, all).is_none() && all.len() == before {
            self.mark_lost(&T::type_name());
        }
    }

    fn try_include<T: Decode>(
        &mut self,
        node: &Node<'_>,
        spec: &Spec,
        all: &mut Vec<T>,
    ) -> Option<()> {
        let path = FilePath::decode(node, &spec.file(FileKind::Scene), self)?;
        let target = path.in_exhibit.clone();
        if target.is_empty() {
            return None;
        }
        self.read.insert(target.clone());
        if let Some(index) = self.open_files.iter().position(|open| *open == target) {
            let mut chain: Vec<&str> = self.open_files[index..]
                .iter()
                .map(String::as_str)
                .collect();
            chain.push(&target);
            let message = format!("\"{target}\" includes itself: {}", chain.join(" -> "));
            let help = "remove one of these inclusions";
            self.report.push(
                Diagnostic::error("cyclic-include", message)
                    .at(node.span)
                    .help(help),
            );
            return None;
        }
        self.read_count += 1;
        if self.open_files.len() >= LONGEST_CHAIN || self.read_count > MOST_FILES {
            let message = format!(
                "an exhibit has at most {MOST_FILES} scene files, included at most {LONGEST_CHAIN} deep"
            );
            let diagnostic = Diagnostic::error("too-many-files", message);
            self.report
                .push(diagnostic.at(node.span).help("put more into each file"));
            return None;
        }
        let used = PathUse {
            path,
            kind: FileKind::Scene,
        };
        if !check_path(&used, self.files, self.report) {
            return None;
        }
        let (text, file) = match self.text(&target) {
            Ok(read) => read,
            Err(refused) => {
                let message = format!("\"{target}\" cannot be read: {}", refused.what);
                self.report
                    .push(Diagnostic::error("unreadable-file", message).at(node.span));
                return None;
            }
        };
        let tree = syntax::read(&text, file, self.report, &mut self.nodes);
        self.open_files.push(target);
        let items = match &tree.kind {
            Kind::List(_) => Vec::<T>::decode(&tree, spec, self),
            _ => T::decode(&tree, spec, self).map(|item| vec![item]),
        };
        self.open_files.pop();
        all.extend(items?);
        Some(())
    }
}

/// Why there is no text of a file, and what to do.
struct Refused {
    what: String,
    help: &'static str,
}

/// What the bytes of a file are that is no text of ours at all.
fn no_scene(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    // UTF-32 begins as UTF-16 does.
    if starts(b"\xFF\xFE\0\0") || starts(b"\0\0\xFE\xFF") {
        return Some("it is UTF-32 text: save it as UTF-8 in your editor");
    }
    if starts(b"\xFF\xFE") || starts(b"\xFE\xFF") {
        return Some("it is UTF-16 text: save it as UTF-8 in your editor");
    }
    if starts(b"glTF") {
        return Some("it is a model (.glb), not a scene: name it as the `path` of a mesh");
    }
    if starts(b"PK\x03\x04") {
        return Some("it is a ZIP archive: unpack it, and name the exhibit.ron that was in it");
    }
    if starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") || starts(b"RIFF") || starts(b"OggS") {
        return Some("it is a picture or a sound, not a scene");
    }
    if starts(b"{\\rtf") || starts(b"%PDF") || starts(b"\xD0\xCF\x11\xE0") {
        return Some("it is a word processor's document: save it as plain UTF-8 text");
    }
    bytes.contains(&0).then_some(
        "it is not text: it holds bytes that no text has. Save it as UTF-8 in a text editor",
    )
}

/// Whether a path leads to a file of its kind; else the report says why.
pub(crate) fn check_path(used: &PathUse, files: &dyn SceneFiles, report: &mut Report) -> bool {
    let path = used.path.in_exhibit.as_str();
    let (what, endings) = used.kind.words();
    let written = &used.path.written.value;
    let diagnostic = match files.look_up(path) {
        Lookup::File(_) => {
            if endings.contains(&ending(path).as_str()) {
                return true;
            }
            let message = format!("\"{written}\" is not {what}");
            Diagnostic::error("wrong-file-type", message)
                .help(format!("{what} ends in .{}", endings.join(", .")))
        }
        Lookup::Folder => {
            let message = format!("\"{written}\" is a folder, not {what}");
            Diagnostic::error("missing-file", message).help("name a file in it")
        }
        Lookup::Missing => {
            let message = format!("there is no file \"{written}\"");
            let near = neighbours(files, path, endings);
            let name = path.rsplit('/').next().unwrap_or(path);
            let help = match nearest(name, near.iter().map(String::as_str)) {
                Some(near) => {
                    let folder = written.rfind('/').map_or("", |end| &written[..=end]);
                    format!("did you mean \"{folder}{near}\"?")
                }
                None => format!("it was looked for at {}", files.shown(path)),
            };
            Diagnostic::error("missing-file", message).help(help)
        }
        Lookup::WrongCase(real) => {
            let message = format!("there is no file \"{written}\", but one with other capitals");
            let shown = same_ending(written, path, &real);
            Diagnostic::error("wrong-case", message).help(format!(
                "write \"{shown}\": other computers tell capitals apart"
            ))
        }
        Lookup::Outside => {
            let message = format!("\"{written}\" is a link that leads out of the exhibit's folder");
            Diagnostic::error("path-leaves-exhibit", message)
                .help("copy the file itself into the exhibit's folder")
        }
        Lookup::Unreadable(reason) => {
            let message = format!("\"{written}\" cannot be read: {reason}");
            Diagnostic::error("unreadable-file", message)
                .help("mend its permissions, or replace it")
        }
    };
    report.push(diagnostic.at(used.path.written.span));
    false
}

/// What an author would write for the real path: the written one with its end replaced.
fn same_ending(written: &str, path: &str, real: &str) -> String {
    let common = written
        .bytes()
        .rev()
        .zip(path.bytes().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let from = real.len().saturating_sub(common);
    let prefix = &written[..written.len() - common];
    real.get(from..)
        .map_or_else(|| real.to_owned(), |end| format!("{prefix}{end}"))
}
