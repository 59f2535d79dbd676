//! On a processor, what stands still says where once a material instead of once a vertex.
//!
//! Bevy keeps the matrices of all instances in a storage buffer. A graphics card reads it in
//! passing; Mesa's llvmpipe gathers the 21 numbers anew for every lane of every vertex, a third
//! of the vertex stage of a scan (docs/performance.md). A uniform it reads once. So where
//! everything that wears a material stands at the same place, the place goes into the material,
//! and where something moves after all, it is taken out again.

use super::{loading::is_processor, scan::ScanMaterial};
use bevy::{math::Affine3A, prelude::*, render::renderer::RenderAdapterInfo};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(
        PostUpdate,
        tell_where
            .after(TransformSystems::Propagate)
            .run_if(draws_on_a_processor),
    );
}

/// Where the meshes stand that wear a material.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Stands {
    /// Each somewhere, or they move: the renderer is asked for every instance.
    #[default]
    Apart,
    /// Nobody has looked yet; drawn as [`Stands::Apart`].
    Unknown,
    /// All of them here, in world.
    At(Affine3A),
}

impl Stands {
    /// What is known once one more of them is found at `place`.
    fn and(self, place: Affine3A) -> Self {
        match self {
            Self::Unknown => Self::At(place),
            Self::At(known) if known == place => self,
            Self::At(_) | Self::Apart => Self::Apart,
        }
    }
}

fn draws_on_a_processor(info: Option<Res<RenderAdapterInfo>>) -> bool {
    info.is_some_and(|info| is_processor(&info))
}

fn tell_where(
    placed: Query<
        (&GlobalTransform, &MeshMaterial3d<ScanMaterial>),
        Or<(
            Changed<GlobalTransform>,
            Changed<MeshMaterial3d<ScanMaterial>>,
        )>,
    >,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    for (place, material) in &placed {
        let Some(known) = materials.get(material).map(|material| material.stands) else {
            continue;
        };
        let now = known.and(place.affine());
        if now != known
            && let Some(mut material) = materials.get_mut(material)
        {
            material.stands = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::asset::AssetPlugin;

    fn at(x: f32) -> GlobalTransform {
        GlobalTransform::from_xyz(x, 0.0, 0.0)
    }

    #[test]
    fn what_stands_together_is_told_once_and_what_moves_is_asked_for() {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, AssetPlugin::default()))
            .init_asset::<ScanMaterial>()
            .add_systems(PostUpdate, tell_where);
        let mut wear = |stands| {
            let mut materials = app.world_mut().resource_mut::<Assets<ScanMaterial>>();
            materials.add(ScanMaterial {
                stands,
                ..default()
            })
        };
        let (wall, lamps, sign) = (
            wear(Stands::Unknown),
            wear(Stands::Unknown),
            wear(Stands::Apart),
        );
        let world = app.world_mut();
        let worn = |material: &Handle<ScanMaterial>| MeshMaterial3d(material.clone());
        let part = world.spawn((at(1.0), worn(&wall))).id();
        world.spawn((at(1.0), worn(&wall)));
        world.spawn((at(2.0), worn(&lamps)));
        world.spawn((at(3.0), worn(&lamps)));
        world.spawn((at(4.0), worn(&sign)));
        let told = |app: &App, material| {
            let materials = app.world().resource::<Assets<ScanMaterial>>();
            materials.get(material).expect("it was just added").stands
        };
        app.update();
        assert_eq!(
            told(&app, &wall),
            Stands::At(at(1.0).affine()),
            "two parts of a wall stand at one place"
        );
        assert_eq!(told(&app, &lamps), Stands::Apart, "two lamps at two");
        assert_eq!(
            told(&app, &sign),
            Stands::Apart,
            "a sign turns to whoever reads it, and is not looked at"
        );
        app.world_mut().entity_mut(part).insert(at(1.5));
        app.update();
        assert_eq!(
            told(&app, &wall),
            Stands::Apart,
            "a part that left its place is not drawn where it was"
        );
    }
}
