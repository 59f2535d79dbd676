//! What systemd is told, as data: the protocol of `sd_notify(3)`.

/// One message to the socket that `$NOTIFY_SOCKET` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The first frame was shown: the unit has started.
    Ready,
    /// Alive.
    Watchdog,
    /// The unit ends.
    Stopping,
    /// For `systemctl status`.
    Status(String),
}

impl Notice {
    /// The datagram's text.
    pub fn to_text(&self) -> String {
        match self {
            Self::Ready => "READY=1".to_owned(),
            Self::Watchdog => "WATCHDOG=1".to_owned(),
            Self::Stopping => "STOPPING=1".to_owned(),
            // A line break would begin another assignment.
            Self::Status(text) => format!("STATUS={}", text.replace(['\n', '\r'], " ")),
        }
    }
}
