//! The visit: what its session's machine asks of the exhibit, and what it answers.

use super::{
    body::{Body, Comfort},
    frames::Frames,
    hands::Hands,
    life::{Ask, Carry, Life},
    menu::HandMenu,
    pointing::{Pointing, Target},
    travel::Travel,
    veil::Veiling,
};
use crate::{
    exhibit::{
        intent::Wish,
        language::ChooseLanguage,
        recording::Recorder,
        settings::VisitSettings,
        telling::{self, Telling},
        visitor::{Visitor, Wished},
    },
    render::{
        eye::ExposureAsked, layers::ShownLayers, light::VisitorLamp, loading::CurrentStage,
        warm::WarmUp,
    },
    scene::schema::{Language, LightId, Property, SurfaceId, Value},
    tour::{StoryInput, hotspots},
    visit::{
        rig::EyeHeight,
        session::{Action, Effect, Input, Phase, SessionState},
        stillness::Stillness,
    },
};
use bevy::{ecs::system::SystemParam, prelude::*};
use serde_json::json;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<StartScreen>()
        .init_resource::<Resetting>()
        .init_resource::<Worn>()
        .add_systems(
            Update,
            (
                watch_stillness,
                begin_visit,
                hold,
                (greet, reset).chain(),
                toggle_lamp,
            ),
        );
}

/// Whoever wears the headset for this long begins, seconds, pressing something or not.
const BEGIN_SECS: f32 = 3.0;

/// How long the start screen has been looked at.
#[derive(Resource, Debug, Default)]
pub(super) struct StartScreen {
    secs: f32,
}

fn begin_visit(
    mut start: ResMut<StartScreen>,
    life: Res<Life>,
    warm: Res<WarmUp>,
    hands: Res<Hands>,
    time: Res<Time<Real>>,
    mut asks: MessageWriter<Ask>,
) {
    if life.phase() != Phase::Ready || !warm.is_done() || !life.session().is_visible() {
        start.secs = 0.0;
        return;
    }
    start.secs += time.delta_secs();
    let has_pressed = super::actions::HANDS
        .into_iter()
        .any(|hand| hands.has_pressed(hand));
    if start.secs >= BEGIN_SECS || has_pressed {
        asks.write(Ask(Input::Action(Action::Begin)));
    }
}

/// Whether anybody wears the headset, where the runtime cannot tell.
#[derive(Resource, Debug, Default)]
struct Worn(Stillness);

fn watch_stillness(
    mut worn: ResMut<Worn>,
    life: Res<Life>,
    body: Res<Body>,
    frames: Res<Frames>,
    time: Res<Time<Real>>,
    mut asks: MessageWriter<Ask>,
) {
    if life.knows_presence || life.told != Some(SessionState::Focused) {
        worn.0 = Stillness::default();
        return;
    }
    // A runtime that halts shows no head, moved or not.
    let has_looked = frames.lock().frame().is_some();
    let dt_secs = if has_looked { time.delta_secs() } else { 0.0 };
    if let Some(is_worn) = worn.0.step(body.head_in_rig.as_ref(), dt_secs) {
        let seen = if is_worn { "put on" } else { "laid down" };
        info!("the headset was {seen}");
        asks.write(Ask(Input::Presence(is_worn)));
    }
}

/// While a visit waits, so does its time: tour, sound and words.
fn hold(mut effects: MessageReader<Carry>, mut time: ResMut<Time<Virtual>>) {
    for Carry(effect) in effects.read() {
        match effect {
            Effect::PauseVisit(_) => time.pause(),
            Effect::ResumeVisit | Effect::StartVisit | Effect::ResetVisit => time.unpause(),
            _ => {}
        }
    }
}

fn toggle_lamp(mut wishes: MessageReader<Wished>, mut lamps: Query<&mut VisitorLamp>) {
    for Wished(wish) in wishes.read() {
        if *wish == Wish::ToggleLamp {
            for mut lamp in &mut lamps {
                lamp.is_on = !lamp.is_on;
                lamp.aim_rad = Vec2::ZERO;
            }
        }
    }
}

/// The language in which the exhibit greets each visitor.
#[derive(Resource, Debug, Clone)]
pub(super) struct OwnLanguage(pub(super) Language);

/// How far a reset is.
#[derive(Resource, Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Resetting {
    #[default]
    No,
    /// It gets dark; the tour is taken off the exhibit.
    Leaving,
    /// The exhibit is put back.
    PuttingBack,
}

