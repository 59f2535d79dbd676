//! What hotspots do: panels, sounds, lights, layers, animations, other places.

use super::*;

impl Telling {
    pub(super) fn heed_hotspot(
        &mut self,
        effect: hotspots::Effect,
        visitor: &mut Visitor,
        told: &mut Vec<Told>,
    ) {
        match effect {
            hotspots::Effect::Begin(run) => self.begin(run, visitor, told),
            hotspots::Effect::Stop(run) => {
                let over: Vec<_> = self
                    .sounding
                    .extract_if(.., |(_, own)| *own == run)
                    .collect();
                for (sound, _) in over {
                    self.silence(sound);
                }
                if self
                    .panel
                    .as_ref()
                    .is_some_and(|panel| panel.run == Some(run))
                {
                    drop(self.take_panel());
                }
                let script = self.staged.script.hotspot(run.hotspot);
                let action = script.and_then(|own| own.actions.get(run.action as usize));
                if let Some(Action::Animate { mesh, clip, .. }) = action {
                    told.push(Told::Rests {
                        mesh: mesh.clone(),
                        clip: clip.value.clone(),
                    });
                }
            }
            hotspots::Effect::ChainCut(hotspot) => {
                if let Some(script) = self.staged.script.hotspot(hotspot) {
                    warn!(
                        "hotspots set each other off without end; cut at {}",
                        script.id
                    );
                }
            }
            // The engine has started tours itself; marks are read from it.
            hotspots::Effect::Show(_)
            | hotspots::Effect::Opened(_)
            | hotspots::Effect::Closed(_)
            | hotspots::Effect::StartTour(_)
            | hotspots::Effect::GoToStep(..) => {}
        }
    }

    fn begin(&mut self, run: ActionRun, visitor: &mut Visitor, told: &mut Vec<Told>) {
        let staged = Arc::clone(&self.staged);
        let Some(script) = staged.script.hotspot(run.hotspot) else {
            return;
        };
        let Some(action) = script.actions.get(run.action as usize) else {
            return;
        };
        match action {
            Action::Panel { .. } | Action::Image(_) => {
                let panel = self.panel_of(run);
                drop(self.take_panel());
                self.panel = panel;
                return;
            }
            Action::Layer {
                surface,
                layer,
                duration,
            } => self.change(
                Property::Layer(surface.clone()),
                Value::Word(layer.as_str().to_owned()),
                *duration,
                told,
            ),
            Action::Light {
                light,
                brightness,
                color,
                duration,
            } => {
                let left = self.lit.entry(light.as_str().to_owned()).or_default();
                left.brightness = Some(*brightness);
                if let Some(color) = color {
                    left.color = Some(color.linear);
                    told.push(Told::LightColor {
                        light: light.clone(),
                        color: color.linear,
                    });
                }
                self.change(
                    Property::Light(light.clone()),
                    Value::Number(f64::from(*brightness)),
                    *duration,
                    told,
                );
            }
            Action::Teleport { .. } => {
                let way = staged.hotspots.get(run.hotspot.index()).and_then(|own| {
                    let mut ways = own.ways.iter();
                    ways.find(|(action, _)| *action == run.action as usize)
                });
                if let Some((_, pose)) = way {
                    visitor.blink_to(*pose);
                }
            }
            Action::Sound(id) => {
                if let Some(sound) = self.sounds.find(id) {
                    self.beginning.push(sound);
                    let ends = !self.sounds.sounds[sound.0].repeats;
                    if self.has_ears {
                        self.sounding.push((sound, run));
                    }
                    // What goes on for ever is not waited for.
                    if self.has_ears && ends {
                        return;
                    }
                }
            }
            Action::Animate {
                mesh,
                clip,
                repeat,
                speed,
            } => {
                told.push(Told::Plays {
                    mesh: mesh.clone(),
                    clip: clip.value.clone(),
                    repeats: *repeat,
                    speed: *speed,
                });
                if *repeat {
                    return;
                }
                let key = (mesh.as_str().to_owned(), clip.value.clone());
                let secs = staged.clip_secs.get(&key).copied().unwrap_or_default();
                // What stands still has no end: it is over at once.
                if let Ok(length) = Duration::try_from_secs_f32(secs / speed.abs()) {
                    self.animating.push((run, length));
                    return;
                }
            }
            // The engine itself does these.
            Action::StartTour(_)
            | Action::GoToStep(..)
            | Action::Set(..)
            | Action::Wait(_)
            | Action::WaitForEnd => {}
        }
        self.inputs
            .push(StoryInput::Hotspot(hotspots::Input::Ended(run)));
    }

    /// A hotspot changes a property: tours that change it too must know.
    fn change(&mut self, property: Property, value: Value, secs: f32, told: &mut Vec<Told>) {
        if let Some(index) = self.staged.script.property_index(&property) {
            self.override_property(index, value.clone());
        }
        self.turn(property, value, secs, told);
    }

    /// A property has a new value: those that are heard go to the ears, others to the eyes.
    pub(super) fn turn(
        &mut self,
        property: Property,
        value: Value,
        over_secs: f32,
        told: &mut Vec<Told>,
    ) {
        match &property {
            Property::SoundLevel(id) => {
                if let (Some(sound), Value::Number(gain_db)) = (self.sounds.find(id), &value) {
                    self.heard.push(Heard::Level {
                        sound,
                        gain_db: *gain_db as f32,
                        over_secs,
                    });
                }
            }
            Property::SoundPlays(id) => {
                if let Some(sound) = self.sounds.find(id) {
                    if value == Value::Flag(true) {
                        self.beginning.push(sound);
                    } else {
                        self.silence(sound);
                    }
                }
            }
            _ => told.push(Told::Property {
                property,
                value,
                over_secs,
            }),
        }
    }

    /// Animations whose time is up have ended.
    pub(super) fn end_animations(&mut self, dt: Duration) {
        for (_, left) in &mut self.animating {
            *left = left.saturating_sub(dt);
        }
        for (run, _) in self.animating.extract_if(.., |(_, left)| left.is_zero()) {
            self.inputs
                .push(StoryInput::Hotspot(hotspots::Input::Ended(run)));
        }
    }

    /// A sound or a voice is over.
    pub(super) fn heed_end(&mut self, end: HeardOut) {
        match end {
            HeardOut::Sound(sound) => {
                self.end_words(sound);
                self.end_panel_sound(sound);
                for (_, run) in self.sounding.extract_if(.., |(own, _)| *own == sound) {
                    self.inputs
                        .push(StoryInput::Hotspot(hotspots::Input::Ended(run)));
                }
            }
            HeardOut::Voice(utterance) => self
                .inputs
                .push(StoryInput::Tour(Input::NarrationEnded(utterance))),
        }
    }

    /// A sound ends, and what it says with it.
    pub(super) fn silence(&mut self, sound: SoundIndex) {
        self.end_words(sound);
        self.heard.push(Heard::Stop(sound));
    }

    /// What is to be heard since the last call.
    pub(super) fn take_heard(&mut self) -> Vec<Heard> {
        let mut heard = std::mem::take(&mut self.heard);
        let beginning = std::mem::take(&mut self.beginning);
        for sound in &beginning {
            self.begin_words(*sound);
        }
        if !beginning.is_empty() {
            heard.push(Heard::Play(beginning));
        }
        heard
    }

    fn override_property(&mut self, index: PropertyIndex, value: Value) {
        self.inputs
            .push(StoryInput::Tour(Input::Overridden(index, value)));
    }
}
