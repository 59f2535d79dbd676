//! Breaking captions into lines that are about as long as each other.

use unicode_width::UnicodeWidthStr;

use super::speed::ReadingSpeed;
use crate::scene::schema::Language;

/// Breaks a text into lines of at most the language's columns: as few as possible, then as
/// even as possible, preferring to break after punctuation. A word that is wider than a
/// line stands alone on its own. Breaks in the text are kept only as spaces.
#[must_use]
pub fn break_lines(text: &str, language: &Language) -> Vec<String> {
    split_evenly(text, ReadingSpeed::of(language).line_columns)
}

/// Splits a text into as few parts as fit into some columns, as evenly as possible.
pub(super) fn split_evenly(text: &str, columns: usize) -> Vec<String> {
    let pieces = pieces(text);
    if pieces.is_empty() {
        return Vec::new();
    }
    let ends = best_ends(&pieces, columns);
    let mut parts = Vec::new();
    let mut start = 0;
    for end in ends {
        let part: String = pieces[start..end].iter().map(|piece| piece.text).collect();
        parts.push(part.trim().replace(['\n', '\r'], " "));
        start = end;
    }
    parts
}

/// What is not broken, with the spaces after it.
#[derive(Debug, Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    columns: usize,
    /// Columns without the spaces at its end.
    bare_columns: usize,
    ends_clause: bool,
    ends_wide: bool,
}

impl<'t> Piece<'t> {
    fn new(text: &'t str) -> Self {
        let bare = text.trim_end();
        Self {
            text,
            columns: text.width(),
            bare_columns: bare.width(),
            ends_clause: bare.ends_with(super::make::ends_clause),
            ends_wide: text.ends_with(is_wide),
        }
    }
}

/// What a break costs that ends no clause, where spaces part words; a line that is half as long
/// again as the mean costs three times as much.
const BETWEEN_WORDS: f64 = 0.08;
/// The same between ideographs or kana: nobody says where their words end, and a word that is cut
/// is read twice. Lines may be uneven for it: 7 and 14 characters for 10 and 11.
const WITHIN_WORDS: f64 = 0.35;

/// Most pieces of a text that are weighed; more are broken greedily.
const MOST_WEIGHED: usize = 400;

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let text = text.trim();
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    // The last that was no space.
    let mut mark = ' ';
    for (at, character) in text.char_indices() {
        let is_open = before.is_some_and(|before| can_break(mark, before, character));
        if is_open && at > start {
            pieces.push(Piece::new(&text[start..at]));
            start = at;
        }
        before = Some(character);
        if !character.is_whitespace() {
            mark = character;
        }
    }
    if start < text.len() {
        pieces.push(Piece::new(&text[start..]));
    }
    pieces
}

/// Whether a line may end between two characters: after spaces, and around ideographs and
/// kana but not before closing or after opening marks (after UAX #14 and JIS X 4051). A space
/// that French puts before `?` and within `« »` is none to break at, whichever it is; `mark` is
/// what stands before the spaces.
fn can_break(mark: char, before: char, after: char) -> bool {
    if after.is_whitespace() {
        return false;
    }
    if before.is_whitespace() {
        let is_tied = matches!(before, '\u{A0}' | '\u{202F}' | '\u{2060}');
        return !is_tied && !matches!(after, '?' | '!' | ':' | ';' | '»' | '%') && mark != '«';
    }
    (is_wide(before) || is_wide(after)) && !never_begins(after) && !never_ends(before)
}

/// Ideographs and kana. Hangul is broken at its spaces.
fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{2E80}'..='\u{312F}' | '\u{31A0}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

fn never_begins(character: char) -> bool {
    "、。，．・：；？！」』】）〉》〕｝’”…—～ーァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ々〻,.:;!?)]}%℃·"
        .contains(character)
}

fn never_ends(character: char) -> bool {
    "「『【（〈《〔｛‘“([{￥$".contains(character)
}

/// Where the parts end, as counts of pieces.
fn best_ends(pieces: &[Piece<'_>], columns: usize) -> Vec<usize> {
    let greedy = greedy_ends(pieces, columns);
    let count = greedy.len();
    if count <= 1 || pieces.len() > MOST_WEIGHED {
        return greedy;
    }
    let mut sums = vec![0usize];
    for piece in pieces {
        sums.push(sums[sums.len() - 1] + piece.columns);
    }
    let width = |from: usize, to: usize| sums[to - 1] - sums[from] + pieces[to - 1].bare_columns;
    let total = width(0, pieces.len());
    let mean = total as f64 / count as f64;
    // cost[to]: the least cost of all pieces before `to` in as many parts as done so far.
    let mut cost = vec![f64::INFINITY; pieces.len() + 1];
    cost[0] = 0.0;
    let mut froms: Vec<Vec<usize>> = Vec::new();
    for _ in 0..count {
        let mut next = vec![f64::INFINITY; pieces.len() + 1];
        let mut from_of = vec![0; pieces.len() + 1];
        for to in 1..=pieces.len() {
            for from in (0..to).rev() {
                let wide = width(from, to);
                if wide > columns && to - from > 1 {
                    break;
                }
                let off = (wide as f64 - mean) / mean.max(1.0);
                let last = pieces[to - 1];
                let unnatural = match last {
                    _ if to == pieces.len() || last.ends_clause => 0.0,
                    Piece {
                        ends_wide: true, ..
                    } => WITHIN_WORDS,
                    _ => BETWEEN_WORDS,
                };
                let all = cost[from] + off * off + unnatural;
                if all < next[to] {
                    next[to] = all;
                    from_of[to] = from;
                }
            }
        }
        froms.push(from_of);
        cost = next;
    }
    if cost[pieces.len()].is_infinite() {
        return greedy;
    }
    let mut ends = vec![pieces.len()];
    let mut to = pieces.len();
    for from_of in froms.iter().rev() {
        to = from_of[to];
        ends.push(to);
    }
    ends.pop();
    ends.reverse();
    ends
}

fn greedy_ends(pieces: &[Piece<'_>], columns: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut wide = 0;
    for (index, piece) in pieces.iter().enumerate() {
        if wide > 0 && wide + piece.bare_columns > columns {
            ends.push(index);
            wide = 0;
        }
        wide += piece.columns;
    }
    ends.push(pieces.len());
    ends
}
