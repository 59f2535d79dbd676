//! Drawing less light where a machine does not keep up: fewer shadows, fewer lights.
//!
//! What is baked stays; what is given up first is what a visitor misses least, the shadows and
//! glints of lights that are weak where they stand.

use super::eye::Eye;
use super::light::{StageLight, VisitorLamp};
use crate::visit::governor::Detail;
use bevy::{
    light::{DirectionalLightShadowMap, PointLightShadowMap},
    prelude::*,
};

/// Draws as much light as [`LightDetail`] says.
pub(super) fn plugin(app: &mut App) {
    app.init_resource::<LightDetail>()
        .add_systems(PostUpdate, (choose_lights, size_shadow_maps).chain());
}

/// How carefully light is drawn.
#[derive(Resource, Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LightDetail {
    /// Shadows.
    pub shadows: Detail,
    /// Number of lights.
    pub lights: Detail,
}

/// Lights and lights with shadows that are kept.
fn most(detail: Detail, full: usize, reduced: usize, least: usize) -> usize {
    match detail {
        Detail::Full => full,
        Detail::Reduced => reduced,
        Detail::Least => least,
    }
}

/// A light that is drawn stays until another is this much stronger: nothing flickers at a
/// border.
const STAYS: f32 = 1.4;

/// Which lights are drawn: the `most` strongest, those drawn before preferred. `strengths` are
/// lux where the visitor stands.
fn choose(strengths: &[f32], were_drawn: &[bool], most: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..strengths.len()).collect();
    let weight = |at: usize| {
        let was_drawn = were_drawn.get(at).copied().unwrap_or(true);
        strengths[at] * if was_drawn { STAYS } else { 1.0 }
    };
    order.sort_by(|a, b| weight(*b).total_cmp(&weight(*a)));
    let mut drawn = vec![false; strengths.len()];
    for at in order.into_iter().take(most) {
        drawn[at] = true;
    }
    drawn
}

/// Half the side at each step; what was there before counts as full. Bevy has a map of each kind
/// also where no light casts a shadow, 40 MiB that are cleared and kept: it is one texel then.
fn size_shadow_maps(
    detail: Res<LightDetail>,
    points: Query<&PointLight>,
    spots: Query<&SpotLight>,
    suns: Query<&DirectionalLight>,
    mut point: ResMut<PointLightShadowMap>,
    mut sun: ResMut<DirectionalLightShadowMap>,
    mut full: Local<Option<(usize, usize)>>,
) {
    let (point_full, sun_full) = *full.get_or_insert((point.size, sun.size));
    let divisor = most(detail.shadows, 1, 2, 4);
    let side = |full: usize, is_cast: bool| if is_cast { full / divisor } else { 1 };
    // Spot lights have theirs beside the sun's.
    let sizes = (
        side(point_full, points.iter().any(|one| one.shadow_maps_enabled)),
        side(
            sun_full,
            suns.iter().any(|one| one.shadow_maps_enabled)
                || spots.iter().any(|one| one.shadow_maps_enabled),
        ),
    );
    // Looked at first: a change makes the maps anew.
    if (point.size, sun.size) != sizes {
        (point.size, sun.size) = sizes;
    }
}

/// Whether a light casts shadows as the scene has it.
#[derive(Component)]
struct CastsShadows(bool);

