//! What large figures need besides fills: iron lines that swell and thin like a brush held
//! upright, shading washed in from an outline, folds, patterned cloth, columns of writing.

use super::drawing::{Drawing, Pose, path, taper, through};
use super::pigment::Pigment::{self, *};
use crate::sample::noise::unit;
use bevy::math::Vec2;

fn v(x: f32, y: f32) -> Vec2 {
    Vec2::new(x, y)
}

/// Twice the area of an outline; positive when it turns clockwise to the eye (v is down).
fn area2(contour: &[Vec2]) -> f32 {
    let mut sum = 0.0;
    let mut from = contour.last().copied().unwrap_or_default();
    for to in contour {
        sum += from.perp_dot(*to);
        from = *to;
    }
    sum
}

/// The outline moved inwards by a distance that each point chooses.
fn inset(contour: &[Vec2], by: impl Fn(Vec2) -> f32) -> Vec<Vec2> {
    let turn = 1.0_f32.copysign(area2(contour));
    let count = contour.len();
    (0..count)
        .map(|i| {
            let before = contour[(i + count - 1) % count];
            let after = contour[(i + 1) % count];
            let along = (after - before).normalize_or_zero();
            contour[i] + along.perp() * turn * by(along)
        })
        .collect()
}

fn ring(contour: &[Vec2], out: f32, inward: impl Fn(Vec2) -> f32) -> Vec<Vec<Vec2>> {
    let outer = inset(contour, |_| -out);
    let mut inner = inset(contour, inward);
    inner.reverse();
    vec![outer, inner]
}

/// Draws a closed outline with a line that is broad where the brush goes down to the right
/// and thin across; `width` is the broadest, metres.
pub(crate) fn outline(d: &mut Drawing, contour: &[Vec2], tone: Pigment, width: f32) {
    let nib = v(0.45, 0.89);
    let half = |along: Vec2| width * (0.22 + 0.28 * along.dot(nib).abs());
    let outer = inset(contour, |along| -half(along));
    let mut inner = inset(contour, half);
    inner.reverse();
    d.compound(vec![outer, inner], tone, 1.0);
}

/// Washes a colour in from the rim of an outline, strongest at the rim: `depth` metres deep.
pub(crate) fn shade(d: &mut Drawing, contour: &[Vec2], tone: Pigment, depth: f32, strength: f32) {
    let steps = 6;
    for i in 1..=steps {
        let t = i as f32 / steps as f32;
        d.compound(
            ring(contour, 0.0, |_| depth * t * t),
            tone,
            strength * 0.34 * (1.1 - 0.6 * t),
        );
    }
}

/// A garment or a limb: flat colour, shading from the rim, iron line.
pub(crate) fn body(
    d: &mut Drawing,
    contour: &[Vec2],
    [tone, dark, line]: [Pigment; 3],
    depth: f32,
    width: f32,
) {
    d.fill(contour.to_vec(), tone);
    shade(d, contour, dark, depth, 0.8);
    outline(d, contour, line, width);
}

/// A soft spot of colour: an ellipse that fades towards its rim.
pub(crate) fn bloom(d: &mut Drawing, at: Vec2, radii: Vec2, tone: Pigment, strength: f32) {
    for i in 0..7 {
        let s = 1.0 - i as f32 / 7.0;
        d.glaze(super::drawing::ellipse(at, radii * s), tone, strength * 0.2);
    }
}

/// A fold of cloth: a shadow that thins out to the left of the way the line goes (right for
/// a negative `shadow`), and the line itself.
pub(crate) fn fold(
    d: &mut Drawing,
    points: &[Vec2],
    [dark, line]: [Pigment; 2],
    shadow: f32,
    width: f32,
) {
    let count = points.len();
    for i in 1..=4 {
        let reach = shadow * i as f32 / 4.0;
        let moved: Vec<Vec2> = (0..count)
            .map(|k| {
                let along = (points[(k + 1).min(count - 1)] - points[k.saturating_sub(1)])
                    .normalize_or_zero();
                let t = k as f32 / (count - 1).max(1) as f32;
                points[k] - along.perp() * reach * 0.5 * taper(t)
            })
            .collect();
        d.wash(&moved, dark, 0.2, |t| reach.abs() * taper(t));
    }
    d.stroke(points, line, |t| {
        width * (0.25 + 0.75 * taper(t)) * (1.1 - 0.55 * t)
    });
}

/// True when a point lies within an outline.
fn holds(contour: &[Vec2], p: Vec2) -> bool {
    let mut inside = false;
    let Some(mut a) = contour.last().copied() else {
        return false;
    };
    for b in contour {
        if (a.y > p.y) != (b.y > p.y) {
            let x = a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x);
            inside ^= p.x < x;
        }
        a = *b;
    }
    inside
}

