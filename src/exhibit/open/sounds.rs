//! The sounds and voices of a scene file, placed in the world and in a visitor's language.

use super::{Staging, world_from_space};
use crate::{
    exhibit::heard::{SoundFrom, StagedRoom, StagedSound, StagedSounds, StagedVoice},
    scene::schema,
    tour::Script,
};
use bevy::math::{Affine3A, Vec3};

impl Staging<'_> {
    pub(super) fn sounds(&self, script: Option<&Script>) -> StagedSounds {
        let default = &self.exhibit.default_language.value;
        let language = self.language.as_ref().unwrap_or(default);
        let sounds = self.exhibit.sounds.iter().filter_map(|sound| {
            let file = sound.source.get(language, default)?;
            let world = self.space(sound.space.as_ref());
            Some(StagedSound {
                id: sound.id.clone(),
                file: self.path(file),
                from: self.sound_from(&sound.at, world),
                kind: sound.kind.clone(),
                gain_db: sound.gain_db,
                repeats: sound.repeat,
                autoplays: sound.autoplay,
                distance: sound.distance.clone(),
                cone: sound.cone.clone(),
                size_m: sound.size,
                priority: sound.priority,
                together: sound
                    .together
                    .as_ref()
                    .map(|group| group.as_str().to_owned()),
            })
        });
        let mut staged = StagedSounds {
            sounds: sounds.collect(),
            voices: script.map_or_else(Vec::new, |script| self.voices(script)),
            rooms: self.exhibit.spaces.iter().filter_map(room).collect(),
            ..StagedSounds::default()
        };
        let listening = &self.exhibit.listening;
        staged.through = listening.through.clone();
        staged.head = listening.head.as_ref().map(|file| self.path(file));
        let answers = &self.exhibit.interface;
        staged.select = answers.select.as_ref().and_then(|id| staged.find(id));
        staged.hover = answers.hover.as_ref().and_then(|id| staged.find(id));
        staged
    }

    fn sound_from(&self, at: &schema::SoundAt, world: Affine3A) -> SoundFrom {
        match at {
            schema::SoundAt::Bed => SoundFrom::Everywhere,
            schema::SoundAt::Place(place) => {
                let placed = world * self.place(place);
                SoundFrom::Place {
                    position_in_world: placed.translation.into(),
                    forward_in_world: placed
                        .transform_vector3(Vec3::NEG_Z)
                        .normalize_or(Vec3::NEG_Z),
                }
            }
            schema::SoundAt::Path(path) => SoundFrom::Path(schema::SoundPath {
                points: path
                    .points
                    .iter()
                    .map(|point| world.transform_point3(*point))
                    .collect(),
                ..path.clone()
            }),
        }
    }

    fn voices(&self, script: &Script) -> Vec<(crate::tour::Utterance, StagedVoice)> {
        let default = &script.default_language;
        let language = self.language.as_ref().unwrap_or(default);
        super::story::utterances(script)
            .filter_map(|(utterance, say)| {
                let file = say.sound.get(language, default)?;
                let space = script
                    .tour(utterance.tour)
                    .and_then(|tour| tour.space.as_ref());
                let position_in_world = say
                    .from
                    .as_ref()
                    .map(|place| (self.space(space) * self.place(place)).translation.into());
                Some((
                    utterance,
                    StagedVoice {
                        file: self.path(file),
                        position_in_world,
                    },
                ))
            })
            .collect()
    }
}

/// The box around a room's box in the world: rooms that stand askew are heard a little larger.
fn room(space: &schema::Space) -> Option<StagedRoom> {
    let own = space.acoustics.as_ref()?;
    let world = world_from_space(space);
    let corners = (0..8_u8).map(|corner| {
        let pick = |bit: u8, from: f32, to: f32| if corner & bit == 0 { from } else { to };
        world.transform_point3(Vec3::new(
            pick(1, own.from.x, own.to.x),
            pick(2, own.from.y, own.to.y),
            pick(4, own.from.z, own.to.z),
        ))
    });
    let (least, greatest) = corners.fold(
        (Vec3::splat(f32::INFINITY), Vec3::splat(f32::NEG_INFINITY)),
        |(least, greatest), corner| (least.min(corner), greatest.max(corner)),
    );
    Some(StagedRoom {
        least_in_world: least,
        greatest_in_world: greatest,
        walls: own.walls.clone(),
        floor: own.floor.clone(),
        ceiling: own.ceiling.clone(),
        volume_m3: own.volume,
        surface_m2: own.surface,
    })
}
