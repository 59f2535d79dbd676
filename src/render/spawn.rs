//! Loads the stage's models on worker threads and hands them to Bevy, a slice a frame.
//!
//! A model that cannot be read becomes a calm placeholder with its name in the log; the
//! rest of the exhibit goes on.

use super::{
    Quality,
    scan::{ScanLayer, ScanLight, ScanMaterial},
    upload::{self, Prepared},
};
use crate::{
    bake::{
        self,
        collide::{Collider, CollisionCache, Soup, Surface},
        model,
    },
    exhibit::{
        orbit::Orbit,
        stage::{self, Shading, Stage},
        visitor::Rock,
    },
};
use bevy::{camera::primitives::Aabb, math::DAffine3, prelude::*};
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc::{Receiver, TryRecvError, channel},
    },
};

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Loading>()
        .init_resource::<HandOverBudget>()
        .init_resource::<Rock>()
        .add_message::<ModelLoaded>()
        .add_systems(
            PreUpdate,
            (receive_models, hand_over, receive_images, receive_rock)
                .chain()
                .in_set(LoadingSystems::HandOver),
        );
}

/// When models arrive.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoadingSystems {
    /// Decoded data becomes entities and assets.
    HandOver,
}

/// Bytes of vertex data handed to the GPU in one frame at most.
#[derive(Resource, Debug, Clone, Copy)]
pub struct HandOverBudget {
    /// Beyond it the rest waits for the next frame.
    pub bytes: usize,
}

impl Default for HandOverBudget {
    fn default() -> Self {
        // About 10 ms of copying on the slowest machine we know.
        Self { bytes: 24 << 20 }
    }
}

/// The root entity of a placed mesh.
#[derive(Component, Debug, Clone, PartialEq, Eq)]
pub struct PlacedMesh {
    /// The author's id.
    pub id: String,
    /// Index into [`Stage::meshes`].
    pub index: usize,
}

/// The material a part was given, by its name in the file.
#[derive(Component, Debug, Clone, PartialEq, Eq)]
pub struct MaterialName(pub String);

/// A model is whole, or its placeholder stands.
#[derive(Message, Debug, Clone)]
pub struct ModelLoaded {
    /// Index into [`Stage::meshes`].
    pub index: usize,
    /// Bounds in world, when it has any.
    pub bounds: Option<(Vec3, Vec3)>,
    /// Triangles.
    pub triangles: usize,
    /// Why there is only a placeholder.
    pub error: Option<String>,
}

/// How far loading is.
#[derive(Resource, Default)]
pub struct Loading {
    models: Option<Mutex<Receiver<Decoded>>>,
    images: Option<Mutex<Receiver<DecodedLayer>>>,
    rock: Option<Mutex<Receiver<Collider>>>,
    waiting: VecDeque<HandOver>,
    models_open: usize,
    images_open: usize,
    total_permille: u32,
    permille: Vec<Arc<AtomicU32>>,
    /// What went wrong, in words.
    pub problems: Vec<String>,
    /// Bounds of everything shown, in world.
    pub bounds: Option<(Vec3, Vec3)>,
    /// Where to look at a bare model from.
    pub orbit: Option<Orbit>,
    /// Triangles handed over.
    pub triangles: usize,
    /// Bytes of textures handed over.
    pub texture_bytes: usize,
    /// Bytes of vertices and indices handed over.
    pub mesh_bytes: usize,
}

impl Loading {
    /// Everything is on its way to the GPU.
    pub fn is_done(&self) -> bool {
        self.models_open == 0
            && self.images_open == 0
            && self.waiting.is_empty()
            && self.rock.is_none()
    }

    /// 0 to 1.
    pub fn fraction(&self) -> f32 {
        if self.is_done() || self.total_permille == 0 {
            return if self.is_done() { 1.0 } else { 0.0 };
        }
        let read: u32 = self
            .permille
            .iter()
            .map(|permille| permille.load(Ordering::Relaxed))
            .sum();
        read as f32 / self.total_permille as f32
    }
}

struct Decoded {
    index: usize,
    result: Result<Prepared, String>,
    orbit: Option<Orbit>,
}

