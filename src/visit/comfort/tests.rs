//! Comfort, measured.

use super::*;
use crate::visit::dice::Dice;

#[test]
fn settings_from_anywhere_are_sane() {
    let mut dice = Dice::new(1);
    let wild = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 0.0];
    for _ in 0..500 {
        let mut any = || wild[dice.below(6) as usize];
        let settings = ComfortSettings {
            speed: any(),
            turn_angle_deg: any(),
            turn_speed_deg: any(),
            vignette: any(),
            height_offset_m: any(),
            dwell_secs: any(),
            caption_scale: any(),
            ..ComfortSettings::default()
        }
        .sanitized();
        assert_eq!(
            settings,
            settings.sanitized(),
            "sane settings stay as they are"
        );
        assert!(
            (15.0..=90.0).contains(&settings.turn_angle_deg)
                && (0.0..=1.0).contains(&settings.vignette)
                && (0.4..=5.0).contains(&settings.dwell_secs),
            "everything is in range: {settings:?}"
        );
    }
    let usual = ComfortSettings::default();
    assert_eq!(usual, usual.sanitized(), "the defaults are sane");
}

#[test]
fn the_vignette_follows_motion_and_frame_rate_does_not_matter() {
    let settings = ComfortSettings::default();
    let closed_after = |rate: u32, speed: f32, turn: f32, secs: f32| {
        let mut vignette = Vignette::default();
        for _ in 0..(secs * rate as f32) as u32 {
            vignette.step(speed, turn, &settings, 1.0 / rate as f32);
        }
        vignette
    };
    assert_eq!(
        closed_after(90, 0.0, 0.0, 1.0).shape(),
        None,
        "whoever stands still sees everything"
    );
    let (slow, fast) = (
        closed_after(90, 0.6, 0.0, 2.0).closed(),
        closed_after(90, 1.5, 0.0, 2.0).closed(),
    );
    assert!(
        0.05 < slow && slow < fast,
        "it grows with speed: {slow}, {fast}"
    );
    let full = closed_after(90, 9.0, 500.0, 2.0);
    assert!(
        (full.closed() - settings.vignette).abs() < 1e-3,
        "and never beyond the visitor's choice: {}",
        full.closed()
    );
    let (a, b) = (
        closed_after(45, 1.3, 10.0, 0.2).closed(),
        closed_after(120, 1.3, 10.0, 0.2).closed(),
    );
    assert!((a - b).abs() < 1e-4, "the same at 45 and 120 Hz: {a}, {b}");
    let off = ComfortSettings {
        vignette: 0.0,
        ..settings
    };
    let mut vignette = full;
    for _ in 0..400 {
        vignette.step(2.0, 90.0, &off, 0.011);
    }
    assert_eq!(vignette.shape(), None, "switched off, it is off");
    vignette.step(f32::NAN, 0.0, &settings, 0.01);
    assert!(vignette.closed().is_finite(), "a glitch changes nothing");
}

/// Counts pairs of opposing changes of luminance of 10 % or more in any second
/// (WCAG 2.2, "general flash").
fn worst_flashes_in_a_second(darkness: &[f32], rate: usize) -> usize {
    let mut turns = Vec::new();
    let (mut extreme, mut direction) = (darkness[0], 0.0f32);
    for (frame, value) in darkness.iter().enumerate() {
        let change = value - extreme;
        if change * direction > 0.0 || (direction == 0.0 && change.abs() >= 0.1) {
            if direction == 0.0 {
                turns.push(frame);
            }
            direction = change.signum();
            extreme = *value;
        } else if change * direction < 0.0 && change.abs() >= 0.1 {
            turns.push(frame);
            direction = change.signum();
            extreme = *value;
        }
    }
    (0..turns.len())
        .map(|i| turns[i..].iter().filter(|t| **t < turns[i] + rate).count() / 2)
        .max()
        .unwrap_or(0)
}

#[test]
fn whatever_darkens_keeps_the_flash_limit() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let rate = [20, 72, 90, 144][dice.below(4) as usize];
        let dt = 1.0 / rate as f32;
        let (mut blink, mut wall) = (Blink::default(), HeadInWall::default());
        let mut screen = ScreenFade::default();
        let often = 2 + dice.below(40);
        let trembling_m = [0.01, 0.05, 1.0][dice.below(3) as usize];
        let mut course = Vec::new();
        for frame in 0..rate * 20 {
            if dice.below(often) == 0 {
                blink.begin(seed % 2 == 0);
            }
            blink.step(dt);
            let near = wall.step(Some(0.14 + trembling_m * dice.unit()));
            let before = screen.darkness();
            screen.step(blink.darkness().max(near), dt);
            let step = (screen.darkness() - before).abs();
            assert!(
                step <= dt / LEAST_FADE_SECS + 1e-5,
                "seed {seed} frame {frame}: no step of {step}"
            );
            course.push(screen.darkness());
        }
        let flashes = worst_flashes_in_a_second(&course, rate);
        assert!(flashes <= 3, "seed {seed}: {flashes} flashes in a second");
    }
}

