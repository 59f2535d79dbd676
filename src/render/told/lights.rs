//! Lights and the lamp, as tours and hotspots change them.
//!
//! Visitors may set off any number of hotspots at once: whatever is asked of the lights, no light
//! and not all of them together flash more often than [`Calm`] allows. What is held back comes
//! softly once it may.

use super::number;
use crate::{
    exhibit::telling::Told,
    render::light::{StageLight, VisitorLamp},
    scene::schema::Property,
    tour::comfort::{Calm, Level},
};
use bevy::{ecs::query::QueryData, prelude::*};

/// What was held back comes two thirds of the way in this time, seconds.
const SOFTLY_SECS: f32 = 0.12;
/// What is this near to what is asked for is there.
const THERE: f32 = 1e-3;

/// A light on its way from one brightness to another, 1 being what the scene gives it.
#[derive(Component, Debug, Clone)]
pub(super) struct Dimming {
    /// Lumens or lux of the scene.
    base: f32,
    from: f32,
    to: f32,
    secs: f32,
    over_secs: f32,
    /// The linear color that is asked for, where one is.
    color: Option<[f32; 3]>,
    /// Its brightness and color now.
    shown: (f32, [f32; 3]),
    is_held: bool,
    /// The brightest that it has been.
    white: f32,
    calm: Calm,
}

impl Dimming {
    fn new(base: f32, color: Color) -> Self {
        Self {
            base,
            from: 1.0,
            to: 1.0,
            secs: 0.0,
            over_secs: 0.0,
            color: None,
            shown: (1.0, linear(color)),
            is_held: false,
            white: 1.0,
            calm: Calm::default(),
        }
    }

    /// A light that has come to rest.
    #[cfg(test)]
    pub(super) fn at(brightness: f32) -> Self {
        Self {
            to: brightness,
            shown: (brightness, [1.0; 3]),
            ..Self::new(1.0, Color::WHITE)
        }
    }

    /// How bright it is now, 1 being what the scene gives it.
    pub(super) fn now(&self) -> f32 {
        self.shown.0
    }

    fn asked(&self) -> (f32, [f32; 3]) {
        let color = self.color.unwrap_or(self.shown.1);
        if self.over_secs <= 0.0 {
            return (self.to, color);
        }
        let share = (self.secs / self.over_secs).clamp(0.0, 1.0);
        // Ease in and out: a light that starts or stops abruptly reads as a fault.
        let smooth = share * share * (3.0 - 2.0 * share);
        (self.from + (self.to - self.from) * smooth, color)
    }

    /// What it would become in a frame of this length.
    fn next(&self, dt_secs: f32) -> (f32, [f32; 3]) {
        let asked = self.asked();
        if !self.is_held {
            return asked;
        }
        let part = 1.0 - bevy::math::ops::exp(-dt_secs / SOFTLY_SECS);
        let toward = |from: f32, to: f32| {
            let next = from + (to - from) * part;
            if (next - to).abs() < THERE { to } else { next }
        };
        let (now, asked_color) = (self.shown.1, asked.1);
        let color = std::array::from_fn(|at| toward(now[at], asked_color[at]));
        (toward(self.shown.0, asked.0), color)
    }

    fn level(&self, (brightness, color): (f32, [f32; 3])) -> Level {
        let largest = color.into_iter().fold(f32::MIN_POSITIVE, f32::max);
        let share = brightness / self.white.max(brightness);
        Level {
            amount: share,
            color: color.map(|part| part / largest * share),
        }
    }
}

/// A light of any kind.
#[derive(QueryData)]
#[query_data(mutable)]
pub(super) struct AnyLight {
    point: Option<&'static mut PointLight>,
    spot: Option<&'static mut SpotLight>,
    sun: Option<&'static mut DirectionalLight>,
}

/// Strength, lumens or lux, and color of a light as it is now, whichever kind it is.
fn strength(light: &AnyLightReadOnlyItem<'_, '_>) -> (f32, Color) {
    let point = light.point.map(|light| (light.intensity, light.color));
    let spot = light.spot.map(|light| (light.intensity, light.color));
    let sun = light.sun.map(|light| (light.illuminance, light.color));
    point.or(spot).or(sun).unwrap_or((0.0, Color::BLACK))
}

fn linear(color: Color) -> [f32; 3] {
    color.to_linear().to_f32_array_no_alpha()
}

