//! What a tour or a hotspot changes in the exhibit's look: lights, lamp, exposure, haze,
//! layers, what is shown.

mod bakes;
mod lights;

use super::{
    eye::{ExposureAsked, Eye},
    layers::{self, ShownLayers},
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
                (lights::change, change_air, change_shown, change_layers),
                lights::fade,
                bakes::dim_bakes,
            )
                .chain(),
        );
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
