//! What the reading threads send becomes assets and entities.

use super::{
    CurrentStage, Loading, ModelLoaded, PlacedMesh, SurfaceImages,
    change_over::{self, Leaving, Wings},
    hand_over::{HandOver, MaterialHandle, skins, spawn_nodes},
    materials::{Worn, scan, standard},
    missing::MissingImages,
    placeholder::{self, placeholder},
    read::{Decoded, DecodedImage, is_full},
};
use crate::{
    bake::model,
    exhibit::{
        visitor::Rock,
        words::{Word, Words},
    },
    render::{animate::Moving, board::Boards, scan::ScanLayer, still::Stands},
};
use bevy::{mesh::skinning::SkinnedMeshInverseBindposes, prelude::*};
use std::sync::{Arc, PoisonError, mpsc::TryRecvError};

pub(super) fn receive_rock(mut loading: ResMut<Loading>, mut rock: ResMut<Rock>) {
    let Some(receiver) = &loading.rock else {
        return;
    };
    let arrived = receiver
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .try_recv();
    match arrived {
        Ok(collider) => {
            debug!("collision with {} triangles", collider.triangle_count());
            rock.0 = Some(Arc::new(collider));
        }
        Err(TryRecvError::Empty) => return,
        // No mesh, or its builder failed: visitors fly free.
        Err(TryRecvError::Disconnected) => {}
    }
    loading.rock = None;
}

pub(super) fn receive_models(
    mut commands: Commands,
    mut loading: ResMut<Loading>,
    stage: Option<Res<CurrentStage>>,
    mut standards: ResMut<Assets<StandardMaterial>>,
    mut boards: Boards,
    mut matrices: ResMut<Assets<SkinnedMeshInverseBindposes>>,
    words: Option<Res<Words>>,
    mut loaded: MessageWriter<ModelLoaded>,
    shown: Query<(Entity, &PlacedMesh)>,
    leaving: Query<(), With<Leaving>>,
    wings: Query<Entity, With<Wings>>,
) {
    let Some(stage) = stage else { return };
    let arrived: Vec<Decoded> = match &loading.models {
        // A poisoned lock means a loader thread panicked while sending: what arrived counts.
        Some(models) => models
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_iter()
            .collect(),
        None => return,
    };
    for Decoded {
        index,
        result,
        orbit,
        facings,
    } in arrived
    {
        loading.models_open -= 1;
        loading.orbit = orbit;
        loading.facings.extend(facings);
        let staged = &stage.0.meshes[index];
        let wings = change_over::replace(&mut commands, index, &shown, &leaving, &wings);
        let transform = Transform {
            translation: staged.translation_in_world,
            rotation: staged.rotation_in_world,
            scale: staged.scale,
        };
        let root = commands
            .spawn((
                Name::new(staged.id.clone()),
                PlacedMesh {
                    id: staged.id.clone(),
                    index,
                },
                transform,
                Visibility::default(),
            ))
            .id();
        if let Some(wings) = wings {
            commands.entity(root).insert(ChildOf(wings));
        }
        match result {
            Ok(mut prepared) => {
                let handles: Vec<Option<Handle<Image>>> = std::mem::take(&mut prepared.images)
                    .into_iter()
                    .map(|image| {
                        image.map(|image| {
                            loading.texture_bytes += image.data.as_ref().map_or(0, Vec::len);
                            loading.feed.add(&mut boards.images, image)
                        })
                    })
                    .collect();
                // What moves is asked for where it is in every frame.
                let stands = if prepared.rig.is_empty() {
                    Stands::Unknown
                } else {
                    Stands::Apart
                };
                if stage.0.is_bare && prepared.draws.is_empty() {
                    let nothing = "there is nothing in it to be seen";
                    loading.problems.push(format!("{}: {nothing}", staged.id));
                }
                let worn = Worn::all(&prepared);
                let mut materials: Vec<MaterialHandle> = (0..prepared.materials.len())
                    .map(|at| {
                        let material = &prepared.materials[at];
                        if is_full(Some(material), staged.shading) {
                            MaterialHandle::Full(standards.add(standard(material, &handles)))
                        } else {
                            MaterialHandle::Scan(boards.materials.add(scan(
                                material,
                                &handles,
                                &prepared.images_replaced,
                                &stage.0,
                                staged.shading,
                                worn[at],
                                stands,
                            )))
                        }
                    })
                    .collect();
                // The last one serves primitives without a material.
                materials.push(MaterialHandle::Scan(boards.materials.add(scan(
                    &model::Material::default(),
                    &[],
                    &[],
                    &stage.0,
                    staged.shading,
                    worn[prepared.materials.len()],
                    stands,
                ))));
                let nodes = spawn_nodes(&mut commands, root, &prepared);
                let parts = prepared
                    .nodes
                    .iter()
                    .enumerate()
                    .flat_map(|(node, own)| own.draws.iter().map(move |draw| (node, *draw)))
                    .collect();
                let meshes = vec![None; prepared.draws.len()];
                let skins = skins(&prepared, &nodes, &mut matrices);
                if !prepared.rig.is_empty() {
                    let rig = Arc::new(std::mem::take(&mut prepared.rig));
                    commands.entity(root).insert(Moving {
                        nodes: rig.nodes.iter().map(|node| nodes[*node]).collect(),
                        rig,
                    });
                }
                loading.triangles += prepared.triangles;
                loading.waiting.push_back(HandOver {
                    index,
                    prepared,
                    root,
                    nodes,
                    materials,
                    parts,
                    meshes,
                    skins,
                    bounds: None,
                });
            }
            Err(error) => {
                error!("{}: {error}", staged.id);
                loading.problems.push(format!("{}: {error}", staged.id));
                let words = words.as_deref().cloned().unwrap_or_default();
                let missing = words.say(Word::Missing);
                let block = placeholder::block(&mut boards.meshes, &mut standards);
                placeholder(&mut commands, &mut boards, root, block, &staged.id, missing);
                loaded.write(ModelLoaded {
                    index,
                    bounds: None,
                    triangles: 0,
                    error: Some(error),
                });
            }
        }
    }
}

