//! Pure: the simple markup of panels, as blocks of spans.
//!
//! `*emphasis*`, `**strong**`, blank lines between paragraphs, `- ` before the items of a
//! list, `[words](address)` for what can be read elsewhere: nobody leaves a cave by a link,
//! so the address stands beside its words. A mark without its partner, and any other sign,
//! is itself; `\*` is a star.

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// An item of a list.
    Item(Vec<Span>),
}

/// Letters of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The letters.
    pub text: String,
    /// How they are written.
    pub style: Style,
}

/// How letters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// Plainly.
    #[default]
    Plain,
    /// Leaning.
    Emphasis,
    /// Heavy.
    Strong,
    /// The address of something elsewhere.
    Address,
}

/// The blocks of a text.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    let close = |open: &mut Option<(bool, String)>, blocks: &mut Vec<Block>| {
        if let Some((is_item, text)) = open.take() {
            let spans = spans(&text);
            blocks.push(if is_item {
                Block::Item(spans)
            } else {
                Block::Paragraph(spans)
            });
        }
    };
    for line in text.lines() {
        // A right-to-left text begins with its mark, which is no part of the markup.
        let line = line.trim();
        let bare = line.trim_start_matches(['\u{200E}', '\u{200F}']);
        if bare.is_empty() {
            close(&mut open, &mut blocks);
        } else if let Some(item) = bare.strip_prefix("- ") {
            close(&mut open, &mut blocks);
            let mark = &line[..line.len() - bare.len()];
            open = Some((true, format!("{mark}{}", item.trim_start())));
        } else if let Some((_, text)) = &mut open {
            text.push('\n');
            text.push_str(line);
        } else {
            open = Some((false, line.to_owned()));
        }
    }
    close(&mut open, &mut blocks);
    blocks
}

/// A text as it is read aloud or shown where there is but one kind of letters.
pub fn plain(text: &str) -> String {
    let block = |block: &Block| {
        let (dot, spans) = match block {
            Block::Paragraph(spans) => ("", spans),
            Block::Item(spans) => ("•  ", spans),
        };
        let words: String = spans.iter().map(|span| span.text.as_str()).collect();
        format!("{dot}{words}")
    };
    parse(text).iter().map(block).collect::<Vec<_>>().join("\n")
}

fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(escaped) = rest.strip_prefix("\\*") {
            plain.push('*');
            rest = escaped;
        } else if let Some((inner, after)) = between(rest, "**") {
            push(&mut spans, std::mem::take(&mut plain), Style::Plain);
            push(&mut spans, unescaped(inner), Style::Strong);
            rest = after;
        } else if let Some((inner, after)) = between(rest, "*") {
            push(&mut spans, std::mem::take(&mut plain), Style::Plain);
            push(&mut spans, unescaped(inner), Style::Emphasis);
            rest = after;
        } else if let Some((words, address, after)) = link(rest) {
            plain.push_str(words);
            push(&mut spans, std::mem::take(&mut plain), Style::Plain);
            if words != address {
                push(&mut spans, format!(" ({address})"), Style::Address);
            }
            rest = after;
        } else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    push(&mut spans, plain, Style::Plain);
    spans
}

fn push(spans: &mut Vec<Span>, text: String, style: Style) {
    if !text.is_empty() {
        spans.push(Span { text, style });
    }
}

fn unescaped(text: &str) -> String {
    text.replace("\\*", "*")
}

/// What stands between a mark at the beginning and the next such mark: words, not spaces, at
/// both ends.
fn between<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let inner = text.strip_prefix(mark)?;
    if inner.starts_with(char::is_whitespace) || inner.starts_with('*') {
        return None;
    }
    let mut from = 0;
    loop {
        let at = from + inner[from..].find(mark)?;
        let before = &inner[..at];
        let after = &inner[at + mark.len()..];
        let is_single = mark.len() > 1 || (!after.starts_with('*') && !before.ends_with('*'));
        let is_escaped = before.ends_with('\\');
        if is_single && !is_escaped && !before.is_empty() && !before.ends_with(char::is_whitespace)
        {
            return Some((before, after));
        }
        from = at + mark.len();
    }
}

/// `[words](address)`.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = rest.split_once(')')?;
    let is_sound = !words.is_empty()
        && !words.contains(['[', '\n'])
        && !address.is_empty()
        && !address.contains(char::is_whitespace);
    is_sound.then_some((words, address, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spans as `kind:text`, blocks on lines.
    fn shown(text: &str) -> String {
        let span = |span: &Span| {
            let kind = match span.style {
                Style::Plain => "",
                Style::Emphasis => "e:",
                Style::Strong => "s:",
                Style::Address => "a:",
            };
            format!("{kind}{}", span.text)
        };
        let block = |block: &Block| match block {
            Block::Paragraph(spans) => spans.iter().map(span).collect::<Vec<_>>().join("|"),
            Block::Item(spans) => {
                let spans: Vec<String> = spans.iter().map(span).collect();
                format!("- {}", spans.join("|"))
            }
        };
        parse(text).iter().map(block).collect::<Vec<_>>().join("¶")
    }

    #[test]
    fn marks_make_spans_and_blocks() {
        for (text, expected) in [
            ("A **lotus** in *squares*.", "A |s:lotus| in |e:squares|."),
            ("one\ntwo\n\nthree", "one\ntwo¶three"),
            (
                "Of:\n- pearls\n- *vines*\n\nEnd.",
                "Of:¶- pearls¶- e:vines¶End.",
            ),
            ("泥塑，*塑*成。", "泥塑，|e:塑|成。"),
            (
                "See [the atlas](https://example.org/a).",
                "See the atlas|a: (https://example.org/a)|.",
            ),
            ("[here](here)", "here"),
            ("", ""),
        ] {
            assert_eq!(shown(text), expected, "the markup of {text:?}");
        }
    }

    #[test]
    fn what_is_no_markup_is_itself() {
        for text in [
            "2 * 3 * 4",
            "a lone *",
            "a lone ** pair",
            "**",
            "***",
            "[no address]",
            "[bad](a b)",
            "-5 degrees",
            "\\*",
        ] {
            assert_eq!(
                shown(text),
                text.replace("\\*", "*"),
                "{text:?} is left as it is"
            );
        }
        assert_eq!(
            shown("*a \\* b*"),
            "e:a * b",
            "an escaped star closes nothing"
        );
    }

    #[test]
    fn any_text_ends_and_loses_no_letters() {
        let signs = [
            "*", "**", "[", "](", ")", "\\*", "a", " ", "\n", "- ", "灯", "\u{200F}",
        ];
        let mut seed = 7_u32;
        for _ in 0..3_000 {
            let mut text = String::new();
            for _ in 0..12 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                text.push_str(signs[(seed >> 16) as usize % signs.len()]);
            }
            let letters = |text: &str| text.matches(['a', '灯']).count();
            assert_eq!(
                letters(&plain(&text)),
                letters(&text),
                "all of {text:?} is shown"
            );
        }
    }
}
