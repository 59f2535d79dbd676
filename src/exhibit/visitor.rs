//! The visitor in the ECS: wishes in, a moving eye out.
//!
//! Devices write [`Intent`] and send [`Wished`]; this moves the one [`Visitor`] and the
//! entity that carries their eye. A flight to a named view is interruptible by any wish to
//! move, and where no way is free it becomes a fade ([`Visitor::darkness`]), never a jump.

use super::{
    flight::{Flight, FlightSettings},
    intent::{Intent, Wish},
    lens::{self, Lens},
    stage::{Pose, Stage, StagedView},
    walk::{Gait, Ground, WalkSettings, Walker},
};
use crate::bake::collide::Collider;
use bevy::prelude::*;
use std::sync::Arc;

/// A one-shot wish of the visitor.
#[derive(Message, Debug, Clone, Copy)]
pub struct Wished(pub Wish);

/// What the visitor holds down this frame.
#[derive(Resource, Debug, Clone, Copy, Default)]
pub struct CurrentIntent(pub Intent);

/// What visitors bump into; absent until it is built.
#[derive(Resource, Default)]
pub struct Rock(pub Option<Arc<Collider>>);

/// Marks the entity whose transform is the visitor's eye.
#[derive(Component, Debug, Clone, Copy, Default)]
pub struct VisitorEye;

/// The visitor's body and what it is doing.
#[derive(Resource)]
pub struct Visitor {
    /// Body and gaze.
    pub walker: Walker,
    /// Its measures.
    pub settings: WalkSettings,
    /// Named views to fly to.
    pub views: Vec<StagedView>,
    /// Where the visit began.
    pub home: Pose,
    /// The view last flown to.
    pub view: Option<usize>,
    /// What the picture shows on a monitor; a headset has lenses of its own.
    lens: Lens,
    travel: Travel,
}

enum Travel {
    OnFoot,
    Flying { flight: Flight, secs: f32 },
}

impl Visitor {
    /// A visitor at the start of a stage.
    pub fn new(stage: &Stage, settings: WalkSettings) -> Self {
        let mut visitor = Self {
            walker: Walker::new(Vec3::ZERO, 0.0, 0.0),
            settings,
            views: stage.views.clone(),
            home: stage.start,
            view: None,
            lens: Lens::default(),
            travel: Travel::OnFoot,
        };
        if stage.is_flying {
            let settings = visitor.settings.clone();
            visitor.walker.set_gait(Gait::Flying, &settings, None);
        }
        visitor.stand_at(&stage.start, None);
        visitor
    }

    /// Puts the eye at a pose at once.
    pub fn stand_at(&mut self, pose: &Pose, ground: Option<&dyn Ground>) {
        self.walker.place_eye(
            pose.eye_in_world,
            pose.yaw_rad,
            pose.pitch_rad,
            &self.settings,
            ground,
        );
        self.travel = Travel::OnFoot;
    }

    /// Where the eye is and looks.
    pub fn pose(&self) -> Pose {
        match &self.travel {
            Travel::Flying { flight, secs } => flight.pose_at(*secs),
            Travel::OnFoot => Pose {
                eye_in_world: self.walker.eye_in_world(&self.settings),
                yaw_rad: self.walker.yaw_rad,
                pitch_rad: self.walker.pitch_rad,
            },
        }
    }

    /// How much the picture shows on a monitor and in films, vertical, radians.
    pub fn field_of_view_rad(&self) -> f32 {
        self.lens.field_of_view_rad()
    }

    /// Lets the picture show this much, vertical, radians: with the flight under way, softly.
    pub fn show_field(&mut self, field_of_view_rad: f32) {
        match &self.travel {
            Travel::Flying { flight, .. } if flight.is_blink() => {
                let secs = flight.duration_secs();
                self.lens.cut_to(field_of_view_rad, secs);
            }
            Travel::Flying { flight, .. } => {
                let secs = flight.duration_secs();
                self.lens.turn_to(field_of_view_rad, secs);
            }
            Travel::OnFoot => self.lens.turn_to(field_of_view_rad, 0.0),
        }
    }

    /// Lets the picture show this much at once: where the visitor, too, is at once.
    pub fn show_field_at_once(&mut self, field_of_view_rad: f32) {
        self.lens = Lens::fixed(field_of_view_rad);
    }

    /// How dark the picture is, 0 to 1: a way that is not free is cut by a fade.
    pub fn darkness(&self) -> f32 {
        match &self.travel {
            Travel::Flying { flight, secs } => flight.darkness_at(*secs),
            Travel::OnFoot => 0.0,
        }
    }

    /// The flight under way, and the time since it began in seconds.
    pub fn flight(&self) -> Option<(&Flight, f32)> {
        match &self.travel {
            Travel::Flying { flight, secs } => Some((flight, *secs)),
            Travel::OnFoot => None,
        }
    }

