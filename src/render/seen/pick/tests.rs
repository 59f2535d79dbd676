use super::*;
use crate::{
    bake::model::{Indices, Primitive, Topology},
    render::seen::shape::Corners,
};
use bevy::math::{Mat4, Vec3};

const SIZE: UVec2 = UVec2::new(64, 48);

fn shape(positions: Vec<[f32; 3]>, corners: Vec<[u32; 3]>) -> Arc<Shape> {
    Arc::new(Shape {
        positions,
        corners: Corners::U32(corners),
        mean_area_m2: 1.0,
    })
}

fn clip_from_world() -> Mat4 {
    Mat4::perspective_infinite_reverse_rh(1.0, SIZE.x as f32 / SIZE.y as f32, 0.1)
}

fn placed(key: u8, shape: &Arc<Shape>) -> Placed<u8> {
    Placed {
        key,
        shape: shape.clone(),
        clip_from_part: clip_from_world(),
        is_double_sided: false,
        shown_from: 1.0,
    }
}

/// A sheet at 2 m, seen from as far behind it.
fn from_behind(key: u8, sheet: &Arc<Shape>) -> Placed<u8> {
    Placed {
        clip_from_part: clip_from_world()
            * Mat4::from_translation(Vec3::new(0.0, 0.0, -4.0))
            * Mat4::from_rotation_y(std::f32::consts::PI),
        ..placed(key, sheet)
    }
}

/// Triangles as they were picked, part by part.
fn picked(out: &[Picked<u8>]) -> Vec<Vec<[u32; 3]>> {
    out.iter()
        .map(|own| {
            let list: &[u32] = bytemuck::cast_slice(&own.bytes);
            assert_eq!(list.len(), own.triangles as usize * 3);
            list.as_chunks().0.to_vec()
        })
        .collect()
}

/// A wavy sheet that faces the eye, `side` squares each way, `far` metres away.
fn sheet(side: u32, far: f32) -> Arc<Shape> {
    let at = |i: u32| i as f32 / side as f32 * 2.0 - 1.0;
    let reach = far * 0.8;
    let positions = (0..=side)
        .flat_map(|y| (0..=side).map(move |x| (x, y)))
        .map(|(x, y)| {
            let wave = 0.004 * ((x * 7 + y * 3) % 11) as f32;
            [at(x) * reach, at(y) * reach * 0.7, -far - wave]
        })
        .collect();
    let row = side + 1;
    let corners = (0..side)
        .flat_map(|y| (0..side).map(move |x| y * row + x))
        .flat_map(|i| [[i, i + 1, i + row + 1], [i, i + row + 1, i + row]])
        .collect();
    shape(positions, corners)
}

/// Which triangles win a pixel when corners are rounded to a 256th of one, and moved by `shift`
/// before.
fn winners(parts: &[Placed<u8>], shift: [f64; 2]) -> Vec<(usize, [u32; 3])> {
    let (width, height) = (SIZE.x as usize, SIZE.y as usize);
    let mut nearest = vec![0.0_f64; width * height];
    let mut winner = vec![None; width * height];
    for (at, part) in parts.iter().enumerate() {
        let Corners::U32(list) = &part.shape.corners else {
            unreachable!("the tests make these");
        };
        let clip_from_part = part.clip_from_part.as_dmat4();
        for triangle in list {
            let clip = triangle.map(|corner| {
                let [x, y, z] = part.shape.positions[corner as usize].map(f64::from);
                clip_from_part * bevy::math::DVec4::new(x, y, z, 1.0)
            });
            // What crosses the near plane is kept whole, as another test says.
            if clip.iter().any(|clip| clip.z > clip.w) {
                continue;
            }
            let round = |at: f64| (at * 256.0).round() / 256.0;
            let [a, b, c] = clip.map(|clip| {
                let x = (clip.x / clip.w + 1.0) / 2.0 * width as f64 + shift[0];
                let y = (1.0 - clip.y / clip.w) / 2.0 * height as f64 + shift[1];
                (round(x), round(y), clip.z / clip.w)
            });
            let cross = |p: (f64, f64, f64), q: (f64, f64, f64), x: f64, y: f64| {
                (q.1 - p.1) * (x - p.0) - (q.0 - p.0) * (y - p.1)
            };
            let area = cross(a, b, c.0, c.1);
            if area <= 0.0 {
                continue;
            }
            for y in 0..height {
                for x in 0..width {
                    let (mx, my) = (x as f64 + 0.5, y as f64 + 0.5);
                    let inside = [
                        cross(b, c, mx, my),
                        cross(c, a, mx, my),
                        cross(a, b, mx, my),
                    ];
                    if inside.iter().any(|inside| *inside < 0.0) {
                        continue;
                    }
                    let depth = (inside[0] * a.2 + inside[1] * b.2 + inside[2] * c.2) / area;
                    let pixel = y * width + x;
                    if depth >= nearest[pixel] {
                        nearest[pixel] = depth;
                        winner[pixel] = Some((at, *triangle));
                    }
                }
            }
        }
    }
    winner.into_iter().flatten().collect()
}

