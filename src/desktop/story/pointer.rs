//! The free pointer of a mouse, and a finger's tap: what they point at, and selecting it.

use super::markers::Marker;
use crate::{
    exhibit::{
        intent::Wish,
        telling::{Pointed, Telling},
        visitor::{Rock, VisitorEye, VisitorSystems, Wished},
    },
    tour::HotspotIndex,
};
use bevy::{
    input::{
        mouse::{AccumulatedMouseScroll, MouseScrollUnit},
        touch::Touches,
    },
    prelude::*,
    window::{CursorIcon, CursorOptions, PrimaryWindow, SystemCursorIcon},
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Over>().add_systems(
        Update,
        (point, select, tap, scroll)
            .chain()
            .in_set(PointerSystems)
            .in_set(VisitorSystems::Wish),
    );
}

/// Before the controls take a click for themselves.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PointerSystems;

/// What a free pointer is over.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Over {
    /// Only the cave: a click takes the pointer and looks around.
    #[default]
    Nothing,
    /// A hotspot, or its marker.
    Spot(HotspotIndex),
    /// A panel or a button.
    Interface,
}

/// Part of the interface: a click on it is not for the cave.
#[derive(Component, Debug, Clone, Copy, Default)]
#[require(Interaction)]
pub(super) struct Blocks;

/// A marker counts as meant within this of its dot, pixels.
const DOT_PX: f32 = 20.0;
/// A pointer may miss what it means by this, radians: half a degree.
const HELP_RAD: f32 = 0.009;
/// A finger may, by this: it covers what it taps.
const FINGER_RAD: f32 = 0.03;
/// A tap moves no farther than this, pixels.
const TAP_PX: f32 = 14.0;
/// A step of a mouse's wheel, lines.
const WHEEL_LINES: f32 = 3.0;
/// Height of a line where a touchpad scrolls by pixels.
const LINE_PX: f32 = 20.0;

/// The hotspot at a place in the window.
fn spot_at(
    at: Vec2,
    help_rad: f32,
    telling: &Telling,
    rock: &Rock,
    (camera, eye): (&Camera, &GlobalTransform),
    markers: &Query<(&Marker, &Visibility)>,
) -> Option<HotspotIndex> {
    let marked = markers
        .iter()
        .filter(|(_, visibility)| **visibility != Visibility::Hidden)
        .map(|(marker, _)| (marker.spot, marker.at_px.distance(at)))
        .filter(|(_, off_px)| *off_px < DOT_PX)
        .min_by(|(_, a), (_, b)| a.total_cmp(b));
    if let Some((spot, _)) = marked {
        return Some(spot);
    }
    let ray = camera.viewport_to_world(eye, at).ok()?;
    telling
        .along(ray.origin, *ray.direction, help_rad, rock.0.as_deref())
        .map(|(spot, _)| spot)
}

fn point(
    mut commands: Commands,
    windows: Query<(Entity, &Window, &CursorOptions), With<PrimaryWindow>>,
    eyes: Query<(&Camera, &GlobalTransform), With<VisitorEye>>,
    blocks: Query<&Interaction, Or<(With<Blocks>, With<super::buttons::Pressable>)>>,
    markers: Query<(&Marker, &Visibility)>,
    rock: Res<Rock>,
    telling: Option<ResMut<Telling>>,
    mut over: ResMut<Over>,
) {
    let (Some(mut telling), Some((window, own, cursor))) = (telling, windows.iter().next()) else {
        return;
    };
    let at = own.cursor_position().filter(|_| cursor.visible);
    let now = match (at, eyes.iter().next()) {
        (Some(_), _) if blocks.iter().any(|own| *own != Interaction::None) => Over::Interface,
        (Some(at), Some(eye)) => {
            spot_at(at, HELP_RAD, &telling, &rock, eye, &markers).map_or(Over::Nothing, Over::Spot)
        }
        _ => Over::Nothing,
    };
    let pointed = match (at, now) {
        (None, _) => Pointed::ByGaze,
        (Some(_), Over::Spot(spot)) => Pointed::At(Some(spot)),
        // A pointer that rests on nothing leaves the word to the gaze.
        (Some(_), Over::Nothing) => Pointed::ByGaze,
        (Some(_), Over::Interface) => Pointed::At(None),
    };
    if telling.pointed != pointed {
        telling.pointed = pointed;
    }
    if *over != now {
        let icon = match now {
            Over::Nothing => SystemCursorIcon::Default,
            Over::Spot(_) | Over::Interface => SystemCursorIcon::Pointer,
        };
        commands.entity(window).insert(CursorIcon::System(icon));
        *over = now;
    }
}

