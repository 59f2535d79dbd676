//! The pictures of what a visitor chooses for themselves: each shows what is chosen.

use super::pen::{Stroke, lines, p, person, turning_arrow};
use crate::visit::{
    comfort::{CaptionGround, ComfortSettings, DwellUse, Hand, Movement, Posture, Turning},
    menu::Item,
};
use bevy::math::{Vec2, ops};
use core::f32::consts::{PI, TAU};

/// The strokes of a choice; none for what is no choice.
pub(super) fn strokes(item: Item, settings: &ComfortSettings) -> Vec<Stroke> {
    match item {
        Item::Turning => match settings.turning {
            Turning::Snap => {
                let mut steps = turning_arrow(0.42, 0.4, 2.2);
                steps.extend((0..4).map(|at| {
                    let (sin, cos) = ops::sin_cos(0.4 + at as f32 * 0.73);
                    Stroke::Dot(p(cos, sin) * 0.62, 0.06)
                }));
                steps
            }
            Turning::Smooth => turning_arrow(0.45, 0.2, 4.6),
            Turning::Off => {
                let mut off = turning_arrow(0.42, 0.4, 2.2);
                off.push(Stroke::Line(p(-0.5, -0.5), p(0.5, 0.5)));
                off
            }
        },
        Item::TurnAngle => {
            let angle = settings.turn_angle_deg.to_radians();
            let (sin, cos) = ops::sin_cos(angle);
            vec![
                Stroke::Line(p(-0.45, -0.35), p(0.5, -0.35)),
                Stroke::Line(p(-0.45, -0.35), p(-0.45, -0.35) + p(cos, sin) * 0.95),
                Stroke::Arc(p(-0.45, -0.35), 0.5, 0.0, angle),
            ]
        }
        Item::Movement => match settings.movement {
            Movement::Teleport => [
                vec![
                    Stroke::Arc(p(0.0, -0.35), 0.45, 0.35, PI - 0.7),
                    Stroke::Dot(p(-0.42, -0.2), 0.1),
                ],
                lines(&[(0.2, -0.4), (0.45, -0.4)]),
                vec![Stroke::Arc(p(0.42, -0.2), 0.12, 0.0, TAU)],
            ]
            .concat(),
            Movement::Smooth => [
                lines(&[(-0.5, 0.0), (0.45, 0.0)]),
                lines(&[(0.2, 0.25), (0.47, 0.0), (0.2, -0.25)]),
            ]
            .concat(),
        },
        Item::Vignette => {
            let inner = 0.5 - 0.3 * settings.vignette.clamp(0.0, 1.0);
            vec![
                Stroke::Arc(Vec2::ZERO, 0.58, 0.0, TAU),
                Stroke::Arc(Vec2::ZERO, inner, 0.0, TAU),
            ]
        }
        Item::Posture => match settings.posture {
            Posture::Standing => {
                [person(0.0, 0.2, 0.9), lines(&[(0.0, 0.1), (0.0, -0.55)])].concat()
            }
            Posture::Seated => [
                person(-0.1, 0.2, 0.8),
                lines(&[(-0.1, 0.0), (-0.1, -0.2), (0.3, -0.2), (0.3, -0.55)]),
            ]
            .concat(),
            Posture::Raised => [
                person(-0.2, 0.1, 0.8),
                lines(&[(0.4, -0.5), (0.4, 0.4)]),
                lines(&[(0.22, 0.2), (0.4, 0.42), (0.58, 0.2)]),
            ]
            .concat(),
        },
        Item::Height => [
            lines(&[(-0.35, 0.5), (-0.35, -0.5)]),
            lines(&[(-0.35, 0.5), (-0.1, 0.5)]),
            lines(&[(-0.35, 0.16), (-0.2, 0.16)]),
            lines(&[(-0.35, -0.16), (-0.2, -0.16)]),
            lines(&[(-0.35, -0.5), (-0.1, -0.5)]),
            vec![Stroke::Dot(p(0.3, 0.4), 0.12)],
        ]
        .concat(),
        Item::DominantHand => {
            let side = if settings.dominant_hand == Hand::Right {
                1.0
            } else {
                -1.0
            };
            vec![
                Stroke::Arc(p(-0.3, 0.0), 0.24, 0.0, TAU),
                Stroke::Arc(p(0.3, 0.0), 0.24, 0.0, TAU),
                Stroke::Dot(p(0.3 * side, 0.0), 0.17),
            ]
        }
        Item::Dwell => {
            let over = match settings.dwell {
                DwellUse::Never => 0.01,
                DwellUse::WithoutHands => PI,
                DwellUse::Always => TAU,
            };
            vec![
                Stroke::Arc(p(0.0, -0.25), 0.55, 0.5, PI - 1.0),
                Stroke::Arc(p(0.0, 0.25), 0.55, PI + 0.5, PI - 1.0),
                Stroke::Arc(Vec2::ZERO, 0.16, PI * 0.5, over),
            ]
        }
        Item::DwellTime => {
            let over = (settings.dwell_secs / 3.2).clamp(0.1, 1.0) * TAU;
            let (sin, cos) = ops::sin_cos(PI * 0.5 - over);
            vec![
                Stroke::Arc(p(0.0, -0.06), 0.42, 0.0, TAU),
                Stroke::Line(p(0.0, -0.06), p(0.0, 0.22)),
                Stroke::Line(p(0.0, -0.06), p(cos, sin) * 0.24 + p(0.0, -0.06)),
                Stroke::Line(p(-0.12, 0.56), p(0.12, 0.56)),
            ]
        }
        Item::Volume => {
            let mut speaker = lines(&[
                (-0.52, -0.14),
                (-0.52, 0.14),
                (-0.32, 0.14),
                (-0.08, 0.38),
                (-0.08, -0.38),
                (-0.32, -0.14),
                (-0.52, -0.14),
            ]);
            let waves = (settings.volume * 3.0).ceil() as u32;
            speaker.extend(
                (0..waves)
                    .map(|wave| Stroke::Arc(p(-0.06, 0.0), 0.2 + 0.19 * wave as f32, -0.75, 1.5)),
            );
            if waves == 0 {
                speaker.extend(lines(&[(0.14, -0.16), (0.46, 0.16)]));
                speaker.extend(lines(&[(0.14, 0.16), (0.46, -0.16)]));
            }
            speaker
        }
        Item::Captions => {
            let scale = 0.5 + 0.25 * settings.caption_scale;
            vec![
                Stroke::Line(p(-0.45, -0.4) * scale, p(0.0, 0.5) * scale),
                Stroke::Line(p(0.0, 0.5) * scale, p(0.45, -0.4) * scale),
                Stroke::Line(p(-0.25, -0.05) * scale, p(0.25, -0.05) * scale),
            ]
        }
        Item::CaptionGround => {
            // Two lines of writing: by themselves, in a frame, or left out of a full plate.
            let writing = [
                Stroke::Line(p(-0.34, 0.13), p(0.34, 0.13)),
                Stroke::Line(p(-0.2, -0.13), p(0.2, -0.13)),
            ];
            let frame = lines(&[
                (-0.56, -0.38),
                (-0.56, 0.38),
                (0.56, 0.38),
                (0.56, -0.38),
                (-0.56, -0.38),
            ]);
            match settings.caption_ground {
                CaptionGround::Outline => writing.to_vec(),
                CaptionGround::Plate => [writing.to_vec(), frame].concat(),
                CaptionGround::Solid => {
                    let band = |x: f32, y: f32| Stroke::Line(p(-x, y), p(x, y));
                    let sides = |x: f32, y: f32| {
                        [-1.0, 1.0].map(|side| Stroke::Line(p(side * x, y), p(side * 0.56, y)))
                    };
                    let bands = [0.38, 0.29, 0.0, -0.29, -0.38].map(|y| band(0.56, y));
                    [
                        frame,
                        bands.to_vec(),
                        sides(0.4, 0.2).to_vec(),
                        sides(0.4, 0.1).to_vec(),
                        sides(0.26, -0.1).to_vec(),
                        sides(0.26, -0.2).to_vec(),
                    ]
                    .concat()
                }
            }
        }
        _ => Vec::new(),
    }
}
