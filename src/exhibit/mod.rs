//! (exhibit)
