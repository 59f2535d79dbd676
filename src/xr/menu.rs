//! The menu on the wrist, or before the visitor: tiles in the world, pressed as everything is.

use super::{
    body::{Body, Comfort, feet_below},
    hands::Hands,
    icons,
    life::{Ask, Carry, Life},
    pointing::{Pointing, PointingSystems, Pressed, Target},
    travel::Travel,
};
use crate::{
    exhibit::{
        intent::Wish,
        visitor::{Rock, Visitor, Wished},
    },
    render::{light::VisitorLamp, scan::ScanMaterial},
    visit::{
        comfort::Hand,
        menu::{Anchor, Item, Menu, MenuEffect, Page, Tile, WristGlance},
        point::Shape,
        session::{Action, Effect, Input, Phase},
        teleport::Landing,
    },
};
use bevy::{
    asset::RenderAssetUsages,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<HandMenu>().add_systems(
        Update,
        (
            (open_and_close, place_menu, offer_tiles)
                .chain()
                .in_set(PointingSystems::Gather),
            press_tile.in_set(PointingSystems::Press),
            draw_menu.after(PointingSystems::Press),
        ),
    );
}

/// Pixels of a tile's side.
const TILE_PX: u32 = 128;
/// A menu over a hand is this far above it, metres.
const OVER_HAND_M: f32 = 0.13;
/// A menu in front is this far away, and this far below the eyes, metres.
const FRONT_M: f32 = 1.1;
const BELOW_EYES_M: f32 = 0.35;
/// How much brighter a tile is that is pointed at.
const MEANT: f32 = 1.9;

/// See the module's documentation.
#[derive(Resource, Debug, Default)]
pub(super) struct HandMenu {
    pub(super) menu: Menu,
    glances: [WristGlance; 2],
    /// Where it is.
    place: Transform,
    scale: f32,
    drawn: Option<Drawn>,
}

/// What the shown tiles were drawn for.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    page: Page,
    comfort: crate::visit::comfort::ComfortSettings,
    is_lamp_on: bool,
}

#[derive(Component)]
struct TileMark(Tile);

/// One language is no choice: the stage is opened in the visitor's.
const LANGUAGES: usize = 1;

fn open_and_close(
    mut effects: MessageReader<Carry>,
    mut menu: ResMut<HandMenu>,
    hands: Res<Hands>,
    life: Res<Life>,
    body: Res<Body>,
    time: Res<Time<Real>>,
) {
    for Carry(effect) in effects.read() {
        if matches!(effect, Effect::PauseVisit(_) | Effect::ResetVisit) {
            menu.menu.close();
        }
    }
    let Some(head) = body.head_in_world() else {
        return;
    };
    if life.phase() != Phase::Running {
        return;
    }
    let was_open = menu.menu.open().is_some();
    for (side, hand) in super::actions::HANDS.into_iter().enumerate() {
        let has_other = hands.is_seen(hand.other());
        let grip = hands
            .hand(hand)
            .grip
            .map(|grip| body.rig.pose_in_world(&grip));
        // The palm's side of a grip: its -X for the left hand, +X for the right (OpenXR 1.1,
        // §6.3.2, "grip": +X points away from the palm of a right hand's back).
        let inward = if hand == Hand::Left {
            Vec3::X
        } else {
            Vec3::NEG_X
        };
        let glance = grip.is_some_and(|grip| {
            let gaze = head.rotation * Vec3::NEG_Z;
            menu.glances[side].step(
                head.position,
                gaze,
                grip.position,
                grip.rotation * inward,
                time.delta_secs(),
            )
        });
        if hands.has_pressed_menu(hand) || (glance && !was_open) {
            menu.menu.toggle(hand, has_other);
        }
    }
    menu.menu
        .hands_changed(hands.is_seen(Hand::Left), hands.is_seen(Hand::Right));
    if !was_open && menu.menu.open().is_some() {
        let scale = menu.menu.open().map_or(1.0, |(_, anchor)| anchor.scale());
        menu.scale = scale;
        // In front: it stays where it opened.
        let ahead = Quat::from_rotation_y(head.yaw_rad()) * Vec3::NEG_Z;
        let at = head.position + ahead * FRONT_M - Vec3::Y * BELOW_EYES_M;
        menu.place = Transform::from_translation(at).looking_to(at - head.position, Vec3::Y);
    }
}

fn place_menu(mut menu: ResMut<HandMenu>, hands: Res<Hands>, body: Res<Body>) {
    let Some((_, anchor)) = menu.menu.open() else {
        return;
    };
    menu.scale = anchor.scale();
    let (Anchor::Wrist(hand), Some(head)) = (anchor, body.head_in_world()) else {
        return;
    };
    if let Some(grip) = hands.hand(hand).grip {
        let grip = body.rig.pose_in_world(&grip);
        let at = grip.position + Vec3::Y * OVER_HAND_M;
        menu.place = Transform::from_translation(at)
            .looking_to((at - head.position).normalize_or(Vec3::NEG_Z), Vec3::Y);
    }
}

