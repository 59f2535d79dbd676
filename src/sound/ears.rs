//! Where the visitor listens: head, room, and how much rock is in between.

use bevy::{math::Vec3, prelude::*};

use super::{
    engine::{Listener, OccludeSound, SoundRoom, SoundStage, SoundSystems},
    law,
    order::Pose,
    room::Room,
};
use crate::{
    bake::collide::Collider,
    exhibit::{
        heard::{SoundFrom, SoundIndex, StagedRoom, StagedSound, StagedSounds},
        visitor::{Rock, Visitor},
    },
};

/// Sounds whose sight lines are tried in one frame; the others wait for their turn.
const SOUNDS_A_FRAME: usize = 4;
/// Beyond this share of a change nothing is said.
const LEAST_CHANGE: f32 = 0.02;

/// Feeds the engine from the visitor's body and the stage's rock.
pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Blocked>()
        .add_systems(Last, listen.before(SoundSystems));
}

/// What is known of the ways between sounds and the visitor.
#[derive(Resource, Debug, Default)]
struct Blocked {
    amounts: Vec<f32>,
    next: usize,
    secs: f32,
}

/// A head where the visitor's eyes are.
#[must_use]
pub fn head(pose: &crate::exhibit::stage::Pose) -> Pose {
    Pose {
        position_m: pose.eye_in_world,
        rotation: pose.rotation(),
    }
}

/// The acoustics of where somebody is.
#[must_use]
pub fn room_at(sounds: &StagedSounds, at_in_world: Vec3) -> Option<Room> {
    sounds.room_at(at_in_world).map(room)
}

fn room(staged: &StagedRoom) -> Room {
    let walls = || staged.walls.clone();
    Room {
        walls: [
            walls(),
            walls(),
            staged.floor.clone(),
            staged.ceiling.clone(),
            walls(),
            walls(),
        ],
        volume_m3: staged.volume_m3,
        surface_m2: staged.surface_m2,
        ..Room::cuboid(staged.least_in_world, staged.greatest_in_world, walls())
    }
}

/// How much of a sound is behind rock, 0 to 1: the share of sight lines that end before a
/// ball around it. Five, so that passing behind a pillar is no step.
#[must_use]
pub fn occlusion(ears_in_world: Vec3, at_in_world: Vec3, size_m: f32, rock: &Collider) -> f32 {
    let to = at_in_world - ears_in_world;
    let distance = to.length();
    // A sound that lies in its painted wall is not behind it.
    let reach = distance - size_m.max(0.15);
    if reach <= 0.05 {
        return 0.0;
    }
    let forward = to / distance;
    let (right, up) = forward.any_orthonormal_pair();
    let spread = size_m.clamp(0.3, 1.5);
    let offsets = [
        Vec3::ZERO,
        right * spread,
        right * -spread,
        up * spread,
        up * -spread,
    ];
    let blocked = offsets
        .iter()
        .filter(|offset| {
            let target = ears_in_world + forward * reach + **offset * (reach / distance);
            rock.is_occluded(ears_in_world, target)
        })
        .count();
    blocked as f32 / offsets.len() as f32
}

fn listen(
    visitor: Option<Res<Visitor>>,
    rock: Option<Res<Rock>>,
    stage: Res<SoundStage>,
    time: Res<Time>,
    mut blocked: ResMut<Blocked>,
    mut listener: ResMut<Listener>,
    mut sound_room: ResMut<SoundRoom>,
    mut occluded: MessageWriter<OccludeSound>,
) {
    let Some(visitor) = visitor else { return };
    let pose = visitor.pose();
    listener.set_if_neq(Listener(head(&pose)));
    sound_room.set_if_neq(SoundRoom(room_at(&stage.0, pose.eye_in_world)));
    let sounds = &stage.0.sounds;
    if stage.is_changed() || blocked.amounts.len() != sounds.len() {
        *blocked = Blocked {
            amounts: vec![0.0; sounds.len()],
            ..default()
        };
    }
    blocked.secs += time.delta_secs();
    let Some(rock) = rock.as_ref().and_then(|rock| rock.0.as_deref()) else {
        return;
    };
    for _ in 0..SOUNDS_A_FRAME.min(sounds.len()) {
        let index = blocked.next % sounds.len();
        blocked.next = index + 1;
        let amount = amount(&sounds[index], pose.eye_in_world, blocked.secs, rock);
        if (amount - blocked.amounts[index]).abs() > LEAST_CHANGE {
            blocked.amounts[index] = amount;
            occluded.write(OccludeSound {
                sound: SoundIndex(index),
                amount,
            });
        }
    }
}

/// See [`occlusion`]; nothing for what is everywhere. What moves is taken to have set out with
/// the visit.
fn amount(sound: &StagedSound, ears_in_world: Vec3, secs: f32, rock: &Collider) -> f32 {
    let at = match &sound.from {
        SoundFrom::Everywhere => return 0.0,
        SoundFrom::Place {
            position_in_world, ..
        } => *position_in_world,
        SoundFrom::Path(path) => law::along(path, f64::from(secs)).position_m,
    };
    occlusion(ears_in_world, at, sound.size_m, rock)
}

/// What occludes the sounds of a stage for a film: each that has changed.
#[must_use]
pub fn occlusions(
    sounds: &StagedSounds,
    ears_in_world: Vec3,
    secs: f32,
    rock: &Collider,
    known: &mut Vec<f32>,
) -> Vec<(SoundIndex, f32)> {
    known.resize(sounds.sounds.len(), 0.0);
    let mut changed = Vec::new();
    for (index, sound) in sounds.sounds.iter().enumerate() {
        let now = amount(sound, ears_in_world, secs, rock);
        if (now - known[index]).abs() > LEAST_CHANGE {
            known[index] = now;
            changed.push((SoundIndex(index), now));
        }
    }
    changed
}
