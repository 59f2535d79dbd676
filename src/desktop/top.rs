//! The top of the picture while a tour is recorded: what else stands there makes room for
//! the recorder's bar.

use bevy::{prelude::*, ui::UiSystems};

/// The least room between the bar and what is below it, pixels.
const GAP_PX: f32 = 10.0;

/// What others make room for.
#[derive(Component)]
pub(super) struct TopBar;

/// Stands at the top, as high as it can.
#[derive(Component, Debug, Clone, Copy)]
pub(super) struct BelowTop {
    /// Where it is where nothing is above it, pixels.
    pub(super) top_px: f32,
    /// Where it is, beyond that, of the window's height.
    pub(super) top_share: f32,
    /// How far down it may reach at most, of the window's height.
    pub(super) lowest_share: Option<f32>,
}

impl BelowTop {
    /// At so many pixels.
    pub(super) const fn px(top_px: f32) -> Self {
        Self {
            top_px,
            top_share: 0.0,
            lowest_share: None,
        }
    }

    /// The top below a bar, and the greatest height, pixels.
    fn place(&self, bar_bottom_px: f32, window_px: f32) -> (f32, Option<f32>) {
        let usual_px = self.top_px + self.top_share * window_px;
        let top_px = usual_px.max(bar_bottom_px + GAP_PX);
        let height_px = self
            .lowest_share
            .map(|share| (share * window_px - top_px).max(0.0));
        (top_px, height_px)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PostUpdate, make_room.before(UiSystems::Layout));
}

fn make_room(
    bars: Query<(&ComputedNode, &UiGlobalTransform), With<TopBar>>,
    windows: Query<&Window>,
    mut others: Query<(&BelowTop, &mut Node)>,
) {
    let (Some((bar, at)), Some(window)) = (bars.iter().next(), windows.iter().next()) else {
        return;
    };
    let bottom_px = (at.translation.y + bar.size().y / 2.0) * bar.inverse_scale_factor();
    for (own, mut node) in &mut others {
        let (top_px, height_px) = own.place(bottom_px.round(), window.height());
        let top = px(top_px);
        if node.top != top {
            node.top = top;
        }
        if let Some(height) = height_px.map(px)
            && node.max_height != height
        {
            node.max_height = height;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_begins_below_the_bar_and_ends_where_it_did() {
        let card = BelowTop {
            top_px: 0.0,
            top_share: 0.09,
            lowest_share: Some(0.83),
        };
        let (top_px, height_px) = card.place(95.0, 720.0);
        assert_eq!(top_px, 105.0, "below the bar");
        let bottom_px = top_px + height_px.expect("it says how far down it reaches");
        assert!((bottom_px - 597.6).abs() < 0.1, "83 % down: {bottom_px}");
        let (top_px, _) = card.place(95.0, 2160.0);
        assert!((top_px - 194.4).abs() < 0.1, "the bar is not in its way");
        assert_eq!(BelowTop::px(28.0).place(0.0, 720.0), (28.0, None), "no bar");
    }
}
