//! `grotto bench`: where the time goes.

use super::{BenchArgs, Outcome, open, render, say};
use crate::{
    exhibit::stage::Shading,
    render::{
        headless::{Extras, Pass},
        loading::{HandOverPace, UPLOAD_BYTES_A_FRAME},
    },
};
use bevy::render::render_asset::RenderAssetBytesPerFrame;
use serde::Serialize;
use std::time::Instant;

/// The figures; times in milliseconds.
#[derive(Debug, Serialize)]
struct Figures {
    /// The graphics adapter.
    adapter: String,
    /// Width and height in pixels.
    size: [u32; 2],
    /// From the start of the process.
    first_picture_ms: FirstPicture,
    /// From then on, until coarser levels of what is far away are there.
    levels_ms: f64,
    /// Frames along the camera path as a window draws them, until the graphics device has drawn them.
    frame_ms: Frames,
    /// Their median at each named view of an exhibit, and where it starts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    views_ms: Vec<View>,
    /// The part of them until the graphics device has been told everything: the work of the
    /// app and its renderer. A processor that draws begins meanwhile.
    app_frame_ms: Frames,
    /// The longest frame before any model came, and the first of all: the renderer sets itself
    /// up; in a window that happens in the background.
    opening_frame_ms: f64,
    /// The longest frame from then on, until everything is on the graphics device.
    longest_loading_frame_ms: f64,
    /// What each pass of the renderer takes of a frame, the slowest first, where they are timed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    passes: Vec<Pass>,
    /// Draw calls of one frame at most.
    draw_calls: usize,
    /// Triangles of the scene.
    triangles: usize,
    /// Bytes of textures with their mips.
    texture_bytes: usize,
    /// Bytes of vertices and indices.
    mesh_bytes: usize,
    /// Largest resident memory of this process in bytes.
    peak_rss_bytes: u64,
}

#[derive(Debug, Serialize)]
struct FirstPicture {
    process: f64,
    scene: f64,
    renderer: f64,
    assets: f64,
    pipelines_and_first_frame: f64,
    readback: f64,
    total: f64,
}

#[derive(Debug, Serialize)]
struct View {
    view: String,
    p50: f64,
}

#[derive(Debug, Serialize)]
struct Frames {
    count: u32,
    p50: f64,
    p95: f64,
    p99: f64,
    mean: f64,
}

impl Frames {
    /// Of times in milliseconds, in any order.
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let percentile = |share: f64| {
            let at = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len().max(1));
            times.get(at - 1).copied().unwrap_or_default()
        };
        Self {
            count: times.len() as u32,
            p50: percentile(0.5),
            p95: percentile(0.95),
            p99: percentile(0.99),
            mean: times.iter().sum::<f64>() / times.len().max(1) as f64,
        }
    }
}