struct DecodedLayer {
    surface: usize,
    layer: usize,
    images: Result<[Option<Image>; 3], String>,
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

/// Visitors are to bump into the rock: colliders are built while loading.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct WantsCollision(pub bool);

/// Starts reading everything on the stage; what is already shown stays until its
/// replacement has come.
pub fn start_loading(world: &mut World, stage: &Stage) {
    let (send_model, models) = channel();
    let (send_image, images) = channel();
    let (send_rock, rock) = channel();
    let mut permille = Vec::new();
    let wants_collision = world
        .get_resource::<WantsCollision>()
        .is_some_and(|wants| wants.0);
    let soup = Arc::new(Mutex::new((Soup::default(), stage.meshes.len())));
    let is_bare = stage.is_bare;
    let anisotropy = world
        .get_resource::<Quality>()
        .copied()
        .unwrap_or(Quality::Medium)
        .anisotropy();
    for (index, mesh) in stage.meshes.iter().enumerate() {
        let progress = Arc::new(AtomicU32::new(0));
        permille.push(progress.clone());
        let mesh = mesh.clone();
        let send = send_model.clone();
        let (soup, send_rock) = (soup.clone(), send_rock.clone());
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
                let is_last = wants_collision && add_to_soup(&soup, model.as_ref().ok(), &mesh);
                let result = model
                    .map(|model| {
                        upload::prepare(model, anisotropy, |material| {
                            is_full(material, mesh.shading)
                        })
                    })
                    .map_err(|error| error.to_string());
                (result, orbit, is_last)
            });
            let (result, orbit, is_last) = std::panic::catch_unwind(work).unwrap_or_else(|_| {
                let error = "reading it failed by a fault of Grotto; please report it";
                (Err(error.to_owned()), None, false)
            });
            progress.store(1000, Ordering::Relaxed);
            // Nobody listens when the exhibit has been closed meanwhile.
            drop(send.send(Decoded {
                index,
                result,
                orbit,
            }));
            if is_last {
                let mut soup = soup.lock().unwrap_or_else(PoisonError::into_inner);
                drop(send_rock.send(build_collider(std::mem::take(&mut soup.0))));
            }
        });
    }
    let mut images_open = 0;
    for (surface_index, surface) in stage.surfaces.iter().enumerate() {
        for (layer_index, layer) in surface.layers.iter().enumerate() {
            images_open += 1;
            let layer = layer.clone();
            let send = send_image.clone();
            rayon::spawn(move || {
                drop(send.send(DecodedLayer {
                    surface: surface_index,
                    layer: layer_index,
                    images: read_layer(&layer, anisotropy),
                }));
            });
        }
    }
    world.insert_resource(Loading {
        total_permille: 1000 * stage.meshes.len() as u32,
        models_open: stage.meshes.len(),
        images_open,
        permille,
        models: Some(Mutex::new(models)),
        images: Some(Mutex::new(images)),
        rock: wants_collision.then(|| Mutex::new(rock)),
        ..Loading::default()
    });
}

/// Adds what collides of a model; true for the last model of the stage.
fn add_to_soup(
    soup: &Mutex<(Soup, usize)>,
    model: Option<&model::Model>,
    mesh: &stage::StagedMesh,
) -> bool {
    let mut soup = soup.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(model) = model {
        let world = DAffine3::from_scale_rotation_translation(
            mesh.scale.as_dvec3(),
            mesh.rotation_in_world.as_dquat(),
            mesh.translation_in_world.as_dvec3(),
        );
        let added = soup.0.add_model(model, world, |index, node| {
            let names = || ancestry(model, index);
            Surface {
                collides: node.is_visible
                    && (mesh.collides.holds(names()) || mesh.walkable.holds(names())),
                is_walkable: mesh.walkable.holds(names()),
            }
        });
        if let Err(error) = added {
            warn!("{}: visitors will walk through it: {error}", mesh.id);
        }
    }
    soup.1 -= 1;
    soup.1 == 0
}

/// Names of a node and of its ancestors.
fn ancestry(model: &model::Model, index: usize) -> impl Iterator<Item = &str> {
    std::iter::successors(model.nodes.get(index), |node| {
        node.parent.and_then(|parent| model.nodes.get(parent))
    })
    .filter_map(|node| node.name.as_deref())
}

/// The collider, from the cache where it is known.
fn build_collider(soup: Soup) -> Collider {
    match crate::dirs::cache_dir() {
        Some(folder) => {
            CollisionCache::new(folder.join("collision"))
                .load_or_build(soup)
                .0
        }
        None => Collider::build(soup),
    }
}

