//! The parent that keeps an exhibit alive, and the line that its child holds.
//!
//! The same binary, without Bevy's app and without a GPU: [`parent`] carries out what
//! [`crate::visit::supervisor`] decides; [`child`] is the other end, in the exhibit's
//! process. It refuses to know what an exhibit is: it starts `grotto` again with the
//! arguments it was given.
//!
//! The line is made of pipes, so that nothing is left behind by any death and nothing has to
//! be named: the child writes lines `grotto-frames N` to its standard output (everything else
//! there is passed on), and ends when its standard input does, which it also does when the
//! parent is gone.
//!
//! Start reading at [`parent`].

#[cfg(feature = "render")]
pub mod child;
pub(crate) mod heap;
mod notify;
pub mod parent;

/// What a line of life begins with.
const FRAMES: &str = "grotto-frames ";
