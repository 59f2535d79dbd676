//! The hands in the exhibit: steady rays, presses, touches, and something to see.

use super::{
    actions::{Doing, HANDS, HandState},
    body::Body,
    frames::Frames,
};
use crate::{
    render::{
        light::{LampHeld, LampSystems},
        scan::ScanMaterial,
    },
    visit::{
        bare_hand::{HandJoints, Pinch},
        comfort::Hand,
        point::{HandInput, Pointer, PointingHand},
        rig::TrackedPose,
        steady::SteadyRay,
    },
};
use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Hands>()
        .add_systems(Startup, spawn_hands)
        .add_systems(PreUpdate, (super::body::follow_space, read_hands).chain())
        .add_systems(
            PostUpdate,
            (place_hands, hold_lamp)
                .after(super::eyes::EyeSystems)
                .before(LampSystems)
                .before(TransformSystems::Propagate),
        );
}

/// What both hands do, now and in the frame before.
#[derive(Resource, Debug, Default)]
pub(super) struct Hands {
    now: Doing,
    before: Doing,
    rays: [SteadyRay; 2],
    /// Eyes leap and tremble more than hands do.
    look: SteadyRay,
    steady_look: Option<(Vec3, Vec3)>,
    pinches: [Pinch; 2],
    /// Hands that hold nothing.
    are_bare: [bool; 2],
    steady: [Option<(Vec3, Vec3)>; 2],
    chosen: PointingHand,
    pointer: Option<Pointer>,
}

/// Index of a hand in everything that comes in twos.
pub(super) fn side(hand: Hand) -> usize {
    match hand {
        Hand::Left => 0,
        Hand::Right => 1,
    }
}

impl Hands {
    /// What a hand does now.
    pub(super) fn hand(&self, hand: Hand) -> &HandState {
        &self.now.hands[side(hand)]
    }

    /// Trigger or pinch went down in this frame.
    pub(super) fn has_pressed(&self, hand: Hand) -> bool {
        let side = side(hand);
        self.now.hands[side].is_pressed && !self.before.hands[side].is_pressed
    }

    /// The menu button went down in this frame.
    pub(super) fn has_pressed_menu(&self, hand: Hand) -> bool {
        let side = side(hand);
        self.now.hands[side].is_menu_pressed && !self.before.hands[side].is_menu_pressed
    }

    /// A hand's joints, where they are tracked.
    pub(super) fn joints(&self, hand: Hand) -> Option<&HandJoints> {
        self.hand(hand).joints.as_ref()
    }

    /// Whether a hand or its controller is seen.
    pub(super) fn is_seen(&self, hand: Hand) -> bool {
        self.hand(hand).aim.is_some()
    }

    /// Whether any hand is seen.
    pub(super) fn are_any_seen(&self) -> bool {
        HANDS.into_iter().any(|hand| self.is_seen(hand))
    }

    /// A hand's steady ray in the exhibit: from where, and which way.
    pub(super) fn ray(&self, hand: Hand) -> Option<(Vec3, Vec3)> {
        self.steady[side(hand)]
    }

    /// Whose ray counts.
    pub(super) fn pointer(&self) -> Pointer {
        self.pointer.unwrap_or(Pointer::Gaze)
    }

    /// The eyes' steady ray in the exhibit, where eyes are tracked.
    pub(super) fn look(&self) -> Option<(Vec3, Vec3)> {
        self.steady_look
    }

    /// Hands whose joints alone are known point and pinch as well.
    fn read_bare(&mut self, head: &TrackedPose) {
        for (side, hand) in HANDS.into_iter().enumerate() {
            let state = &mut self.now.hands[side];
            let is_silent = state.aim.is_none() && state.joints.is_some();
            self.are_bare[side] = is_silent || state.is_bare;
            let joints = state.joints.filter(|_| is_silent);
            let is_pinched = self.pinches[side].step(joints.as_ref());
            if let Some(joints) = joints {
                state.aim = joints.aim(hand, head);
                state.grip = Some(joints.grip(hand));
                state.is_pressed = is_pinched;
            }
        }
    }

    /// The next visitor may be left-handed.
    pub(super) fn forget(&mut self) {
        self.chosen.forget();
    }
}

