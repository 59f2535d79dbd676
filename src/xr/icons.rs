//! The menu's pictures, drawn from strokes: large, without words, ours.

use crate::visit::{
    comfort::{CaptionGround, ComfortSettings, DwellUse, Hand, Movement, Posture, Turning},
    menu::Item,
};
use bevy::math::{Vec2, ops};
use core::f32::consts::{PI, TAU};

/// A pen's line, in a square from -1 to 1, Y up.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stroke {
    Line(Vec2, Vec2),
    /// Middle, radius, from this angle (0 right, counted to the left) over this one.
    Arc(Vec2, f32, f32, f32),
    /// A filled disc.
    Dot(Vec2, f32),
    /// A filled triangle, its corners counted to the left.
    Wedge([Vec2; 3]),
}

/// What tiles show besides themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shown {
    /// What the visitor has chosen.
    pub(super) settings: ComfortSettings,
    /// The lamp is lit.
    pub(super) is_lamp_on: bool,
    /// The tour is held.
    pub(super) is_held: bool,
    /// A guide is recorded.
    pub(super) is_recording: bool,
}

/// Half the pen's width.
const PEN: f32 = 0.055;
/// Corner radius of a tile, and its edge.
const CORNER: f32 = 0.28;
const EDGE: f32 = 0.97;
/// sRGB of the tile's ground and of the pen.
const GROUND: [f32; 3] = [26.0, 21.0, 16.0];
const INK: [f32; 3] = [232.0, 196.0, 128.0];
/// Red as a recording light; nothing else is.
const RED: [f32; 3] = [226.0, 58.0, 46.0];

impl Stroke {
    /// How far a point is from what the pen covers; negative inside.
    fn distance(&self, at: Vec2) -> f32 {
        match *self {
            Self::Line(a, b) => {
                let along =
                    ((at - a).dot(b - a) / (b - a).length_squared().max(1e-9)).clamp(0.0, 1.0);
                at.distance(a.lerp(b, along)) - PEN
            }
            Self::Arc(middle, radius, from, over) => {
                let to = at - middle;
                let angle = (ops::atan2(to.y, to.x) - from).rem_euclid(TAU);
                if angle <= over {
                    return (to.length() - radius).abs() - PEN;
                }
                let end = |angle: f32| {
                    let (sin, cos) = ops::sin_cos(angle);
                    at.distance(middle + Vec2::new(cos, sin) * radius)
                };
                end(from).min(end(from + over)) - PEN
            }
            Self::Dot(middle, radius) => at.distance(middle) - radius,
            // Outside of an edge is outside of all; corners need not be exact at a pen's width.
            Self::Wedge(corners) => (0..3)
                .map(|corner| {
                    let (a, b) = (corners[corner], corners[(corner + 1) % 3]);
                    let out = (b - a).perp().normalize_or_zero() * -1.0;
                    (at - a).dot(out)
                })
                .fold(f32::MIN, f32::max),
        }
    }
}

