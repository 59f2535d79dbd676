//! What a visit remembers, and conditions on it. Tours and hotspots share it.

use serde::{Deserialize, Serialize};

use super::script::{HotspotIndex, Script, TourIndex, VariableIndex};
use crate::scene::schema::Value;

/// Variables, the hotspots that were set off, the tours that were taken to their end.
///
/// A variable has a value of its own and, while a tour's cue says so, another laid over it.
/// Cues lay over and tours take off again; answers and hotspots set the value itself, and
/// what they set counts at once.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Memory {
    values: Vec<Value>,
    laid_over: Vec<Option<Value>>,
    /// Variables set since [`Self::take_set`]: what tours laid over them is off.
    just_set: Vec<VariableIndex>,
    visited: Vec<bool>,
    toured: Vec<bool>,
}

impl Memory {
    /// The memory with which a visit begins.
    #[must_use]
    pub fn new(script: &Script) -> Self {
        let starts = script.variables.iter().map(|one| one.start.clone());
        Self {
            values: starts.collect(),
            laid_over: vec![None; script.variables.len()],
            just_set: Vec::new(),
            visited: vec![false; script.hotspots.len()],
            toured: vec![false; script.tours.len()],
        }
    }

    /// Whether it is as long as a script needs.
    pub(super) fn fits(&self, script: &Script) -> bool {
        self.values.len() == script.variables.len()
            && self.laid_over.len() == script.variables.len()
            && self.visited.len() == script.hotspots.len()
            && self.toured.len() == script.tours.len()
    }

    /// What a variable is now; `None` for one that there is not.
    #[must_use]
    pub fn value(&self, variable: VariableIndex) -> Option<&Value> {
        let index = variable.index();
        let over = self.laid_over.get(index).and_then(Option::as_ref);
        over.or_else(|| self.values.get(index))
    }

    /// Sets a variable for the rest of the visit.
    pub fn set(&mut self, variable: VariableIndex, value: Value) {
        if let Some(own) = self.values.get_mut(variable.index()) {
            *own = value;
            self.lay_over(variable, None);
            if !self.just_set.contains(&variable) {
                self.just_set.push(variable);
            }
        }
    }

    /// The variables that were set since this was last asked.
    pub(super) fn take_set(&mut self) -> Vec<VariableIndex> {
        std::mem::take(&mut self.just_set)
    }

    /// Lays a value over a variable's own, or takes it off.
    pub(super) fn lay_over(&mut self, variable: VariableIndex, value: Option<Value>) {
        if let Some(over) = self.laid_over.get_mut(variable.index()) {
            *over = value;
        }
    }

    /// Whether a hotspot was set off.
    #[must_use]
    pub fn is_visited(&self, hotspot: HotspotIndex) -> bool {
        self.visited.get(hotspot.index()).is_some_and(|is| *is)
    }

    /// Remembers that a hotspot was set off.
    pub fn visit(&mut self, hotspot: HotspotIndex) {
        if let Some(is) = self.visited.get_mut(hotspot.index()) {
            *is = true;
        }
    }

    /// Whether a tour was taken to its end.
    #[must_use]
    pub fn is_toured(&self, tour: TourIndex) -> bool {
        self.toured.get(tour.index()).is_some_and(|is| *is)
    }

    /// Remembers that a tour was taken to its end.
    pub fn complete(&mut self, tour: TourIndex) {
        if let Some(is) = self.toured.get_mut(tour.index()) {
            *is = true;
        }
    }
}

/// A condition with its ids resolved.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Always true.
    Always,
    /// Never true: it speaks of something that is not there.
    Never,
    /// A variable has this value.
    Is(VariableIndex, Value),
    /// A variable is a number at least this large.
    AtLeast(VariableIndex, f64),
    /// A hotspot was set off.
    Visited(HotspotIndex),
    /// A tour was taken to its end.
    Toured(TourIndex),
    /// The opposite.
    Not(Box<Rule>),
    /// All of these.
    All(Vec<Rule>),
    /// At least one of these.
    Any(Vec<Rule>),
}

impl Rule {
    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, memory: &Memory) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Is(variable, wanted) => memory.value(*variable) == Some(wanted),
            Self::AtLeast(variable, least) => {
                matches!(memory.value(*variable), Some(Value::Number(number)) if number >= least)
            }
            Self::Visited(hotspot) => memory.is_visited(*hotspot),
            Self::Toured(tour) => memory.is_toured(*tour),
            Self::Not(rule) => !rule.holds(memory),
            Self::All(rules) => rules.iter().all(|rule| rule.holds(memory)),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(memory)),
        }
    }
}
