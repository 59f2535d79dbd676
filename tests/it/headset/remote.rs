//! A visitor that a test moves: a client of Monado's remote driver.
//!
//! The driver takes packets of 376 bytes, little-endian (Monado 25,
//! `src/xrt/drivers/remote/r_interface.h`): head and both controllers, which it shows as those
//! of a Valve Index.

use std::{
    io::Write,
    net::TcpStream,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// Where the driver listens.
const ADDRESS: &str = "127.0.0.1:4242";
/// Half the vertical field of view of each eye, radians.
pub(super) const HALF_UP_RAD: f32 = 0.6;
/// Width of an eye's picture to its height.
pub(super) const ASPECT: f32 = 320.0 / 240.0;
/// Half the distance between the eyes, metres.
pub(super) const HALF_EYES_M: f32 = 0.0315;
/// A living head sways this far, metres.
const SWAY_M: f32 = 0.005;

/// What one hand does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hand {
    pub(super) is_seen: bool,
    pub(super) position: [f32; 3],
    /// Radians: to the left and up.
    pub(super) yaw: f32,
    pub(super) pitch: f32,
    pub(super) trigger: f32,
    pub(super) stick: [f32; 2],
    pub(super) is_menu_pressed: bool,
    /// Its joints are tracked.
    pub(super) has_joints: bool,
    /// How far thumb, index, middle, ring and little finger are bent, 0 to 1.
    pub(super) curls: [f32; 5],
}

/// What the visitor does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doing {
    pub(super) head: [f32; 3],
    /// Radians: to the left and up.
    pub(super) yaw: f32,
    pub(super) pitch: f32,
    /// Without it the headset lies on a table.
    pub(super) is_swaying: bool,
    /// How much farther each eye sees outward than inward, radians each way.
    pub(super) skew_rad: f32,
    /// Left and right.
    pub(super) hands: [Hand; 2],
}

impl Default for Doing {
    fn default() -> Self {
        let hand = |x: f32| Hand {
            is_seen: false,
            position: [x, 1.25, -0.35],
            yaw: 0.0,
            pitch: 0.0,
            trigger: 0.0,
            stick: [0.0; 2],
            is_menu_pressed: false,
            has_joints: false,
            curls: [0.0; 5],
        };
        Self {
            head: [0.0, 1.6, 0.0],
            yaw: 0.0,
            pitch: 0.0,
            is_swaying: true,
            skew_rad: 0.0,
            hands: [hand(-0.2), hand(0.2)],
        }
    }
}

/// The visitor; gone when dropped.
pub(super) struct Remote {
    doing: Arc<Mutex<Doing>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Remote {
    /// Connects to a driver that has just been started, or `None`.
    pub(super) fn connect(doing: Doing) -> Option<Self> {
        let mut stream = (0..100).find_map(|_| {
            let stream = TcpStream::connect(ADDRESS).ok();
            if stream.is_none() {
                std::thread::sleep(Duration::from_millis(50));
            }
            stream
        })?;
        let doing = Arc::new(Mutex::new(doing));
        let is_over = Arc::new(AtomicBool::new(false));
        let (own_doing, own_over) = (doing.clone(), is_over.clone());
        let thread = std::thread::spawn(move || {
            let mut tick = 0_u32;
            while !own_over.load(Ordering::Relaxed) {
                let now = *own_doing.lock().expect("no test panics with the lock");
                // A driver that is killed is part of some tests.
                if stream.write_all(&packet(&now, tick)).is_err() {
                    return;
                }
                tick = tick.wrapping_add(1);
                std::thread::sleep(Duration::from_millis(20));
            }
        });
        Some(Self {
            doing,
            is_over,
            thread: Some(thread),
        })
    }

    /// Changes what the visitor does.
    pub(super) fn act(&self, change: impl FnOnce(&mut Doing)) {
        change(&mut self.doing.lock().expect("no test panics with the lock"));
    }

    /// What the visitor does.
    pub(super) fn doing(&self) -> Doing {
        *self.doing.lock().expect("no test panics with the lock")
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// A rotation by yaw, then pitch: x, y, z, w.
fn quaternion(yaw: f32, pitch: f32) -> [f32; 4] {
    let (sin_y, cos_y) = (f64::from(yaw) / 2.0).sin_cos();
    let (sin_p, cos_p) = (f64::from(pitch) / 2.0).sin_cos();
    [cos_y * sin_p, sin_y * cos_p, -sin_y * sin_p, cos_y * cos_p].map(|value| value as f32)
}

fn packet(doing: &Doing, tick: u32) -> Vec<u8> {
    let mut bytes = b"mndrmt3\0".to_vec();
    let put = |bytes: &mut Vec<u8>, values: &[f32]| {
        for value in values {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    };
    let side = (f64::from(HALF_UP_RAD).tan() * f64::from(ASPECT)).atan() as f32;
    for (x, outward) in [(-HALF_EYES_M, -1.0), (HALF_EYES_M, 1.0)] {
        let skew = outward * doing.skew_rad;
        let edges = [skew - side, skew + side, HALF_UP_RAD, -HALF_UP_RAD];
        put(&mut bytes, &edges);
        put(&mut bytes, &[0.0, 0.0, 0.0, 1.0, x, 0.0, 0.0]);
        bytes.extend([0; 4]);
    }
    put(&mut bytes, &quaternion(doing.yaw, doing.pitch));
    let sway = if doing.is_swaying {
        SWAY_M * (f64::from(tick) * 0.05).sin() as f32
    } else {
        0.0
    };
    put(
        &mut bytes,
        &[doing.head[0] + sway, doing.head[1], doing.head[2]],
    );
    bytes.extend([1, 0, 0, 0]);
    for hand in &doing.hands {
        put(&mut bytes, &quaternion(hand.yaw, hand.pitch));
        put(&mut bytes, &hand.position);
        // Velocities, moving and turning.
        put(&mut bytes, &[0.0; 6]);
        put(&mut bytes, &hand.curls);
        put(&mut bytes, &[hand.trigger, 0.0, 0.0]);
        put(&mut bytes, &hand.stick);
        put(&mut bytes, &[0.0; 3]);
        let flag = u8::from;
        let pressed = flag(hand.trigger > 0.5);
        let seen = flag(hand.is_seen);
        bytes.extend([
            flag(hand.has_joints),
            seen,
            0,
            0,
            0,
            0,
            flag(hand.is_menu_pressed),
            0,
        ]);
        bytes.extend([pressed, 0, 0, 0, 0, 0, 0, 0]);
    }
    assert_eq!(bytes.len(), 376, "the driver reads packets of this length");
    bytes
}
