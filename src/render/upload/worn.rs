//! The materials of a file that something wears.

use super::PreparedDraw;
use crate::bake::model;

/// The materials that draws wear, whose indices follow: each costs memory and time on the GPU.
pub(super) fn keep(
    materials: Vec<model::Material>,
    draws: &mut [PreparedDraw],
) -> Vec<model::Material> {
    let mut places: Vec<Option<usize>> = vec![None; materials.len()];
    for draw in &*draws {
        if let Some(place) = draw.material.and_then(|index| places.get_mut(index)) {
            *place = Some(0);
        }
    }
    for (kept, place) in places.iter_mut().flatten().enumerate() {
        *place = kept;
    }
    for draw in draws {
        draw.material = draw.material.and_then(|index| *places.get(index)?);
    }
    let kept = materials.into_iter().zip(places);
    kept.filter_map(|(material, place)| place.map(|_| material))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::camera::primitives::Aabb;

    #[test]
    fn materials_that_nothing_wears_are_left_behind() {
        let draw = |material| PreparedDraw {
            mesh: None,
            aabb: Aabb::default(),
            material,
            is_baked: false,
            is_dense: false,
            is_skinned: false,
            is_morphed: false,
            bytes: 0,
            shape: None,
        };
        let material = |name: &str| model::Material {
            name: Some(name.to_owned()),
            ..model::Material::default()
        };
        let materials = ["a", "b", "c", "d"].map(material).to_vec();
        let mut draws = [Some(3), None, Some(1), Some(3), Some(9)].map(draw);
        let kept = keep(materials, &mut draws);
        let names: Vec<&str> = kept.iter().filter_map(|own| own.name.as_deref()).collect();
        assert_eq!(names, ["b", "d"], "those that are worn, in their order");
        let worn: Vec<Option<usize>> = draws.iter().map(|draw| draw.material).collect();
        assert_eq!(worn, [Some(1), None, Some(0), Some(1), None]);
    }
}