fn choose_lights(
    mut commands: Commands,
    detail: Res<LightDetail>,
    eyes: Query<&GlobalTransform, With<Eye>>,
    mut lights: Query<
        (
            Entity,
            &GlobalTransform,
            &mut Visibility,
            Option<&mut PointLight>,
            Option<&mut SpotLight>,
            Option<&CastsShadows>,
        ),
        (
            With<StageLight>,
            Without<VisitorLamp>,
            Without<DirectionalLight>,
        ),
    >,
    mut was: Local<LightDetail>,
) {
    // With everything on, and nothing to put back, there is nothing to do.
    if *detail == LightDetail::default() && *was == *detail {
        return;
    }
    *was = *detail;
    let Some(eye) = eyes.iter().next() else {
        return;
    };
    let (mut strengths, mut were_drawn) = (Vec::new(), Vec::new());
    for (_, place, visibility, point, spot, _) in &lights {
        let lumens = point
            .map(|own| own.intensity)
            .or(spot.map(|own| own.intensity))
            .unwrap_or_default();
        let away = place.translation().distance_squared(eye.translation());
        strengths.push(lumens / away.max(0.25));
        were_drawn.push(*visibility != Visibility::Hidden);
    }
    let drawn = choose(
        &strengths,
        &were_drawn,
        most(detail.lights, usize::MAX, 12, 6),
    );
    let with_shadow = choose(
        &strengths,
        &were_drawn,
        most(detail.shadows, usize::MAX, 2, 0),
    );
    for (at, (entity, _, mut visibility, point, spot, staged)) in lights.iter_mut().enumerate() {
        visibility.set_if_neq(if drawn[at] {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        });
        let now = point
            .as_ref()
            .map(|own| own.shadow_maps_enabled)
            .or(spot.as_ref().map(|own| own.shadow_maps_enabled))
            .unwrap_or_default();
        let casts = staged.map_or(now, |staged| staged.0);
        if staged.is_none() {
            commands.entity(entity).insert(CastsShadows(casts));
        }
        let wanted = casts && with_shadow[at];
        if wanted != now {
            if let Some(mut own) = point {
                own.shadow_maps_enabled = wanted;
            }
            if let Some(mut own) = spot {
                own.shadow_maps_enabled = wanted;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_lights_stay() {
        let drawn = choose(&[3.0, 9.0, 1.0, 5.0], &[true; 4], 2);
        assert_eq!(drawn, [false, true, false, true], "nine and five lux");
        assert_eq!(
            choose(&[1.0, 2.0], &[true; 2], usize::MAX),
            [true, true],
            "with everything nothing is given up"
        );
        assert_eq!(choose(&[1.0], &[true], 0), [false], "with nothing all is");
    }

    #[test]
    fn lights_do_not_take_turns_at_a_border() {
        let was = [true, false];
        assert_eq!(
            choose(&[5.0, 5.5], &was, 1),
            [true, false],
            "a little stronger is not enough"
        );
        assert_eq!(choose(&[5.0, 8.0], &was, 1), [false, true], "much is");
    }

    #[test]
    fn what_was_given_up_comes_back() {
        let mut app = App::new();
        app.add_plugins(MinimalPlugins)
            .insert_resource(PointLightShadowMap { size: 1024 })
            .insert_resource(DirectionalLightShadowMap { size: 2048 })
            .add_plugins(plugin);
        app.world_mut().spawn((Eye, GlobalTransform::default()));
        let lights: Vec<Entity> = (0..20)
            .map(|at| {
                let place = Transform::from_xyz(1.0 + at as f32, 0.0, 0.0);
                let light = PointLight {
                    shadow_maps_enabled: at % 2 == 0,
                    ..default()
                };
                let world = app.world_mut();
                world
                    .spawn((StageLight, light, place, GlobalTransform::from(place)))
                    .id()
            })
            .collect();
        let shown = |app: &mut App| {
            app.update();
            let count = |test: &dyn Fn(&World, Entity) -> bool| {
                lights.iter().filter(|one| test(app.world(), **one)).count()
            };
            let drawn =
                count(&|world, one| world.get::<Visibility>(one) != Some(&Visibility::Hidden));
            let shadows = count(&|world, one| {
                let light = world.get::<PointLight>(one);
                light.is_some_and(|light| light.shadow_maps_enabled)
            });
            (
                drawn,
                shadows,
                app.world().resource::<PointLightShadowMap>().size,
            )
        };
        assert_eq!(shown(&mut app), (20, 10, 1024), "as the scene has it");
        app.insert_resource(LightDetail {
            shadows: Detail::Reduced,
            lights: Detail::Least,
        });
        assert_eq!(
            shown(&mut app),
            (6, 1, 512),
            "the six nearest, one of two with shadow"
        );
        app.insert_resource(LightDetail {
            shadows: Detail::Least,
            lights: Detail::Reduced,
        });
        assert_eq!(
            shown(&mut app),
            (12, 0, 1),
            "twelve, none with shadow, and no map is kept for it"
        );
        app.insert_resource(LightDetail::default());
        assert_eq!(shown(&mut app), (20, 10, 1024), "and all is as it was");
    }
}
