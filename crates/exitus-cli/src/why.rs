//! `exitus why`: saved evidence to an answer.

use exitus::{
    Format, Problem, ProblemKind, Reader, Report, Selection, Severity, Snapshot, Target, diagnose,
    read_paths, render,
};

use crate::Answer;
use crate::args::{OutputFormat, WhyArgs};
use crate::environment;
use crate::error::CliError;

/// Status: something is wrong.
const FINDINGS: u8 = 1;

/// Status: some evidence was unreadable, and the answer says which.
const PARTIAL: u8 = 3;

pub(crate) fn run(args: &WhyArgs) -> Result<Answer, CliError> {
    if args.files.is_empty() {
        return Err(CliError::NoEvidence(args.targets.clone()));
    }
    let selection = selection(args)?;
    let mut style = environment::style(&args.look);
    // Who asks for something by name wants to know all about it.
    style.show_all = args.all || !args.targets.is_empty();
    let mut reader = Reader::new();
    read_paths(&mut reader, &args.files);
    let (snapshot, problems) = reader.finish();
    if holds_nothing(&snapshot) {
        let told = problems.iter().map(|p| exitus::describe_problem(p, style.lang)).collect();
        return Err(CliError::NothingRead(told));
    }
    let report = diagnose(&snapshot, problems, &selection).map_err(CliError::UnknownTarget)?;
    let text = render(&report, format(args.output), &style);
    Ok(Answer { text, status: status(&report, args), warning: None })
}

fn selection(args: &WhyArgs) -> Result<Selection, CliError> {
    let target = |text: &String| Target::parse(text).ok_or_else(|| CliError::UnknownKind(text.clone()));
    let label = |text: &String| {
        let (key, value) = text
            .split_once("==")
            .or_else(|| text.split_once('='))
            .ok_or_else(|| CliError::BadSelector(text.clone()))?;
        Ok((key.to_owned(), value.to_owned()))
    };
    if let Some(unknown) = args.causes.iter().find(|c| exitus::reference::cause(c).is_none()) {
        return Err(CliError::UnknownCause(unknown.clone()));
    }
    let now = args.now.as_ref().map(|text| text.parse().map_err(|_| CliError::BadTime(text.clone())));
    Ok(Selection {
        targets: args.targets.iter().map(target).collect::<Result<_, _>>()?,
        namespace: args.namespace.clone(),
        labels: args.selector.iter().map(label).collect::<Result<_, CliError>>()?,
        containers: args.containers.clone(),
        causes: args.causes.clone(),
        all: args.all,
        now: now.transpose()?,
    })
}

fn format(output: OutputFormat) -> Format {
    match output {
        OutputFormat::Human => Format::Human,
        OutputFormat::Wide => Format::Wide,
        OutputFormat::Json => Format::Json,
        OutputFormat::Yaml => Format::Yaml,
        OutputFormat::Ndjson => Format::Ndjson,
        OutputFormat::Markdown => Format::Markdown,
        OutputFormat::Name => Format::Name,
    }
}

fn holds_nothing(snapshot: &Snapshot) -> bool {
    snapshot.pods.is_empty()
        && snapshot.events.is_empty()
        && snapshot.nodes.is_empty()
        && snapshot.workloads.is_empty()
        && snapshot.claims.is_empty()
        && snapshot.logs.is_empty()
        && snapshot.other_objects == 0
        && snapshot.lists == 0
        && !snapshot.has_kernel_log
}

fn status(report: &Report, args: &WhyArgs) -> u8 {
    let is_named = |problem: &Problem| args.files.iter().any(|f| f.to_string_lossy() == problem.input);
    let lost = |problem: &Problem| match problem.kind {
        ProblemKind::Unreadable(_)
        | ProblemKind::Truncated
        | ProblemKind::Syntax(_)
        | ProblemKind::TooDeep
        | ProblemKind::TooLarge(_)
        | ProblemKind::FolderLimit(_)
        | ProblemKind::RuleFailed(_) => true,
        // A folder may hold anything; a file that was named should have been evidence.
        ProblemKind::UnknownForm | ProblemKind::Binary | ProblemKind::Empty => is_named(problem),
        _ => false,
    };
    if report.problems.iter().any(lost) {
        PARTIAL
    } else if report.items.iter().any(|i| i.incident.is_current && i.severity > Severity::Info) {
        FINDINGS
    } else {
        0
    }
}
