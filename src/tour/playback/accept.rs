//! Events: what each asks for, and when it makes no sense.

use super::frame::{Frame, Voice};
use super::{Effect, Ended, Input, MOST_FRAMES, Playback, Travel, Utterance, WaitsFor};
use crate::scene::schema::Value;
use crate::tour::script::{GoOnScript, PropertyIndex, StepIndex, TourIndex};

impl Playback {
    /// Takes one event; what follows from it at this instant is for [`Self::settle`].
    pub(in crate::tour) fn accept(&mut self, input: &Input, out: &mut Vec<Effect>) {
        // What changes no state needs no moment to seek back to.
        self.is_eventful |= !matches!(input, Input::BaseChanged(..) | Input::Seek(_));
        match *input {
            Input::Start(tour) => self.start(tour, false, out),
            Input::StartUnattended(tour) => self.start(tour, true, out),
            Input::Next => self.next(out),
            Input::Skip => {
                self.wake(out);
                self.go_on(None, out);
            }
            Input::Back => self.back(out),
            Input::Pause if !self.state.is_paused && !self.state.frames.is_empty() => {
                self.state.is_paused = true;
                out.push(Effect::Paused);
            }
            Input::Resume => self.wake(out),
            Input::Leave => self.leave(out),
            Input::EndDetour if self.state.frames.len() > 1 => self.end_top(Ended::Left, out),
            Input::Answer(answer) => self.answer(answer, out),
            Input::TakeDetour(tour) => self.take_detour(tour, out),
            Input::NarrationEnded(ended) => self.narration_ended(ended),
            Input::HotspotVisited(hotspot) => {
                self.state.memory.visit(hotspot);
                // A tour that waits for its detour has seen it too.
                for index in 0..self.state.frames.len() {
                    let frame = &self.state.frames[index];
                    let waits = GoOnScript::HotspotVisited(hotspot);
                    if self
                        .script_of(frame)
                        .is_some_and(|step| step.go_on == waits)
                    {
                        self.state.frames[index].is_visited = true;
                    }
                }
            }
            Input::GoTo(tour, step) => self.go_to(tour, step, out),
            Input::Seek(time) => self.seek(time, out),
            Input::BaseChanged(property, ref value) => {
                self.set_base(property, value);
            }
            Input::Overridden(property, ref value) => {
                if self.set_base(property, value) {
                    self.take_off(property);
                    self.shown[property.index()] = value.clone();
                }
            }
            Input::Pause | Input::EndDetour => {}
        }
    }

    /// Keeps what the exhibit has of its own, if it is of the right kind.
    fn set_base(&mut self, property: PropertyIndex, value: &Value) -> bool {
        let is_finite = !matches!(value, Value::Number(number) if !number.is_finite());
        match self.base.get_mut(property.index()) {
            Some(own)
                if is_finite && std::mem::discriminant(own) == std::mem::discriminant(value) =>
            {
                // Where nothing lies over it, whoever changed it has shown it already.
                if self.shown[property.index()] == *own {
                    self.shown[property.index()] = value.clone();
                }
                *own = value.clone();
                true
            }
            _ => false,
        }
    }

    pub(super) fn wake(&mut self, out: &mut Vec<Effect>) {
        if std::mem::take(&mut self.state.is_paused) {
            out.push(Effect::Resumed);
        }
    }

    pub(super) fn start(&mut self, tour: TourIndex, is_unattended: bool, out: &mut Vec<Effect>) {
        if self.script.tour(tour).is_none() {
            return;
        }
        self.leave(out);
        self.state.clock_ns = 0;
        self.push(tour, is_unattended, out);
        self.enter(StepIndex::default(), Travel::Led, out);
    }

    fn push(&mut self, tour: TourIndex, is_unattended: bool, out: &mut Vec<Effect>) {
        self.state.frames.push(Frame::new(tour, is_unattended));
        out.push(Effect::TourStarted {
            tour,
            is_detour: self.state.frames.len() > 1,
        });
    }

    pub(super) fn leave(&mut self, out: &mut Vec<Effect>) {
        self.wake(out);
        self.quiet(out);
        while let Some(frame) = self.state.frames.pop() {
            out.push(Effect::TourEnded {
                tour: frame.tour,
                how: Ended::Left,
            });
        }
        self.moments.clear();
        self.lay_over_variables();
    }

