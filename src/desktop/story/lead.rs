//! An arrow at the edge of the picture towards what a tour points out and is out of view.

use crate::{
    exhibit::{
        telling::Telling,
        visitor::{Visitor, VisitorEye},
    },
    render::{
        lead::nearest,
        page::GOLD,
        signs::{Sign, Signs},
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn).add_systems(
        Update,
        point.after(crate::exhibit::visitor::VisitorSystems::Move),
    );
}

/// Side of the arrow, pixels.
const SIDE_PX: f32 = 60.0;
/// How far from the middle of the picture it stands, of half its height and width.
const OUT: Vec2 = Vec2::new(0.8, 0.68);
/// Time in which it comes or goes, seconds.
const FADE_SECS: f32 = 0.5;

#[derive(Component, Default)]
struct Arrow {
    share: f32,
}

fn spawn(mut commands: Commands, mut signs: ResMut<Signs>, mut images: ResMut<Assets<Image>>) {
    commands.spawn((
        Arrow::default(),
        ImageNode::new(signs.get(Sign::Onward, &mut images)).with_color(GOLD.with_alpha(0.0)),
        Node {
            position_type: PositionType::Absolute,
            width: px(SIDE_PX),
            height: px(SIDE_PX),
            ..default()
        },
        UiTransform::default(),
        GlobalZIndex(2),
    ));
}

fn point(
    telling: Option<Res<Telling>>,
    visitor: Res<Visitor>,
    time: Res<Time>,
    eyes: Query<(&Transform, &Camera), With<VisitorEye>>,
    mut arrows: Query<(&mut Arrow, &mut ImageNode, &mut Node, &mut UiTransform)>,
) {
    let Some((eye, camera)) = eyes.iter().next() else {
        return;
    };
    for (mut arrow, mut image, mut node, mut turned) in &mut arrows {
        let was_led = arrow.share > 0.0;
        let wanted = telling
            .iter()
            .filter(|_| visitor.darkness() <= 0.1)
            .find_map(|telling| nearest(eye, &telling.leads_to(), was_led));
        let target: f32 = if wanted.is_some() { 1.0 } else { 0.0 };
        let step = time.delta_secs() / FADE_SECS;
        let share = arrow.share + (target - arrow.share).clamp(-step, step);
        if share != arrow.share {
            arrow.share = share;
            image.color = GOLD.with_alpha(share * 0.9);
        }
        let (Some(lead), Some(size)) = (wanted, camera.logical_viewport_size()) else {
            continue;
        };
        // The picture's y goes down.
        let toward = lead.toward * Vec2::new(1.0, -1.0);
        let out = (toward / (toward / OUT).abs().max_element().max(1e-3)).clamp(-OUT, OUT);
        let at = size * 0.5 * (Vec2::ONE + out) - SIDE_PX * 0.5;
        node.left = px(at.x);
        node.top = px(at.y);
        turned.rotation = Rot2::radians(bevy::math::ops::atan2(toward.y, toward.x));
    }
}
