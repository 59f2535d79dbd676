//! What the menu looks like: pictured tiles, and names written on boards.

use super::{
    body::Comfort,
    icons::{self, Shown},
    menu::{HandMenu, Offered},
    pointing::{Pointing, PointingSystems, Target},
};
use crate::{
    render::{board::Boards, captions::font, light::VisitorLamp, scan::ScanMaterial},
    visit::menu::{Item, Offer, Page, Tile},
};
use bevy::{
    asset::RenderAssetUsages,
    light::NotShadowCaster,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
    text::LineBreak,
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Drawn>()
        .add_systems(Update, draw_menu.after(PointingSystems::Press));
}

/// Pixels of a pictured tile's side.
const TILE_PX: u32 = 160;
/// How much brighter a tile is that is pointed at.
const MEANT: f32 = 1.9;
/// A name is laid out this much larger than it is on a wrist, and shrunk: letters at arm's
/// length need more texels than a board's usual.
const BOARD_SCALE: f32 = 3.0;
/// Letters of a short name, pixels of its board: capitals of 1.2 cm at 1.1 m, 0.6 degrees.
const LETTERS_PX: f32 = 72.0;
/// The ground and pen of the pictures.
const GROUND: Color = Color::srgba_u8(26, 21, 16, 245);
const INK: Color = Color::srgb_u8(232, 196, 128);

/// What the shown tiles were drawn for.
#[derive(Resource, Debug, Default, PartialEq)]
struct Drawn(Option<Content>);

#[derive(Debug, Clone, PartialEq)]
struct Content {
    page: Page,
    offer: Offer,
    shown: Shown,
    /// What is written on named tiles, and whether it is what holds now.
    names: Vec<(String, bool)>,
}

/// A tile; its quad is drawn in this size, metres.
#[derive(Component)]
struct TileMark {
    tile: Tile,
    drawn_m: Vec2,
}

/// Tiles are drawn anew when the page or what they show changes.
fn draw_menu(
    mut commands: Commands,
    mut drawn: ResMut<Drawn>,
    mut boards: Boards,
    menu: Res<HandMenu>,
    offered: Offered,
    comfort: Res<Comfort>,
    pointing: Res<Pointing>,
    lamps: Query<&VisitorLamp>,
    mut tiles: Query<(
        Entity,
        &TileMark,
        &mut Transform,
        &MeshMaterial3d<ScanMaterial>,
    )>,
) {
    let offer = offered.offer();
    let wanted = menu.menu.open().map(|(page, _)| Content {
        page,
        offer,
        shown: Shown {
            settings: comfort.0.sanitized(),
            is_lamp_on: lamps.iter().next().is_some_and(|lamp| lamp.is_on),
            is_held: offered.is_held(),
        },
        names: match page {
            Page::Languages(_) => offered.languages(),
            Page::Tour(_) => offered
                .tours()
                .into_iter()
                .map(|name| (name, false))
                .collect(),
            Page::Main | Page::Comfort | Page::Leaving => Vec::new(),
        },
    });
    if wanted != drawn.0 {
        for (entity, ..) in &tiles {
            commands.entity(entity).despawn();
        }
        if let Some(content) = &wanted {
            for tile in menu.menu.tiles(offer) {
                spawn_tile(&mut commands, &mut boards, content, &menu, tile);
            }
        }
        drawn.0 = wanted;
        return;
    }
    for (_, mark, mut transform, material) in &mut tiles {
        *transform = place_of(&menu, mark);
        let is_meant = pointing.meant() == Some(Target::Tile(mark.tile.item));
        let bright = if is_meant { MEANT } else { 1.0 };
        let color = LinearRgba::new(bright, bright, bright, 1.0);
        // Looked at first: a change uploads the material.
        if boards
            .materials
            .get(&material.0)
            .is_some_and(|own| own.base_color != color)
            && let Some(mut own) = boards.materials.get_mut(&material.0)
        {
            own.base_color = color;
        }
    }
}

fn spawn_tile(
    commands: &mut Commands,
    boards: &mut Boards,
    content: &Content,
    menu: &HandMenu,
    tile: Tile,
) {
    let name = match tile.item {
        Item::Language(index) | Item::BeginTour(index) => content.names.get(index),
        _ => None,
    };
    if let Some((name, is_chosen)) = name {
        let drawn_m = tile.size_m * BOARD_SCALE;
        let board = boards.spawn(commands, drawn_m);
        write(commands, board.page, name, *is_chosen);
        let mark = TileMark { tile, drawn_m };
        let place = place_of(menu, &mark);
        let quad = (Name::new("menu tile"), mark, place, NotShadowCaster);
        commands.entity(board.quad).insert(quad);
        return;
    }
    let image = boards.images.add(picture(tile.item, &content.shown));
    let material = boards.materials.add(ScanMaterial {
        base_color_texture: Some(image),
        is_unlit: true,
        is_double_sided: true,
        alpha_mode: AlphaMode::Blend,
        ..default()
    });
    let mark = TileMark {
        tile,
        drawn_m: Vec2::ONE,
    };
    let place = place_of(menu, &mark);
    commands.spawn((
        Name::new("menu tile"),
        Mesh3d(boards.meshes.add(Rectangle::from_length(1.0))),
        MeshMaterial3d(material),
        NotShadowCaster,
        mark,
        place,
    ));
}

/// A name in the middle of its tile; what holds now has a golden edge.
fn write(commands: &mut Commands, page: Entity, name: &str, is_chosen: bool) {
    commands.spawn((
        Node {
            width: percent(100),
            height: percent(100),
            padding: UiRect::axes(px(18), px(10)),
            border: UiRect::all(px(5)),
            border_radius: BorderRadius::all(px(26)),
            align_items: AlignItems::Center,
            justify_content: JustifyContent::Center,
            overflow: Overflow::clip(),
            ..default()
        },
        BackgroundColor(GROUND),
        BorderColor::all(if is_chosen { INK } else { GROUND }),
        ChildOf(page),
        children![(
            Text::new(name),
            font(fitting_px(name)),
            TextColor(INK),
            TextLayout {
                justify: Justify::Center,
                linebreak: LineBreak::WordBoundary,
            },
        )],
    ));
}

/// Letters small enough that a long name stays on its tile.
fn fitting_px(name: &str) -> f32 {
    // A letter is about half as wide as high, an ideograph as wide; a tile holds 400 pixels.
    let width = |letter: char| {
        if (letter as u32) < 0x1100 { 0.54 } else { 1.0 }
    };
    let ems: f32 = name.chars().map(width).sum();
    // Beyond 20 ems it goes on in a second line.
    let ems = if ems > 16.0 { ems * 0.55 } else { ems };
    (350.0 / ems.max(1.0)).clamp(26.0, LETTERS_PX)
}

fn place_of(menu: &HandMenu, mark: &TileMark) -> Transform {
    Transform {
        translation: menu.in_world(mark.tile.center_m),
        rotation: menu.place.rotation,
        scale: (mark.tile.size_m / mark.drawn_m * menu.scale).extend(1.0),
    }
}

fn picture(item: Item, shown: &Shown) -> Image {
    Image::new(
        Extent3d {
            width: TILE_PX,
            height: TILE_PX,
            depth_or_array_layers: 1,
        },
        TextureDimension::D2,
        icons::tile(item, shown, TILE_PX),
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    )
}
