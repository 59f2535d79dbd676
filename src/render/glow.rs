//! Areas and nodes that are meant, or pointed out, glow softly where they are.

use super::{
    animate::{Moving, entity_of},
    loading::PlacedMesh,
    scan::ScanMaterial,
};
use crate::{
    bake::area::{Patch, Region},
    exhibit::{
        spots::{Patches, Piece},
        telling::Telling,
    },
    tour::HotspotIndex,
};
use bevy::{
    asset::RenderAssetUsages,
    light::NotShadowCaster,
    math::Affine3A,
    mesh::{Indices, PrimitiveTopology},
    prelude::*,
    render::render_resource::{Extent3d, TextureDimension, TextureFormat},
};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, (spawn_glows, fade_glows).chain());
}

/// Gold, as shown.
const GOLD: LinearRgba = LinearRgba::new(1.0, 0.66, 0.24, 1.0);
/// How strongly a whole node glows.
const NODE: f32 = 0.2;
/// How far the glow stands before the rock, metres.
const BEFORE_M: f32 = 0.004;
/// Time in which a glow comes or goes, seconds.
const FADE_SECS: f32 = 0.35;

/// The glow of a hotspot.
#[derive(Component, Debug, Clone, Copy)]
struct Glowing {
    spot: HotspotIndex,
    /// Which of [`Patches::pieces`].
    piece: usize,
    /// 0 to 1.
    share: f32,
    /// At its brightest.
    strength: f32,
}

fn spawn_glows(
    mut commands: Commands,
    patches: Option<Res<Patches>>,
    old: Query<(Entity, &Glowing)>,
    placed: Query<(&PlacedMesh, &Moving)>,
    mut meshes: ResMut<Assets<Mesh>>,
    mut images: ResMut<Assets<Image>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let Some(patches) = patches else { return };
    let mut is_there = vec![false; patches.pieces().len()];
    for (entity, glow) in &old {
        // A model that is read anew brings others.
        match is_there.get_mut(glow.piece) {
            Some(is_there) if !patches.is_changed() => *is_there = true,
            _ => commands.entity(entity).despawn(),
        }
    }
    for (piece, Piece { spot, patch, lead }) in patches.pieces().iter().enumerate() {
        if is_there[piece] || patch.triangles.is_empty() {
            continue;
        }
        // What moves carries its glow with it.
        let carrier = match lead {
            Some(lead) => match entity_of(&placed, lead.id) {
                Some(entity) => Some((entity, lead.world_from_lead_at_rest)),
                None => continue,
            },
            None => None,
        };
        let own_from_world = carrier.map_or(Affine3A::IDENTITY, |(_, rest)| rest.inverse());
        let is_node = patch.region == Region::Whole;
        let (texture, low, high) = if is_node {
            (None, Vec2::ZERO, Vec2::ONE)
        } else {
            let glow = patch.glow();
            let rgba = glow.alpha.iter().flat_map(|alpha| [255, 255, 255, *alpha]);
            let image = Image::new(
                Extent3d {
                    width: glow.width,
                    height: glow.height,
                    depth_or_array_layers: 1,
                },
                TextureDimension::D2,
                rgba.collect(),
                TextureFormat::Rgba8UnormSrgb,
                RenderAssetUsages::RENDER_WORLD,
            );
            (Some(images.add(image)), glow.low, glow.high)
        };
        let glow = commands.spawn((
            Name::new("glow"),
            Glowing {
                spot: *spot,
                piece,
                share: 0.0,
                strength: if is_node { NODE } else { 0.85 },
            },
            Mesh3d(meshes.add(mesh(patch, own_from_world, low, high))),
            MeshMaterial3d(materials.add(ScanMaterial {
                base_color: GOLD.with_alpha(0.0),
                base_color_texture: texture,
                alpha_mode: AlphaMode::Blend,
                is_unlit: true,
                is_double_sided: !is_node,
                ..default()
            })),
            Transform::default(),
            Visibility::Hidden,
            NotShadowCaster,
        ));
        let glow = glow.id();
        if let Some((carrier, _)) = carrier {
            commands.entity(carrier).add_child(glow);
        }
    }
}

/// The patch a little before its rock, its picture over the box of the texture.
fn mesh(patch: &Patch, own_from_world: Affine3A, low: Vec2, high: Vec2) -> Mesh {
    let corners = patch.positions.iter().zip(&patch.normals);
    let positions: Vec<[f32; 3]> = corners
        .map(|(position, normal)| *position + *normal * BEFORE_M)
        .map(|position| own_from_world.transform_point3(position).to_array())
        .collect();
    let uvs = patch.uvs.iter().map(|uv| (*uv - low) / (high - low));
    let uvs: Vec<[f32; 2]> = uvs.map(|uv| uv.to_array()).collect();
    let indices = patch.triangles.iter().flatten().copied().collect();
    Mesh::new(
        PrimitiveTopology::TriangleList,
        RenderAssetUsages::RENDER_WORLD,
    )
    .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
    .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, uvs)
    .with_inserted_indices(Indices::U32(indices))
}

fn fade_glows(
    telling: Option<Res<Telling>>,
    time: Res<Time>,
    mut materials: ResMut<Assets<ScanMaterial>>,
    mut glows: Query<(&mut Glowing, &mut Visibility, &MeshMaterial3d<ScanMaterial>)>,
) {
    let Some(telling) = telling else { return };
    for (mut glow, mut visibility, material) in &mut glows {
        let is_pointed_out = telling
            .pointed_out
            .iter()
            .any(|own| own.spot == Some(glow.spot));
        let target: f32 = match telling.meant() == Some(glow.spot) {
            true => 1.0,
            false if is_pointed_out => 0.6,
            false => 0.0,
        };
        let step = time.delta_secs() / FADE_SECS;
        let share = glow.share + (target - glow.share).clamp(-step, step);
        if share == glow.share {
            continue;
        }
        glow.share = share;
        visibility.set_if_neq(if share > 0.0 {
            Visibility::Inherited
        } else {
            Visibility::Hidden
        });
        let smooth = share * share * (3.0 - 2.0 * share);
        if let Some(mut own) = materials.get_mut(&material.0) {
            own.base_color = GOLD.with_alpha(smooth * glow.strength);
        }
    }
}

#[cfg(test)]
mod tests;
