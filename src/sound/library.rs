//! Samples of files that are in use.

use std::{collections::HashMap, num::NonZeroU32, path::PathBuf, sync::Arc};

use super::{SoundError, clip::Clip, order::Source};

/// Samples of files, kept for as long as something plays them or a film goes on.
#[derive(Default)]
pub struct Library {
    clips: HashMap<PathBuf, Arc<Clip>>,
}

impl Library {
    /// The samples of a source, read if they are not known.
    ///
    /// # Errors
    /// If a file cannot be played.
    pub fn clip(&mut self, source: &Source, rate_hz: NonZeroU32) -> Result<Arc<Clip>, SoundError> {
        if let Some(clip) = self.known(source, rate_hz) {
            return Ok(clip);
        }
        let clip = source.read(rate_hz)?;
        self.keep(source, &clip);
        Ok(clip)
    }

    /// The samples of a source if nothing need be read. Samples that were handed over have the
    /// rate they have.
    #[must_use]
    pub fn known(&self, source: &Source, rate_hz: NonZeroU32) -> Option<Arc<Clip>> {
        match source {
            Source::Clip(clip) => Some(clip.clone()),
            Source::File(path) => self
                .clips
                .get(path)
                .filter(|clip| clip.rate_hz() == rate_hz)
                .cloned(),
        }
    }

    /// Keeps the samples of a file.
    pub fn keep(&mut self, source: &Source, clip: &Arc<Clip>) {
        if let Source::File(path) = source {
            self.clips.insert(path.clone(), clip.clone());
        }
    }

    /// Forgets what nobody plays.
    pub fn forget_unused(&mut self) {
        self.clips.retain(|_, clip| Arc::strong_count(clip) > 1);
    }
}
