//! Why a model could not be read, in words for the person who has to mend the file.

use std::fmt;
use std::path::{Path, PathBuf};

use super::model::Finding;

/// A model file was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The model file that was asked for.
    pub file: PathBuf,
    /// JSON pointer to the culprit, such as `/accessors/3`; empty for the file as a whole.
    pub pointer: String,
    /// What is wrong.
    pub cause: Cause,
}

/// What can be wrong with a model file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The operating system would not give us the file.
    #[error("cannot be opened: {0}")]
    CannotOpen(String),
    /// It is something else.
    #[error("is not a glTF 2.0 file: {0}")]
    NotGltf(String),
    /// A picture of a kind that is not read.
    #[error("is {0}; Grotto reads PNG, JPEG, WebP and KTX2")]
    NotAnImage(&'static str),
    /// The file ends before what it announces.
    #[error("is cut short: {0}")]
    CutShort(String),
    /// The JSON cannot be read.
    #[error("has a fault in its JSON: {0}")]
    Json(String),
    /// `extensionsRequired` names what we cannot read.
    #[error("requires the extension {0}, which Grotto cannot read")]
    UnsupportedExtension(String),
    /// More than [`super::Limits`] allows.
    #[error("asks for {value} {what}; at most {limit} are allowed")]
    OverLimit {
        /// What there is too much of.
        what: String,
        /// How much the file asks for.
        value: u64,
        /// How much is allowed.
        limit: u64,
    },
    /// An index names nothing.
    #[error("refers to {what} {index}, which does not exist")]
    NoSuch {
        /// Kind of thing.
        what: &'static str,
        /// Its index.
        index: u64,
    },
    /// Data outside its container, or of the wrong kind.
    #[error("{0}")]
    Invalid(String),
    /// The node hierarchy is not a tree.
    #[error("{0}")]
    NotATree(String),
    /// A path leads out of the model's folder.
    #[error("names the file \"{0}\", which is not inside the model's own folder")]
    LeavesFolder(String),
    /// A file the model names cannot be read.
    #[error("names the file \"{uri}\", which cannot be read: {reason}")]
    Resource {
        /// As written in the model.
        uri: String,
        /// What the system says.
        reason: String,
    },
    /// A decompressor refused its data.
    #[error("holds {codec} data that cannot be decoded: {reason}")]
    Codec {
        /// Name of the compression.
        codec: &'static str,
        /// What it says.
        reason: String,
    },
    /// The caller no longer wants the model.
    #[error("reading was cancelled")]
    Cancelled,
}

impl Cause {
    /// A kebab-case code, stable for `check --format json`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::CannotOpen(_) => "model-cannot-open",
            Self::NotGltf(_) => "model-not-gltf",
            Self::NotAnImage(_) => "image-not-read",
            Self::CutShort(_) => "model-cut-short",
            Self::Json(_) => "model-bad-json",
            Self::UnsupportedExtension(_) => "model-unsupported-extension",
            Self::OverLimit { .. } => "model-over-limit",
            Self::NoSuch { .. } => "model-dangling-index",
            Self::Invalid(_) => "model-invalid",
            Self::NotATree(_) => "model-nodes-not-a-tree",
            Self::LeavesFolder(_) => "model-path-leaves-folder",
            Self::Resource { .. } => "model-missing-resource",
            Self::Codec { .. } => "model-bad-compression",
            Self::Cancelled => "model-cancelled",
        }
    }

    /// How to mend it.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::CannotOpen(_) => {
                "check the path, its upper and lower case, and that the file may be read"
            }
            Self::NotGltf(_) => "export the model as glTF 2.0 (.glb) from Blender or another tool",
            Self::NotAnImage(_) => "save the picture as PNG or JPEG, with 8 bits a channel",
            Self::CutShort(_) => "copy or download the file again; it did not arrive whole",
            Self::Json(_) => "export the model again; a hand edit may have broken it",
            Self::UnsupportedExtension(_) => {
                "export the model without this extension, for example from Blender"
            }
            Self::OverLimit { what, .. } if what.contains("image") => {
                "make the picture smaller; if the size is meant, divide it"
            }
            Self::OverLimit { .. } => {
                "simplify or split the model; if the size is meant, the file may be broken"
            }
            Self::Resource { .. } => {
                "put the file back beside the model, or export a single .glb that holds everything"
            }
            Self::LeavesFolder(_) => {
                "copy the file into the model's folder, or export a single .glb that holds everything"
            }
            Self::NoSuch { .. } | Self::Invalid(_) | Self::NotATree(_) => {
                "export the model again with a current exporter; the Khronos glTF validator lists all its faults"
            }
            Self::Codec {
                codec: "PNG" | "JPEG" | "WebP",
                ..
            } => "save the picture again, or get it again where it came from",
            Self::Codec { codec: "KTX2", .. } => "compress the picture again, or use PNG or JPEG",
            Self::Codec { .. } => "compress the model again, or use the uncompressed export",
            Self::Cancelled => "",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.file.display(), self.cause)?;
        if !self.pointer.is_empty() {
            write!(f, " (at {})", self.pointer)?;
        }
        if !self.cause.cure().is_empty() {
            write!(f, "; {}", self.cause.cure())?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}

impl ReadError {
    /// The same as a finding for `check`.
    #[must_use]
    pub fn to_finding(&self) -> Finding {
        Finding {
            is_error: true,
            code: self.cause.code().to_owned(),
            message: format!("{} {}", self.file.display(), self.cause),
            pointer: self.pointer.clone(),
            help: self.cause.cure().to_owned(),
        }
    }
}

/// A [`ReadError`] before the file's name is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) pointer: String,
    pub(crate) cause: Cause,
}

impl Fault {
    pub(crate) fn new(pointer: impl Into<String>, cause: Cause) -> Self {
        Self {
            pointer: pointer.into(),
            cause,
        }
    }

    pub(crate) fn invalid(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(pointer, Cause::Invalid(message.into()))
    }

    pub(crate) fn no_such(pointer: impl Into<String>, what: &'static str, index: usize) -> Self {
        Self::new(
            pointer,
            Cause::NoSuch {
                what,
                index: index as u64,
            },
        )
    }

    /// Names the file.
    pub(crate) fn in_file(self, file: &Path) -> ReadError {
        ReadError {
            file: file.to_owned(),
            pointer: self.pointer,
            cause: self.cause,
        }
    }

    /// Turns a fault that need not stop the model into a finding.
    pub(crate) fn into_finding(self, code: &str, what: &str) -> Finding {
        Finding {
            is_error: true,
            code: code.to_owned(),
            message: format!("{what} {}", self.cause),
            pointer: self.pointer,
            help: self.cause.cure().to_owned(),
        }
    }
}
