//! What the card's thread may not do: take memory, give it back, or wait.
//!
//! The allocator of this test binary counts for each thread. Waiting is what the kernel
//! counts as a voluntary context switch: a lock that somebody holds is one.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::atomic::{AtomicBool, Ordering},
};

use super::*;
use crate::sound::{
    BLOCK_FRAMES,
    head::Head,
    mix::Mix,
    offline::{Pump, context},
    order::Bus,
    room::{Material, Room},
};

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    /// Memory taken and given back by this thread while it is watched; none: it is not.
    static COUNT: Cell<Option<u64>> = const { Cell::new(None) };
}

fn count() {
    // A thread that is ending has no count any more.
    COUNT
        .try_with(|count| count.set(count.get().map(|count| count + 1)))
        .ok();
}

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one only counts"
)]
// SAFETY: every call is handed to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps to the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count();
        // SAFETY: the caller keeps to the contract of `dealloc`.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller keeps to the contract of `realloc`.
        unsafe { System.realloc(memory, layout, size) }
    }
}

/// Ends the card's thread, also where the test fails.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// How often this thread has waited for something since it began.
fn waits() -> u64 {
    let status = std::fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    line.and_then(|count| count.trim().parse().ok())
        .unwrap_or_default()
}

fn room() -> Room {
    Room::cuboid(Vec3::splat(-4.0), Vec3::splat(4.0), Material::Rock)
}

#[test]
fn the_allocator_of_the_tests_counts() {
    COUNT.set(Some(0));
    drop(std::hint::black_box(vec![1, 2, 3]));
    let counted = COUNT.take();
    assert_eq!(counted, Some(2), "one vector comes and goes");
}

#[test]
fn the_card_s_thread_takes_no_memory_and_never_waits() {
    const TICKS: u32 = 3000;
    let mut context = context();
    let mut pump = Pump::new(&mut context, rate(), BLOCK_FRAMES).expect("the graph starts");
    let head = Head::open(&Output::Headphones, RATE).expect("the built-in head is there");
    let mut mix = Mix::new(&mut context, rate(), head, 2048).expect("the graph is built");
    let hiss = noise(0.2, 1.0);
    let is_done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let card = threads.spawn(|| {
            let mut block = [0.0; 2 * BLOCK_FRAMES];
            // What a thread does for the first time (its own storage) is not the callback's.
            pump.pull(&mut block).expect("a block is computed");
            let before = waits();
            COUNT.set(Some(0));
            let mut loudest = 0.0_f32;
            let mut blocks = 0;
            while !is_done.load(Ordering::Acquire) && pump.pull(&mut block).is_ok() {
                loudest = block.iter().fold(loudest, |most, one| most.max(one.abs()));
                blocks += 1;
            }
            let counted = COUNT.take();
            (counted, waits() - before, loudest, blocks)
        });
        let ends = Ends(&is_done);
        // Meanwhile the exhibit does everything it ever asks of the graph.
        for tick in 0..TICKS {
            let mut ask = |order: Order, clips: Vec<Arc<Clip>>| {
                mix.order(&mut context, order, clips)
                    .expect("the order is carried out");
            };
            let id = (tick % 40).to_string();
            match tick % 8 {
                0..=3 => {
                    let play = Play {
                        repeat: tick % 3 == 0,
                        ..placed(&id, &hiss, Vec3::new(2.0, 0.0, f32::from(tick as u8)))
                    };
                    ask(Order::Play(vec![play]), vec![hiss.clone()]);
                }
                4 => ask(Order::Stop { id }, Vec::new()),
                5 => ask(Order::Room((tick % 16 == 5).then(room)), Vec::new()),
                6 => ask(Order::Occlude { id, amount: 0.7 }, Vec::new()),
                _ => ask(
                    Order::Bus {
                        bus: Bus::Music,
                        gain_db: -3.0,
                    },
                    Vec::new(),
                ),
            }
            ask(
                Order::Listen(Pose {
                    position_m: Vec3::ZERO,
                    rotation: Quat::from_rotation_y(tick as f32 * 0.1),
                }),
                Vec::new(),
            );
            mix.step(&mut context).expect("the graph goes on");
        }
        drop(ends);
        let (counted, waited, loudest, blocks) = card.join().expect("the card's thread ends well");
        assert!(blocks > 500, "only {blocks} blocks were computed");
        assert!(loudest > 0.001, "something was heard meanwhile: {loudest}");
        assert_eq!(
            counted,
            Some(0),
            "memory was taken or given back in the callback"
        );
        assert_eq!(waited, 0, "the callback waited for something");
    });
}
