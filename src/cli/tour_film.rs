//! `grotto render --tour`: a tour as a film, frame by frame on its own clock.
//!
//! The film is made in parts of ten seconds. A part that is there is not drawn again: a
//! film that was interrupted goes on where it was, and the whole is joined at the end.

use super::{
    Outcome, RenderArgs,
    film::{self, FilmWriter},
    film_light::FilmLight,
    open, render, say, say_error,
};
use crate::{
    exhibit::{
        heard::{Heard, HeardOut},
        stage::Pose,
        telling::Telling,
        visitor::Visitor,
    },
    render::headless::{Extras, Headless},
    tour::{self, StoryInput, TourIndex},
};
use bevy::{ecs::message::Messages, math::UVec2};
use std::{
    io::IsTerminal,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Seconds of film in a part.
const PART_SECS: u32 = 10;
/// Time for the last picture to sink in.
const TAIL: Duration = Duration::from_secs(2);
/// No tour is longer: one that is goes round in a circle.
const LONGEST: Duration = Duration::from_secs(6 * 3600);

/// What was heard, and when in the film.
pub(super) struct Moment {
    pub(super) at: Duration,
    pub(super) ears: Pose,
    pub(super) heard: Vec<Heard>,
}

pub(super) fn render_tour(args: &RenderArgs, id: &str, size: UVec2) -> Result<(), Outcome> {
    let out = film_path(&args.out).map_err(Outcome::CannotRead)?;
    let fps = args.fps;
    let stage = open::stage(args.scene.as_deref(), args.language.as_deref())?;
    let Some(story) = stage.story.clone() else {
        return Err(Outcome::CannotRead("this exhibit has no tours".to_owned()));
    };
    let tours = &story.script.tours;
    let tour = tours
        .iter()
        .position(|tour| tour.id.as_str() == id)
        .map(TourIndex::new)
        .ok_or_else(|| {
            let known: Vec<&str> = tours.iter().map(|tour| tour.id.as_str()).collect();
            Outcome::CannotRead(format!(
                "there is no tour called {id:?}; this exhibit has {}",
                if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                }
            ))
        })?;
    let plan = plan(args, &stage.files, &story.language.to_string());
    let parts = Parts::open(&out, &plan)?;
    let mut headless = open::headless(
        stage,
        size,
        render::quality(args.quality),
        Extras::WITH_ROCK,
    )?;
    render::load(&mut headless)?;
    for problem in &headless.loading().problems {
        say_error(&format!("grotto: shown with a placeholder: {problem}"));
    }
    if headless.is_cpu() && args.quality == super::QualityArg::Auto {
        headless.sketch(render::quality(args.quality));
    }
    let mut shoot = Shoot::new(headless, tour, size, fps, !args.no_captions)?;
    let moments = shoot.run(&parts, args.fov)?;
    let whole: Vec<PathBuf> = (0..shoot.parts()).map(|part| parts.path(part)).collect();
    if whole.iter().all(|part| part.is_file()) {
        let sound = shoot.sound(&moments, &parts.folder)?;
        film::join(&whole, sound.as_deref(), &out)?;
        parts.clear();
        say(&out.display().to_string());
    } else {
        let sound = shoot.sound(&moments, &parts.folder)?;
        say_error("ffmpeg is not installed: the film's pictures and its sound are kept apart.");
        say(&parts.folder.display().to_string());
        if let Some(sound) = sound {
            say(&sound.display().to_string());
        }
    }
    Ok(())
}

/// The default name is that of a picture.
fn film_path(out: &Path) -> Result<PathBuf, String> {
    match open::extension(out).as_str() {
        "mp4" | "mov" | "mkv" => Ok(out.to_owned()),
        "" => Ok(out.with_extension("mp4")),
        _ if out == Path::new(super::PICTURE) => Ok(out.with_extension("mp4")),
        other => Err(format!(
            "{}: films are written as .mp4, .mov or .mkv, not as .{other}",
            out.display()
        )),
    }
}

/// What decides how the film looks: parts of another film must not get into this one.
fn plan(args: &RenderArgs, files: &[PathBuf], language: &str) -> String {
    let mut hash = blake3::Hasher::new();
    for text in [
        env!("CARGO_PKG_VERSION"),
        language,
        args.tour.as_deref().unwrap_or_default(),
        &args.size,
        &format!(
            "{:?} {:?} {} {}",
            args.quality, args.fov, args.fps, args.no_captions
        ),
    ] {
        hash.update(text.as_bytes());
        hash.update(&[0]);
    }
    for file in files {
        hash.update(file.as_os_str().as_encoded_bytes());
        if let Ok(metadata) = file.metadata() {
            hash.update(&metadata.len().to_le_bytes());
            let changed = metadata.modified().ok();
            let since = changed.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
            hash.update(&since.unwrap_or_default().as_nanos().to_le_bytes());
        }
    }
    hash.finalize().to_hex().to_string()
}

