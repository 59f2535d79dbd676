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
            is_recording: offered.is_recording(),
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
            // As wide as its tile from the first measure on: a line that only just fits is else
            // laid out differently from how it was measured, and cut.
            Node {
                width: percent(100),
                ..default()
            },
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

/// What a name has of its tile, pixels of its board: within the edge.
const ROOM_PX: Vec2 = Vec2::new(365.0, 160.0);
/// Letters are never smaller, pixels of the board: what is still too long is cut.
const LEAST_PX: f32 = 26.0;

/// The largest letters in which a name stays on its tile, in as many lines as it needs.
fn fitting_px(name: &str) -> f32 {
    let sizes = (0..=23).map(|step| LETTERS_PX - 2.0 * step as f32);
    sizes
        .filter(|px| *px >= LEAST_PX)
        .find(|px| fits(name, *px))
        .unwrap_or(LEAST_PX)
}

/// Whether a name fits in letters of this size, broken between words.
fn fits(name: &str, px: f32) -> bool {
    // As Noto Sans has them; an ideograph is a word of its own. The space at a line's end counts.
    let is_ideograph = |letter: char| letter as u32 >= 0x1100;
    let width_px = |letter: char| {
        px * match letter {
            _ if is_ideograph(letter) => 1.0,
            'm' | 'w' | 'M' | 'W' => 0.95,
            'i' | 'l' | 'j' | 'f' | 't' | 'r' => 0.36,
            ' ' => 0.26,
            _ => 0.6,
        }
    };
    let mut lines = 1.0;
    let mut line_px = 0.0;
    let words = name.split_inclusive(|letter: char| letter == ' ' || is_ideograph(letter));
    for word in words {
        let word_px: f32 = word.chars().map(width_px).sum();
        if word_px > ROOM_PX.x {
            return false;
        }
        if line_px + word_px > ROOM_PX.x {
            lines += 1.0;
            line_px = 0.0;
        }
        line_px += word_px;
    }
    lines * 1.25 * px <= ROOM_PX.y
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

#[cfg(test)]
mod name_tests {
    use super::*;

    #[test]
    fn names_are_as_large_as_their_tile_allows() {
        for (name, least_px) in [
            ("English", LETTERS_PX),
            ("\u{7b80}\u{4f53}\u{4e2d}\u{6587}", LETTERS_PX),
            ("A walk with the lamp", 54.0),
            ("Light and music", 54.0),
            // Its first word once fell off the tile: at 64 pixels, with its space, it is too wide.
            ("Promenade \u{e0} la lampe", 54.0),
            (
                "\u{706f}\u{5149}\u{4e0e}\u{97f3}\u{4e50}\u{4e4b}\u{591c}",
                60.0,
            ),
            ("Une promenade \u{e0} la lampe dans la grotte peinte", 38.0),
        ] {
            let px = fitting_px(name);
            assert!(px >= least_px, "{name} is readable: {px} pixels");
            assert!(fits(name, px), "and on its tile");
        }
        let promenade_px = fitting_px("Promenade \u{e0} la lampe");
        assert!(promenade_px < 63.0, "{promenade_px}");
        let endless = "x".repeat(200);
        assert!(
            (fitting_px(&endless) - LEAST_PX).abs() < 0.1,
            "never smaller"
        );
    }
}
