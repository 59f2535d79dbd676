//! Time as whole nanoseconds: added up in any portions it gives the same sum.

use std::time::Duration;

/// The longest time that one call may let pass. More (a computer that slept) is cut.
pub(super) const LONGEST_STEP: Duration = Duration::from_secs(3600);

/// Nanoseconds in a second.
const SECOND_NS: f64 = 1e9;

/// Nanoseconds of a duration, at most those of [`LONGEST_STEP`].
pub(super) fn step_ns(dt: Duration) -> u64 {
    ns(dt.min(LONGEST_STEP))
}

/// Nanoseconds of a duration; the most there is for what is longer than 584 years.
pub(super) fn ns(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// Nanoseconds of an author's seconds, to the microsecond: `0.1` is 100 000 000, whatever
/// `f32` makes of it. What is no time is none.
pub(super) fn ns_from_secs(secs: f32) -> u64 {
    let micros = (f64::from(secs) * 1e6).round();
    // `as` saturates, and makes 0 of NaN.
    ((micros * 1e3).clamp(0.0, SECOND_NS * 1e7)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authors_seconds_are_exact() {
        for (secs, expected) in [
            (0.1, 100_000_000),
            (1.5, 1_500_000_000),
            (-1.0, 0),
            (f32::NAN, 0),
            (f32::INFINITY, 10_000_000_000_000_000),
        ] {
            assert_eq!(ns_from_secs(secs), expected, "nanoseconds of {secs} s");
        }
    }
}
