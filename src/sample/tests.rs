//! The generator as a whole, at draft quality.

use super::*;
use std::collections::BTreeMap;

fn draft(dir: &Path) -> Made {
    let options = SampleOptions {
        quality: Quality::Draft,
        voice: Voice::Silent,
    };
    generate(dir, &options, &|_, _| {}).unwrap()
}

/// FNV-1a over names and bytes of a folder's files, in the order of their names; sounds have
/// their own fingerprint, and who speaks hangs on the machine.
fn fingerprint(dir: &Path) -> u64 {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // The scene file is written by hand and may change at will.
        if name.ends_with(".ron") || path.is_dir() {
            continue;
        }
        files.insert(name, std::fs::read(path).unwrap());
    }
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (name, bytes) in files {
        for byte in name.bytes().chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// Changes with every change of the model or a picture, together with [`VERSION`].
const DRAFT_FINGERPRINT: u64 = 0x34b3_cbd6_1781_4e5d;

#[test]
fn the_same_bytes_come_out_at_any_number_of_threads() {
    let (all, one) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = draft(all.path());
    let alone = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    alone.install(|| draft(one.path()));
    let (first, second) = (fingerprint(all.path()), fingerprint(one.path()));
    assert_eq!(first, second, "one thread makes other bytes than many");
    assert_eq!(
        first, DRAFT_FINGERPRINT,
        "the generator's output changed to {first:#x}: raise VERSION and write it down here"
    );
    assert!(
        made.triangles > 50_000,
        "a draft has a shape: {} triangles",
        made.triangles
    );

    for entry in std::fs::read_dir(all.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "png") {
            let (width, height) = image::image_dimensions(&path).unwrap();
            assert!(
                width.is_multiple_of(4) && height.is_multiple_of(4),
                "a GPU compresses whole blocks: {} is {width} x {height}",
                path.display()
            );
        }
    }
    for piece in EXHIBIT.split('"') {
        let is_file = [".png", ".glb", ".wav", ".vtt"]
            .iter()
            .any(|end| piece.ends_with(end));
        if is_file {
            assert!(
                all.path().join(piece).is_file(),
                "the exhibit names {piece}, which is not made"
            );
        }
    }
}

#[test]
fn the_exhibits_flames_stand_where_the_lamps_stand() {
    for (i, lamp) in props::lamps().iter().enumerate() {
        let id = format!("id: \"lamp_{:02}\"", i + 1);
        let line = EXHIBIT
            .lines()
            .find(|l| l.contains(&id))
            .unwrap_or_else(|| panic!("no light has {id}"));
        let start = line.find("position: (").unwrap() + "position: (".len();
        let numbers: Vec<f32> = line[start..]
            .split(')')
            .next()
            .unwrap()
            .split(", ")
            .map(|n| n.parse().unwrap())
            .collect();
        let there = Vec3::new(numbers[0], numbers[1], numbers[2]);
        assert!(
            there.distance(lamp.flame) < 0.002,
            "{id} is at {there}, its flame at {}",
            lamp.flame
        );
    }
    let lights = EXHIBIT.matches("flicker: Flame").count();
    assert_eq!(
        lights,
        props::lamps().len() + 2,
        "lights and baked groups flicker, nothing else does"
    );
}

#[test]
fn every_named_view_stands_in_the_open_air() {
    use super::nets::Field;
    let views = EXHIBIT
        .split("views: [")
        .nth(1)
        .unwrap()
        .split("start:")
        .next()
        .unwrap();
    let mut count = 0;
    for piece in views.split("position: (").skip(1) {
        let numbers: Vec<f32> = piece
            .split(')')
            .next()
            .unwrap()
            .split(", ")
            .map(|n| n.parse().unwrap())
            .collect();
        let eye = Vec3::new(numbers[0], numbers[1], numbers[2]);
        let distance = shape::Cave.distance(eye);
        assert!(
            distance < -0.12,
            "the view at {eye} is {distance} m from the rock"
        );
        count += 1;
    }
    assert!(count >= 8, "there are at least eight views, not {count}");
}

