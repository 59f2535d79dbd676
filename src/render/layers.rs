//! Surfaces that show one of several layers of images, and fade between them.

use super::{
    loading::{CurrentStage, LoadingSystems, MaterialName, ModelLoaded, PlacedMesh, SurfaceImages},
    scan::{ScanLayer, ScanMaterial},
};
use crate::exhibit::{
    intent::Wish,
    stage::{self, Stage},
    visitor::Wished,
};
use bevy::{platform::collections::HashMap, prelude::*};
use std::collections::BTreeMap;

/// Seconds a layer takes to come in: slow enough to see what changes.
const FADE_SECS: f32 = 1.5;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<ShownLayers>()
        .add_message::<Wished>()
        .add_systems(PreUpdate, dress_surfaces.after(LoadingSystems::HandOver))
        .add_systems(Update, (wish_next_layer, fade_layers).chain());
}

/// Which layer each surface shows.
#[derive(Resource, Debug, Default)]
pub struct ShownLayers {
    surfaces: Vec<Shown>,
}

#[derive(Debug, Clone, Default)]
struct Shown {
    from: usize,
    to: usize,
    /// 0 shows `from`, 1 shows `to`.
    mix: f32,
    /// How the mix goes on.
    pace: Pace,
    materials: Vec<Handle<ScanMaterial>>,
    layers: Vec<ScanLayer>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Pace {
    /// To 1 in this time, seconds.
    Fading(f32),
    /// A tour holds it where it is.
    Held,
}

impl Default for Pace {
    fn default() -> Self {
        Self::Fading(FADE_SECS)
    }
}

/// No change of a whole wall is faster than this, seconds: it would be a flash.
pub(super) const SOFTEST_SECS: f32 = 0.4;

impl ShownLayers {
    /// By surfaces' ids, the layers that those show or are about to show that show another
    /// than at first. A layer that a tour holds over another does not count.
    pub fn layers(&self, stage: &Stage) -> BTreeMap<String, String> {
        let shown = stage.surfaces.iter().zip(&self.surfaces);
        shown
            .filter_map(|(surface, state)| {
                let at = match state.pace {
                    Pace::Fading(_) => state.to,
                    Pace::Held => state.from,
                };
                let layer = surface.layers.get(at).filter(|_| at != surface.shown)?;
                Some((surface.id.clone(), layer.id.clone()))
            })
            .collect()
    }

    /// By surfaces' ids, how much of a layer a tour holds over the one that is shown, 0 to 1.
    pub fn held(&self, stage: &Stage) -> BTreeMap<String, f32> {
        let shown = stage.surfaces.iter().zip(&self.surfaces);
        shown
            .filter(|(_, state)| state.pace == Pace::Held && state.from != state.to)
            .map(|(surface, state)| (surface.id.clone(), state.mix))
            .collect()
    }

    /// The layer that a surface shows, or is fading to; `None` before its images are there.
    pub(super) fn layer(&self, surface: usize) -> Option<usize> {
        let state = self.surfaces.get(surface)?;
        (!state.layers.is_empty()).then_some(state.to)
    }

    /// Fades a surface to a layer.
    pub(super) fn show(
        &mut self,
        surface: usize,
        layer: usize,
        secs: f32,
        materials: &mut Assets<ScanMaterial>,
    ) {
        let Some(state) = self.surfaces.get_mut(surface) else {
            return;
        };
        if state.from != state.to && state.to == layer {
            state.pace = Pace::Fading(secs);
            return;
        }
        // What is more than half there is where it begins.
        if state.mix > 0.5 {
            state.from = state.to;
        }
        state.mix = 0.0;
        state.to = layer;
        state.pace = Pace::Fading(secs);
        apply(state, materials);
    }

