//! Poses: a rotation and a position, right-handed, Y up, -Z ahead, meters.

use openxr_sys::{Posef, Quaternionf, Vector3f};

/// The rotation of a head turned left by `yaw` and up by `pitch`, in degrees.
pub(crate) fn turned(yaw_degrees: f32, pitch_degrees: f32) -> Quaternionf {
    // f64, whose rounding to f32 hides the last bits in which libraries differ.
    let half = |degrees: f32| f64::from(degrees).to_radians() / 2.0;
    let (yaw_sin, yaw_cos) = half(yaw_degrees).sin_cos();
    let (pitch_sin, pitch_cos) = half(pitch_degrees).sin_cos();
    #[expect(clippy::cast_possible_truncation, reason = "rounding to f32 is meant")]
    let narrow = |value: f64| value as f32;
    Quaternionf {
        x: narrow(yaw_cos * pitch_sin),
        y: narrow(yaw_sin * pitch_cos),
        z: narrow(-yaw_sin * pitch_sin),
        w: narrow(yaw_cos * pitch_cos),
    }
}

/// One rotation after another: `first` is applied first.
pub(crate) fn rotate(then: Quaternionf, first: Quaternionf) -> Quaternionf {
    let (a, b) = (then, first);
    Quaternionf {
        x: a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
        y: a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
        z: a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
        w: a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
    }
}

/// The vector turned by the rotation (v + 2w(q x v) + 2q x (q x v)).
pub(crate) fn turn(by: Quaternionf, vector: Vector3f) -> Vector3f {
    let cross = |a: Vector3f, b: Vector3f| Vector3f {
        x: a.y * b.z - a.z * b.y,
        y: a.z * b.x - a.x * b.z,
        z: a.x * b.y - a.y * b.x,
    };
    let axis = Vector3f {
        x: by.x,
        y: by.y,
        z: by.z,
    };
    let once = cross(axis, vector);
    let twice = cross(axis, once);
    Vector3f {
        x: vector.x + 2.0 * (by.w * once.x + twice.x),
        y: vector.y + 2.0 * (by.w * once.y + twice.y),
        z: vector.z + 2.0 * (by.w * once.z + twice.z),
    }
}

/// `a_from_b` and `b_from_c` give `a_from_c`.
pub(crate) fn chain(a_from_b: Posef, b_from_c: Posef) -> Posef {
    let moved = turn(a_from_b.orientation, b_from_c.position);
    Posef {
        orientation: rotate(a_from_b.orientation, b_from_c.orientation),
        position: Vector3f {
            x: a_from_b.position.x + moved.x,
            y: a_from_b.position.y + moved.y,
            z: a_from_b.position.z + moved.z,
        },
    }
}

/// `a_from_b` gives `b_from_a`.
pub(crate) fn inverse(pose: Posef) -> Posef {
    let orientation = Quaternionf {
        x: -pose.orientation.x,
        y: -pose.orientation.y,
        z: -pose.orientation.z,
        w: pose.orientation.w,
    };
    let back = turn(orientation, pose.position);
    Posef {
        orientation,
        position: Vector3f {
            x: -back.x,
            y: -back.y,
            z: -back.z,
        },
    }
}

/// The same place at the floor's height.
pub(crate) fn on_floor(mut pose: Posef) -> Posef {
    pose.position.y = 0.0;
    pose
}

/// Whether the rotation is of length one within the tolerance that OpenXR asks for (1 %).
pub(crate) fn is_valid(pose: Posef) -> bool {
    let q = pose.orientation;
    let length_squared = q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w;
    let p = pose.position;
    (length_squared - 1.0).abs() <= 0.02 && (p.x + p.y + p.z).is_finite()
}
