//! `grotto render`: pictures.

use super::{Outcome, QualityArg, RenderArgs, open, say, say_error};
use crate::{
    exhibit::stage::{Pose, Stage, StagedView},
    render::{
        Quality,
        headless::{Extras, Headless},
    },
};
use bevy::math::{UVec2, Vec3};
use std::{
    io::IsTerminal,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
};

/// A picture to take.
pub(super) struct Shot {
    /// Where it goes.
    pub(super) out: PathBuf,
    /// From where.
    pub(super) pose: Pose,
    /// Vertical, radians.
    pub(super) field_of_view_rad: f32,
}

pub(super) fn render(args: &RenderArgs) -> Outcome {
    match try_render(args) {
        Ok(()) => Outcome::Done,
        Err(outcome) => outcome,
    }
}

fn try_render(args: &RenderArgs) -> Result<(), Outcome> {
    let size = parse_size(&args.size).map_err(Outcome::CannotRead)?;
    if let Some(tour) = &args.tour {
        return super::tour_film::render_tour(args, tour, size);
    }
    let out = if args.all_views || args.orbit.is_some() {
        folder_for_several(&args.out).map_err(Outcome::CannotRead)?
    } else {
        check_ending(&args.out).map_err(Outcome::CannotRead)?;
        args.out.clone()
    };
    let mut stage = open::stage(args.scene.as_deref(), args.language.as_deref())?;
    if let Some(is_on) = args.lamp {
        stage.lamp.is_on = is_on;
    }
    if let Some(layer) = &args.layer {
        show_layer(&mut stage, layer)?;
    }
    let pose = args
        .pose
        .as_deref()
        .map(parse_pose)
        .transpose()
        .map_err(Outcome::CannotRead)?;
    // Before minutes of loading.
    let view = args.view.as_deref().map(|id| named_view(&stage, id));
    let view = view.transpose()?;
    // Taking the app apart when the pictures are written would only keep people waiting.
    let started = open::headless(stage, size, quality(args.quality), Extras::default())?;
    let mut headless = ManuallyDrop::new(started);
    load(&mut headless)?;
    let stage = headless.stage();
    let fov = |own: f32| args.fov.map_or(own, f32::to_radians);
    let shots = if let Some(pose) = pose {
        vec![Shot {
            out,
            pose,
            field_of_view_rad: fov(60_f32.to_radians()),
        }]
    } else if let Some(view) = view {
        vec![Shot {
            out,
            pose: view.pose,
            field_of_view_rad: fov(view.field_of_view_rad),
        }]
    } else if args.all_views && !stage.views.is_empty() {
        views(&stage, &out, args.fov)
    } else if let Some(count) = args.orbit {
        (0..count)
            .map(|index| Shot {
                out: out.join(format!("{index:04}.png")),
                pose: headless.orbit(index, count),
                field_of_view_rad: fov(headless.field_of_view_rad()),
            })
            .collect()
    } else {
        vec![Shot {
            out,
            pose: headless.first_pose(),
            field_of_view_rad: fov(headless.field_of_view_rad()),
        }]
    };
    for shot in &shots {
        take(&mut headless, shot)?;
    }
    for problem in &headless.loading().problems {
        say_error(&format!("grotto: shown with a placeholder: {problem}"));
    }
    Ok(())
}

/// The view of that name, or which there are.
pub(super) fn named_view(stage: &Stage, id: &str) -> Result<StagedView, Outcome> {
    let view = stage.views.iter().find(|view| view.id == id);
    view.cloned().ok_or_else(|| {
        let known: Vec<&str> = stage.views.iter().map(|view| view.id.as_str()).collect();
        Outcome::CannotRead(format!(
            "there is no view called {id:?}; this exhibit has {}",
            if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            }
        ))
    })
}

