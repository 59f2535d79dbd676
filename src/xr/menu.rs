//! The menu on the wrist, or before the visitor: tiles in the world, pressed as everything is.
//! [`super::tiles`] draws them.

use super::{
    body::{Body, Comfort, feet_below},
    caption_place::share_before_rock,
    hands::Hands,
    life::{Ask, Carry, Life},
    pointing::{Pointing, PointingSystems, Pressed, Target},
    travel::Travel,
};
use crate::angle::wrapped;
use crate::{
    exhibit::{
        intent::Wish,
        language::ChooseLanguage,
        recording::{RecordAsk, Recorder},
        telling::Telling,
        visitor::{Rock, Visitor, Wished},
    },
    render::loading::CurrentStage,
    tour::{self, StoryInput, TourIndex},
    visit::{
        comfort::Hand,
        menu::{Anchor, Menu, MenuEffect, Offer, RecordWish, RecorderState, TourWish, WristGlance},
        point::Shape,
        rig::{Rig, TrackedPose},
        session::{Action, Effect, Input, Phase},
        teleport::Landing,
    },
};
use bevy::{ecs::system::SystemParam, prelude::*};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<HandMenu>()
        .add_message::<RecordAsk>()
        .add_systems(
            Update,
            (
                (open_and_close, place_menu, offer_tiles)
                    .chain()
                    .in_set(PointingSystems::Gather),
                press_tile.in_set(PointingSystems::Press),
            ),
        );
}

/// A menu over a hand is this far above it, metres.
const OVER_HAND_M: f32 = 0.13;
/// A menu in front is this far away, and this far below the eyes, metres.
const FRONT_M: f32 = 1.1;
const BELOW_EYES_M: f32 = 0.35;
/// One that is farther from the head was left behind by a jump, metres.
const LEFT_BEHIND_M: f32 = 2.2;
/// A jump of this length may lead past a menu, metres: half the way to it.
const LED_AWAY_M: f32 = 0.55;
/// So much that the visitor was turned, radians: 46 degrees, and it is out of view.
const LEFT_BESIDE_RAD: f32 = 0.8;

/// See the module's documentation.
#[derive(Resource, Debug, Default)]
pub(super) struct HandMenu {
    pub(super) menu: Menu,
    glances: [WristGlance; 2],
    /// Where it is.
    pub(super) place: Transform,
    /// How much larger than on a wrist.
    pub(super) scale: f32,
    /// Where the tracked space was when it was placed.
    rig: Rig,
    /// How much nearer and smaller it stands than it might, before rock.
    share: f32,
}

impl HandMenu {
    /// A point of the menu's plane in the exhibit.
    pub(super) fn in_world(&self, at_m: Vec2) -> Vec3 {
        self.place.transform_point((at_m * self.scale).extend(0.0))
    }

    /// Puts it in front of a head, before rock that is near.
    fn stand_before(&mut self, head: &TrackedPose, rig: Rig, offer: Offer, rock: &Rock) {
        self.scale = self.menu.open().map_or(1.0, |(_, anchor)| anchor.scale());
        self.place = before(head);
        self.rig = rig;
        let corners = self.corners(offer);
        self.share = share_before_rock(head.position, corners, rock.0.as_deref());
        self.scale *= self.share;
        self.place.translation = head.position.lerp(self.place.translation, self.share);
    }

    /// The corners of its tiles in the exhibit; none while it is closed.
    pub(super) fn corners(&self, offer: Offer) -> Vec<Vec3> {
        let tiles = self.menu.tiles(offer).into_iter();
        tiles
            .flat_map(|tile| {
                let half_m = tile.size_m * 0.5;
                [-1.0, 1.0]
                    .map(|x| tile.center_m + half_m * Vec2::new(x, x))
                    .into_iter()
                    .chain([-1.0, 1.0].map(|x| tile.center_m + half_m * Vec2::new(x, -x)))
            })
            .map(|at_m| self.in_world(at_m))
            .collect()
    }
}

