//! The `exitus` command line: arguments to calls to output and an exit status.

mod args;
mod complete;
mod demo;
mod environment;
mod error;
mod explain;
mod why;

use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Parser as _;

use crate::args::{Command, Options};
use crate::error::CliError;

fn main() -> ExitCode {
    let command = Options::parse().command;
    let lang = environment::lang(command.lang());
    match guarded(|| run(command)) {
        Ok(answer) => answer.print(),
        Err(error) => {
            error.print(lang);
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<Answer, CliError> {
    match command {
        Command::Why(args) => why::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Demo(args) => Ok(demo::run(&args)),
        Command::Completions(args) => Ok(complete::script(&args)),
        Command::Man(args) => complete::manual(&args),
        Command::Complete(args) => Ok(complete::candidates(&args)),
    }
}

/// Runs a command; a panic that nobody caught becomes an error.
///
/// A rule that breaks is reported with the answer, so no panic is printed where it happens.
fn guarded<T>(run: impl FnOnce() -> Result<T, CliError>) -> Result<T, CliError> {
    let last = Arc::new(Mutex::new(String::new()));
    let told = Arc::clone(&last);
    std::panic::set_hook(Box::new(move |panic| {
        let words = panic.payload_as_str().unwrap_or("no message");
        let place = panic.location().map(|at| format!(" ({at})")).unwrap_or_default();
        *told.lock().unwrap_or_else(PoisonError::into_inner) = format!("{words}{place}");
    }));
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let words = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Err(CliError::Internal(words))
    })
}

/// What a command has to say, and with which status.
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) status: u8,
    /// Said on standard error, beside the answer.
    pub(crate) warning: Option<String>,
}

impl Answer {
    /// Prints to standard output. A reader that has gone away is no error.
    fn print(self) -> ExitCode {
        if let Some(warning) = self.warning {
            let _ = writeln!(io::stderr(), "{warning}");
        }
        match io::stdout().lock().write_all(self.text.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let _ = writeln!(io::stderr(), "error: cannot write the answer: {error}");
                ExitCode::from(2)
            }
            _ => ExitCode::from(self.status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_words_and_place() {
        let outcome = guarded::<()>(|| panic!("no {}", "rhyme"));
        let words = format!("{:?}", outcome.expect_err("a panic"));
        assert!(words.starts_with("Internal(\"no rhyme (crates/exitus-cli/src/main.rs:"), "{words}");
        assert!(matches!(guarded(|| Ok(7)), Ok(7)));
    }
}
