//! The page: HTML that needs neither a script nor the net.

use super::{
    html::{clock, dir, escape, list, secs},
    problems,
    shots::Shots,
    timeline::timeline,
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    exhibit::{open::Prepared, rehearse::Rehearsed, words::autonym},
    scene::schema::{Language, Pace, Say, Text},
    tour::{
        GoOnScript, QuestionScript, StepIndex, StepScript, TourIndex, TourScript, Utterance,
        captions::{Caption, ReadingSpeed, make},
    },
};
use std::{fmt::Write, time::Duration};

const STYLE: &str = include_str!("style.css");

/// The whole page.
pub(super) fn page(rehearsed: &Rehearsed, shots: &Shots) -> String {
    let Some(prepared) = &rehearsed.prepared else {
        return String::new();
    };
    let problems = problems::by_step(prepared, &rehearsed.report);
    let page = Page {
        rehearsed,
        prepared,
        shots,
    };
    let default = &prepared.script.default_language;
    let title = prepared
        .exhibit
        .title
        .get(default, default)
        .map_or("", String::as_str);
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"{}>\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{} · storyboard</title>\n<style>\n{STYLE}\n{}</style>\n</head>\n<body>\n",
        escape(default.as_str()),
        dir(default),
        escape(title),
        page.language_rules(),
    );
    html.push_str(&page.head(title));
    if let Some(others) = problems.get(&None) {
        html.push_str("<section class=\"others\"><h2>Of the exhibit as a whole</h2>");
        html.push_str(&list(others, &rehearsed.report));
        html.push_str("</section>");
    }
    for (index, tour) in prepared.script.tours.iter().enumerate() {
        let index = TourIndex::new(index);
        html.push_str(&page.tour_head(index, tour));
        for (step, own) in tour.steps.iter().enumerate() {
            let step = StepIndex::new(step);
            let found = problems
                .get(&Some((index, step)))
                .map_or(&[][..], Vec::as_slice);
            html.push_str(&page.step(index, step, own, found));
        }
        html.push_str("</section>\n");
    }
    if prepared.script.tours.is_empty() {
        html.push_str("<p>This exhibit has no tours.</p>");
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

struct Page<'a> {
    rehearsed: &'a Rehearsed,
    prepared: &'a Prepared,
    shots: &'a Shots,
}