#[test]
fn a_blink_is_seen_as_it_is_meant() {
    let (mut blink, mut screen) = (Blink::default(), ScreenFade::default());
    blink.begin(false);
    let dt = 1.0 / 90.0;
    while blink.stage() != BlinkStage::Clear {
        blink.step(dt);
        screen.step(blink.darkness(), dt);
        if blink.stage() == BlinkStage::Dark {
            assert!(screen.is_black(), "when the rig moves nothing is seen");
        }
    }
    screen.step(0.0, dt);
    assert!(screen.darkness() < 1e-3, "and it clears in time");
    screen.step(f32::NAN, dt);
    assert!(screen.darkness().is_finite(), "a glitch changes nothing");
}

#[test]
fn a_blink_is_dark_for_at_least_a_frame_at_any_rate() {
    for rate in [4.0, 20.0, 72.0, 90.0, 144.0] {
        let mut blink = Blink::default();
        assert_eq!(
            blink.stage(),
            BlinkStage::Clear,
            "nothing is hidden at first"
        );
        blink.begin(false);
        let mut dark = 0;
        let mut secs = 0.0;
        while blink.stage() != BlinkStage::Clear {
            blink.step(1.0 / rate);
            secs += 1.0 / rate;
            dark += u32::from(blink.stage() == BlinkStage::Dark);
            assert!(secs < 2.0, "at {rate} Hz the blink ends");
        }
        assert!(
            dark >= 1,
            "at {rate} Hz the rig has a dark frame to move in"
        );
        assert!(
            secs >= 0.44,
            "at {rate} Hz the blink is no shorter than planned: {secs} s"
        );
    }
}

#[test]
fn a_head_in_the_wall_is_in_the_dark() {
    let mut head = HeadInWall::default();
    for (rock_m, wanted, why) in [
        (0.5, 0.0, "half a metre off, all is clear"),
        (0.13, 0.5, "near the wall it darkens"),
        (
            0.09,
            1.0,
            "before the near plane shows the inside, it is black",
        ),
        (0.18, 1.0, "and stays so until the head is well away"),
        (0.21, 0.0, "then it clears"),
        (0.18, 0.0, "and the way back darkens later"),
        (-0.3, 1.0, "inside rock it is black"),
    ] {
        let found = head.step(Some(rock_m));
        assert!(
            (found - wanted).abs() < 1e-4,
            "{rock_m} m: {why}, not {found}"
        );
    }
    head.step(None);
    assert_eq!(head.step(Some(f32::NAN)), 0.0, "a glitch is no rock");
}

#[test]
fn sticks_snap_by_thirty_degrees_once_a_flick() {
    let settings = ComfortSettings::default();
    let mut stick = TurnStick::default();
    let dt = 1.0 / 90.0;
    let mut turns = Vec::new();
    for x in [0.0, 0.5, 0.9, 1.0, 0.9, 0.6, 0.9, 0.1, 0.0] {
        turns.push(stick.step(x, &settings, dt).to_degrees());
    }
    let sum: f32 = turns.iter().sum();
    assert!(
        (sum + 30.0).abs() < 1e-4,
        "one flick to the right is one turn to the right, with a bounce: {turns:?}"
    );
    // Held, it repeats, far below eight times a second; flicked as fast as can be, too.
    let count = |course: &mut dyn FnMut(usize) -> f32| {
        let mut stick = TurnStick::default();
        (0..900)
            .filter(|frame| stick.step(course(*frame), &settings, dt) != 0.0)
            .count() as f32
            / 10.0
    };
    let held = count(&mut |_| -1.0);
    assert!((2.0..3.0).contains(&held), "held: {held} turns a second");
    let flicked = count(&mut |frame| if frame % 2 == 0 { 1.0 } else { 0.0 });
    assert!(flicked < 8.0, "flicked: {flicked} turns a second");
    let smooth = ComfortSettings {
        turning: Turning::Smooth,
        ..settings
    };
    let mut stick = TurnStick::default();
    let turned: f32 = (0..90).map(|_| stick.step(1.0, &smooth, dt)).sum();
    assert!(
        (turned.to_degrees() + 60.0).abs() < 0.1,
        "a smooth turn of a second is 60 degrees, {}",
        turned.to_degrees()
    );
    assert_eq!(
        stick.step(0.15, &smooth, dt),
        0.0,
        "a stick at rest does not drift"
    );
}
