//! (scene)
