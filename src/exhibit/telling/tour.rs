//! What a tour wants: to lead, to speak, to ask, to point out.

use super::*;

impl Telling {
    pub(super) fn heed_tour(
        &mut self,
        effect: Effect,
        visitor: &mut Visitor,
        rock: Option<&Collider>,
        told: &mut Vec<Told>,
    ) {
        match effect {
            Effect::TourStarted { tour, is_detour } => {
                self.is_on_detour = is_detour;
                self.make_way_for(tour);
            }
            Effect::StepEntered { tour, step } => self.enter(tour, step, visitor, rock),
            // Where a step leads is read from the stage when it is entered; a place that is
            // reached at once, after seeking, is the same place.
            Effect::MoveVisitor { travel, .. } => {
                if travel == Travel::AtOnce
                    && let Some(pose) = self.destination(visitor)
                {
                    visitor.stand_at(&pose, rock.map(|rock| rock as _));
                    if let Some(field_rad) =
                        self.staged_step().and_then(|own| own.field_of_view_rad)
                    {
                        visitor.show_field_at_once(field_rad);
                    }
                }
            }
            Effect::LookAt { .. } => {}
            Effect::PointOut(aims) => self.point_out(&aims),
            Effect::Say { utterance, from } => self.speak(utterance, from),
            Effect::StopSaying => self.stop_saying(),
            Effect::SetProperty {
                property,
                value,
                over,
            } => {
                if let Some(script) = self.staged.script.property(property) {
                    let property = script.property.clone();
                    self.turn(property, value, over.as_secs_f32(), told);
                }
            }
            Effect::Ask { tour, step } => self.asked = self.question(tour, step),
            Effect::StopAsking => self.was_asked = self.asked.take(),
            // The card stays, with a mark at the answer, while it is answered.
            Effect::Feedback { answer, is_correct } => {
                self.asked = self.was_asked.take().map(|asked| Asked {
                    given: Some((answer as usize, is_correct)),
                    ..asked
                });
            }
            Effect::OfferNext => self.offers_next = true,
            Effect::Remind(waits_for) => self.remind(waits_for),
            Effect::OfferDetours(tours) => self.detours = tours,
            Effect::TourEnded { .. } => {
                // A detour that ends leads back into the tour, which says so.
                self.is_on_detour = false;
                visitor.show_field(lens::USUAL_RAD);
                self.tour = None;
                self.offers_next = false;
                self.asked = None;
                self.detours.clear();
                self.reminder = None;
                self.pointed_out.clear();
            }
            Effect::Paused => {
                self.is_paused = true;
                self.halted = self.sounds_of_tours();
                self.halt();
            }
            Effect::Resumed => {
                self.is_paused = false;
                self.heard.push(Heard::Halt {
                    sounds: std::mem::take(&mut self.halted),
                    halted: false,
                });
            }
        }
    }

    /// A tour leads elsewhere: what is open to be read would cover what it shows, and is closed. Not
    /// so what the hotspot shows that begins the tour.
    fn make_way_for(&mut self, tour: TourIndex) {
        let script = &self.staged.script;
        let spot = self.panel.as_ref().and_then(|panel| panel.spot);
        let actions = spot.and_then(|spot| script.hotspot(spot));
        let id = script.tour(tour).map(|tour| &tour.id);
        let begins = |action: &Action| matches!(action, Action::StartTour(own) if Some(own) == id);
        if !actions.is_some_and(|hotspot| hotspot.actions.iter().any(begins)) {
            self.close_panel();
        }
    }

    fn enter(
        &mut self,
        tour: TourIndex,
        step: StepIndex,
        visitor: &mut Visitor,
        rock: Option<&Collider>,
    ) {
        self.offers_next = false;
        self.asked = None;
        self.was_asked = None;
        self.reminder = None;
        self.tour = self.titles(tour, step);
        if let Some(pose) = self.destination(visitor) {
            visitor.travel_to(pose, rock);
        }
        if let Some(field_rad) = self.staged_step().and_then(|own| own.field_of_view_rad) {
            visitor.show_field(field_rad);
        }
    }

