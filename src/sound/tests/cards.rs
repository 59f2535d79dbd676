//! No card, a card that goes and comes back, a card at another rate.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc,
    },
    time::Duration,
};

use bevy_seedling::firewheel::FirewheelContext;

use super::*;
use crate::sound::{
    cards::{Card, CardInfo, Cards},
    device::{Ask, Tell, Works},
    engine::{Hearing, plugin_with},
    offline::Pump,
};

/// A plug that a test holds.
#[derive(Default)]
struct Socket {
    plugged: AtomicBool,
    rate_hz: Mutex<u32>,
    heard: Mutex<Vec<f32>>,
}

struct FakeCards(Arc<Socket>);

struct FakeCard {
    socket: Arc<Socket>,
    pump: Pump,
    rate_hz: NonZeroU32,
}

impl Cards for FakeCards {
    fn open(&mut self, context: &mut FirewheelContext) -> Result<Box<dyn Card>, String> {
        if !self.0.plugged.load(Relaxed) {
            return Err("nothing is plugged in".to_owned());
        }
        let rate_hz = NonZeroU32::new(*self.0.rate_hz.lock().unwrap()).unwrap();
        let pump = Pump::new(context, rate_hz, 512).map_err(|error| error.to_string())?;
        Ok(Box::new(FakeCard {
            socket: self.0.clone(),
            pump,
            rate_hz,
        }))
    }
}

impl Card for FakeCard {
    fn info(&self) -> CardInfo {
        CardInfo {
            name: "fake".to_owned(),
            rate_hz: self.rate_hz,
        }
    }

    /// It plays 512 frames each time it is asked.
    fn is_running(&mut self) -> bool {
        let mut block = [0.0; 1024];
        self.pump.pull(&mut block).unwrap();
        *self.socket.heard.lock().unwrap() = block.to_vec();
        self.socket.plugged.load(Relaxed)
    }
}

struct Bench {
    socket: Arc<Socket>,
    works: Works,
    tells: mpsc::Receiver<Tell>,
}

impl Bench {
    fn new(rate_hz: Option<u32>) -> Self {
        let socket = Arc::new(Socket::default());
        socket.plugged.store(rate_hz.is_some(), Relaxed);
        *socket.rate_hz.lock().unwrap() = rate_hz.unwrap_or(RATE);
        let (tell, tells) = mpsc::channel();
        let works = Works::new(FakeCards(socket.clone()), Output::Headphones, tell).unwrap();
        Self {
            socket,
            works,
            tells,
        }
    }

    fn pass(&mut self, secs: f32) {
        for _ in 0..(secs * 100.0) as usize {
            self.works.turn([], Duration::from_millis(10)).unwrap();
        }
    }

    /// Decoding is elsewhere, and may wait for others there: lets it have real time.
    fn pass_until_heard(&mut self) {
        for _ in 0..60_000 {
            if self.loudness() >= 0.01 {
                return;
            }
            self.pass(0.01);
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    fn ask(&mut self, order: Order) {
        self.works
            .turn([Ask::Do(vec![order])], Duration::ZERO)
            .unwrap();
    }

    fn loudness(&self) -> f32 {
        let heard = self.socket.heard.lock().unwrap();
        if heard.is_empty() { 0.0 } else { rms(&heard) }
    }
}

#[test]
fn without_a_card_sounds_end_when_they_would() {
    let mut bench = Bench::new(None);
    bench.ask(Order::Play(vec![bed("it", &sine(300.0, 0.3, 1.0))]));
    bench.pass(0.9);
    assert!(
        !bench
            .tells
            .try_iter()
            .any(|tell| tell == Tell::Ended("it".to_owned()))
    );
    bench.pass(0.4);
    assert!(
        bench
            .tells
            .try_iter()
            .any(|tell| tell == Tell::Ended("it".to_owned()))
    );
}

#[test]
fn a_card_that_goes_and_comes_back_is_used_again() {
    let mut bench = Bench::new(Some(RATE));
    let endless = Play {
        repeat: true,
        ..bed("it", &sine(300.0, 0.3, 1.0))
    };
    bench.ask(Order::Play(vec![endless]));
    bench.pass(1.0);
    assert!(
        bench.loudness() > 0.01,
        "the card plays: {}",
        bench.loudness()
    );
    bench.socket.plugged.store(false, Relaxed);
    bench.pass(5.0);
    assert!(
        bench.tells.try_iter().any(|tell| tell == Tell::Card(None)),
        "it has gone"
    );
    bench.socket.plugged.store(true, Relaxed);
    bench.pass(31.0);
    assert!(
        bench
            .tells
            .try_iter()
            .any(|tell| matches!(tell, Tell::Card(Some(_)))),
        "it is back"
    );
    assert!(bench.loudness() > 0.01, "and plays on");
}

#[test]
fn a_card_at_another_rate_plays_the_same_tone_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tone.wav");
    let tone = sine(1_000.0, 0.3, 2.0);
    let score = Score {
        rate_hz: rate(),
        duration_secs: 2.0,
        output: Output::Headphones,
        cues: vec![cue(0.0, Order::Play(vec![bed("it", &tone)]))],
    };
    let mut file = std::fs::File::create(&path).unwrap();
    crate::sound::offline::render_wav(&score, &mut file).unwrap();

    let mut bench = Bench::new(Some(RATE));
    let play = Play {
        repeat: true,
        ..Play::new("it", Source::File(path))
    };
    bench.ask(Order::Play(vec![play]));
    bench.pass_until_heard();
    bench.pass(0.5);
    let before = bench.loudness();
    assert!(before > 0.01, "the card plays");
    bench.socket.plugged.store(false, Relaxed);
    bench.pass(0.1);
    *bench.socket.rate_hz.lock().unwrap() = 44_100;
    bench.socket.plugged.store(true, Relaxed);
    bench.pass(4.0);
    // The file is decoded anew, for the new rate.
    bench.pass_until_heard();
    bench.pass(0.5);
    let after = bench.loudness();
    assert!(
        (db(after / before)).abs() < 1.0,
        "as loud as before: {after} for {before}"
    );
    let heard = bench.socket.heard.lock().unwrap().clone();
    let left: Vec<f32> = heard.iter().step_by(2).copied().collect();
    let crossings = left
        .windows(2)
        .filter(|w| (w[0] < 0.0) != (w[1] < 0.0))
        .count();
    // 512 frames at 44.1 kHz hold 11.6 periods of 1 kHz; at 48 kHz they would hold 10.7.
    assert!(
        (22..=24).contains(&crossings),
        "the pitch is kept: {crossings} crossings"
    );
}

#[test]
fn an_app_without_a_card_lives() {
    struct NoCards;
    impl Cards for NoCards {
        fn open(&mut self, _: &mut FirewheelContext) -> Result<Box<dyn Card>, String> {
            Err("there is none".to_owned())
        }
    }
    let mut app = bevy::app::App::new();
    app.add_plugins(bevy::MinimalPlugins)
        .add_plugins(|app: &mut bevy::app::App| plugin_with(app, NoCards));
    for _ in 0..5 {
        app.update();
    }
    assert_eq!(app.world().resource::<Hearing>().card, None);
}

#[test]
fn an_app_on_this_machine_lives() {
    let mut app = bevy::app::App::new();
    app.add_plugins(bevy::MinimalPlugins)
        .add_plugins(crate::sound::plugin);
    for _ in 0..5 {
        app.update();
    }
    assert!(app.should_exit().is_none());
}