pub(super) fn bench(args: &BenchArgs, started: &open::Started) -> Outcome {
    match try_bench(args, started) {
        Ok(()) => Outcome::Done,
        Err(outcome) => outcome,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "measuring is what this command is for"
)]
fn try_bench(args: &BenchArgs, started: &open::Started) -> Result<(), Outcome> {
    let size = render::parse_size(&args.size).map_err(Outcome::CannotRead)?;
    let ms = || started.elapsed().as_secs_f64() * 1000.0;
    let process = ms();
    let mut stage = open::stage(args.scene.as_deref(), None)?;
    if args.full_material {
        for mesh in &mut stage.meshes {
            mesh.shading = Shading::Full;
        }
    }
    let scene = ms();
    let quality = render::quality(args.quality);
    let extras = Extras {
        levels: !args.every_triangle,
        seen: true,
        passes: args.passes,
        ..Extras::default()
    };
    let mut headless = open::headless(stage, size, quality, extras)?;
    let renderer = ms();
    // As in a window: what loads must not hold up what is shown.
    let pace = headless.app.world().resource::<HandOverPace>().clone();
    pace.hold();
    headless
        .app
        .insert_resource(RenderAssetBytesPerFrame::new(UPLOAD_BYTES_A_FRAME));
    let mut opening_frame = 0.0_f64;
    let mut longest_loading_frame = 0.0_f64;
    let mut last = Instant::now();
    let mut is_first = true;
    headless.load(|_| {
        let frame = last.elapsed().as_secs_f64() * 1000.0;
        last = Instant::now();
        let longest = if std::mem::take(&mut is_first) || pace.total() == 0 {
            &mut opening_frame
        } else {
            &mut longest_loading_frame
        };
        *longest = longest.max(frame);
    });
    render::whole(&headless)?;
    let assets = ms();
    headless.look(&headless.first_pose(), headless.field_of_view_rad());
    headless.draw();
    let first_frame = ms();
    let picture = headless
        .picture()
        .map_err(|error| Outcome::NoGraphics(error.to_string()))?;
    let readback = ms();
    drop(picture);
    headless.await_levels();
    let levels = ms();
    headless.forget_passes();
    let mut times = Vec::with_capacity(args.frames as usize);
    let mut places: Vec<(String, Vec<f64>)> = Vec::new();
    let mut app_times = Vec::with_capacity(args.frames as usize);
    for index in 0..args.frames {
        let (place, pose) = headless.measured(index, args.frames);
        let place = place.map(str::to_owned);
        headless.look(&pose, headless.field_of_view_rad());
        let before = Instant::now();
        headless.draw();
        app_times.push(before.elapsed().as_secs_f64() * 1000.0);
        // Without reading back, the driver may still be drawing when `update` returns.
        headless
            .wait_for_gpu()
            .map_err(|error| Outcome::NoGraphics(error.to_string()))?;
        let ms = before.elapsed().as_secs_f64() * 1000.0;
        times.push(ms);
        if let Some(place) = place {
            match places.last_mut() {
                Some((last, own)) if *last == place => own.push(ms),
                _ => places.push((place, vec![ms])),
            }
        }
    }
    let views = places
        .into_iter()
        .map(|(view, times)| View {
            view,
            p50: Frames::of(times).p50,
        })
        .collect();
    let passes = headless.passes();
    let draw_calls = headless.draw_calls();
    let loading = headless.loading();
    let figures = Figures {
        adapter: headless.adapter(),
        size: size.to_array(),
        first_picture_ms: FirstPicture {
            process,
            scene: scene - process,
            renderer: renderer - scene,
            assets: assets - renderer,
            pipelines_and_first_frame: first_frame - assets,
            readback: readback - first_frame,
            total: readback,
        },
        levels_ms: levels - readback,
        frame_ms: Frames::of(times),
        views_ms: views,
        app_frame_ms: Frames::of(app_times),
        opening_frame_ms: opening_frame,
        longest_loading_frame_ms: longest_loading_frame,
        passes,
        draw_calls,
        triangles: loading.triangles,
        texture_bytes: loading.texture_bytes,
        mesh_bytes: loading.mesh_bytes,
        peak_rss_bytes: peak_rss_bytes(),
    };
    if args.json {
        let text = serde_json::to_string_pretty(&figures)
            .map_err(|error| Outcome::CannotWrite(error.to_string()))?;
        say(&text);
    } else {
        let first = &figures.first_picture_ms;
        let frames = &figures.frame_ms;
        say(&format!(
            "{}\nfirst picture  {:8.1} ms: process {:.1}, scene {:.1}, renderer {:.1}, assets {:.1}, first frame {:.1}, read back {:.1}\nlevels         {:8.1} ms later\nframe          {:8.1} ms median, {:.1} p95, {:.1} p99 over {} frames; {:.1} of it until the device was told\nloading        {:8.1} ms the longest frame\ntriangles      {:8}\ndraw calls     {:8}\ntextures       {:8.1} MiB\nmeshes         {:8.1} MiB\npeak memory    {:8.1} MiB",
            figures.adapter,
            first.total,
            first.process,
            first.scene,
            first.renderer,
            first.assets,
            first.pipelines_and_first_frame,
            first.readback,
            figures.levels_ms,
            frames.p50,
            frames.p95,
            frames.p99,
            frames.count,
            figures.app_frame_ms.p50,
            figures.longest_loading_frame_ms,
            figures.triangles,
            figures.draw_calls,
            figures.texture_bytes as f64 / 1_048_576.0,
            figures.mesh_bytes as f64 / 1_048_576.0,
            figures.peak_rss_bytes as f64 / 1_048_576.0,
        ));
        let mut views: Vec<_> = figures.views_ms.iter().collect();
        views.sort_by(|a, b| b.p50.total_cmp(&a.p50));
        for View { view, p50 } in views {
            say(&format!("  at {view:20} {p50:8.1} ms"));
        }
        for pass in &figures.passes {
            let drawn = pass.drawn_ms.map_or_else(
                || "not told by this device".to_owned(),
                |ms| format!("{ms:8.2} ms on the device"),
            );
            let name = &pass.name;
            say(&format!(
                "{name:32} {drawn}, {:.2} ms until it was told",
                pass.told_ms
            ));
        }
    }
    Ok(())
}

/// `VmHWM` of `/proc/self/status`.
fn peak_rss_bytes() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .map_or(0, |kib| kib * 1024)
}
