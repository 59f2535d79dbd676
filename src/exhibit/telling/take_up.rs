//! Going on where another process stopped.

use super::{Telling, Told};
use crate::{
    bake::collide::Collider,
    exhibit::visitor::Visitor,
    scene::schema::{LayerId, LightId, Property, SurfaceId, Value},
    tour::{Effect, Input, Position, Story, StoryEffect, StoryInput},
    visit::checkpoint::Checkpoint,
};
use bevy::log::warn;
use std::sync::Arc;

/// What is to be shown anew.
pub(super) struct TakenUp {
    changes: Vec<Told>,
    effects: Vec<StoryEffect>,
}

impl Telling {
    /// Writes down where tours are and what hotspots changed, for [`Self::take_up`].
    pub fn leave_in(&self, checkpoint: &mut Checkpoint) {
        checkpoint.tour = serde_json::to_value(self.story.playback().position()).ok();
        checkpoint.lights.clone_from(&self.lit);
    }

    /// The layer that a surface has without the tour under way, where a tour covers it.
    pub fn layer_below_tour(&self, surface: &str) -> Option<LayerId> {
        let property = Property::Layer(SurfaceId::new(surface));
        let index = self.staged.script.property_index(&property)?;
        let playback = self.story.playback();
        match playback.own_value(index)? {
            own @ Value::Word(layer) if playback.value(index).as_ref() != Some(own) => {
                Some(LayerId::new(layer.clone()))
            }
            _ => None,
        }
    }

    /// Goes on from what another process left: tours at their very place, layers and lights
    /// as they were. Open panels are closed. A tour that is no longer in the exhibit is left.
    pub fn take_up(&mut self, left: &Checkpoint) {
        let mut changes = Vec::new();
        for (surface, layer) in &left.layers {
            changes.push(Told::Property {
                property: Property::Layer(SurfaceId::new(surface.clone())),
                value: Value::Word(layer.clone()),
                over_secs: 0.0,
            });
        }
        for (light, left) in &left.lights {
            let light = LightId::new(light.clone());
            if let Some(color) = left.color {
                changes.push(Told::LightColor {
                    light: light.clone(),
                    color,
                });
            }
            if let Some(brightness) = left.brightness {
                changes.push(Told::Property {
                    property: Property::Light(light),
                    value: Value::Number(f64::from(brightness)),
                    over_secs: 0.0,
                });
            }
        }
        self.lit.clone_from(&left.lights);
        let effects = left.tour.as_ref().map_or_else(Vec::new, |tour| {
            self.resume_tour(tour).unwrap_or_else(|problem| {
                warn!("the tour does not go on: {problem}");
                Vec::new()
            })
        });
        // What lies below the tours is told to them: it returns when they end.
        for change in &changes {
            if let Told::Property {
                property, value, ..
            } = change
                && let Some(index) = self.staged.script.property_index(property)
            {
                let input = Input::BaseChanged(index, value.clone());
                self.inputs.push(StoryInput::Tour(input));
            }
        }
        self.taken_up = Some(TakenUp { changes, effects });
    }

    fn resume_tour(&mut self, tour: &serde_json::Value) -> Result<Vec<StoryEffect>, String> {
        let position: Position =
            serde_json::from_value(tour.clone()).map_err(|error| error.to_string())?;
        let script = Arc::clone(&self.staged.script);
        let durations = self.story.playback().durations().clone();
        let (story, effects) =
            Story::resume(script, durations, &position).map_err(|error| error.to_string())?;
        self.story = story;
        // Hotspots hear anew of where the visitor is.
        self.distances_m.fill(f32::INFINITY);
        self.in_view.fill(false);
        Ok(effects)
    }