pub(super) fn change(
    mut commands: Commands,
    mut told: MessageReader<Told>,
    mut lamps: Query<&mut VisitorLamp>,
    lights: Query<(Entity, &Name, AnyLightReadOnly), With<StageLight>>,
    mut dimmings: Query<&mut Dimming>,
) {
    for change in told.read() {
        let (id, to, over_secs, color) = match change {
            Told::Property {
                property: Property::Light(id),
                value,
                over_secs,
            } => {
                let Some(to) = number(value) else { continue };
                (id, Some(to.max(0.0)), *over_secs, None)
            }
            Told::LightColor { light, color } => (light, None, 0.0, Some(*color)),
            Told::Property {
                property: Property::Lamp,
                value,
                ..
            } => {
                let Some(gain) = number(value) else { continue };
                // Lit by a tour, whether or not the scene or the visitor lit it; put out, it
                // can be lit again by hand.
                for mut lamp in &mut lamps {
                    lamp.is_on = gain > 0.0;
                    lamp.gain = if gain > 0.0 { gain } else { 1.0 };
                }
                continue;
            }
            Told::Property { .. } | Told::Plays { .. } | Told::Rests { .. } => continue,
        };
        let ask = move |dimming: &mut Dimming| {
            if let Some(to) = to {
                dimming.from = dimming.asked().0;
                dimming.to = to;
                dimming.secs = 0.0;
                dimming.over_secs = over_secs;
            }
            dimming.color = color.or(dimming.color);
        };
        for (entity, name, light) in &lights {
            if name.as_str() != id.as_str() {
                continue;
            }
            if let Ok(mut dimming) = dimmings.get_mut(entity) {
                ask(&mut dimming);
                continue;
            }
            let (base, shown) = strength(&light);
            commands
                .entity(entity)
                .entry::<Dimming>()
                .or_insert_with(move || Dimming::new(base, shown))
                .and_modify(move |mut dimming| ask(&mut dimming));
        }
    }
}

/// All lights together.
#[derive(Debug, Default)]
pub(super) struct Whole {
    white: f32,
    calm: Calm,
}

/// What all lights give together.
#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    amount: f32,
    color: [f32; 3],
}

impl Sum {
    fn add(&mut self, amount: f32, color: [f32; 3]) {
        let largest = color.into_iter().fold(f32::MIN_POSITIVE, f32::max);
        self.amount += amount;
        for (sum, part) in self.color.iter_mut().zip(color) {
            *sum += amount * part / largest;
        }
    }
}

pub(super) fn fade(
    time: Res<Time>,
    mut whole: Local<Whole>,
    mut lights: Query<(&mut Dimming, AnyLight)>,
    steady: Query<AnyLightReadOnly, (With<StageLight>, Without<Dimming>)>,
) {
    if lights.is_empty() {
        return;
    }
    let (at, dt_secs) = (time.elapsed(), time.delta_secs());
    // How much a sun gives depends on where it falls: as much as all lamps.
    let own = lights
        .iter()
        .filter(|(_, light)| light.sun.is_none())
        .map(|(dimming, _)| dimming.base);
    let others = steady.iter().filter(|light| light.sun.is_none());
    let lamps = own.sum::<f32>() + others.map(|light| strength(&light).0).sum::<f32>();
    let sun = lamps.max(1.0);
    let mut sum = Sum::default();
    for light in &steady {
        let (strength, color) = strength(&light);
        let amount = if light.sun.is_some() { sun } else { strength };
        sum.add(amount, linear(color));
    }
    let next_of = |dimming: &Dimming| {
        let next = dimming.next(dt_secs);
        let is_calm = dimming.calm.allows(at, dimming.level(next));
        if is_calm { next } else { dimming.shown }
    };
    for (dimming, light) in &lights {
        let (brightness, color) = next_of(dimming);
        let base = if light.sun.is_some() {
            sun
        } else {
            dimming.base
        };
        sum.add(base * brightness, color);
    }
    whole.white = whole.white.max(sum.amount).max(f32::MIN_POSITIVE);
    let level = Level {
        amount: sum.amount / whole.white,
        color: sum.color.map(|part| part / whole.white),
    };
    let is_calm = whole.calm.allows(at, level);
    if is_calm {
        whole.calm.show(at, level);
    }
    for (mut dimming, mut light) in &mut lights {
        let next = if is_calm {
            next_of(&dimming)
        } else {
            dimming.shown
        };
        let is_under_way = dimming.secs < dimming.over_secs;
        if is_under_way || next != dimming.asked() || next != dimming.shown {
            let dimming = &mut *dimming;
            dimming.is_held = next != dimming.asked();
            dimming.white = dimming.white.max(next.0);
            dimming.shown = next;
            let level = dimming.level(next);
            dimming.calm.show(at, level);
            dimming.secs += dt_secs;
        }
        light.shine(dimming.base * next.0, next.1);
    }
}

