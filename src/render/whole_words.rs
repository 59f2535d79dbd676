//! Korean words stay whole where a line ends: `word-break: keep-all`, as Korean is printed.
//!
//! The rules of line breaking (UAX #14) allow a break after every Hangul syllable. Parley 0.9
//! can keep words whole, but Bevy 0.19's text does not ask it to; word joiners (U+2060) do the
//! same and cannot be seen. They are put into whatever Bevy's UI is about to lay out, so that
//! no panel, caption or menu is forgotten. A word that is longer than a line may break.

use bevy::{
    ecs::entity::EntityHashSet,
    prelude::*,
    text::{LineBreak, detect_text_needs_rerender},
};
use std::borrow::Cow;

/// Forbids a line to end where it stands; takes no room.
const JOINER: char = '\u{2060}';

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        PostUpdate,
        keep_words_whole
            .before(detect_text_needs_rerender)
            .before(bevy::ui::UiSystems::Content),
    );
}

/// Syllables and letters of Hangul.
fn is_hangul(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}')
}

/// Whether a line would be broken within a Korean word between two characters: within its
/// syllables, before and after what stands in brackets, before a particle.
fn is_within_word(before: char, after: char) -> bool {
    let opens = |character: char| "([".contains(character);
    let ends = |character: char| ")]」』》〉）%℃".contains(character);
    is_hangul(before) && (after.is_alphanumeric() || opens(after))
        || is_hangul(after) && (before.is_alphanumeric() || ends(before))
}

/// A text whose Korean words hold together; `last` is the character before it, and becomes
/// its last.
fn whole<'t>(text: &'t str, last: &mut Option<char>) -> Cow<'t, str> {
    let mut joined = String::new();
    let mut done = 0;
    for (at, character) in text.char_indices() {
        if last.is_some_and(|last| is_within_word(last, character)) {
            joined.push_str(&text[done..at]);
            joined.push(JOINER);
            done = at;
        }
        *last = Some(character);
    }
    if done == 0 && joined.is_empty() {
        return Cow::Borrowed(text);
    }
    joined.push_str(&text[done..]);
    Cow::Owned(joined)
}

type Written<'w, 's> = Query<
    'w,
    's,
    (Entity, Option<&'static ChildOf>, Has<TextSpan>),
    Or<(Changed<Text>, Changed<TextSpan>)>,
>;
type Texts<'w, 's> = (
    Query<
        'w,
        's,
        (
            &'static mut Text,
            &'static mut TextLayout,
            Option<&'static Children>,
        ),
    >,
    Query<'w, 's, &'static mut TextSpan>,
);

fn keep_words_whole(mut all: ParamSet<(Written, Texts)>) {
    let written = all.p0();
    let roots: EntityHashSet = (written.iter())
        .filter_map(|(entity, parent, is_span)| match is_span {
            true => parent.map(ChildOf::parent),
            false => Some(entity),
        })
        .collect();
    let (mut texts, mut spans) = all.p1();
    for root in roots {
        let Ok((mut text, mut layout, children)) = texts.get_mut(root) else {
            continue;
        };
        let mut last = None;
        if let Cow::Owned(joined) = whole(&text.0, &mut last) {
            text.0 = joined;
        }
        let mut is_korean = text.contains(is_hangul);
        for child in children.into_iter().flatten() {
            let Ok(mut span) = spans.get_mut(*child) else {
                continue;
            };
            if let Cow::Owned(joined) = whole(&span.0, &mut last) {
                span.0 = joined;
            }
            is_korean |= span.contains(is_hangul);
        }
        if is_korean && layout.linebreak == LineBreak::WordBoundary {
            layout.linebreak = LineBreak::WordOrCharacter;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let once = whole(text, &mut None).into_owned();
        assert_eq!(
            whole(&once, &mut None),
            once,
            "a text that holds together is left alone"
        );
        once.replace(JOINER, "~")
    }

    #[test]
    fn korean_words_hold_together_and_nothing_else_does() {
        assert_eq!(joined("석굴의 벽화"), "석~굴~의 벽~화");
        assert_eq!(joined("불국사(佛國寺)는"), "불~국~사~(佛國寺)~는");
        assert_eq!(joined("8세기에, 100%가"), "8~세~기~에, 100%~가");
        assert_eq!(joined("《월인》의-노래"), "《월~인》~의-노~래");
        for other in [
            "",
            "A cave, a lamp.",
            "敦煌莫高窟",
            "石窟の壁画",
            "كهف",
            "गुफा",
        ] {
            assert!(
                matches!(whole(other, &mut None), Cow::Borrowed(_)),
                "{other:?} stays as it is"
            );
        }
    }

    #[test]
    fn a_word_goes_on_over_a_change_of_letters() {
        let mut app = App::new();
        app.add_systems(Update, keep_words_whole);
        let root = app
            .world_mut()
            .spawn(Text::new("가장 "))
            .with_children(|text| {
                text.spawn(TextSpan::new("오래된"));
                text.spawn(TextSpan::new("것은 Korean"));
            })
            .id();
        app.update();
        let world = app.world();
        let spans: Vec<&str> = (world.get::<Children>(root).into_iter().flatten())
            .filter_map(|span| Some(world.get::<TextSpan>(*span)?.0.as_str()))
            .collect();
        assert_eq!(
            spans,
            ["오\u{2060}래\u{2060}된", "\u{2060}것\u{2060}은 Korean"],
            "joined to the word before"
        );
        let layout = world.get::<TextLayout>(root).expect("texts are laid out");
        assert_eq!(
            layout.linebreak,
            LineBreak::WordOrCharacter,
            "a word longer than its line may break"
        );
    }
}
