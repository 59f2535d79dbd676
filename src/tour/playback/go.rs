//! How a tour goes on: instants, steps, cues.

use std::time::Duration;

use super::frame::{Frame, Voice, begin_cue};
use super::{Effect, Ended, LEAST_STEP, Playback, Travel, UNATTENDED_PAUSE, Utterance};
use crate::scene::schema::Pace;
use crate::tour::script::{GoOnScript, PropertyIndex, StepIndex, StepScript};
use crate::tour::time::ns;

impl Playback {
    /// Takes what tours laid over a property off.
    pub(super) fn take_off(&mut self, property: PropertyIndex) {
        for frame in &mut self.state.frames {
            frame.overlay.remove(&property);
        }
    }

    /// Ends narration, question, pointing.
    pub(super) fn quiet(&mut self, out: &mut Vec<Effect>) {
        let Some(frame) = self.state.frames.last() else {
            return;
        };
        if frame.silent_since_ns().is_none() {
            out.push(Effect::StopSaying);
        }
        let step = self.script.step(frame.tour, frame.step);
        if frame.is_asked && frame.answered.is_none() {
            out.push(Effect::StopAsking);
        }
        if step.is_some_and(|step| !step.point_out.is_empty()) {
            out.push(Effect::PointOut(Vec::new()));
        }
        if step.is_some_and(|step| !step.detours.is_empty()) {
            out.push(Effect::OfferDetours(Vec::new()));
        }
    }

    /// Begins a step of the last frame. What was quieted before stays quiet.
    pub(super) fn enter(&mut self, step: StepIndex, travel: Travel, out: &mut Vec<Effect>) {
        self.is_eventful = true;
        let Some(frame) = self.state.frames.last_mut() else {
            return;
        };
        frame.begin(step);
        let has_voice = self
            .script
            .step(frame.tour, step)
            .is_some_and(|step| step.say.is_some());
        if has_voice {
            let utterance = Utterance {
                tour: frame.tour,
                step,
                answer: None,
            };
            frame.voice = Voice::Speaking {
                utterance,
                since_ns: frame.clock_ns,
                length_ns: self.durations.length_ns(utterance),
            };
        }
        self.present(travel, out);
    }

    /// Says all that the last frame's step shows, as of now.
    pub(super) fn present(&self, travel: Travel, out: &mut Vec<Effect>) {
        let Some(frame) = self.state.frames.last() else {
            return;
        };
        let (tour, step) = (frame.tour, frame.step);
        let Some(script) = self.script.step(tour, step) else {
            return;
        };
        let space = self.script.tour(tour).and_then(|tour| tour.space.clone());
        out.push(Effect::StepEntered { tour, step });
        if let Some(to) = script.at.clone() {
            out.push(Effect::MoveVisitor {
                to,
                space: space.clone(),
                travel,
            });
        }
        if let Some(at) = script.look_at.clone() {
            out.push(Effect::LookAt { at, space });
        }
        if !script.point_out.is_empty() {
            out.push(Effect::PointOut(script.point_out.clone()));
        }
        if let Voice::Speaking {
            utterance,
            since_ns,
            ..
        } = frame.voice
        {
            out.push(Effect::Say {
                utterance,
                from: Duration::from_nanos(frame.clock_ns.saturating_sub(since_ns)),
            });
        }
        if frame.is_asked && frame.answered.is_none() {
            out.push(Effect::Ask { tour, step });
        }
        if frame.is_offered {
            out.push(Effect::OfferNext);
        }
        if !script.detours.is_empty() && !frame.is_unattended {
            out.push(Effect::OfferDetours(script.detours.clone()));
        }
    }

    pub(super) fn script_of(&self, frame: &Frame) -> Option<&StepScript> {
        self.script.step(frame.tour, frame.step)
    }

