//! Where a tour leads, and the ways there: into rock, through things, too fast.

use bevy::math::Vec3;

use super::{
    Place, ground, name_of_step,
    play::{Frame, Played, Way},
};
use crate::{
    diagnostic::{Diagnostic, Report, Severity},
    scene::schema::Pace,
    tour::{
        StepIndex, TourIndex,
        comfort::{MONITOR, Motion, Viewpoint, motion_excesses},
    },
};

/// What is nearer than this to an eye is cut open by the picture's near plane, metres.
const NEAREST_M: f32 = 0.05;
/// The ends of a way are the author's: places, not ways, metres.
const END_M: f32 = 0.3;
/// A visitor who is led to a place and ends farther than this from it is elsewhere, metres.
const ELSEWHERE_M: f32 = 0.25;
/// Eyes that sink or rise by more than this after a flight have lost their view, metres.
const LOST_HEIGHT_M: f32 = 0.15;

/// What is wrong with a tour that was played through in one language.
pub(super) fn check(
    place: &Place<'_>,
    tour: TourIndex,
    played: &Played,
    language: &str,
    report: &mut Report,
) {
    for (index, way) in played.ways.iter().enumerate() {
        let until = played
            .ways
            .get(index + 1)
            .map_or(played.length, |next| next.begins);
        let first = played.frames.partition_point(|frame| frame.at < way.begins);
        let last = played.frames.partition_point(|frame| frame.at < until);
        let check = Check {
            place,
            tour,
            way,
            frames: &played.frames[first..last],
        };
        check.overlap(language, report);
        if check.end(report) {
            check.blink(report);
            check.rock(report);
            check.things(report);
            check.comfort(report);
        }
    }
}

struct Check<'a> {
    place: &'a Place<'a>,
    tour: TourIndex,
    way: &'a Way,
    /// Of the way and of the stay at its end.
    frames: &'a [Frame],
}

