//! Which animations of a mesh play, and how far they are.
//!
//! A tour holds an animation at a time; a hotspot lets one play by itself. Pure: time is told,
//! and the poses follow from what was told. Where two animations move one node, the one that
//! was begun last counts. What changes at once where nothing leads to it (a tour is left, a
//! repeating animation stops) is blended.

use crate::{
    bake::animation::{Pose, Rig, ease, mix},
    visit::checkpoint::LeftClip,
};

/// Seconds in which a stopped or restarted animation finds its place.
const SETTLE_SECS: f32 = 1.0;

/// The animations of one mesh.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clips {
    /// In the order in which they were begun.
    layers: Vec<Layer>,
    leaving: Option<Leaving>,
}

#[derive(Debug, Clone, PartialEq)]
struct Layer {
    clip: String,
    at_secs: f32,
    motion: Motion,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Motion {
    /// A tour leads it.
    Held,
    /// It goes on by itself: seconds of the animation a second.
    Plays { speed: f32, repeats: bool },
}

/// A blend from the poses that were shown.
#[derive(Debug, Clone, PartialEq)]
struct Leaving {
    from: Vec<Pose>,
    secs: f32,
    over_secs: f32,
}

impl Clips {
    /// A tour has an animation at a time, in seconds; 0 is the mesh as its file has it. Past
    /// its end it stays at its end.
    pub fn hold(&mut self, rig: &Rig, clip: &str, secs: f32, over_secs: f32) {
        if over_secs > 0.0 {
            self.blend(rig, over_secs);
        }
        let held = |layer: &Layer| layer.clip == clip && layer.motion == Motion::Held;
        if secs.is_nan() || secs <= 0.0 {
            self.layers.retain(|layer| layer.clip != clip);
        } else if let Some(layer) = self.layers.iter_mut().find(|layer| held(layer)) {
            layer.at_secs = secs;
        } else {
            self.begin(clip, secs, Motion::Held);
        }
    }

    /// A hotspot lets an animation play, from its end if backwards.
    pub fn play(&mut self, rig: &Rig, clip: &str, repeats: bool, speed: f32) {
        if self.layers.iter().any(|layer| layer.clip == clip) {
            self.blend(rig, SETTLE_SECS);
        }
        let length_secs = rig.clip(clip).map_or(0.0, |clip| clip.duration_secs);
        let from_secs = if speed < 0.0 { length_secs } else { 0.0 };
        self.begin(clip, from_secs, Motion::Plays { speed, repeats });
    }

    /// An animation that repeats comes to rest.
    pub fn stop(&mut self, rig: &Rig, clip: &str) {
        self.blend(rig, SETTLE_SECS);
        self.layers.retain(|layer| layer.clip != clip);
    }

    /// What plays by itself, for [`Self::take_up`].
    pub fn left(&self) -> Vec<LeftClip> {
        let layers = self.layers.iter();
        let plays = layers.filter_map(|layer| match layer.motion {
            Motion::Plays { speed, repeats } => Some(LeftClip {
                clip: layer.clip.clone(),
                at_secs: layer.at_secs,
                speed,
                repeats,
            }),
            Motion::Held => None,
        });
        plays.collect()
    }

    /// Lets play by itself what another process left, and nothing else; at once, as nobody saw
    /// what was before.
    pub fn take_up(&mut self, left: &[LeftClip]) {
        self.leaving = None;
        self.layers.retain(|layer| layer.motion == Motion::Held);
        let left = left.iter().map(|own| Layer {
            clip: own.clip.clone(),
            at_secs: own.at_secs,
            motion: Motion::Plays {
                speed: own.speed,
                repeats: own.repeats,
            },
        });
        // What a tour holds counts over what plays.
        self.layers.splice(0..0, left);
    }

    fn begin(&mut self, clip: &str, at_secs: f32, motion: Motion) {
        self.layers.retain(|layer| layer.clip != clip);
        self.layers.push(Layer {
            clip: clip.to_owned(),
            at_secs,
            motion,
        });
    }