    /// Leaves the step for the named one, or for where it leads.
    pub(super) fn go_on(&mut self, named: Option<StepIndex>, out: &mut Vec<Effect>) {
        self.quiet(out);
        self.begin_cues(u64::MAX);
        self.lay_over_variables();
        let Some(frame) = self.state.frames.last() else {
            return;
        };
        let Some(step) = self.script_of(frame) else {
            return;
        };
        let answered = frame.answered.and_then(|answer| {
            let answers = &step.ask.as_ref()?.answers;
            answers.get(answer as usize)?.go_to
        });
        let branch = || {
            let mut branches = step.branches.iter();
            let taken = branches.find(|(rule, _)| rule.holds(&self.state.memory));
            taken.map(|(_, step)| *step)
        };
        let following = StepIndex::new(frame.step.index() + 1);
        let target = named.or(answered).or_else(branch).unwrap_or(following);
        if self.script.step(frame.tour, target).is_none() {
            self.end_top(Ended::Finished, out);
            return;
        }
        if let Some(frame) = self.state.frames.last_mut() {
            frame.remember();
        }
        self.enter(target, Travel::Led, out);
    }

    /// Ends the last frame; the one below goes on where it was.
    pub(super) fn end_top(&mut self, how: Ended, out: &mut Vec<Effect>) {
        if how == Ended::Left {
            self.wake(out);
            self.quiet(out);
        }
        self.drop_top(how, out);
        if self.state.frames.is_empty() {
            self.moments.clear();
        } else {
            self.present(Travel::Led, out);
        }
    }

    pub(super) fn drop_top(&mut self, how: Ended, out: &mut Vec<Effect>) {
        self.is_eventful = true;
        if let Some(frame) = self.state.frames.pop() {
            if how == Ended::Finished {
                self.state.memory.complete(frame.tour);
            }
            out.push(Effect::TourEnded {
                tour: frame.tour,
                how,
            });
        }
        self.lay_over_variables();
    }

    /// Begins the cues that are due until a time of the step, in order.
    fn begin_cues(&mut self, until_ns: u64) {
        let script = std::sync::Arc::clone(&self.script);
        while let Some(frame) = self.state.frames.last_mut()
            && let Some(step) = script.step(frame.tour, frame.step)
            && let Some(cue) = step.cues.get(frame.begun as usize)
            && cue.after_ns <= until_ns
        {
            frame.begun += 1;
            let own = self.base.get(cue.property.index());
            if let Some(own) = own {
                begin_cue(&mut self.state.frames, cue, own);
            }
        }
    }

    /// Lets variables be what the frames' cues say.
    pub(super) fn lay_over_variables(&mut self) {
        let set = self.state.memory.take_set();
        let script = std::sync::Arc::clone(&self.script);
        for (index, property) in script.properties.iter().enumerate() {
            let Some(variable) = property.variable else {
                continue;
            };
            let property = PropertyIndex::new(index);
            if set.contains(&variable) {
                self.take_off(property);
            }
            let frames = self.state.frames.iter().rev();
            let over = frames
                .filter_map(|frame| Some(frame.overlay.get(&property)?.value_at(frame.clock_ns)))
                .next();
            self.state.memory.lay_over(variable, over);
        }
    }

    /// Does all that is due at this instant. Ends: each cue begins once, a step that goes on
    /// by itself lasts [`LEAST_STEP`], and each frame ends once.
    pub(in crate::tour) fn settle(&mut self, out: &mut Vec<Effect>) {
        self.lay_over_variables();
        while !self.state.is_paused && self.settle_once(out) {}
    }

    fn settle_once(&mut self, out: &mut Vec<Effect>) -> bool {
        let Some(frame) = self.state.frames.last() else {
            return false;
        };
        let in_step_ns = frame.clock_ns.saturating_sub(frame.entered_ns);
        self.begin_cues(in_step_ns);
        self.lay_over_variables();
        let Some(frame) = self.state.frames.last_mut() else {
            return false;
        };
        if frame
            .speech_end_ns()
            .is_some_and(|end| end <= frame.clock_ns)
        {
            frame.voice = Voice::Silent {
                since_ns: frame.clock_ns,
            };
        }
        let (tour, step, now_ns) = (frame.tour, frame.step, frame.clock_ns);
        let Some(script) = self.script.step(tour, step) else {
            return false;
        };
        let is_silent = frame.silent_since_ns().is_some();
        if is_silent && !frame.is_asked && script.ask.is_some() {
            frame.is_asked = true;
            out.push(Effect::Ask { tour, step });
        }
        if !self.is_due(now_ns) {
            return false;
        }
        self.is_eventful = true;
        let waits_for_answer = script.go_on == GoOnScript::Answered;
        let Some(frame) = self.state.frames.last_mut() else {
            return false;
        };
        if waits_for_answer && frame.answered.is_none() {
            // Unattended: the first right answer, else the first.
            let answers = script.ask.iter().flat_map(|ask| &ask.answers);
            let right = answers.clone().position(|answer| answer.is_correct);
            self.answer(u32::try_from(right.unwrap_or(0)).unwrap_or(0), out);
            return true;
        }
        if self.waits_for_next() {
            if let Some(frame) = self.state.frames.last_mut()
                && !std::mem::replace(&mut frame.is_offered, true)
            {
                out.push(Effect::OfferNext);
            }
            return false;
        }
        self.go_on(None, out);
        true
    }

