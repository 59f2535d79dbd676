//! Whose the graphics queue is.
//!
//! A runtime may use the queue it was given within `xrBeginFrame`, `xrEndFrame`,
//! `xrAcquireSwapchainImage` and `xrReleaseSwapchainImage`, and in no other call (OpenXR 1.1,
//! `XR_KHR_vulkan_enable2`, "Concurrency"); the exhibit must leave it alone meanwhile, since a
//! `VkQueue` is externally synchronized (Vulkan 1.3, §3.6 "Threading Behavior",
//! `vkQueueSubmit`). The world draws on one thread and waits while such a call is made: the
//! queue is *lent*. Once the world waits no longer, because an answer is late, the queue is
//! the world's, and no such call begins: a runtime that comes back from any other call, which
//! is where they wait, finds the queue shut ([`QueueGate::enter`]), and is asked again when
//! the world waits again.
//!
//! What no gate can help is a runtime that halts *within* one of the four: the monitor's
//! picture would have to stand still for as long. It is drawn all the same, and
//! [`QueueGate::take_back`] says so.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Between the world and the calling thread.
#[derive(Debug, Clone, Default)]
pub(in crate::xr) struct QueueGate(Arc<Mutex<Queue>>);

#[derive(Debug, Default)]
struct Queue {
    /// The world waits and draws nothing.
    is_lent: bool,
    /// A call that may use the queue is under way.
    is_used: bool,
}

impl QueueGate {
    /// The world waits from now on.
    pub(in crate::xr) fn lend(&self) {
        self.lock().is_lent = true;
    }

    /// The world goes on. False when a call that may use the queue has not returned.
    pub(in crate::xr) fn take_back(&self) -> bool {
        let mut queue = self.lock();
        queue.is_lent = false;
        !queue.is_used
    }

    /// Before a call that may use the queue, until what is returned is dropped; `None` when
    /// the world has gone on: the call must not be made.
    #[must_use]
    pub(in crate::xr) fn enter(&self) -> Option<Using<'_>> {
        let mut queue = self.lock();
        queue.is_used = queue.is_lent;
        // Made only where it is given out: its end says that the call has returned.
        queue.is_lent.then(|| Using(self))
    }

    /// A poisoned lock is one whose holder panicked: two flags are always whole.
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that may use the queue is under way.
pub(in crate::xr) struct Using<'a>(&'a QueueGate);

impl Drop for Using<'_> {
    fn drop(&mut self) {
        self.0.lock().is_used = false;
    }
}

#[cfg(test)]
mod tests {
    use super::QueueGate;

    #[test]
    fn a_call_that_begins_late_is_not_made() {
        let gate = QueueGate::default();
        assert!(gate.enter().is_none(), "at first the queue is the world's");
        gate.lend();
        assert!(gate.enter().is_some(), "while the world waits it is lent");
        assert!(gate.take_back(), "no call is under way: the queue is free");
        assert!(
            gate.enter().is_none(),
            "a runtime that comes back later finds the queue shut"
        );
        gate.lend();
        assert!(gate.enter().is_some(), "and is asked again");
    }

    #[test]
    fn a_call_that_hangs_within_is_known() {
        let gate = QueueGate::default();
        gate.lend();
        let using = gate.enter();
        assert!(
            !gate.take_back(),
            "the world hears that the call is under way"
        );
        assert!(!gate.take_back(), "and hears it each time");
        drop(using);
        assert!(gate.take_back(), "until it has returned");
    }
}
