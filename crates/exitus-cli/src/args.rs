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
    /// A tour on real captures that are built in: no cluster and no files needed
    Demo(DemoArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Evidence: kubectl get -o json|yaml of pods, events, nodes, workloads (also lists, watch
streams, several documents), container logs named POD.CONTAINER[.previous].txt or laid out
as by must-gather and /var/log/pods, kernel logs (dmesg, journalctl -k, syslog).
What a file is, is told from its content.

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