    fn is_due(&self, now_ns: u64) -> bool {
        let due_ns = self.state.frames.last().and_then(|top| self.due_ns(top));
        due_ns.is_some_and(|due_ns| due_ns <= now_ns)
    }

    /// Whether the visitor must say so, or did by deed.
    fn waits_for_next(&self) -> bool {
        let Some(frame) = self.state.frames.last() else {
            return false;
        };
        if frame.is_unattended {
            return false;
        }
        let is_led_by_answer = frame.answered.is_some_and(|_| self.answer_leads(frame));
        match self.script_of(frame).map(|step| step.go_on) {
            Some(GoOnScript::Answered | GoOnScript::HotspotVisited(_)) => false,
            Some(GoOnScript::Ready) => !is_led_by_answer,
            _ => {
                let pace = self.script.tour(frame.tour).map(|tour| &tour.pace);
                !is_led_by_answer && pace == Some(&Pace::Visitor)
            }
        }
    }

    /// Whether the answer that was given names a step.
    fn answer_leads(&self, frame: &Frame) -> bool {
        let question = self.script_of(frame).and_then(|step| step.ask.as_ref());
        let answer = frame.answered.zip(question);
        answer.is_some_and(|(answer, ask)| {
            let answer = ask.answers.get(answer as usize);
            answer.is_some_and(|answer| answer.go_to.is_some())
        })
    }

    /// When the step has done what it waits for, if that can be told now.
    fn due_ns(&self, frame: &Frame) -> Option<u64> {
        let step = self.script_of(frame)?;
        let earliest_ns = frame.entered_ns.saturating_add(ns(LEAST_STEP));
        let silent_ns = frame.silent_since_ns();
        // What a visitor would do, an unattended tour does after a rest.
        let rested_ns = || {
            silent_ns
                .filter(|_| frame.is_unattended)
                .map(|since| since.saturating_add(ns(UNATTENDED_PAUSE)))
        };
        let due_ns = match step.go_on {
            _ if frame.answered.is_some() && self.answer_leads(frame) => silent_ns,
            GoOnScript::NarrationEnded => silent_ns,
            GoOnScript::After(after_ns) => Some(frame.entered_ns.saturating_add(after_ns)),
            GoOnScript::Ready if frame.is_unattended => rested_ns(),
            GoOnScript::Ready => silent_ns,
            GoOnScript::HotspotVisited(_) if frame.is_visited => Some(frame.clock_ns),
            GoOnScript::Answered if frame.answered.is_some() => silent_ns,
            GoOnScript::HotspotVisited(_) | GoOnScript::Answered => rested_ns(),
        };
        due_ns.map(|due_ns| due_ns.max(earliest_ns))
    }

    /// The next time of a frame's clock, after now, at which something happens by itself.
    pub(super) fn next_event_ns(&self, frame: &Frame) -> Option<u64> {
        let step = self.script_of(frame)?;
        let cue_ns = step
            .cues
            .get(frame.begun as usize)
            .map(|cue| frame.entered_ns.saturating_add(cue.after_ns));
        let jumps = frame.overlay.iter().filter_map(|(property, track)| {
            let is_variable = self.script.property(*property)?.variable.is_some();
            is_variable.then(|| track.jump_ns())
        });
        let all = [cue_ns, frame.speech_end_ns(), self.due_ns(frame)];
        let all = all.into_iter().flatten().chain(jumps);
        all.filter(|at_ns| *at_ns > frame.clock_ns).min()
    }
}
