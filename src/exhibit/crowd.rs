//! Of markers that crowd each other some give way: one rule for the monitor and the headset.

/// A marker that would be seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<P> {
    /// Where it would be: in a window, or around a head.
    pub at: P,
    /// From the eye, metres: the nearer wins.
    pub distance_m: f32,
    /// What is meant or open is never the one that gives way.
    pub must_be_seen: bool,
    /// It was seen a moment ago.
    pub was_seen: bool,
}

/// One that was seen counts as this much nearer: two that are about as near take no turns
/// while the head sways.
const SEEN_IS_NEARER: f32 = 0.9;
/// Two that were both seen may come this much closer than others before one gives way.
const SEEN_MAY_CLOSE: f32 = 0.85;

/// Which of the candidates are seen. `gap` is how far two are apart, as a share of the room that
/// they need: below 1 they crowd each other.
pub fn make_room<P>(candidates: &[Candidate<P>], gap: impl Fn(&P, &P) -> f32) -> Vec<bool> {
    let rank = |at: usize| {
        let own = &candidates[at];
        match (own.must_be_seen, own.was_seen) {
            (true, _) => -1.0,
            (false, true) => own.distance_m * SEEN_IS_NEARER,
            (false, false) => own.distance_m,
        }
    };
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by(|a, b| rank(*a).total_cmp(&rank(*b)));
    let mut kept = vec![false; candidates.len()];
    for own in order {
        let is_free = (0..candidates.len())
            .filter(|other| kept[*other])
            .all(|other| {
                let (own, other) = (&candidates[own], &candidates[other]);
                let needed = if own.was_seen && other.was_seen {
                    SEEN_MAY_CLOSE
                } else {
                    1.0
                };
                gap(&own.at, &other.at) >= needed
            });
        kept[own] = is_free || candidates[own].must_be_seen;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(at: f32, distance_m: f32) -> Candidate<f32> {
        Candidate {
            at,
            distance_m,
            must_be_seen: false,
            was_seen: false,
        }
    }

    fn check(candidates: &[Candidate<f32>], expected: &[bool], why: &str) {
        let kept = make_room(candidates, |a, b| (a - b).abs() / 34.0);
        assert_eq!(kept, expected, "{why}");
    }

    #[test]
    fn crowded_markers_give_way_to_the_nearest_and_to_what_is_meant() {
        let meant = Candidate {
            must_be_seen: true,
            ..marker(105.0, 9.0)
        };
        check(
            &[
                marker(0.0, 3.0),
                marker(10.0, 2.0),
                marker(100.0, 5.0),
                meant,
                marker(110.0, 1.0),
            ],
            &[false, true, false, true, false],
            "the nearer of the first two, and of the others what is meant",
        );
        check(&[meant, meant], &[true, true], "what must be seen is seen");
    }

    #[test]
    fn markers_take_no_turns_while_a_head_sways() {
        let seen = Candidate {
            was_seen: true,
            ..marker(0.0, 3.0)
        };
        let beside = marker(10.0, 2.9);
        check(
            &[seen, beside],
            &[true, false],
            "one that is seen stays before one that is a little nearer",
        );
        check(
            &[seen, marker(10.0, 2.0)],
            &[false, true],
            "and goes for one that is much nearer",
        );
        let close = Candidate {
            was_seen: true,
            ..marker(31.0, 4.0)
        };
        check(&[seen, close], &[true, true], "both that are seen stay");
        check(
            &[seen, marker(31.0, 4.0)],
            &[true, false],
            "one that would come needs all the room",
        );
    }
}
