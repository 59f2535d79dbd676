//! Hotspots whose actions flash lights, alone or with the hotspots that they set off: each is
//! set off by itself, and its lights watched over the time that all of it takes.

use std::sync::Arc;
use std::time::Duration;

use super::flash_pairs::{self, Busy};
use super::lights::{self, Given};
use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{Action, Exhibit, LightId};
use crate::tour::comfort::{FlashKind, FlashMeter, RED_SHARE, Swings};
use crate::tour::hotspots::{ActionRun, Effect, Hotspots, Input};
use crate::tour::memory::Memory;
use crate::tour::script::{HotspotIndex, Script, TriggerScript};
use crate::tour::time::ns;

/// Moments a second at which lights are looked at.
const RATE: f32 = 60.0;
/// How much of what a hotspot sets off is played: who goes on for ever has flashed by then.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// How long sounds, animations and panels last here. Most last longer, and what waits for
/// them flashes less.
const SHOWN: Duration = Duration::from_millis(500);

/// Tells of the hotspots that flash; how busy the others are.
pub(super) fn check(exhibit: &Exhibit, script: &Script, report: &mut Report) -> Vec<Busy> {
    let lights = lights::all(exhibit);
    let has_lights = |one: &&Action| matches!(one, Action::Light { .. });
    let all = exhibit.hotspots.iter().flat_map(|spot| &spot.actions);
    if all.filter(has_lights).count() == 0 {
        return Vec::new();
    }
    let mut busy = Vec::new();
    let script = Arc::new(only_set_off(script));
    // What a loop of hotspots does is told once, at the first of them.
    let mut told: Vec<(String, Vec<HotspotIndex>)> = Vec::new();
    for (index, hotspot) in exhibit.hotspots.iter().enumerate() {
        let Some(own) = script.hotspot_named(hotspot.id.as_str()) else {
            continue;
        };
        debug_assert_eq!(own.index(), index, "hotspots keep the author's order");
        let chain = Chain::set_off(&script, own);
        let (name, kind) = match flashing(&lights, &chain.changes) {
            Ok(0) => continue,
            Ok(swings) => {
                busy.push(Busy {
                    own,
                    swings,
                    chain: chain.spots,
                });
                continue;
            }
            Err(flashing) => flashing,
        };
        if told
            .iter()
            .any(|(other, spots)| *other == name && spots.contains(&own))
        {
            continue;
        }
        let message = format!(
            "{name} {kind} more than three times a second when the hotspot \"{}\" is set off{}",
            hotspot.id,
            if chain.spots.len() > 1 {
                ", with those that it sets off"
            } else {
                ""
            }
        );
        told.push((name, chain.spots));
        report.push_once(
            Diagnostic::error("light-flashes", message)
                .at(hotspot.id.span())
                .help("WCAG 2.3.1: flashing light can cause seizures; use fewer changes, or longer ones"),
        );
    }
    busy
}

/// Hotspots that begin by the visit's own clock are set off as the others are, one at a time.
fn only_set_off(script: &Script) -> Script {
    let mut script = script.clone();
    for hotspot in &mut script.hotspots {
        hotspot
            .triggers
            .retain(|trigger| !matches!(trigger, TriggerScript::After(_)));
    }
    script
}

/// A light is told to change.
struct Change {
    light: LightId,
    begins_secs: f32,
    over_secs: f32,
    brightness: f32,
    color: Option<[f32; 3]>,
}

/// What follows when a hotspot is set off.
#[derive(Default)]
struct Chain {
    changes: Vec<Change>,
    /// The hotspots that took part.
    spots: Vec<HotspotIndex>,
}

