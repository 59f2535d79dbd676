//! Two images that are always looked up at the same place are one.
//!
//! Occlusion that lies over a normal map goes beside it. Four channels take a third more memory
//! than two and one; on a processor, the only place where normal maps are not packed in blocks, a
//! look-up fewer is a tenth of a small model's frame (docs/performance.md).

use crate::bake::model::{Image, ImageUse, Material, TexelFormat, TextureRef};

/// Moves occlusion into an alpha of the normal map where nothing else reads either. For each
/// material, whether its occlusion is there now.
pub(super) fn join(materials: &[Material], images: &mut [Option<Image>]) -> Vec<bool> {
    let mut uses = vec![0_usize; images.len()];
    for texture in materials.iter().flat_map(Material::textures) {
        if let Some(count) = uses.get_mut(texture.image) {
            *count += 1;
        }
    }
    let pairs: Vec<Option<(usize, usize)>> = materials
        .iter()
        .map(|material| {
            let normal = material.normal_texture.as_ref()?;
            let occlusion = material.occlusion_texture.as_ref()?;
            let are_theirs = [normal, occlusion].map(|own| uses.get(own.image) == Some(&1));
            (lies(normal) == lies(occlusion) && are_theirs == [true; 2])
                .then_some((normal.image, occlusion.image))
        })
        .collect();
    pairs
        .into_iter()
        .map(|pair| pair.is_some_and(|(normal, occlusion)| put(images, normal, occlusion)))
        .collect()
}

/// All but which image it is.
fn lies(texture: &TextureRef) -> TextureRef {
    TextureRef {
        image: 0,
        ..texture.clone()
    }
}

fn put(images: &mut [Option<Image>], normal: usize, occlusion: usize) -> bool {
    let Some(Some(from)) = images.get_mut(occlusion).map(Option::take) else {
        return false;
    };
    let into = images.get_mut(normal).and_then(Option::as_mut);
    let into = into.filter(|into| {
        let size = |image: &Image| (image.width, image.height, image.mip_count);
        size(into) == size(&from)
            && (into.format, into.usage) == (TexelFormat::Rg8, ImageUse::Normal)
            && from.format == TexelFormat::R8
            && into.data.len() == 2 * from.data.len()
    });
    let Some(into) = into else {
        images[occlusion] = Some(from);
        return false;
    };
    // From the last texel on, in the same memory: none is written over that is still to be read.
    into.data.resize(4 * from.data.len(), 0);
    for (texel, occlusion) in from.data.iter().enumerate().rev() {
        let (x, y) = (into.data[2 * texel], into.data[2 * texel + 1]);
        into.data[4 * texel..][..4].copy_from_slice(&[x, y, 0, *occlusion]);
    }
    into.format = TexelFormat::Rgba8;
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::model::Wrap;

    fn image(format: TexelFormat, usage: ImageUse, texel: &[u8]) -> Option<Image> {
        Some(Image {
            label: String::new(),
            width: 2,
            height: 1,
            format,
            usage,
            mip_count: 2,
            data: texel.repeat(3),
            has_alpha: false,
        })
    }

    fn images() -> Vec<Option<Image>> {
        vec![
            image(TexelFormat::Rg8, ImageUse::Normal, &[1, 2]),
            image(TexelFormat::R8, ImageUse::Data, &[7]),
        ]
    }

    fn texture(image: usize) -> Option<TextureRef> {
        Some(TextureRef {
            image,
            uv_set: 0,
            wrap: [Wrap::Repeat; 2],
            is_nearest: false,
            uv_transform: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        })
    }

    fn material() -> Material {
        Material {
            normal_texture: texture(0),
            occlusion_texture: texture(1),
            ..Material::default()
        }
    }

    #[test]
    fn occlusion_goes_beside_the_normals() {
        let mut images = images();
        assert_eq!(
            join(&[material(), Material::default()], &mut images),
            [true, false]
        );
        assert!(images[1].is_none(), "one image is left");
        let data = &images[0].as_ref().expect("the normal map stays").data;
        assert_eq!(data, &[1, 2, 0, 7].repeat(3), "in every mip");
    }

    #[test]
    fn what_lies_apart_or_serves_others_stays_two_images() {
        let apart = Material {
            occlusion_texture: texture(1).map(|own| TextureRef { uv_set: 1, ..own }),
            ..material()
        };
        let glowing = Material {
            emissive_texture: texture(1),
            ..Material::default()
        };
        let one_image = Material {
            occlusion_texture: texture(0),
            ..material()
        };
        for materials in [
            vec![apart],
            vec![material(), glowing],
            vec![material(), material()],
            vec![one_image],
        ] {
            let mut images = images();
            assert!(
                join(&materials, &mut images)
                    .iter()
                    .all(|is_joined| !is_joined)
            );
            assert!(images.iter().all(Option::is_some), "{materials:?}");
        }
    }

    #[test]
    fn images_of_two_sizes_or_packed_ones_stay_two() {
        let smaller = |image: &mut Image| image.width = 1;
        let shorter = |image: &mut Image| image.data.clear();
        let packed = |image: &mut Image| image.format = TexelFormat::Bc5;
        let spoils: [(usize, &dyn Fn(&mut Image)); 4] =
            [(1, &smaller), (1, &shorter), (0, &packed), (1, &packed)];
        for (at, spoil) in spoils {
            let mut images = images();
            spoil(images[at].as_mut().expect("both are there"));
            assert_eq!(join(&[material()], &mut images), [false]);
            assert!(images.iter().all(Option::is_some));
        }
        let mut images = vec![None, image(TexelFormat::R8, ImageUse::Data, &[7])];
        assert_eq!(join(&[material()], &mut images), [false], "nowhere to go");
        assert!(images[1].is_some(), "nothing is lost");
    }
}
