//! Where a platform keeps what a program writes for itself.

use std::path::PathBuf;

/// What may be lost: `$XDG_CACHE_HOME/grotto` or `~/.cache/grotto`.
pub fn cache_dir() -> Option<PathBuf> {
    base_dir("XDG_CACHE_HOME", ".cache")
}

/// Logs: `$XDG_STATE_HOME/grotto` or `~/.local/state/grotto`.
pub fn state_dir() -> Option<PathBuf> {
    base_dir("XDG_STATE_HOME", ".local/state")
}

fn base_dir(variable: &str, fallback: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(fallback)))
        .map(|base| base.join("grotto"))
}
