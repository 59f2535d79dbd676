//! The Bevy plugin: messages of the story in, messages to the story out, and the thread between.

use std::sync::{Arc, Mutex, PoisonError, mpsc};

use bevy::prelude::*;

use super::{
    cards::{CardInfo, Cards, SystemCards},
    device::{self, Ask, Tell},
    order::{Bus, Order, Output, Pose},
    room::Room,
    story::{Interpreter, name, voice_lengths},
};
use crate::exhibit::heard::{Ears, Heard, HeardOut, SoundIndex, StagedSounds, VoiceMeasured};

/// Sound for the running app. Whoever owns the camera moves [`Listener`]; whoever loads a stage
/// inserts [`SoundStage`]; the story's [`Heard`] is heeded.
pub fn plugin(app: &mut App) {
    plugin_with(app, SystemCards);
}

pub(super) fn plugin_with(app: &mut App, cards: impl Cards) {
    app.add_message::<Heard>()
        .add_message::<HeardOut>()
        .add_message::<VoiceMeasured>()
        .add_message::<OccludeSound>()
        .init_resource::<SoundSettings>()
        .init_resource::<Listener>()
        .init_resource::<SoundRoom>()
        .init_resource::<SoundStage>()
        .init_resource::<Hearing>();
    let output = app.world().resource::<SoundSettings>().output.clone();
    match device::start(cards, output) {
        Ok((asks, tells)) => {
            app.insert_resource(Thread {
                asks,
                tells: Mutex::new(tells),
            })
            .insert_resource(Measuring::default())
            .init_resource::<Ears>()
            .add_plugins((super::ears::plugin, super::visit::plugin))
            .add_systems(PreUpdate, listen_to_the_thread)
            .add_systems(Last, (take_the_stage, heed).chain().in_set(SoundSystems));
        }
        // The exhibit can be visited without sound.
        Err(error) => error!("no thread for the sound: {error}"),
    }
}

/// In [`Last`]: what the frame wants to be heard goes to the sound's thread. Whoever sets
/// [`Listener`] and sends messages does so before.
#[derive(SystemSet, Debug, Clone, PartialEq, Eq, Hash)]
pub struct SoundSystems;

/// The visitor's head.
#[derive(Resource, Debug, Clone, Copy, PartialEq, Default)]
pub struct Listener(pub Pose);

/// The room the visitor is in; none is the open air.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct SoundRoom(pub Option<Room>);

/// What can be heard on this stage. Another value stops everything and begins what begins by
/// itself, unless only the voices are others.
#[derive(Resource, Debug, Clone, Default)]
pub struct SoundStage(pub Arc<StagedSounds>);

/// What the visitor has chosen.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct SoundSettings {
    /// What is listened through.
    pub output: Output,
    /// Everything, dB; 0 at most.
    pub master_db: f32,
    /// Ambience, music, narration and effects, dB.
    pub buses_db: [f32; 4],
    /// Whether everything but the ambience is held.
    pub is_paused: bool,
}

/// How it is with the sound, for a status line.
#[derive(Resource, Debug, Clone, PartialEq, Default)]
pub struct Hearing {
    /// The card; none while there is silence.
    pub card: Option<CardInfo>,
}

/// How much rock is between a sound and the visitor, from whoever casts rays.
#[derive(Message, Debug, Clone, Copy, PartialEq)]
pub struct OccludeSound {
    /// Which.
    pub sound: SoundIndex,
    /// 0 is nothing, 1 solid rock.
    pub amount: f32,
}

#[derive(Resource)]
struct Thread {
    asks: mpsc::Sender<Ask>,
    tells: Mutex<mpsc::Receiver<Tell>>,
}

impl Thread {
    fn ask(&self, ask: Ask) {
        // A thread that has ended said why; the exhibit goes on.
        drop(self.asks.send(ask));
    }
}

/// The interpreter of the stage, and lengths of voices on their way.
#[derive(Resource, Default)]
struct Measuring {
    interpreter: Option<Interpreter>,
    lengths: Option<Mutex<mpsc::Receiver<VoiceMeasured>>>,
}

fn listen_to_the_thread(
    thread: Res<Thread>,
    mut measuring: ResMut<Measuring>,
    mut hearing: ResMut<Hearing>,
    mut heard_out: MessageWriter<HeardOut>,
    mut measured: MessageWriter<VoiceMeasured>,
) {
    // A poisoned lock only means that another system panicked while it read.
    let tells = thread.tells.lock().unwrap_or_else(PoisonError::into_inner);
    for tell in tells.try_iter() {
        match tell {
            Tell::Ended(id) => {
                let out = measuring
                    .interpreter
                    .as_mut()
                    .and_then(|own| own.ended(&id));
                if let Some(out) = out {
                    heard_out.write(out);
                }
            }
            Tell::Card(card) => hearing.card = card,
        }
    }
    if let Some(lengths) = &measuring.lengths {
        let lengths = lengths.lock().unwrap_or_else(PoisonError::into_inner);
        measured.write_batch(lengths.try_iter());
    }
}

fn take_the_stage(stage: Res<SoundStage>, thread: Res<Thread>, mut measuring: ResMut<Measuring>) {
    if !stage.is_changed() {
        return;
    }
    // Another language has other voices; the drips drip on.
    let before = measuring.interpreter.as_ref();
    let is_retold = before.is_some_and(|own| own.is_retold_by(&stage.0));
    let interpreter = before.map_or_else(
        || Interpreter::new(stage.0.clone()),
        |own| own.on(stage.0.clone()),
    );
    if !is_retold {
        let mut orders = vec![Order::StopAll];
        orders.extend(interpreter.begin());
        thread.ask(Ask::Do(orders));
        thread.ask(Ask::Forget);
    }
    let (tell, lengths) = mpsc::channel();
    let sounds = stage.0.clone();
    rayon::spawn(move || {
        for (utterance, length) in voice_lengths(&sounds) {
            if tell.send(VoiceMeasured { utterance, length }).is_err() {
                // Another stage was taken meanwhile.
                return;
            }
        }
    });
    *measuring = Measuring {
        interpreter: Some(interpreter),
        lengths: Some(Mutex::new(lengths)),
    };
}

fn heed(
    thread: Res<Thread>,
    settings: Res<SoundSettings>,
    listener: Res<Listener>,
    room: Res<SoundRoom>,
    mut measuring: ResMut<Measuring>,
    mut heard: MessageReader<Heard>,
    mut occluded: MessageReader<OccludeSound>,
) {
    let mut orders = Vec::new();
    if settings.is_changed() {
        thread.ask(Ask::Through(settings.output.clone()));
        orders.push(Order::Master {
            gain_db: settings.master_db,
        });
        let buses = [Bus::Ambience, Bus::Music, Bus::Narration, Bus::Effects];
        for (bus, gain_db) in buses.into_iter().zip(settings.buses_db) {
            orders.push(Order::Bus { bus, gain_db });
        }
        orders.push(Order::Pause(settings.is_paused));
    }
    if listener.is_changed() {
        orders.push(Order::Listen(listener.0));
    }
    if room.is_changed() {
        orders.push(Order::Room(room.0.clone()));
    }
    if let Some(interpreter) = &mut measuring.interpreter {
        for heard in heard.read() {
            orders.extend(interpreter.heed(heard));
        }
    }
    for OccludeSound { sound, amount } in occluded.read() {
        orders.push(Order::Occlude {
            id: name(*sound),
            amount: *amount,
        });
    }
    if !orders.is_empty() {
        thread.ask(Ask::Do(orders));
    }
}
