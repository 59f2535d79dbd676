//! Whom to thank, and by which licence: sounds and the pictures on panels. Meshes and layers
//! are the business of `check`.

use crate::diagnostic::{Diagnostic, Report, Span};
use crate::scene::schema::{Action, Credit, Exhibit, PanelImage};

pub(super) fn check(exhibit: &Exhibit, report: &mut Report) {
    let is_thanked = !exhibit.credits.is_empty();
    for sound in &exhibit.sounds {
        let what = format!("the sound \"{}\"", sound.id);
        credit(
            &what,
            sound.credit.as_ref(),
            is_thanked,
            sound.id.span(),
            report,
        );
    }
    for hotspot in &exhibit.hotspots {
        let mut images: Vec<&PanelImage> = Vec::new();
        for action in &hotspot.actions {
            match action {
                // A panel's credits are for all that is on it.
                Action::Panel {
                    images: all,
                    credits,
                    ..
                } if credits.is_empty() => images.extend(all),
                Action::Image(image) => images.push(image),
                _ => {}
            }
        }
        for image in images {
            let what = format!("a picture of the hotspot \"{}\"", hotspot.id);
            let span = image.path.span;
            let span = if span.file == 0 {
                hotspot.id.span()
            } else {
                span
            };
            credit(&what, image.credit.as_ref(), is_thanked, span, report);
        }
    }
}

/// As `check` has it for meshes: the exhibit's own credits are for what names nobody.
fn credit(what: &str, credit: Option<&Credit>, is_thanked: bool, span: Span, report: &mut Report) {
    let diagnostic = match credit {
        None if is_thanked => return,
        None => Diagnostic::warning("missing-credit", format!("{what} names nobody to thank"))
            .help("add `credit: (name: \"...\", licence: \"CC-BY-4.0\")`"),
        Some(credit) if credit.licence.is_none() => {
            Diagnostic::warning("missing-licence", format!("{what} has no licence"))
                .help("add `licence: \"CC-BY-4.0\"` to its credit, or what was agreed")
        }
        Some(_) => return,
    };
    report.push(diagnostic.at(span));
}