/// Place, language, layers, light and comfort return to how the next visitor should find
/// them, in the dark.
fn reset(
    mut effects: MessageReader<Carry>,
    mut stage: ResMut<Resetting>,
    life: Res<Life>,
    veil: Res<Veiling>,
    current: Res<CurrentStage>,
    telling: Option<ResMut<Telling>>,
    mut body: ResMut<Body>,
    mut comfort: ResMut<Comfort>,
    mut hands: ResMut<Hands>,
    mut menu: ResMut<HandMenu>,
    mut visitor: ResMut<Visitor>,
    mut exposure: ResMut<ExposureAsked>,
    mut lamps: Query<&mut VisitorLamp>,
    mut settings: ResMut<VisitSettings>,
    mut told: MessageWriter<telling::Told>,
    mut asks: MessageWriter<Ask>,
) {
    for Carry(effect) in effects.read() {
        if *effect == Effect::ResetVisit {
            *stage = Resetting::Leaving;
        }
    }
    match *stage {
        Resetting::No => {}
        Resetting::Leaving => {
            if !veil.is_black() && life.session().is_visible() {
                return;
            }
            if let Some(mut telling) = telling {
                telling.tell(StoryInput::Tour(crate::tour::Input::Leave));
                telling.tell(StoryInput::Hotspot(hotspots::Input::Restart));
            }
            *stage = Resetting::PuttingBack;
        }
        Resetting::PuttingBack => {
            let stage_shown = &current.0;
            if let (Some(mut telling), Some(story)) = (telling, &stage_shown.story) {
                *telling = Telling::new(story.clone(), stage_shown.sounds.clone());
            }
            for change in as_staged(stage_shown) {
                told.write(change);
            }
            for mut lamp in &mut lamps {
                lamp.is_on = stage_shown.lamp.is_on;
                lamp.gain = 1.0;
                lamp.aim_rad = Vec2::ZERO;
            }
            exposure.0 = None;
            *comfort = Comfort::default();
            *settings = VisitSettings::default();
            body.eye_height = EyeHeight::default();
            visitor.view = None;
            hands.forget();
            menu.menu.close();
            *stage = Resetting::No;
            asks.write(Ask(Input::ResetDone));
        }
    }
}

/// The next visitor is greeted in the exhibit's own language.
fn greet(
    stage: Res<Resetting>,
    own: Res<OwnLanguage>,
    mut languages: MessageWriter<ChooseLanguage>,
) {
    if *stage == Resetting::PuttingBack {
        languages.write(ChooseLanguage(own.0.clone()));
    }
}

/// Layers and lights as the author left them.
fn as_staged(stage: &crate::exhibit::stage::Stage) -> Vec<telling::Told> {
    let layers = stage.surfaces.iter().filter_map(|surface| {
        let layer = surface.layers.get(surface.shown)?;
        Some(telling::Told::Property {
            property: Property::Layer(SurfaceId::new(surface.id.clone())),
            value: Value::Word(layer.id.clone()),
            over_secs: 0.0,
        })
    });
    let lights = stage.lights.iter().map(|light| telling::Told::Property {
        property: Property::Light(LightId::new(light.id.clone())),
        value: Value::Number(1.0),
        over_secs: 0.0,
    });
    layers.chain(lights).collect()
}

/// What the report tells of the visit.
#[derive(SystemParam)]
pub(super) struct Told<'w, 's> {
    stage: Res<'w, CurrentStage>,
    shown: Res<'w, ShownLayers>,
    telling: Option<Res<'w, Telling>>,
    course: Res<'w, super::lesson::Course>,
    menu: Res<'w, HandMenu>,
    pointing: Res<'w, Pointing>,
    travel: Res<'w, Travel>,
    lamps: Query<'w, 's, &'static VisitorLamp>,
    offered: super::menu::Offered<'w>,
    comfort: Res<'w, Comfort>,
    recorder: Option<Res<'w, Recorder>>,
    cards: Res<'w, super::cards::Cards>,
}

impl Told<'_, '_> {
    pub(super) fn to_json(&self) -> serde_json::Value {
        let telling = self.telling.as_deref();
        let meant = self.pointing.meant().map(|target| match target {
            Target::Hotspot(spot) => telling
                .and_then(|telling| telling.staged().script.hotspot(spot))
                .map_or_else(String::new, |script| script.id.to_string()),
            other => format!("{other:?}"),
        });
        json!({
            "panel": telling.and_then(|telling| telling.panel.as_ref()).map(|panel| &panel.title),
            "tour": telling.and_then(|telling| telling.tour.as_ref()).map(|(tour, _)| tour),
            "step": telling.and_then(|telling| telling.tour.as_ref()).map(|(_, step)| step),
            "caption": telling.map(Telling::captions),
            "asked": telling.and_then(|telling| telling.asked.as_ref()).map(|asked| &asked.text),
            "signs": self.cards.shapes().into_iter().map(|(target, shape)| json!({
                "sign": format!("{target:?}"),
                "at": shape.center().to_array(),
            })).collect::<Vec<_>>(),
            "language": self.stage.0.languages.spoken.as_str(),
            "lesson": self.course.lesson().map(|lesson| format!("{lesson:?}")),
            "light": self.course.lesson().map(|_| self.course.light_in_world().to_array()),
            "menu": self.menu.menu.open().map(|(page, _)| format!("{page:?}")),
            "meant": meant,
            "throw": self.travel.aim().map(|aim| match aim.landing {
                Ok(landing) => json!(landing.feet_in_world.to_array()),
                Err(refusal) => json!(format!("{refusal:?}")),
            }),
            "throw_end": self.travel.aim().and_then(|aim| aim.end).map(|end| end.point.to_array()),
            "steps": self.travel.steps,
            "layers": self.shown.layers(&self.stage.0),
            "held_layers": self.shown.held(&self.stage.0),
            "tiles": self.menu.menu.tiles(self.offered.offer()).into_iter().map(|tile| json!({
                "item": format!("{:?}", tile.item),
                "at": self.menu.in_world(tile.center_m).to_array(),
            })).collect::<Vec<_>>(),
            "comfort": serde_json::to_value(self.comfort.0).unwrap_or_default(),
            "recorder": self.recorder.as_deref().map(|recorder| format!("{:?}", recorder.doing)),
            "is_held": self.offered.is_held(),
            "lamp": self.lamps.iter().next().map(|lamp| lamp.is_on),
        })
    }
}
