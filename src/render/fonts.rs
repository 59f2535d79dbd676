//! The fonts that an exhibit brings, before those of the system, in the order of their files,
//! and whether all of them together have the letters of a language.
//!
//! A letter that no font has is drawn as an empty box, which tells a visitor nothing but that
//! something is broken. So a language that this machine cannot write is not offered on it,
//! and `grotto check` says which letters are missing.

mod ready;

pub use ready::{prepare, take};

use crate::{
    diagnostic::{Diagnostic, Report},
    exhibit::{
        language::ChooseLanguage,
        open,
        stage::{CurrentStage, Stage},
        words::autonym,
    },
    scene::schema::Language,
};
use bevy::{
    platform::collections::{HashMap, HashSet},
    prelude::*,
    text::FontCx,
};
use parley::{FontContext, GenericFamily, LayoutContext, fontique::Blob};
use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

pub(super) fn plugin(app: &mut App) {
    app.add_message::<ChooseLanguage>()
        .init_resource::<Written>()
        .add_systems(
            Startup,
            (
                take_fonts,
                offer_what_can_be_written.run_if(resource_exists::<CurrentStage>),
            )
                .chain(),
        );
    app.add_systems(
        Update,
        offer_what_can_be_written.run_if(resource_exists_and_changed::<CurrentStage>),
    );
}

/// Everything visitors read asks for a sans-serif (`captions::font`); parley takes each
/// character from the first family of it that has the character, and the exhibit's come
/// before the system's.
fn take_fonts(stage: Option<Res<CurrentStage>>, mut fonts: ResMut<FontCx>) {
    if let Some(stage) = stage {
        add_fonts(&mut fonts.context, &stage.0.fonts);
    }
}

fn add_fonts(fonts: &mut FontContext, files: &[PathBuf]) {
    for path in files {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                warn!("the font {} cannot be read: {error}", path.display());
                continue;
            }
        };
        let families = fonts.collection.register_fonts(Blob::from(bytes), None);
        if families.is_empty() {
            warn!("{} holds no font", path.display());
        }
        let families: Vec<_> = families.iter().map(|(family, _)| *family).collect();
        fonts
            .collection
            .append_generic_families(GenericFamily::SansSerif, families.into_iter());
    }
}

/// Whether a language can be written, by what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Lacking {
    /// Letters that no font has.
    letters: BTreeSet<char>,
    /// The language cannot even write its own name.
    is_nameless: bool,
}

fn lacking(fonts: &mut FontContext, stage: &Stage, language: &Language) -> Lacking {
    let letters = |fonts: &mut FontContext, texts: &[String]| {
        let mut layouts = LayoutContext::new();
        let mut letters = BTreeSet::new();
        // To lay a text out costs; of thousands few bring a letter that none before had.
        let mut seen = HashSet::new();
        for text in texts {
            let before = seen.len();
            seen.extend(text.chars());
            if seen.len() > before {
                letters.append(&mut undrawn(fonts, &mut layouts, text));
            }
        }
        letters
    };
    let name = [autonym(language).to_owned()];
    Lacking {
        is_nameless: !letters(fonts, &name).is_empty(),
        letters: letters(fonts, &open::texts(stage, language)),
    }
}

/// The letters of a text that no font has, laid out as Bevy does it.
fn undrawn(fonts: &mut FontContext, layouts: &mut LayoutContext<()>, text: &str) -> BTreeSet<char> {
    let mut found = BTreeSet::new();
    // parley's own default family is the sans-serif that everything asks for.
    let builder = layouts.ranged_builder(fonts, text, 1.0, false);
    let mut layout = builder.build(text);
    layout.break_all_lines(None);
    for run in layout
        .lines()
        .flat_map(|line| line.runs().collect::<Vec<_>>())
    {
        for cluster in run.clusters() {
            if cluster.glyphs().any(|glyph| glyph.id == 0) {
                let letters = text.get(cluster.text_range()).unwrap_or_default();
                found.extend(letters.chars().filter(|one| is_drawn(*one)));
            }
        }
    }
    found
}

/// Whether a character leaves ink: not spaces, and not what only steers the layout.
fn is_drawn(character: char) -> bool {
    !(character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}'
        )
        || ('\u{200b}'..='\u{200f}').contains(&character)
        || ('\u{2028}'..='\u{202e}').contains(&character)
        || ('\u{2060}'..='\u{206f}').contains(&character)
        || ('\u{fe00}'..='\u{fe0f}').contains(&character))
}

/// The first few, for people.
fn few(letters: &BTreeSet<char>) -> String {
    let shown: Vec<String> = letters.iter().take(8).map(char::to_string).collect();
    let more = if letters.len() > 8 { " …" } else { "" };
    format!("{}{more}", shown.join(" "))
}

/// Which languages can be written here, once looked at: it is said once.
#[derive(Resource, Debug, Default)]
struct Written(HashMap<Language, bool>);

