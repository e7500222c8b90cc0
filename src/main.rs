//! Arguments in, exit status out.

fn main() -> std::process::ExitCode {
    docsim::cli::run()
}
