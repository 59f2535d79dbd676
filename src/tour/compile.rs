//! From an exhibit to its script: every id looked up once.
//!
//! What leads nowhere was reported by `check`; here it is left out so that no visitor is
//! stuck: an unknown step is as if no step were named, an unknown hotspot that a step waits
//! for is as if it waited for the visitor, a condition on something unknown never holds.

use std::collections::BTreeMap;

use super::fingerprint::{fingerprint, key};
use super::memory::Rule;
use super::script::{
    Aim, AnswerScript, CueScript, GoOnScript, HotspotIndex, HotspotScript, PropertyIndex,
    PropertyScript, QuestionScript, Script, StepIndex, StepScript, TourIndex, TourScript,
    TriggerScript, VariableIndex, VariableScript,
};
use super::time::ns_from_secs;
use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{
    Action, Answer, Condition, Cue, Curve, Exhibit, GoOn, Hotspot, Language, Property, Say, Target,
    Tour, TourStep, Trigger, Value,
};

/// Makes the script of an exhibit. The report is that of [`load`](crate::scene::load), whose
/// files the spans speak of; it gets what only shows here.
#[must_use]
pub fn compile(exhibit: &Exhibit, report: &mut Report) -> Script {
    let mut script = Script {
        default_language: exhibit.default_language.value.clone(),
        languages: languages(exhibit),
        ..Script::default()
    };
    // Of two with one id, the first is meant: the second was reported.
    let tours: Vec<&Tour> = exhibit
        .tours
        .iter()
        .filter(|tour| !tour.steps.is_empty())
        .collect();
    for (index, tour) in tours.iter().enumerate() {
        let id = tour.id.as_str().to_owned();
        script.tour_of.entry(id).or_insert(TourIndex::new(index));
    }
    for (index, hotspot) in exhibit.hotspots.iter().enumerate() {
        let id = hotspot.id.as_str().to_owned();
        let entry = script.hotspot_of.entry(id);
        entry.or_insert(HotspotIndex::new(index));
    }
    for (index, variable) in exhibit.variables.iter().enumerate() {
        let id = variable.id.as_str().to_owned();
        let entry = script.variable_of.entry(id);
        entry.or_insert(VariableIndex::new(index));
        script.variables.push(VariableScript {
            id: variable.id.clone(),
            start: variable.start.clone(),
        });
    }
    let mut compiler = Compiler {
        exhibit,
        script,
        steps: tours.iter().map(|tour| steps_of(tour)).collect(),
        properties: BTreeMap::new(),
        report,
    };
    for (index, tour) in tours.iter().enumerate() {
        let tour = compiler.tour(tour, TourIndex::new(index));
        compiler.script.tours.push(tour);
    }
    for hotspot in &exhibit.hotspots {
        let hotspot = compiler.hotspot(hotspot);
        compiler.script.hotspots.push(hotspot);
    }
    let mut script = compiler.script;
    script.fingerprint = fingerprint(&script);
    script
}

/// The languages that visitors may choose, each once.
fn languages(exhibit: &Exhibit) -> Vec<Language> {
    let mut languages: Vec<Language> = Vec::new();
    for language in exhibit.languages.iter().map(|one| &one.value) {
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    if languages.is_empty() {
        languages.push(exhibit.default_language.value.clone());
    }
    languages
}

fn steps_of(tour: &Tour) -> BTreeMap<String, StepIndex> {
    let mut steps = BTreeMap::new();
    for (index, step) in tour.steps.iter().enumerate() {
        let entry = steps.entry(step.id.as_str().to_owned());
        entry.or_insert(StepIndex::new(index));
    }
    steps
}

struct Compiler<'a> {
    exhibit: &'a Exhibit,
    script: Script,
    steps: Vec<BTreeMap<String, StepIndex>>,
    properties: BTreeMap<[String; 3], PropertyIndex>,
    report: &'a mut Report,
}