/// Every named view, as files in `folder`.
pub(super) fn views(stage: &Stage, folder: &Path, fov_deg: Option<f32>) -> Vec<Shot> {
    stage
        .views
        .iter()
        .map(|view| Shot {
            out: folder.join(format!("{}.png", view.id)),
            pose: view.pose,
            field_of_view_rad: fov_deg.map_or(view.field_of_view_rad, f32::to_radians),
        })
        .collect()
}

fn show_layer(stage: &mut Stage, layer: &str) -> Result<(), Outcome> {
    let mut is_found = false;
    for surface in &mut stage.surfaces {
        if let Some(index) = surface.layers.iter().position(|own| own.id == layer) {
            surface.shown = index;
            is_found = true;
        }
    }
    if is_found {
        Ok(())
    } else {
        Err(Outcome::CannotRead(format!(
            "no surface of this exhibit has a layer called {layer:?}"
        )))
    }
}

/// Loads with a progress line where somebody is watching. Of an exhibit the rest is shown where
/// a model cannot be; a bare model is all that was asked for.
pub(super) fn load(headless: &mut Headless) -> Result<(), Outcome> {
    let is_watched = std::io::stderr().is_terminal();
    let mut last = -1;
    headless.load(|fraction| {
        let percent = (fraction * 100.0) as i32;
        if is_watched && percent != last {
            last = percent;
            open::progress("loading", fraction);
        }
    });
    whole(headless)
}

/// Refuses a bare model of which only a placeholder stands.
pub(super) fn whole(headless: &Headless) -> Result<(), Outcome> {
    let stage = headless.stage();
    // It has neither layers nor a panorama: what went wrong is the model.
    match headless.loading().problems.first() {
        Some(reason) if stage.is_bare => Err(Outcome::CannotRead(format!(
            "{} cannot be shown: {reason}",
            stage.source.display()
        ))),
        _ => Ok(()),
    }
}

/// Draws and writes one picture, and says where it is.
pub(super) fn take(headless: &mut Headless, shot: &Shot) -> Result<(), Outcome> {
    headless.look(&shot.pose, shot.field_of_view_rad);
    headless.draw();
    let picture = headless
        .picture()
        .map_err(|error| Outcome::NoGraphics(error.to_string()))?;
    write_picture(&picture, &shot.out)?;
    say(&shot.out.display().to_string());
    Ok(())
}

/// Writes a picture so that a half-written file is never seen under its name.
pub(super) fn write_picture(picture: &image::RgbaImage, out: &Path) -> Result<(), Outcome> {
    let failed = |error: &dyn std::fmt::Display| {
        Outcome::CannotWrite(format!("cannot write {}: {error}", out.display()))
    };
    if out.is_dir() {
        let inside = out.join("picture.png");
        return Err(Outcome::CannotWrite(format!(
            "{} is a folder: name a picture in it, such as {}",
            out.display(),
            inside.display()
        )));
    }
    if let Some(folder) = out.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    }
    let mut bytes = Vec::new();
    let is_jpeg = out
        .extension()
        .is_some_and(|ext| ext.eq_ignore_ascii_case("jpg") || ext.eq_ignore_ascii_case("jpeg"));
    let texels = picture
        .pixels()
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let rgb = image::RgbImage::from_raw(picture.width(), picture.height(), texels.collect())
        .ok_or_else(|| failed(&"it is too large"))?;
    if is_jpeg {
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 92);
        rgb.write_with_encoder(encoder)
            .map_err(|error| failed(&error))?;
    } else {
        let encoder = image::codecs::png::PngEncoder::new_with_quality(
            &mut bytes,
            image::codecs::png::CompressionType::Fast,
            image::codecs::png::FilterType::Up,
        );
        rgb.write_with_encoder(encoder)
            .map_err(|error| failed(&error))?;
    }
    let partial = out.with_extension("tmp");
    std::fs::write(&partial, &bytes).map_err(|error| failed(&error))?;
    let renamed = std::fs::rename(&partial, out);
    if renamed.is_err() {
        // The first error is the one worth telling.
        drop(std::fs::remove_file(&partial));
    }
    renamed.map_err(|error| failed(&error))
}

