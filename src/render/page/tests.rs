//! Pages laid out by Bevy's UI, without a GPU.

use super::*;
use crate::exhibit::stage::StagedPicture;
use bevy::{
    camera::RenderTarget,
    render::render_resource::{Extent3d, TextureFormat},
    ui::UiGlobalTransform,
};

/// What lays out; what else the plugins want (pointers, editors) is not there.
fn layouts() -> App {
    let mut app = App::new();
    app.set_error_handler(bevy::ecs::error::ignore)
        .add_plugins((
            MinimalPlugins,
            TransformPlugin,
            bevy::window::WindowPlugin {
                primary_window: None,
                ..default()
            },
            AssetPlugin::default(),
            ImagePlugin::default(),
            bevy::image::TextureAtlasPlugin,
            bevy::camera::CameraPlugin,
            bevy::text::TextPlugin,
            bevy::ui::UiPlugin,
        ));
    let target = Image::new_target_texture(1280, 720, TextureFormat::Rgba8UnormSrgb, None);
    let target = app.world_mut().resource_mut::<Assets<Image>>().add(target);
    app.world_mut()
        .spawn((Camera2d, RenderTarget::Image(target.into())));
    app
}

/// How far the column that is read on in says it reaches, and how far what is in it reaches.
fn reach_px(panel: Panel, width_px: f32) -> (f32, f32) {
    let mut app = layouts();
    let mut pictures = Pictures::default();
    let mut images = app
        .world_mut()
        .remove_resource::<Assets<Image>>()
        .expect("there are images");
    for picture in &panel.pictures {
        let size = Extent3d {
            width: 1000,
            height: 640,
            depth_or_array_layers: 1,
        };
        let image = Image::new_uninit(
            size,
            bevy::render::render_resource::TextureDimension::D2,
            TextureFormat::Rgba8UnormSrgb,
            bevy::asset::RenderAssetUsages::all(),
        );
        pictures.put(&picture.path, images.add(image), Vec2::new(1000.0, 640.0));
    }
    let style = PageStyle {
        letters_px: 19.0,
        width_px,
        picture_px: 240.0,
        direction: Direction::LeftToRight,
    };
    let world = app.world_mut();
    let card = world
        .spawn(Node {
            position_type: PositionType::Absolute,
            width: px(width_px),
            height: px(600),
            flex_direction: FlexDirection::Column,
            ..default()
        })
        .id();
    let body = world.spawn((read_on(19.0, 0.0), ChildOf(card))).id();
    write_panel(
        &mut world.commands(),
        body,
        &panel,
        &style,
        &mut pictures,
        &mut images,
    );
    world.insert_resource(images);
    world.flush();
    for _ in 0..4 {
        app.update();
    }
    let world = app.world_mut();
    let place = |world: &World, entity| {
        let node = world.get::<ComputedNode>(entity).expect("it is laid out");
        let at = world.get::<UiGlobalTransform>(entity).expect("somewhere");
        (node.size, node.content_size, at.translation)
    };
    let (size, content, at) = place(world, body);
    let top = at.y - size.y * 0.5;
    let mut leaves = world.query_filtered::<Entity, Or<(With<Text>, With<ImageNode>)>>();
    let leaves: Vec<Entity> = leaves.iter(world).collect();
    assert!(leaves.len() > 2, "the page has texts and pictures");
    let lowest = leaves
        .into_iter()
        .map(|leaf| place(world, leaf))
        .map(|(size, _, at)| at.y + size.y * 0.5)
        .fold(f32::MIN, f32::max);
    (content.y, lowest - top)
}

fn picture(name: &str, caption: &str) -> StagedPicture {
    StagedPicture {
        path: name.into(),
        caption: caption.to_owned(),
        ..StagedPicture::default()
    }
}

#[test]
fn a_page_is_no_longer_than_what_is_on_it() {
    let pair = vec![
        picture("a", "The wall as it is today, faded by smoke"),
        picture("b", "As its painter left it, twelve hundred years ago"),
    ];
    let mut two = Panel::default();
    two.text = "Before and after. Look at the left half.".to_owned();
    two.pictures.clone_from(&pair);
    let mut one = Panel::default();
    one.text = "- a list of several words that go on in another line, surely\n- another".to_owned();
    one.pictures = pair[..1].to_vec();
    one.credits = vec!["Pictures: somebody with a rather long name, 2026".to_owned()];
    one.is_picture = true;
    for (what, panel) in [("two pictures", two), ("a picture for itself", one)] {
        let (says, is) = reach_px(panel, 366.0);
        assert!(
            (says - is).abs() < 3.0,
            "{what}: nothing lies below the last line, {is} px down, yet it reaches {says} px"
        );
    }
}
