//! The sound's own thread: the card, or the lack of one, and the mix.
//!
//! bevy_seedling 0.8 opens the card in a system that ends the program when there is none, and
//! never tries again (its `platform/cpal.rs`: "it's not possible for the user to recover if
//! this fails"); opening also blocks the frame. So the graph has a thread of its own, and
//! without a card the graph is run in silence, by the clock: sounds end when they would end,
//! and go on from there when a card comes.

use std::{
    num::NonZeroU32,
    sync::{Arc, mpsc},
    time::Duration,
};

use bevy_seedling::firewheel::FirewheelContext;

use super::{
    DEFAULT_RATE_HZ, SoundError,
    cards::{Card, CardInfo, Cards},
    clip::Clip,
    head::Head,
    library::Library,
    mix::Mix,
    offline::{Pump, context},
    order::{Order, Output, Play},
};

/// First and longest wait between two tries to open a card.
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Frames of a block without a card.
const SILENT_BLOCK_FRAMES: usize = 1024;
/// Frames between an order and its sound: two blocks of a usual card.
const LEAD_FRAMES: i64 = 2048;
/// How often the thread looks around when nobody asks it to.
const TICK: Duration = Duration::from_millis(10);

/// What the thread is asked.
#[derive(Debug)]
pub(super) enum Ask {
    /// Orders for the mix.
    Do(Vec<Order>),
    /// Listen through something else.
    Through(Output),
    /// Forget the samples that nobody plays.
    Forget,
}

/// What the thread tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tell {
    /// A sound has ended by itself, or cannot be played.
    Ended(String),
    /// The card that is used now; none in silence.
    Card(Option<CardInfo>),
}

enum Drive {
    None,
    Card(Box<dyn Card>),
    Silence { pump: Box<Pump>, owed: Duration },
}

/// Sounds that are being decoded, and what was ordered for them meanwhile.
struct Pending {
    ticket: u64,
    plays: Vec<Play>,
    later: Vec<Order>,
    dropped: bool,
}

/// What a decoder hands back: the samples of a ticket's sounds.
struct Decoded {
    ticket: u64,
    clips: Vec<Result<Arc<Clip>, SoundError>>,
}

/// All that the thread does, apart from waiting.
pub(super) struct Works {
    context: FirewheelContext,
    cards: Box<dyn Cards>,
    drive: Drive,
    mix: Mix,
    output: Output,
    library: Library,
    pending: Vec<Pending>,
    tickets: u64,
    decoded: (mpsc::Sender<Decoded>, mpsc::Receiver<Decoded>),
    retry_in: Duration,
    wait: Duration,
    tells: mpsc::Sender<Tell>,
}

impl Works {
    pub(super) fn new(
        cards: impl Cards,
        output: Output,
        tells: mpsc::Sender<Tell>,
    ) -> Result<Self, SoundError> {
        let mut context = context();
        let head = open_head(&output, DEFAULT_RATE_HZ)?;
        let mix = Mix::new(&mut context, DEFAULT_RATE_HZ, head, LEAD_FRAMES)?;
        let mut works = Self {
            context,
            cards: Box::new(cards),
            drive: Drive::None,
            mix,
            output,
            library: Library::default(),
            pending: Vec::new(),
            tickets: 0,
            decoded: mpsc::channel(),
            retry_in: Duration::ZERO,
            wait: FIRST_WAIT,
            tells,
        };
        works.try_card()?;
        Ok(works)
    }

    /// Does what was asked, and lets time pass.
    pub(super) fn turn(
        &mut self,
        asks: impl IntoIterator<Item = Ask>,
        elapsed: Duration,
    ) -> Result<(), SoundError> {
        for ask in asks {
            match ask {
                Ask::Do(orders) => {
                    for order in orders {
                        self.order(order)?;
                    }
                }
                Ask::Through(output) if output != self.output => {
                    self.output = output;
                    self.rebuild(self.mix.rate_hz())?;
                }
                Ask::Through(_) => {}
                Ask::Forget => self.library.forget_unused(),
            }
        }
        self.start_decoded()?;
        for id in self.mix.step(&mut self.context)? {
            self.tell(Tell::Ended(id));
        }
        self.drive(elapsed)
    }

    fn tell(&self, tell: Tell) {
        // Nobody listens any more when the program ends.
        drop(self.tells.send(tell));
    }

