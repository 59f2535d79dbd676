//! The `grotto` command.

fn main() {}
