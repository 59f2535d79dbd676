//! Strips, fans and loops become plain lists, and faces can be taken out.

use super::context::Context;
use crate::bake::error::{Cause, Fault};
use crate::bake::model::{Indices, Primitive, Topology};

/// Sets the topology and rewrites the indices where the mode is not a plain list.
pub(crate) fn unroll(
    ctx: &Context,
    primitive: &mut Primitive,
    mode: u32,
    pointer: &str,
) -> Result<(), Fault> {
    let (topology, group) = match mode {
        0 => (Topology::Points, 1),
        1..=3 => (Topology::Lines, 2),
        4..=6 => (Topology::Triangles, 3),
        _ => {
            return Err(Fault::invalid(
                pointer,
                format!("has the unknown primitive mode {mode}"),
            ));
        }
    };
    primitive.topology = topology;
    let count = match &primitive.indices {
        Some(Indices::U16(v)) => v.len(),
        Some(Indices::U32(v)) => v.len(),
        None => primitive.positions.len(),
    };
    let is_list = matches!(mode, 0 | 1 | 4);
    if is_list {
        let whole = count - count % group;
        if whole != count {
            ctx.warn(
                pointer,
                "incomplete-face",
                format!(
                    "{} indices at the end make no whole face and are left out",
                    count - whole
                ),
                "",
            );
            match &mut primitive.indices {
                Some(Indices::U16(v)) => v.truncate(whole),
                Some(Indices::U32(v)) => v.truncate(whole),
                None => primitive.indices = Some(Indices::U32((0..whole as u32).collect())),
            }
        }
        return Ok(());
    }
    // A strip of n vertices becomes up to 3 n indices.
    ctx.budget.take(count as u64, 12, pointer)?;
    let too_many = || {
        Fault::new(
            pointer,
            Cause::OverLimit {
                what: "indices".to_owned(),
                value: count as u64,
                limit: u64::from(u32::MAX),
            },
        )
    };
    let last = u32::try_from(count).map_err(|_ignored| too_many())?;
    primitive.indices = Some(match primitive.indices.take() {
        Some(Indices::U16(v)) => Indices::U16(expand(mode, v.len(), |i| v[i])),
        Some(Indices::U32(v)) => Indices::U32(expand(mode, v.len(), |i| v[i])),
        None => Indices::U32(expand(mode, last as usize, |i| i as u32)),
    });
    Ok(())
}

/// The list that a strip, fan or loop of `n` vertices stands for (specification,
/// section 3.7.2.1). Faces with two equal corners, which stitch strips, are dropped.
fn expand<T: Copy + PartialEq>(mode: u32, n: usize, at: impl Fn(usize) -> T) -> Vec<T> {
    let mut out = Vec::new();
    let mut triangle = |a: T, b: T, c: T| {
        if a != b && b != c && a != c {
            out.extend([a, b, c]);
        }
    };
    match mode {
        5 => {
            for i in 0..n.saturating_sub(2) {
                // Every second triangle is turned so that all face the same way.
                triangle(at(i), at(i + 1 + i % 2), at(i + 2 - i % 2));
            }
        }
        6 => {
            for i in 0..n.saturating_sub(2) {
                triangle(at(i + 1), at(i + 2), at(0));
            }
        }
        _ => {
            for i in 1..n {
                out.extend([at(i - 1), at(i)]);
            }
            if mode == 2 && n > 2 {
                out.extend([at(n - 1), at(0)]);
            }
        }
    }
    out
}

/// Removes the faces that touch a vertex for which `is_bad` holds.
pub(crate) fn collapse_faces_with(primitive: &mut Primitive, is_bad: impl Fn(&[f32; 3]) -> bool) {
    let group = match primitive.topology {
        Topology::Points => 1,
        Topology::Lines => 2,
        Topology::Triangles => 3,
    };
    let positions = &primitive.positions;
    fn keep<T: Copy>(indices: &mut Vec<T>, group: usize, is_bad: impl Fn(T) -> bool) {
        let kept = indices
            .chunks_exact(group)
            .filter(|face| !face.iter().any(|&i| is_bad(i)))
            .flatten()
            .copied()
            .collect();
        *indices = kept;
    }
    let indices = primitive
        .indices
        .get_or_insert_with(|| Indices::U32((0..positions.len() as u32).collect()));
    match indices {
        Indices::U16(v) => keep(v, group, |i| is_bad(&positions[usize::from(i)])),
        Indices::U32(v) => keep(v, group, |i| is_bad(&positions[i as usize])),
    }
}

/// Calls `face` with the three vertices of each triangle.
pub(crate) fn for_each_triangle(primitive: &Primitive, mut face: impl FnMut([usize; 3])) {
    match &primitive.indices {
        Some(Indices::U16(v)) => v
            .chunks_exact(3)
            .for_each(|t| face([t[0], t[1], t[2]].map(usize::from))),
        Some(Indices::U32(v)) => v
            .chunks_exact(3)
            .for_each(|t| face([t[0], t[1], t[2]].map(|i| i as usize))),
        None => {
            (0..primitive.positions.len() / 3).for_each(|i| face([3 * i, 3 * i + 1, 3 * i + 2]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_and_a_fan_keep_their_winding() {
        assert_eq!(
            expand(5, 5, |i| i),
            [0, 1, 2, 1, 3, 2, 2, 3, 4],
            "every second triangle of a strip is turned"
        );
        assert_eq!(
            expand(6, 4, |i| i),
            [1, 2, 0, 2, 3, 0],
            "a fan turns about its first vertex"
        );
    }

    #[test]
    fn a_loop_closes_and_a_line_strip_does_not() {
        assert_eq!(expand(2, 3, |i| i), [0, 1, 1, 2, 2, 0], "a loop closes");
        assert_eq!(expand(3, 3, |i| i), [0, 1, 1, 2], "a strip stays open");
        assert!(
            expand(5, 2, |i| i).is_empty(),
            "two vertices make no triangle"
        );
    }

    #[test]
    fn stitching_triangles_of_a_strip_are_dropped() {
        let strip = [0_u16, 1, 2, 2, 5, 5, 6, 7];
        let faces = expand(5, strip.len(), |i| strip[i]);
        assert_eq!(faces.len() % 3, 0, "only whole triangles come out");
        assert!(
            faces
                .chunks(3)
                .all(|t| t[0] != t[1] && t[1] != t[2] && t[0] != t[2]),
            "no triangle without area is left: {faces:?}"
        );
    }
}