    fn drive(&mut self, elapsed: Duration) -> Result<(), SoundError> {
        match &mut self.drive {
            Drive::Card(card) => {
                if card.is_running() {
                    return Ok(());
                }
                bevy::log::warn!("the sound card has gone; the exhibit goes on in silence");
                (self.wait, self.retry_in) = (FIRST_WAIT, FIRST_WAIT);
                self.be_silent()?;
                self.tell(Tell::Card(None));
            }
            Drive::Silence { pump, owed } => {
                let rate = self.mix.rate_hz().get();
                // Not more than a quarter of a second at once: who was suspended goes on.
                *owed = (*owed + elapsed).min(Duration::from_millis(250));
                let block = Duration::from_secs(1) * SILENT_BLOCK_FRAMES as u32 / rate;
                let mut unheard = [0.0; 2 * SILENT_BLOCK_FRAMES];
                while *owed >= block {
                    *owed -= block;
                    pump.pull(&mut unheard)?;
                }
                self.retry_in = self.retry_in.saturating_sub(elapsed);
                if self.retry_in.is_zero() {
                    self.try_card()?;
                }
            }
            Drive::None => self.try_card()?,
        }
        Ok(())
    }

    fn try_card(&mut self) -> Result<(), SoundError> {
        self.rest()?;
        match self.cards.open(&mut self.context) {
            Ok(card) => {
                let info = card.info();
                self.drive = Drive::Card(card);
                self.wait = FIRST_WAIT;
                if info.rate_hz != self.mix.rate_hz() {
                    self.rebuild(info.rate_hz)?;
                }
                bevy::log::info!("sound: {} at {} Hz", info.name, info.rate_hz);
                self.tell(Tell::Card(Some(info)));
            }
            Err(why) => {
                if matches!(self.wait, FIRST_WAIT) {
                    bevy::log::warn!("no sound card ({why}); the exhibit goes on in silence");
                }
                self.retry_in = self.wait;
                self.wait = (self.wait * 2).min(LONGEST_WAIT);
                self.be_silent()?;
            }
        }
        Ok(())
    }

    /// Makes the context inactive, whoever drives it.
    fn rest(&mut self) -> Result<(), SoundError> {
        self.drive = Drive::None;
        self.context
            .deactivate_blocking(Duration::from_secs(1))
            .map_err(SoundError::engine)?;
        // Only here does Firewheel 0.12 notice that the next stream may have other blocks;
        // without it that stream panics on the audio thread (`sync_new_buffers`).
        self.context.update().map_err(SoundError::engine)
    }

    fn be_silent(&mut self) -> Result<(), SoundError> {
        self.rest()?;
        let pump = Box::new(Pump::new(
            &mut self.context,
            self.mix.rate_hz(),
            SILENT_BLOCK_FRAMES,
        )?);
        self.drive = Drive::Silence {
            pump,
            owed: Duration::ZERO,
        };
        Ok(())
    }

    /// Another rate or other ears: the same sounds in a new graph.
    fn rebuild(&mut self, rate_hz: NonZeroU32) -> Result<(), SoundError> {
        let head = open_head(&self.output, rate_hz)?;
        let new = Mix::new(&mut self.context, rate_hz, head, LEAD_FRAMES)?;
        let old = std::mem::replace(&mut self.mix, new).dismantle(&mut self.context);
        let mut clips = Vec::new();
        for source in old.sources() {
            match self.library.clip(source, rate_hz) {
                Ok(clip) => clips.push(Some(clip)),
                Err(error) => {
                    bevy::log::warn!("{error}");
                    clips.push(None);
                }
            }
        }
        self.mix.resume(&mut self.context, old, clips)
    }

    fn order(&mut self, order: Order) -> Result<(), SoundError> {
        match order {
            Order::Play(plays) => self.decode(plays, Vec::new()),
            Order::StopAll => {
                for pending in &mut self.pending {
                    pending.dropped = true;
                }
                return self
                    .mix
                    .order(&mut self.context, Order::StopAll, Vec::new());
            }
            order => {
                let waits_for = id_of(&order).and_then(|id| {
                    let mut pending = self.pending.iter_mut().rev();
                    pending.find(|pending| pending.plays.iter().any(|play| play.id == id))
                });
                match waits_for {
                    Some(pending) => pending.later.push(order),
                    None => return self.mix.order(&mut self.context, order, Vec::new()),
                }
            }
        }
        Ok(())
    }

