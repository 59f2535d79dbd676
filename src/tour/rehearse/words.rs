//! What is said: whether it is there, how long it takes, whether its captions can be read.

use std::time::Duration;

use super::Facts;
use crate::diagnostic::{Diagnostic, Report, Severity, Span};
use crate::scene::schema::{Language, Pace, Say};
use crate::tour::captions::{
    Caption, MOST_LINES, ReadingSpeed, SHORTEST, break_lines, make, speaking_time,
};
use crate::tour::playback::Utterance;
use crate::tour::script::{GoOnScript, Script, StepIndex, StepScript, TourIndex, TourScript};

/// Longer than this nobody stands and listens: a rule of ours, at the upper end of the 60 to
/// 90 seconds that makers of audio guides keep a stop to.
const LONGEST_NARRATION: Duration = Duration::from_secs(90);
/// Captions may outlast their narration by this.
const LATEST_END: Duration = Duration::from_millis(500);

pub(super) fn check(script: &Script, facts: &dyn Facts, report: &mut Report) {
    for (tour_index, tour) in script.tours.iter().enumerate() {
        for (step_index, step) in tour.steps.iter().enumerate() {
            let said = |answer: Option<u32>| Utterance {
                tour: TourIndex::new(tour_index),
                step: StepIndex::new(step_index),
                answer,
            };
            for language in &script.languages {
                let mut rehearsal = Rehearsal {
                    script,
                    facts,
                    language,
                    step,
                    has_voice: has_voice(tour),
                    report,
                };
                if let Some(say) = &step.say {
                    let length = rehearsal.say(say, said(None));
                    rehearsal.cut(tour, length);
                }
                let answers = step.ask.iter().flat_map(|ask| &ask.answers);
                for (index, answer) in answers.enumerate() {
                    if let Some(say) = &answer.feedback {
                        rehearsal.say(say, said(u32::try_from(index).ok()));
                    }
                }
            }
        }
    }
}

/// Whether some narration of a tour is a sound.
fn has_voice(tour: &TourScript) -> bool {
    let says = tour.steps.iter().filter_map(|step| step.say.as_ref());
    says.into_iter().any(|say| !say.sound.is_empty())
}

struct Rehearsal<'a> {
    script: &'a Script,
    facts: &'a dyn Facts,
    language: &'a Language,
    step: &'a StepScript,
    has_voice: bool,
    report: &'a mut Report,
}

