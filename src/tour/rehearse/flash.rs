//! Light that flashes: each light, the lamp, the exposure and each layer as if it were all
//! that is seen, and all lights together.

use std::sync::Arc;
use std::time::Duration;

use bevy::math::ops;

use super::flash_pairs::{self, Busy};
use super::lights::{self, Given};
use super::spot_flash::{add, first_of_all, redness, swings_of_all};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::scene::schema::{Exhibit, Property, Value};
use crate::tour::comfort::{FlashKind, FlashMeter, MOST_FLASHES_A_SECOND, Swings};
use crate::tour::playback::{Durations, Effect, Input, Playback};
use crate::tour::script::{PropertyIndex, Script, StepIndex, TourIndex};

/// How much of a tour is played through.
const LONGEST_REHEARSAL: Duration = Duration::from_secs(30 * 60);
/// Frames a second at which lights are watched: twice the fastest flash that monitors show.
const FRAME: Duration = Duration::from_nanos(1_000_000_000 / 60);

/// Plays a tour and watches what lights it.
pub(super) fn check(
    exhibit: &Exhibit,
    script: &Arc<Script>,
    tour: TourIndex,
    (durations, busy): (&Durations, &[Busy]),
    report: &mut Report,
) {
    let mut watched: Vec<Watched> = (0..script.properties.len())
        .map(PropertyIndex::new)
        .filter_map(|index| Watched::new(exhibit, script, index))
        .collect();
    // Nothing to watch, or nothing that changes often enough.
    let busiest_spot = busy.iter().map(|one| one.swings).max().unwrap_or(0);
    if watched.is_empty() || !has_many_cues(script, tour, busiest_spot) {
        return;
    }
    let whole = Whole::new(exhibit, script);
    let mut series = Vec::new();
    let mut steps: Vec<StepIndex> = Vec::new();
    let mut playback = Playback::new(Arc::clone(script), durations.clone());
    let mut now = Duration::ZERO;
    let mut effects = playback.step(&[Input::StartUnattended(tour)], Duration::ZERO);
    let mut step = StepIndex::default();
    let mut is_said = false;
    // The swings of the busiest second so far, and the step in which it is.
    let mut busiest = (0, step);
    while now < LONGEST_REHEARSAL {
        for effect in &effects {
            if let Effect::StepEntered { step: entered, .. } = effect {
                step = *entered;
            }
        }
        watched.retain_mut(|one| {
            let flashing = one.see(now, &playback);
            if let Some(kind) = flashing {
                is_said |= one.severity == Severity::Error;
                let name = format!("{} {kind}", one.name);
                say(script, tour, step, one.severity, &name, report);
            }
            let swings = one.swings.most().max(one.red_swings.most());
            if one.severity == Severity::Error && swings > busiest.0 {
                busiest = (swings, step);
            }
            flashing.is_none()
        });
        series.push((now, whole.light(&playback)));
        steps.push(step);
        if playback.playing().is_none() {
            break;
        }
        now += FRAME;
        effects = playback.step(&[], FRAME);
    }
    // What flashes by itself has been told.
    if is_said {
        return;
    }
    if let Some((frame, kind)) = first_of_all(&series) {
        let name = format!("the light of all lamps together {kind}");
        say(script, tour, steps[frame], Severity::Error, &name, report);
        return;
    }
    let (swings, at) = swings_of_all(&series);
    if swings > busiest.0 {
        let frame = series.partition_point(|(time, _)| *time < at);
        busiest = (swings, steps.get(frame).copied().unwrap_or(step));
    }
    flash_pairs::with_tour(exhibit, script, tour, busiest, busy, report);
}

/// A property that can flash.
struct Watched {
    property: PropertyIndex,
    name: String,
    severity: Severity,
    /// The linear color of a light, its largest part 1; else black.
    color: [f32; 3],
    /// The largest value it ever has: its white.
    brightest: f64,
    meter: FlashMeter,
    swings: Swings,
    red_swings: Swings,
    /// For what is not a number: the last value, and what stands for it.
    last: (Option<Value>, f32),
}

impl Watched {
    fn new(exhibit: &Exhibit, script: &Script, index: PropertyIndex) -> Option<Self> {
        let own = &script.property(index)?.property;
        let color = match own {
            Property::Light(light) => lights::all(exhibit)
                .iter()
                .find(|(id, _)| *id == light)
                .map_or([0.0; 3], |(_, given)| given.color),
            Property::Lamp => lights::lamp(exhibit).color,
            _ => [0.0; 3],
        };
        // How much of the picture a layer or a mesh fills is not known: perhaps little.
        let (name, severity) = match own {
            Property::Light(light) => (format!("the light \"{light}\""), Severity::Error),
            Property::Lamp => ("the lamp".to_owned(), Severity::Error),
            Property::Exposure => ("the exposure".to_owned(), Severity::Error),
            Property::Fog => ("the haze".to_owned(), Severity::Error),
            Property::Layer(surface) | Property::LayerMix(surface, _) => {
                (format!("the surface \"{surface}\""), Severity::Warning)
            }
            Property::MeshShown(mesh) => (format!("the mesh \"{mesh}\""), Severity::Warning),
            Property::NodeShown(_, node) => {
                (format!("the node \"{}\"", node.value), Severity::Warning)
            }
            _ => return None,
        };
        Some(Self {
            property: index,
            name,
            severity,
            color,
            brightest: brightest(script, index),
            meter: FlashMeter::new(),
            swings: Swings::new(flash_pairs::LEAST),
            red_swings: Swings::new(flash_pairs::LEAST_RED),
            last: (None, 0.0),
        })
    }

