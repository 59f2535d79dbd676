//! The machine's fonts, found before anything draws; on a machine without any, one of our own.
//!
//! fontique 0.9 ends in a panic where fontconfig knows no font (minimal containers; mended
//! after it, linebender/parley pull request 717: this file can go with Bevy's next parley),
//! and Bevy asks it before a caller can help. So it is asked here first, and where it fails
//! this process starts itself again with a folder that holds the one font Bevy brings.

use bevy::text::{DEFAULT_FONT_DATA, FontCx};
use std::{
    io,
    panic::catch_unwind,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

/// Where fontconfig is told of its configuration.
const CONFIG: &str = "FONTCONFIG_FILE";
/// Set in a process that was started again.
const IS_FONTLESS: &str = "GROTTO_FONTLESS";
/// What to do about it.
const CURE: &str = "install fonts (on Debian: apt-get install fonts-dejavu-core, or fonts-noto-core \
                    fonts-noto-cjk for all scripts), or put some into the exhibit's folder `fonts`";

/// Fonts that were found and nobody has taken yet.
static FOUND: Mutex<Option<FontCx>> = Mutex::new(None);

/// Finds the machine's fonts. Where there are none, this process is replaced by one that has
/// Bevy's, and the call does not come back.
///
/// # Errors
/// When there are none and ours cannot be written or read either, in words.
pub fn prepare() -> Result<(), String> {
    if let Some(found) = find() {
        if std::env::var_os(IS_FONTLESS).is_some() {
            bevy::log::warn!(
                "there is no font on this machine: only the letters of English can be drawn; {CURE}"
            );
        }
        *FOUND.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        return Ok(());
    }
    let error = if std::env::var_os(IS_FONTLESS).is_some() {
        "fontconfig finds none of them".to_owned()
    } else {
        match folder().and_then(|config| start_again(&config)) {
            Ok(never) => match never {},
            Err(error) => error.to_string(),
        }
    };
    Err(format!(
        "there is no font on this machine, and Grotto's own cannot be used ({error}); {CURE}"
    ))
}

/// The fonts that [`prepare`] found; found now where it was not asked.
pub fn take() -> FontCx {
    let found = FOUND.lock().unwrap_or_else(PoisonError::into_inner).take();
    found.unwrap_or_default()
}

/// `None` where fontique panics.
fn find() -> Option<FontCx> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let found = catch_unwind(FontCx::default);
    std::panic::set_hook(hook);
    found.ok()
}

/// Writes Bevy's font and a configuration that knows it alone; returns the latter.
fn folder() -> io::Result<PathBuf> {
    let cache = crate::dirs::cache_dir().map(|cache| cache.join("fontless"));
    let temporary = std::env::temp_dir().join(format!("grotto-fontless-{}", std::process::id()));
    match cache.map(|cache| write_fonts(&cache)) {
        Some(Ok(config)) => Ok(config),
        Some(Err(_)) | None => write_fonts(&temporary),
    }
}

fn write_fonts(folder: &Path) -> io::Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    let put = |name: &str, bytes: &[u8]| -> io::Result<PathBuf> {
        let path = folder.join(name);
        // Another process may be reading it.
        let partial = folder.join(format!("{name}.{}", std::process::id()));
        std::fs::write(&partial, bytes)?;
        std::fs::rename(&partial, &path)?;
        Ok(path)
    };
    put("FiraMono-subset.ttf", DEFAULT_FONT_DATA)?;
    put("fonts.conf", configuration(folder).as_bytes())
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display().to_string();
    let folder = folder.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n  \
         <dir>{folder}</dir>\n  <cachedir>{folder}/cache</cachedir>\n</fontconfig>\n"
    )
}

/// Replaces this process by itself, with another configuration of fontconfig.
#[cfg(unix)]
fn start_again(config: &Path) -> io::Result<std::convert::Infallible> {
    use std::os::unix::process::CommandExt;
    let error = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(CONFIG, config)
        .env(IS_FONTLESS, "1")
        .exec();
    Err(error)
}

/// Fontconfig, which fails, is asked on Unix alone.
#[cfg(not(unix))]
fn start_again(_config: &Path) -> io::Result<std::convert::Infallible> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_any_name_is_told_to_fontconfig() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let folder = folder.path().join("a & <b>");
        let config = write_fonts(&folder).expect("the fonts can be written");
        let text = std::fs::read_to_string(config).expect("the configuration can be read");
        assert!(
            text.contains("a &amp; &lt;b></dir>"),
            "its name is escaped: {text}"
        );
        assert!(
            folder.join("FiraMono-subset.ttf").is_file(),
            "the font is there"
        );
    }
}
