//! Hotspots whose actions flash a light: its brightness over the time that they take.

use std::time::Duration;

use crate::diagnostic::{Diagnostic, Report};
use crate::scene::schema::{Action, Exhibit, Hotspot, LightId};
use crate::tour::comfort::first_flash;

/// The shortest wait between actions, as when they are done.
const SHORTEST_WAIT_SECS: f32 = 0.01;
/// Moments a second at which a light is looked at.
const RATE: f32 = 60.0;

pub(super) fn check(exhibit: &Exhibit, report: &mut Report) {
    for hotspot in &exhibit.hotspots {
        let mut lights: Vec<&LightId> = Vec::new();
        for action in &hotspot.actions {
            if let Action::Light { light, .. } = action
                && !lights.contains(&light)
            {
                lights.push(light);
            }
        }
        for light in lights {
            if first_flash(luminances(hotspot, light)).is_some() {
                let message = format!(
                    "the light \"{light}\" flashes more than three times a second when the hotspot \"{}\" is set off",
                    hotspot.id
                );
                report.push_once(
                    Diagnostic::error("light-flashes", message)
                        .at(hotspot.id.span())
                        .help("WCAG 2.3.1: flashing light can cause seizures; use fewer changes, or longer ones"),
                );
            }
        }
    }
}

/// A light's share of the brightest that it becomes, from when the hotspot is set off.
fn luminances(hotspot: &Hotspot, own: &LightId) -> Vec<(Duration, f32)> {
    // When a change begins, how long it takes, and to what.
    let mut changes: Vec<(f32, f32, f32)> = Vec::new();
    let (mut now, mut ends) = (0.0_f32, 0.0_f32);
    for action in &hotspot.actions {
        match action {
            Action::Light {
                light,
                brightness,
                duration,
                ..
            } => {
                ends = ends.max(now + duration);
                if light == own {
                    changes.push((now, *duration, *brightness));
                }
            }
            Action::Layer { duration, .. } => ends = ends.max(now + duration),
            Action::Wait(secs) => now += secs.max(SHORTEST_WAIT_SECS),
            // Sounds and animations last longer than they would if they were left out: what
            // flashes with them flashes less.
            Action::WaitForEnd => now = now.max(ends),
            _ => {}
        }
    }
    let last = changes
        .iter()
        .map(|(at, over, _)| at + over)
        .fold(0.0, f32::max);
    let white = changes.iter().map(|(.., to)| *to).fold(1.0, f32::max);
    let (mut series, mut from, mut value) = (Vec::new(), 1.0, 1.0);
    let mut next = changes.iter().peekable();
    let mut change: Option<&(f32, f32, f32)> = None;
    // Half an hour is enough of any hotspot.
    let frames = (last.min(1800.0) * RATE).ceil() as u32 + 1;
    for frame in 0..=frames {
        let at = frame as f32 / RATE;
        while let Some(begun) = next.next_if(|(begins, ..)| *begins <= at) {
            from = value;
            change = Some(begun);
        }
        if let Some((begins, over, to)) = change {
            let share = ((at - begins) / over.max(1e-6)).clamp(0.0, 1.0);
            value = from + (to - from) * share;
        }
        series.push((Duration::from_secs_f32(at), value / white));
    }
    series
}
