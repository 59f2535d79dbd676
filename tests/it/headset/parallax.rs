//! What one eye sees beside the other: a known thing stands in each picture where the eye's
//! place and field of view put it, and so as far apart as its distance says.

use super::{
    alone,
    hands::{open_menu, place_of},
    is_visiting, number,
    remote::{ASPECT, Doing, HALF_UP_RAD},
    runtime::Rig,
    vector,
};
use image::RgbImage;

/// How much farther each eye sees outward than inward, radians, as headsets do.
const SKEW_RAD: f32 = 0.12;
/// Half the side of the part of a tile that is compared, pixels: the tile is 40 pixels wide.
const HALF_PX: i32 = 15;
/// What is found may be so far from what is predicted, pixels: 0.1 degrees.
const TOLERANCE_PX: f64 = 0.6;

/// An eye that looks level.
struct Eye<'a> {
    place: [f32; 3],
    yaw_rad: f32,
    /// Tangents of the edges: left, right, up, down.
    edges: [f64; 4],
    picture: &'a RgbImage,
}

impl Eye<'_> {
    /// Where a point of the exhibit is in the picture, pixels from the left and from above.
    fn project(&self, point: [f32; 3]) -> [f64; 2] {
        let to = [0, 1, 2].map(|at| f64::from(point[at] - self.place[at]));
        let (sin, cos) = f64::from(self.yaw_rad).sin_cos();
        let right = cos * to[0] - sin * to[2];
        let ahead = -sin * to[0] - cos * to[2];
        let [left_edge, right_edge, up_edge, down_edge] = self.edges;
        let (width, height) = self.picture.dimensions();
        let across = (right / ahead - left_edge) / (right_edge - left_edge);
        let down = (up_edge - to[1] / ahead) / (up_edge - down_edge);
        [across * f64::from(width), down * f64::from(height)]
    }

    /// Brightness between pixels; the middle of the first is at 0.5.
    fn light(&self, x: f64, y: f64) -> f64 {
        let pixel = |x: i32, y: i32| {
            let (width, height) = self.picture.dimensions();
            let x = x.clamp(0, width as i32 - 1) as u32;
            let y = y.clamp(0, height as i32 - 1) as u32;
            let [r, g, b] = self.picture.get_pixel(x, y).0.map(f64::from);
            (r + g + b) / 3.0
        };
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (to_right, to_below) = (x - left, y - top);
        let (left, top) = (left as i32, top as i32);
        let row = |y| pixel(left, y) * (1.0 - to_right) + pixel(left + 1, y) * to_right;
        row(top) * (1.0 - to_below) + row(top + 1) * to_below
    }
}

/// The mean square of what differs over a square, and the offset, pixels, at which it is least.
fn least(reach_px: f64, differs: impl Fn(f64, f64, f64) -> f64) -> (f64, f64) {
    let steps = (reach_px * 10.0) as i32;
    let mut best = (f64::INFINITY, 0.0);
    for step in -steps..=steps {
        let off = f64::from(step) / 10.0;
        let mut sum = 0.0;
        for y in -HALF_PX..=HALF_PX {
            for x in -HALF_PX..=HALF_PX {
                sum += differs(f64::from(x), f64::from(y), off).powi(2);
            }
        }
        if sum < best.0 {
            best = (sum, off);
        }
    }
    let count = f64::from(2 * HALF_PX + 1).powi(2);
    (best.0 / count, best.1)
}

#[test]
fn the_eyes_differ_by_the_parallax_of_what_they_see() {
    let _alone = alone();
    let Some(mut rig) = Rig::new("parallax") else {
        return;
    };
    rig.start_service(Doing {
        skew_rad: SKEW_RAD,
        ..Doing::default()
    });
    // 640 x 480 pixels.
    rig.start_exhibit(&["OXR_VIEWPORT_SCALE_PERCENTAGE=200"], &[]);
    rig.wait("a visit begins", 90.0, is_visiting);
    open_menu(&rig);
    // A ray across a tile would be another thing at another distance.
    rig.act(|doing| {
        doing.is_swaying = false;
        doing.hands[1].yaw = -1.2;
        doing.hands[1].pitch = 0.3;
    });
    let state = rig.pass(2.0);
    let pictures = rig.picture("tiles");
    let up = f64::from(HALF_UP_RAD).tan();
    let side_rad = (up * f64::from(ASPECT)).atan();
    let edge = |inward: f64| (side_rad + inward * f64::from(SKEW_RAD)).tan();
    let eyes = [0, 1].map(|index| Eye {
        place: vector(&state["eyes"][index]),
        yaw_rad: number(&state["head_yaw_deg"]).to_radians(),
        edges: match index {
            0 => [-edge(1.0), edge(-1.0), up, -up],
            _ => [-edge(-1.0), edge(1.0), up, -up],
        },
        picture: &pictures[index],
    });
    // A house and a cross-hair are their own mirror images: their middle is found.
    for (item, eye) in [("Home", 0), ("Home", 1), ("Recenter", 0), ("Recenter", 1)] {
        let at = place_of(&state, item).expect("it is on the first page");
        let [x, y] = eyes[eye].project(at);
        let (_, off) = least(8.0, |across, down, off| {
            let middle = x + off;
            eyes[eye].light(middle + across, y + down) - eyes[eye].light(middle - across, y + down)
        });
        assert!(
            off.abs() < TOLERANCE_PX,
            "eye {eye} sees {item} at column {x:.1}, not {off:.1} beside it"
        );
    }
    for item in ["Home", "Recenter", "Lamp", "Comfort", "Learn", "Leave"] {
        let at = place_of(&state, item).expect("it is on the first page");
        let [left, right] = [0, 1].map(|eye| eyes[eye].project(at));
        let (unlike, off) = least(12.0, |across, down, off| {
            eyes[0].light(left[0] + across, left[1] + down)
                - eyes[1].light(right[0] + off + across, right[1] + down)
        });
        let parallax = left[0] - right[0];
        assert!(
            parallax.abs() > 10.0,
            "{item} is near enough to tell: {parallax:.1} pixels"
        );
        assert!(
            off.abs() < TOLERANCE_PX && unlike < 150.0,
            "{item} is {parallax:.1} pixels apart in the two eyes, not {:.1} ({unlike:.0} unlike)",
            parallax - off
        );
    }
}