#[test]
fn the_way_in_is_clear() {
    use super::nets::Field;
    for i in 0..130 {
        let z = 12.0 - i as f32 * 0.1;
        for y in [0.3, 1.0, 1.7] {
            let p = Vec3::new(0.0, y, z);
            assert!(
                shape::Cave.distance(p) < -0.15,
                "something stands in the way at {p}"
            );
        }
    }
    let parts = props::parts(0.03, 10);
    for part in &parts {
        for p in &part.positions {
            let on_the_way = p.x.abs() < 1.2 && p.y < 1.0 && p.z > -1.3;
            assert!(!on_the_way, "{} stands in the way at {p}", part.name);
        }
    }
}

#[test]
fn parts_share_their_seams() {
    // Every vertex on a seam has a twin with the same normal, so that no crack opens.
    let (low, high) = shape::BOUNDS;
    let net = seams::cut(nets::mesh(&shape::Cave, low, high, 0.12));
    let parts = charts::cut(&net);
    let triangles: usize = parts.iter().map(|p| p.triangles.len()).sum();
    assert_eq!(triangles, net.triangles.len(), "cutting loses no triangle");
    let mut seen: BTreeMap<[u32; 3], Vec3> = BTreeMap::new();
    for part in &parts {
        for (p, n) in part.positions.iter().zip(&part.normals) {
            let key = p.to_array().map(f32::to_bits);
            let first = *seen.entry(key).or_insert(*n);
            assert_eq!(first, *n, "two parts disagree about the normal at {p}");
        }
        for uv in &part.uvs {
            assert!(
                uv.is_finite(),
                "{} has a broken texture coordinate",
                part.name
            );
        }
    }
    assert_eq!(
        seen.len(),
        net.positions.len(),
        "no vertex was lost or moved"
    );
    for name in [
        "floor_chamber",
        "wall_north",
        "wall_south",
        "wall_west",
        "wall_east",
        "ceiling",
        "caisson",
        "niche",
        "altar",
    ] {
        assert!(
            parts.iter().any(|p| p.name == name),
            "there is no part {name}"
        );
    }
}

/// The exhibit with silent voices: everything but who speaks.
fn whole() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    draft(dir.path());
    dir
}

#[test]
fn check_and_rehearsal_find_nothing() {
    let dir = whole();
    let scene = dir.path().join("exhibit.ron");
    let check = crate::exhibit::open::check(&scene);
    assert!(check.is_empty(), "check says:\n{}", check.to_text(false));
    let rehearsal = crate::exhibit::open::rehearse(&scene);
    assert!(
        rehearsal.is_empty(),
        "rehearsal says:\n{}",
        rehearsal.to_text(false)
    );
    // Where espeak-ng is installed, what was silent is spoken now: also to be found in order.
    let voiced = refresh(dir.path(), Voice::Synthesized, &|_, _| {}).unwrap();
    assert!(
        voiced.silent == 0 || voiced.spoken == 0,
        "espeak-ng says all of it or is not there: {voiced:?}"
    );
    let rehearsal = crate::exhibit::open::rehearse(&scene);
    assert!(
        rehearsal.is_empty(),
        "with a voice, rehearsal says:\n{}",
        rehearsal.to_text(false)
    );
    for language in ["en", "zh-Hans", "fr"] {
        let (stage, report) = crate::exhibit::open::open(&scene, Some(language));
        assert!(report.is_empty(), "{}", report.to_text(false));
        let story = stage.unwrap().story.unwrap();
        let steps: usize = story.script.tours.iter().map(|tour| tour.steps.len()).sum();
        assert!(
            story.captions.len() >= steps - 4,
            "{language} has captions for all that is said: {} in {steps} steps",
            story.captions.len()
        );
    }
}

/// How long a tour takes that nobody interrupts, seconds, with the voices in a folder.
fn length_secs(
    dir: &Path,
    script: &std::sync::Arc<crate::tour::Script>,
    id: &str,
    language: &str,
) -> f32 {
    use crate::scene::schema::Language;
    use crate::tour::{Durations, Input, Playback, StepIndex, Utterance};
    use std::time::Duration;
    let language = Language::parse(language).unwrap();
    let mut durations = Durations::estimated(script, &language);
    let tour = script.tour_named(id).unwrap();
    for (index, step) in script.tour(tour).unwrap().steps.iter().enumerate() {
        let Some(say) = &step.say else { continue };
        let file = say
            .sound
            .exact(&language, &script.default_language)
            .unwrap();
        let voice = std::fs::read(dir.join(&file.in_exhibit)).unwrap();
        let secs = sounds::wav::length_secs(&voice).unwrap();
        let utterance = Utterance {
            tour,
            step: StepIndex::new(index),
            answer: None,
        };
        durations.set(utterance, Duration::from_secs_f32(secs));
    }
    let mut playback = Playback::new(std::sync::Arc::clone(script), durations);
    playback.step(&[Input::StartUnattended(tour)], Duration::ZERO);
    let mut tenths = 0;
    while playback.playing().is_some() && tenths < 36_000 {
        playback.step(&[], Duration::from_millis(100));
        tenths += 1;
    }
    tenths as f32 / 10.0
}

