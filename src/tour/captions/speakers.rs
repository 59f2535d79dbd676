//! Who says what is shown: names where the speaker changes, a tone for each.

use std::time::Duration;

use super::{Caption, at};

/// Words on the screen by one speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenLine<'c> {
    /// Who says it, where that is to be told: the speaker before was another.
    pub name: Option<&'c str>,
    /// Which of the speakers, in the order in which they come; 0 also for nobody's words.
    pub tone: usize,
    /// The words.
    pub text: &'c str,
}

/// What is to be read at a time. `captions` are sorted by start.
pub fn spoken_at(captions: &[Caption], time: Duration) -> Vec<SpokenLine<'_>> {
    let mut speakers: Vec<&str> = Vec::new();
    for voice in captions.iter().flat_map(|caption| &caption.voices) {
        if let Some(speaker) = voice.speaker.as_deref()
            && !speakers.contains(&speaker)
        {
            speakers.push(speaker);
        }
    }
    let shown: Vec<&Caption> = at(captions, time).collect();
    let Some(first) = shown.first() else {
        return Vec::new();
    };
    let before = captions
        .iter()
        .take_while(|caption| !std::ptr::eq(*caption, *first))
        .last();
    let mut last = before
        .and_then(|caption| caption.voices.last())
        .and_then(|voice| voice.speaker.as_deref());
    let mut lines = Vec::new();
    for voice in shown.iter().flat_map(|caption| &caption.voices) {
        let speaker = voice.speaker.as_deref();
        let text = voice.text.trim_matches('\n');
        if text.trim().is_empty() {
            continue;
        }
        let tone = speaker.and_then(|own| speakers.iter().position(|one| *one == own));
        lines.push(SpokenLine {
            name: speaker.filter(|own| last != Some(*own)),
            tone: tone.unwrap_or(0),
            text,
        });
        last = speaker;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Report, tour::captions::vtt};

    const TALK: &str = "WEBVTT\n\n\
        00:00.000 --> 00:02.000\n<v Guide>Look.\n\n\
        00:02.000 --> 00:04.000\n<v Guide>Over there.\n\n\
        00:04.000 --> 00:06.000\n<v Painter>I painted it.</v>\n<v Guide>Did you?\n\n\
        00:06.000 --> 00:08.000\nSilence.\n\n\
        00:08.000 --> 00:10.000\n<v Painter>Yes.\n";

    fn shown(at_secs: u64) -> Vec<(Option<String>, usize, String)> {
        let captions = vtt::read("talk.vtt", TALK.as_bytes(), &mut Report::new());
        spoken_at(&captions, Duration::from_secs(at_secs))
            .into_iter()
            .map(|line| {
                (
                    line.name.map(str::to_owned),
                    line.tone,
                    line.text.to_owned(),
                )
            })
            .collect()
    }

    #[test]
    fn a_name_stands_where_the_speaker_changes() {
        let line =
            |name: Option<&str>, tone, text: &str| (name.map(str::to_owned), tone, text.to_owned());
        assert_eq!(
            shown(1),
            [line(Some("Guide"), 0, "Look.")],
            "the first is named"
        );
        assert_eq!(
            shown(3),
            [line(None, 0, "Over there.")],
            "who goes on is not"
        );
        assert_eq!(
            shown(5),
            [
                line(Some("Painter"), 1, "I painted it."),
                line(Some("Guide"), 0, "Did you?")
            ],
            "two in one caption are both named, each in a tone"
        );
        assert_eq!(
            shown(7),
            [line(None, 0, "Silence.")],
            "nobody's words have no name"
        );
        assert_eq!(
            shown(9),
            [line(Some("Painter"), 1, "Yes.")],
            "the tone stays"
        );
        assert_eq!(shown(20), [], "afterwards there is nothing");
    }
}