fn offer_tiles(menu: Res<HandMenu>, mut pointing: ResMut<Pointing>) {
    for tile in menu.menu.tiles(LANGUAGES) {
        let middle = (tile.center_m * menu.scale).extend(0.0);
        let half = tile.side_m * menu.scale * 0.5;
        pointing.add(
            Target::Tile(tile.item),
            Shape::Box {
                center: menu.place.transform_point(middle),
                half: Vec3::new(half, half, 0.004),
                rotation: menu.place.rotation,
            },
        );
    }
}

fn press_tile(
    mut pressed: MessageReader<Pressed>,
    mut menu: ResMut<HandMenu>,
    mut comfort: ResMut<Comfort>,
    mut body: ResMut<Body>,
    mut travel: ResMut<Travel>,
    mut course: ResMut<super::lesson::Course>,
    visitor: Option<Res<Visitor>>,
    rock: Res<Rock>,
    mut asks: MessageWriter<Ask>,
    mut wishes: MessageWriter<Wished>,
) {
    for Pressed(target) in pressed.read() {
        let Target::Tile(item) = target else { continue };
        let Some(effect) = menu.menu.press(*item, &comfort.0, LANGUAGES) else {
            continue;
        };
        match effect {
            MenuEffect::GoHome => {
                if let Some(visitor) = &visitor {
                    travel.go_to(Landing {
                        feet_in_world: feet_below(visitor.home.eye_in_world, visitor, &rock),
                        yaw_rad: visitor.home.yaw_rad,
                    });
                }
            }
            MenuEffect::Recenter => drop(asks.write(Ask(Input::Action(Action::Recenter)))),
            MenuEffect::CalibrateHeight => body.calibrate(&comfort.0),
            MenuEffect::Apply(settings) => {
                comfort.0 = settings.sanitized();
                body.settle_height(&comfort.0);
            }
            MenuEffect::ToggleLamp => drop(wishes.write(Wished(Wish::ToggleLamp))),
            MenuEffect::Learn => course.begin(),
            MenuEffect::Leave => drop(asks.write(Ask(Input::Action(Action::Leave)))),
            // No tile offers it, see `LANGUAGES`.
            MenuEffect::Speak(_) => {}
        }
    }
}

/// Tiles are drawn anew when the page or what they show changes.
fn draw_menu(
    mut commands: Commands,
    mut menu: ResMut<HandMenu>,
    comfort: Res<Comfort>,
    pointing: Res<Pointing>,
    lamps: Query<&VisitorLamp>,
    mut images: ResMut<Assets<Image>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    mut tiles: Query<(
        Entity,
        &TileMark,
        &mut Transform,
        &MeshMaterial3d<ScanMaterial>,
    )>,
) {
    let is_lamp_on = lamps.iter().next().is_some_and(|lamp| lamp.is_on);
    let wanted = menu.menu.open().map(|(page, _)| Drawn {
        page,
        comfort: comfort.0,
        is_lamp_on,
    });
    if wanted != menu.drawn {
        for (entity, ..) in &tiles {
            commands.entity(entity).despawn();
        }
        menu.drawn.clone_from(&wanted);
        for tile in menu.menu.tiles(LANGUAGES) {
            let image = images.add(picture(tile.item, &comfort, is_lamp_on));
            let material = materials.add(ScanMaterial {
                base_color_texture: Some(image),
                is_unlit: true,
                is_double_sided: true,
                alpha_mode: AlphaMode::Blend,
                ..default()
            });
            commands.spawn((
                Name::new("menu tile"),
                TileMark(tile),
                Mesh3d(meshes.add(Rectangle::from_length(1.0))),
                MeshMaterial3d(material),
                place_of(&menu, &tile),
            ));
        }
        return;
    }
    for (_, TileMark(tile), mut transform, material) in &mut tiles {
        *transform = place_of(&menu, tile);
        let is_meant = pointing.meant() == Some(Target::Tile(tile.item));
        let bright = if is_meant { MEANT } else { 1.0 };
        let color = LinearRgba::new(bright, bright, bright, 1.0);
        if materials
            .get(&material.0)
            .is_some_and(|own| own.base_color != color)
            && let Some(mut own) = materials.get_mut(&material.0)
        {
            own.base_color = color;
        }
    }
}

fn place_of(menu: &HandMenu, tile: &Tile) -> Transform {
    Transform {
        translation: menu
            .place
            .transform_point((tile.center_m * menu.scale).extend(0.0)),
        rotation: menu.place.rotation,
        scale: Vec3::splat(tile.side_m * menu.scale),
    }
}

fn picture(item: Item, comfort: &Comfort, is_lamp_on: bool) -> Image {
    Image::new(
        Extent3d {
            width: TILE_PX,
            height: TILE_PX,
            depth_or_array_layers: 1,
        },
        TextureDimension::D2,
        icons::tile(item, &comfort.0, is_lamp_on, TILE_PX),
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    )
}
