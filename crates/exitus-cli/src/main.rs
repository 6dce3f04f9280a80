//! The `exitus` command line: arguments to calls to output and an exit status.

mod args;
mod complete;
mod demo;
mod environment;
mod error;
mod explain;
mod why;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Command, Options};

fn main() -> ExitCode {
    // A rule that breaks is reported with the answer; the default hook would print its insides.
    std::panic::set_hook(Box::new(|_| {}));
    let options = Options::parse();
    let outcome = match options.command {
        Command::Why(args) => why::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Demo(args) => Ok(demo::run(&args)),
        Command::Completions(args) => Ok(complete::script(&args)),
        Command::Man(args) => complete::manual(&args),
        Command::Complete(args) => Ok(complete::candidates(&args)),
    };
    match outcome {
        Ok(answer) => answer.print(),
        Err(error) => {
            error.print();
            ExitCode::from(2)
        }
    }
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