    /// How it flashes too often, now.
    fn see(&mut self, now: Duration, playback: &Playback) -> Option<FlashKind> {
        let value = playback.value(self.property);
        let luminance = match &value {
            Some(Value::Number(number)) => self.luminance(playback, *number),
            // Another picture: as bright as can be after one as dark as can be.
            other => {
                if *other != self.last.0 {
                    self.last = (other.clone(), 1.0 - self.last.1);
                }
                self.last.1
            }
        };
        let color = self.color.map(|part| part * luminance);
        self.swings.see(now, luminance);
        self.red_swings.see(now, redness(color));
        let general = self.meter.see(now, luminance);
        let red = self.meter.see_red(now, color);
        red.or(general).map(|flash| flash.kind)
    }

    /// The relative luminance of a picture that only this lights.
    fn luminance(&self, playback: &Playback, now: f64) -> f32 {
        let script = playback.script().property(self.property);
        match script.map(|one| (&one.property, &one.base)) {
            // A stop of exposure halves the light; white stays white.
            Some((Property::Exposure, Value::Number(base))) => {
                (0.5 * ops::exp2((base - now) as f32)).min(1.0)
            }
            _ => (now / self.brightest) as f32,
        }
    }
}

/// All lights as one: what each gives, by its lumens.
struct Whole {
    /// Of lights that no tour changes.
    steady: ([f32; 3], f32),
    changing: Vec<(PropertyIndex, Given)>,
    exposure: Option<(PropertyIndex, f64)>,
}

impl Whole {
    fn new(exhibit: &Exhibit, script: &Script) -> Self {
        let mut whole = Self {
            steady: ([0.0; 3], 0.0),
            changing: Vec::new(),
            exposure: None,
        };
        for (id, given) in lights::all(exhibit) {
            match script.property_index(&Property::Light(id.clone())) {
                Some(index) => whole.changing.push((index, given)),
                None => add(&mut whole.steady, given.amount, given.color),
            }
        }
        if let Some(index) = script.property_index(&Property::Lamp) {
            whole.changing.push((index, lights::lamp(exhibit)));
        }
        whole.exposure = script
            .property_index(&Property::Exposure)
            .and_then(|index| match script.property(index)?.base {
                Value::Number(base) => Some((index, base)),
                _ => None,
            });
        whole
    }

    /// The color of all light, and how much it is.
    fn light(&self, playback: &Playback) -> ([f32; 3], f32) {
        let number = |index| match playback.value(index) {
            Some(Value::Number(number)) => number as f32,
            _ => 1.0,
        };
        let mut sum = self.steady;
        for (index, given) in &self.changing {
            add(&mut sum, given.amount * number(*index), given.color);
        }
        let stops = self
            .exposure
            .map_or(0.0, |(index, base)| base as f32 - number(index));
        let gain = ops::exp2(stops);
        (sum.0.map(|part| part * gain), sum.1 * gain)
    }
}

/// Whether a tour changes anything at least as often as too many flashes take.
fn has_many_cues(script: &Script, tour: TourIndex, busiest_spot: usize) -> bool {
    let steps = script.tour(tour).map_or(&[][..], |tour| &tour.steps);
    let cues: usize = steps.iter().map(|step| step.cues.len()).sum();
    // A circle repeats its cues.
    let has_branches = steps.iter().any(|step| !step.branches.is_empty());
    let least = MOST_FLASHES_A_SECOND.min(flash_pairs::TOO_MANY.saturating_sub(busiest_spot + 1));
    cues > least || has_branches && cues > 0
}

/// The largest value that a property ever has.
fn brightest(script: &Script, property: PropertyIndex) -> f64 {
    let cues = script
        .tours
        .iter()
        .flat_map(|tour| &tour.steps)
        .flat_map(|step| &step.cues)
        .filter(|cue| cue.property == property)
        .map(|cue| &cue.to);
    let own = script.property(property).map(|one| &one.base);
    let numbers = cues.chain(own).filter_map(|value| match value {
        Value::Number(number) => Some(*number),
        _ => None,
    });
    numbers.fold(f64::MIN_POSITIVE, f64::max)
}

fn say(
    script: &Script,
    tour: TourIndex,
    step: StepIndex,
    severity: Severity,
    name: &str,
    report: &mut Report,
) {
    let Some(one) = script.step(tour, step) else {
        return;
    };
    let message = format!(
        "{name} more than three times a second in the step \"{}\"",
        one.id
    );
    let help = "WCAG 2.3.1: flashing light can cause seizures; use fewer changes, or longer ones";
    report.push_once(
        Diagnostic::new(severity, "light-flashes", message)
            .at(one.span())
            .help(help),
    );
}
