//! Whether what can be selected also says something in words: to visitors who do not hear, or who
//! come to it by keys and do not see it.

use crate::{
    diagnostic::{Diagnostic, Report},
    scene::schema::{Action, Exhibit, Hotspot, SoundId, Trigger},
};

pub(super) fn check(exhibit: &Exhibit, report: &mut Report) {
    let mute = exhibit
        .hotspots
        .iter()
        .filter(|hotspot| hotspot.triggers.contains(&Trigger::Select) && !says(exhibit, hotspot));
    for hotspot in mute {
        let message = format!(
            "the hotspot \"{}\" says nothing in words: only its title is read to who cannot see or hear it",
            hotspot.id
        );
        report.push(
            Diagnostic::warning("missing-alternative", message)
                .at(hotspot.id.span())
                .help("add `alternative: {\"en\": \"A hand that holds a lamp.\"}`, or captions to its sound"),
        );
    }
}

fn says(exhibit: &Exhibit, hotspot: &Hotspot) -> bool {
    let has_captions = |id: &SoundId| {
        let mut sounds = exhibit.sounds.iter();
        sounds.any(|sound| sound.id == *id && !sound.captions.is_empty())
    };
    let is_in_words = |action: &Action| match action {
        Action::Panel { text, .. } => !text.is_empty(),
        Action::Image(image) => !image.caption.is_empty() || !image.alternative.is_empty(),
        Action::Sound(id) => has_captions(id),
        // A tour has a guide, who is rehearsed.
        Action::StartTour(_) | Action::GoToStep(..) => true,
        _ => false,
    };
    !hotspot.alternative.is_empty() || hotspot.actions.iter().any(is_in_words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{MemoryFiles, NoAssets, load};

    #[test]
    fn what_is_only_heard_or_only_shines_needs_an_alternative() {
        let text = r#"(format: 1, title: "X", credits: [(name: "Us")], spaces: [(id: "hall", lights: [(id: "sun", at: (position: (0, 9, 0)))])],
sounds: [(id: "bell", source: "bell.ogg"), (id: "talk", source: "talk.ogg", captions: "talk.vtt")],
hotspots: [
(id: "rings", title: "Rings", at: Point((0, 1, 0)), actions: [Sound("bell")]),
(id: "shines", title: "Shines", at: Point((0, 1, 0)), actions: [Light(light: "sun", brightness: 2)]),
(id: "told", title: "Told", at: Point((0, 1, 0)), actions: [Sound("bell")], alternative: "A bell."),
(id: "talks", title: "Talks", at: Point((0, 1, 0)), actions: [Sound("talk")]),
(id: "read", title: "Read", at: Point((0, 1, 0)), actions: [Panel(text: "A bell.")]),
(id: "alone", title: "By itself", at: Point((0, 1, 0)), triggers: [After(seconds: 3)], actions: [Sound("bell")]),
])"#;
        let files = MemoryFiles::new().with("scene.ron", text.to_owned());
        let loaded = load("scene.ron", &files, &NoAssets);
        let exhibit = loaded.exhibit.expect("the test's exhibit can be read");
        let mut report = Report::new();
        check(&exhibit, &mut report);
        let found: Vec<String> = report
            .diagnostics()
            .into_iter()
            .map(|one| format!("{} {}", one.code, one.message))
            .collect();
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[0].starts_with("missing-alternative") && found[0].contains("rings"));
        assert!(found[1].contains("shines"), "{found:#?}");
    }
}
