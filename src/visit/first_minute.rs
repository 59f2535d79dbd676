//! The first minute: look, point, step. It teaches without words and can be skipped.
//!
//! Each lesson shows one thing to do and notices when it is done. Whoever does not find it
//! out gets a stronger hint, and after a while the next lesson: nobody is held up. Whoever
//! already knows (a press of the skip mark, or simply stepping off) is let go.
//!
//! A light leads through it: at the beginning of each lesson it stands before the eyes, near
//! enough to the middle that every headset shows it, and drifts from there to what is meant
//! ([`light_share`]).

use bevy::math::Vec3;

/// What is being taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lesson {
    /// Turn the head towards a light.
    Look,
    /// Point at a lamp and press.
    Point,
    /// Go to a marked place, by teleport or on foot.
    Step,
}

/// How loudly a lesson is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The thing itself.
    Quiet,
    /// A ghost does it.
    Shown,
}

/// What the visitor did this frame.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Doing {
    /// Where the head looks, in world.
    pub gaze: Vec3,
    /// From the head to the light that is to be looked at, in world.
    pub to_light: Vec3,
    /// The lamp that is to be pointed at was pressed.
    pub has_pressed_lamp: bool,
    /// Metres between the feet and where they were when the lesson began.
    pub stepped_m: f32,
    /// The skip mark was pressed.
    pub has_skipped: bool,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taught {
    /// Draw this from now on.
    Begin(Lesson, Hint),
    /// A small joy: light and sound.
    Praise(Lesson),
    /// All is told; the visit goes on.
    Finished {
        /// By the visitor's wish.
        is_skipped: bool,
    },
}

/// The gaze is on the light within this, as a cosine: 10 degrees.
const ON_LIGHT: f32 = 0.985;
/// And rests there, seconds.
const LOOK_SECS: f32 = 0.6;
/// A step, metres.
const STEP_M: f32 = 0.4;
/// A lesson that is not understood is shown after this, seconds.
const SHOW_SECS: f32 = 6.0;
/// And passed over after this, seconds: three lessons are a minute.
const PASS_SECS: f32 = 20.0;

/// So far from straight ahead the light is first seen, radians: 10 degrees. The narrowest
/// headset shows twice that.
pub const FIRST_SEEN_RAD: f32 = 0.17;
/// It stays there for so long, seconds.
const REST_SECS: f32 = 1.2;
/// And then drifts for so long, slowly enough to be followed by the head.
const DRIFT_SECS: f32 = 3.0;

/// How far along its way the light is, 0 to 1, so many seconds after its lesson began.
pub fn light_share(secs: f32) -> f32 {
    let along = ((secs - REST_SECS) / DRIFT_SECS).clamp(0.0, 1.0);
    along * along * (3.0 - 2.0 * along)
}

/// The course.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct FirstMinute {
    stage: Stage,
}

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Stage {
    #[default]
    NotBegun,
    Teaching {
        lesson: Lesson,
        secs: f32,
        looked_secs: f32,
        is_shown: bool,
    },
    Done,
}

impl FirstMinute {
    /// For a visitor who knows already: nothing is taught.
    pub fn done() -> Self {
        Self { stage: Stage::Done }
    }

    /// The lesson shown now.
    pub fn lesson(&self) -> Option<Lesson> {
        match self.stage {
            Stage::Teaching { lesson, .. } => Some(lesson),
            Stage::NotBegun | Stage::Done => None,
        }
    }

    /// Whether all is told.
    pub fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Moves on. The shell measures [`Doing::stepped_m`] anew from each [`Taught::Begin`] of
    /// a new lesson.
    pub fn step(&mut self, doing: &Doing, dt_secs: f32) -> Vec<Taught> {
        let dt_secs = if dt_secs.is_finite() {
            dt_secs.clamp(0.0, 0.25)
        } else {
            0.0
        };
        let Stage::Teaching {
            lesson,
            mut secs,
            mut looked_secs,
            mut is_shown,
        } = self.stage
        else {
            return if self.stage == Stage::NotBegun {
                self.begin(Lesson::Look, Vec::new())
            } else {
                Vec::new()
            };
        };
        if doing.has_skipped {
            self.stage = Stage::Done;
            return vec![Taught::Finished { is_skipped: true }];
        }
        secs += dt_secs;
        let on_light = doing
            .gaze
            .normalize_or_zero()
            .dot(doing.to_light.normalize_or_zero())
            > ON_LIGHT;
        looked_secs = if on_light { looked_secs + dt_secs } else { 0.0 };
        let has_stepped = doing.stepped_m >= STEP_M;
        let is_learned = match lesson {
            Lesson::Look => looked_secs >= LOOK_SECS,
            Lesson::Point => doing.has_pressed_lamp,
            Lesson::Step => has_stepped,
        };
        if is_learned {
            return self.next(lesson, vec![Taught::Praise(lesson)]);
        }
        if secs >= PASS_SECS {
            return self.next(lesson, Vec::new());
        }
        let mut taught = Vec::new();
        if secs >= SHOW_SECS && !is_shown {
            is_shown = true;
            taught.push(Taught::Begin(lesson, Hint::Shown));
        }
        self.stage = Stage::Teaching {
            lesson,
            secs,
            looked_secs,
            is_shown,
        };
        taught
    }

