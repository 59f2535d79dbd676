//! What can happen on the stage, and where: tours and hotspots with their places and panels.

use super::Pose;
use crate::{
    exhibit::spots::StagedShape,
    scene::schema::Language,
    tour::{
        Durations, Script, Utterance,
        captions::{self, Caption},
    },
};
use bevy::math::Vec3;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// What can happen on the stage, in the visitor's language.
#[derive(Debug, Clone)]
pub struct StagedStory {
    /// Tours and hotspots.
    pub script: Arc<Script>,
    /// The visitor's.
    pub language: Language,
    /// Where the hotspots of the script are, in its order.
    pub hotspots: Vec<StagedHotspot>,
    /// Where the steps of each tour lead, in the script's order.
    pub steps: Vec<Vec<StagedStep>>,
    /// Captions that files hold.
    pub captions: BTreeMap<Utterance, Vec<Caption>>,
    /// Captions of sounds that have some, by the sound's id.
    pub sound_captions: BTreeMap<String, Vec<Caption>>,
    /// Seconds that animations take, by mesh and name.
    pub clip_secs: BTreeMap<(String, String), f32>,
}

impl StagedStory {
    /// How long what is said takes, until voices are measured: as long as its captions where
    /// a file has them, else by its words.
    #[must_use]
    pub fn durations(&self) -> Durations {
        let mut durations = Durations::estimated(&self.script, &self.language);
        for (utterance, captions) in &self.captions {
            if let Some(length) = captions::length(captions) {
                durations.set(*utterance, length);
            }
        }
        durations
    }
}

/// A hotspot in the world.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StagedHotspot {
    /// In the visitor's language.
    pub title: String,
    /// Its middle and radius in metres; `None` until that is known (an area of a surface,
    /// whose model is still being read).
    pub ball_in_world: Option<(Vec3, f32)>,
    /// What it covers.
    pub shape: StagedShape,
    /// Where its actions take a visitor, by action: the eyes of a standing visitor.
    pub ways: Vec<(usize, Pose)>,
    /// What is told to a visitor who cannot see it, in the visitor's language; may be empty.
    pub alternative: String,
    /// What its panels and pictures show besides their texts, by action.
    pub panels: Vec<(usize, StagedPanel)>,
}

/// What a panel shows besides its texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StagedPanel {
    /// In the author's order.
    pub pictures: Vec<StagedPicture>,
    /// Whom to thank, a line each.
    pub credits: Vec<String>,
}

/// A picture on a panel, in the visitor's language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StagedPicture {
    /// Absolute path.
    pub path: PathBuf,
    /// What stands under it; may be empty.
    pub caption: String,
    /// What is read to a visitor who cannot see it; may be empty.
    pub alternative: String,
    /// Who made it; may be empty.
    pub credit: String,
}

/// Where a step of a tour leads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StagedStep {
    /// The eyes of a standing visitor.
    pub pose: Option<Pose>,
    /// What is looked at.
    pub look_at_in_world: Option<Vec3>,
    /// What the picture shows on a monitor, vertical, radians: of the step's own view, else what
    /// the step before it in the tour shows; `None` while none has said where to be.
    pub field_of_view_rad: Option<f32>,
    /// Places that are pointed out, in the script's order; `None` for hotspots.
    pub points_in_world: Vec<Option<Vec3>>,
}

impl StagedStep {
    /// The same step, looking at a place that has become known.
    #[must_use]
    pub fn looking_at(self, target_in_world: Vec3) -> Self {
        Self {
            pose: self
                .pose
                .map(|pose| Pose::looking_at(pose.eye_in_world, target_in_world)),
            look_at_in_world: Some(target_in_world),
            ..self
        }
    }
}