fn receive_rock(mut loading: ResMut<Loading>, mut rock: ResMut<Rock>) {
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

fn read_layer(layer: &stage::StagedLayer, anisotropy: u16) -> Result<[Option<Image>; 3], String> {
    let read = |path: &Option<PathBuf>, usage| -> Result<Option<Image>, String> {
        let Some(path) = path else { return Ok(None) };
        bake::read_image(
            path,
            usage,
            model::Alpha::Opaque,
            &bake::ReadOptions::default(),
        )
        .map(|image| {
            let wrap = [model::Wrap::Repeat; 2];
            Some(upload::prepare_image(
                image,
                upload::sampler(wrap, false, anisotropy),
            ))
        })
        .map_err(|error| error.to_string())
    };
    Ok([
        read(&layer.base_color, model::ImageUse::Color)?,
        read(&layer.normal, model::ImageUse::Normal)?,
        read(&layer.orm, model::ImageUse::Data)?,
    ])
}

/// Whether a material is drawn with `StandardMaterial`.
fn is_full(material: Option<&model::Material>, shading: Shading) -> bool {
    match shading {
        Shading::Full => true,
        Shading::Scan | Shading::Unlit => false,
        Shading::Auto => material.is_some_and(|material| material.needs_full_pbr),
    }
}

/// A model that is being turned into entities.
struct HandOver {
    index: usize,
    prepared: Prepared,
    root: Entity,
    nodes: Vec<Entity>,
    materials: Vec<MaterialHandle>,
    /// Node and draw pairs still to spawn.
    parts: VecDeque<(usize, usize)>,
    meshes: Vec<Option<Handle<Mesh>>>,
    bounds: Option<(Vec3, Vec3)>,
}

#[derive(Clone)]
enum MaterialHandle {
    Scan(Handle<ScanMaterial>),
    Full(Handle<StandardMaterial>),
}

fn receive_models(
    mut commands: Commands,
    mut loading: ResMut<Loading>,
    stage: Option<Res<CurrentStage>>,
    mut images: ResMut<Assets<Image>>,
    mut scans: ResMut<Assets<ScanMaterial>>,
    mut standards: ResMut<Assets<StandardMaterial>>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut loaded: MessageWriter<ModelLoaded>,
    shown: Query<(Entity, &PlacedMesh)>,
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
    } in arrived
    {
        loading.models_open -= 1;
        loading.orbit = orbit;
        let staged = &stage.0.meshes[index];
        // What it replaces goes in the same frame in which it comes.
        for (old, placed) in &shown {
            if placed.index == index || placed.index >= stage.0.meshes.len() {
                commands.entity(old).despawn();
            }
        }
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
        match result {
            Ok(mut prepared) => {
                let handles: Vec<Option<Handle<Image>>> = std::mem::take(&mut prepared.images)
                    .into_iter()
                    .map(|image| {
                        image.map(|image| {
                            loading.texture_bytes += image.data.as_ref().map_or(0, Vec::len);
                            images.add(image)
                        })
                    })
                    .collect();
                let mut materials: Vec<MaterialHandle> = (0..prepared.materials.len())
                    .map(|at| {
                        let material = &prepared.materials[at];
                        if is_full(Some(material), staged.shading) {
                            MaterialHandle::Full(standards.add(standard(material, &handles)))
                        } else {
                            let is_baked = prepared
                                .draws
                                .iter()
                                .any(|draw| draw.material == Some(at) && draw.is_baked);
                            MaterialHandle::Scan(scans.add(scan(
                                material,
                                &handles,
                                &stage.0,
                                staged.shading,
                                is_baked,
                            )))
                        }
                    })
                    .collect();
                // The last one serves primitives without a material.
                let is_baked = prepared.draws.iter().any(|draw| draw.is_baked);
                materials.push(MaterialHandle::Scan(scans.add(scan(
                    &model::Material::default(),
                    &[],
                    &stage.0,
                    staged.shading,
                    is_baked,
                ))));
                let nodes = spawn_nodes(&mut commands, root, &prepared);
                let parts = prepared
                    .nodes
                    .iter()
                    .enumerate()
                    .flat_map(|(node, own)| own.draws.iter().map(move |draw| (node, *draw)))
                    .collect();
                let meshes = vec![None; prepared.draws.len()];
                loading.triangles += prepared.triangles;
                loading.waiting.push_back(HandOver {
                    index,
                    prepared,
                    root,
                    nodes,
                    materials,
                    parts,
                    meshes,
                    bounds: None,
                });
            }
            Err(error) => {
                error!("{}: {error}", staged.id);
                loading.problems.push(format!("{}: {error}", staged.id));
                placeholder(&mut commands, root, &mut meshes, &mut standards);
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

/// A plain grey block of one metre: calm, and plainly not the exhibit.
fn placeholder(
    commands: &mut Commands,
    root: Entity,
    meshes: &mut Assets<Mesh>,
    materials: &mut Assets<StandardMaterial>,
) {
    commands.spawn((
        ChildOf(root),
        Mesh3d(meshes.add(Cuboid::new(1.0, 1.0, 1.0))),
        MeshMaterial3d(materials.add(StandardMaterial {
            base_color: Color::srgb(0.35, 0.36, 0.38),
            perceptual_roughness: 1.0,
            unlit: true,
            ..default()
        })),
        Transform::from_xyz(0.0, 0.5, 0.0),
    ));
}

fn spawn_nodes(commands: &mut Commands, root: Entity, prepared: &Prepared) -> Vec<Entity> {
    let mut nodes: Vec<Entity> = Vec::with_capacity(prepared.nodes.len());
    for node in &prepared.nodes {
        let parent = node.parent.map_or(root, |parent| nodes[parent]);
        let visibility = if node.is_visible {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        };
        let mut entity = commands.spawn((ChildOf(parent), node.transform, visibility));
        if let Some(name) = &node.name {
            entity.insert(Name::new(name.clone()));
        }
        if let Some(light) = node.light.and_then(|light| prepared.lights.get(light)) {
            insert_light(&mut entity, light);
        }
        nodes.push(entity.id());
    }
    nodes
}

/// `KHR_lights_punctual` gives candela; Bevy takes lumens of a light that shines all around.
fn insert_light(entity: &mut EntityCommands, light: &model::Light) {
    let color = Color::LinearRgba(LinearRgba::rgb(
        light.color[0],
        light.color[1],
        light.color[2],
    ));
    let lumens = light.intensity * 4.0 * std::f32::consts::PI;
    let range = light.range_m.unwrap_or(20.0);
    match light.kind {
        model::LightKind::Directional => {
            entity.insert(DirectionalLight {
                color,
                illuminance: light.intensity,
                ..default()
            });
        }
        model::LightKind::Point => {
            entity.insert(PointLight {
                color,
                intensity: lumens,
                range,
                ..default()
            });
        }
        model::LightKind::Spot {
            inner_rad,
            outer_rad,
        } => {
            entity.insert(SpotLight {
                color,
                intensity: lumens,
                range,
                inner_angle: inner_rad,
                outer_angle: outer_rad,
                ..default()
            });
        }
    }
}

fn hand_over(
    mut commands: Commands,
    mut loading: ResMut<Loading>,
    budget: Res<HandOverBudget>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut loaded: MessageWriter<ModelLoaded>,
    placed: Query<&Transform, With<PlacedMesh>>,
) {
    let mut left = budget.bytes;
    while let Some(mut work) = loading.waiting.pop_front() {
        while let Some((node, draw)) = work.parts.pop_front() {
            let world = world_from_node(&work.prepared, node);
            let part = &mut work.prepared.draws[draw];
            if let Some(mesh) = part.mesh.take() {
                left = left.saturating_sub(part.bytes);
                loading.mesh_bytes += part.bytes;
                work.meshes[draw] = Some(meshes.add(mesh));
            }
            let last = work.materials.len() - 1;
            let at = part.material.filter(|at| *at < last).unwrap_or(last);
            let mut entity =
                commands.spawn((ChildOf(work.nodes[node]), part.aabb, Transform::IDENTITY));
            if let Some(mesh) = &work.meshes[draw] {
                entity.insert(Mesh3d(mesh.clone()));
            }
            match &work.materials[at] {
                MaterialHandle::Scan(handle) => entity.insert(MeshMaterial3d(handle.clone())),
                MaterialHandle::Full(handle) => entity.insert(MeshMaterial3d(handle.clone())),
            };
            if let Some(name) = work.prepared.materials.get(at).and_then(|m| m.name.clone()) {
                entity.insert(MaterialName(name));
            }
            work.bounds = Some(grow(work.bounds, &part.aabb, world));
            if left == 0 {
                break;
            }
        }
        if !work.parts.is_empty() {
            loading.waiting.push_front(work);
            return;
        }
        let bounds = work.bounds.map(|(min, max)| {
            let transform = placed.get(work.root).copied().unwrap_or_default();
            transform_bounds(&transform.compute_affine(), min, max)
        });
        if let Some((min, max)) = bounds {
            let (all_min, all_max) = loading.bounds.unwrap_or((min, max));
            loading.bounds = Some((all_min.min(min), all_max.max(max)));
        }
        loaded.write(ModelLoaded {
            index: work.index,
            bounds,
            triangles: work.prepared.triangles,
            error: None,
        });
    }
}

fn world_from_node(prepared: &Prepared, node: usize) -> bevy::math::Affine3A {
    let mut affine = prepared.nodes[node].transform.compute_affine();
    let mut at = prepared.nodes[node].parent;
    while let Some(parent) = at {
        affine = prepared.nodes[parent].transform.compute_affine() * affine;
        at = prepared.nodes[parent].parent;
    }
    affine
}

fn grow(bounds: Option<(Vec3, Vec3)>, aabb: &Aabb, affine: bevy::math::Affine3A) -> (Vec3, Vec3) {
    let (min, max) = transform_bounds(&affine, aabb.min().into(), aabb.max().into());
    bounds.map_or((min, max), |(a, b)| (a.min(min), b.max(max)))
}

fn transform_bounds(affine: &bevy::math::Affine3A, min: Vec3, max: Vec3) -> (Vec3, Vec3) {
    let mut low = Vec3::splat(f32::INFINITY);
    let mut high = Vec3::splat(f32::NEG_INFINITY);
    for corner in 0..8 {
        let pick = |bit: usize, a: f32, b: f32| if corner & bit == 0 { a } else { b };
        let at = affine.transform_point3(Vec3::new(
            pick(1, min.x, max.x),
            pick(2, min.y, max.y),
            pick(4, min.z, max.z),
        ));
        low = low.min(at);
        high = high.max(at);
    }
    (low, high)
}

/// The stage being shown.
#[derive(Resource)]
pub struct CurrentStage(pub Arc<Stage>);

/// Images of the layers of the surfaces, as they arrive.
#[derive(Component, Debug, Clone)]
pub struct SurfaceImages {
    /// Index into [`Stage::surfaces`].
    pub surface: usize,
    /// Images a layer, in the author's order.
    pub layers: Vec<ScanLayer>,
}

fn receive_images(
    mut commands: Commands,
    mut loading: ResMut<Loading>,
    stage: Option<Res<CurrentStage>>,
    mut images: ResMut<Assets<Image>>,
    mut surfaces: Query<&mut SurfaceImages>,
) {
    let Some(stage) = stage else { return };
    let arrived: Vec<DecodedLayer> = match &loading.images {
        Some(receiver) => receiver
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_iter()
            .collect(),
        None => return,
    };
    let mut fresh: Vec<SurfaceImages> = Vec::new();
    for layer in arrived {
        loading.images_open -= 1;
        let [base_color, normal, orm] = match layer.images {
            Ok(images) => images,
            Err(error) => {
                let id = &stage.0.surfaces[layer.surface].id;
                error!("surface {id}: {error}");
                loading.problems.push(format!("surface {id}: {error}"));
                continue;
            }
        };
        let mut add = |image: Option<Image>| {
            image.map(|image| {
                loading.texture_bytes += image.data.as_ref().map_or(0, Vec::len);
                images.add(image)
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

/// The light of a stage as the scan shader takes it.
pub fn scan_light(stage: &Stage) -> ScanLight {
    let rgb = |c: [f32; 3]| LinearRgba::rgb(c[0], c[1], c[2]);
    let bake = stage.bake.unwrap_or_default();
    ScanLight {
        daylight_lux: rgb(bake.daylight),
        daylight_from: bake.daylight_from,
        lamps_a_lux: (rgb(bake.lamps_a.0), bake.lamps_a.1),
        lamps_b_lux: (rgb(bake.lamps_b.0), bake.lamps_b.1),
        ambient_lux: rgb(stage.air.ambient),
    }
}

fn scan(
    material: &model::Material,
    handles: &[Option<Handle<Image>>],
    stage: &Stage,
    shading: Shading,
    is_baked: bool,
) -> ScanMaterial {
    let image = |texture: &Option<model::TextureRef>| {
        texture
            .as_ref()
            .and_then(|texture| handles.get(texture.image).cloned().flatten())
    };
    let same_image = match (
        &material.occlusion_texture,
        &material.metallic_roughness_texture,
    ) {
        (Some(a), Some(b)) => a.image == b.image,
        _ => false,
    };
    let c = material.base_color;
    ScanMaterial {
        base_color: LinearRgba::new(c[0], c[1], c[2], c[3]),
        base_color_texture: image(&material.base_color_texture),
        normal_texture: image(&material.normal_texture),
        orm_texture: image(&material.metallic_roughness_texture),
        occlusion_texture: if same_image {
            None
        } else {
            image(&material.occlusion_texture)
        },
        has_occlusion_in_orm: same_image,
        emissive_texture: image(&material.emissive_texture),
        emissive: LinearRgba::rgb(
            material.emissive[0],
            material.emissive[1],
            material.emissive[2],
        ),
        roughness: material.roughness,
        metallic: material.metallic,
        occlusion_strength: material.occlusion_strength,
        normal_scale: material.normal_scale,
        uv_transform: material
            .base_color_texture
            .as_ref()
            .map_or([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], |t| t.uv_transform),
        alpha_mode: alpha_mode(material.alpha),
        is_double_sided: material.is_double_sided,
        is_unlit: material.is_unlit || shading == Shading::Unlit,
        is_studio: stage.is_bare,
        is_baked: is_baked && stage.bake.is_some(),
        light: scan_light(stage),
        ..default()
    }
}

fn alpha_mode(alpha: model::Alpha) -> AlphaMode {
    match alpha {
        model::Alpha::Opaque => AlphaMode::Opaque,
        model::Alpha::Mask(cutoff) => AlphaMode::Mask(cutoff),
        model::Alpha::Blend => AlphaMode::Blend,
    }
}

fn standard(material: &model::Material, handles: &[Option<Handle<Image>>]) -> StandardMaterial {
    let image = |texture: &Option<model::TextureRef>| {
        texture
            .as_ref()
            .and_then(|texture| handles.get(texture.image).cloned().flatten())
    };
    let channel = |texture: &Option<model::TextureRef>| match texture {
        Some(texture) if texture.uv_set == 1 => bevy::mesh::UvChannel::Uv1,
        _ => bevy::mesh::UvChannel::Uv0,
    };
    let c = material.base_color;
    let (clearcoat, clearcoat_perceptual_roughness) = material.clearcoat.unwrap_or((0.0, 0.5));
    StandardMaterial {
        base_color: Color::LinearRgba(LinearRgba::new(c[0], c[1], c[2], c[3])),
        base_color_texture: image(&material.base_color_texture),
        base_color_channel: channel(&material.base_color_texture),
        metallic: material.metallic,
        perceptual_roughness: material.roughness,
        metallic_roughness_texture: image(&material.metallic_roughness_texture),
        metallic_roughness_channel: channel(&material.metallic_roughness_texture),
        normal_map_texture: image(&material.normal_texture),
        normal_map_channel: channel(&material.normal_texture),
        occlusion_texture: image(&material.occlusion_texture),
        occlusion_channel: channel(&material.occlusion_texture),
        emissive: LinearRgba::rgb(
            material.emissive[0],
            material.emissive[1],
            material.emissive[2],
        ),
        emissive_texture: image(&material.emissive_texture),
        emissive_channel: channel(&material.emissive_texture),
        alpha_mode: alpha_mode(material.alpha),
        double_sided: material.is_double_sided,
        cull_mode: if material.is_double_sided {
            None
        } else {
            Some(bevy::render::render_resource::Face::Back)
        },
        unlit: material.is_unlit,
        clearcoat,
        clearcoat_perceptual_roughness,
        specular_transmission: material.transmission,
        ior: material.ior,
        uv_transform: material
            .base_color_texture
            .as_ref()
            .map_or(bevy::math::Affine2::IDENTITY, |t| {
                upload::affine(t.uv_transform)
            }),
        ..default()
    }
}
