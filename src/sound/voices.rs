//! Pure: which sounds are computed when there are too many.

/// A sound that wants to be heard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Higher stays.
    pub priority: u8,
    /// How loud it would be at the listener, as an amplitude.
    pub audibility: f32,
    /// Whether it sounds now: it then counts as 3 dB louder, so that two equals do not take
    /// turns.
    pub sounding: bool,
}

/// Softer than this (-80 dB) a sound is not computed at all.
pub const INAUDIBLE: f32 = 1e-4;

/// Says for each candidate whether it sounds: the highest priorities first, then the loudest,
/// then the earliest, `limit` at most. What does not sound keeps its time.
#[must_use]
pub fn choose(candidates: &[Candidate], limit: usize) -> Vec<bool> {
    let mut order: Vec<usize> = (0..candidates.len())
        .filter(|&index| candidates[index].audibility > INAUDIBLE)
        .collect();
    let weight = |index: usize| {
        let candidate = &candidates[index];
        candidate.audibility * if candidate.sounding { 1.412_5 } else { 1.0 }
    };
    order.sort_by(|&a, &b| {
        (candidates[b].priority.cmp(&candidates[a].priority))
            .then_with(|| weight(b).total_cmp(&weight(a)))
            .then(a.cmp(&b))
    });
    let mut chosen = vec![false; candidates.len()];
    for &index in order.iter().take(limit) {
        chosen[index] = true;
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(priority: u8, audibility: f32, sounding: bool) -> Candidate {
        Candidate {
            priority,
            audibility,
            sounding,
        }
    }

    #[test]
    fn priority_goes_before_loudness_and_who_sounds_keeps_its_place() {
        let all = [
            candidate(50, 0.5, false),
            candidate(50, 0.4, true),
            candidate(90, 0.01, false),
            candidate(50, 0.00001, true),
        ];
        assert_eq!(choose(&all, 2), [false, true, true, false]);
        assert_eq!(
            choose(&all, 9),
            [true, true, true, false],
            "the inaudible never sounds"
        );
        assert_eq!(choose(&all, 0), [false; 4]);
    }
}