fn read_hands(
    frames: Res<Frames>,
    body: Res<Body>,
    comfort: Res<super::body::Comfort>,
    time: Res<Time<Real>>,
    mut hands: ResMut<Hands>,
) {
    let doing = frames.lock().frame().map(|frame| frame.doing);
    let hands = &mut *hands;
    let Some(doing) = doing else {
        // Without a frame nothing happens, and above all not again.
        hands.before = hands.now;
        return;
    };
    hands.before = std::mem::replace(&mut hands.now, doing);
    if let Some(head) = body.head_in_rig {
        hands.read_bare(&head);
    }
    for side in 0..2 {
        let aim = hands.now.hands[side]
            .aim
            .map(|aim| body.rig.pose_in_world(&aim));
        hands.steady[side] = match aim {
            Some(aim) => {
                let direction = aim.rotation * Vec3::NEG_Z;
                hands.rays[side].step(aim.position, direction, time.delta_secs())
            }
            None => {
                hands.rays[side] = SteadyRay::default();
                None
            }
        };
    }
    let gaze = hands.now.gaze.map(|gaze| body.rig.pose_in_world(&gaze));
    hands.steady_look = match gaze {
        Some(gaze) => {
            let direction = gaze.rotation * Vec3::NEG_Z;
            hands.look.step(gaze.position, direction, time.delta_secs())
        }
        None => {
            hands.look = SteadyRay::default();
            None
        }
    };
    let input = |hand| HandInput {
        is_tracked: hands.is_seen(hand),
        has_pressed: hands.has_pressed(hand),
    };
    let (left, right) = (input(Hand::Left), input(Hand::Right));
    let dominant = comfort.0.dominant_hand;
    hands.pointer = Some(hands.chosen.step(left, right, dominant));
}

/// What is seen of a hand: a small wand of dark bronze with a golden bead at its tip.
#[derive(Component)]
struct Wand(Hand);

const BRONZE: LinearRgba = LinearRgba::new(0.10, 0.062, 0.030, 1.0);
const GOLD: LinearRgba = LinearRgba::new(0.85, 0.55, 0.18, 1.0);
/// Length of the wand's handle, metres.
const HANDLE_M: f32 = 0.10;

fn spawn_hands(
    mut commands: Commands,
    mut meshes: ResMut<Assets<Mesh>>,
    mut materials: ResMut<Assets<ScanMaterial>>,
) {
    let unlit = |color| ScanMaterial {
        base_color: color,
        is_unlit: true,
        ..default()
    };
    let bronze = materials.add(unlit(BRONZE));
    let gold = materials.add(unlit(GOLD));
    let handle = meshes.add(Capsule3d::new(0.013, HANDLE_M).mesh().longitudes(16));
    let tip = meshes.add(
        ConicalFrustum {
            radius_top: 0.004,
            radius_bottom: 0.013,
            height: 0.05,
        }
        .mesh()
        .resolution(16),
    );
    let ring = meshes.add(Torus::new(0.0115, 0.0165).mesh());
    let bead = meshes.add(Sphere::new(0.006));
    // The handle lies along the way the hand points: -Z; meshes stand along Y.
    let lie = Quat::from_rotation_x(-core::f32::consts::FRAC_PI_2);
    let part = |mesh: &Handle<Mesh>, material: &Handle<ScanMaterial>, ahead_m: f32| {
        (
            Mesh3d(mesh.clone()),
            MeshMaterial3d(material.clone()),
            Transform::from_xyz(0.0, 0.0, -ahead_m).with_rotation(lie),
        )
    };
    for hand in HANDS {
        commands.spawn((
            Name::new("wand"),
            Wand(hand),
            Transform::default(),
            Visibility::Hidden,
            children![
                part(&handle, &bronze, -0.03),
                part(&ring, &gold, 0.032),
                part(&tip, &bronze, 0.058),
                part(&bead, &gold, 0.086),
            ],
        ));
    }
}

/// The lamp is carried in the hand that does not point, where it is seen.
fn hold_lamp(
    hands: Res<Hands>,
    body: Res<Body>,
    comfort: Res<super::body::Comfort>,
    mut held: ResMut<LampHeld>,
) {
    let state = hands.hand(comfort.0.dominant_hand.other());
    held.0 = state.grip.zip(state.aim).map(|(grip, aim)| {
        let pose = body.rig.pose_in_world(&TrackedPose {
            position: grip.position,
            rotation: aim.rotation,
        });
        Transform::from_translation(pose.position).with_rotation(pose.rotation)
    });
}

fn place_hands(
    hands: Res<Hands>,
    body: Res<Body>,
    mut wands: Query<(&Wand, &mut Transform, &mut Visibility)>,
) {
    for (Wand(hand), mut transform, mut visibility) in &mut wands {
        let state = hands.hand(*hand);
        let (Some(grip), Some(aim), false) = (state.grip, state.aim, hands.are_bare[side(*hand)])
        else {
            visibility.set_if_neq(Visibility::Hidden);
            continue;
        };
        visibility.set_if_neq(Visibility::Inherited);
        let held = body.rig.pose_in_world(&TrackedPose {
            position: grip.position,
            rotation: aim.rotation,
        });
        *transform = Transform::from_translation(held.position).with_rotation(held.rotation);
    }
}
