//! A take and its voice, cleaned: what becomes a step, where it ends, how long it lasts.

use std::ops::Range;
use std::time::Duration;

use super::draft::{Draft, DraftCue, DraftStep, Stay, Ways};
use super::listen::Speech;
use super::stops::{Stop, StopKind, stops};
use super::take::{Happening, Standing, Take};
use crate::scene::schema::{HotspotId, Property};

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A border between steps is moved into a pause at most so far away ...
const BORDER_REACH: Duration = ms(6000);
/// ... or, where the guide pressed a key for it, so far.
const PRESSED_REACH: Duration = ms(700);
/// Longer pauses within a step are shortened ...
const LONGEST_PAUSE: Duration = ms(1500);
/// ... to twice this.
const HALF_PAUSE: Duration = ms(400);
/// Quiet after the last word.
const TAIL: Duration = ms(350);
/// Less than this in a step is a cough.
const LEAST_SPEECH: Duration = ms(400);
/// A step that speaks for longer is divided: see `narration-too-long` in rehearsal.
const LONGEST_VOICE: Duration = ms(80_000);
/// After the way is travelled, a silent step stays at least and at most this long.
const DWELL: Range<Duration> = ms(1500)..ms(8000);
/// Between the end of a way and the next: places are rounded when they are written.
const MARGIN: Duration = ms(250);
/// A property changes again after this at the earliest; of faster changes the last counts.
const LEAST_BETWEEN_CHANGES: Duration = ms(1000);
/// Steps of a tour at most.
const MOST_STEPS: usize = 400;

/// Makes a tour of a take. `start` is where a visit begins, from where a visitor is led to the
/// first step.
pub fn clean(take: &Take, speech: &Speech, ways: &dyn Ways, start: Option<&Standing>) -> Draft {
    let end = take.length();
    let stops = split_by_keys(stops(take, ways), take);
    let mut parts = Vec::new();
    for (index, part) in borders(&stops, take, speech, end).into_iter().enumerate() {
        let kind = stops[index].stop.kind;
        let rested = stops[index].stop.to - stops[index].stop.from;
        let standing = stops[index].stop.standing;
        for range in divided(part, speech) {
            parts.push((range, standing, kind, rested));
        }
    }
    parts.truncate(MOST_STEPS);
    let mut steps: Vec<DraftStep> = Vec::new();
    for (recorded, standing, kind, rested) in parts {
        let from = steps.last().map(|step| step.standing).or(start.copied());
        let travel = from.map_or(Duration::ZERO, |from| ways.between(&from, &standing).time);
        let voice = kept(&recorded, speech, travel);
        let mut step = DraftStep {
            standing,
            is_way: kind == StopKind::Way,
            opened: opened(take, &recorded),
            cues: Vec::new(),
            stay: Stay::NarrationEnded,
            voice,
            travel,
            recorded,
        };
        step.stay = stay(&step, rested);
        step.cues = cues(take, &step);
        let repeats = steps.last().is_some_and(|last| last.standing == standing);
        let is_empty = step.voice.is_empty() && step.cues.is_empty() && step.opened.is_empty();
        if !(repeats && is_empty) {
            steps.push(step);
        }
    }
    calm(&mut steps);
    Draft { steps }
}

/// A stop, and whether a key ended it.
struct Bordered {
    stop: Stop,
    is_pressed: bool,
}

/// The moments at which the guide asked for a new step.
fn presses(take: &Take) -> Vec<Duration> {
    let mut presses: Vec<Duration> = Vec::new();
    for moment in take.moments() {
        let is_press = moment.what == Happening::NextStep;
        // Twice at once is a slip of the finger.
        if is_press
            && presses
                .last()
                .is_none_or(|last| moment.at > *last + ms(300))
        {
            presses.push(moment.at);
        }
    }
    presses
}

/// A key pressed during a rest divides it.
fn split_by_keys(stops: Vec<Stop>, take: &Take) -> Vec<Bordered> {
    let presses = presses(take);
    let mut all = Vec::new();
    for mut stop in stops {
        for press in &presses {
            if stop.from < *press && *press < stop.to {
                all.push(Bordered {
                    stop: Stop { to: *press, ..stop },
                    is_pressed: true,
                });
                stop.from = *press;
            }
        }
        all.push(Bordered {
            stop,
            is_pressed: false,
        });
    }
    all
}

/// What of the take belongs to each stop: from the end of the one before to its own.
fn borders(
    stops: &[Bordered],
    take: &Take,
    speech: &Speech,
    end: Duration,
) -> Vec<Range<Duration>> {
    let presses = presses(take);
    let mut from = Duration::ZERO;
    let mut parts = Vec::new();
    for (index, one) in stops.iter().enumerate() {
        let Some(next) = stops.get(index + 1) else {
            parts.push(from..end.max(from));
            break;
        };
        // On the way the guide may have said where the next begins.
        let on_the_way = one.stop.to..=next.stop.from;
        let press = presses.iter().find(|press| on_the_way.contains(*press));
        let is_pressed = one.is_pressed || press.is_some();
        let wanted = press.copied().unwrap_or(one.stop.to).max(from);
        let reach = if is_pressed {
            PRESSED_REACH
        } else {
            BORDER_REACH
        };
        let earliest = wanted.saturating_sub(reach).max(from);
        let latest = (wanted + reach).min(next.stop.to.max(wanted));
        let to = speech.pause_near(wanted, &(earliest..latest));
        parts.push(from..to);
        from = to;
    }
    parts
}

