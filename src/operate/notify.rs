//! systemd's notification socket (`sd_notify(3)`), where there is one.

use crate::visit::supervisor::Notice;

/// Sends notices to the socket that `$NOTIFY_SOCKET` names.
pub(super) struct Notifier {
    #[cfg(target_os = "linux")]
    socket: Option<(
        std::os::unix::net::UnixDatagram,
        std::os::unix::net::SocketAddr,
    )>,
}

impl Notifier {
    #[cfg(target_os = "linux")]
    pub(super) fn from_environment() -> Self {
        use std::os::{
            linux::net::SocketAddrExt,
            unix::net::{SocketAddr, UnixDatagram},
        };
        let address = std::env::var("NOTIFY_SOCKET").ok().and_then(|name| {
            // An abstract socket is written with an @ for its leading zero byte.
            match name.strip_prefix('@') {
                Some(name) => SocketAddr::from_abstract_name(name).ok(),
                None => SocketAddr::from_pathname(name).ok(),
            }
        });
        Self {
            socket: address.and_then(|address| Some((UnixDatagram::unbound().ok()?, address))),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn from_environment() -> Self {
        Self {}
    }

    /// Sends one notice. systemd that does not listen is no failure of the exhibit's.
    pub(super) fn send(&self, notice: &Notice) {
        #[cfg(target_os = "linux")]
        if let Some((socket, address)) = &self.socket {
            drop(socket.send_to_addr(notice.to_text().as_bytes(), address));
        }
        #[cfg(not(target_os = "linux"))]
        let _ = notice;
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::net::UnixDatagram;

    #[test]
    fn systemd_hears_each_notice_as_one_datagram() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let systemd = UnixDatagram::bind(&path).unwrap();
        let address = std::os::unix::net::SocketAddr::from_pathname(&path).unwrap();
        let notifier = Notifier {
            socket: Some((UnixDatagram::unbound().unwrap(), address)),
        };
        notifier.send(&Notice::Ready);
        notifier.send(&Notice::Status("one\ntwo".to_owned()));
        let mut heard = [0; 64];
        for expected in ["READY=1", "STATUS=one two"] {
            let length = systemd.recv(&mut heard).unwrap();
            assert_eq!(
                String::from_utf8_lossy(&heard[..length]),
                expected,
                "a notice is one assignment a datagram"
            );
        }
    }
}
