//! The `grotto` command; see [`grotto::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    grotto::cli::main()
}