/// A part that speaks too long, divided at the pauses nearest to its middle.
fn divided(part: Range<Duration>, speech: &Speech) -> Vec<Range<Duration>> {
    let spoken = speech.within(&part);
    let length: Duration = kept(&part, speech, Duration::ZERO)
        .iter()
        .map(|piece| piece.end - piece.start)
        .sum();
    if length <= LONGEST_VOICE {
        return vec![part];
    }
    let (first, last) = match (spoken.first(), spoken.last()) {
        (Some(first), Some(last)) => (first.start, last.end),
        _ => return vec![part],
    };
    let middle = first + (last - first) / 2;
    let pauses = spoken.windows(2).map(|pair| {
        let (end, start) = (pair[0].end, pair[1].start);
        end + (start - end) / 2
    });
    match pauses.min_by_key(|pause| pause.abs_diff(middle)) {
        Some(pause) => {
            let mut parts = divided(part.start..pause, speech);
            parts.extend(divided(pause..part.end, speech));
            parts
        }
        None => vec![part],
    }
}

/// What of the voice is spoken in a part: silence before the first word at most as long as
/// the visitor travels, long pauses shortened, a little quiet at the end.
fn kept(part: &Range<Duration>, speech: &Speech, travel: Duration) -> Vec<Range<Duration>> {
    let spoken = speech.within(part);
    let total: Duration = spoken.iter().map(|span| span.end - span.start).sum();
    let (Some(first), true) = (spoken.first(), total >= LEAST_SPEECH) else {
        return Vec::new();
    };
    let lead = (first.start - part.start).min(travel);
    let mut kept = vec![first.start - lead..first.end];
    for span in &spoken[1..] {
        let Some(last) = kept.last_mut() else { break };
        if span.start - last.end <= LONGEST_PAUSE {
            last.end = span.end;
        } else {
            last.end += HALF_PAUSE;
            kept.push(span.start - HALF_PAUSE..span.end);
        }
    }
    if let Some(last) = kept.last_mut() {
        last.end = (last.end + TAIL).min(part.end);
    }
    kept
}

/// How long a step stays: as long as the voice, and never shorter than the way to it.
fn stay(step: &DraftStep, rested: Duration) -> Stay {
    let arrived = step.travel + MARGIN;
    let voice = step.voice_length();
    if step.voice.is_empty() {
        let dwell = if step.is_way {
            Duration::ZERO
        } else {
            rested.clamp(DWELL.start, DWELL.end)
        };
        Stay::After(arrived + dwell)
    } else if voice >= arrived {
        Stay::NarrationEnded
    } else {
        Stay::After(arrived.max(voice + TAIL))
    }
}

/// The hotspots that were opened in a part, each once.
fn opened(take: &Take, part: &Range<Duration>) -> Vec<HotspotId> {
    let mut opened: Vec<HotspotId> = Vec::new();
    for moment in take.moments() {
        if let Happening::Opened(id) = &moment.what
            && belongs(moment.at, part, take)
            && !opened.contains(id)
        {
            opened.push(id.clone());
        }
    }
    opened
}

/// Whether a moment is of a part; the very last moment is of the last.
fn belongs(at: Duration, part: &Range<Duration>, take: &Take) -> bool {
    part.contains(&at) || at == part.end && at == take.length()
}

/// What was switched in a step, at its place in the shortened time.
fn cues(take: &Take, step: &DraftStep) -> Vec<DraftCue> {
    let shortened = |at: Duration| {
        if step.voice.is_empty() {
            return at.saturating_sub(step.recorded.start);
        }
        let spoken = step.voice.iter().map(|piece| {
            let end = piece.end.min(at);
            end.saturating_sub(piece.start)
        });
        spoken.sum()
    };
    let length = step.length();
    take.moments()
        .iter()
        .filter(|moment| belongs(moment.at, &step.recorded, take))
        .filter_map(|moment| match &moment.what {
            Happening::Changed {
                property,
                value,
                over,
            } => Some(DraftCue {
                property: property.clone(),
                to: value.clone(),
                after: shortened(moment.at).min(length),
                duration: *over,
            }),
            _ => None,
        })
        .collect()
}

/// Leaves out changes that another follows at once: what flickers harms (WCAG 2.3.1).
fn calm(steps: &mut [DraftStep]) {
    let mut lasts: Vec<(Property, Duration)> = Vec::new();
    let mut end: Duration = steps.iter().map(DraftStep::length).sum();
    // From the end, so that of several the last is kept.
    for step in steps.iter_mut().rev() {
        end = end.saturating_sub(step.length());
        let begin = end;
        let mut index = step.cues.len();
        while index > 0 {
            index -= 1;
            let at = begin + step.cues[index].after;
            let property = &step.cues[index].property;
            match lasts.iter_mut().find(|(known, _)| known == property) {
                Some((_, next)) if at + LEAST_BETWEEN_CHANGES > *next => {
                    step.cues.remove(index);
                }
                Some((_, next)) => *next = at,
                None => lasts.push((property.clone(), at)),
            }
        }
    }
}