/// What the exhibit has to choose from.
#[derive(SystemParam)]
pub(super) struct Offered<'w> {
    stage: Option<Res<'w, CurrentStage>>,
    telling: Option<Res<'w, Telling>>,
    recorder: Option<Res<'w, Recorder>>,
}

impl Offered<'_> {
    pub(super) fn offer(&self) -> Offer {
        offer(
            self.stage.as_deref(),
            self.telling.as_deref(),
            self.recorder.as_deref(),
        )
    }

    /// A guide is recorded.
    pub(super) fn is_recording(&self) -> bool {
        self.recorder.as_deref().is_some_and(Recorder::is_rolling)
    }

    /// The languages by their own names, and whether each is spoken.
    pub(super) fn languages(&self) -> Vec<(String, bool)> {
        let choices = self
            .stage
            .as_ref()
            .map(|stage| stage.0.languages.choices())
            .unwrap_or_default();
        choices
            .into_iter()
            .map(|choice| (choice.name, choice.is_spoken))
            .collect()
    }

    /// The tours' titles.
    pub(super) fn tours(&self) -> Vec<String> {
        let telling = self.telling.as_deref();
        telling.map(Telling::tour_titles).unwrap_or_default()
    }

    /// The tour is held.
    pub(super) fn is_held(&self) -> bool {
        self.telling.as_deref().is_some_and(Telling::is_held)
    }
}

fn offer(
    stage: Option<&CurrentStage>,
    telling: Option<&Telling>,
    recorder: Option<&Recorder>,
) -> Offer {
    Offer {
        languages: stage.map_or(0, |stage| stage.0.languages.offered.len()),
        tours: telling.map_or(0, |telling| telling.staged().script.tours.len()),
        is_touring: telling.is_some_and(Telling::is_touring),
        recorder: recorder.map(|recorder| {
            if recorder.is_rolling() {
                RecorderState::Rolling
            } else {
                RecorderState::Ready
            }
        }),
    }
}

fn open_and_close(
    mut effects: MessageReader<Carry>,
    mut menu: ResMut<HandMenu>,
    hands: Res<Hands>,
    life: Res<Life>,
    body: Res<Body>,
    time: Res<Time<Real>>,
    rock: Res<Rock>,
    offered: Offered,
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
        // In front: it stays where it opened.
        menu.stand_before(&head, body.rig, offered.offer(), &rock);
    }
}

/// Whether the visitor was led away from a menu that was placed in the tracked space `placed`,
/// which is `now`: so far, or turned around so much, that it is out of reach or out of view. Who
/// walks by themselves leaves it where it is, and sees where.
fn is_left_behind(menu: Vec3, head: Vec3, placed: Rig, now: Rig) -> bool {
    let in_rig = now.rotation().inverse() * (head - now.origin_in_world);
    let led_m = placed.world_from_rig(in_rig).distance(head);
    let turned_rad = wrapped(now.yaw_rad - placed.yaw_rad);
    led_m > LED_AWAY_M || menu.distance(head) > LEFT_BEHIND_M || turned_rad.abs() > LEFT_BESIDE_RAD
}

/// In front of a head, a little below.
fn before(head: &TrackedPose) -> Transform {
    let ahead = Quat::from_rotation_y(head.yaw_rad()) * Vec3::NEG_Z;
    let at = head.position + ahead * FRONT_M - Vec3::Y * BELOW_EYES_M;
    Transform::from_translation(at).looking_to(at - head.position, Vec3::Y)
}

fn place_menu(
    mut menu: ResMut<HandMenu>,
    hands: Res<Hands>,
    body: Res<Body>,
    rock: Res<Rock>,
    offered: Offered,
) {
    let Some((_, anchor)) = menu.menu.open() else {
        return;
    };
    let Some(head) = body.head_in_world() else {
        return;
    };
    let Anchor::Wrist(hand) = anchor else {
        // A tour that leads on takes the menu along.
        let at = menu.place.translation;
        if is_left_behind(at, head.position, menu.rig, body.rig) {
            menu.stand_before(&head, body.rig, offered.offer(), &rock);
        } else {
            menu.scale = anchor.scale() * menu.share;
        }
        return;
    };
    (menu.scale, menu.share) = (anchor.scale(), 1.0);
    if let Some(grip) = hands.hand(hand).grip {
        let grip = body.rig.pose_in_world(&grip);
        let at = grip.position + Vec3::Y * OVER_HAND_M;
        menu.place = Transform::from_translation(at)
            .looking_to((at - head.position).normalize_or(Vec3::NEG_Z), Vec3::Y);
    }
}