impl Compiler<'_> {
    fn tour(&mut self, tour: &Tour, index: TourIndex) -> TourScript {
        TourScript {
            id: tour.id.clone(),
            title: tour.title.clone(),
            pace: tour.pace.clone(),
            space: tour.space.clone(),
            steps: tour
                .steps
                .iter()
                .map(|step| self.step(step, index))
                .collect(),
        }
    }

    fn step(&mut self, step: &TourStep, tour: TourIndex) -> StepScript {
        let mut cues: Vec<CueScript> = step
            .cues
            .iter()
            .filter_map(|cue| self.cue(cue, step))
            .collect();
        cues.sort_by_key(|cue| cue.after_ns);
        let answers: Vec<AnswerScript> = step
            .ask
            .iter()
            .flat_map(|question| &question.answers)
            .map(|answer| self.answer(answer, tour))
            .collect();
        let ask = step.ask.as_ref().filter(|_| !answers.is_empty());
        let ask = ask.map(|question| QuestionScript {
            text: question.text.clone(),
            answers,
        });
        let go_on = match &step.go_on {
            GoOn::NarrationEnded => GoOnScript::NarrationEnded,
            GoOn::Ready => GoOnScript::Ready,
            GoOn::After { seconds } => GoOnScript::After(ns_from_secs(*seconds)),
            GoOn::HotspotVisited(id) => self
                .script
                .hotspot_named(id.as_str())
                .map_or(GoOnScript::Ready, GoOnScript::HotspotVisited),
            GoOn::Answered if ask.is_some() => GoOnScript::Answered,
            GoOn::Answered => GoOnScript::Ready,
        };
        let branches = step.branches.iter().filter_map(|branch| {
            let target = self.step_named(tour, branch.go_to.as_str())?;
            Some((self.rule(&branch.when), target))
        });
        let detours = step.detours.iter();
        StepScript {
            id: step.id.clone(),
            title: step.title.clone(),
            at: step.at.clone(),
            look_at: step.look_at.as_ref().and_then(|target| self.aim(target)),
            say: step.say.as_ref().and_then(said),
            point_out: step
                .point_out
                .iter()
                .filter_map(|target| self.aim(target))
                .collect(),
            go_on,
            branches: branches.collect(),
            detours: detours
                .filter_map(|id| self.script.tour_named(id.as_str()))
                .collect(),
            ask,
            cues,
        }
    }

    fn step_named(&self, tour: TourIndex, id: &str) -> Option<StepIndex> {
        self.steps.get(tour.index())?.get(id).copied()
    }

    fn aim(&self, target: &Target) -> Option<Aim> {
        match target {
            Target::Hotspot(id) => self.script.hotspot_named(id.as_str()).map(Aim::Hotspot),
            Target::Place(place) => Some(Aim::Place(place.clone())),
        }
    }

    fn answer(&self, answer: &Answer, tour: TourIndex) -> AnswerScript {
        AnswerScript {
            text: answer.text.clone(),
            is_correct: answer.correct,
            feedback: answer.feedback.as_ref().and_then(said),
            set: answer.set.as_ref().and_then(|(id, value)| {
                let variable = self.script.variable_named(id.as_str())?;
                Some((variable, value.clone()))
            }),
            go_to: answer
                .go_to
                .as_ref()
                .and_then(|id| self.step_named(tour, id.as_str())),
        }
    }

    fn cue(&mut self, cue: &Cue, step: &TourStep) -> Option<CueScript> {
        if matches!(cue.to, Value::Number(number) if !number.is_finite()) {
            let message = format!("a cue of the step \"{}\" leads to no number", step.id);
            let diagnostic = Diagnostic::error("cue-without-number", message);
            self.report.push(
                diagnostic
                    .at(step.id.span())
                    .help("give `to` a finite number"),
            );
            return None;
        }
        let property = self.property(&cue.property)?;
        let base = &self.script.property(property)?.base;
        // A value of another kind was reported as `wrong-value`.
        if std::mem::discriminant(base) != std::mem::discriminant(&cue.to) {
            return None;
        }
        Some(CueScript {
            property,
            to: cue.to.clone(),
            after_ns: ns_from_secs(cue.after),
            duration_ns: ns_from_secs(cue.duration),
            // A variable has no values in between: conditions would flutter.
            curve: if matches!(cue.property, Property::Variable(_)) {
                Curve::Step
            } else {
                cue.curve.clone()
            },
            threshold: cue.threshold,
        })
    }

    fn property(&mut self, property: &Property) -> Option<PropertyIndex> {
        let key = key(property).map(str::to_owned);
        if let Some(known) = self.properties.get(&key) {
            return Some(*known);
        }
        let variable = match property {
            Property::Variable(id) => Some(self.script.variable_named(id.as_str())?),
            _ => None,
        };
        let base = self.base(property)?;
        let index = PropertyIndex::new(self.script.properties.len());
        self.script.properties.push(PropertyScript {
            property: property.clone(),
            variable,
            base,
        });
        self.properties.insert(key, index);
        Some(index)
    }

    /// What the scene gives a property; `None` for one of something that is not there.
    fn base(&self, property: &Property) -> Option<Value> {
        let mut surfaces = self.exhibit.spaces.iter().flat_map(|space| &space.surfaces);
        let mut sounds = self.exhibit.sounds.iter();
        Some(match property {
            Property::Layer(id) => {
                let surface = surfaces.find(|surface| surface.id == *id)?;
                let first = surface.layers.first().map(|layer| &layer.id);
                let shown = surface.shown.as_ref().or(first)?;
                Value::Word(shown.as_str().to_owned())
            }
            Property::LayerMix(..) | Property::Animation(..) => Value::Number(0.0),
            Property::Light(_) | Property::Fog => Value::Number(1.0),
            Property::Lamp => Value::Number(if self.exhibit.lamp.on { 1.0 } else { 0.0 }),
            Property::Exposure => Value::Number(f64::from(self.exhibit.atmosphere.exposure)),
            Property::SoundLevel(id) => {
                let sound = sounds.find(|sound| sound.id == *id)?;
                Value::Number(f64::from(sound.gain_db))
            }
            Property::SoundPlays(id) => Value::Flag(sounds.find(|sound| sound.id == *id)?.autoplay),
            Property::MeshShown(_) | Property::NodeShown(..) => Value::Flag(true),
            Property::Variable(id) => {
                let variable = self.script.variable_named(id.as_str())?;
                self.script.variables.get(variable.index())?.start.clone()
            }
        })
    }

    fn hotspot(&self, hotspot: &Hotspot) -> HotspotScript {
        HotspotScript {
            id: hotspot.id.clone(),
            title: hotspot.title.clone(),
            triggers: hotspot
                .triggers
                .iter()
                .filter_map(|trigger| self.trigger(trigger))
                .collect(),
            actions: hotspot.actions.clone(),
            endless: hotspot
                .actions
                .iter()
                .map(|action| self.is_endless(action))
                .collect(),
            group: hotspot.group.clone(),
            hidden_until: hotspot.hidden_until.as_ref().map(|when| self.rule(when)),
            reach_m: hotspot.reach,
        }
    }

    fn is_endless(&self, action: &Action) -> bool {
        match action {
            Action::Sound(id) => {
                let mut sounds = self.exhibit.sounds.iter();
                sounds.any(|sound| sound.id == *id && sound.repeat)
            }
            Action::Animate { repeat, .. } => *repeat,
            _ => false,
        }
    }

    fn trigger(&self, trigger: &Trigger) -> Option<TriggerScript> {
        Some(match trigger {
            Trigger::Select => TriggerScript::Select,
            Trigger::Gaze { dwell } => TriggerScript::Gaze(ns_from_secs(*dwell)),
            Trigger::Proximity { radius } => TriggerScript::Proximity(*radius),
            Trigger::InView { dwell } => TriggerScript::InView(ns_from_secs(*dwell)),
            Trigger::After { seconds } => TriggerScript::After(ns_from_secs(*seconds)),
            Trigger::TourStep(tour, step) => {
                let tour = self.script.tour_named(tour.as_str())?;
                TriggerScript::TourStep(tour, self.step_named(tour, step.as_str())?)
            }
            Trigger::ActionEnded(id) => {
                TriggerScript::ActionEnded(self.script.hotspot_named(id.as_str())?)
            }
            Trigger::When(condition) => TriggerScript::When(self.rule(condition)),
        })
    }

    fn rule(&self, condition: &Condition) -> Rule {
        let rules = |all: &[Condition]| all.iter().map(|one| self.rule(one)).collect();
        match condition {
            Condition::Always => Rule::Always,
            Condition::Is(id, value) => self
                .script
                .variable_named(id.as_str())
                .map_or(Rule::Never, |variable| Rule::Is(variable, value.clone())),
            Condition::AtLeast(id, least) => self
                .script
                .variable_named(id.as_str())
                .map_or(Rule::Never, |variable| Rule::AtLeast(variable, *least)),
            Condition::Visited(id) => self
                .script
                .hotspot_named(id.as_str())
                .map_or(Rule::Never, Rule::Visited),
            Condition::Toured(id) => self
                .script
                .tour_named(id.as_str())
                .map_or(Rule::Never, Rule::Toured),
            Condition::Not(one) => Rule::Not(Box::new(self.rule(one))),
            Condition::All(all) => Rule::All(rules(all)),
            Condition::Any(any) => Rule::Any(rules(any)),
        }
    }
}

/// Something that is said, unless there are neither words nor a sound.
fn said(say: &Say) -> Option<Say> {
    (!say.text.is_empty() || !say.sound.is_empty()).then(|| say.clone())
}
