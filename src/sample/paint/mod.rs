//! Murals: vector drawings in mineral colours, and what time did to them.
//!
//! [`drawing`] holds outlines in metres, `motifs` and `walls` draw with them, `finish` turns
//! any window at any resolution into texels. Nothing here reads a file.

pub(crate) mod antechamber;
pub(crate) mod armour;
pub(crate) mod attendants;
pub(crate) mod bands;
pub(crate) mod ceiling;
pub(crate) mod cell;
pub(crate) mod clay;
pub(crate) mod corridor;
pub(crate) mod drawing;
pub(crate) mod figures;
pub(crate) mod finish;
pub(crate) mod guardians;
pub(crate) mod hands;
pub(crate) mod ink;
pub(crate) mod king_head;
pub(crate) mod motifs;
pub(crate) mod nobleman;
pub(crate) mod noblewoman;
pub(crate) mod pigment;
pub(crate) mod portraits;
pub(crate) mod raster;
pub(crate) mod rough;
pub(crate) mod scatter;
pub(crate) mod shrine;
pub(crate) mod tone;
pub(crate) mod walls;
