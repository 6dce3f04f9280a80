//! Why a command could not run, and what to do about it.

use std::io::{self, Write as _};

use exitus::UnknownTarget;

#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error("no evidence given")]
    NoEvidence,
    #[error("nothing that could be read held evidence")]
    NothingRead(Vec<String>),
    #[error("\"{0}\" names no type of object")]
    UnknownKind(String),
    #[error("{0}")]
    UnknownTarget(UnknownTarget),
    #[error("\"{0}\" is no cause id")]
    UnknownCause(String),
    #[error("\"{0}\" is no label selector")]
    BadSelector(String),
    #[error("\"{0}\" is no time")]
    BadTime(String),
    #[error("nothing to explain")]
    UnknownWords(Vec<String>),
    #[error("cannot write to {0}: {1}")]
    CannotWrite(String, String),
    #[error("internal error in exitus: {0}")]
    Internal(String),
}

impl CliError {
    /// The next step.
    fn hint(&self) -> String {
        match self {
            CliError::NoEvidence => "save it and name it: kubectl get pods,events -o json > evidence.json; exitus why -f evidence.json\n\
                 or pipe it: kubectl get pods,events -o json | exitus why -f -\n\
                 or look around without a cluster: exitus demo"
                .to_owned(),
            CliError::NothingRead(problems) => problems.join("\n"),
            CliError::UnknownKind(_) => {
                "types are pod, deployment, statefulset, daemonset, replicaset, job, cronjob and node".to_owned()
            }
            CliError::UnknownTarget(unknown) if unknown.nearest.is_empty() => {
                "list what there is: exitus why -f PATH --all -o wide".to_owned()
            }
            CliError::UnknownTarget(unknown) => format!("the nearest names: {}", unknown.nearest.join(", ")),
            CliError::UnknownCause(_) => "cause ids are those in the column CAUSE of -o wide".to_owned(),
            CliError::BadSelector(_) => "write KEY=VALUE, several with commas".to_owned(),
            CliError::UnknownWords(words) => words.join("\n"),
            CliError::CannotWrite(..) => "name a folder that you may write to".to_owned(),
            CliError::Internal(_) => {
                concat!("please report it, with the command: ", env!("CARGO_PKG_REPOSITORY"), "/issues").to_owned()
            }
            CliError::BadTime(_) => "write it like 2026-03-01T10:02:11Z".to_owned(),
        }
    }

    /// Prints error and hint to standard error, free of anything that a terminal would obey.
    pub(crate) fn print(&self) {
        let clean = |text: &str| text.lines().map(exitus::sanitize::clean).collect::<Vec<_>>().join("\n  ");
        let text = format!("error: {}\n  {}\n", clean(&self.to_string()), clean(&self.hint()));
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