impl Page<'_> {
    fn languages(&self) -> &[Language] {
        &self.prepared.script.languages
    }

    /// Who chooses a language hides the others.
    fn language_rules(&self) -> String {
        let mut rules = String::new();
        for tag in self.languages().iter().map(|tag| escape(tag.as_str())) {
            writeln!(
                rules,
                "body:has(#in-{tag}:checked) [data-language]:not([data-language=\"{tag}\"]) {{ display: none; }}"
            )
            .ok();
        }
        rules
    }

    fn head(&self, title: &str) -> String {
        let report = &self.rehearsed.report;
        let mut html = format!(
            "<header><p class=\"kind\">Storyboard</p><h1 dir=\"auto\">{}</h1>",
            escape(title)
        );
        let (errors, warnings) = (
            report.count(Severity::Error),
            report.count(Severity::Warning),
        );
        let (class, words) = if errors + warnings == 0 {
            ("good", "Rehearsal found nothing wrong.".to_owned())
        } else {
            (
                "bad",
                format!(
                    "Rehearsal found {}.",
                    report.summary().trim_end_matches('.')
                ),
            )
        };
        write!(
            html,
            "<p class=\"verdict {class}\"><bdi lang=\"en\" dir=\"ltr\">{}</bdi></p>",
            escape(&words)
        )
        .ok();
        html.push_str("<nav aria-label=\"Tours\">");
        for tour in &self.prepared.script.tours {
            write!(
                html,
                "<a href=\"#{}\"><bdi>{}</bdi></a>",
                escape(tour.id.as_str()),
                escape(self.text(&tour.title))
            )
            .ok();
        }
        html.push_str("</nav>");
        if self.languages().len() > 1 {
            html.push_str("<fieldset class=\"languages\"><legend>Language</legend><input type=\"radio\" name=\"in\" id=\"in-all\" checked><label for=\"in-all\">All</label>");
            for language in self.languages() {
                let tag = escape(language.as_str());
                write!(html, "<input type=\"radio\" name=\"in\" id=\"in-{tag}\"><label for=\"in-{tag}\" lang=\"{tag}\"><bdi>{}</bdi></label>", escape(autonym(language))).ok();
            }
            html.push_str("</fieldset>");
        }
        html.push_str("</header>\n<main>\n");
        html
    }

    fn text<'t>(&self, text: &'t Text) -> &'t str {
        let default = &self.prepared.script.default_language;
        text.get(default, default).map_or("", String::as_str)
    }

    fn tour_head(&self, index: TourIndex, tour: &TourScript) -> String {
        let mut html = format!(
            "<section class=\"tour\" id=\"{}\"><div class=\"tour-head\"><h2 dir=\"auto\">{}</h2>",
            escape(tour.id.as_str()),
            escape(self.text(&tour.title)),
        );
        let pace = match tour.pace {
            Pace::Visitor => "the visitor goes on",
            Pace::Automatic => "goes on by itself",
        };
        write!(
            html,
            "<p class=\"facts\"><bdi lang=\"en\" dir=\"ltr\"><code>{}</code> · {} steps · {pace}</bdi></p><ul class=\"lengths\">",
            escape(tour.id.as_str()),
            tour.steps.len()
        )
        .ok();
        for language in self.languages() {
            let key = (index, language.to_string());
            if let Some(played) = self.rehearsed.played.get(&key) {
                let tag = escape(language.as_str());
                write!(
                    html,
                    "<li data-language=\"{tag}\"><bdi lang=\"{tag}\">{}</bdi> {}</li>",
                    escape(autonym(language)),
                    clock(played.length)
                )
                .ok();
            }
        }
        html.push_str("</ul></div>\n");
        html
    }

    fn step(
        &self,
        tour: TourIndex,
        index: StepIndex,
        step: &StepScript,
        found: &[&Diagnostic],
    ) -> String {
        let title = self.text(&step.title);
        let title = if title.is_empty() {
            step.id.as_str()
        } else {
            title
        };
        let worst = found.iter().map(|one| one.severity).min();
        let mut html = format!(
            "<article{}><div class=\"scene\"><h3><span class=\"number\">{}</span> <bdi>{}</bdi></h3>",
            worst.map_or(String::new(), |worst| format!(
                " class=\"has-{}\"",
                worst.name()
            )),
            index.index() + 1,
            escape(title),
        );
        match self.shots.get(&(tour, index)) {
            Some(path) => write!(
                html,
                "<img src=\"{}\" alt=\"What is seen in this step\" width=\"960\" height=\"540\">",
                escape(path)
            )
            .ok(),
            None => write!(html, "<div class=\"no-picture\">no picture</div>").ok(),
        };
        write!(
            html,
            "<p class=\"facts\"><bdi lang=\"en\" dir=\"ltr\"><code>{}</code> · {}</bdi></p></div><div class=\"words\">",
            escape(step.id.as_str()),
            escape(&goes_on(self.prepared, step))
        )
        .ok();
        html.push_str(&list(found, &self.rehearsed.report));
        if let Some(say) = &step.say {
            let utterance = Utterance {
                tour,
                step: index,
                answer: None,
            };
            html.push_str(&self.said(say, utterance));
        }
        if let Some(ask) = &step.ask {
            html.push_str(&self.question(ask));
        }
        html.push_str("</div>");
        html.push_str(&timeline(
            self.rehearsed,
            &self.prepared.script,
            (tour, index),
        ));
        html.push_str("</article>\n");
        html
    }

    fn said(&self, say: &Say, utterance: Utterance) -> String {
        let default = &self.prepared.script.default_language;
        let mut html = String::from("<div class=\"said\">");
        for language in self.languages() {
            let text = say.text.get(language, default).map_or("", String::as_str);
            let length = self.rehearsed.durations(language).get(utterance);
            let tag = escape(language.as_str());
            write!(
                html,
                "<blockquote data-language=\"{tag}\" lang=\"{tag}\"{}><p>{}</p><footer>",
                dir(language),
                escape(text)
            )
            .ok();
            write!(
                html,
                "<span dir=\"ltr\">{}</span>",
                self.measures(say, utterance, language, length)
            )
            .ok();
            html.push_str("</footer></blockquote>");
        }
        html.push_str("</div>");
        html
    }

    /// Length, reading speed, loudness: with a mark where it is too much.
    fn measures(
        &self,
        say: &Say,
        utterance: Utterance,
        language: &Language,
        length: Duration,
    ) -> String {
        let key = (utterance, language.to_string());
        let path = self.prepared.voices.get(&key);
        let heard = path.and_then(|path| self.rehearsed.heard.get(path)?.as_ref().ok());
        let about = if heard.is_some() { "" } else { "about " };
        let mut parts = vec![format!("{about}{}", secs(length.as_secs_f32()))];
        let captions = self.captions(say, language, length);
        let speed = ReadingSpeed::of(language);
        let fastest = captions
            .iter()
            .map(|caption| speed.cps(&caption.text(), caption.duration()))
            .fold(0.0_f32, f32::max);
        if fastest > 0.0 {
            let class = if fastest > speed.most_cps {
                " class=\"too-much\""
            } else {
                ""
            };
            parts.push(format!(
                "<span{class} title=\"the fastest caption; at most {:.0} can be read\">{fastest:.0} of {:.0} characters/s</span>",
                speed.most_cps, speed.most_cps
            ));
        }
        if let Some(heard) = heard {
            let lufs = heard
                .loudness_lufs
                .map_or_else(|| "silent".to_owned(), |lufs| format!("{lufs:.1} LUFS"));
            parts.push(format!("{lufs}, peak {:.1} dBTP", heard.true_peak_dbtp));
        }
        parts.join(" · ")
    }

    fn captions(&self, say: &Say, language: &Language, length: Duration) -> Vec<Caption> {
        let default = &self.prepared.script.default_language;
        let file = say
            .captions
            .exact(language, default)
            .or(say.captions.plain.as_ref());
        let read = file.and_then(|file| self.prepared.captions.get(&file.in_exhibit));
        read.cloned().unwrap_or_else(|| {
            let text = say.text.get(language, default).map_or("", String::as_str);
            make(text, language, length, say.text.span)
        })
    }

    fn question(&self, ask: &QuestionScript) -> String {
        let default = &self.prepared.script.default_language;
        let get = |text: &Text, language: &Language| {
            escape(text.get(language, default).map_or("", String::as_str))
        };
        let mut html = String::from("<div class=\"said question\">");
        for language in self.languages() {
            let tag = escape(language.as_str());
            write!(
                html,
                "<div data-language=\"{tag}\" lang=\"{tag}\"{}><p>{}</p><ul>",
                dir(language),
                get(&ask.text, language)
            )
            .ok();
            for answer in &ask.answers {
                let class = if answer.is_correct {
                    " class=\"right\""
                } else {
                    ""
                };
                write!(html, "<li{class}>{}", get(&answer.text, language)).ok();
                if let Some(feedback) = &answer.feedback {
                    write!(html, " <small>{}</small>", get(&feedback.text, language)).ok();
                }
                html.push_str("</li>");
            }
            html.push_str("</ul></div>");
        }
        html.push_str("</div>");
        html
    }
}