/// Takes away the languages that would be rows of boxes here, and speaks another than those.
fn offer_what_can_be_written(
    mut stage: ResMut<CurrentStage>,
    mut fonts: ResMut<FontCx>,
    mut written: ResMut<Written>,
    mut chosen: MessageWriter<ChooseLanguage>,
) {
    let known = &mut written.0;
    let offered = stage.0.languages.offered.clone();
    let mut unwritten = Vec::new();
    for language in &offered {
        if known.contains_key(language) {
            continue;
        }
        let lacks = lacking(&mut fonts.context, &stage.0, language);
        if lacks.is_nameless {
            unwritten.push(format!("\"{language}\" ({})", few(&lacks.letters)));
        } else if !lacks.letters.is_empty() {
            warn!(
                "no font on this machine has these letters of \"{language}\": {}",
                few(&lacks.letters)
            );
        }
        known.insert(language.clone(), !lacks.is_nameless);
    }
    if !unwritten.is_empty() {
        warn!(
            "no font on this machine has the letters of {}, so what is in {} is not offered. \
             Install fonts (fonts-noto-core, fonts-noto-cjk) or put one into the exhibit's folder `fonts`",
            unwritten.join(", "),
            if unwritten.len() == 1 { "it" } else { "them" },
        );
    }
    let can = |language: &Language| known.get(language).copied().unwrap_or(true);
    if offered.iter().all(can) || !offered.iter().any(can) {
        return;
    }
    let languages = &stage.0.languages;
    let spoken = languages.nearest(&languages.spoken);
    let instead = match spoken {
        Some(spoken) if !can(spoken) => offered
            .iter()
            .find(|one| **one == languages.default && can(one))
            .or_else(|| offered.iter().find(|one| can(one))),
        _ => None,
    };
    if let Some(language) = instead {
        chosen.write(ChooseLanguage(language.clone()));
    }
    let mut told = Stage::clone(&stage.0);
    told.languages.offered.retain(can);
    stage.0 = Arc::new(told);
}

/// Tells an author which letters of which language no font on this machine has.
pub fn check(stage: &Stage, report: &mut Report) {
    let mut fonts = take().context;
    add_fonts(&mut fonts, &stage.fonts);
    for language in &stage.languages.offered {
        let lacks = lacking(&mut fonts, stage, language);
        if lacks.letters.is_empty() {
            continue;
        }
        let count = lacks.letters.len();
        let noun = if count == 1 { "letter" } else { "letters" };
        let message = format!(
            "no font here has {count} {noun} of \"{language}\": {}",
            few(&lacks.letters)
        );
        let effect = if lacks.is_nameless {
            format!("on a machine like this \"{language}\" is not offered")
        } else {
            "on a machine like this they are empty boxes".to_owned()
        };
        report.push(
            Diagnostic::warning("letters-without-font", message).help(format!(
                "put a TTF or OTF font that has them into the folder `fonts`, or install fonts \
             (on Debian fonts-noto-core, fonts-noto-cjk); {effect}"
            )),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What no font at all has, on any machine: a noncharacter.
    const NOTHING: char = '\u{10fffe}';

    fn undrawn_by_system(text: &str) -> BTreeSet<char> {
        undrawn(&mut FontContext::new(), &mut LayoutContext::new(), text)
    }

    #[test]
    fn what_no_font_has_is_found_and_what_leaves_no_ink_is_not() {
        let text = format!("lamp{NOTHING}\u{200f} \u{2068}x\u{2069}");
        let found = undrawn_by_system(&text);
        assert!(found.contains(&NOTHING), "no font has it: {found:?}");
        assert!(
            found.iter().all(|one| is_drawn(*one)),
            "marks of direction are no letters: {found:?}"
        );
    }

    #[test]
    fn every_letter_of_the_sample_can_be_drawn() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("exhibit.ron");
        std::fs::write(&path, crate::sample::EXHIBIT).expect("a file can be written");
        let stage = open::open(&path, None).0.expect("the sample opens");
        let mut fonts = FontContext::new();
        assert_eq!(stage.languages.offered.len(), 3, "English, Chinese, French");
        for language in &stage.languages.offered {
            let has_fonts = undrawn_by_system(autonym(language)).is_empty();
            if !has_fonts {
                // A machine without Chinese fonts: there it is not offered.
                continue;
            }
            let lacks = lacking(&mut fonts, &stage, language);
            assert!(
                lacks.letters.is_empty(),
                "all of \"{language}\" can be drawn, but not {:?}",
                lacks.letters
            );
        }
    }

    #[test]
    fn scripts_whose_fonts_are_installed_are_drawn_joined_or_not() {
        for (script, text) in [
            ("Chinese", "灯窟的墙壁在一千四百年前绘成，「看」。"),
            ("Japanese", "千四百年前に描かれた洞窟の壁画です。ー「っ」"),
            ("Korean", "천사백 년 전에 그려진 동굴 벽화입니다."),
            ("Arabic", "جُدران الكهف رُسمت قبل ألفٍ وأربعمائة عام، لا شكّ؟"),
            ("Hebrew", "קירות המערה צוירו לפני אלף וארבע מאות שנה, שָׁלוֹם."),
            (
                "Devanagari",
                "गुफा की दीवारें चौदह सौ वर्ष पहले चित्रित हुईं। क्षत्रिय, ज्ञान, श्री",
            ),
            ("Latin", "Łódź, façade, naïve, Ærø, ŵ, ệ, ß — “quotes” … ’"),
        ] {
            let first = text.chars().find(|one| one.is_alphabetic());
            let first = first.expect("there are letters").to_string();
            if !undrawn_by_system(&first).is_empty() {
                // Not installed here.
                continue;
            }
            let missing = undrawn_by_system(text);
            assert!(missing.is_empty(), "{script} lacks {missing:?}");
        }
    }
}
