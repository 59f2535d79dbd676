//! Everything in an exhibit that refers to a pair of names, sets a variable or has a place.

use crate::scene::schema::{
    Action, Condition, Exhibit, LayerId, MeshId, Place, Property, Shape, SoundAt, Spanned, StepId,
    SurfaceId, Target, TourId, Trigger, Value, VariableId,
};

/// Uses gathered from all over an exhibit.
#[derive(Default)]
pub(crate) struct Uses<'e> {
    pub(crate) layers: Vec<(&'e SurfaceId, &'e LayerId)>,
    /// Layers that cues set a surface to: words, which have no place of their own.
    pub(crate) cue_layers: Vec<(&'e SurfaceId, &'e str)>,
    pub(crate) steps: Vec<(&'e TourId, &'e StepId)>,
    pub(crate) nodes: Vec<(&'e MeshId, &'e Spanned<String>)>,
    pub(crate) clips: Vec<(&'e MeshId, &'e Spanned<String>)>,
    /// Variables set, to what, and by which hotspot (else by a tour).
    pub(crate) sets: Vec<(&'e VariableId, &'e Value, Option<usize>)>,
    /// Variables compared, with what.
    pub(crate) compared: Vec<(&'e VariableId, Value)>,
}

impl<'e> Uses<'e> {
    pub(crate) fn of(exhibit: &'e Exhibit) -> Self {
        let mut uses = Self::default();
        for view in &exhibit.views {
            uses.place(&view.at);
        }
        if let Some(start) = &exhibit.start {
            uses.place(&start.desktop);
            if start.headset != start.desktop {
                uses.place(&start.headset);
            }
        }
        for space in &exhibit.spaces {
            for light in &space.lights {
                uses.place(&light.at);
            }
        }
        for sound in &exhibit.sounds {
            if let SoundAt::Place(place) = &sound.at {
                uses.place(place);
            }
        }
        for (index, hotspot) in exhibit.hotspots.iter().enumerate() {
            if let Shape::Node(mesh, node) = &hotspot.at {
                uses.nodes.push((mesh, node));
            }
            hotspot
                .triggers
                .iter()
                .for_each(|trigger| uses.trigger(trigger));
            hotspot
                .actions
                .iter()
                .for_each(|action| uses.action(action, index));
            hotspot
                .hidden_until
                .iter()
                .for_each(|condition| uses.condition(condition));
        }
        uses.tours(exhibit);
        uses
    }

    fn tours(&mut self, exhibit: &'e Exhibit) {
        for tour in &exhibit.tours {
            for step in &tour.steps {
                step.at.iter().for_each(|place| self.place(place));
                step.look_at
                    .iter()
                    .chain(&step.point_out)
                    .for_each(|target| {
                        if let Target::Place(place) = target {
                            self.place(place);
                        }
                    });
                for cue in &step.cues {
                    self.property(&cue.property, &cue.to);
                }
                for branch in &step.branches {
                    self.condition(&branch.when);
                    self.steps.push((&tour.id, &branch.go_to));
                }
                for answer in step.ask.iter().flat_map(|question| &question.answers) {
                    answer
                        .go_to
                        .iter()
                        .for_each(|step| self.steps.push((&tour.id, step)));
                    answer
                        .set
                        .iter()
                        .for_each(|(id, value)| self.sets.push((id, value, None)));
                }
            }
        }
    }

    fn place(&mut self, place: &'e Place) {
        if let Place::Node { mesh, node } = place {
            self.nodes.push((mesh, node));
        }
    }

    fn trigger(&mut self, trigger: &'e Trigger) {
        match trigger {
            Trigger::TourStep(tour, step) => self.steps.push((tour, step)),
            Trigger::When(condition) => self.condition(condition),
            _ => {}
        }
    }

    fn action(&mut self, action: &'e Action, hotspot: usize) {
        match action {
            Action::Layer { surface, layer, .. } => self.layers.push((surface, layer)),
            Action::Animate { mesh, clip, .. } => self.clips.push((mesh, clip)),
            Action::GoToStep(tour, step) => self.steps.push((tour, step)),
            Action::Set(variable, value) => self.sets.push((variable, value, Some(hotspot))),
            Action::Teleport { to } => self.place(to),
            _ => {}
        }
    }

    fn property(&mut self, property: &'e Property, to: &'e Value) {
        match property {
            Property::Layer(surface) => {
                if let Value::Word(layer) = to {
                    self.cue_layers.push((surface, layer));
                }
            }
            Property::LayerMix(surface, layer) => self.layers.push((surface, layer)),
            Property::NodeShown(mesh, node) => self.nodes.push((mesh, node)),
            Property::Animation(mesh, clip) => self.clips.push((mesh, clip)),
            Property::Variable(variable) => self.sets.push((variable, to, None)),
            _ => {}
        }
    }

    fn condition(&mut self, condition: &'e Condition) {
        match condition {
            Condition::Is(variable, value) => self.compared.push((variable, value.clone())),
            Condition::AtLeast(variable, least) => {
                self.compared.push((variable, Value::Number(*least)));
            }
            Condition::Not(inner) => self.condition(inner),
            Condition::All(all) | Condition::Any(all) => {
                all.iter().for_each(|one| self.condition(one));
            }
            _ => {}
        }
    }
}