/// When the next step comes.
fn goes_on(prepared: &Prepared, step: &StepScript) -> String {
    match step.go_on {
        GoOnScript::NarrationEnded => "on when the voice has ended".to_owned(),
        GoOnScript::Ready => "on when the visitor is ready".to_owned(),
        GoOnScript::After(ns) => {
            format!("on after {}", secs(Duration::from_nanos(ns).as_secs_f32()))
        }
        GoOnScript::HotspotVisited(index) => {
            let hotspot = prepared
                .script
                .hotspot(index)
                .map_or("", |one| one.id.as_str());
            format!("on when \"{hotspot}\" was visited")
        }
        GoOnScript::Answered => "on when it is answered".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::rehearse::{Means, rehearse};

    fn made(scene: &str) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("exhibit.ron");
        std::fs::write(&path, scene).expect("the scene can be written");
        let rehearsed = rehearse(&path, &Means::default(), &mut |_, _| {});
        page(&rehearsed, &Shots::new())
    }

    const SCENE: &str = r#"(format: 1, title: "A <cave> & more", credits: [(name: "Us", licence: "CC0-1.0")],
languages: ["en", "ar"],
tours: [(id: "t", title: {"en": "Walk", "ar": "جولة"}, pace: Automatic, steps: [
    (id: "one", say: (text: {"en": "Come \"in\".", "ar": "تفضلوا"}), cues: [(property: Exposure, to: 3, after: 1, duration: 2)]),
    (id: "two", say: (text: {"en": "Twelve centuries ago, painters covered every wall.", "ar": "كل جدار"}), go_on: After(seconds: 1)),
])])"#;

    #[test]
    fn a_page_tells_each_step_in_each_language() {
        let html = made(SCENE);
        for part in [
            "A &lt;cave&gt; &amp; more",
            "Come &quot;in&quot;.",
            "lang=\"ar\" dir=\"rtl\"><p>تفضلوا",
            "<bdi>العربية</bdi>",
            "exposure",
            "→ 3",
            "inset-inline-start:",
        ] {
            assert!(html.contains(part), "the page holds {part:?}:\n{html}");
        }
        for foreign in ["http:", "https:", "<script", "@import", "url("] {
            assert!(!html.contains(foreign), "the page needs no {foreign:?}");
        }
    }

    #[test]
    fn problems_stand_beside_their_step() {
        let html = made(SCENE);
        let second = html.split("<article").nth(2).expect("there are two steps");
        assert!(
            second.contains("narration-cut") && second.contains("exhibit.ron:5"),
            "what is cut off is told where it is:\n{second}"
        );
        let first = html.split("<article").nth(1).expect("there are two steps");
        assert!(
            !first.contains("narration-cut"),
            "and nowhere else:\n{first}"
        );
    }
}