    /// Decodes elsewhere; sounds begin when all that begin together are there.
    fn decode(&mut self, plays: Vec<Play>, later: Vec<Order>) {
        let ticket = self.tickets;
        self.tickets += 1;
        let rate = self.mix.rate_hz();
        let sources: Vec<_> = plays.iter().map(|play| play.source.clone()).collect();
        let known: Vec<Option<Arc<Clip>>> = sources
            .iter()
            .map(|source| self.library.known(source, rate))
            .collect();
        let done = self.decoded.0.clone();
        let work = move || {
            let clips = (sources.iter().zip(known))
                .map(|(source, known)| known.map_or_else(|| source.read(rate), Ok))
                .collect();
            // Nobody waits any more when the program ends.
            drop(done.send(Decoded { ticket, clips }));
        };
        if plays
            .iter()
            .all(|play| self.library.known(&play.source, rate).is_some())
        {
            work();
        } else {
            rayon::spawn(work);
        }
        self.pending.push(Pending {
            ticket,
            plays,
            later,
            dropped: false,
        });
    }

    fn start_decoded(&mut self) -> Result<(), SoundError> {
        let decoded: Vec<Decoded> = self.decoded.1.try_iter().collect();
        for Decoded { ticket, clips } in decoded {
            let Some(index) = self.pending.iter().position(|own| own.ticket == ticket) else {
                continue;
            };
            let Pending {
                plays,
                later,
                dropped,
                ..
            } = self.pending.remove(index);
            let (mut ready, mut samples) = (Vec::new(), Vec::new());
            let mut is_stale = false;
            for (play, clip) in plays.into_iter().zip(clips) {
                match clip {
                    Ok(clip) => {
                        is_stale |= clip.rate_hz() != self.mix.rate_hz();
                        self.library.keep(&play.source, &clip);
                        ready.push(play);
                        samples.push(clip);
                    }
                    Err(error) => {
                        // The story must not wait for a sound that cannot be played.
                        bevy::log::warn!("{error}");
                        self.tell(Tell::Ended(play.id));
                    }
                }
            }
            if dropped || ready.is_empty() {
                continue;
            }
            if is_stale && ready.iter().all(|play| play.source.is_file()) {
                // The card changed its rate meanwhile.
                self.decode(ready, later);
                continue;
            }
            self.mix
                .order(&mut self.context, Order::Play(ready), samples)?;
            for order in later {
                self.mix.order(&mut self.context, order, Vec::new())?;
            }
        }
        Ok(())
    }
}

/// A head; the built-in one if the museum's own cannot be used.
fn open_head(output: &Output, rate_hz: NonZeroU32) -> Result<Head, SoundError> {
    Head::open(output, rate_hz.get()).or_else(|error| {
        bevy::log::warn!("{error}; the built-in head is used");
        Head::open(&Output::Headphones, rate_hz.get())
    })
}

fn id_of(order: &Order) -> Option<&str> {
    match order {
        Order::Stop { id }
        | Order::Level { id, .. }
        | Order::Halt { id, .. }
        | Order::Place { id, .. }
        | Order::Occlude { id, .. } => Some(id),
        _ => None,
    }
}

/// Starts the thread. It ends when the sender is dropped.
pub(super) fn start(
    cards: impl Cards,
    output: Output,
) -> std::io::Result<(mpsc::Sender<Ask>, mpsc::Receiver<Tell>)> {
    let (ask, asks) = mpsc::channel::<Ask>();
    let (tell, tells) = mpsc::channel();
    std::thread::Builder::new()
        .name("sound".to_owned())
        .spawn(move || {
            if let Err(error) = run(cards, output, &asks, tell) {
                bevy::log::error!("{error}; there is no more sound");
            }
        })?;
    Ok((ask, tells))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the thread keeps time where no card does"
)]
fn run(
    cards: impl Cards,
    output: Output,
    asks: &mpsc::Receiver<Ask>,
    tell: mpsc::Sender<Tell>,
) -> Result<(), SoundError> {
    let mut works = Works::new(cards, output, tell)?;
    let mut last = std::time::Instant::now();
    loop {
        let first = match asks.recv_timeout(TICK) {
            Ok(ask) => Some(ask),
            Err(mpsc::RecvTimeoutError::Timeout) => None,
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok(()),
        };
        let now = std::time::Instant::now();
        works.turn(first.into_iter().chain(asks.try_iter()), now - last)?;
        last = now;
    }
}