    /// Holds a layer at a share over the one that is shown.
    pub(super) fn hold(
        &mut self,
        surface: usize,
        layer: usize,
        mix: f32,
        materials: &mut Assets<ScanMaterial>,
    ) {
        let Some(state) = self.surfaces.get_mut(surface) else {
            return;
        };
        if state.from == layer && mix >= 1.0 {
            return;
        }
        state.to = if mix > 0.0 { layer } else { state.from };
        state.mix = mix.clamp(0.0, 1.0);
        state.pace = Pace::Held;
        apply(state, materials);
    }
}

/// Finds the materials of each surface once its images and its model are there.
fn dress_surfaces(
    stage: Option<Res<CurrentStage>>,
    mut loaded: MessageReader<ModelLoaded>,
    images: Query<&SurfaceImages>,
    changed: Query<(), Changed<SurfaceImages>>,
    mut parts: Query<(
        Entity,
        &mut MeshMaterial3d<ScanMaterial>,
        Option<&MaterialName>,
    )>,
    parents: Query<&ChildOf>,
    placed: Query<&PlacedMesh>,
    names: Query<&Name>,
    mut shown: ResMut<ShownLayers>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let Some(stage) = stage else { return };
    if loaded.read().count() == 0 && changed.is_empty() {
        return;
    }
    let stage = &stage.0;
    shown
        .surfaces
        .resize_with(stage.surfaces.len(), Shown::default);
    for own in &images {
        let Some(surface) = stage.surfaces.get(own.surface) else {
            continue;
        };
        let state = &mut shown.surfaces[own.surface];
        if state.layers.is_empty() {
            state.from = surface.shown;
            state.to = surface.shown;
        }
        state.layers.clone_from(&own.layers);
        let mut clones: HashMap<AssetId<ScanMaterial>, Handle<ScanMaterial>> = HashMap::default();
        for (entity, mut handle, material) in &mut parts {
            let is_of_mesh = parents
                .iter_ancestors(entity)
                .find_map(|ancestor| placed.get(ancestor).ok())
                .is_some_and(|placed| placed.index == surface.mesh);
            if !is_of_mesh || state.materials.contains(&handle.0) {
                continue;
            }
            let by_material = material.is_some_and(|name| stage::matches(&surface.target, &name.0));
            let by_node = !by_material
                && parents
                    .iter_ancestors(entity)
                    .filter_map(|ancestor| names.get(ancestor).ok())
                    .any(|name| stage::matches(&surface.target, name.as_str()));
            if by_material {
                state.materials.push(handle.0.clone());
            } else if by_node {
                // A node's material may dress other nodes too: this surface gets its own.
                let clone = clones.entry(handle.0.id()).or_insert_with(|| {
                    let copy = materials.get(&handle.0).cloned().unwrap_or_default();
                    materials.add(copy)
                });
                handle.0 = clone.clone();
                state.materials.push(clone.clone());
            }
        }
        apply(state, &mut materials);
    }
}

/// Writes the two layers and their mix into the materials.
fn apply(state: &Shown, materials: &mut Assets<ScanMaterial>) {
    let (Some(from), Some(to)) = (state.layers.get(state.from), state.layers.get(state.to)) else {
        return;
    };
    for handle in &state.materials {
        let Some(mut material) = materials.get_mut(handle) else {
            continue;
        };
        let material = &mut *material;
        let is_fading = state.from != state.to;
        if from.base_color.is_some() {
            material.base_color_texture.clone_from(&from.base_color);
        }
        if from.normal.is_some() {
            material.normal_texture.clone_from(&from.normal);
        }
        if from.orm.is_some() {
            material.orm_texture.clone_from(&from.orm);
            material.has_occlusion_in_orm = true;
            material.metallic = 1.0;
            material.roughness = 1.0;
        }
        let second = |image: &Option<Handle<Image>>| if is_fading { image.clone() } else { None };
        material.layer_color_texture = second(&to.base_color);
        material.layer_normal_texture = second(&to.normal);
        material.layer_orm_texture = second(&to.orm);
        material.layer_mix = state.mix;
    }
}

fn wish_next_layer(mut wishes: MessageReader<Wished>, mut shown: ResMut<ShownLayers>) {
    for Wished(wish) in wishes.read() {
        if *wish != Wish::NextLayer {
            continue;
        }
        for state in &mut shown.surfaces {
            if state.layers.len() > 1 && state.from == state.to {
                state.to = (state.from + 1) % state.layers.len();
                state.mix = 0.0;
                state.pace = Pace::default();
            }
        }
    }
}

fn fade_layers(
    time: Res<Time>,
    mut shown: ResMut<ShownLayers>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let is_fading = |state: &Shown| state.from != state.to && matches!(state.pace, Pace::Fading(_));
    if !shown.surfaces.iter().any(is_fading) {
        return;
    }
    for state in &mut shown.surfaces {
        let Pace::Fading(secs) = state.pace else {
            continue;
        };
        if state.from == state.to {
            continue;
        }
        state.mix += time.delta_secs() / secs.max(SOFTEST_SECS);
        if state.mix >= 1.0 {
            state.mix = 0.0;
            state.from = state.to;
        }
        apply(state, &mut materials);
    }
}
