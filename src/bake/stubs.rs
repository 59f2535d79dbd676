//! Stand-ins until the reader lands.
use super::model::*;
use std::path::Path;
/// o
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Origin { /// n
 #[default] None, /// a
 Auto, /// g
 Given(bevy::math::DVec3) }
/// o
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadOptions { /// o
 pub origin: Origin }
/// p
pub trait Progress: Sync { /// r
 fn report(&self, f: f32); }
/// r
pub fn read_model(_p: &Path, _o: &ReadOptions, _pr: &dyn Progress) -> Result<Model, String> { Err("stub".into()) }
/// r
pub fn read_image(_p: &Path, _u: ImageUse) -> Result<Image, String> { Err("stub".into()) }
/// i
pub fn info(_p: &Path) -> Result<String, String> { Err("stub".into()) }
/// s
pub mod sandbox { /// s
 pub fn serve() -> std::process::ExitCode { std::process::ExitCode::SUCCESS } }