fn select(
    mouse: Option<Res<ButtonInput<MouseButton>>>,
    over: Res<Over>,
    telling: Option<ResMut<Telling>>,
) {
    if let (Over::Spot(spot), Some(mut telling), Some(mouse)) = (*over, telling, mouse)
        && mouse.just_pressed(MouseButton::Left)
    {
        telling.select(spot);
    }
}

/// A finger that goes down and up at one place selects what is there.
fn tap(
    touches: Option<Res<Touches>>,
    eyes: Query<(&Camera, &GlobalTransform), With<VisitorEye>>,
    blocks: Query<&Interaction, Or<(With<Blocks>, With<super::buttons::Pressable>)>>,
    markers: Query<(&Marker, &Visibility)>,
    rock: Res<Rock>,
    telling: Option<ResMut<Telling>>,
) {
    let (Some(touches), Some(mut telling), Some(eye)) = (touches, telling, eyes.iter().next())
    else {
        return;
    };
    for touch in touches.iter_just_released() {
        let moved = touch.position().distance(touch.start_position()) > TAP_PX;
        if moved || blocks.iter().any(|own| *own != Interaction::None) {
            continue;
        }
        if let Some(spot) = spot_at(touch.position(), FINGER_RAD, &telling, &rock, eye, &markers) {
            telling.select(spot);
        }
    }
}

/// The wheel reads on in an open panel.
fn scroll(
    wheel: Option<Res<AccumulatedMouseScroll>>,
    mut lines: Local<f32>,
    mut wishes: MessageWriter<Wished>,
) {
    let Some(wheel) = wheel else { return };
    *lines += match wheel.unit {
        MouseScrollUnit::Line => wheel.delta.y * WHEEL_LINES,
        MouseScrollUnit::Pixel => wheel.delta.y / LINE_PX,
    };
    let whole = lines.trunc().clamp(-100.0, 100.0);
    *lines -= lines.trunc();
    if whole != 0.0 {
        wishes.write(Wished(Wish::Scroll(-whole as i8)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::{open, telling, visitor, visitor::Visitor};
    use bevy::{
        camera::RenderTargetInfo,
        input::{
            InputPlugin,
            touch::{TouchInput, TouchPhase},
        },
    };

    const SCENE: &str = r#"(format: 1, title: "T",
        hotspots: [(id: "spot", title: "Spot", at: Sphere(center: (0, 1.6, -3), radius: 0.3),
            actions: [Panel(title: "Spot", text: "Words.")])],
        start: (position: (0, 0, 0)), body: (mode: Fly))"#;

    /// A finger goes down in a window of 200 x 200 pixels, moves and goes up; whether the spot
    /// straight ahead has opened.
    fn opens(from: Vec2, to: Vec2) -> bool {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("exhibit.ron");
        std::fs::write(&path, SCENE).expect("the scene can be written");
        let (stage, report) = open::open(&path, None);
        assert!(!report.has_errors(), "{}", report.to_text(false));
        let stage = stage.expect("the scene can be shown");
        let story = stage.story.clone().expect("there is something to tell");
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, InputPlugin))
            .insert_resource(Visitor::new(&stage, stage.body.clone()))
            .insert_resource(Telling::new(story, stage.sounds.clone()));
        visitor::plugin(&mut app);
        telling::plugin(&mut app);
        app.add_systems(Update, tap.in_set(VisitorSystems::Wish));
        let mut camera = Camera::default();
        camera.computed.clip_from_view = Mat4::perspective_infinite_reverse_rh(1.0, 1.0, 0.1);
        camera.computed.target_info = Some(RenderTargetInfo {
            physical_size: UVec2::splat(200),
            scale_factor: 1.0,
        });
        let eye = Transform::from_xyz(0.0, 1.6, 0.0);
        let window = app
            .world_mut()
            .spawn((VisitorEye, camera, eye, GlobalTransform::from(eye)))
            .id();
        app.update();
        for (phase, position) in [
            (TouchPhase::Started, from),
            (TouchPhase::Moved, to),
            (TouchPhase::Ended, to),
        ] {
            app.world_mut().write_message(TouchInput {
                phase,
                position,
                window,
                force: None,
                id: 7,
            });
            app.update();
        }
        for _ in 0..3 {
            app.update();
        }
        let telling = app.world().resource::<Telling>();
        telling.marker(HotspotIndex::new(0)).1
    }

    #[test]
    fn a_tap_opens_what_is_under_the_finger() {
        let middle = Vec2::splat(100.0);
        assert!(opens(middle, middle), "the spot is in the middle");
        assert!(
            opens(middle, middle + Vec2::splat(4.0)),
            "fingers are never quite still"
        );
        assert!(
            !opens(middle, middle + Vec2::X * 60.0),
            "a drag looks around"
        );
        assert!(
            !opens(Vec2::splat(20.0), Vec2::splat(20.0)),
            "nothing is there"
        );
    }
}