fn p(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

fn lines(points: &[(f32, f32)]) -> Vec<Stroke> {
    points
        .windows(2)
        .map(|pair| Stroke::Line(p(pair[0].0, pair[0].1), p(pair[1].0, pair[1].1)))
        .collect()
}

/// An arc with an arrow at its end.
fn turning_arrow(radius: f32, from: f32, over: f32) -> Vec<Stroke> {
    let (sin, cos) = ops::sin_cos(from + over);
    let end = p(cos, sin) * radius;
    let along = p(-sin, cos);
    let out = p(cos, sin);
    vec![
        Stroke::Arc(Vec2::ZERO, radius, from, over),
        Stroke::Line(end, end - along * 0.2 + out * 0.2),
        Stroke::Line(end, end - along * 0.2 - out * 0.2),
    ]
}

/// A small person: head and shoulders at a height.
fn person(x: f32, y: f32, size: f32) -> Vec<Stroke> {
    vec![
        Stroke::Dot(p(x, y + 0.34 * size), 0.17 * size),
        Stroke::Arc(p(x, y - 0.28 * size), 0.34 * size, 0.0, PI),
    ]
}

fn strokes(item: Item, shown: &Shown) -> Vec<Stroke> {
    let (settings, is_lamp_on) = (&shown.settings, shown.is_lamp_on);
    match item {
        Item::Back => lines(&[(0.15, 0.45), (-0.35, 0.0), (0.15, -0.45)]),
        Item::Home => [
            lines(&[(-0.55, 0.0), (0.0, 0.5), (0.55, 0.0)]),
            lines(&[(-0.38, 0.08), (-0.38, -0.48), (0.38, -0.48), (0.38, 0.08)]),
            lines(&[(0.0, -0.48), (0.0, -0.15)]),
        ]
        .concat(),
        Item::Recenter => [
            vec![
                Stroke::Arc(Vec2::ZERO, 0.34, 0.0, TAU),
                Stroke::Dot(Vec2::ZERO, 0.09),
            ],
            [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)]
                .map(|(x, y)| Stroke::Line(p(x, y) * 0.34, p(x, y) * 0.6))
                .to_vec(),
        ]
        .concat(),
        // Names are written, see `super::tiles`.
        Item::Language(_) | Item::BeginTour(_) => Vec::new(),
        Item::Tour => vec![
            Stroke::Dot(p(-0.5, -0.42), 0.08),
            Stroke::Dot(p(-0.24, -0.2), 0.07),
            Stroke::Dot(p(0.04, -0.3), 0.07),
            Stroke::Line(p(0.3, -0.48), p(0.3, 0.52)),
            Stroke::Wedge([p(0.3, 0.1), p(0.3, 0.56), p(-0.22, 0.33)]),
        ],
        Item::Hold if shown.is_held => {
            vec![Stroke::Wedge([p(-0.3, -0.46), p(0.5, 0.0), p(-0.3, 0.46)])]
        }
        Item::Hold => [-0.3, -0.2, 0.2, 0.3]
            .map(|x| Stroke::Line(p(x, -0.38), p(x, 0.38)))
            .to_vec(),
        Item::StepBack => vec![
            Stroke::Line(p(-0.42, -0.36), p(-0.42, 0.36)),
            Stroke::Wedge([p(0.42, 0.42), p(-0.3, 0.0), p(0.42, -0.42)]),
        ],
        Item::StepOn => vec![
            Stroke::Line(p(0.42, -0.36), p(0.42, 0.36)),
            Stroke::Wedge([p(-0.42, -0.42), p(0.3, 0.0), p(-0.42, 0.42)]),
        ],
        Item::EndTour => [
            lines(&[(-0.38, -0.38), (0.38, 0.38)]),
            lines(&[(-0.38, 0.38), (0.38, -0.38)]),
        ]
        .concat(),
        Item::Record if shown.is_recording => vec![
            Stroke::Arc(Vec2::ZERO, 0.56, 0.0, TAU),
            Stroke::Wedge([p(-0.26, -0.26), p(0.26, -0.26), p(0.26, 0.26)]),
            Stroke::Wedge([p(0.26, 0.26), p(-0.26, 0.26), p(-0.26, -0.26)]),
        ],
        Item::Record => vec![
            Stroke::Arc(Vec2::ZERO, 0.56, 0.0, TAU),
            Stroke::Dot(Vec2::ZERO, 0.34),
        ],
        // A staff planted at the beginning of what follows.
        Item::RecordStep => vec![
            Stroke::Line(p(-0.4, -0.5), p(-0.4, 0.5)),
            Stroke::Wedge([p(-0.1, 0.34), p(-0.1, -0.34), p(0.46, 0.0)]),
        ],
        // A pin in a map.
        Item::RecordMark => vec![
            Stroke::Arc(p(0.0, 0.2), 0.32, -0.55, PI + 1.1),
            Stroke::Line(p(0.27, 0.03), p(0.0, -0.52)),
            Stroke::Line(p(-0.27, 0.03), p(0.0, -0.52)),
            Stroke::Dot(p(0.0, 0.2), 0.11),
        ],
        Item::LeafBefore => vec![Stroke::Wedge([p(0.3, 0.42), p(-0.42, 0.0), p(0.3, -0.42)])],
        Item::LeafAfter => vec![Stroke::Wedge([p(-0.3, -0.42), p(0.42, 0.0), p(-0.3, 0.42)])],
        Item::Languages => vec![
            Stroke::Arc(Vec2::ZERO, 0.5, 0.0, TAU),
            Stroke::Line(p(-0.5, 0.0), p(0.5, 0.0)),
            Stroke::Arc(p(0.55, 0.0), 0.74, PI - 0.74, 1.48),
            Stroke::Arc(p(-0.55, 0.0), 0.74, -0.74, 1.48),
        ],
        Item::Comfort => [
            lines(&[(-0.5, 0.3), (0.5, 0.3)]),
            lines(&[(-0.5, 0.0), (0.5, 0.0)]),
            lines(&[(-0.5, -0.3), (0.5, -0.3)]),
            vec![
                Stroke::Dot(p(0.2, 0.3), 0.13),
                Stroke::Dot(p(-0.25, 0.0), 0.13),
                Stroke::Dot(p(0.05, -0.3), 0.13),
            ],
        ]
        .concat(),
        Item::Lamp => {
            let mut lamp = lines(&[
                (-0.5, -0.18),
                (-0.3, -0.45),
                (0.3, -0.45),
                (0.5, -0.18),
                (-0.5, -0.18),
            ]);
            lamp.push(Stroke::Arc(p(0.0, 0.1), 0.16, PI * 0.75, PI * 1.5));
            lamp.extend(lines(&[(-0.11, 0.21), (0.0, 0.45), (0.11, 0.21)]));
            if is_lamp_on {
                lamp.push(Stroke::Dot(p(0.0, 0.1), 0.11));
                for x in [-1.0, 1.0] {
                    lamp.push(Stroke::Line(p(x * 0.36, 0.2), p(x * 0.55, 0.3)));
                }
            }
            lamp
        }
        Item::Learn => vec![
            Stroke::Arc(p(0.0, 0.2), 0.3, -PI / 2.0, PI * 1.5),
            Stroke::Line(p(0.0, -0.1), p(0.0, -0.24)),
            Stroke::Dot(p(0.0, -0.5), 0.085),
        ],
        Item::Leave => [
            lines(&[(0.05, 0.5), (-0.45, 0.5), (-0.45, -0.5), (0.05, -0.5)]),
            lines(&[(-0.15, 0.0), (0.5, 0.0)]),
            lines(&[(0.3, 0.2), (0.5, 0.0), (0.3, -0.2)]),
        ]
        .concat(),
        // The door, and yes.
        Item::ReallyLeave => [
            lines(&[(-0.05, 0.58), (-0.5, 0.58), (-0.5, -0.28), (-0.05, -0.28)]),
            lines(&[(-0.25, 0.15), (0.3, 0.15)]),
            lines(&[(0.12, 0.33), (0.3, 0.15), (0.12, -0.03)]),
            lines(&[(0.02, -0.42), (0.18, -0.58), (0.56, -0.2)]),
        ]
        .concat(),
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
    }
}

