//! The fonts that an exhibit brings: before those of the system, in their order by name.

use crate::exhibit::stage::CurrentStage;
use bevy::{prelude::*, text::FontCx};
use parley::{GenericFamily, fontique::Blob};

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Startup, take_fonts);
}

/// Everything visitors read asks for a sans-serif (`captions::font`); parley takes each
/// character from the first family of it that has the character, and the exhibit's come
/// before the system's.
fn take_fonts(stage: Option<Res<CurrentStage>>, mut fonts: ResMut<FontCx>) {
    let Some(stage) = stage else { return };
    for path in &stage.0.fonts {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                warn!("the font {} cannot be read: {error}", path.display());
                continue;
            }
        };
        let families = fonts.collection.register_fonts(Blob::from(bytes), None);
        if families.is_empty() {
            warn!("{} holds no font", path.display());
        }
        let families: Vec<_> = families.iter().map(|(family, _)| *family).collect();
        fonts
            .collection
            .append_generic_families(GenericFamily::SansSerif, families.into_iter());
    }
}
