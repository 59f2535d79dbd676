//! The exhibit: the root of a scene file.

use super::{
    Atmosphere, Hotspot, InterfaceSounds, Lamp, Language, Listening, Place, Sound, Space, SpaceId,
    Spanned, Text, Tour, Value, VariableId, ViewId,
};

record! {
    /// An exhibit: everything a visit needs.
    pub struct Exhibit {
        /// Version of the format. Always `1`.
        format: u32 [range 1.0..=1.0] = required,
        /// Its name, shown while it loads.
        title: Text [limit 80] = required,
        /// A few sentences about it.
        about: Text = (Text::default()),
        /// Language of everything that is written without one.
        default_language: Spanned<Language> [shown "\"en\""] = (super::english()),
        /// The languages visitors may choose. Every text and narration must then be there
        /// in each of them. Only the default language if empty.
        languages: Vec<Spanned<Language>> = (Vec::new()),
        /// Who made it.
        credits: Vec<Credit> = (Vec::new()),
        /// Its rooms, written here or as paths of files of their own.
        spaces: Vec<Space> [parts] = (Vec::new()),
        /// Named viewpoints.
        views: Vec<View> [parts] = (Vec::new()),
        /// Where a visit begins; the first view if absent, else a sensible spot in the first space.
        start: Option<Start> = None,
        /// The lamp visitors carry.
        lamp: Lamp = (Lamp::default()),
        /// Sky, haze, exposure.
        atmosphere: Atmosphere = (Atmosphere::default()),
        /// The visitor's body.
        body: Body = (Body::default()),
        /// What can be looked at closely, or set off.
        hotspots: Vec<Hotspot> [parts] = (Vec::new()),
        /// What can be heard.
        sounds: Vec<Sound> [parts] = (Vec::new()),
        /// Which of them answer a visitor who points and selects; silent if absent.
        interface: InterfaceSounds = (InterfaceSounds::default()),
        /// What it is listened to through.
        listening: Listening = (Listening::default()),
        /// Guided tours and performances.
        tours: Vec<Tour> [parts] = (Vec::new()),
        /// What hotspots and tours remember during a visit.
        variables: Vec<Variable> [parts] = (Vec::new()),
    }
}

record! {
    /// Somebody to thank, or a work to name.
    pub struct Credit {
        /// What they did: `"Photogrammetry"`.
        role: Text = (Text::default()),
        /// Who: `"Dunhuang Academy"`.
        name: Text = required,
        /// An SPDX identifier such as `"CC-BY-4.0"`, or words.
        licence: Option<String> = None,
        /// Where to find more.
        url: Option<String> = None,
        /// Year of the work.
        year: Option<i32> [range -10000.0..=3000.0] = None,
    }
}

record! {
    /// A named viewpoint.
    pub struct View {
        /// Its name.
        id: ViewId = required,
        /// What visitors call it.
        title: Text [limit 48] = (Text::default()),
        /// Where the eyes are (not the feet) and where they look.
        at: Place = required,
        /// Height of the picture.
        field_of_view: f32 [unit "°", range 10.0..=120.0] = 60.0,
        /// The space whose coordinates it uses; the exhibit's own if absent.
        space: Option<SpaceId> = None,
    }
}

/// Where a visit begins. Written as one place for all, or `(desktop: ..., headset: ...)`.
/// Coordinates are the exhibit's; a position is that of the feet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Start {
    /// On a monitor.
    pub desktop: Place,
    /// In a headset.
    pub headset: Place,
}

choice! {
    /// How a visitor on a monitor moves.
    pub enum MoveMode = (Self::Walk) {
        /// On the ground.
        Walk,
        /// Through the air, still stopped by walls.
        Fly,
    }
}

record! {
    /// The visitor's body.
    pub struct Body {
        /// Height of the eyes over the floor.
        eye_height: f32 [unit "m", range 0.3..=2.5] = 1.6,
        /// Highest step taken without jumping.
        step_height: f32 [unit "m", range 0.0..=1.0] = 0.35,
        /// Half the width of the body.
        radius: f32 [unit "m", range 0.05..=1.0] = 0.25,
        /// Height of the body.
        height: f32 [unit "m", range 0.3..=3.0] = 1.8,
        /// Speed of walking.
        walk_speed: f32 [unit "m/s", range 0.1..=20.0] = 1.4,
        /// How they move at first.
        mode: MoveMode = (MoveMode::Walk),
    }
}

record! {
    /// Something that hotspots and tours remember during a visit.
    pub struct Variable {
        /// Its name.
        id: VariableId = required,
        /// Its value when a visit begins: `true`, `false`, a number or a word in quotes.
        start: Value = (Value::Flag(false)),
    }
}

impl Exhibit {
    /// Drops what has no name because it could not be read: nothing can refer to it.
    pub(crate) fn drop_nameless(&mut self) {
        self.spaces.retain(|space| !space.id.as_str().is_empty());
        for space in &mut self.spaces {
            space.meshes.retain(|mesh| !mesh.id.as_str().is_empty());
            space.lights.retain(|light| !light.id.as_str().is_empty());
            space
                .surfaces
                .retain(|surface| !surface.id.as_str().is_empty());
        }
        self.views.retain(|view| !view.id.as_str().is_empty());
        self.hotspots
            .retain(|hotspot| !hotspot.id.as_str().is_empty());
        self.sounds.retain(|sound| !sound.id.as_str().is_empty());
        self.tours.retain(|tour| !tour.id.as_str().is_empty());
        self.variables
            .retain(|variable| !variable.id.as_str().is_empty());
    }
}