#[test]
fn the_tours_are_as_long_as_they_say() {
    let dir = tempfile::tempdir().unwrap();
    let exhibit = voice::exhibit(EXHIBIT).unwrap();
    let script = crate::tour::compile(&exhibit, &mut crate::diagnostic::Report::new());
    let script = std::sync::Arc::new(script);
    for who in [Voice::Silent, Voice::Synthesized] {
        voice::write_all(dir.path(), &exhibit, who, &|_| {}).unwrap();
        for language in ["en", "zh-Hans", "fr"] {
            for (tour, low, high) in [
                ("visit", 255.0, 350.0),
                ("performance", 64.0, 75.0),
                ("pigments", 35.0, 75.0),
            ] {
                let secs = length_secs(dir.path(), &script, tour, language);
                assert!(
                    (low..high).contains(&secs),
                    "the tour {tour} takes {secs} s in {language} ({who:?})"
                );
            }
        }
    }
}

#[test]
#[ignore = "writes sounds and voices to $GROTTO_SOUNDS, to be looked at and listened to"]
fn write_for_listening() {
    let out = std::env::var("GROTTO_SOUNDS").expect("GROTTO_SOUNDS names a folder");
    let voiced = refresh(Path::new(&out), Voice::Synthesized, &|_, _| {}).unwrap();
    println!("{voiced:?}");
}

#[test]
fn hotspots_lie_on_what_they_are_about() {
    use super::nets::Field;
    use crate::scene::schema::Shape;
    let exhibit = voice::exhibit(EXHIBIT).unwrap();
    assert!(exhibit.hotspots.len() >= 6, "there is something to find");
    for hotspot in &exhibit.hotspots {
        let (center, radius) = match &hotspot.at {
            Shape::Point(center) => (*center, 0.15),
            Shape::Sphere { center, radius } => (*center, *radius),
            Shape::Box { center, size, .. } => (*center, size.max_element() * 0.5),
            Shape::SurfaceArea { .. } | Shape::Node(..) => continue,
        };
        // Not buried, and not in the middle of nothing (but for the figure, which is a
        // solid of its own, and the burner and the jar, which stand on the ground).
        let depth = shape::Cave.distance(center);
        assert!(
            depth < 0.12,
            "the hotspot {} lies {depth} m deep in the rock",
            hotspot.id
        );
        assert!(
            depth > -radius - 0.5,
            "the hotspot {} hangs {} m from anything",
            hotspot.id,
            -depth
        );
    }
}

#[test]
fn an_old_folder_is_renewed_and_a_new_one_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let renew = || refresh(dir.path(), Voice::Silent, &|_, _| {}).unwrap();
    let first = renew();
    assert_eq!(first.own, 0, "all voices are ours");
    assert!(first.silent >= 60, "all is said: {first:?}");
    let scene = dir.path().join("exhibit.ron");
    assert_eq!(
        std::fs::read_to_string(&scene).unwrap(),
        EXHIBIT,
        "the exhibit is there"
    );
    // An older generator's sounds and exhibit.
    let bell = dir.path().join("sounds/chime.wav");
    std::fs::write(&bell, "old").unwrap();
    std::fs::write(&scene, "old").unwrap();
    renew();
    assert_eq!(
        std::fs::read(&bell).unwrap(),
        b"old",
        "sounds of this version are not made again"
    );
    std::fs::write(dir.path().join("sounds/version.txt"), "0").unwrap();
    renew();
    assert_ne!(
        std::fs::read(&bell).unwrap(),
        b"old",
        "sounds of another version are"
    );
    assert_eq!(
        std::fs::read_to_string(&scene).unwrap(),
        EXHIBIT,
        "and the exhibit is that of this one"
    );
}
