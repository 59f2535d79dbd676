//! Baked light follows the lights that it holds.

use super::lights::Dimming;
use crate::render::{
    light::StageLight,
    loading::{CurrentStage, scan_light},
    scan::ScanMaterial,
};
use bevy::prelude::*;

/// A change of baked light below this is not seen; each costs an upload of its materials.
const LEAST_DIMMING: f32 = 0.006;

/// Baked light follows the lights that it holds, on the average.
pub(super) fn dim_bakes(
    stage: Option<Res<CurrentStage>>,
    lights: Query<(&Name, Option<&Dimming>), With<StageLight>>,
    changed: Query<(), Changed<Dimming>>,
    mut shown: Local<[f32; 3]>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let Some(stage) = stage else { return };
    if changed.is_empty() && !stage.is_changed() {
        return;
    }
    let brightness = |ids: &[String]| {
        let all = lights.iter();
        let own = all.filter(|(name, _)| ids.iter().any(|id| id == name.as_str()));
        let now: Vec<f32> = own
            .map(|(_, dimming)| dimming.map_or(1.0, Dimming::now))
            .collect();
        match now.len() {
            0 => 1.0,
            count => now.iter().sum::<f32>() / count as f32,
        }
    };
    let wanted = [0, 1, 2].map(|source| brightness(&stage.0.baked_lights[source]));
    let most = (0..3).map(|source| (wanted[source] - shown[source]).abs());
    if most.fold(0.0, f32::max) < LEAST_DIMMING {
        return;
    }
    let is_start = *shown == [0.0; 3];
    *shown = wanted;
    if is_start && wanted == [1.0; 3] {
        return;
    }
    let mut light = scan_light(&stage.0);
    let dim = |color: LinearRgba, share: f32| {
        let dimmed = color.to_vec3() * share;
        LinearRgba::rgb(dimmed.x, dimmed.y, dimmed.z)
    };
    light.daylight_lux = dim(light.daylight_lux, wanted[0]);
    light.lamps_a_lux.0 = dim(light.lamps_a_lux.0, wanted[1]);
    light.lamps_b_lux.0 = dim(light.lamps_b_lux.0, wanted[2]);
    // Only what is lit by a bake is sent anew.
    let baked: Vec<AssetId<ScanMaterial>> = materials
        .iter()
        .filter(|(_, material)| material.is_baked && !material.is_unlit)
        .map(|(id, _)| id)
        .collect();
    for id in baked {
        if let Some(mut material) = materials.get_mut(id) {
            material.light = light;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exhibit::stage::{Stage, StagedBake};
    use std::sync::Arc;

    #[test]
    fn a_bake_is_as_bright_as_its_lights_on_the_average() {
        let mut stage = Stage::bare("cave.glb".into());
        stage.bake = Some(StagedBake {
            lamps_a: ([10.0; 3], 0.0),
            lamps_b: ([20.0; 3], 0.0),
            ..default()
        });
        stage.baked_lights[1] = vec!["near".to_owned(), "far".to_owned()];
        let mut app = App::new();
        app.add_plugins(MinimalPlugins)
            .insert_resource(Assets::<ScanMaterial>::default())
            .insert_resource(CurrentStage(Arc::new(stage)))
            .add_systems(Update, dim_bakes);
        let wall = ScanMaterial {
            is_baked: true,
            light: scan_light(&app.world().resource::<CurrentStage>().0),
            ..default()
        };
        let wall = app
            .world_mut()
            .resource_mut::<Assets<ScanMaterial>>()
            .add(wall);
        let near = app.world_mut().spawn((StageLight, Name::new("near"))).id();
        app.world_mut().spawn((StageLight, Name::new("far")));
        app.world_mut().spawn((StageLight, Name::new("other")));
        let lamps = |app: &App| {
            let materials = app.world().resource::<Assets<ScanMaterial>>();
            let light = materials.get(&wall).expect("the wall is there").light;
            (light.lamps_a_lux.0.red, light.lamps_b_lux.0.red)
        };
        app.update();
        assert_eq!(lamps(&app), (10.0, 20.0), "at first as the bake is");
        app.world_mut().entity_mut(near).insert(Dimming::at(0.0));
        app.update();
        assert_eq!(lamps(&app), (5.0, 20.0), "one of its two lamps is out");
        app.world_mut().entity_mut(near).insert(Dimming::at(1.0));
        app.update();
        assert_eq!(lamps(&app), (10.0, 20.0), "and lit again");
    }
}