    fn next(&mut self, lesson: Lesson, mut taught: Vec<Taught>) -> Vec<Taught> {
        match lesson {
            Lesson::Look => self.begin(Lesson::Point, taught),
            Lesson::Point => self.begin(Lesson::Step, taught),
            Lesson::Step => {
                self.stage = Stage::Done;
                taught.push(Taught::Finished { is_skipped: false });
                taught
            }
        }
    }

    fn begin(&mut self, lesson: Lesson, mut taught: Vec<Taught>) -> Vec<Taught> {
        self.stage = Stage::Teaching {
            lesson,
            secs: 0.0,
            looked_secs: 0.0,
            is_shown: false,
        };
        taught.push(Taught::Begin(lesson, Hint::Quiet));
        taught
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f32 = 0.05;

    fn pass(course: &mut FirstMinute, doing: &Doing, secs: f32) -> Vec<Taught> {
        (0..(secs / DT).round() as u32)
            .flat_map(|_| course.step(doing, DT))
            .collect()
    }

    #[test]
    fn look_point_step() {
        let mut course = FirstMinute::default();
        let idle = Doing::default();
        assert_eq!(
            course.step(&idle, DT),
            [Taught::Begin(Lesson::Look, Hint::Quiet)],
            "first a light"
        );
        let looking = Doing {
            gaze: Vec3::NEG_Z,
            to_light: Vec3::new(0.1, 0.0, -2.0),
            ..idle
        };
        assert_eq!(
            pass(&mut course, &looking, 0.4),
            [],
            "a glance is not enough"
        );
        assert_eq!(pass(&mut course, &idle, 0.1), [], "and starts anew");
        assert_eq!(
            pass(&mut course, &looking, 0.7),
            [
                Taught::Praise(Lesson::Look),
                Taught::Begin(Lesson::Point, Hint::Quiet)
            ],
            "looked at; now a lamp"
        );
        let pressing = Doing {
            has_pressed_lamp: true,
            ..idle
        };
        assert_eq!(
            course.step(&pressing, DT),
            [
                Taught::Praise(Lesson::Point),
                Taught::Begin(Lesson::Step, Hint::Quiet)
            ],
            "pressed; now a place"
        );
        let stepping = Doing {
            stepped_m: 0.5,
            ..idle
        };
        assert_eq!(
            course.step(&stepping, DT),
            [
                Taught::Praise(Lesson::Step),
                Taught::Finished { is_skipped: false }
            ],
            "stepped; all is told"
        );
        assert_eq!(pass(&mut course, &stepping, 5.0), [], "and never again");
    }

    #[test]
    fn the_light_is_there_before_the_ghost() {
        assert_eq!((light_share(0.0), light_share(1.0)), (0.0, 0.0), "seen");
        assert_eq!(light_share(SHOW_SECS - 1.0), 1.0, "before stronger hints");
        // The first lesson's way is 42 degrees.
        let fastest = (0..600_u16).map(|step| {
            let secs = f32::from(step) * 0.01;
            (light_share(secs + 0.01) - light_share(secs)) / 0.01
        });
        let fastest = fastest.fold(0.0, f32::max);
        assert!(fastest * 42.0 < 25.0, "a calm head can follow: {fastest}");
    }

    #[test]
    fn nobody_is_held_up() {
        let mut course = FirstMinute::default();
        let taught = pass(&mut course, &Doing::default(), 61.0);
        let begins = |hint| {
            taught
                .iter()
                .filter(|t| matches!(t, Taught::Begin(_, h) if *h == hint))
                .count()
        };
        assert_eq!(
            (begins(Hint::Quiet), begins(Hint::Shown)),
            (3, 3),
            "every lesson is shown to whoever does nothing: {taught:?}"
        );
        assert!(course.is_done(), "a minute is a minute");
        assert!(
            !taught.iter().any(|t| matches!(t, Taught::Praise(_))),
            "without undue praise"
        );
    }

    #[test]
    fn it_can_be_skipped_at_any_time() {
        for secs in [0.1, 10.0, 25.0, 45.0] {
            let mut course = FirstMinute::default();
            pass(&mut course, &Doing::default(), secs);
            let skip = Doing {
                has_skipped: true,
                ..Doing::default()
            };
            assert_eq!(
                course.step(&skip, DT),
                [Taught::Finished { is_skipped: true }],
                "after {secs} s"
            );
        }
        assert!(
            FirstMinute::done().is_done(),
            "a resumed visitor knows already"
        );
        let mut course = FirstMinute::default();
        pass(&mut course, &Doing::default(), 1.0);
        let broken = Doing {
            gaze: Vec3::NAN,
            stepped_m: f32::NAN,
            ..Doing::default()
        };
        assert_eq!(
            course.step(&broken, f32::NAN),
            [],
            "a glitch teaches nothing"
        );
    }
}
