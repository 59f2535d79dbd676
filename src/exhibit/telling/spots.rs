//! Where hotspots are and which of them a ray means, by whatever device.

use super::*;
use crate::{
    exhibit::{
        spots::{Piece, Placed, Sight, StagedShape, ball_of},
        stage::StagedStep,
    },
    visit::point::Shape,
};
use std::collections::BTreeSet;

impl Telling {
    /// Takes areas and nodes that have been cut out of their models, and where they are now.
    pub(super) fn take_patches(&mut self, patches: &mut ResMut<Patches>, moved: Option<&Moved>) {
        if patches.has_news() {
            patches.receive();
        }
        let has_more = self.pieces.len() < patches.pieces().len();
        if has_more {
            self.pieces = patches.pieces().to_vec();
        }
        let moved = moved.filter(|moved| **moved != self.moved);
        if let Some(moved) = moved {
            self.moved = moved.clone();
        }
        if has_more {
            self.place_patches(|_| true);
        } else if moved.is_some() {
            self.place_patches(|piece| piece.lead.is_some());
        }
    }

    /// Lets what is known of areas and nodes, where a piece of theirs is meant, be true of the
    /// staged hotspots, of the steps that look at them, and of what is pointed out.
    pub(super) fn place_patches(&mut self, is_meant: impl Fn(&Piece) -> bool) {
        let spots: BTreeSet<HotspotIndex> = self
            .pieces
            .iter()
            .filter(|piece| is_meant(piece))
            .map(|piece| piece.spot)
            .collect();
        if spots.is_empty() {
            return;
        }
        let mut balls = BTreeMap::new();
        for spot in spots {
            let own = self.pieces.iter().filter(|piece| piece.spot == spot);
            let parts: Vec<Placed> = own
                .filter_map(|piece| Placed::new(piece, &self.moved))
                .collect();
            if let Some(ball) = ball_of(&parts) {
                balls.insert(spot, ball);
            }
            if let Some(body) = self.bodies.get_mut(spot.index()) {
                *body = Some(Body::Parts(parts));
            }
        }
        // A copy only while somebody else has it.
        let staged = Arc::make_mut(&mut self.staged);
        for (spot, ball) in &balls {
            if let Some(hotspot) = staged.hotspots.get_mut(spot.index()) {
                hotspot.ball_in_world = Some(*ball);
            }
        }
        let script = Arc::clone(&staged.script);
        let aim = |tour: usize, step: usize| {
            let step = script.step(TourIndex::new(tour), StepIndex::new(step))?;
            let Some(Aim::Hotspot(spot)) = step.look_at else {
                return None;
            };
            balls.get(&spot)
        };
        for (tour, steps) in staged.steps.iter_mut().enumerate() {
            for (step, own) in steps.iter_mut().enumerate() {
                if let Some((center, _)) = aim(tour, step) {
                    *own = StagedStep::clone(own).looking_at(*center);
                }
            }
        }
        for own in &mut self.pointed_out {
            if let Some((center, radius_m)) = own.spot.and_then(|spot| balls.get(&spot)) {
                (own.center, own.radius_m) = (*center, *radius_m);
            }
        }
    }

    /// The bodies of balls and boxes; those of areas and nodes come with their pieces.
    pub(super) fn place_bodies(&mut self) {
        let bodies = self.staged.hotspots.iter();
        self.bodies = bodies
            .map(|hotspot| {
                let (center, radius_m) = hotspot.ball_in_world?;
                Some(Body::Shape(match &hotspot.shape {
                    StagedShape::Box {
                        half_m,
                        rotation_in_world,
                    } => Shape::Box {
                        center,
                        half: *half_m,
                        rotation: *rotation_in_world,
                    },
                    _ => Shape::Sphere { center, radius_m },
                }))
            })
            .collect();
    }

    /// What the visitor means: by pointing, where something points; else by looking.
    pub fn meant(&self) -> Option<HotspotIndex> {
        match self.pointed {
            Pointed::ByGaze => self.gazed,
            Pointed::At(spot) => spot,
        }
    }

    /// How a hotspot that can be selected from `from` lies to a ray with a unit direction.
    pub fn sight(
        &self,
        spot: HotspotIndex,
        from: Vec3,
        direction: Vec3,
        rock: Option<&Collider>,
    ) -> Option<Sight> {
        let hotspot = self.staged.hotspots.get(spot.index())?;
        let (center, radius) = hotspot.ball_in_world?;
        let reach_m = self.staged.script.hotspot(spot)?.reach_m;
        if !self.story.hotspots().is_shown(spot) || from.distance(center) - radius > reach_m {
            return None;
        }
        self.bodies
            .get(spot.index())?
            .as_ref()?
            .sight(from, direction, rock)
    }

    /// The hotspot that a ray means, and where; it may miss it by `help_rad`. Of several the one towards whose middle the
    /// ray goes: a small one before a large one stays within reach.
    pub fn along(
        &self,
        from: Vec3,
        direction: Vec3,
        help_rad: f32,
        rock: Option<&Collider>,
    ) -> Option<(HotspotIndex, Sight)> {
        (0..self.staged.hotspots.len())
            .map(HotspotIndex::new)
            .filter_map(|spot| Some((spot, self.sight(spot, from, direction, rock)?)))
            .filter(|(_, sight)| sight.miss_rad <= help_rad)
            // Last: most are not where the ray goes.
            .filter(|(spot, _)| self.is_seen(*spot, from, rock))
            .min_by(|(_, a), (_, b)| a.off_rad.total_cmp(&b.off_rad))
    }

    /// Whether rock leaves a hotspot to be seen. Where a ray meets what was cut from the rock,
    /// [`Telling::sight`] knows it already.
    fn is_seen(&self, spot: HotspotIndex, from: Vec3, rock: Option<&Collider>) -> bool {
        let body = self.bodies.get(spot.index()).and_then(Option::as_ref);
        if body.is_some_and(Body::is_cut) {
            return true;
        }
        let ball = self.staged.hotspots.get(spot.index());
        let ball = ball.and_then(|hotspot| hotspot.ball_in_world);
        ball.is_some_and(|(center, radius_m)| is_visible(from, center, radius_m, rock))
    }
}
