//! What each accessor is used for: one purpose only.

use super::report::Report;

/// The purposes noted so far, by accessor.
pub(super) struct Uses(Vec<Option<&'static str>>);

impl Uses {
    /// Nothing noted yet of any accessor.
    pub(super) fn new(accessors: usize) -> Self {
        Self(vec![None; accessors])
    }

    /// Notes a use; a second, different use is an error.
    pub(super) fn note(
        &mut self,
        accessor: usize,
        usage: &'static str,
        pointer: impl FnOnce() -> String,
        report: &mut Report,
    ) {
        match self.0.get_mut(accessor) {
            None => {}
            Some(Some(before)) if *before != usage => report.error(
                "ACCESSOR_USAGE_OVERRIDE",
                pointer(),
                format!("The accessor is used for {usage} here, but for {before} before."),
            ),
            Some(slot) => *slot = Some(usage),
        }
    }
}