fn picker() -> Picker<u8> {
    Picker::new().expect("threads can be had")
}

/// What is picked of parts, none of which rests.
fn look(picker: &mut Picker<u8>, size: UVec2, parts: Vec<Placed<u8>>) -> Vec<Picked<u8>> {
    let mut work = Work {
        size,
        parts,
        ..Work::default()
    };
    picker.known.retain(|_, known| {
        known.rests = 0;
        true
    });
    picker.pick(&mut work);
    assert!(work.whole.is_empty());
    work.picked
}

fn assert_winners_are_picked(
    picker: &mut Picker<u8>,
    parts: &dyn Fn() -> Vec<Placed<u8>>,
) -> usize {
    let out = look(picker, SIZE, parts());
    let picked = picked(&out);
    for shift in [[0.0, 0.0], [0.003, -0.002], [-0.003, 0.003]] {
        for (part, triangle) in winners(&parts(), shift) {
            assert!(
                picked[part].contains(&triangle),
                "{triangle:?} of part {part} wins a pixel and was left out"
            );
        }
    }
    picked.iter().map(Vec::len).sum()
}

#[test]
fn what_is_behind_a_wall_is_left_out_and_what_shows_is_not() {
    let (near, far) = (sheet(30, 2.0), sheet(40, 4.0));
    let parts = || vec![placed(0, &near), placed(1, &far)];
    let all = near.count() + far.count();
    let mut picker = picker();
    let first = assert_winners_are_picked(&mut picker, &parts);
    assert!(
        first > near.count() / 2,
        "nothing is known to hide anything yet: {first} of {all}"
    );
    let second = assert_winners_are_picked(&mut picker, &parts);
    assert!(
        second < first,
        "what was picked before hides the rest: {second} of {first}"
    );
    let out = look(&mut picker, SIZE, parts());
    assert!(
        (out[1].triangles as usize) < far.count() / 4,
        "{} of {} behind the wall",
        out[1].triangles,
        far.count()
    );
    // The wall is gone: what it hid is back at once.
    let behind = || vec![placed(1, &far)];
    let shown = assert_winners_are_picked(&mut picker, &behind);
    assert!(shown > far.count() / 3, "{shown} of {}", far.count());
}

#[test]
fn what_is_seen_almost_whole_is_drawn_whole_for_a_while() {
    let (wall, away) = (sheet(16, 2.0), sheet(40, 2.0));
    let mut picker = picker();
    let mut pictures = (0..2 + REST).map(|_| {
        let mut work = Work {
            size: SIZE,
            parts: vec![placed(0, &wall), from_behind(1, &away)],
            ..Work::default()
        };
        picker.pick(&mut work);
        let looked_at: Vec<u8> = work.picked.iter().map(|picked| picked.key).collect();
        let whole: Vec<u8> = work.whole.iter().map(|(key, _)| *key).collect();
        (looked_at, whole)
    });
    assert_eq!(pictures.next(), Some((vec![0, 1], vec![])));
    for picture in pictures.by_ref().take(REST as usize) {
        assert_eq!(picture, (vec![1], vec![0]));
    }
    assert_eq!(pictures.next(), Some((vec![0, 1], vec![])), "once more");
    drop(pictures);
    let known = |picker: &Picker<u8>| {
        let mut keys: Vec<u8> = picker.known.keys().copied().collect();
        keys.sort_unstable();
        keys
    };
    assert_eq!(known(&picker), [0, 1]);
    picker.pick(&mut Work::default());
    assert_eq!(known(&picker), [0], "what is out of view is forgotten");
    for _ in 0..REST {
        picker.pick(&mut Work::default());
    }
    assert_eq!(known(&picker), [0; 0], "and what rests, once it has");
}

#[test]
fn what_faces_away_is_left_out_but_where_both_sides_are_drawn() {
    let sheet = sheet(30, 2.0);
    let turned = |is_double_sided| Placed {
        is_double_sided,
        ..from_behind(0, &sheet)
    };
    let out = look(&mut picker(), SIZE, vec![turned(false)]);
    assert_eq!((out[0].triangles, out[0].bytes.len()), (0, 0));
    let out = look(&mut picker(), SIZE, vec![turned(true)]);
    assert!(out[0].triangles as usize > sheet.count() / 3);
}