/// The parts of a film that are made.
struct Parts {
    folder: PathBuf,
}

impl Parts {
    fn open(out: &Path, plan: &str) -> Result<Self, Outcome> {
        let mut name = out.file_stem().unwrap_or_default().to_os_string();
        name.push(".parts");
        let folder = out.with_file_name(name);
        let failed = |error: std::io::Error| {
            Outcome::CannotWrite(format!("cannot write {}: {error}", folder.display()))
        };
        let mark = folder.join("plan");
        if std::fs::read_to_string(&mark).is_ok_and(|own| own == plan) {
            say_error(&format!("Going on with {}.", folder.display()));
        } else {
            if mark.is_file() {
                std::fs::remove_dir_all(&folder).map_err(failed)?;
            }
            std::fs::create_dir_all(&folder).map_err(failed)?;
            std::fs::write(&mark, plan).map_err(failed)?;
        }
        Ok(Self { folder })
    }

    fn path(&self, part: u32) -> PathBuf {
        self.folder.join(format!("{part:04}.mp4"))
    }

    fn partial(&self, part: u32) -> PathBuf {
        self.folder.join(format!("{part:04}.new.mp4"))
    }

    fn clear(&self) {
        // The film is there; what is left over only takes room.
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// The tour under way, before a camera.
struct Shoot {
    headless: Headless,
    size: UVec2,
    fps: u32,
    frames: u32,
}

impl Shoot {
    fn new(
        mut headless: Headless,
        tour: TourIndex,
        size: UVec2,
        fps: u32,
        has_captions: bool,
    ) -> Result<Self, Outcome> {
        let stage = headless.stage();
        let Some(story) = stage.story.clone() else {
            return Err(Outcome::CannotRead("this exhibit has no tours".to_owned()));
        };
        headless.tell_story(Duration::from_secs(1) / fps);
        let first = (story.steps.get(tour.index()))
            .and_then(|steps| steps.first())
            .cloned()
            .unwrap_or_default();
        let mut telling = Telling::new(story, stage.sounds.clone());
        #[cfg(feature = "sound")]
        super::tour_sound::measure(&mut telling, &stage.sounds);
        let length = telling.unattended_length(tour, LONGEST) + TAIL;
        telling.is_filmed = true;
        telling.tell(StoryInput::Tour(tour::Input::StartUnattended(tour)));
        let frames = (length.as_secs_f64() * f64::from(fps)).ceil() as u32;
        if has_captions {
            headless.show_captions();
        }
        let mut visitor = Visitor::new(&stage, stage.body.clone());
        // A film begins where its tour does, not with the way there.
        if let Some(pose) = first.pose {
            visitor.stand_at(&pose, headless.collider().map(|rock| rock as _));
        }
        if let Some(field_rad) = first.field_of_view_rad {
            visitor.show_field_at_once(field_rad);
        }
        headless
            .app
            .insert_resource(visitor)
            .insert_resource(telling);
        Ok(Self {
            headless,
            size,
            fps,
            frames,
        })
    }

    fn parts(&self) -> u32 {
        self.frames.div_ceil(self.fps * PART_SECS)
    }

    #[cfg(feature = "sound")]
    fn sound(&self, moments: &[Moment], folder: &Path) -> Result<Option<PathBuf>, Outcome> {
        let length = Duration::from_secs(1) * self.frames / self.fps;
        super::tour_sound::write(&self.headless, moments, length, folder)
    }

    #[cfg(not(feature = "sound"))]
    fn sound(&self, _moments: &[Moment], _folder: &Path) -> Result<Option<PathBuf>, Outcome> {
        Ok(None)
    }

    fn run(&mut self, parts: &Parts, fov_deg: Option<f32>) -> Result<Vec<Moment>, Outcome> {
        let mut moments = Vec::new();
        let mut progress = Progress::new(self.frames);
        let (mut light, mut unseen) = (FilmLight::new(), 0);
        for part in 0..self.parts() {
            let first = part * self.fps * PART_SECS;
            let last = (first + self.fps * PART_SECS).min(self.frames);
            if parts.path(part).is_file() {
                self.headless.rest();
                for frame in first..last {
                    moments.push(self.pass(frame));
                }
                progress.skip(last - first);
                unseen += 1;
                continue;
            }
            let mut film = FilmWriter::start(&parts.partial(part), self.size, self.fps)?;
            for frame in first..last {
                let (pose, own_fov_rad, darkness) = {
                    let visitor = self.headless.app.world().resource::<Visitor>();
                    (
                        visitor.pose(),
                        visitor.field_of_view_rad(),
                        visitor.darkness(),
                    )
                };
                let fov_rad = fov_deg.map_or(own_fov_rad, f32::to_radians);
                self.headless.look(&pose, fov_rad);
                moments.push(self.pass(frame));
                let mut picture = self
                    .headless
                    .picture()
                    .map_err(|error| Outcome::NoGraphics(error.to_string()))?;
                darken(&mut picture, darkness);
                light.see(Duration::from_secs(1) * frame / self.fps, &picture);
                film.push(&picture)?;
                progress.tick();
            }
            let is_encoding = film.is_encoding();
            let made = film.finish()?;
            if is_encoding {
                std::fs::rename(&made, parts.path(part)).map_err(|error| {
                    Outcome::CannotWrite(format!("cannot write {}: {error}", made.display()))
                })?;
            }
        }
        progress.end();
        if let Some(flash) = light.first_flash() {
            say_error(&format!(
                "warning: the film {} more than three times within the second before {}: \
                 such light can cause seizures (WCAG 2.3.1)",
                flash.kind,
                clock(flash.at)
            ));
        } else if unseen > 0 {
            say_error(&format!(
                "{unseen} parts of the film were there already: they are not watched for flashes"
            ));
        }
        Ok(moments)
    }

    /// Lets one frame pass, and says what was heard in it.
    fn pass(&mut self, frame: u32) -> Moment {
        self.headless.draw();
        let world = self.headless.app.world_mut();
        let heard: Vec<Heard> = world.resource_mut::<Messages<Heard>>().drain().collect();
        // Nobody plays them while the film is drawn: their lengths are on the tour's clock.
        world.resource_mut::<Messages<HeardOut>>().clear();
        Moment {
            at: Duration::from_secs(1) * frame / self.fps,
            ears: world.resource::<Visitor>().pose(),
            heard,
        }
    }
}

/// A fade, in the picture's own values: as even to the eye as light allows.
fn darken(picture: &mut image::RgbaImage, darkness: f32) {
    let keep = 1.0 - darkness.clamp(0.0, 1.0);
    if keep >= 1.0 {
        return;
    }
    for texel in picture.pixels_mut() {
        for value in &mut texel.0[..3] {
            *value = (f32::from(*value) * keep + 0.5) as u8;
        }
    }
}

/// A line that says how far the film is and how long it will take.
struct Progress {
    is_watched: bool,
    total: u32,
    done: u32,
    drawn: u32,
    began: Instant,
}

impl Progress {
    #[expect(
        clippy::disallowed_methods,
        reason = "a line of progress tells real time"
    )]
    fn new(total: u32) -> Self {
        Self {
            is_watched: std::io::stderr().is_terminal(),
            total,
            done: 0,
            drawn: 0,
            began: Instant::now(),
        }
    }

