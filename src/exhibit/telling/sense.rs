//! What the visitor looks at, sees and is near to, and how to turn to what is not seen.

use super::Telling;
use crate::{
    bake::collide::Collider,
    exhibit::{stage::Pose, visitor::Visitor},
    tour::{HotspotIndex, StoryInput, captions, hotspots},
};
use bevy::prelude::*;

/// Half the cone in which something counts as looked at, radians: 4 degrees, twice what a
/// head can hold still.
const GAZE_RAD: f32 = 0.07;
/// A description stays for this longer than its reading takes: the eye is on its way, seconds.
const SETTLING_SECS: f32 = 2.5;
/// Half the cone in which something counts as in view, radians: 20 degrees.
const IN_VIEW_RAD: f32 = 0.35;

impl Telling {
    /// What the visitor sees from here: gaze, view and distance of every hotspot.
    pub(super) fn sense(&mut self, eye: &Pose, rock: Option<&Collider>) {
        let forward = eye.rotation() * Vec3::NEG_Z;
        for (index, hotspot) in self.staged.hotspots.iter().enumerate() {
            let Some((center, radius)) = hotspot.ball_in_world else {
                continue;
            };
            let spot = HotspotIndex::new(index);
            let to = center - eye.eye_in_world;
            let distance = to.length();
            let seen = (distance - self.distances_m[index]).abs() > 0.02;
            if seen || self.distances_m[index].is_infinite() {
                self.distances_m[index] = distance;
                self.inputs
                    .push(StoryInput::Hotspot(hotspots::Input::Distance(
                        spot, distance,
                    )));
            }
            let half = bevy::math::ops::atan2(radius, distance.max(1e-3));
            let off = forward.angle_between(to.normalize_or(forward));
            let is_in_view =
                off < IN_VIEW_RAD + half && is_visible(eye.eye_in_world, center, radius, rock);
            if is_in_view != self.in_view[index] {
                self.in_view[index] = is_in_view;
                self.inputs
                    .push(StoryInput::Hotspot(hotspots::Input::InView(
                        spot, is_in_view,
                    )));
            }
        }
        let gazed = self
            .along(eye.eye_in_world, forward, GAZE_RAD, rock)
            .map(|(spot, _)| spot);
        if gazed != self.gazed {
            self.gazed = gazed;
            self.inputs
                .push(StoryInput::Hotspot(hotspots::Input::Gaze(gazed)));
        }
    }

    /// What is told of the hotspot that was sought, to a visitor who cannot see it.
    pub(super) fn description(&self) -> String {
        let sought = self.sought.filter(|_| self.described_secs > 0.0);
        sought
            .and_then(|at| self.staged.hotspots.get(at))
            .map(|hotspot| hotspot.alternative.clone())
            .unwrap_or_default()
    }

    /// Turns the visitor to the next hotspot in the author's order: every one can be reached
    /// without pointing.
    pub(super) fn seek_next(&mut self, visitor: &mut Visitor, rock: Option<&Collider>) {
        let count = self.staged.hotspots.len();
        let first = self.sought.map_or(0, |sought| sought + 1);
        let found = (first..first + count).map(|at| at % count).find(|at| {
            self.staged.hotspots[*at].ball_in_world.is_some()
                && self.story.hotspots().is_shown(HotspotIndex::new(*at))
        });
        self.sought = found;
        let ball = found.and_then(|at| self.staged.hotspots[at].ball_in_world);
        let (Some(at), Some((center, radius))) = (found, ball) else {
            return;
        };
        let words = &self.staged.hotspots[at].alternative;
        let reading = captions::speaking_time(words, &self.staged.language);
        self.described_secs = SETTLING_SECS + reading.as_secs_f32();
        let here = visitor.pose();
        let reach = self
            .staged
            .script
            .hotspot(HotspotIndex::new(at))
            .map_or(12.0, |script| script.reach_m);
        let is_near = here.eye_in_world.distance(center) - radius <= reach;
        let sees = is_visible(here.eye_in_world, center, radius, rock);
        let eye = if is_near && sees {
            here.eye_in_world
        } else {
            // The view from which the author shows it best is the nearest that sees it.
            let best = visitor
                .views
                .iter()
                .map(|view| view.pose.eye_in_world)
                .filter(|eye| is_visible(*eye, center, radius, rock))
                .min_by(|a, b| a.distance(center).total_cmp(&b.distance(center)));
            best.unwrap_or(here.eye_in_world)
        };
        visitor.travel_to(Pose::looking_at(eye, center), rock);
    }
}

/// Whether something at a place can be seen: the sight line ends before the ball, which may
/// lie in the painted rock.
pub(crate) fn is_visible(eye: Vec3, center: Vec3, radius: f32, rock: Option<&Collider>) -> bool {
    let Some(rock) = rock else { return true };
    let to = center - eye;
    let distance = to.length();
    let reach = distance - radius - 0.15;
    reach <= 0.0 || !rock.is_occluded(eye, eye + to * (reach / distance))
}
