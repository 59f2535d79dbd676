//! The threads that read models, images of surfaces, and what visitors bump into.

use super::{
    LayersWanted, Loading, PlacedMesh, Textures, WantsCollision, change_over::Leaving,
    missing::MissingImages,
};
use crate::{
    bake::{
        self,
        collide::{Collider, Mover, Soup},
        model,
    },
    exhibit::{
        grounds::{self, StagedGround},
        orbit::Orbit,
        rock,
        spots::{Patches, Wanted},
        stage::{self, Shading, Stage, StagedSky, StagedSurface},
    },
    render::{
        detail::{self, DetailWanted},
        feed::Feed,
        seen::SeenWanted,
        upload::{self, Prepared},
    },
};
use bevy::{math::DAffine3, prelude::*};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc::{Sender, channel},
    },
};

pub(super) struct Decoded {
    pub(super) index: usize,
    pub(super) result: Result<Prepared, String>,
    pub(super) orbit: Option<Orbit>,
    /// Where its surfaces are, by their indices.
    pub(super) facings: Vec<(usize, bake::Facing)>,
}

/// An image of the stage.
pub(super) enum DecodedImage {
    Layer(Box<DecodedLayer>),
    Sky(Box<Result<Image, String>>),
}

pub(super) struct DecodedLayer {
    pub(super) surface: usize,
    pub(super) layer: usize,
    pub(super) images: [Option<Image>; 3],
    /// Those that could not be read.
    pub(super) missing: Vec<MissingImage>,
}

pub(super) struct MissingImage {
    /// The file's name.
    pub(super) name: String,
    pub(super) error: String,
}

/// Progress of one model in thousandths, as the reader reports it: geometry and images go
/// on side by side and count half each.
struct Permille {
    total: Arc<AtomicU32>,
    geometry: AtomicU32,
    images: AtomicU32,
}

impl bake::Progress for Permille {
    fn report(&self, phase: bake::Phase, fraction: f32) {
        let half = (fraction.clamp(0.0, 1.0) * 500.0) as u32;
        match phase {
            bake::Phase::Geometry => self.geometry.store(half, Ordering::Relaxed),
            bake::Phase::Images => self.images.store(half, Ordering::Relaxed),
            bake::Phase::Opening | bake::Phase::Finishing => return,
        }
        let sum = self.geometry.load(Ordering::Relaxed) + self.images.load(Ordering::Relaxed);
        self.total.store(sum.min(999), Ordering::Relaxed);
    }
}

/// Vertical field of view for a bare model, radians.
pub const BARE_FOV_RAD: f32 = std::f32::consts::FRAC_PI_3;

/// How a stage is read.
pub(in crate::render) struct Wishes {
    /// What visitors bump into is made as well.
    pub(in crate::render) collision: bool,
    /// What images become.
    pub(in crate::render) textures: Textures,
    /// Which layers of surfaces are read.
    pub(in crate::render) layers: LayersWanted,
    /// Coarser levels are made as well.
    pub(in crate::render) coarsening: Option<detail::Coarsening>,
    /// What is seen of scans is found by a thread, see [`crate::render::seen`].
    pub(in crate::render) is_looked_at: bool,
}

impl Wishes {
    fn of(world: &mut World) -> Self {
        let wants_levels = world
            .get_resource::<DetailWanted>()
            .is_some_and(|wanted| wanted.0);
        Self {
            collision: world
                .get_resource::<WantsCollision>()
                .is_some_and(|wants| wants.0),
            textures: Textures::of(world),
            layers: world
                .get_resource::<LayersWanted>()
                .copied()
                .unwrap_or_default(),
            coarsening: wants_levels.then(|| {
                let (coarsening, arriving) = detail::Coarsening::new();
                world.insert_resource(arriving);
                coarsening
            }),
            is_looked_at: super::is_cpu(world)
                && world
                    .get_resource::<SeenWanted>()
                    .is_some_and(|wanted| wanted.0),
        }
    }
}