/// Strews a motif in staggered rows over the cloth within an outline; it keeps clear of the
/// rim by `clear` metres.
pub(crate) fn strew(
    d: &mut Drawing,
    contour: &[Vec2],
    motif: &Drawing,
    step: Vec2,
    size: f32,
    clear: f32,
) {
    let (low, high) = contour.iter().fold(
        (Vec2::splat(f32::MAX), Vec2::splat(f32::MIN)),
        |(low, high), p| (low.min(*p), high.max(*p)),
    );
    let columns = ((high.x - low.x) / step.x) as i32 + 1;
    let rows = ((high.y - low.y) / step.y) as i32 + 1;
    for j in 0..rows {
        for i in 0..columns {
            let at = low
                + v(
                    (i as f32 + 0.25 + 0.5 * (j % 2) as f32) * step.x,
                    (j as f32 + 0.5) * step.y,
                );
            let around = [Vec2::ZERO, Vec2::X, Vec2::NEG_X, Vec2::Y, Vec2::NEG_Y];
            if around.iter().all(|o| holds(contour, at + *o * clear)) {
                d.place(motif, Pose::at(at, size));
            }
        }
    }
}

/// A small flower of cloth, seen from above; one unit wide.
pub(crate) fn rosette(petals: usize, [petal, inner, heart]: [Pigment; 3]) -> Drawing {
    let mut d = Drawing::default();
    for k in 0..petals {
        let out = crate::sample::noise::direction(k as f32 / petals as f32 + 0.25);
        d.disc(out * 0.3, 0.2, petal);
        d.disc(out * 0.27, 0.1, inner);
    }
    d.disc(Vec2::ZERO, 0.16, heart);
    d
}

/// A shawl or ribbon seen from both sides: middle line, width along it.
pub(crate) fn drape(
    d: &mut Drawing,
    points: &[Vec2],
    [tone, back]: [Pigment; 2],
    width: impl Fn(f32) -> f32,
) {
    let line = through(points, 10);
    let count = line.len();
    let side = |s: f32| -> Vec<Vec2> {
        (0..count)
            .map(|i| {
                let along =
                    (line[(i + 1).min(count - 1)] - line[i.saturating_sub(1)]).normalize_or_zero();
                line[i] + along.perp() * s * width(i as f32 / (count - 1) as f32)
            })
            .collect()
    };
    let mut cloth = side(0.5);
    cloth.extend(side(-0.5).into_iter().rev());
    d.fill(cloth.clone(), tone);
    d.wash(&side(-0.3), back, 0.85, |t| width(t) * 0.34);
    d.wash(&side(0.34), White, 0.22, |t| width(t) * 0.2);
    for s in [-0.12, 0.2] {
        d.line(&side(s), Sienna, 0.0022);
    }
    outline(d, &cloth, Sienna, 0.0042);
}

/// A column of brush writing that no one can read: strokes in the rhythm of square
/// characters, from the top down.
pub(crate) fn column(d: &mut Drawing, top: Vec2, side: f32, count: i32, ink: Pigment, seed: u32) {
    for k in 0..count {
        let at = top + v(0.0, side * 1.16 * k as f32);
        let r = |i: i32| unit(k, i, 0, seed);
        let p = |x: f32, y: f32| at + v(x - 0.5, y) * side;
        let wide = side * 0.085;
        let level = |d: &mut Drawing, y: f32, from: f32, to: f32| {
            d.stroke(
                &[p(from, y + 0.03), p((from + to) * 0.5, y), p(to, y - 0.02)],
                ink,
                |t| wide * (0.7 + 0.5 * (2.0 * t - 1.0) * (2.0 * t - 1.0)),
            );
        };
        let post = |d: &mut Drawing, x: f32, from: f32, to: f32| {
            d.stroke(
                &[p(x - 0.01, from), p(x, (from + to) * 0.5), p(x, to)],
                ink,
                |t| wide * (1.2 - 0.5 * t),
            );
        };
        let dot = |d: &mut Drawing, x: f32, y: f32| {
            d.stroke(
                &[p(x, y), p(x + 0.06, y + 0.07), p(x + 0.08, y + 0.13)],
                ink,
                |t| wide * (0.4 + 1.1 * t),
            );
        };
        // A few strokes in each half, as dense as seal script and as meaningless.
        let halves = if r(0) < 0.6 {
            [(0.0, 0.44, 0.0, 1.0), (0.5, 1.0, 0.0, 1.0)]
        } else {
            [(0.05, 0.95, 0.0, 0.46), (0.0, 1.0, 0.52, 1.0)]
        };
        for (h, (x0, x1, y0, y1)) in halves.into_iter().enumerate() {
            let s = |i: i32| r(10 + 7 * h as i32 + i);
            let (x, y) = ((x0 + x1) * 0.5, |t: f32| y0 + (y1 - y0) * t);
            let rows = 2 + (s(0) * 2.4) as i32;
            for i in 0..rows {
                let t = (i as f32 + 0.5 + 0.2 * (s(1) - 0.5)) / rows as f32;
                let inset = 0.22 * unit(k, i, 40 + h as i32, seed) * (x1 - x0);
                level(d, y(t), x0 + inset, x1 - inset * 0.5);
            }
            if y1 - y0 > 0.7 || s(2) > 0.4 {
                post(d, x + 0.16 * (s(3) - 0.5), y(0.06 + 0.2 * s(4)), y(0.96));
            }
            if s(5) > 0.45 {
                let lean = if h == 0 { -1.0 } else { 1.0 };
                d.stroke(
                    &[
                        p(x, y(0.55)),
                        p(x + lean * 0.1, y(0.75)),
                        p(x + lean * 0.26, y(1.0)),
                    ],
                    ink,
                    |t| wide * (0.5 + 1.1 * t * (1.4 - t)),
                );
            }
            if s(6) > 0.5 {
                dot(d, x0 + 0.06, y(0.1));
            }
        }
    }
}

