//! The hands of the clay figures and what they hold, as they are seen from the front.

use super::drawing::{Drawing, Pose, ellipse};
use super::motifs::petal;
use super::pigment::Pigment::{self, *};
use crate::sample::gesture::{BUD, FLASK, Offering, STALK, WRISTS};
use crate::sample::hand::Hand;
use bevy::math::{Vec2, Vec3};

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// A finger (the thumb is the fourth), with the shadow along its sides.
fn digit(d: &mut Drawing, hand: &Hand, finger: usize, skin: Pigment) {
    let line: Vec<Vec2> = hand.fingers[finger].iter().map(|p| p.truncate()).collect();
    let wide = |t: f32| {
        let (root, tip) = (hand.radius_m(finger, 0), hand.radius_m(finger, 3));
        2.0 * (root + (tip - root) * t)
    };
    // Where the finger leaves the palm there is no line.
    let mut free = line.clone();
    free[0] = line[0].lerp(line[1], 0.45);
    d.stroke(&free, Brown, |t| wide(0.15 + 0.85 * t) + 0.0026);
    d.stroke(&line, skin, |t| wide(t) - 0.0006);
}

/// A hand as it is seen from the front.
fn hand(d: &mut Drawing, hand: &Hand, skin: Pigment) {
    for ([a, b], radius) in hand.palm() {
        d.stroke(&[a.truncate(), b.truncate()], skin, |_| {
            2.0 * radius + 0.004
        });
    }
    for finger in [3, 2, 1, 0, 4] {
        digit(d, hand, finger, skin);
    }
}

/// A ring of gold about a wrist.
fn bracelet(d: &mut Drawing, ends: [Vec3; 2]) {
    let [wrist, end] = ends.map(|p| p.truncate());
    let along = (wrist - end).normalize_or(Vec2::Y);
    let (at, across) = (end + along * 0.004, along.perp() * 0.034);
    d.rule(&[at - across, at + across], Gold, 0.018);
}

/// An attendant's raised hand with its lotus bud.
pub(crate) fn raised() -> Drawing {
    let mut d = Drawing::default();
    let right = Offering::raised().hand;
    d.rect(v(-0.24, 0.8), v(-0.04, 1.22), Ivory);
    hand(&mut d, &right, Ivory);
    bracelet(&mut d, WRISTS[0]);
    let bud = BUD.truncate();
    let along = (bud - STALK[4].truncate()).normalize_or(Vec2::Y);
    let foot = bud - along * 0.04;
    d.fill(ellipse(bud, v(0.042, 0.058)), Cinnabar);
    for lean in [-0.62, 0.62, 0.0] {
        let at = foot - along.perp() * (0.012 * lean);
        let up = along + along.perp() * (0.3 * lean);
        let one = petal(&[White, Orange, Cinnabar], 0.62);
        d.place(&one, Pose::along(at, up.normalize_or(Vec2::Y), 0.088));
    }
    d.disc(foot, 0.01, Green);
    d
}

/// An attendant's hanging hand with its flask.
pub(crate) fn hanging() -> Drawing {
    let mut d = Drawing::default();
    let mouth = FLASK.truncate();
    d.rect(v(0.06, 0.32), v(0.3, 0.66), Ivory);
    d.rect(mouth + v(-0.045, -0.15), mouth + v(0.045, 0.005), PaleBlue);
    for (y, wide) in [(-0.002, 0.04), (-0.044, 0.03), (-0.13, 0.05)] {
        let half = v(wide * 0.5, 0.0);
        d.rule(
            &[mouth + v(0.0, y) - half, mouth + v(0.0, y) + half],
            Gold,
            0.011,
        );
    }
    for y in [-0.077, -0.105] {
        d.rule(&[mouth + v(-0.04, y), mouth + v(0.04, y)], Blue, 0.0035);
    }
    hand(&mut d, &Offering::hanging().hand, Ivory);
    bracelet(&mut d, WRISTS[1]);
    d
}
