//! `exitus explain`: the dictionary.

use exitus::reference::Answer as Found;
use exitus::{ExplainFormat, List, cause_of_line, describe_unknown, list, reference};

use crate::Answer;
use crate::args::{ExplainArgs, ExplainOutput, ListPart};
use crate::environment;
use crate::error::CliError;

pub(crate) fn run(args: &ExplainArgs) -> Result<Answer, CliError> {
    let style = environment::style(&args.look);
    let format = match (args.short, args.output) {
        (true, _) => ExplainFormat::Short,
        (false, ExplainOutput::Human) => ExplainFormat::Human,
        (false, ExplainOutput::Json) => ExplainFormat::Json,
        (false, ExplainOutput::Yaml) => ExplainFormat::Yaml,
        (false, ExplainOutput::Markdown) => ExplainFormat::Markdown,
    };
    if let Some(part) = args.list {
        let part = match part {
            ListPart::Codes => List::Codes,
            ListPart::Signals => List::Signals,
            ListPart::Reasons => List::Reasons,
            ListPart::Causes => List::Causes,
        };
        return Ok(Answer { text: list(part, format, style.lang), status: 0, warning: None });
    }
    let answers = reference::explain(&args.words, cause_of_line);
    let unknown: Vec<String> =
        answers.iter().filter_map(|a| a.as_ref().err()).map(|u| describe_unknown(u, style.lang)).collect();
    let found: Vec<Found> = answers.into_iter().filter_map(Result::ok).collect();
    if found.is_empty() {
        return Err(CliError::UnknownWords(unknown));
    }
    let status = if unknown.is_empty() { 0 } else { 2 };
    let warning = (!unknown.is_empty()).then(|| unknown.join("\n"));
    Ok(Answer { text: exitus::explain(&found, format, &style), status, warning })
}
