//! Ways through a tour: steps never reached, circles without a way out, variables that
//! nothing sets.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{Action, Exhibit, Pace};
use crate::tour::memory::Rule;
use crate::tour::script::{
    GoOnScript, Script, StepIndex, StepScript, TourIndex, TourScript, TriggerScript, VariableIndex,
};

pub(super) fn check(exhibit: &Exhibit, script: &Script, report: &mut Report) {
    for (index, tour) in script.tours.iter().enumerate() {
        check_tour(exhibit, script, TourIndex::new(index), tour, report);
        for step in &tour.steps {
            question(tour, step, report);
        }
    }
    variables(exhibit, script, report);
}

/// Where a step can lead; `None` is the end of the tour.
fn ways(tour: &TourScript, index: usize) -> Vec<Option<usize>> {
    let Some(step) = tour.steps.get(index) else {
        return Vec::new();
    };
    let mut ways: Vec<Option<usize>> = Vec::new();
    let answers: Vec<_> = step.ask.iter().flat_map(|ask| &ask.answers).collect();
    let led = answers.iter().filter_map(|answer| answer.go_to);
    ways.extend(led.map(|step| Some(step.index())));
    // Who must answer, and is led wherever by each answer, never comes to the branches.
    let is_led_by_all =
        step.go_on == GoOnScript::Answered && answers.iter().all(|answer| answer.go_to.is_some());
    if is_led_by_all {
        return ways;
    }
    for (rule, target) in &step.branches {
        if *rule != Rule::Never {
            ways.push(Some(target.index()));
        }
        if *rule == Rule::Always {
            return ways;
        }
    }
    let next = index + 1;
    ways.push((next < tour.steps.len()).then_some(next));
    ways
}

fn check_tour(
    exhibit: &Exhibit,
    script: &Script,
    index: TourIndex,
    tour: &TourScript,
    report: &mut Report,
) {
    let all: Vec<Vec<Option<usize>>> = (0..tour.steps.len()).map(|step| ways(tour, step)).collect();
    let mut is_reached = vec![false; tour.steps.len()];
    let mut open = vec![0];
    open.extend(entries(exhibit, script, index).map(StepIndex::index));
    while let Some(step) = open.pop() {
        if step < is_reached.len() && !std::mem::replace(&mut is_reached[step], true) {
            open.extend(all[step].iter().flatten());
        }
    }
    // Backwards from the end.
    let mut leads_out = vec![false; tour.steps.len()];
    let mut came_from: Vec<Vec<usize>> = vec![Vec::new(); tour.steps.len()];
    let mut open = Vec::new();
    for (from, ways) in all.iter().enumerate() {
        for way in ways {
            match way {
                Some(to) => came_from[*to].push(from),
                None => open.push(from),
            }
        }
    }
    while let Some(step) = open.pop() {
        if !std::mem::replace(&mut leads_out[step], true) {
            open.extend(&came_from[step]);
        }
    }
    let mut is_circle_said = false;
    for (step, one) in tour.steps.iter().enumerate() {
        if !is_reached[step] {
            let message = format!(
                "no way leads to the step \"{}\" of the tour \"{}\"",
                one.id, tour.id
            );
            let help = "lead a branch, an answer or a hotspot to it, or remove it";
            report.push(
                Diagnostic::warning("step-never-reached", message)
                    .at(one.span())
                    .help(help),
            );
        } else if !leads_out[step] && !std::mem::replace(&mut is_circle_said, true) {
            let message = format!(
                "from the step \"{}\" on, the tour \"{}\" never ends",
                one.id, tour.id
            );
            let help = "give its branches a condition that becomes false, or a way to a last step";
            report.push(
                Diagnostic::warning("tour-never-ends", message)
                    .at(one.span())
                    .help(help),
            );
        }
    }
}

/// Steps that hotspots lead to.
fn entries<'a>(
    exhibit: &'a Exhibit,
    script: &'a Script,
    tour: TourIndex,
) -> impl Iterator<Item = StepIndex> + 'a {
    let actions = exhibit.hotspots.iter().flat_map(|hotspot| &hotspot.actions);
    actions.filter_map(move |action| match action {
        Action::GoToStep(id, step) if script.tour_named(id.as_str()) == Some(tour) => {
            script.step_named(tour, step.as_str())
        }
        _ => None,
    })
}

/// A question must stay long enough to be answered.
fn question(tour: &TourScript, step: &StepScript, report: &mut Report) {
    let waits = match step.go_on {
        GoOnScript::NarrationEnded => tour.pace == Pace::Visitor,
        _ => true,
    };
    if step.ask.is_some() && !waits {
        let message = format!(
            "the step \"{}\" asks a question and goes on before it can be answered",
            step.id
        );
        report.push(
            Diagnostic::warning("question-not-awaited", message)
                .at(step.span())
                .help("write `go_on: Answered`"),
        );
    }
}

fn variables(exhibit: &Exhibit, script: &Script, report: &mut Report) {
    let mut read: BTreeSet<VariableIndex> = BTreeSet::new();
    let mut set: BTreeSet<VariableIndex> = BTreeSet::new();
    set.extend(script.properties.iter().filter_map(|one| one.variable));
    for step in script.tours.iter().flat_map(|tour| &tour.steps) {
        step.branches
            .iter()
            .for_each(|(rule, _)| reads(rule, &mut read));
        let answers = step.ask.iter().flat_map(|ask| &ask.answers);
        set.extend(answers.filter_map(|answer| Some(answer.set.as_ref()?.0)));
    }
    for hotspot in &script.hotspots {
        hotspot
            .hidden_until
            .iter()
            .for_each(|rule| reads(rule, &mut read));
        for trigger in &hotspot.triggers {
            if let TriggerScript::When(rule) = trigger {
                reads(rule, &mut read);
            }
        }
    }
    for action in exhibit.hotspots.iter().flat_map(|hotspot| &hotspot.actions) {
        if let Action::Set(id, _) = action {
            set.extend(script.variable_named(id.as_str()));
        }
    }
    for variable in read.difference(&set) {
        let Some(one) = script.variables.get(variable.index()) else {
            continue;
        };
        let message = format!(
            "conditions ask for the variable \"{}\", which nothing sets",
            one.id
        );
        report.push(
            Diagnostic::warning("variable-never-set", message)
                .at(one.id.span())
                .help("set it by a hotspot's action, an answer or a cue"),
        );
    }
}

fn reads(rule: &Rule, read: &mut BTreeSet<VariableIndex>) {
    match rule {
        Rule::Is(variable, _) | Rule::AtLeast(variable, _) => {
            read.insert(*variable);
        }
        Rule::Not(rule) => reads(rule, read),
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| reads(rule, read)),
        Rule::Always | Rule::Never | Rule::Visited(_) | Rule::Toured(_) => {}
    }
}