/// A tile of `side` pixels: RGBA, sRGB, rows from the top.
pub(super) fn tile(item: Item, shown: &Shown, side: u32) -> Vec<u8> {
    let strokes = strokes(item, shown);
    let pen = if item == Item::Record { RED } else { INK };
    let pixel = 2.0 / side as f32;
    // A pixel's width of softness at each edge.
    let cover = |distance: f32| (0.5 - distance / pixel).clamp(0.0, 1.0);
    let mut texels = Vec::with_capacity((side * side * 4) as usize);
    for row in 0..side {
        for column in 0..side {
            let at = p(
                (column as f32 + 0.5) * pixel - 1.0,
                1.0 - (row as f32 + 0.5) * pixel,
            );
            let inset = (at.abs() - Vec2::splat(EDGE - CORNER)).max(Vec2::ZERO);
            let plate = cover(inset.length() - CORNER);
            let ink = strokes
                .iter()
                .map(|stroke| cover(stroke.distance(at)))
                .fold(0.0, f32::max);
            for (ground, ink_value) in GROUND.into_iter().zip(pen) {
                texels.push((ground + (ink_value - ground) * ink).round() as u8);
            }
            texels.push((plate * 245.0).round() as u8);
        }
    }
    texels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::menu::{Offer, Page, RecorderState};

    fn shown(settings: ComfortSettings) -> Shown {
        Shown {
            settings,
            is_lamp_on: true,
            is_held: false,
            is_recording: false,
        }
    }

    #[test]
    fn every_tile_shows_something_of_its_own() {
        let plain = shown(ComfortSettings::default());
        let many = Offer {
            languages: 20,
            tours: 20,
            is_touring: false,
            recorder: Some(RecorderState::Rolling),
        };
        let touring = Offer {
            is_touring: true,
            ..many
        };
        let mut seen: Vec<(Item, Vec<u8>)> = Vec::new();
        for (page, offer) in [
            (Page::Main, many),
            (Page::Languages(0), many),
            (Page::Tour(0), touring),
            (Page::Comfort, many),
            (Page::Leaving, many),
        ] {
            for item in page.items(offer) {
                if item.is_named() || seen.iter().any(|(own, _)| *own == item) {
                    continue;
                }
                let picture = tile(item, &plain, 48);
                let inked = picture
                    .chunks_exact(4)
                    .filter(|texel| texel[0] > 120)
                    .count();
                assert!(
                    (40..1400).contains(&inked),
                    "{item:?} has a picture, with {inked} texels of ink"
                );
                if let Some((twin, _)) = seen.iter().find(|(_, own)| *own == picture) {
                    panic!("{item:?} cannot be told from {twin:?}");
                }
                seen.push((item, picture));
            }
        }
    }

    #[test]
    fn a_setting_is_seen_on_its_tile() {
        let standing = ComfortSettings::default();
        let seated = ComfortSettings {
            posture: Posture::Seated,
            turning: Turning::Off,
            turn_angle_deg: 90.0,
            vignette: 0.0,
            movement: Movement::Smooth,
            dwell: DwellUse::Always,
            dwell_secs: 2.0,
            dominant_hand: Hand::Left,
            volume: 0.0,
            caption_scale: 2.0,
            caption_ground: CaptionGround::Solid,
            ..standing
        };
        for item in [
            Item::Posture,
            Item::Turning,
            Item::TurnAngle,
            Item::Vignette,
            Item::Movement,
            Item::Dwell,
            Item::DwellTime,
            Item::DominantHand,
            Item::Captions,
            Item::CaptionGround,
            Item::Volume,
        ] {
            assert_ne!(
                tile(item, &shown(standing), 32),
                tile(item, &shown(seated), 32),
                "{item:?} shows what is chosen"
            );
        }
        let held = Shown {
            is_held: true,
            ..shown(standing)
        };
        assert_ne!(
            tile(Item::Hold, &shown(standing), 32),
            tile(Item::Hold, &held, 32),
            "a tour that is held shows how to go on"
        );
    }
}
