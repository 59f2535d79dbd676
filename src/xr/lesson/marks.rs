//! What the first minute looks like: a light, a ring on the ground, a trail that shows the way.

use super::{Course, LIGHT_M, is_reading};
use crate::{
    render::scan::ScanMaterial,
    visit::{first_minute::Lesson, point::Pointer, session::Phase},
    xr::{body::Body, cards::Cards, eyes::EyeSystems, hands::Hands, life::Life, menu::HandMenu},
};
use bevy::{
    asset::RenderAssetUsages,
    light::NotShadowCaster,
    math::ops,
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, spawn).add_systems(
        PostUpdate,
        show.after(EyeSystems).before(TransformSystems::Propagate),
    );
}

/// The light breathes this often a second: far below what could flash (WCAG 2.3.1).
const BREATH_HZ: f32 = 0.4;
/// Farther away than this the light grows with the distance, metres.
const FULL_SIZE_M: f32 = 1.1;

#[derive(Component)]
struct Light;
#[derive(Component)]
struct Ring;
/// A bead of the trail that shows the way, by its place in it.
#[derive(Component)]
struct Bead(u32);
const BEADS: u32 = 7;
/// The side of a bead's soft glow, radians: 5 degrees, of which the middle third is seen.
const BEAD_RAD: f32 = 0.09;

fn spawn(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    mut images: ResMut<Assets<Image>>,
) {
    let glow = |r: f32, g: f32, b: f32, alpha: f32| ScanMaterial {
        base_color: LinearRgba::new(r, g, b, alpha),
        is_unlit: true,
        is_double_sided: true,
        alpha_mode: AlphaMode::Blend,
        ..default()
    };
    let core = materials.add(glow(1.0, 0.82, 0.48, 1.0));
    let halo = materials.add(ScanMaterial {
        base_color_texture: Some(images.add(halo_picture())),
        ..glow(1.0, 0.68, 0.30, 0.75)
    });
    let sphere = meshes.add(Sphere::new(1.0));
    let hidden = (Transform::default(), Visibility::Hidden);
    commands.spawn((
        Name::new("first light"),
        Light,
        hidden,
        children![
            (
                Mesh3d(sphere.clone()),
                MeshMaterial3d(core.clone()),
                Transform::from_scale(Vec3::splat(LIGHT_M * 0.55)),
                NotShadowCaster,
            ),
            (
                Mesh3d(meshes.add(Rectangle::from_length(LIGHT_M * 6.0))),
                MeshMaterial3d(halo.clone()),
                Transform::default(),
                NotShadowCaster,
            ),
        ],
    ));
    commands.spawn((
        Ring,
        Mesh3d(meshes.add(Torus::new(0.24, 0.28).mesh())),
        MeshMaterial3d(core.clone()),
        NotShadowCaster,
        Transform::default(),
        Visibility::Hidden,
    ));
    let spark = meshes.add(Rectangle::from_length(1.0));
    for bead in 0..BEADS {
        commands.spawn((
            Bead(bead),
            Mesh3d(spark.clone()),
            MeshMaterial3d(halo.clone()),
            NotShadowCaster,
            Transform::default(),
            Visibility::Hidden,
        ));
    }
}

/// A glow that ends softly.
fn halo_picture() -> Image {
    const SIDE: u32 = 64;
    let mut texels = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let at = Vec2::new(column as f32 + 0.5, row as f32 + 0.5) / SIDE as f32 * 2.0 - 1.0;
            let near = (1.0 - at.length()).max(0.0);
            texels.extend([255, 255, 255, (near * near * near * 255.0) as u8]);
        }
    }
    Image::new(
        Extent3d {
            width: SIDE,
            height: SIDE,
            depth_or_array_layers: 1,
        },
        TextureDimension::D2,
        texels,
        TextureFormat::Rgba8UnormSrgb,
        RenderAssetUsages::RENDER_WORLD,
    )
}