#[test]
fn what_crosses_the_near_plane_stays_and_what_is_behind_the_eye_does_not() {
    let shape = shape(
        vec![
            [0.0, 0.0, -1.0],
            [0.01, 0.0, -1.0],
            [0.0, 0.01, 1.0],
            [0.0, 0.0, 1.0],
            [0.01, 0.0, 1.0],
        ],
        vec![[0, 1, 2], [3, 4, 2]],
    );
    let out = look(&mut picker(), SIZE, vec![placed(0, &shape)]);
    assert_eq!(picked(&out), [[[0, 1, 2]]]);
}

#[test]
fn indices_of_two_bytes_stay_two_bytes_in_fours_of_them() {
    let whole = sheet(30, 2.0);
    let Corners::U32(list) = &whole.corners else {
        unreachable!("it was made so");
    };
    // One triangle that is seen: six bytes.
    let narrow = Arc::new(Shape {
        positions: whole.positions.clone(),
        corners: Corners::U16(vec![list[500].map(|index| index as u16)]),
        mean_area_m2: 1.0,
    });
    let out = look(
        &mut picker(),
        UVec2::new(640, 480),
        vec![placed(0, &narrow)],
    );
    assert_eq!(out[0].triangles, 1);
    assert_eq!(out[0].bytes.len(), 8);
    let indices: &[u16] = bytemuck::cast_slice(&out[0].bytes);
    assert_eq!(indices[..3], list[500].map(|index| index as u16));
    assert_eq!(narrow.whole(), out[0].bytes);
}

#[test]
fn what_bends_is_small_or_points_at_nothing_is_drawn_as_it_is() {
    let (positions, list) = {
        let whole = sheet(30, 2.0);
        let Corners::U32(list) = &whole.corners else {
            unreachable!("it was made so");
        };
        (whole.positions.clone(), list.as_flattened().to_vec())
    };
    let part = Primitive {
        positions,
        indices: Some(Indices::U32(list)),
        ..Primitive::default()
    };
    let shape = Shape::of(&part).expect("nothing is wrong with it");
    assert_eq!(shape.count(), 1800);
    assert!(
        (0.0005..0.01).contains(&shape.mean_area_m2()),
        "{}",
        shape.mean_area_m2()
    );
    let changed = |change: fn(&mut Primitive)| {
        let mut part = part.clone();
        change(&mut part);
        Shape::of(&part).is_none()
    };
    assert!(changed(|part| part.joints = vec![[0; 4]]));
    assert!(changed(|part| part.topology = Topology::Lines));
    assert!(changed(|part| part.indices = None));
    assert!(changed(|part| part.positions.truncate(20)));
    assert!(changed(
        |part| part.indices = Some(Indices::U16(vec![0, 1, 2]))
    ));
}

/// Marsaglia's xorshift (2003).
struct Dice(u64);

impl Dice {
    /// From -1 to 1.
    fn throw(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    fn point(&mut self, reach: [f32; 3]) -> Vec3 {
        Vec3::from_array(reach.map(|reach| self.throw() * reach))
    }
}

/// Triangles of all sizes and directions, some very thin, anywhere before and behind the eye.
#[test]
fn nothing_that_wins_a_pixel_is_left_out() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for count in (0..40).map(|run| 1 + run * 12) {
        let mut positions = Vec::new();
        let mut list = Vec::new();
        for _ in 0..count {
            let first = positions.len() as u32;
            let a = Vec3::new(0.0, 0.0, -1.8) + dice.point([1.6, 1.2, 2.3]);
            let size = 0.02 + 0.2 * dice.throw().abs();
            let (ab, ac) = (dice.point([size; 3]), dice.point([size; 3]));
            let thin = dice.throw().powi(4);
            positions.extend([a, a + ab, a + ab.lerp(ac, thin)].map(|at| at.to_array()));
            list.push([first, first + 1, first + 2]);
        }
        let shape = shape(positions, list);
        let mut picker = picker();
        // The eye moves, and what was picked before is not what is seen now.
        let step = dice.point([0.05; 3]);
        for frame in 0..3 {
            let moved = || {
                vec![Placed {
                    clip_from_part: clip_from_world() * Mat4::from_translation(step * frame as f32),
                    ..placed(0, &shape)
                }]
            };
            assert_winners_are_picked(&mut picker, &moved);
        }
    }
}