impl Chain {
    fn set_off(script: &Arc<Script>, own: HotspotIndex) -> Self {
        let mut hotspots = Hotspots::new(Arc::clone(script));
        let mut memory = Memory::new(script);
        let mut out = Vec::new();
        // What goes off by itself as a visit begins is not this one's.
        hotspots.settle(&mut memory, &mut out);
        for index in (0..script.hotspots.len()).map(HotspotIndex::new) {
            hotspots.accept(&Input::Close(index), &mut memory, &mut out);
        }
        hotspots.drop_events();
        out.clear();
        hotspots.set_off(own, &mut memory, &mut out);
        let mut chain = Self::default();
        // What the shell says has ended, and when.
        let mut ends: Vec<(u64, ActionRun)> = Vec::new();
        let mut now_ns = 0_u64;
        loop {
            for effect in out.drain(..) {
                match effect {
                    Effect::Opened(spot) if !chain.spots.contains(&spot) => chain.spots.push(spot),
                    Effect::Begin(run) => {
                        chain.begin(script, run, now_ns);
                        ends.push((now_ns.saturating_add(ns(SHOWN)), run));
                    }
                    _ => {}
                }
            }
            let limit_ns = ns(LONGEST).saturating_sub(now_ns);
            let next_end = ends.iter().map(|(at_ns, _)| *at_ns).min();
            let wait_ns = hotspots
                .until_next(limit_ns)
                .min(next_end.map_or(limit_ns, |at_ns| at_ns.saturating_sub(now_ns)));
            if limit_ns == 0 || wait_ns >= limit_ns {
                return chain;
            }
            hotspots.pass(wait_ns);
            now_ns += wait_ns;
            let is_due = |(at_ns, _): &mut (u64, ActionRun)| *at_ns <= now_ns;
            for (_, run) in ends.extract_if(.., is_due) {
                let action = script
                    .hotspot(run.hotspot)
                    .and_then(|own| own.actions.get(run.action as usize));
                // Lights and layers end by themselves.
                if !matches!(
                    action,
                    Some(Action::Light { .. } | Action::Layer { .. }) | None
                ) {
                    hotspots.accept(&Input::Ended(run), &mut memory, &mut out);
                }
            }
            hotspots.settle(&mut memory, &mut out);
        }
    }

    fn begin(&mut self, script: &Script, run: ActionRun, now_ns: u64) {
        let action = script
            .hotspot(run.hotspot)
            .and_then(|own| own.actions.get(run.action as usize));
        if let Some(Action::Light {
            light,
            brightness,
            color,
            duration,
        }) = action
        {
            self.changes.push(Change {
                light: light.clone(),
                begins_secs: Duration::from_nanos(now_ns).as_secs_f32(),
                over_secs: *duration,
                brightness: *brightness,
                color: color.as_ref().map(lights::hue),
            });
        }
    }
}

/// A light on its way.
struct Way<'a> {
    given: Given,
    changes: Vec<&'a Change>,
    /// How many of the changes have begun.
    begun: usize,
    from: f32,
    brightness: f32,
    color: [f32; 3],
    /// The brightest that it becomes.
    white: f32,
    meter: FlashMeter,
    swings: Swings,
    red_swings: Swings,
}

impl Way<'_> {
    fn at(&mut self, at_secs: f32) {
        while let Some(next) = self.changes.get(self.begun)
            && next.begins_secs <= at_secs
        {
            self.from = self.brightness;
            // A color changes at once.
            self.color = next.color.unwrap_or(self.color);
            self.begun += 1;
        }
        if let Some(change) = self.begun.checked_sub(1).map(|last| self.changes[last]) {
            let share = (at_secs - change.begins_secs) / change.over_secs.max(1e-6);
            self.brightness = self.from + (change.brightness - self.from) * share.clamp(0.0, 1.0);
        }
    }
}