/// A stage that is being read.
pub(in crate::render) struct Reading {
    loading: Loading,
    patches: Patches,
    meshes: usize,
}

/// Starts reading everything on the stage; what is already shown stays until its
/// replacement has come.
pub fn start_loading(world: &mut World, stage: &Stage) {
    let wishes = Wishes::of(world);
    let reading = start_reading(stage, wishes);
    receive_from(world, reading);
}

/// Starts the threads that read a stage, for an app that is yet to be made.
pub(in crate::render) fn start_reading(stage: &Stage, wishes: Wishes) -> Reading {
    let Wishes {
        collision: wants_collision,
        textures,
        layers,
        coarsening,
        is_looked_at,
    } = wishes;
    let (send_model, models) = channel();
    let (send_image, images) = channel();
    let (send_rock, rock) = channel();
    let mut permille = Vec::new();
    let solids = Arc::new(Mutex::new(Solids {
        models_open: stage.meshes.len(),
        ..Solids::default()
    }));
    let grounds: Arc<[StagedGround]> = stage.grounds.as_slice().into();
    let is_bare = stage.is_bare;
    let anisotropy = textures.anisotropy;
    let patches = Patches::default();
    for (index, mesh) in stage.meshes.iter().enumerate() {
        let wanted = Wanted::on_mesh(stage.story.as_deref(), index);
        let put_patches = patches.sink();
        let progress = Arc::new(AtomicU32::new(0));
        permille.push(progress.clone());
        let mut mesh = mesh.clone();
        mesh.options.compression = textures.compression;
        mesh.options.has_bc = textures.has_bc;
        mesh.options.texture_folder = texture_folder();
        mesh.options.replaced = replaced(&stage.surfaces, index, mesh.shading);
        let send = send_model.clone();
        let (solids, send_rock) = (solids.clone(), send_rock.clone());
        let grounds = grounds.clone();
        let coarsening = coarsening.clone();
        let targets = stage.surfaces.iter().enumerate();
        let own_surfaces: Vec<(usize, String)> = targets
            .filter(|(_, surface)| surface.mesh == index)
            .map(|(at, surface)| (at, surface.target.clone()))
            .collect();
        rayon::spawn(move || {
            let watch = Permille {
                total: progress.clone(),
                geometry: AtomicU32::new(0),
                images: AtomicU32::new(0),
            };
            // A bug in a decoder costs its model, never the exhibit.
            let work = std::panic::AssertUnwindSafe(|| {
                let model = bake::read_model(&mesh.path, &mesh.options, &watch);
                let orbit = model.as_ref().ok().filter(|_| is_bare).and_then(|model| {
                    Orbit::around_model(model, DAffine3::IDENTITY, BARE_FOV_RAD, 16.0 / 9.0)
                });
                let facings = model.as_ref().map_or_else(
                    |_| Vec::new(),
                    |model| {
                        put_patches(wanted.cut(model, &mesh));
                        facings(model, &mesh, &own_surfaces)
                    },
                );
                let is_last =
                    wants_collision && add_solids(&solids, model.as_ref().ok(), &mesh, index);
                let result = model
                    .map(|model| {
                        upload::prepare(
                            model,
                            upload::Preparation {
                                anisotropy,
                                has_levels: coarsening.is_some(),
                                is_bare,
                                is_looked_at,
                            },
                            |material| is_full(material, mesh.shading),
                        )
                    })
                    .map_err(|error| error.to_string());
                (result, orbit, facings, is_last)
            });
            let (mut result, orbit, facings, is_last) = std::panic::catch_unwind(work)
                .unwrap_or_else(|_| {
                    let error = "reading it failed by a fault of Grotto; please report it";
                    (Err(error.to_owned()), None, Vec::new(), false)
                });
            progress.store(1000, Ordering::Relaxed);
            if let (Some(coarsening), Ok(prepared)) = (coarsening, &mut result) {
                coarsening.start(index, std::mem::take(&mut prepared.fine));
            }
            // Nobody listens when the exhibit has been closed meanwhile.
            drop(send.send(Decoded {
                index,
                result,
                orbit,
                facings,
            }));
            if is_last {
                let mut solids = solids.lock().unwrap_or_else(PoisonError::into_inner);
                send_collider(std::mem::take(&mut solids), &grounds, &send_rock);
            }
        });
    }
    if wants_collision && stage.meshes.is_empty() && !grounds.is_empty() {
        rayon::spawn(move || send_collider(Solids::default(), &grounds, &send_rock));
    }
    let mut images_open = 0;
    for (surface_index, surface) in stage.surfaces.iter().enumerate() {
        for (layer_index, layer) in surface.layers.iter().enumerate() {
            if layers == LayersWanted::Shown && layer_index != surface.shown {
                continue;
            }
            images_open += 1;
            let layer = layer.clone();
            let send = send_image.clone();
            rayon::spawn(move || {
                let (images, missing) = read_layer(&layer, textures);
                drop(send.send(DecodedImage::Layer(Box::new(DecodedLayer {
                    surface: surface_index,
                    layer: layer_index,
                    images,
                    missing,
                }))));
            });
        }
    }
    if let StagedSky::Panorama(path) = stage.sky.clone() {
        images_open += 1;
        let send = send_image.clone();
        rayon::spawn(move || {
            drop(send.send(DecodedImage::Sky(Box::new(read_sky(&path, textures)))));
        });
    }
    Reading {
        patches,
        meshes: stage.meshes.len(),
        loading: Loading {
            total_permille: 1000 * stage.meshes.len() as u32,
            models_open: stage.meshes.len(),
            images_open,
            permille,
            models: Some(Mutex::new(models)),
            images: Some(Mutex::new(images)),
            rock: wants_collision.then(|| Mutex::new(rock)),
            ..Loading::default()
        },
    }
}

