//! KTX2 containers with Basis Universal textures (`KHR_texture_basisu`): ETC1S and UASTC,
//! plain or with Zstandard.
//!
//! The header is read here, in safe Rust, and everything it announces is compared with the
//! limits and with the size of the file. Only then does the C++ transcoder see the bytes, in
//! a process of its own (see [`crate::bake::sandbox`]).

use basisu_c_sys::TranscodeTargetFormat;
use basisu_c_sys::extra::{
    BasisuTranscoder, ChannelType, SupportedTextureCompression, basisu_transcoder_init,
};

use super::decode::{Wish, check_size, refused};
use super::mips;
use crate::bake::error::Fault;
use crate::bake::limits::Budget;
use crate::bake::model::{Alpha, Image, TexelFormat};
use crate::bake::options::ReadOptions;
use crate::bake::sandbox;

const CODEC: &str = "KTX2";

/// What a KTX2 header says, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) levels: u32,
    /// Zero for Basis Universal; else a Vulkan format that we do not read.
    pub(crate) vk_format: u32,
    /// None, BasisLZ (ETC1S), Zstandard, zlib.
    pub(crate) supercompression: u32,
}

impl Header {
    /// Reads and checks the first bytes of a KTX2 file (KTX 2.0 specification, section 3).
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let cut = || refused(CODEC, "it is cut short");
        let word = |at: usize| -> Result<u32, Fault> {
            let bytes = bytes.get(at..at + 4).ok_or_else(cut)?;
            Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        };
        let [depth, layers, faces, levels] = [word(28)?, word(32)?, word(36)?, word(40)?];
        let header = Self {
            vk_format: word(12)?,
            width: word(20)?,
            height: word(24)?,
            levels: levels.max(1),
            supercompression: word(44)?,
        };
        if depth != 0 || layers > 1 || faces != 1 {
            return Err(refused(CODEC, "it is not a plain two-dimensional picture"));
        }
        if levels > mips::level_count(header.width, header.height) {
            return Err(refused(CODEC, format!("it claims {levels} mip levels")));
        }
        let size = bytes.len() as u64;
        for level in 0..header.levels {
            let at = 80 + 24 * level as usize;
            let (offset, length) = (
                u64::from(word(at)?) | u64::from(word(at + 4)?) << 32,
                u64::from(word(at + 8)?) | u64::from(word(at + 12)?) << 32,
            );
            let unpacked = u64::from(word(at + 16)?) | u64::from(word(at + 20)?) << 32;
            if offset.checked_add(length).is_none_or(|end| end > size) {
                return Err(refused(
                    CODEC,
                    format!("mip level {level} reaches past its end"),
                ));
            }
            let (w, h) = mips::level_size(header.width, header.height, level);
            // 16 bytes a block of UASTC; BasisLZ leaves the field zero.
            if unpacked > u64::from(w.div_ceil(4)) * u64::from(h.div_ceil(4)) * 16 {
                return Err(refused(
                    CODEC,
                    format!("mip level {level} claims {unpacked} bytes"),
                ));
            }
        }
        Ok(header)
    }
}

/// What the transcoder shall write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Rgba8,
    Bc7,
}

impl Target {
    /// Bytes of the first `levels` levels.
    pub(crate) fn bytes(self, width: u32, height: u32, levels: u32) -> u64 {
        (0..levels)
            .map(|level| {
                let (w, h) = mips::level_size(width, height, level);
                match self {
                    Self::Rgba8 => u64::from(w) * u64::from(h) * 4,
                    Self::Bc7 => u64::from(w.div_ceil(4)) * u64::from(h.div_ceil(4)) * 16,
                }
            })
            .sum()
    }
}

