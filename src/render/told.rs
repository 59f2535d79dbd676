//! What a tour or a hotspot changes in the exhibit's look: lights, lamp, exposure, haze,
//! layers, what is shown.

mod bakes;

use super::{
    eye::{ExposureAsked, Eye},
    layers::{self, ShownLayers},
    light::{StageLight, VisitorLamp},
    loading::{CurrentStage, PlacedMesh},
    scan::ScanMaterial,
};
use crate::{
    exhibit::{stage::Stage, telling::Told},
    scene::schema::{Property, Value},
};
use bevy::{
    pbr::{DistanceFog, FogFalloff},
    prelude::*,
};

pub(super) fn plugin(app: &mut App) {
    app.add_message::<Told>()
        .init_resource::<ExposureAsked>()
        .add_systems(
            Update,
            (
                (change_lights, change_air, change_shown, change_layers),
                fade_lights,
                bakes::dim_bakes,
            )
                .chain(),
        );
}

/// A light on its way from one brightness to another, 1 being what the scene gives it.
#[derive(Component, Debug, Clone, Copy)]
struct Dimming {
    /// Lumens or lux of the scene.
    base: f32,
    from: f32,
    to: f32,
    secs: f32,
    over_secs: f32,
}

impl Dimming {
    fn now(&self) -> f32 {
        if self.over_secs <= 0.0 {
            return self.to;
        }
        let share = (self.secs / self.over_secs).clamp(0.0, 1.0);
        // Ease in and out: a light that starts or stops abruptly reads as a fault.
        let smooth = share * share * (3.0 - 2.0 * share);
        self.from + (self.to - self.from) * smooth
    }
}

fn number(value: &Value) -> Option<f32> {
    match value {
        Value::Number(number) => Some(*number as f32),
        Value::Flag(flag) => Some(f32::from(u8::from(*flag))),
        Value::Word(_) => None,
    }
}

fn flag(value: &Value) -> bool {
    match value {
        Value::Flag(flag) => *flag,
        Value::Number(number) => *number >= 0.5,
        Value::Word(_) => true,
    }
}

/// Strength of a light as the scene gives it, whichever kind it is.
fn strength(
    point: Option<&PointLight>,
    spot: Option<&SpotLight>,
    sun: Option<&DirectionalLight>,
) -> f32 {
    point
        .map(|light| light.intensity)
        .or(spot.map(|light| light.intensity))
        .or(sun.map(|light| light.illuminance))
        .unwrap_or(0.0)
}

fn change_lights(
    mut commands: Commands,
    mut told: MessageReader<Told>,
    mut lamps: Query<&mut VisitorLamp>,
    mut lights: Query<
        (
            Entity,
            &Name,
            Option<&mut PointLight>,
            Option<&mut SpotLight>,
            Option<&mut DirectionalLight>,
            Option<&Dimming>,
        ),
        With<StageLight>,
    >,
) {
    for change in told.read() {
        match change {
            Told::Property {
                property: Property::Light(id),
                value,
                over_secs,
            } => {
                let Some(to) = number(value) else { continue };
                for (entity, name, point, spot, sun, dimming) in &mut lights {
                    if name.as_str() != id.as_str() {
                        continue;
                    }
                    let base = dimming.map_or_else(
                        || strength(point.as_deref(), spot.as_deref(), sun.as_deref()),
                        |dimming| dimming.base,
                    );
                    commands.entity(entity).insert(Dimming {
                        base,
                        from: dimming.map_or(1.0, Dimming::now),
                        to: to.max(0.0),
                        secs: 0.0,
                        over_secs: *over_secs,
                    });
                }
            }
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
            }
            Told::LightColor { light, color } => {
                let color = Color::linear_rgb(color[0], color[1], color[2]);
                for (_, name, point, spot, sun, _) in &mut lights {
                    if name.as_str() != light.as_str() {
                        continue;
                    }
                    if let Some(mut light) = point {
                        light.color = color;
                    }
                    if let Some(mut light) = spot {
                        light.color = color;
                    }
                    if let Some(mut light) = sun {
                        light.color = color;
                    }
                }
            }
            Told::Property { .. } | Told::Plays { .. } | Told::Rests { .. } => {}
        }
    }
}

