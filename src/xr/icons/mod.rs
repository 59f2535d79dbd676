//! The menu's pictures, drawn from strokes: large, without words, ours.
//!
//! What each entry looks like stands here, what a choice looks like in [`comfort`]; [`pen`]
//! draws.

mod comfort;
mod pen;

use crate::visit::{comfort::ComfortSettings, menu::Item};
use bevy::math::Vec2;
use core::f32::consts::{PI, TAU};
use pen::{INK, RED, Stroke, lines, p};

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

/// A tile of `side` pixels: RGBA, sRGB, rows from the top.
pub(super) fn tile(item: Item, shown: &Shown, side: u32) -> Vec<u8> {
    let pen = if item == Item::Record { RED } else { INK };
    pen::paint(&strokes(item, shown), pen, side)
}

fn strokes(item: Item, shown: &Shown) -> Vec<Stroke> {
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
            if shown.is_lamp_on {
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
        _ => comfort::strokes(item, &shown.settings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::{
        comfort::{CaptionGround, DwellUse, Hand, Movement, Posture, Turning},
        menu::{Offer, Page, RecorderState},
    };

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