/// Decodes a KTX2 file, in the sandbox.
pub(crate) fn decode(
    bytes: &[u8],
    wish: &Wish,
    options: &ReadOptions,
    budget: &Budget,
) -> Result<Image, Fault> {
    let header = Header::read(bytes)?;
    let (width, height) = (header.width, header.height);
    check_size(width, height, &options.limits)?;
    if header.vk_format != 0 {
        return Err(refused(
            CODEC,
            format!(
                "it holds Vulkan format {} and not Basis Universal",
                header.vk_format
            ),
        ));
    }
    let is_whole_chain = header.levels == mips::level_count(width, height);
    // The GPU wants whole blocks at the largest level.
    let is_blocks = width.is_multiple_of(4) && height.is_multiple_of(4);
    let target = if options.has_bc && is_whole_chain && is_blocks {
        Target::Bc7
    } else {
        Target::Rgba8
    };
    budget.take(target.bytes(width, height, header.levels), 1, "")?;
    let (mut data, has_alpha) = sandbox::transcode(bytes, &header, target, &options.limits)
        .map_err(|reason| refused(CODEC, reason))?;
    let mut mip_count = header.levels;
    if !is_whole_chain {
        // A lone picture, or a broken chain: our own mips from the largest level.
        budget.take(mips::chain_bytes(width, height), 1, "")?;
        data.truncate(width as usize * height as usize * 4);
        let alpha = if has_alpha { wish.alpha } else { Alpha::Opaque };
        mip_count = mips::append(&mut data, width, height, wish.usage, alpha);
    }
    Ok(Image {
        label: wish.label.clone(),
        width,
        height,
        format: match target {
            Target::Rgba8 => TexelFormat::Rgba8,
            Target::Bc7 => TexelFormat::Bc7,
        },
        usage: wish.usage,
        mip_count,
        data,
        has_alpha,
    })
}

/// Runs the transcoder in this process. Returns texels and whether some are transparent.
pub(crate) fn transcode_here(bytes: &[u8], target: Target) -> Result<(Vec<u8>, bool), String> {
    let header = Header::read(bytes).map_err(|fault| fault.cause.to_string())?;
    basisu_transcoder_init();
    let transcoder =
        BasisuTranscoder::new(bytes, SupportedTextureCompression::BC, ChannelType::Rgba)
            .map_err(|e| e.to_string())?;
    let info = transcoder.get_info();
    if (info.width, info.height, info.levels.max(1)) != (header.width, header.height, header.levels)
        || info.layers > 1
        || info.faces != 1
    {
        return Err("its header is read differently by the transcoder".to_owned());
    }
    let format = match target {
        Target::Rgba8 => TranscodeTargetFormat::RGBA32,
        Target::Bc7 => TranscodeTargetFormat::Bc7Rgba,
    };
    let image = transcoder
        .transcode(Some(format), Some(false))
        .map_err(|e| e.to_string())?;
    if image.data.len() as u64 != target.bytes(header.width, header.height, header.levels) {
        return Err("the transcoder gave another size than it promised".to_owned());
    }
    let has_alpha = match target {
        Target::Rgba8 => image.data.chunks_exact(4).any(|t| t[3] != 255),
        Target::Bc7 => has_alpha_descriptor(bytes),
    };
    Ok((image.data, has_alpha))
}

/// Whether the data format descriptor lists an alpha channel (Khronos Data Format
/// specification, sections 5.7 and 5.12: channel 15 of ETC1S, channel type 3 of UASTC).
pub(crate) fn has_alpha_descriptor(bytes: &[u8]) -> bool {
    let word = |at: usize| {
        bytes
            .get(at..at.checked_add(4)?)
            .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    };
    let descriptor = || {
        let start = word(48)? as usize;
        let model = word(start.checked_add(12)?)? & 0xFF;
        let size = (word(start.checked_add(8)?)? >> 16) as usize;
        let mut channels = (0..size.saturating_sub(24) / 16)
            .map_while(|i| Some(word(start.checked_add(28 + 16 * i)?)? >> 24 & 0xF));
        Some(match model {
            163 => channels.any(|c| c == 15),
            166 => channels.any(|c| c == 3),
            _ => true,
        })
    };
    descriptor().unwrap_or(true)
}
