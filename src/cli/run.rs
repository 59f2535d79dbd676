//! `grotto run`: a window, or pictures and a film where there is no display.

use super::{
    Child, HeadsetArgs, Mode, Outcome, QualityArg, RunArgs, film::FilmWriter, headset, open,
    render, say, say_error,
};
use crate::{
    exhibit::stage::{Pose, Stage},
    render::{
        Quality,
        headless::{Extras, Headless},
    },
};
use bevy::math::UVec2;
use std::path::Path;

/// Size of pictures without a display.
const SIZE: UVec2 = UVec2::new(1280, 720);
/// A film that a machine can make in a few minutes.
struct Film {
    fps: u32,
    longest_secs: f32,
}

/// With a GPU.
const FILM: Film = Film {
    fps: 24,
    longest_secs: 40.0,
};

/// On a processor, where a frame takes half a second: as far as the sample's altar.
const SMALL_FILM: Film = Film {
    fps: 8,
    longest_secs: 24.0,
};

pub(super) fn run(args: &RunArgs) -> Outcome {
    match try_run(args) {
        Ok(()) => Outcome::Done,
        Err(outcome) => outcome,
    }
}

fn try_run(args: &RunArgs) -> Result<(), Outcome> {
    if args.record.is_some() && args.mode == Mode::Headless {
        return Err(Outcome::CannotRead(
            "a guide records a tour: --record goes with --mode desktop or --mode vr".to_owned(),
        ));
    }
    let mut stage = open::stage(args.scene.as_deref(), args.language.as_deref())?;
    if let Some(id) = &args.view {
        stage.start = render::named_view(&stage, id)?.pose;
    }
    match (args.headset.child, args.mode) {
        (Some(Child::Headset), _) => return headset::show(stage, args),
        (Some(Child::Flat), _) => return desktop(stage, args),
        (None, Mode::Vr) => return headset::keep(args),
        (None, Mode::Auto) if args.record.is_none() && headset::is_there() => {
            return headset::keep(args);
        }
        (None, _) => {}
    }
    if let Some(idle) = idle(&args.headset) {
        say_error(&idle);
    }
    match args.mode {
        Mode::Desktop | Mode::Vr => desktop(stage, args),
        Mode::Auto if has_display() => desktop(stage, args),
        Mode::Auto => {
            say_error("No display here: pictures and a film instead of a window.");
            headless(stage, args)
        }
        Mode::Headless => headless(stage, args),
    }
}

/// What is asked of a headset where there is none.
fn idle(asked: &HeadsetArgs) -> Option<String> {
    let given = asked.given();
    (!given.is_empty()).then(|| {
        format!(
            "grotto: {} {} for a headset, and this runs without one (--mode vr asks for it)",
            given.join(", "),
            if given.len() == 1 { "is" } else { "are" }
        )
    })
}

pub(super) fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(feature = "desktop")]
fn desktop(stage: Stage, args: &RunArgs) -> Result<(), Outcome> {
    if !has_display() {
        return Err(Outcome::NoGraphics(
            "there is no display here (neither WAYLAND_DISPLAY nor DISPLAY is set); \
             --mode headless makes pictures instead"
                .to_owned(),
        ));
    }
    let options = crate::desktop::WindowOptions {
        is_fullscreen: args.fullscreen,
        quality: match args.quality {
            QualityArg::Auto => None,
            other => Some(render::quality(other)),
        },
        language: args.language.clone(),
        pictures: args.out.clone(),
        record: args.record.clone(),
        attended: args
            .headset
            .child
            .is_some()
            .then_some(crate::operate::child::plugin),
        resumes: args.headset.resume,
    };
    crate::desktop::run(stage, &options).map_err(Outcome::NoGraphics)
}

#[cfg(not(feature = "desktop"))]
fn desktop(_stage: Stage, _args: &RunArgs) -> Result<(), Outcome> {
    Err(Outcome::NoGraphics(
        "this grotto was built without a window; --mode headless makes pictures".to_owned(),
    ))
}

fn headless(stage: Stage, args: &RunArgs) -> Result<(), Outcome> {
    let quality = match args.quality {
        QualityArg::Auto => Quality::High,
        other => render::quality(other),
    };
    let extras = Extras {
        levels: true,
        ..Extras::WITH_ROCK
    };
    let mut headless = open::headless(stage, SIZE, quality, extras)?;
    render::load(&mut headless)?;
    let stage = headless.stage();
    let shots = if stage.views.is_empty() {
        (0..8)
            .map(|index| render::Shot {
                out: args.out.join(format!("around-{index}.png")),
                pose: headless.orbit(index, 8),
                field_of_view_rad: headless.field_of_view_rad(),
            })
            .collect()
    } else {
        render::views(&stage, &args.out, None)
    };
    for shot in &shots {
        render::take(&mut headless, shot)?;
    }
    for problem in &headless.loading().problems {
        say_error(&format!("grotto: shown with a placeholder: {problem}"));
    }
    let settings = if headless.is_cpu() {
        headless.sketch(match args.quality {
            QualityArg::Auto => Quality::Low,
            _ => quality,
        });
        &SMALL_FILM
    } else {
        &FILM
    };
    let poses = film_path(&headless, &stage, settings);
    film(&mut headless, &poses, settings, &args.out)
}

/// A short flight through the named views, or once around a bare model.
fn film_path(headless: &Headless, stage: &Stage, film: &Film) -> Vec<Pose> {
    if stage.views.len() < 2 {
        let turn = film.fps * 5;
        return (0..turn).map(|index| headless.orbit(index, turn)).collect();
    }
    crate::exhibit::flythrough::poses(
        &stage.views,
        headless.collider(),
        film.fps,
        film.longest_secs,
    )
}

/// A film through ffmpeg where there is one, else its frames.
fn film(
    headless: &mut Headless,
    poses: &[Pose],
    settings: &Film,
    out: &Path,
) -> Result<(), Outcome> {
    let mut film = FilmWriter::start(&out.join("fly-through.mp4"), SIZE, settings.fps)?;
    open::progress("film   ", 0.0);
    // As a window shows it.
    headless.await_levels();
    for (index, pose) in poses.iter().enumerate() {
        headless.look(pose, headless.field_of_view_rad());
        headless.draw();
        let picture = headless
            .picture()
            .map_err(|error| Outcome::NoGraphics(error.to_string()))?;
        film.push(&picture)?;
        open::progress("film   ", (index + 1) as f32 / poses.len() as f32);
    }
    if !film.is_encoding() {
        say_error("ffmpeg is not installed: the film's frames are kept as pictures.");
    }
    say(&film.finish()?.display().to_string());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;

    #[test]
    fn what_only_a_headset_heeds_is_told_where_there_is_none() {
        let told = |options: &[&str]| {
            let words = ["grotto", "run", "cave.ron"].iter().chain(options);
            let cli = Cli::try_parse_from(words).expect("the options are known");
            match cli.command {
                Some(Command::Run(args)) => idle(&args.headset),
                other => panic!("{other:?} is not run"),
            }
        };
        assert_eq!(told(&["--view", "altar"]), None, "a window heeds this");
        assert_eq!(
            told(&["--grace", "10", "--monitor", "view"]).as_deref(),
            Some(
                "grotto: --grace, --monitor are for a headset, and this runs without one \
                 (--mode vr asks for it)"
            ),
            "both are named"
        );
    }
}