fn offer_tiles(menu: Res<HandMenu>, offered: Offered, mut pointing: ResMut<Pointing>) {
    for tile in menu.menu.tiles(offered.offer()) {
        let half = tile.size_m * menu.scale * 0.5;
        pointing.add(
            Target::Tile(tile.item),
            Shape::Box {
                center: menu.in_world(tile.center_m),
                half: half.extend(0.004),
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
    current: Option<Res<CurrentStage>>,
    mut telling: Option<ResMut<Telling>>,
    recorder: Option<Res<Recorder>>,
    mut asks: MessageWriter<Ask>,
    mut wishes: MessageWriter<Wished>,
    mut chosen: MessageWriter<ChooseLanguage>,
    mut record: MessageWriter<RecordAsk>,
) {
    for Pressed(target) in pressed.read() {
        let Target::Tile(item) = target else { continue };
        let offer = offer(current.as_deref(), telling.as_deref(), recorder.as_deref());
        let Some(effect) = menu.menu.press(*item, &comfort.0, offer) else {
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
            MenuEffect::Speak(index) => {
                let offered = current.as_ref().map(|stage| &stage.0.languages.offered);
                if let Some(language) = offered.and_then(|offered| offered.get(index)) {
                    chosen.write(ChooseLanguage(language.clone()));
                }
            }
            MenuEffect::BeginTour(index) => {
                if let Some(telling) = &mut telling {
                    let tour = TourIndex::new(index);
                    telling.tell(StoryInput::Tour(tour::Input::Start(tour)));
                }
            }
            MenuEffect::Record(wish) => {
                record.write(match wish {
                    RecordWish::Toggle => RecordAsk::Toggle,
                    RecordWish::Step => RecordAsk::NextStep,
                    RecordWish::Mark => RecordAsk::Mark,
                });
            }
            MenuEffect::Tour(wish) => {
                let wish = match wish {
                    TourWish::Hold => Wish::GuidePause,
                    TourWish::Back => Wish::GuideBack,
                    TourWish::Next => Wish::GuideSkip,
                    TourWish::Leave => Wish::LeaveTour,
                };
                wishes.write(Wished(wish));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::f32::consts::TAU;

    #[test]
    fn a_menu_comes_along_when_the_visitor_is_led_away_from_it() {
        let at = |z: f32, yaw_rad: f32| Rig {
            origin_in_world: Vec3::new(0.0, 0.0, z),
            yaw_rad,
        };
        let placed = at(0.0, 0.0);
        let head = Vec3::Y * 1.6;
        let menu = Vec3::new(0.0, 1.25, -1.1);
        for (led_m, walked_m, turned_deg, is_left, why) in [
            (0.0, 0.0, 0.0, false, "nothing happened"),
            (0.0, 0.8, 0.0, false, "who walks up to it leaves it there"),
            (
                0.0,
                0.0,
                30.0,
                false,
                "a turn of one step leaves it in view",
            ),
            (0.0, 0.0, -64.0, true, "a tour turned them away"),
            (1.6, 0.0, -38.0, true, "a tour led them past it"),
            (-2.0, 0.0, 0.0, true, "a jump back left it out of reach"),
            (0.0, -1.5, 0.0, true, "walked away from"),
        ] {
            for turns in [0.0, TAU, -TAU] {
                let now = at(-led_m, f32::to_radians(turned_deg) + turns);
                let head = head + Vec3::NEG_Z * (led_m + walked_m);
                assert_eq!(is_left_behind(menu, head, placed, now), is_left, "{why}");
            }
        }
    }
}
