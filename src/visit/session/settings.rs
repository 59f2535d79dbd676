//! How patient a session is, with people and with runtimes.

use crate::visit::backoff::BackoffSettings;
use core::time::Duration;

/// How patient a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionSettings {
    /// A doffed headset resets the visit after this.
    pub grace: Duration,
    /// A visit hidden by the system (its menu, another program) is reset after this.
    pub covered_limit: Duration,
    /// A visit whose headset is away is reset after this.
    pub reconnect_limit: Duration,
    /// The visit pauses when a visible session has had no frame for this long, or longer where
    /// its frames took long before.
    pub stall_pause: Duration,
    /// The process is restarted when a visible session has had no frame for this long, or the
    /// runtime has not answered for this long.
    pub stall_limit: Duration,
    /// A reset that is not answered counts as done after this.
    pub reset_limit: Duration,
    /// A closing session is destroyed after this, ended by the runtime or not.
    pub close_limit: Duration,
    /// A call that is not answered for this long means a runtime that hangs.
    pub answer_limit: Duration,
    /// Wait after the visitor closed us from the runtime's menu.
    pub rest_after_exit: Duration,
    /// Waits between attempts to get a session, or to find a runtime.
    pub retry: BackoffSettings,
}

impl Default for SessionSettings {
    /// The retry cap keeps the promise of being back within 10 s of the runtime's return.
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(30),
            covered_limit: Duration::from_secs(300),
            reconnect_limit: Duration::from_secs(120),
            stall_pause: Duration::from_secs(2),
            stall_limit: Duration::from_secs(20),
            reset_limit: Duration::from_secs(5),
            close_limit: Duration::from_secs(5),
            answer_limit: Duration::from_secs(30),
            rest_after_exit: Duration::from_secs(5),
            retry: BackoffSettings {
                first: Duration::from_millis(500),
                cap: Duration::from_secs(4),
                healthy: Duration::from_secs(30),
            },
        }
    }
}

impl SessionSettings {
    /// The same course in a fraction of the time, for tests: every patience with people and
    /// with a runtime that comes back; what tells a slow machine from a hanging one stays.
    #[must_use]
    pub fn hastened(self, times: u32) -> Self {
        let shorter = |wait: Duration| wait / times.max(1);
        Self {
            grace: shorter(self.grace),
            covered_limit: shorter(self.covered_limit),
            reconnect_limit: shorter(self.reconnect_limit),
            rest_after_exit: shorter(self.rest_after_exit),
            retry: BackoffSettings {
                first: shorter(self.retry.first),
                cap: shorter(self.retry.cap),
                healthy: self.retry.healthy,
            },
            ..self
        }
    }
}