/// What was started is what the app shows.
pub(in crate::render) fn receive_from(world: &mut World, reading: Reading) {
    let Reading {
        mut loading,
        patches,
        meshes,
    } = reading;
    // Meshes that are there no more.
    let gone: Vec<Entity> = world
        .query::<(Entity, &PlacedMesh)>()
        .iter(world)
        .filter_map(|(root, placed)| (placed.index >= meshes).then_some(root))
        .collect();
    for root in gone {
        world
            .entity_mut(root)
            .remove::<PlacedMesh>()
            .insert(Leaving);
    }
    // Signs of images that may be there now.
    let signs: Vec<Entity> = world
        .query_filtered::<Entity, With<MissingImages>>()
        .iter(world)
        .collect();
    for sign in signs {
        world.despawn(sign);
    }
    world.insert_resource(patches);
    loading.feed = world.get_resource::<Feed>().cloned().unwrap_or_default();
    world.insert_resource(loading);
}

/// The images of a mesh in whose place those of a layer are shown, from the first on and for
/// ever. What a layer cannot replace, as its file is not there, stays.
fn replaced(surfaces: &[StagedSurface], mesh: usize, shading: Shading) -> Vec<bake::Replaced> {
    if shading == Shading::Full {
        return Vec::new();
    }
    let is_there = |path: &Option<PathBuf>| path.as_ref().is_some_and(|path| path.is_file());
    let own = surfaces.iter().filter(|surface| surface.mesh == mesh);
    own.filter_map(|surface| {
        let shown = surface.layers.get(surface.shown)?;
        // A `?` is wild there and not here.
        (!surface.target.contains('?')).then(|| bake::Replaced {
            material: surface.target.clone(),
            base_color: is_there(&shown.base_color),
            normal: is_there(&shown.normal),
            orm: is_there(&shown.orm),
        })
    })
    .collect()
}

/// Where the surfaces of a mesh are, and which way they face.
fn facings(
    model: &model::Model,
    mesh: &stage::StagedMesh,
    surfaces: &[(usize, String)],
) -> Vec<(usize, bake::Facing)> {
    let world = DAffine3::from_scale_rotation_translation(
        mesh.scale.as_dvec3(),
        mesh.rotation_in_world.as_dquat(),
        mesh.translation_in_world.as_dvec3(),
    );
    let of = |(index, target): &(usize, String)| {
        let is_own = |name: &str| stage::matches(target, name);
        let facing = bake::facing(model, world, |node, material| {
            let name = material.and_then(|material| material.name.as_deref());
            name.is_some_and(is_own) || rock::ancestry(model, node).any(is_own)
        })?;
        Some((*index, facing))
    };
    surfaces.iter().filter_map(of).collect()
}