impl Check<'_> {
    fn say(
        &self,
        severity: Severity,
        code: &'static str,
        message: String,
        help: &str,
        report: &mut Report,
    ) {
        self.say_at(self.way.to, severity, code, message, help, report);
    }

    fn say_at(
        &self,
        step: StepIndex,
        severity: Severity,
        code: &'static str,
        message: String,
        help: &str,
        report: &mut Report,
    ) {
        let Some(step) = self.place.prepared.script.step(self.tour, step) else {
            return;
        };
        report.push_once(
            Diagnostic::new(severity, code, message)
                .at(step.span())
                .help(help),
        );
    }

    fn step(&self) -> String {
        name_of_step(&self.place.prepared.script, self.tour, self.way.to)
    }

    /// Two flights at once.
    fn overlap(&self, language: &str, report: &mut Report) {
        let tour = self.place.prepared.script.tour(self.tour);
        if tour.is_none_or(|tour| tour.pace != Pace::Automatic) {
            return;
        }
        if let Some((before, left)) = self.way.cuts_off {
            let message = format!(
                "the way to {} takes {:.1} s longer than the tour stays there in \"{language}\"",
                name_of_step(&self.place.prepared.script, self.tour, before),
                left.as_secs_f32()
            );
            let help = "stay longer, or leave a place on the way out";
            self.say_at(
                before,
                Severity::Warning,
                "flights-overlap",
                message,
                help,
                report,
            );
        }
    }

    /// Whether the place is one: nothing more is said about ways to places that are none.
    fn end(&self, report: &mut Report) -> bool {
        let (rock, body) = (&self.place.rocks.stops, &self.place.prepared.stage.body);
        let eye = self.way.end.eye_in_world;
        if !rock.is_free(eye, eye, NEAREST_M) || self.place.is_in_rock(eye) {
            let message = format!("{} puts the visitor's eyes into rock", self.step());
            let help = "move `at`: eyes need 5 cm of air around them";
            self.say(Severity::Error, "step-in-rock", message, help, report);
            return false;
        }
        // A step without a place of its own only turns the head.
        let is_place = self.way.start.eye_in_world.distance(eye) > 0.01;
        if self.place.prepared.stage.is_flying || !is_place {
            return true;
        }
        let Some(feet) = ground::below(eye, rock) else {
            let message = format!("{} leads to where there is no ground", self.step());
            let help = "move `at` onto what the meshes' `walk_on` names";
            self.say(
                Severity::Error,
                "step-without-ground",
                message,
                help,
                report,
            );
            return false;
        };
        if let Some(rests) = self.way.rests {
            let strayed = rests.eye_in_world - eye;
            if strayed.with_y(0.0).length() > ELSEWHERE_M {
                let message = format!(
                    "{} leads to a place where nobody can stand: the visitor ends {:.1} m beside it",
                    self.step(),
                    strayed.with_y(0.0).length()
                );
                let help = "move `at` to where a body has room and ground";
                self.say(Severity::Error, "step-without-room", message, help, report);
                return false;
            }
            if strayed.y.abs() > LOST_HEIGHT_M {
                let message = format!(
                    "at {} the eyes {} by {:.1} m after the flight, and the view with them",
                    self.step(),
                    if strayed.y < 0.0 { "sink" } else { "rise" },
                    strayed.y.abs()
                );
                let help = format!(
                    "put the eyes {:.2} m above the ground, as the exhibit's `body` has them",
                    body.eye_height_m
                );
                self.say(Severity::Warning, "step-view-lost", message, &help, report);
            }
        }
        if !ground::has_room(feet, rock, body) {
            let message = format!(
                "{} leads to where a body of {:.2} m has no room: in a headset the visitor stands elsewhere",
                self.step(),
                body.radius_m * 2.0
            );
            let help = "move `at` away from the rock";
            self.say(
                Severity::Warning,
                "step-without-room",
                message,
                help,
                report,
            );
        }
        true
    }

    fn blink(&self, report: &mut Report) {
        if self.way.is_blink {
            let message = format!(
                "no free way leads to {}: the picture fades out and in",
                self.step()
            );
            let help =
                "lead through a step on the way, or widen it; where a fade is meant, all is well";
            self.say(Severity::Info, "flight-blinks", message, help, report);
        }
    }

    /// Frames of the flight itself.
    fn led(&self) -> impl Iterator<Item = (&Frame, &Frame)> {
        let led = self.frames.iter().take_while(|frame| frame.is_led);
        let next = self.frames.iter().skip(1);
        led.zip(next).filter(|_| !self.way.is_blink)
    }

    fn is_end(&self, eye: Vec3) -> bool {
        let ends = [self.way.start, self.way.end];
        ends.iter()
            .any(|end| end.eye_in_world.distance(eye) < END_M)
    }

    fn rock(&self, report: &mut Report) {
        let rock = &self.place.rocks.stops;
        let eyes = || {
            self.led()
                .map(|(a, b)| (a.pose.eye_in_world, b.pose.eye_in_world))
        };
        let through = eyes().find(|(from, to)| rock.is_occluded(*from, *to));
        if let Some((_, to)) = through {
            let message = format!(
                "the flight to {} goes through a wall, at {}",
                self.step(),
                at(to)
            );
            let help = "lead through a step on the way";
            self.say(
                Severity::Error,
                "flight-through-wall",
                message,
                help,
                report,
            );
            return;
        }
        let near = eyes().find(|(_, to)| !self.is_end(*to) && !rock.is_free(*to, *to, NEAREST_M));
        if let Some((_, to)) = near {
            let message = format!(
                "the flight to {} comes nearer than 5 cm to a wall, at {}: one sees through it",
                self.step(),
                at(to)
            );
            let help = "lead through a step on the way, or widen it";
            self.say(Severity::Warning, "flight-near-wall", message, help, report);
        }
    }

    /// Things that are seen and stop nobody.
    fn things(&self, report: &mut Report) {
        let Some(ghosts) = &self.place.rocks.ghosts else {
            return;
        };
        for (a, b) in self.led() {
            let (from, to) = (a.pose.eye_in_world, b.pose.eye_in_world);
            let hit = ghosts.cast_ray(from, to - from, from.distance(to));
            if let Some(hit) = hit {
                let message = format!(
                    "the flight to {} goes through \"{}\", at {}",
                    self.step(),
                    self.place.rocks.name(hit.part),
                    at(hit.point)
                );
                let help = "let it stop visitors (the mesh's `collide`), or lead around it";
                self.say(
                    Severity::Warning,
                    "flight-through-mesh",
                    message,
                    help,
                    report,
                );
                return;
            }
        }
    }

    fn comfort(&self, report: &mut Report) {
        if self.way.is_blink {
            return;
        }
        let led = self.frames.iter().take_while(|frame| frame.is_led);
        let way: Vec<Viewpoint> = led
            .map(|frame| Viewpoint {
                at_secs: (frame.at - self.way.begins).as_secs_f32(),
                eye_in_world: frame.pose.eye_in_world,
                rotation: frame.pose.rotation(),
            })
            .collect();
        let excesses = motion_excesses(&way, &MONITOR);
        if excesses.is_empty() {
            return;
        }
        let words: Vec<String> = excesses
            .iter()
            .map(|excess| {
                let (what, unit) = match excess.motion {
                    Motion::Speed => ("moves at", "m/s"),
                    Motion::Acceleration => ("speeds up by", "m/s²"),
                    Motion::Turn => ("turns at", "°/s"),
                    Motion::TurnAcceleration => ("swings by", "°/s²"),
                };
                format!(
                    "{what} {:.1} {unit} (at most {:.1}) after {:.1} s",
                    excess.value, excess.limit, excess.at_secs
                )
            })
            .collect();
        let message = format!(
            "the camera on its way to {} {}",
            self.step(),
            words.join(", ")
        );
        let help = "bring the places nearer, or lead through a step on the way";
        self.say(
            Severity::Warning,
            "camera-uncomfortable",
            message,
            help,
            report,
        );
    }
}

fn at(point: Vec3) -> String {
    format!("({:.1}, {:.1}, {:.1})", point.x, point.y, point.z)
}