    fn next(&mut self, out: &mut Vec<Effect>) {
        let Some(frame) = self.state.frames.last() else {
            return;
        };
        let waits_for = match self.script_of(frame).map(|step| step.go_on) {
            Some(GoOnScript::Answered) if frame.answered.is_none() => Some(WaitsFor::Answer),
            Some(GoOnScript::HotspotVisited(hotspot)) if !frame.is_visited => {
                Some(WaitsFor::Hotspot(hotspot))
            }
            _ => None,
        };
        self.wake(out);
        match waits_for {
            Some(waits_for) => out.push(Effect::Remind(waits_for)),
            None => self.go_on(None, out),
        }
    }

    fn back(&mut self, out: &mut Vec<Effect>) {
        self.wake(out);
        self.quiet(out);
        let Some(frame) = self.state.frames.last_mut() else {
            return;
        };
        let (step, overlay) = match frame.history.pop() {
            Some(been) => (been.step, been.overlay),
            None => (frame.step, frame.overlay_at_entry.clone()),
        };
        frame.overlay = (*overlay.0).clone();
        self.is_cut = true;
        self.lay_over_variables();
        self.enter(step, Travel::Led, out);
    }

    fn take_detour(&mut self, tour: TourIndex, out: &mut Vec<Effect>) {
        let frames = &self.state.frames;
        let is_open = frames.iter().any(|frame| frame.tour == tour);
        let is_offered = frames.last().is_some_and(|frame| {
            self.script_of(frame)
                .is_some_and(|step| step.detours.contains(&tour))
        });
        if is_open || !is_offered || frames.len() >= MOST_FRAMES || self.script.tour(tour).is_none()
        {
            return;
        }
        self.wake(out);
        self.quiet(out);
        self.push(tour, false, out);
        self.enter(StepIndex::default(), Travel::Led, out);
    }

    fn narration_ended(&mut self, ended: Utterance) {
        if let Some(frame) = self.state.frames.last_mut()
            && let Voice::Speaking { utterance, .. } = frame.voice
            && utterance == ended
        {
            frame.voice = Voice::Silent {
                since_ns: frame.clock_ns,
            };
        }
    }

    fn go_to(&mut self, tour: TourIndex, step: StepIndex, out: &mut Vec<Effect>) {
        if self.script.step(tour, step).is_none() {
            return;
        }
        // A tour that waits for its detour is returned to.
        if self.state.frames.iter().any(|frame| frame.tour == tour) {
            self.wake(out);
            while self.state.frames.last().is_some_and(|top| top.tour != tour) {
                self.quiet(out);
                self.drop_top(Ended::Left, out);
            }
            self.go_on(Some(step), out);
        } else {
            self.leave(out);
            self.state.clock_ns = 0;
            self.push(tour, false, out);
            self.enter(step, Travel::Led, out);
        }
    }

    pub(super) fn answer(&mut self, answer: u32, out: &mut Vec<Effect>) {
        let Some(frame) = self.state.frames.last() else {
            return;
        };
        let question = self.script_of(frame).and_then(|step| step.ask.as_ref());
        let chosen = question.and_then(|ask| ask.answers.get(answer as usize));
        let Some(chosen) = chosen.cloned() else {
            return;
        };
        if !frame.is_asked || frame.answered.is_some() {
            return;
        }
        self.wake(out);
        if let Some((variable, value)) = &chosen.set {
            self.state.memory.set(*variable, value.clone());
        }
        out.push(Effect::StopAsking);
        out.push(Effect::Feedback {
            answer,
            is_correct: chosen.is_correct,
        });
        let Some(frame) = self.state.frames.last_mut() else {
            return;
        };
        frame.answered = Some(answer);
        frame.voice = Voice::Silent {
            since_ns: frame.clock_ns,
        };
        if chosen.feedback.is_some() {
            let utterance = Utterance {
                tour: frame.tour,
                step: frame.step,
                answer: Some(answer),
            };
            frame.speak(utterance, &self.durations, out);
        }
    }
}