/// What flashes, as an error: the first light that does by itself, else all lights together; or
/// the swings in the busiest second, of the busiest light or of all together.
fn flashing(
    lights: &[(&LightId, Given)],
    changes: &[Change],
) -> Result<usize, (String, FlashKind)> {
    if changes.is_empty() {
        return Ok(0);
    }
    let last_secs = changes
        .iter()
        .map(|one| one.begins_secs + one.over_secs)
        .fold(0.0, f32::max);
    let mut ways: Vec<(&LightId, Way<'_>)> = Vec::new();
    let mut steady = ([0.0; 3], 0.0);
    for (id, given) in lights {
        let changes: Vec<&Change> = changes.iter().filter(|one| one.light == **id).collect();
        if changes.is_empty() {
            add(&mut steady, given.amount, given.color);
            continue;
        }
        let white = changes.iter().map(|one| one.brightness).fold(1.0, f32::max);
        let way = Way {
            given: *given,
            changes,
            begun: 0,
            from: 1.0,
            brightness: 1.0,
            color: given.color,
            white,
            meter: FlashMeter::new(),
            swings: Swings::new(flash_pairs::LEAST),
            red_swings: Swings::new(flash_pairs::LEAST_RED),
        };
        ways.push((id, way));
    }
    let mut series = Vec::new();
    let frames = (last_secs.min(LONGEST.as_secs_f32()) * RATE).ceil() as u32 + 1;
    for frame in 0..=frames {
        let at_secs = frame as f32 / RATE;
        let at = Duration::from_secs_f32(at_secs);
        let mut whole = steady;
        for (id, way) in &mut ways {
            way.at(at_secs);
            let share = way.brightness / way.white;
            let red = way.color.map(|part| part * share);
            let flash = way.meter.see(at, share);
            if let Some(flash) = way.meter.see_red(at, red).or(flash) {
                return Err((format!("the light \"{id}\""), flash.kind));
            }
            way.swings.see(at, share);
            way.red_swings.see(at, redness(red));
            add(&mut whole, way.given.amount * way.brightness, way.color);
        }
        series.push((at, whole));
    }
    if let Some((_, kind)) = first_of_all(&series) {
        return Err(("the light of all lamps together".to_owned(), kind));
    }
    let own = ways
        .iter()
        .map(|(_, way)| way.swings.most().max(way.red_swings.most()));
    Ok(own.fold(swings_of_all(&series).0, usize::max))
}

/// The swings of a series of sums of all lights in its busiest second, and when that is.
pub(super) fn swings_of_all(series: &[(Duration, ([f32; 3], f32))]) -> (usize, Duration) {
    let white = white(series);
    let mut swings = Swings::new(flash_pairs::LEAST);
    let mut red = Swings::new(flash_pairs::LEAST_RED);
    for (at, (color, amount)) in series {
        swings.see(*at, amount / white);
        red.see(*at, redness(color.map(|part| part / white)));
    }
    swings.busiest().max(red.busiest())
}

/// How red a color is: 0 unless it is a saturated one.
pub(super) fn redness([red, green, blue]: [f32; 3]) -> f32 {
    let is_saturated = red > 0.0 && red >= RED_SHARE * (red + green + blue);
    if is_saturated {
        (red - green - blue).max(0.0)
    } else {
        0.0
    }
}

/// The most that there ever is of all lights.
fn white(series: &[(Duration, ([f32; 3], f32))]) -> f32 {
    let amounts = series.iter().map(|(_, (_, amount))| *amount);
    amounts.fold(f32::MIN_POSITIVE, f32::max)
}

/// Adds a light to a sum of colors and amounts.
pub(super) fn add(sum: &mut ([f32; 3], f32), amount: f32, color: [f32; 3]) {
    for (sum, part) in sum.0.iter_mut().zip(color) {
        *sum += part * amount;
    }
    sum.1 += amount;
}

/// Where a series of sums of all lights flashes, and how; the most that there ever is is white.
pub(super) fn first_of_all(series: &[(Duration, ([f32; 3], f32))]) -> Option<(usize, FlashKind)> {
    let white = white(series);
    let mut meter = FlashMeter::new();
    let mut frames = series.iter().enumerate();
    frames.find_map(|(frame, (at, (color, amount)))| {
        let general = meter.see(*at, amount / white);
        let red = meter.see_red(*at, color.map(|part| part / white));
        red.or(general).map(|flash| (frame, flash.kind))
    })
}