/// A cartouche for names: a coloured field in a double frame with lotus ends and columns of
/// writing; `at` is the middle of its upper edge.
pub(crate) fn cartouche(
    d: &mut Drawing,
    at: Vec2,
    size: Vec2,
    field: Pigment,
    columns: i32,
    seed: u32,
) {
    let half = size.x * 0.5;
    let (low, high) = (at - v(half, 0.0), at + v(half, size.y));
    let rim = size.x.min(0.14) * 0.09;
    d.rect(low - rim, high + rim, Red);
    d.rect(low - rim * 0.35, high + rim * 0.35, Ivory);
    d.rect(low, high, field);
    shade(
        d,
        &super::drawing::rectangle(low, high),
        Sienna,
        size.x * 0.2,
        0.3,
    );
    // A leaf above, a lotus below.
    let roof = path("M-0.62 0 C-0.5 -0.16 -0.2 -0.16 0 -0.4 C0.2 -0.16 0.5 -0.16 0.62 0");
    let lid: Vec<Vec2> = roof
        .iter()
        .map(|p| at - v(0.0, rim) + *p * size.x)
        .collect();
    body(d, &lid, [Green, DeepGreen, Sienna], size.x * 0.1, rim * 0.6);
    d.place(
        &super::figures::lotus_seat(size.x * 1.35, [White, Rouge, Red]),
        Pose::at(v(at.x, high.y + rim), 1.0),
    );
    let gap = size.x / columns as f32;
    let side = gap * 0.68;
    let count = ((size.y - side * 0.6) / (side * 1.16)) as i32;
    for c in 0..columns {
        let x = high.x - gap * (c as f32 + 0.5);
        let fewer = (unit(c, 7, 0, seed) * 2.0) as i32 + 2 * c;
        column(
            d,
            v(x, low.y + side * 0.4),
            side,
            (count - fewer).max(2),
            Black,
            seed + c as u32 * 31,
        );
        if c > 0 {
            d.rule(
                &[v(x + gap * 0.5, low.y), v(x + gap * 0.5, high.y)],
                Sienna,
                rim * 0.22,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strewn_motif_stays_on_its_cloth() {
        let cloth = path("M0 0 L1 0 L0.5 1");
        let mut dot = Drawing::default();
        dot.disc(Vec2::ZERO, 0.5, White);
        let mut d = Drawing::default();
        strew(&mut d, &cloth, &dot, v(0.13, 0.13), 0.02, 0.02);
        assert!(d.shapes.len() > 8, "the cloth bears a pattern");
        for shape in &d.shapes {
            let middle = (shape.bounds.0 + shape.bounds.1) * 0.5;
            assert!(holds(&cloth, middle), "{middle} is beside the cloth");
        }
    }

    #[test]
    fn shading_stays_within_the_outline_whichever_way_it_turns() {
        let square = path("M0 0 L1 0 L1 1 L0 1");
        let turned: Vec<Vec2> = square.iter().rev().copied().collect();
        for contour in [square, turned] {
            let inner = inset(&contour, |_| 0.1);
            for p in inner {
                assert!(holds(&contour, p), "{p} was moved outwards");
            }
        }
    }
}
