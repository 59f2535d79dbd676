//! Sound cards: the system's, or a test's.

use std::num::NonZeroU32;

use bevy_seedling::firewheel::{
    FirewheelContext,
    cpal::{CpalConfig, CpalStream},
};

/// A card that is used.
#[derive(Debug, Clone, PartialEq)]
pub struct CardInfo {
    /// Its name, as the system gives it.
    pub name: String,
    /// Frames a second.
    pub rate_hz: NonZeroU32,
}

/// Whatever opens cards: the system, or a test.
pub(super) trait Cards: Send + 'static {
    /// Opens the default card on a context that is not active.
    fn open(&mut self, context: &mut FirewheelContext) -> Result<Box<dyn Card>, String>;
}

/// An open card; the context is inactive once it is dropped.
pub(super) trait Card {
    fn info(&self) -> CardInfo;
    /// Whether it still plays.
    fn is_running(&mut self) -> bool;
}

/// The system's cards.
pub(super) struct SystemCards;

impl Cards for SystemCards {
    fn open(&mut self, context: &mut FirewheelContext) -> Result<Box<dyn Card>, String> {
        #[cfg(target_os = "linux")]
        let said = alsa::Output::local_error_handler();
        let opened = CpalStream::new(context, CpalConfig::default());
        // What ALSA says of cards that are not there, a dozen lines for each try, would hide what
        // Grotto says.
        #[cfg(target_os = "linux")]
        if let Ok(said) = said {
            bevy::log::debug!("ALSA: {}", said.borrow());
        }
        match opened {
            Ok(stream) => Ok(Box::new(stream)),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Card for CpalStream {
    fn info(&self) -> CardInfo {
        let info = CpalStream::info(self);
        CardInfo {
            name: info
                .out_device_id
                .as_ref()
                .map_or_else(|| "a card without a name".to_owned(), ToString::to_string),
            rate_hz: info.sample_rate,
        }
    }

    fn is_running(&mut self) -> bool {
        self.log_status();
        self.output_stream_ok()
    }
}