    fn blend(&mut self, rig: &Rig, over_secs: f32) {
        self.leaving = Some(Leaving {
            from: self.poses(rig),
            secs: 0.0,
            over_secs,
        });
    }

    /// Lets time pass. True when anything may have moved.
    pub fn pass(&mut self, rig: &Rig, dt_secs: f32) -> bool {
        let mut moved = false;
        for layer in &mut self.layers {
            let Motion::Plays { speed, repeats } = layer.motion else {
                continue;
            };
            let length_secs = rig.clip(&layer.clip).map_or(0.0, |clip| clip.duration_secs);
            let next = layer.at_secs + dt_secs * speed;
            let next = if repeats && length_secs > 0.0 {
                next.rem_euclid(length_secs)
            } else {
                next.clamp(0.0, length_secs)
            };
            moved |= next != layer.at_secs;
            layer.at_secs = next;
        }
        if let Some(leaving) = &mut self.leaving {
            leaving.secs += dt_secs;
            moved = true;
            if leaving.secs >= leaving.over_secs {
                self.leaving = None;
            }
        }
        moved
    }

    /// Where everything is now, in the order of [`Rig::nodes`].
    pub fn poses(&self, rig: &Rig) -> Vec<Pose> {
        let mut poses = rig.rest.clone();
        for layer in &self.layers {
            if let Some(clip) = rig.clip(&layer.clip) {
                clip.apply(layer.at_secs, &mut poses);
            }
        }
        if let Some(leaving) = &self.leaving {
            mix(
                &leaving.from,
                &mut poses,
                ease(leaving.secs / leaving.over_secs),
            );
        }
        poses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bake::animation::{Channel, Clip, Curve, Interpolation, Target};

    /// A door: "Open" moves it from x = 0 to 2 in two seconds, "Shake" along y in one.
    fn door() -> Rig {
        let clip = |name: &str, secs: f32, end: [f32; 3]| Clip {
            name: name.to_owned(),
            duration_secs: secs,
            channels: vec![Channel {
                node: 4,
                target: Target::Translation,
                curve: Curve {
                    times: vec![0.0, secs],
                    width: 3,
                    values: [[0.0; 3], end].concat(),
                    interpolation: Interpolation::Linear,
                },
            }],
        };
        Rig::new(
            vec![
                clip("Open", 2.0, [2.0, 0.0, 0.0]),
                clip("Shake", 1.0, [0.0, 1.0, 0.0]),
            ],
            |_| Pose {
                translation: bevy::math::Vec3::Z,
                ..Pose::default()
            },
        )
    }

    #[track_caller]
    fn check(clips: &Clips, rig: &Rig, expected: [f32; 3]) {
        let found = clips.poses(rig)[0].translation;
        let expected = bevy::math::Vec3::from_array(expected);
        assert!(
            found.abs_diff_eq(expected, 1e-5),
            "the door is at {expected}, not {found}"
        );
    }

    #[test]
    fn a_held_animation_is_where_it_is_held() {
        let (rig, mut clips) = (door(), Clips::default());
        check(&clips, &rig, [0.0, 0.0, 1.0]);
        clips.hold(&rig, "Open", 0.5, 0.0);
        assert!(!clips.pass(&rig, 10.0), "what is held stands still");
        check(&clips, &rig, [0.5, 0.0, 0.0]);
        clips.hold(&rig, "Open", 99.0, 0.0);
        check(&clips, &rig, [2.0, 0.0, 0.0]);
        clips.hold(&rig, "Open", 0.0, 0.0);
        check(&clips, &rig, [0.0, 0.0, 1.0]);
        assert_eq!(clips, Clips::default(), "nothing is left behind");
    }

    #[test]
    fn another_process_goes_on_with_what_plays() {
        let (rig, mut clips) = (door(), Clips::default());
        clips.play(&rig, "Open", false, 2.0);
        clips.hold(&rig, "Shake", 0.5, 0.0);
        clips.pass(&rig, 0.25);
        let left = clips.left();
        assert_eq!(left.len(), 1, "what a tour holds is the tour's: {left:?}");
        let mut next = Clips::default();
        next.play(&rig, "Shake", true, 1.0);
        next.take_up(&left);
        check(&next, &rig, [0.5, 0.0, 0.0]);
        next.pass(&rig, 9.0);
        check(&next, &rig, [2.0, 0.0, 0.0]);
        assert_eq!(
            next.left()[0].at_secs,
            2.0,
            "an end that was reached is left"
        );
    }

    #[test]
    fn a_soft_change_leads_from_what_was_shown() {
        let (rig, mut clips) = (door(), Clips::default());
        clips.hold(&rig, "Open", 2.0, 0.0);
        clips.hold(&rig, "Open", 0.0, 1.0);
        check(&clips, &rig, [2.0, 0.0, 0.0]);
        clips.pass(&rig, 0.5);
        check(&clips, &rig, [1.0, 0.0, 0.5]);
        clips.pass(&rig, 0.5);
        check(&clips, &rig, [0.0, 0.0, 1.0]);
        assert_eq!(clips, Clips::default(), "nothing is left behind");
    }

    #[test]
    fn once_stays_at_its_end_and_backwards_begins_there() {
        let (rig, mut clips) = (door(), Clips::default());
        clips.play(&rig, "Open", false, 2.0);
        clips.pass(&rig, 0.25);
        check(&clips, &rig, [0.5, 0.0, 0.0]);
        clips.pass(&rig, 9.0);
        check(&clips, &rig, [2.0, 0.0, 0.0]);
        assert!(!clips.pass(&rig, 1.0), "at its end it stands still");
        let mut back = Clips::default();
        back.play(&rig, "Open", false, -1.0);
        back.pass(&rig, 0.5);
        check(&back, &rig, [1.5, 0.0, 0.0]);
    }

    #[test]
    fn a_repeating_one_goes_round_until_it_is_stopped() {
        let (rig, mut clips) = (door(), Clips::default());
        clips.play(&rig, "Open", true, 1.0);
        clips.pass(&rig, 4.5);
        check(&clips, &rig, [0.5, 0.0, 0.0]);
        clips.stop(&rig, "Open");
        check(&clips, &rig, [0.5, 0.0, 0.0]);
        clips.pass(&rig, 2.0);
        check(&clips, &rig, [0.0, 0.0, 1.0]);
        assert_eq!(clips, Clips::default(), "nothing is left behind");
    }

    #[test]
    fn of_two_that_move_a_node_the_later_counts() {
        let (rig, mut clips) = (door(), Clips::default());
        clips.hold(&rig, "Open", 1.0, 0.0);
        clips.hold(&rig, "Shake", 0.5, 0.0);
        check(&clips, &rig, [0.0, 0.5, 0.0]);
        clips.hold(&rig, "Open", 1.5, 0.0);
        check(&clips, &rig, [0.0, 0.5, 0.0]);
        clips.hold(&rig, "Shake", 0.0, 0.0);
        check(&clips, &rig, [1.5, 0.0, 0.0]);
    }

    #[test]
    fn frames_of_any_length_lead_to_the_same_place() {
        let rig = door();
        let mut one = Clips::default();
        one.play(&rig, "Open", true, 0.7);
        let mut many = one.clone();
        one.pass(&rig, 8.0);
        for _ in 0..512 {
            many.pass(&rig, 8.0 / 512.0);
        }
        let (one, many) = (one.poses(&rig), many.poses(&rig));
        assert!(
            one[0].translation.abs_diff_eq(many[0].translation, 1e-3),
            "{one:?} and {many:?}"
        );
    }

    #[test]
    fn what_is_told_before_the_mesh_is_there_is_kept() {
        let (rig, mut clips) = (door(), Clips::default());
        let nothing = Rig::default();
        clips.hold(&nothing, "Open", 1.0, 1.0);
        clips.pass(&nothing, 0.1);
        check(&clips, &rig, [1.0, 0.0, 0.0]);
    }
}