impl Rehearsal<'_> {
    fn warn(
        &mut self,
        severity: Severity,
        code: &'static str,
        message: String,
        span: Span,
        help: &str,
    ) {
        // What came from nowhere is shown at its step.
        let span = if span.file == 0 {
            self.step.span()
        } else {
            span
        };
        self.report
            .push(Diagnostic::new(severity, code, message).at(span).help(help));
    }

    /// Something that is said; how long it takes.
    fn say(&mut self, say: &Say, utterance: Utterance) -> Duration {
        let (language, step) = (self.language, &self.step.id);
        let default = &self.script.default_language;
        let text = say.text.get(language, default).map_or("", String::as_str);
        let sound = say
            .sound
            .exact(language, default)
            .or(say.sound.plain.as_ref());
        if sound.is_none() && self.has_voice {
            let message = format!("the step \"{step}\" has no voice in \"{language}\"");
            let help = "add the file to `sound`; until then it is only read";
            let span = if say.sound.is_empty() {
                say.text.span
            } else {
                say.sound.span
            };
            self.warn(Severity::Warning, "narration-missing", message, span, help);
        }
        let known = self.facts.narration(utterance, language);
        let length = known.unwrap_or_else(|| speaking_time(text, language));
        if length > LONGEST_NARRATION {
            let message = format!(
                "the step \"{step}\" speaks for {:.0} s in \"{language}\"",
                length.as_secs_f32()
            );
            let help = "split it: after 90 s nobody listens who stands";
            self.warn(
                Severity::Warning,
                "narration-too-long",
                message,
                say.text.span,
                help,
            );
        }
        self.captions(say, text, known, length);
        length
    }

    fn captions(&mut self, say: &Say, text: &str, known: Option<Duration>, length: Duration) {
        let (language, step) = (self.language, &self.step.id);
        let default = &self.script.default_language;
        let file = say.captions.exact(language, default);
        let file = file.or(say.captions.plain.as_ref());
        let read = file.and_then(|file| self.facts.captions(file));
        let captions = match (&read, file) {
            (Some(read), _) => read.clone(),
            // There is a file that nobody has read.
            (None, Some(_)) => return,
            (None, None) if text.trim().is_empty() => {
                let message =
                    format!("what the step \"{step}\" says in \"{language}\" has no words");
                let help = "give it `text` or `captions`: not everybody hears";
                self.warn(
                    Severity::Error,
                    "captions-missing",
                    message,
                    say.sound.span,
                    help,
                );
                return;
            }
            (None, None) if !text.contains(char::is_alphanumeric) => {
                let message =
                    format!("what the step \"{step}\" says in \"{language}\" is not written yet");
                let help = "write what is heard into `text`: not everybody hears";
                let span = say.text.span;
                self.warn(Severity::Warning, "captions-unwritten", message, span, help);
                return;
            }
            // Their speed is that of an estimate.
            (None, None) if known.is_none() => return,
            (None, None) => make(text, language, length, say.text.span),
        };
        let speed = ReadingSpeed::of(language);
        let mut fastest: Option<(f32, &Caption)> = None;
        for caption in &captions {
            let cps = speed.cps(&caption.text(), caption.duration());
            let is_fast = cps > speed.most_cps || caption.duration() < SHORTEST && cps > 0.0;
            if is_fast && fastest.is_none_or(|(most, _)| cps > most) {
                fastest = Some((cps, caption));
            }
        }
        if let Some((cps, caption)) = fastest {
            let message = if cps > speed.most_cps {
                format!(
                    "captions of the step \"{step}\" in \"{language}\" run at {cps:.0} characters a second; {:.0} can be read",
                    speed.most_cps
                )
            } else {
                format!(
                    "a caption of the step \"{step}\" in \"{language}\" stays for {:.1} s only; the shortest takes {:.1} s to read",
                    caption.duration().as_secs_f32(),
                    SHORTEST.as_secs_f32()
                )
            };
            let help = format!(
                "shorten it, or show it for {:.1} s",
                (speed.characters(&caption.text()) / speed.comfortable_cps)
                    .max(SHORTEST.as_secs_f32())
            );
            self.warn(
                Severity::Warning,
                "captions-too-fast",
                message,
                caption.span,
                &help,
            );
        }
        let wide = captions
            .iter()
            .find(|one| break_lines(&one.text(), language).len() > MOST_LINES);
        if let Some(caption) = wide {
            let message = format!(
                "a caption of the step \"{step}\" in \"{language}\" takes more than two lines"
            );
            let help = format!("split it: a line holds {} columns", speed.line_columns);
            self.warn(
                Severity::Warning,
                "captions-too-wide",
                message,
                caption.span,
                &help,
            );
        }
        let late = captions
            .last()
            .filter(|last| last.end > length + LATEST_END);
        if let Some(caption) = late.filter(|_| known.is_some()) {
            let message =
                format!("captions of the step \"{step}\" in \"{language}\" end after its voice");
            let help = "are they of another recording?";
            self.warn(
                Severity::Warning,
                "captions-too-late",
                message,
                caption.span,
                help,
            );
        }
    }

    /// A narration that its own step cuts off.
    fn cut(&mut self, tour: &TourScript, length: Duration) {
        if let GoOnScript::After(after_ns) = self.step.go_on
            && tour.pace == Pace::Automatic
            && Duration::from_nanos(after_ns) < length
        {
            let message = format!(
                "the step \"{}\" goes on after {:.1} s, before its {:.1} s in \"{}\" are spoken",
                self.step.id,
                after_ns as f64 / 1e9,
                length.as_secs_f32(),
                self.language
            );
            let help = "write `go_on: NarrationEnded`, or a longer time";
            self.warn(
                Severity::Warning,
                "narration-cut",
                message,
                Span::default(),
                help,
            );
        }
    }
}