    fn skip(&mut self, frames: u32) {
        self.done += frames;
    }

    fn tick(&mut self) {
        self.done += 1;
        self.drawn += 1;
        let each = self.began.elapsed() / self.drawn;
        let left = each * (self.total - self.done);
        let share = self.done as f32 / self.total.max(1) as f32;
        if self.is_watched {
            open::progress(&format!("film, {} left ", clock(left)), share);
        } else if self.done.is_multiple_of(100) {
            say_error(&format!(
                "{} of {} pictures, {} left",
                self.done,
                self.total,
                clock(left)
            ));
        }
    }

    fn end(&self) {
        if self.is_watched {
            open::progress("film", 1.0);
        }
    }
}

/// Minutes and seconds.
fn clock(time: Duration) -> String {
    let secs = time.as_secs();
    format!("{}:{:02}", secs / 60, secs % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn films_are_named_as_films() {
        assert_eq!(
            film_path(Path::new("a/b.mp4")),
            Ok(PathBuf::from("a/b.mp4")),
            "as asked"
        );
        assert_eq!(
            film_path(Path::new("grotto.png")),
            Ok(PathBuf::from("grotto.mp4")),
            "a film's name"
        );
        assert!(
            film_path(Path::new("a.png")).is_err(),
            "a film is no picture"
        );
    }

    #[test]
    fn another_plan_throws_old_parts_away() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let out = folder.path().join("film.mp4");
        let parts = Parts::open(&out, "one").expect("a new folder");
        std::fs::write(parts.path(0), "x").expect("a part");
        let again = Parts::open(&out, "one").expect("the same folder");
        assert!(again.path(0).is_file(), "the same film goes on");
        let other = Parts::open(&out, "two").expect("a folder for another film");
        assert!(!other.path(0).is_file(), "another film begins anew");
    }

    #[test]
    fn darkness_is_even() {
        let mut picture = image::RgbaImage::from_pixel(2, 1, image::Rgba([200, 100, 0, 255]));
        darken(&mut picture, 0.5);
        assert_eq!(picture.get_pixel(1, 0).0, [100, 50, 0, 255], "half");
    }
}