    /// Shows what was taken up. The visitor stands where they stood and is not led.
    pub(super) fn go_on_from(
        &mut self,
        visitor: &mut Visitor,
        rock: Option<&Collider>,
    ) -> Vec<Told> {
        let Some(TakenUp { changes, effects }) = self.taken_up.take() else {
            return Vec::new();
        };
        let mut told = changes;
        for effect in effects {
            match effect {
                StoryEffect::Tour(Effect::StepEntered { tour, step }) => {
                    self.tour = self.titles(tour, step);
                    if let Some(field_rad) =
                        self.staged_step().and_then(|own| own.field_of_view_rad)
                    {
                        visitor.show_field_at_once(field_rad);
                    }
                }
                StoryEffect::Tour(Effect::MoveVisitor { .. }) => {}
                StoryEffect::Tour(effect) => self.heed_tour(effect, visitor, rock, &mut told),
                StoryEffect::Hotspot(effect) => {
                    self.heed_hotspot(effect, visitor, &mut told);
                }
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        exhibit::{
            intent::Wish,
            telling::tests::{run_secs, telling, visit, wish},
        },
        visit::checkpoint::LeftLight,
    };
    use bevy::prelude::*;

    #[test]
    fn another_process_goes_on_with_the_tour_where_it_was() {
        let mut app = visit("en");
        wish(&mut app, Wish::Guide);
        run_secs(&mut app, 12.0);
        wish(&mut app, Wish::Guide);
        run_secs(&mut app, 0.6);
        let mut left = Checkpoint::default();
        telling(&app).leave_in(&mut left);
        left.lights.insert(
            "altar".to_owned(),
            LeftLight {
                brightness: Some(0.5),
                color: Some([1.0, 0.0, 0.0]),
            },
        );
        // Through the file.
        let reading = Checkpoint::read(&left.to_text());
        assert_eq!(reading.complaints, [""; 0], "what is left can be read");
        assert_eq!(reading.checkpoint, left, "as it was written");

        let mut next = visit("fr");
        let stands = next.world().resource::<Visitor>().pose();
        next.world_mut()
            .resource_mut::<Telling>()
            .take_up(&reading.checkpoint);
        next.update();
        let told: Vec<Told> = next
            .world_mut()
            .resource_mut::<Messages<Told>>()
            .drain()
            .collect();
        assert_eq!(
            telling(&next).tour,
            Some(("Une promenade".to_owned(), String::new())),
            "the same tour, in this visitor's language"
        );
        assert_eq!(telling(&next).captions(), "Regardez.", "it still speaks");
        let position = |app: &App| {
            let playback = telling(app).story.playback();
            (playback.playing(), playback.elapsed())
        };
        let (was, is) = (position(&app), position(&next));
        assert_eq!(was.0, is.0, "the same step");
        assert!(
            (is.1 - was.1).as_secs_f32() < 0.06,
            "a frame later: {:?}, {:?}",
            was.1,
            is.1
        );
        assert!(
            told.iter().any(|told| matches!(
                told,
                Told::Property { property: Property::Exposure, value: Value::Number(ev), .. } if *ev == 2.0
            )),
            "what the tour had changed is changed: {told:?}"
        );
        assert!(
            told.iter().any(|told| matches!(
                told,
                Told::LightColor { light, .. } if light.as_str() == "altar"
            )),
            "a light that a hotspot colored has its color: {told:?}"
        );
        run_secs(&mut next, 1.0);
        let stood = next.world().resource::<Visitor>().pose();
        assert_eq!(
            stands, stood,
            "the visitor is not led away from their place"
        );
        let mut again = Checkpoint::default();
        telling(&next).leave_in(&mut again);
        assert_eq!(again.lights, left.lights, "lights are handed on");
        run_secs(&mut next, 3.0);
        assert!(
            telling(&next).asked.is_some(),
            "and the tour goes on, to its question"
        );
    }

    #[test]
    fn what_is_damaged_or_gone_is_left_alone() {
        for tour in [
            serde_json::json!({"version": 9}),
            serde_json::json!("altar"),
            serde_json::json!(null),
        ] {
            let mut app = visit("en");
            let left = Checkpoint {
                tour: Some(tour.clone()),
                ..Checkpoint::default()
            };
            app.world_mut().resource_mut::<Telling>().take_up(&left);
            run_secs(&mut app, 0.2);
            assert_eq!(telling(&app).tour, None, "no tour goes on from {tour}");
            wish(&mut app, Wish::Guide);
            run_secs(&mut app, 0.2);
            assert!(telling(&app).tour.is_some(), "but one can begin");
        }
    }
}
