//! The fonts that an exhibit brings, in its folder `fonts`.

use crate::{
    diagnostic::{Diagnostic, Report, Severity, Span},
    scene::{Lookup, SceneFiles},
};

/// The folder of an exhibit that holds them.
const FOLDER: &str = "fonts";

/// The fonts in an exhibit's folder, as paths in it, by name; what cannot be used is told.
pub(super) fn read(files: &dyn SceneFiles, report: &mut Report) -> Vec<String> {
    let mut names = files.list(FOLDER);
    names.sort();
    let mut fonts = Vec::new();
    for name in &names {
        let path = format!("{FOLDER}/{name}");
        let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        if !["ttf", "otf", "ttc", "otc", "woff", "woff2"].contains(&ending.as_str()) {
            continue;
        }
        match fault(files, &path) {
            None => fonts.push(path),
            Some((code, message, help)) => {
                let file = report.add_file(files.shown(&path), "");
                let diagnostic = Diagnostic::error(code, message).at(Span::whole_file(file));
                report.push(diagnostic.help(help));
            }
        }
    }
    let is_licence = |name: &String| {
        let name = name.to_lowercase();
        ["licen", "ofl", "copying"]
            .iter()
            .any(|part| name.contains(part))
    };
    if !fonts.is_empty() && !names.iter().any(is_licence) {
        let file = report.add_file(files.shown(FOLDER), "");
        let message = "the fonts in this folder come without their licence";
        report.push(
            Diagnostic::new(Severity::Warning, "font-without-licence", message)
                .at(Span::whole_file(file))
                .help("put its text beside them, such as OFL.txt"),
        );
    }
    fonts
}

/// Why a font cannot be used: code, cause, cure. Told by its first four bytes (OpenType 1.9.1,
/// "Organization of an OpenType font").
fn fault(files: &dyn SceneFiles, path: &str) -> Option<(&'static str, String, &'static str)> {
    let unreadable = |reason: String| {
        let message = format!("this font cannot be read: {reason}");
        Some((
            "unreadable-file",
            message,
            "copy the file itself here, at most 32 MiB",
        ))
    };
    if !matches!(files.look_up(path), Lookup::File(_)) {
        return unreadable("it is no file of the exhibit's folder".to_owned());
    }
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(reason) => return unreadable(reason),
    };
    let (what, help) = match bytes.get(..4) {
        Some([0, 1, 0, 0] | b"OTTO" | b"true") => return None,
        Some(b"ttcf") => (
            "a collection of fonts, of which only one would be found",
            "take the one for your language out of it, for example with \
             `pyftsubset FILE --font-number=0 '*'`",
        ),
        Some(b"wOFF" | b"wOF2") => (
            "a font packed for the web",
            "use the TTF or OTF file; fonttools' `ttx` and `woff2_decompress` unpack it",
        ),
        _ => ("not a font", "use a TTF or OTF file"),
    };
    Some(("unusable-font", format!("this is {what}"), help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::MemoryFiles;

    #[test]
    fn fonts_are_found_and_others_are_told() {
        let files = MemoryFiles::new()
            .with("fonts/b.otf", b"OTTO....".to_vec())
            .with("fonts/a.TTF", b"\x00\x01\x00\x00....".to_vec())
            .with("fonts/c.ttc", b"ttcf....".to_vec())
            .with("fonts/d.woff2", b"wOF2....".to_vec())
            .with("fonts/e.ttf", b"<html>".to_vec())
            .with("fonts/f.ttf", b"".to_vec())
            .with("fonts/notes.txt", "");
        let mut report = Report::new();
        assert_eq!(read(&files, &mut report), ["fonts/a.TTF", "fonts/b.otf"]);
        let told: Vec<&str> = report
            .diagnostics()
            .iter()
            .map(|one| one.code.as_ref())
            .collect();
        assert_eq!(
            told,
            [
                "unusable-font",
                "unusable-font",
                "unusable-font",
                "unusable-font",
                "font-without-licence"
            ],
            "{}",
            report.to_text(false)
        );
    }

    #[test]
    fn a_licence_is_enough() {
        let files = MemoryFiles::new()
            .with("fonts/a.ttf", b"true....".to_vec())
            .with("fonts/OFL.txt", "SIL Open Font License");
        let mut report = Report::new();
        assert_eq!(read(&files, &mut report).len(), 1, "the font is found");
        assert!(report.is_empty(), "{}", report.to_text(false));
    }
}