/// The quality asked for; `auto` without a window means the best.
pub(super) fn quality(argument: QualityArg) -> Quality {
    match argument {
        QualityArg::Low => Quality::Low,
        QualityArg::Medium => Quality::Medium,
        QualityArg::Auto | QualityArg::High => Quality::High,
    }
}

/// Pictures are PNG, or JPEG where their names say so.
fn check_ending(out: &Path) -> Result<(), String> {
    match open::extension(out).as_str() {
        "" | "png" | "jpg" | "jpeg" => Ok(()),
        other => Err(format!(
            "{}: pictures are written as .png or .jpg, not as .{other}",
            out.display()
        )),
    }
}

/// Where several pictures go when one name was given.
fn folder_for_several(out: &Path) -> Result<PathBuf, String> {
    if out == Path::new(super::PICTURE) {
        return Ok(PathBuf::from("pictures"));
    }
    let is_picture = ["png", "jpg", "jpeg"].contains(&open::extension(out).as_str());
    if (is_picture && !out.is_dir()) || out.is_file() {
        let folder = out.with_extension("");
        return Err(format!(
            "{} is the name of one picture; several go into a folder, such as --out {}",
            out.display(),
            folder.display()
        ));
    }
    Ok(out.to_owned())
}

/// "1280x720".
pub(super) fn parse_size(text: &str) -> Result<UVec2, String> {
    let parsed = text
        .split_once(['x', 'X', '×'])
        .and_then(|(width, height)| {
            Some((width.trim().parse().ok()?, height.trim().parse().ok()?))
        });
    match parsed {
        Some((width, height))
            if (16..=16_384).contains(&width) && (16..=16_384).contains(&height) =>
        {
            Ok(UVec2::new(width, height))
        }
        Some(_) => Err(format!("size {text}: each side must be 16 to 16384 pixels")),
        None => Err(format!("size {text:?} is not of the form 1280x720")),
    }
}

/// "x,y,z,yaw,pitch".
fn parse_pose(text: &str) -> Result<Pose, String> {
    let numbers: Vec<f32> = text
        .split(',')
        .map(|part| part.trim().parse::<f32>())
        .collect::<Result<_, _>>()
        .map_err(|error| format!("pose {text:?}: {error}; write \"x,y,z,yaw,pitch\""))?;
    match numbers.as_slice() {
        [x, y, z, yaw, pitch] if numbers.iter().all(|number| number.is_finite()) => Ok(Pose {
            eye_in_world: Vec3::new(*x, *y, *z),
            yaw_rad: yaw.to_radians(),
            pitch_rad: pitch.to_radians().clamp(-1.57, 1.57),
        }),
        _ => Err(format!(
            "pose {text:?} needs five numbers: x, y, z in metres, yaw and pitch in degrees"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_refused() {
        assert_eq!(
            parse_size("1280x720"),
            Ok(UVec2::new(1280, 720)),
            "the usual form"
        );
        for bad in ["1280", "x", "0x0", "99999x10", "-1x5", "axb"] {
            assert!(parse_size(bad).is_err(), "{bad} is no size");
        }
    }

    #[test]
    fn poses_are_read_and_refused() {
        let pose = parse_pose("1, 2,-3, 90, -10").expect("five numbers are a pose");
        assert_eq!(
            pose.eye_in_world,
            Vec3::new(1.0, 2.0, -3.0),
            "the eye comes first"
        );
        assert!(
            (pose.yaw_rad - std::f32::consts::FRAC_PI_2).abs() < 1e-6,
            "yaw in degrees"
        );
        for bad in ["", "1,2,3", "1,2,3,4,nan", "a,b,c,d,e"] {
            assert!(parse_pose(bad).is_err(), "{bad:?} is no pose");
        }
    }
}