fn fade_lights(
    time: Res<Time>,
    mut lights: Query<(
        &mut Dimming,
        Option<&mut PointLight>,
        Option<&mut SpotLight>,
        Option<&mut DirectionalLight>,
    )>,
) {
    for (mut dimming, point, spot, sun) in &mut lights {
        let strength = dimming.base * dimming.now();
        if let Some(mut light) = point
            && light.intensity != strength
        {
            light.intensity = strength;
        }
        if let Some(mut light) = spot
            && light.intensity != strength
        {
            light.intensity = strength;
        }
        if let Some(mut light) = sun
            && light.illuminance != strength
        {
            light.illuminance = strength;
        }
        if dimming.secs < dimming.over_secs {
            dimming.secs += time.delta_secs();
        }
    }
}

fn change_air(
    mut told: MessageReader<Told>,
    stage: Option<Res<CurrentStage>>,
    mut exposure: ResMut<ExposureAsked>,
    mut fogs: Query<&mut DistanceFog, With<Eye>>,
) {
    let Some(stage) = stage else { return };
    let air = &stage.0.air;
    for change in told.read() {
        let Told::Property {
            property, value, ..
        } = change
        else {
            continue;
        };
        match property {
            // What the scene itself gives is no wish: rooms then have their own again.
            Property::Exposure => {
                exposure.0 = number(value).filter(|ev| (ev - air.exposure_ev100).abs() > 1e-4);
            }
            Property::Fog => {
                let (Some(factor), Some((_, base))) = (number(value), air.fog) else {
                    continue;
                };
                for mut fog in &mut fogs {
                    fog.falloff = FogFalloff::Exponential {
                        density: base * factor.max(0.0),
                    };
                }
            }
            _ => {}
        }
    }
}

fn change_shown(
    mut told: MessageReader<Told>,
    placed: Query<(Entity, &PlacedMesh)>,
    children: Query<&Children>,
    names: Query<&Name>,
    mut shown: Query<&mut Visibility>,
) {
    for change in told.read() {
        let Told::Property {
            property, value, ..
        } = change
        else {
            continue;
        };
        let (mesh, node) = match property {
            Property::MeshShown(mesh) => (mesh, None),
            Property::NodeShown(mesh, node) => (mesh, Some(node.value.as_str())),
            _ => continue,
        };
        let visibility = if flag(value) {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        };
        for (root, placed) in &placed {
            if placed.id != mesh.as_str() {
                continue;
            }
            let whole = std::iter::once(root).filter(|_| node.is_none());
            let parts = children.iter_descendants(root).filter(|entity| {
                node.is_some_and(|node| names.get(*entity).is_ok_and(|name| name.as_str() == node))
            });
            for entity in whole.chain(parts) {
                if let Ok(mut own) = shown.get_mut(entity) {
                    *own = visibility;
                }
            }
        }
    }
}

fn change_layers(
    mut told: MessageReader<Told>,
    stage: Option<Res<CurrentStage>>,
    mut shown: ResMut<ShownLayers>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let Some(stage) = stage else { return };
    let find = |stage: &Stage, surface: &str, layer: &str| -> Option<(usize, usize)> {
        let index = stage.surfaces.iter().position(|own| own.id == surface)?;
        let layers = &stage.surfaces[index].layers;
        Some((index, layers.iter().position(|own| own.id == layer)?))
    };
    for change in told.read() {
        let Told::Property {
            property,
            value,
            over_secs,
        } = change
        else {
            continue;
        };
        match (property, value) {
            (Property::Layer(surface), Value::Word(layer)) => {
                if let Some((surface, layer)) = find(&stage.0, surface.as_str(), layer) {
                    let secs = over_secs.max(layers::SOFTEST_SECS);
                    shown.show(surface, layer, secs, &mut materials);
                }
            }
            (Property::LayerMix(surface, layer), value) => {
                let place = find(&stage.0, surface.as_str(), layer.as_str());
                if let (Some((surface, layer)), Some(mix)) = (place, number(value)) {
                    shown.hold(surface, layer, mix, &mut materials);
                }
            }
            _ => {}
        }
    }
}