impl AnyLightItem<'_, '_> {
    /// Is so strong, lumens or lux, and of this linear color; untouched where it is already.
    fn shine(&mut self, strength: f32, color: [f32; 3]) {
        let is_other = |own: (f32, Color)| own.0 != strength || linear(own.1) != color;
        let color = Color::linear_rgb(color[0], color[1], color[2]);
        if let Some(light) = &mut self.point
            && is_other((light.intensity, light.color))
        {
            (light.intensity, light.color) = (strength, color);
        }
        if let Some(light) = &mut self.spot
            && is_other((light.intensity, light.color))
        {
            (light.intensity, light.color) = (strength, color);
        }
        if let Some(light) = &mut self.sun
            && is_other((light.illuminance, light.color))
        {
            (light.illuminance, light.color) = (strength, color);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        scene::schema::{LightId, Value},
        tour::comfort::FlashMeter,
    };
    use bevy::time::TimeUpdateStrategy;
    use std::time::Duration;

    fn app(lights: &[(&str, f32)]) -> App {
        let mut app = App::new();
        app.add_plugins(MinimalPlugins)
            .insert_resource(TimeUpdateStrategy::ManualDuration(
                Duration::from_secs(1) / 60,
            ))
            .add_message::<Told>()
            .add_systems(Update, (change, fade).chain());
        for (name, lumens) in lights {
            app.world_mut().spawn((
                StageLight,
                Name::new((*name).to_owned()),
                PointLight {
                    intensity: *lumens,
                    color: Color::linear_rgb(1.0, 0.5, 0.25),
                    ..default()
                },
            ));
        }
        app.update();
        app
    }

    fn tell(app: &mut App, light: &str, brightness: f64, over_secs: f32) {
        app.world_mut().write_message(Told::Property {
            property: Property::Light(LightId::new(light.to_owned())),
            value: Value::Number(brightness),
            over_secs,
        });
    }

    fn lumens(app: &mut App) -> f32 {
        let mut lights = app.world_mut().query::<&PointLight>();
        lights.iter(app.world()).map(|light| light.intensity).sum()
    }

    #[test]
    fn a_light_comes_to_what_it_is_told_and_back() {
        let mut app = app(&[("lamp", 100.0)]);
        tell(&mut app, "lamp", 0.5, 0.5);
        app.world_mut().write_message(Told::LightColor {
            light: LightId::new("lamp".to_owned()),
            color: [0.2, 0.4, 0.6],
        });
        for _ in 0..15 {
            app.update();
        }
        let midway = lumens(&mut app);
        assert!((60.0..90.0).contains(&midway), "softly: {midway}");
        for _ in 0..20 {
            app.update();
        }
        assert_eq!(lumens(&mut app), 50.0);
        let mut lights = app.world_mut().query::<&PointLight>();
        let color = lights.single(app.world()).expect("one light").color;
        assert!(linear(color)[2] > 0.59, "in its color: {color:?}");
        tell(&mut app, "lamp", 1.0, 0.0);
        app.update();
        assert_eq!(lumens(&mut app), 100.0, "at once where that is asked for");
    }

    /// Each of four lights is lit and put out twice a second: few enough. All of them, one after
    /// the other, are too many.
    #[test]
    fn lights_that_flash_only_together_are_held_back() {
        let names = ["a", "b", "c", "d"];
        let mut app = app(&names.map(|name| (name, 100.0)));
        let mut asked = FlashMeter::new();
        let mut shown = FlashMeter::new();
        // Two are out while two are lit.
        let mut on = [1.0, 0.0, 1.0, 0.0];
        let (mut would, mut did) = (0, 0);
        for frame in 0..360_u32 {
            for (at, name) in names.iter().enumerate() {
                if frame % 15 == at as u32 * 4 {
                    on[at] = 1.0 - on[at];
                    tell(&mut app, name, f64::from(on[at]), 0.0);
                }
            }
            app.update();
            let now = Duration::from_secs(1) * frame / 60;
            let whole = on.iter().sum::<f32>() / 4.0;
            would += usize::from(asked.see(now, whole).is_some());
            did += usize::from(shown.see(now, lumens(&mut app) / 400.0).is_some());
        }
        assert!(would > 0, "it is asked to flash");
        assert_eq!(did, 0, "and does not");
        for (at, name) in names.iter().enumerate() {
            tell(&mut app, name, at as f64 * 0.25, 0.0);
        }
        for _ in 0..240 {
            app.update();
        }
        assert!(
            (lumens(&mut app) - 150.0).abs() < 0.5,
            "at rest it is there"
        );
    }
}
