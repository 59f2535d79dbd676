//! Parts of models that hotspots are, and where those have come to that animations move.

use crate::{
    bake::{area::Patch, collide::MoverId},
    tour::HotspotIndex,
};
use bevy::{math::Affine3A, prelude::*};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// What a piece of a model moves with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// The node that an animation moves.
    pub id: MoverId,
    /// Where that is in the file.
    pub world_from_lead_at_rest: Affine3A,
}

/// A part of the world that a hotspot is, or one of those that move apart.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Of which hotspot.
    pub spot: HotspotIndex,
    /// As it is in the file, in world.
    pub patch: Arc<Patch>,
    /// What it moves with; stays where it is if absent.
    pub lead: Option<Lead>,
}

/// What has been cut out of the models of the stage so far. Another stage brings another.
#[derive(Resource, Debug, Clone, Default)]
pub struct Patches {
    arriving: Arc<Mutex<Vec<Piece>>>,
    here: Vec<Piece>,
}

impl Patches {
    /// Where the threads that read models put what they have cut.
    pub fn sink(&self) -> impl Fn(Vec<Piece>) + Send + Sync + use<> {
        let arriving = Arc::clone(&self.arriving);
        move |mut cut| {
            arriving
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .append(&mut cut);
        }
    }

    /// Takes what has arrived; whether something has.
    pub(in crate::exhibit) fn receive(&mut self) -> bool {
        let mut arriving = self.arriving.lock().unwrap_or_else(PoisonError::into_inner);
        let has_some = !arriving.is_empty();
        self.here.append(&mut arriving);
        has_some
    }

    /// Whether something has arrived that [`Self::receive`] has not taken.
    pub(in crate::exhibit) fn has_news(&self) -> bool {
        !self
            .arriving
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// What is here, by hotspot, as it is in the file.
    pub fn iter(&self) -> impl Iterator<Item = (HotspotIndex, &Arc<Patch>)> {
        self.here.iter().map(|piece| (piece.spot, &piece.patch))
    }

    /// What is here.
    pub fn pieces(&self) -> &[Piece] {
        &self.here
    }
}

/// Where what moves has come to: of what was in world at rest, where it is in world now.
#[derive(Resource, Debug, Clone, Default, PartialEq)]
pub struct Moved(BTreeMap<MoverId, Affine3A>);

impl Moved {
    /// That of a lead.
    pub fn world_from_rest(&self, lead: Option<&Lead>) -> Affine3A {
        let moved = lead.and_then(|lead| self.0.get(&lead.id));
        moved.copied().unwrap_or(Affine3A::IDENTITY)
    }

    /// Says where a lead is now.
    pub fn set(&mut self, lead: &Lead, world_from_lead: Affine3A) {
        let now = world_from_lead * lead.world_from_lead_at_rest.inverse();
        self.0.insert(lead.id, now);
    }
}
