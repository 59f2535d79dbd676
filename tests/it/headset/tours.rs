//! The sample's tour, taken in each of its languages: led on by one hand, left midway and begun
//! anew, and gone on with by a visitor who took the headset off for a while.

use super::{
    alone, distance,
    hands::{RIGHT, place_of, press_at, press_menu, press_tile},
    is_visiting, number, point_at_figure, press,
    runtime::Rig,
    vector, visiting,
};
use grotto::{
    exhibit::{open, stage::StagedStory},
    scene::schema::Text,
    tour::{StepIndex, TourIndex, Utterance},
};
use serde_json::Value;
use std::ops::RangeInclusive;

/// The step in which the north wall's colors come back, counted from 0.
const RESTORED: usize = 4;

/// A step, as a visitor of one language is to meet it.
struct Step {
    title: String,
    /// Everything that is said, caption by caption.
    said: Vec<String>,
    /// Under the eyes, where the step says where to be.
    place: Option<[f32; 3]>,
    question: Option<Question>,
}

struct Question {
    text: String,
    right: usize,
    /// What is said to the right answer.
    said: Vec<String>,
}

/// The first tour, as a visitor of one language is to meet it.
struct Tour {
    title: String,
    /// What the figure's card is headed with.
    figure: String,
    steps: Vec<Step>,
}

impl Tour {
    /// As the exhibit's files have it.
    fn read(language: &str) -> Self {
        let (stage, _) = open::open(&Rig::scene(), Some(language));
        let stage = stage.expect("the sample can be opened");
        let story = stage.story.as_ref().expect("it has tours");
        let script = &story.script;
        let tour = script.tour(TourIndex::FIRST).expect("it has a tour");
        let steps = (0..tour.steps.len()).map(|at| Step::read(story, at));
        let mut figure = script.hotspots.iter();
        let figure = figure.position(|spot| spot.id.as_str() == "figure");
        let figure = figure.and_then(|at| story.hotspots.get(at));
        Self {
            title: text(story, &tour.title),
            figure: figure.expect("a figure can be selected").title.clone(),
            steps: steps.collect(),
        }
    }

    /// The step that a state tells of.
    fn step_of(&self, state: &Value) -> Option<usize> {
        let title = state["visit"]["step"].as_str()?;
        self.steps.iter().position(|step| step.title == title)
    }
}

impl Step {
    fn read(story: &StagedStory, at: usize) -> Self {
        let tour = story.script.tour(TourIndex::FIRST).expect("it has a tour");
        let script = &tour.steps[at];
        let said = |answer| {
            let utterance = Utterance {
                tour: TourIndex::FIRST,
                step: StepIndex::new(at),
                answer,
            };
            let captions = story.captions.get(&utterance).into_iter().flatten();
            captions
                .map(|caption| caption.text().trim().to_owned())
                .collect()
        };
        let staged = &story.steps[TourIndex::FIRST.index()][at];
        Self {
            title: text(story, &script.title),
            said: said(None),
            place: staged
                .pose
                .as_ref()
                .map(|pose| pose.eye_in_world.to_array()),
            question: script.ask.as_ref().map(|ask| {
                let right = ask.answers.iter().position(|answer| answer.is_correct);
                let right = right.expect("one answer is right");
                Question {
                    text: text(story, &ask.text),
                    right,
                    said: said(Some(right as u32)),
                }
            }),
        }
    }
}

fn text(story: &StagedStory, text: &Text) -> String {
    let text = text.get(&story.language, &story.script.default_language);
    text.cloned().expect("it is written")
}

/// Whether a state shows one of these captions.
fn says(state: &Value, said: &[String]) -> bool {
    let shown = state["visit"]["caption"].as_str().unwrap_or_default();
    said.iter().any(|said| shown.contains(said.as_str()))
}

/// What a tour changes and must give back.
fn look_of(state: &Value) -> [Value; 3] {
    ["layers", "held_layers", "lamp"].map(|name| state["visit"][name].clone())
}

