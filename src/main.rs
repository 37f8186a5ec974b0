//! The command line: everything is in the library.

use std::process::ExitCode;

/// What musl has instead lets one thread in at a time, and every core makes small things all the time.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    helpbook::cli::main()
}