fn show(
    course: Res<Course>,
    life: Res<Life>,
    body: Res<Body>,
    hands: Res<Hands>,
    cards: Res<Cards>,
    menu: Res<HandMenu>,
    time: Res<Time<Real>>,
    mut lights: Query<
        (&mut Transform, &mut Visibility),
        (With<Light>, Without<Ring>, Without<Bead>),
    >,
    mut rings: Query<
        (&mut Transform, &mut Visibility),
        (With<Ring>, Without<Light>, Without<Bead>),
    >,
    mut beads: Query<(&Bead, &mut Transform, &mut Visibility), (Without<Ring>, Without<Light>)>,
) {
    let is_shown = life.phase() == Phase::Running && !is_reading(&cards, &menu);
    let lesson = course.lesson().filter(|_| is_shown);
    let visible = |is_seen: bool| {
        if is_seen {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        }
    };
    let breath = ops::sin(time.elapsed_secs() * BREATH_HZ * core::f32::consts::TAU);
    let joy = 1.0 + course.joy_secs;
    for (mut transform, mut visibility) in &mut lights {
        let is_seen = lesson.is_some();
        visibility.set_if_neq(visible(is_seen));
        let to_light = body
            .head_in_world()
            .map_or(Vec3::NEG_Z, |head| course.light_in_world() - head.position);
        let away = to_light.normalize_or(Vec3::NEG_Z);
        // As large as it looks near by: it must outshine lamps and markers around it.
        let far = (to_light.length() / FULL_SIZE_M).clamp(1.0, 3.0);
        *transform = Transform::from_translation(course.light_in_world())
            .looking_to(away, Vec3::Y)
            .with_scale(Vec3::splat(
                (1.0 + 0.12 * breath) * joy * far * course.dawn(),
            ));
    }
    for (mut transform, mut visibility) in &mut rings {
        visibility.set_if_neq(visible(lesson == Some(Lesson::Step)));
        *transform = Transform::from_translation(course.goal_in_world + Vec3::Y * 0.015)
            .with_scale(Vec3::new(1.0, 0.25, 1.0) * (1.0 + 0.06 * breath));
    }
    let from = trail_from(lesson, &body, &hands);
    for (Bead(index), mut transform, mut visibility) in &mut beads {
        let shown = from.filter(|_| course.is_hinting && lesson.is_some());
        visibility.set_if_neq(visible(shown.is_some()));
        if let Some(from) = shown {
            let along = (time.elapsed_secs() * 0.35 + *index as f32 / BEADS as f32).fract();
            let rise = if lesson == Some(Lesson::Step) {
                0.5
            } else {
                0.0
            };
            let lift = Vec3::Y * (rise * 4.0 * along * (1.0 - along));
            let at = from.lerp(course.goal_in_world, along) + lift;
            let to_bead = body
                .head_in_world()
                .map_or(Vec3::NEG_Z, |head| at - head.position);
            // It comes out of nothing and goes into the light.
            let glow = ops::sqrt((4.0 * along * (1.0 - along)).max(0.0)).max(0.01);
            let far = to_bead.length().clamp(0.4, 2.5);
            *transform = Transform::from_translation(at)
                .looking_to(to_bead.normalize_or(Vec3::NEG_Z), Vec3::Y)
                .with_scale(Vec3::splat(BEAD_RAD * far * glow));
        }
    }
}

/// Where the trail begins: before the eyes, or at the hand.
fn trail_from(lesson: Option<Lesson>, body: &Body, hands: &Hands) -> Option<Vec3> {
    let head = body.head_in_world()?;
    let before = head.position + head.rotation * Vec3::new(0.0, -0.08, -0.9);
    match (lesson?, hands.pointer()) {
        (Lesson::Point | Lesson::Step, Pointer::Hand(hand)) => {
            hands.ray(hand).map(|(from, _)| from).or(Some(before))
        }
        _ => Some(before),
    }
}