    /// The step that plays, where it is.
    pub(super) fn staged_step(&self) -> Option<&StagedStep> {
        let (tour, step) = self.story.playback().playing()?;
        self.staged.steps.get(tour.index())?.get(step.index())
    }

    /// Where the present step leads the visitor's eyes.
    fn destination(&self, visitor: &Visitor) -> Option<Pose> {
        let step = self.staged_step()?;
        match (step.pose, step.look_at_in_world) {
            (Some(pose), _) => Some(pose),
            (None, Some(target)) => {
                let eye = visitor.pose().eye_in_world;
                Some(Pose::looking_at(eye, target))
            }
            (None, None) => None,
        }
    }

    /// Lets soft lights rest on what the present step points out.
    fn point_out(&mut self, aims: &[Aim]) {
        let staged = self.staged_step();
        self.pointed_out = aims
            .iter()
            .enumerate()
            .filter_map(|(at, aim)| match aim {
                Aim::Hotspot(spot) => {
                    let hotspot = self.staged.hotspots.get(spot.index())?;
                    let (center, radius) = hotspot.ball_in_world?;
                    Some(PointedOut {
                        center,
                        radius_m: radius,
                        spot: Some(*spot),
                    })
                }
                Aim::Place(_) => {
                    let center = staged.and_then(|step| *step.points_in_world.get(at)?)?;
                    Some(PointedOut {
                        center,
                        radius_m: PLACE_M,
                        spot: None,
                    })
                }
            })
            .collect();
    }

    pub(super) fn speak(&mut self, utterance: Utterance, from: Duration) {
        let script = &self.staged.script;
        let say: Option<&Say> = script
            .step(utterance.tour, utterance.step)
            .and_then(|step| match utterance.answer {
                None => step.say.as_ref(),
                Some(answer) => step
                    .ask
                    .as_ref()
                    .and_then(|ask| ask.answers.get(answer as usize))
                    .and_then(|answer| answer.feedback.as_ref()),
            });
        let Some(say) = say else { return };
        let captions = self
            .staged
            .captions
            .get(&utterance)
            .cloned()
            .unwrap_or_else(|| {
                // Captions are marked line by line, when they are shown.
                let own = &self.staged.script.default_language;
                let text = say.text.get(&self.staged.language, own);
                let text = text.map_or("", String::as_str);
                let length = captions::speaking_time(text, &self.staged.language);
                captions::make(text, &self.staged.language, length, default())
            });
        let voice = self.sounds.voice(utterance);
        self.speaking = Some(Speaking {
            captions,
            at: from,
            speaker_in_world: voice.and_then(|voice| voice.position_in_world),
        });
        if let Some(voice) = voice {
            self.heard.push(Heard::Say {
                utterance,
                voice: voice.clone(),
                from,
            });
        }
    }

    /// The voice halts, and what the tour plays: lights that follow its music would be late.
    pub(super) fn halt(&mut self) {
        self.heard.push(Heard::Halt {
            sounds: self.halted.clone(),
            halted: true,
        });
    }

    /// What sounds because tours say so.
    fn sounds_of_tours(&self) -> Vec<SoundIndex> {
        let playback = self.story.playback();
        let properties = self.staged.script.properties.iter().enumerate();
        properties
            .filter_map(|(at, script)| {
                let Property::SoundPlays(id) = &script.property else {
                    return None;
                };
                let index = PropertyIndex::new(at);
                let is_on = |value: Option<&Value>| value == Some(&Value::Flag(true));
                let is_played = is_on(playback.value(index).as_ref());
                let sound = self.sounds.find(id)?;
                (is_played && !is_on(playback.own_value(index))).then_some(sound)
            })
            .collect()
    }

    pub(super) fn stop_saying(&mut self) {
        self.speaking = None;
        self.heard.push(Heard::StopSaying);
    }
}
