//! Tours and hotspots of a scene file, placed in the world and in a visitor's language.

use super::{Staging, pose, world_from_space};
use crate::{
    bake,
    diagnostic::Report,
    exhibit::{
        flight::Pose,
        lens,
        spots::POINT_M,
        stage::{StagedHotspot, StagedStep, StagedStory},
    },
    scene::schema::{self, Language, SpaceId},
    tour::{
        self, Aim, Script, StepIndex, TourIndex, Utterance,
        captions::{Caption, vtt},
    },
};
use bevy::math::{Affine3A, Vec3};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
    path::Path,
    sync::Arc,
};

impl Staging<'_> {
    /// What can happen; `None` where nothing can.
    pub(super) fn story(&self, report: &mut Report) -> Option<StagedStory> {
        if self.exhibit.tours.is_empty() && self.exhibit.hotspots.is_empty() {
            return None;
        }
        let script = tour::compile(self.exhibit, report);
        let default = &self.exhibit.default_language.value;
        let language = self.language.clone().unwrap_or_else(|| default.clone());
        let hotspots: Vec<StagedHotspot> = self
            .exhibit
            .hotspots
            .iter()
            .map(|hotspot| StagedHotspot {
                title: self.text(&hotspot.title),
                ball_in_world: self.ball(hotspot),
                shape: self.shape(hotspot),
                ways: self.ways(hotspot),
                panels: self.panels(hotspot),
                alternative: self.alternative(hotspot),
            })
            .collect();
        let steps = self.steps(&script, &hotspots);
        let captions = self.captions(&script, &language, report);
        let clip_secs = self.clip_secs();
        Some(StagedStory {
            script: Arc::new(script),
            hotspots,
            steps,
            captions,
            sound_captions: self.sound_captions(&language, report),
            language,
            clip_secs,
        })
    }

    /// How long the animations take that hotspots play.
    fn clip_secs(&self) -> BTreeMap<(String, String), f32> {
        let actions = self.exhibit.hotspots.iter().flat_map(|own| &own.actions);
        let wanted: BTreeSet<&str> = actions
            .filter_map(|action| match action {
                schema::Action::Animate { mesh, .. } => Some(mesh.as_str()),
                _ => None,
            })
            .collect();
        let meshes = self.exhibit.spaces.iter().flat_map(|space| &space.meshes);
        let mut found = BTreeMap::new();
        for mesh in meshes.filter(|mesh| wanted.contains(mesh.id.as_str())) {
            // A file that cannot be read was reported when the scene was checked.
            let facts = bake::mesh_facts(&self.path(&mesh.path)).unwrap_or_default();
            for clip in facts.clips {
                let key = (mesh.id.as_str().to_owned(), clip.name);
                found.entry(key).or_insert(clip.duration_secs);
            }
        }
        found
    }

    pub(super) fn space(&self, id: Option<&SpaceId>) -> Affine3A {
        id.and_then(|id| self.exhibit.spaces.iter().find(|space| space.id == *id))
            .map_or(Affine3A::IDENTITY, world_from_space)
    }

    /// The ball around a hotspot.
    fn ball(&self, hotspot: &schema::Hotspot) -> Option<(Vec3, f32)> {
        let world = self.space(hotspot.space.as_ref());
        let ball = |center: Vec3, radius: f32| Some((world.transform_point3(center), radius));
        match &hotspot.at {
            schema::Shape::Point(at) => ball(*at, POINT_M),
            schema::Shape::Sphere { center, radius } => ball(*center, *radius),
            schema::Shape::Box { center, size, .. } => ball(*center, size.min_element() * 0.5),
            schema::Shape::Node(mesh, node) => {
                let at = self.place(&schema::Place::Node {
                    mesh: mesh.clone(),
                    node: node.clone(),
                });
                Some((at.translation.into(), POINT_M))
            }
            schema::Shape::SurfaceArea { .. } => None,
        }
    }

    fn steps(&self, script: &Script, hotspots: &[StagedHotspot]) -> Vec<Vec<StagedStep>> {
        script
            .tours
            .iter()
            .map(|tour| {
                let world = self.space(tour.space.as_ref());
                let mut field_of_view_rad = None;
                tour.steps
                    .iter()
                    .map(|step| {
                        let look_at_in_world = step.look_at.as_ref().and_then(|aim| match aim {
                            Aim::Hotspot(index) => hotspots
                                .get(index.index())
                                .and_then(|hotspot| hotspot.ball_in_world)
                                .map(|(center, _)| center),
                            Aim::Place(place) => {
                                Some((world * self.place(place)).translation.into())
                            }
                        });
                        let pose = step
                            .at
                            .as_ref()
                            .map(|place| self.standing(place, world, look_at_in_world));
                        let points = step.point_out.iter().map(|aim| match aim {
                            Aim::Hotspot(_) => None,
                            Aim::Place(place) => {
                                Some((world * self.place(place)).translation.into())
                            }
                        });
                        // In the order of the file, whatever way was taken: seeking and going
                        // back lead to what playing leads to.
                        if let Some(place) = &step.at {
                            field_of_view_rad = Some(self.field_of_view_rad(place));
                        }
                        StagedStep {
                            pose,
                            field_of_view_rad,
                            look_at_in_world,
                            points_in_world: points.collect(),
                        }
                    })
                    .collect()
            })
            .collect()
    }

    /// The eyes of a visitor who stands at a place.
    pub(super) fn standing(
        &self,
        place: &schema::Place,
        world: Affine3A,
        look_at: Option<Vec3>,
    ) -> Pose {
        let mut found = pose(world * self.place(place));
        // A place is the floor under the feet; a view is where the eyes are.
        if !matches!(place, schema::Place::View(_)) {
            found.eye_in_world.y += self.exhibit.body.eye_height;
        }
        look_at.map_or(found, |target| Pose::looking_at(found.eye_in_world, target))
    }

    /// What the picture shows at a place: a view's own field, else the usual one.
    fn field_of_view_rad(&self, place: &schema::Place) -> f32 {
        let schema::Place::View(id) = place else {
            return lens::USUAL_RAD;
        };
        let mut views = self.exhibit.views.iter();
        let own = views.find(|view| view.id == *id);
        own.map_or(lens::USUAL_RAD, |view| view.field_of_view.to_radians())
    }

    /// The captions that files hold, in one language.
    pub(super) fn captions(
        &self,
        script: &Script,
        language: &Language,
        report: &mut Report,
    ) -> BTreeMap<Utterance, Vec<Caption>> {
        let mut captions = BTreeMap::new();
        for (utterance, say) in utterances(script) {
            if let Some(file) = say.captions_for(language, &script.default_language)
                && let Some(read) = self.caption_file(file, report)
            {
                captions.insert(utterance, read);
            }
        }
        captions
    }

    /// The captions of sounds, in one language.
    pub(super) fn sound_captions(
        &self,
        language: &Language,
        report: &mut Report,
    ) -> BTreeMap<String, Vec<Caption>> {
        let default = &self.exhibit.default_language.value;
        let sounds = self.exhibit.sounds.iter();
        sounds
            .filter_map(|sound| {
                let file = sound.captions.get(language, default)?;
                let read = self.caption_file(file, report)?;
                Some((sound.id.as_str().to_owned(), read))
            })
            .collect()
    }

    /// A missing file was reported when the scene was checked.
    fn caption_file(&self, file: &schema::FilePath, report: &mut Report) -> Option<Vec<Caption>> {
        let bytes = caption_bytes(&self.path(file))?;
        Some(vtt::read(&file.in_exhibit, &bytes, report))
    }
}

/// As much of a file with captions as is read.
pub(super) fn caption_bytes(path: &Path) -> Option<Vec<u8>> {
    let is_file = std::fs::metadata(path).is_ok_and(|about| about.is_file());
    let file = is_file.then(|| std::fs::File::open(path).ok())??;
    let mut bytes = Vec::new();
    file.take(vtt::LARGEST_FILE as u64 + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

/// Everything that is said in a script.
pub(super) fn utterances(script: &Script) -> impl Iterator<Item = (Utterance, &schema::Say)> {
    script.tours.iter().enumerate().flat_map(|(tour, own)| {
        own.steps.iter().enumerate().flat_map(move |(step, own)| {
            let answers = own.ask.iter().flat_map(|ask| &ask.answers).enumerate();
            let replies = answers.filter_map(|(index, answer)| {
                Some((u32::try_from(index).ok(), answer.feedback.as_ref()?))
            });
            own.say
                .iter()
                .map(|say| (None, say))
                .chain(replies)
                .map(move |(answer, say)| {
                    let utterance = Utterance {
                        tour: TourIndex::new(tour),
                        step: StepIndex::new(step),
                        answer,
                    };
                    (utterance, say)
                })
        })
    })
}
