//! What every part of the reader shares: the document, its bytes, limits and findings.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::blob::Blob;
use super::document::{BufferView, Document};
use super::meshopt;
use super::source::Source;
use crate::bake::error::{Cause, Fault};
use crate::bake::limits::Budget;
use crate::bake::model::Finding;
use crate::bake::options::{Phase, Progress, ReadOptions};

/// Most findings kept from one file.
const MAX_FINDINGS: usize = 200;

/// A run of bytes that lies inside its blob.
#[derive(Debug, Clone)]
pub(crate) struct Slice {
    pub(crate) blob: Blob,
    pub(crate) start: u64,
    pub(crate) len: u64,
    /// Distance between elements, where the view states one.
    pub(crate) stride: Option<u64>,
}

/// Shared by the worker threads that read one model.
pub(crate) struct Context<'a> {
    pub(crate) source: &'a Source,
    pub(crate) options: &'a ReadOptions,
    pub(crate) budget: Budget,
    progress: &'a dyn Progress,
    work: [(AtomicU64, AtomicU64); 2],
    findings: Mutex<BTreeSet<(String, String, bool, String, String)>>,
    buffers: Vec<OnceLock<Result<Blob, Fault>>>,
    decompressed: Vec<OnceLock<Result<Blob, Fault>>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        source: &'a Source,
        options: &'a ReadOptions,
        progress: &'a dyn Progress,
    ) -> Self {
        let document = &source.document;
        Self {
            source,
            options,
            budget: Budget::new(options.limits.decoded_bytes),
            progress,
            work: Default::default(),
            findings: Mutex::default(),
            buffers: document.buffers.iter().map(|_| OnceLock::new()).collect(),
            decompressed: document
                .buffer_views
                .iter()
                .map(|_| OnceLock::new())
                .collect(),
        }
    }

    pub(crate) fn document(&self) -> &'a Document {
        &self.source.document
    }

    /// The bytes of buffer `index`.
    pub(crate) fn buffer(&self, index: usize, pointer: &str) -> Result<Blob, Fault> {
        self.buffers
            .get(index)
            .ok_or_else(|| Fault::no_such(pointer, "buffer", index))?
            .get_or_init(|| self.source.buffer(index, &self.options.limits))
            .clone()
    }

    /// The bytes of buffer view `index`, decompressed; `pointer` names who asks.
    pub(crate) fn view(&self, index: usize, pointer: &str) -> Result<Slice, Fault> {
        let view = self
            .document()
            .buffer_views
            .get(index)
            .ok_or_else(|| Fault::no_such(pointer, "buffer view", index))?;
        let here = format!("/bufferViews/{index}");
        if let Some(packed) = view
            .extensions
            .as_deref()
            .and_then(|e| e.meshopt_khr.as_ref().or(e.meshopt_ext.as_ref()))
        {
            let blob = self.decompressed[index]
                .get_or_init(|| meshopt::decompress(self, packed, &here))
                .clone()?;
            return Ok(Slice {
                start: 0,
                len: blob.len(),
                blob,
                stride: Some(packed.byte_stride),
            });
        }
        self.raw_view(view, &here)
    }

    fn raw_view(&self, view: &BufferView, pointer: &str) -> Result<Slice, Fault> {
        let blob = self.buffer(view.buffer, pointer)?;
        let slice = Slice {
            start: view.byte_offset,
            len: view.byte_length,
            blob,
            stride: view.byte_stride,
        };
        slice.check(pointer)?;
        Ok(slice)
    }

    /// Frees the decompressed views once nothing reads them any more.
    pub(crate) fn forget_decompressed(&mut self) {
        self.decompressed.clear();
    }

    /// Keeps a finding; the same one from many primitives is kept once.
    pub(crate) fn find(&self, finding: Finding) {
        let mut findings = self.findings.lock().unwrap_or_else(PoisonError::into_inner);
        if findings.len() < MAX_FINDINGS {
            findings.insert((
                finding.pointer,
                finding.code,
                finding.is_error,
                finding.message,
                finding.help,
            ));
        }
    }

    /// Keeps a warning.
    pub(crate) fn warn(&self, pointer: &str, code: &str, message: impl Into<String>, help: &str) {
        self.find(Finding {
            is_error: false,
            code: code.to_owned(),
            message: message.into(),
            pointer: pointer.to_owned(),
            help: help.to_owned(),
        });
    }

    /// All findings, in an order that does not depend on threads.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into_iter()
            .map(|(pointer, code, is_error, message, help)| Finding {
                is_error,
                code,
                message,
                pointer,
                help,
            })
            .collect()
    }

    /// Announces units of work of a phase before it begins.
    pub(crate) fn expect_work(&self, phase: Phase, units: u64) {
        if let Some((_, total)) = self.work(phase) {
            total.fetch_add(units, Ordering::Relaxed);
        }
    }

    /// Reports units of work as done; fails when the caller has lost interest.
    pub(crate) fn did_work(&self, phase: Phase, units: u64) -> Result<(), Fault> {
        if let Some((done, total)) = self.work(phase) {
            let done = done
                .fetch_add(units, Ordering::Relaxed)
                .saturating_add(units);
            let total = total.load(Ordering::Relaxed).max(1);
            self.report(phase, (done as f64 / total as f64).min(1.0) as f32);
        }
        self.check_cancelled()
    }

    pub(crate) fn report(&self, phase: Phase, fraction: f32) {
        self.progress.report(phase, fraction);
    }

    pub(crate) fn check_cancelled(&self) -> Result<(), Fault> {
        if self.progress.is_cancelled() {
            return Err(Fault::new("", Cause::Cancelled));
        }
        Ok(())
    }

    fn work(&self, phase: Phase) -> Option<&(AtomicU64, AtomicU64)> {
        match phase {
            Phase::Geometry => Some(&self.work[0]),
            Phase::Images => Some(&self.work[1]),
            Phase::Opening | Phase::Finishing => None,
        }
    }
}

impl Slice {
    /// Refuses a slice that reaches past its bytes.
    fn check(&self, pointer: &str) -> Result<(), Fault> {
        match self.start.checked_add(self.len) {
            Some(end) if end <= self.blob.len() => Ok(()),
            _ => Err(Fault::invalid(
                pointer,
                format!(
                    "reaches past its buffer: bytes {} to {} of {}",
                    self.start,
                    u128::from(self.start) + u128::from(self.len),
                    self.blob.len()
                ),
            )),
        }
    }

    /// All its bytes.
    pub(crate) fn bytes(&self, pointer: &str) -> Result<std::borrow::Cow<'_, [u8]>, Fault> {
        self.blob
            .bytes(self.start..self.start + self.len)
            .map_err(|e| unreadable(pointer, &e))
    }
}

/// The system could not give us bytes that the file should hold.
pub(crate) fn unreadable(pointer: &str, error: &std::io::Error) -> Fault {
    Fault::new(pointer, Cause::CutShort(error.to_string()))
}