    /// Begins a flight to `to`.
    pub fn travel_to(&mut self, to: Pose, collider: Option<&Collider>) {
        let ground = collider.map(|collider| collider as &dyn Ground);
        let flight = Flight::new(self.pose(), to, &FlightSettings::default(), ground);
        self.travel = Travel::Flying { flight, secs: 0.0 };
    }

    /// Takes the eye to `to` behind a fade, without flying there.
    pub fn blink_to(&mut self, to: Pose) {
        let flight = Flight::blink(self.pose(), to, &FlightSettings::default());
        self.travel = Travel::Flying { flight, secs: 0.0 };
    }

    /// Where a flight under way leads; the flight is given up. For a shell that travels in a
    /// way of its own.
    pub fn take_destination(&mut self) -> Option<Pose> {
        match std::mem::replace(&mut self.travel, Travel::OnFoot) {
            Travel::Flying { flight, .. } => Some(flight.pose_at(flight.duration_secs())),
            Travel::OnFoot => None,
        }
    }

    /// Moves on by `dt_secs`.
    pub fn step(&mut self, intent: &Intent, dt_secs: f32, collider: Option<&Collider>) {
        let around = collider.map(|rock| self.walker.letting_out(&self.settings, rock));
        let ground = around.as_deref().map(|collider| collider as &dyn Ground);
        self.lens.step(dt_secs);
        match &mut self.travel {
            Travel::OnFoot => {
                // Nobody walks about with a glass before their eyes.
                if intent.is_moving() && self.lens.destination_rad() != lens::USUAL_RAD {
                    self.lens.turn_to(lens::USUAL_RAD, 0.0);
                }
                self.walker.step(&self.settings, intent, dt_secs, ground);
            }
            Travel::Flying { flight, secs } => {
                *secs += dt_secs;
                // A visitor who wants to move takes over, but never in the dark of a blink.
                let takes_over = intent.is_moving() && !flight.is_blink();
                if *secs >= flight.duration_secs() || takes_over {
                    let pose = flight.pose_at(*secs);
                    self.stand_at(&pose, ground);
                }
            }
        }
    }

    fn next_view(&mut self, step: isize, collider: Option<&Collider>) {
        if self.views.is_empty() {
            return;
        }
        let count = self.views.len() as isize;
        let next = match self.view {
            Some(view) => (view as isize + step).rem_euclid(count),
            None if step > 0 => 0,
            None => count - 1,
        } as usize;
        self.view = Some(next);
        let StagedView {
            pose,
            field_of_view_rad,
            ..
        } = self.views[next];
        self.travel_to(pose, collider);
        self.show_field(field_of_view_rad);
    }

    /// Carries out a wish that concerns the body; false for one that does not.
    pub fn heed(&mut self, wish: Wish, collider: Option<&Collider>) -> bool {
        let ground = collider.map(|collider| collider as &dyn Ground);
        match wish {
            Wish::NextView => self.next_view(1, collider),
            Wish::PreviousView => self.next_view(-1, collider),
            Wish::Home => {
                self.view = None;
                let home = self.home;
                self.travel_to(home, collider);
                self.show_field(lens::USUAL_RAD);
            }
            Wish::ToggleFly => {
                let gait = match self.walker.gait() {
                    Gait::Walking => Gait::Flying,
                    Gait::Flying => Gait::Walking,
                };
                self.walker.set_gait(gait, &self.settings, ground);
            }
            _ => return false,
        }
        true
    }
}

/// When the visitor moves.
#[derive(SystemSet, Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VisitorSystems {
    /// Devices write [`CurrentIntent`] and [`Wished`].
    Wish,
    /// The body moves.
    Move,
}

/// The visitor, without any device.
pub fn plugin(app: &mut App) {
    app.init_resource::<CurrentIntent>()
        .init_resource::<Rock>()
        .add_message::<Wished>()
        .configure_sets(Update, (VisitorSystems::Wish, VisitorSystems::Move).chain())
        .add_systems(Update, move_visitor.in_set(VisitorSystems::Move));
}

fn move_visitor(
    visitor: Option<ResMut<Visitor>>,
    rock: Res<Rock>,
    time: Res<Time>,
    mut intent: ResMut<CurrentIntent>,
    mut wishes: MessageReader<Wished>,
    mut eyes: Query<&mut Transform, With<VisitorEye>>,
) {
    let Some(mut visitor) = visitor else { return };
    let collider = rock.0.as_deref();
    for Wished(wish) in wishes.read() {
        visitor.heed(*wish, collider);
    }
    let held = std::mem::take(&mut intent.0);
    visitor.step(&held, time.delta_secs(), collider);
    let pose = visitor.pose();
    for mut eye in &mut eyes {
        let (translation, rotation) = (pose.eye_in_world, pose.rotation());
        if eye.translation != translation || eye.rotation != rotation {
            eye.translation = translation;
            eye.rotation = rotation;
        }
    }
}
