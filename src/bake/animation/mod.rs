//! Animations of a model: keyframes, and what they say of each moving node at a time.
//!
//! Pure evaluation: a [`Clip`] and a time give poses, without a clock. What plays when is
//! decided by [`crate::exhibit::clips`]; the reader of glTF fills these types after checking
//! every count.

mod curve;
mod pose;

pub use curve::{Curve, Interpolation};
pub use pose::{Pose, ease, mix};

use std::collections::BTreeMap;

/// An animation of a model, by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clip {
    /// Its name in the file, else `animation 0` and so on.
    pub name: String,
    /// Time of its last keyframe, seconds. It begins at 0, wherever its first keyframe is.
    pub duration_secs: f32,
    /// What moves.
    pub channels: Vec<Channel>,
}

/// One property of one node over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Index into [`super::model::Model::nodes`]; in a [`Rig`], into [`Rig::nodes`].
    pub node: usize,
    /// Which property.
    pub target: Target,
    /// Its values.
    pub curve: Curve,
}

/// What a channel moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Position in the parent's frame, metres.
    Translation,
    /// Rotation in the parent's frame.
    Rotation,
    /// Scale in the parent's frame.
    Scale,
    /// Weights of the morph targets of the node's mesh.
    Weights,
}

impl Clip {
    /// Writes the values at a time over `poses`, one a node. Before the first keyframe the
    /// first value holds, after the last the last.
    pub fn apply(&self, time_secs: f32, poses: &mut [Pose]) {
        for channel in &self.channels {
            let Some(pose) = poses.get_mut(channel.node) else {
                continue;
            };
            channel.curve.write(channel.target, time_secs, pose);
        }
    }
}

/// All that moves in a model: its clips, and the nodes that any of them moves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rig {
    /// The animations in the file's order.
    pub clips: Vec<Clip>,
    /// Indices into [`super::model::Model::nodes`] of the nodes that move, ascending.
    pub nodes: Vec<usize>,
    /// Their poses when nothing plays, in the order of [`Rig::nodes`].
    pub rest: Vec<Pose>,
}

impl Rig {
    /// Gathers the nodes that move; `rest` gives a node's own pose.
    pub fn new(mut clips: Vec<Clip>, rest: impl Fn(usize) -> Pose) -> Self {
        let slots: BTreeMap<usize, usize> = clips
            .iter()
            .flat_map(|clip| clip.channels.iter().map(|channel| (channel.node, 0)))
            .collect();
        let nodes: Vec<usize> = slots.keys().copied().collect();
        for channel in clips.iter_mut().flat_map(|clip| &mut clip.channels) {
            // Every node of a channel is among those gathered from the channels.
            channel.node = nodes.binary_search(&channel.node).unwrap_or(usize::MAX);
        }
        let rest = nodes.iter().map(|node| rest(*node)).collect();
        Self { clips, nodes, rest }
    }

    /// Whether nothing ever moves.
    pub fn is_empty(&self) -> bool {
        self.clips.is_empty()
    }

    /// The clip of that name; the first where several share it.
    pub fn clip(&self, name: &str) -> Option<&Clip> {
        self.clips.iter().find(|clip| clip.name == name)
    }
}

#[cfg(test)]
mod tests;
