//! All that is read in an exhibit in a language: what its fonts must have.

use super::retell;
use crate::{
    exhibit::{
        stage::Stage,
        words::{Word, autonym},
    },
    scene::schema::{Action, Credit, Exhibit, Language, PanelImage, Text},
};

/// Every text of an exhibit, of Grotto's words and of its caption files, as a visitor of a
/// language reads them.
pub fn texts(stage: &Stage, language: &Language) -> Vec<String> {
    let told = retell(stage, language);
    let words = told.languages.words();
    let mut all = vec![autonym(language).to_owned()];
    for word in Word::ALL {
        if word.arguments().is_empty() {
            all.push(words.say(*word).to_owned());
        }
        all.push(words.keys(*word).to_owned());
    }
    if let Some(story) = &told.story {
        let captions = story.captions.values().chain(story.sound_captions.values());
        let captions = captions.flatten();
        all.extend(captions.map(crate::tour::captions::Caption::text));
    }
    match &stage.exhibit {
        Some(exhibit) => {
            let default = &exhibit.default_language.value;
            let written = written(exhibit).into_iter();
            all.extend(written.filter_map(|text| text.get(language, default).cloned()));
        }
        None => all.extend([told.title.clone(), told.about.clone()]),
    }
    all.sort();
    all.dedup();
    all
}

/// The texts that an author wrote for visitors.
fn written(exhibit: &Exhibit) -> Vec<&Text> {
    let mut all = vec![&exhibit.title, &exhibit.about];
    credits(&exhibit.credits, &mut all);
    for space in &exhibit.spaces {
        all.push(&space.title);
        for surface in &space.surfaces {
            all.push(&surface.title);
            all.extend(surface.layers.iter().map(|layer| &layer.title));
        }
    }
    all.extend(exhibit.views.iter().map(|view| &view.title));
    for hotspot in &exhibit.hotspots {
        all.push(&hotspot.title);
        for action in &hotspot.actions {
            match action {
                Action::Panel {
                    title,
                    text,
                    images,
                    credits: own,
                    ..
                } => {
                    all.extend([title, text]);
                    images.iter().for_each(|one| image(one, &mut all));
                    credits(own, &mut all);
                }
                Action::Image(one) => image(one, &mut all),
                _ => {}
            }
        }
    }
    for tour in &exhibit.tours {
        all.extend([&tour.title, &tour.about]);
        for step in &tour.steps {
            all.push(&step.title);
            all.extend(step.say.iter().map(|say| &say.text));
            if let Some(ask) = &step.ask {
                all.push(&ask.text);
                for answer in &ask.answers {
                    all.push(&answer.text);
                    all.extend(answer.feedback.iter().map(|say| &say.text));
                }
            }
        }
    }
    all
}

fn image<'e>(image: &'e PanelImage, all: &mut Vec<&'e Text>) {
    all.extend([&image.caption, &image.alternative]);
    credits(image.credit.as_slice(), all);
}

fn credits<'e>(credits: &'e [Credit], all: &mut Vec<&'e Text>) {
    all.extend(credits.iter().flat_map(|one| [&one.role, &one.name]));
}