#[test]
fn the_tour_is_taken_in_each_language() {
    let _alone = alone();
    let Some(rig) = visiting("tours", &[]) else {
        return;
    };
    for (at, language) in ["en", "zh-Hans", "fr"].into_iter().enumerate() {
        let tour = Tour::read(language);
        home_in(&rig, at, language);
        let before = look_of(&rig.pass(0.2));
        the_figure_is_read(&rig, &tour);
        begin(&rig, &tour);
        let last = tour.steps.len() - 1;
        match language {
            "zh-Hans" => {
                lead(&rig, &tour, 0..=RESTORED, language);
                rig.wait("a wall shows what it may have been", 20.0, |state| {
                    number(&state["visit"]["held_layers"]["wall_north"]) > 0.9
                });
                leave(&rig, &before);
                begin(&rig, &tour);
                lead(&rig, &tour, 0..=last, language);
            }
            "fr" => {
                lead(&rig, &tour, 0..=RESTORED, language);
                let next = take_off_and_on(&rig, &tour);
                lead(&rig, &tour, next..=last, language);
            }
            _ => lead(&rig, &tour, 0..=last, language),
        }
        rig.wait("the tour ends with its last word", 60.0, |state| {
            state["visit"]["tour"].is_null()
        });
        rig.wait("what it changed returns", 20.0, |state| {
            look_of(state) == before
        });
    }
}

/// Chooses a language, and returns to the starting place.
fn home_in(rig: &Rig, at: usize, language: &str) {
    open_page(rig, "Languages");
    press_tile(rig, RIGHT, &format!("Language({at})"));
    rig.wait("the language is spoken", 10.0, |state| {
        state["visit"]["language"] == language
    });
    press_tile(rig, RIGHT, "Back");
    press_tile(rig, RIGHT, "Home");
    rig.pass(1.0);
    rig.wait("home again", 20.0, is_visiting);
}

/// Opens the menu at a page, if it is not there.
fn open_page(rig: &Rig, page: &str) {
    let open = rig.pass(0.2)["visit"]["menu"].clone();
    let is_at = |open: &Value| open.as_str().is_some_and(|open| open.starts_with(page));
    if is_at(&open) {
        return;
    }
    rig.act(|doing| {
        doing.hands[RIGHT].is_seen = true;
        (doing.yaw, doing.pitch) = (0.0, 0.0);
    });
    rig.pass(0.5);
    if open.is_string() {
        press_menu(rig, RIGHT);
    }
    press_menu(rig, RIGHT);
    press_tile(rig, RIGHT, page);
    rig.wait("the page is open", 10.0, |state| {
        is_at(&state["visit"]["menu"])
    });
}

fn the_figure_is_read(rig: &Rig, tour: &Tour) {
    point_at_figure(rig, Some(RIGHT));
    rig.wait("the figure is meant", 10.0, |state| {
        state["visit"]["meant"] == "figure"
    });
    press(rig, RIGHT);
    rig.wait("its card is in the language", 10.0, |state| {
        state["visit"]["panel"] == tour.figure.as_str()
    });
    press(rig, RIGHT);
    rig.wait("another press closes it", 10.0, |state| {
        state["visit"]["panel"].is_null()
    });
}

fn begin(rig: &Rig, tour: &Tour) {
    open_page(rig, "Tour");
    press_tile(rig, RIGHT, "BeginTour(0)");
    let state = rig.wait("the tour begins at its first step", 20.0, |state| {
        tour.step_of(state) == Some(0)
    });
    assert_eq!(state["visit"]["tour"], tour.title.as_str(), "by its name");
}

