//! Arguments, with kubectl's names and meanings where kubectl has them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Says why a Kubernetes container exited, or why it cannot start, from evidence.
#[derive(Debug, Parser)]
#[command(name = "exitus", version, about, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Diagnose saved evidence: what kubectl, a kubelet or a kernel wrote
    Why(WhyArgs),
    /// The dictionary: what an exit code, a signal, a reason, a cause or a pasted line means
    Explain(ExplainArgs),
    /// A tour on real captures that are built in: no cluster and no files needed
    Demo(DemoArgs),
    /// Shell completion, to be sourced by the shell
    Completions(CompletionsArgs),
    /// Manual pages, one file for each command
    Man(ManArgs),
    /// Candidates for a word, as kubectl asks for them
    #[command(name = "__complete", hide = true)]
    Complete(CompleteArgs),
}

impl Command {
    /// The language that was asked for.
    pub(crate) fn lang(&self) -> Option<Language> {
        match self {
            Command::Why(args) => args.look.lang,
            Command::Explain(args) => args.look.lang,
            Command::Demo(args) => args.look.lang,
            Command::Completions(_) | Command::Man(_) | Command::Complete(_) => None,
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "\
Evidence: kubectl get -o json|yaml of pods, events, nodes, workloads (also
lists, watch streams, several documents), container logs named
POD.CONTAINER[.previous].txt or laid out as by must-gather and /var/log/pods,
kernel logs (dmesg, journalctl -k, syslog). What a file is, is told from its
content.

Examples:
  exitus why -f dump/
  kubectl -n shop get pods,events -o json | exitus why -f -
  exitus why -f dump/ deploy/api -o json

Exit status: 0 nothing wrong, 1 findings, 2 could not run, 3 some evidence was unreadable")]
pub(crate) struct WhyArgs {
    /// Only these: a pod's name, or TYPE/NAME (pod, deployment, statefulset, daemonset, replicaset, job, cronjob, node)
    #[arg(value_name = "POD or TYPE/NAME")]
    pub(crate) targets: Vec<String>,
    /// Files and folders of saved evidence; `-` is standard input
    #[arg(short = 'f', long = "filename", value_name = "PATH", num_args = 1)]
    pub(crate) files: Vec<PathBuf>,
    /// Only this namespace
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// All namespaces, as without --namespace
    #[arg(short = 'A', long, conflicts_with = "namespace")]
    pub(crate) all_namespaces: bool,
    /// Only pods with these labels
    #[arg(short = 'l', long, value_name = "KEY=VALUE,...", value_delimiter = ',')]
    pub(crate) selector: Vec<String>,
    /// Only these containers
    #[arg(short = 'c', long = "container", value_name = "NAME", value_delimiter = ',')]
    pub(crate) containers: Vec<String>,
    /// Only these causes
    #[arg(long = "cause", value_name = "ID", value_delimiter = ',')]
    pub(crate) causes: Vec<String>,
    /// Also what is no fault: finished, stopped on request, starting, healthy
    #[arg(long)]
    pub(crate) all: bool,
    /// The time that durations are counted to; by default the newest time in the evidence
    #[arg(long, value_name = "RFC3339")]
    pub(crate) now: Option<String>,
    /// The form of the answer
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = OutputFormat::Human)]
    pub(crate) output: OutputFormat,
    #[command(flatten)]
    pub(crate) look: LookArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  exitus explain 137
  exitus explain RunContainerError
  exitus explain signal 9
  exitus explain -1 256 3221225477
  exitus explain \"Exit Code: 137 Reason: Error\"
  exitus explain --list reasons

Exit status: 0 all known, 2 a word that the dictionary does not hold")]
pub(crate) struct ExplainArgs {
    /// Codes, signals, reasons, cause ids, or a whole line in quotes
    #[arg(value_name = "WHAT", required_unless_present = "list", allow_negative_numbers = true)]
    pub(crate) words: Vec<String>,
    /// All entries of one part
    #[arg(long, value_enum, value_name = "PART", conflicts_with = "words")]
    pub(crate) list: Option<ListPart>,
    /// One line for each
    #[arg(long, conflicts_with = "output")]
    pub(crate) short: bool,
    /// The form of the answer
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = ExplainOutput::Human)]
    pub(crate) output: ExplainOutput,
    #[command(flatten)]
    pub(crate) look: LookArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainOutput {
    Human,
    Json,
    Yaml,
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListPart {
    Codes,
    Signals,
    Reasons,
    Causes,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  source <(exitus completions bash)
  exitus completions fish > ~/.config/fish/completions/exitus.fish
  exitus completions kubectl > /usr/local/bin/kubectl_complete-exitus   (make it executable)")]
pub(crate) struct CompletionsArgs {
    /// The shell; `kubectl` is the script that completes `kubectl exitus`
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Kubectl,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder that takes the pages; it is made if it is not there
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct CompleteArgs {
    /// The words so far, the last one perhaps unfinished
    #[arg(allow_hyphen_values = true, trailing_var_arg = true)]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    pub(crate) look: LookArgs,
}

/// How the answer looks.
#[derive(Debug, Args)]
pub(crate) struct LookArgs {
    /// The language; by default that of the locale
    #[arg(long, value_enum, value_name = "LANG")]
    pub(crate) lang: Option<Language>,
    /// Whether to colour; NO_COLOR and CLICOLOR_FORCE are heeded
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    Human,
    Wide,
    Json,
    Yaml,
    Ndjson,
    Markdown,
    Name,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    En,
    Zh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}
