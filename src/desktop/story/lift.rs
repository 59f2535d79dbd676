//! Captions stand above the guide's corner where the two would meet.

use super::guide::Corner;
use crate::render::captions::CaptionPanel;
use bevy::{prelude::*, ui::UiSystems};

/// Between the corner and the captions, pixels.
const GAP_PX: f32 = 8.0;
/// Captions are lifted no higher than this, of the window's height: many detours may be offered.
const HIGHEST_SHARE: f32 = 0.4;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, lift.before(UiSystems::Layout));
}

fn lift(
    windows: Query<&Window>,
    corners: Query<(&ComputedNode, &UiGlobalTransform), With<Corner>>,
    mut captions: Query<(&CaptionPanel, &mut Node)>,
) {
    let Some(window) = windows.iter().next() else {
        return;
    };
    let corner = corners.iter().next().map(|(node, at)| {
        let scale = node.inverse_scale_factor();
        Rect::from_center_size(at.translation * scale, node.size() * scale)
    });
    let window = Vec2::new(window.width(), window.height());
    for (panel, mut node) in &mut captions {
        let bottom = px(bottom_px(panel, corner, window).round());
        if node.bottom != bottom {
            node.bottom = bottom;
        }
    }
}

/// From the window's lower edge to the captions. By the widest that they can be, so that they
/// do not jump from one to the next.
fn bottom_px(panel: &CaptionPanel, corner: Option<Rect>, window: Vec2) -> f32 {
    let usual_px = panel.bottom_px();
    let right_px = window.x / 2.0 + panel.widest_px().min(window.x * 0.8) / 2.0;
    match corner.filter(|corner| !corner.is_empty() && corner.min.x < right_px + GAP_PX) {
        Some(corner) => usual_px
            .max((window.y - corner.min.y + GAP_PX).min((window.y * HIGHEST_SHARE).max(usual_px))),
        None => usual_px,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_stand_above_a_corner_that_reaches_under_them() {
        let window = Vec2::new(1280.0, 720.0);
        let panel = CaptionPanel::new(1.0);
        let usual_px = bottom_px(&panel, None, window);
        let corner = |left, top| Some(Rect::new(left, top, 1252.0, 700.0));
        assert_eq!(
            bottom_px(&panel, corner(577.0, 579.0), window),
            149.0,
            "as large letters make it"
        );
        assert_eq!(
            bottom_px(&panel, corner(1200.0, 579.0), window),
            usual_px,
            "beside them it is in nobody's way"
        );
        assert_eq!(
            bottom_px(&panel, corner(577.0, 690.0), window),
            usual_px,
            "low enough"
        );
        assert_eq!(
            bottom_px(&panel, corner(577.0, 100.0), window),
            288.0,
            "never over the middle of the picture"
        );
    }
}