/// Is led through these steps; the first goes on by itself, each other by a press.
fn lead(rig: &Rig, tour: &Tour, steps: RangeInclusive<usize>, language: &str) {
    let mut at = *steps.start();
    let mut met = 0;
    loop {
        let step = &tour.steps[at];
        let title = &step.title;
        if !step.said.is_empty() {
            rig.wait(&format!("{title}: it is told"), 20.0, |state| {
                says(state, &step.said)
            });
        }
        let state = rig.wait(&format!("{title}: it is seen"), 20.0, |state| {
            number(&state["darkness"]) < 0.01
        });
        if let Some([x, _, z]) = step.place {
            let feet = vector(&state["feet"]);
            let off_m = distance([feet[0], 0.0, feet[2]], [x, 0.0, z]);
            assert!(
                off_m < 0.4,
                "{title}: it is seen from its place: {off_m} m off"
            );
        }
        met += 1;
        if at >= *steps.end() {
            break;
        }
        if at == RESTORED {
            // Captions come after a gaze.
            rig.pass(2.0);
            rig.picture(&format!("step-{language}"));
        }
        if let Some(question) = &step.question {
            answer(rig, question, language);
        } else if at > 0 && tour.step_of(&rig.pass(0.1)) == Some(at) {
            open_page(rig, "Tour");
            press_tile(rig, RIGHT, "StepOn");
        }
        let state = rig.wait(
            &format!("after {title} comes another step"),
            60.0,
            |state| tour.step_of(state) != Some(at),
        );
        let next = tour.step_of(&state);
        let next = next.unwrap_or_else(|| panic!("a step in {language}: {state}"));
        assert!(next > at, "forward: {state}");
        at = next;
    }
    // One that ended by itself in the moment of a press took the next along.
    assert!(
        met + 2 >= steps.clone().count(),
        "{met} of {} steps in {language}",
        steps.count()
    );
}

/// Gives the right answer on the question's card.
fn answer(rig: &Rig, question: &Question, language: &str) {
    // A card waits for the menu to be closed.
    if rig.pass(0.1)["visit"]["menu"].is_string() {
        press_menu(rig, RIGHT);
    }
    rig.wait("the question is asked", 40.0, |state| {
        state["visit"]["asked"] == question.text.as_str()
    });
    let sign = format!("Answer({})", question.right);
    press_at(rig, RIGHT, &sign, |state| {
        let signs = state["visit"]["signs"].as_array()?;
        let sign = signs.iter().find(|own| own["sign"] == sign.as_str())?;
        Some(vector(&sign["at"]))
    });
    rig.wait("the answer is answered", 20.0, |state| {
        says(state, &question.said)
    });
    rig.pass(2.0);
    rig.picture(&format!("question-{language}"));
}

/// Leaves the tour from the menu.
fn leave(rig: &Rig, before: &[Value; 3]) {
    open_page(rig, "Tour");
    press_tile(rig, RIGHT, "EndTour");
    rig.wait("the tour is left, without a rest of it", 20.0, |state| {
        let visit = &state["visit"];
        visit["tour"].is_null() && visit["caption"] == "" && look_of(state) == *before
    });
    assert!(
        place_of(&rig.pass(0.5), "EndTour").is_none(),
        "and is not offered to be left again"
    );
}

/// Lays the headset down and puts it on again within the grace period; the step after the one
/// that then goes on.
fn take_off_and_on(rig: &Rig, tour: &Tour) -> usize {
    let worn = rig.remote.as_ref().expect("a visitor").doing();
    rig.act(|doing| {
        doing.is_swaying = false;
        doing.head[1] = 0.9;
    });
    let paused = rig.wait("the visit waits for its visitor", 60.0, |state| {
        state["phase"] == "Paused"
    });
    let at = tour.step_of(&paused).expect("the tour is under way");
    // Longer than what is left of the step, shorter than the grace period.
    rig.pass(20.0);
    rig.act(|doing| *doing = worn);
    let state = rig.wait("the visit goes on", 30.0, is_visiting);
    assert_eq!(tour.step_of(&state), Some(at), "where it was: {state}");
    let state = rig.wait("the tour goes on by itself", 60.0, |state| {
        tour.step_of(state).is_some_and(|next| next > at)
    });
    tour.step_of(&state).unwrap_or(at)
}