/// Where compressed textures are kept.
fn texture_folder() -> Option<PathBuf> {
    crate::dirs::cache_dir().map(|folder| folder.join("textures"))
}

/// What visitors bump into, as it gathers.
#[derive(Default)]
struct Solids {
    soup: Soup,
    movers: Vec<Mover>,
    models_open: usize,
}

/// Builds what visitors bump into and stand on, and sends it.
fn send_collider(mut solids: Solids, own: &[StagedGround], send: &Sender<Collider>) {
    if let Err(error) = grounds::add(&mut solids.soup, own) {
        warn!("nobody can stand on what was drawn to stand on: {error}");
    }
    drop(send.send(rock::build(solids.soup).with_movers(solids.movers)));
}

/// Adds what collides of a model; true for the last model of the stage.
fn add_solids(
    solids: &Mutex<Solids>,
    model: Option<&model::Model>,
    mesh: &stage::StagedMesh,
    index: usize,
) -> bool {
    let mut solids = solids.lock().unwrap_or_else(PoisonError::into_inner);
    let added = model.map(|model| rock::add_with_movers(&mut solids.soup, model, mesh, index));
    match added {
        Some(Ok(movers)) => solids.movers.extend(movers),
        Some(Err(error)) => warn!("{}: visitors will walk through it: {error}", mesh.id),
        None => {}
    }
    solids.models_open -= 1;
    solids.models_open == 0
}

/// What of a layer can be read, and what cannot.
fn read_layer(
    layer: &stage::StagedLayer,
    textures: Textures,
) -> ([Option<Image>; 3], Vec<MissingImage>) {
    let options = bake::ReadOptions {
        compression: textures.compression,
        has_bc: textures.has_bc,
        texture_folder: texture_folder(),
        ..bake::ReadOptions::default()
    };
    let mut missing = Vec::new();
    let mut read = |path: &Option<PathBuf>, usage| {
        let path = path.as_ref()?;
        let sampler = upload::sampler([model::Wrap::Repeat; 2], false, textures.anisotropy);
        match bake::read_image(path, usage, model::Alpha::Opaque, &options) {
            Ok(image) => Some(upload::prepare_image(image, sampler)),
            Err(error) => {
                let name = path.file_name().unwrap_or_default();
                missing.push(MissingImage {
                    name: name.to_string_lossy().into_owned(),
                    error: error.to_string(),
                });
                None
            }
        }
    };
    let images = [
        read(&layer.base_color, model::ImageUse::Color),
        read(&layer.normal, model::ImageUse::Normal),
        read(&layer.orm, model::ImageUse::Data),
    ];
    (images, missing)
}

fn read_sky(path: &Path, textures: Textures) -> Result<Image, String> {
    let options = bake::ReadOptions {
        compression: textures.compression,
        has_bc: textures.has_bc,
        texture_folder: texture_folder(),
        ..bake::ReadOptions::default()
    };
    // Round the horizon it goes on; at the poles it ends.
    let wrap = [model::Wrap::Repeat, model::Wrap::Clamp];
    bake::read_image(path, model::ImageUse::Color, model::Alpha::Opaque, &options)
        .map(|image| upload::prepare_image(image, upload::sampler(wrap, false, 4)))
        .map_err(|error| error.to_string())
}

/// Whether a material is drawn with `StandardMaterial`.
pub(super) fn is_full(material: Option<&model::Material>, shading: Shading) -> bool {
    match shading {
        Shading::Full => true,
        Shading::Scan | Shading::Unlit => false,
        Shading::Auto => material.is_some_and(|material| material.needs_full_pbr),
    }
}