pub(super) fn receive_images(
    mut commands: Commands,
    mut loading: ResMut<Loading>,
    stage: Option<Res<CurrentStage>>,
    mut images: ResMut<Assets<Image>>,
    mut surfaces: Query<&mut SurfaceImages>,
) {
    let Some(stage) = stage else { return };
    let arrived: Vec<DecodedImage> = match &loading.images {
        Some(receiver) => receiver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_iter()
            .collect(),
        None => return,
    };
    let mut fresh: Vec<SurfaceImages> = Vec::new();
    for image in arrived {
        loading.images_open -= 1;
        let layer = match image {
            DecodedImage::Layer(layer) => *layer,
            DecodedImage::Sky(sky) => {
                let image = match *sky {
                    Ok(image) => image,
                    Err(error) => {
                        error!("sky: {error}");
                        loading.problems.push(format!("sky: {error}"));
                        continue;
                    }
                };
                loading.texture_bytes += image.data.as_ref().map_or(0, Vec::len);
                loading.sky = Some(loading.feed.add(&mut images, image));
                continue;
            }
        };
        for own in &layer.missing {
            let (id, error) = (&stage.0.surfaces[layer.surface].id, &own.error);
            error!("surface {id}: {error}");
            loading.problems.push(format!("surface {id}: {error}"));
        }
        if !layer.missing.is_empty() {
            commands.spawn(MissingImages {
                surface: layer.surface,
                layer: layer.layer,
                names: layer.missing.into_iter().map(|own| own.name).collect(),
            });
        }
        let [base_color, normal, orm] = layer.images;
        let mut add = |image: Option<Image>| {
            image.map(|image| {
                loading.texture_bytes += image.data.as_ref().map_or(0, Vec::len);
                loading.feed.add(&mut images, image)
            })
        };
        let handles = ScanLayer {
            base_color: add(base_color),
            normal: add(normal),
            orm: add(orm),
        };
        let place = |own: &mut SurfaceImages| own.layers[layer.layer] = handles.clone();
        if let Some(mut own) = surfaces.iter_mut().find(|own| own.surface == layer.surface) {
            place(&mut own);
        } else if let Some(own) = fresh.iter_mut().find(|own| own.surface == layer.surface) {
            place(own);
        } else {
            let count = stage.0.surfaces[layer.surface].layers.len();
            let mut own = SurfaceImages {
                surface: layer.surface,
                layers: vec![ScanLayer::default(); count],
            };
            place(&mut own);
            fresh.push(own);
        }
    }
    for own in fresh {
        commands.spawn(own);
    }
}
