//! How long to wait before trying again: twice as long after each failure, up to a cap.
//!
//! There is no random jitter: one exhibit is alone with its headset, and what repeats can be
//! tested.

use core::time::Duration;

/// The course of the waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackoffSettings {
    /// The wait after the first failure.
    pub first: Duration,
    /// No wait is longer.
    pub cap: Duration,
    /// Whatever lived this long forgives all failures before it.
    pub healthy: Duration,
}

/// Counts failures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts one failure of something that lived for `lived`, and says how long to wait.
    pub fn fail(&mut self, lived: Duration, settings: &BackoffSettings) -> Duration {
        if lived >= settings.healthy {
            self.failures = 0;
        }
        let factor = 1u32 << self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        settings.first.saturating_mul(factor).min(settings.cap)
    }

    /// Failures since the last success.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// Forgives all failures.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_and_health_forgives() {
        let settings = BackoffSettings {
            first: Duration::from_millis(500),
            cap: Duration::from_secs(5),
            healthy: Duration::from_secs(60),
        };
        let mut backoff = Backoff::default();
        let waits: Vec<u128> = (0..6)
            .map(|_| backoff.fail(Duration::ZERO, &settings).as_millis())
            .collect();
        assert_eq!(
            waits,
            [500, 1000, 2000, 4000, 5000, 5000],
            "each wait is twice the last, never longer than the cap"
        );
        for _ in 0..100 {
            assert!(
                backoff.fail(Duration::ZERO, &settings) <= settings.cap,
                "a hundred failures more do not overflow"
            );
        }
        let wait = backoff.fail(Duration::from_secs(61), &settings);
        assert_eq!(
            wait, settings.first,
            "a healthy life forgives what was before"
        );
    }
}
