//! Completion for shells and for kubectl, and manual pages: all made from the arguments' own definition.

use std::ffi::OsStr;
use std::fs;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Command, CommandFactory as _};
use exitus::reference::{causes, reasons, signals};

use crate::Answer;
use crate::args::{CompleteArgs, CompletionsArgs, ManArgs, Options, Shell};
use crate::error::CliError;

/// The script that kubectl runs to complete `kubectl exitus` (KEP-2379): it hands the words on.
const KUBECTL_SCRIPT: &str = "#!/bin/sh\n# Completes `kubectl exitus`; put it on the PATH as kubectl_complete-exitus.\nexec exitus __complete -- \"$@\"\n";

/// The last line of an answer to kubectl: no file names (Cobra's ShellCompDirectiveNoFileComp).
const NO_FILES: &str = ":4\n";

/// The words of the dictionary, for completion.
pub(crate) fn dictionary() -> impl Iterator<Item = &'static str> {
    let mut words: Vec<&'static str> =
        reasons().iter().map(|r| r.name).filter(|n| !n.contains(' ')).collect();
    words.sort_unstable();
    words.dedup();
    signals()
        .iter()
        .map(|s| s.name)
        .filter(|n| !n.contains(' '))
        .chain(causes().iter().map(|c| c.id.as_str()))
        .chain(words)
}

/// Takes any word, and tells shells the words of the dictionary.
#[derive(Debug, Clone)]
struct WordParser;

impl TypedValueParser for WordParser {
    type Value = String;

    fn parse_ref(
        &self,
        cmd: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        clap::builder::StringValueParser::new().parse_ref(cmd, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(dictionary().map(PossibleValue::new)))
    }
}

/// The commands, with the words of the dictionary as values. Only here: they would cost every start.
fn command_with_dictionary() -> Command {
    Options::command().mut_subcommand("explain", |c| c.mut_arg("words", |a| a.value_parser(WordParser)))
}

pub(crate) fn script(args: &CompletionsArgs) -> Answer {
    let shell = match args.shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
        Shell::Powershell => clap_complete::Shell::PowerShell,
        Shell::Kubectl => return Answer { text: KUBECTL_SCRIPT.to_owned(), status: 0, warning: None },
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command_with_dictionary(), "exitus", &mut script);
    let text = with_dictionary(args.shell, &String::from_utf8_lossy(&script));
    Answer { text, status: 0, warning: None }
}

/// Adds the dictionary's words for the shells whose scripts leave out the values of plain arguments.
fn with_dictionary(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Fish => {
            let words = dictionary().collect::<Vec<_>>().join(" ");
            format!(
                "{script}complete -c exitus -n \"__fish_exitus_using_subcommand explain\" -f -a \"{words}\"\n"
            )
        }
        Shell::Powershell => {
            let row = |word: &str| {
                format!(
                    "            [CompletionResult]::new('{word}', '{word}', [CompletionResultType]::ParameterValue, '{word}')\n"
                )
            };
            let head = "'exitus;explain' {\n";
            script.replacen(head, &format!("{head}{}", dictionary().map(row).collect::<String>()), 1)
        }
        Shell::Bash | Shell::Zsh | Shell::Kubectl => script.to_owned(),
    }
}

pub(crate) fn manual(args: &ManArgs) -> Result<Answer, CliError> {
    let write = || -> std::io::Result<()> {
        fs::create_dir_all(&args.folder)?;
        clap_mangen::generate_to(Options::command(), &args.folder)
    };
    let folder = args.folder.display();
    match write() {
        Ok(()) => {
            Ok(Answer { text: format!("written: man -l {folder}/exitus.1\n"), status: 0, warning: None })
        }
        Err(error) => Err(CliError::CannotWrite(folder.to_string(), error.to_string())),
    }
}

/// Candidates for the last word, one a line with its help behind a tab, then kubectl's directive.
pub(crate) fn candidates(args: &CompleteArgs) -> Answer {
    let (last, before) =
        args.words.split_last().map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
    let root = Options::command();
    let command = before.iter().find_map(|w| root.find_subcommand(w));
    let mut lines: Vec<String> = Vec::new();
    match command {
        None => {
            let shown = root.get_subcommands().filter(|c| !c.is_hide_set());
            lines.extend(shown.map(|c| with_help(c.get_name(), c.get_about().map(ToString::to_string))));
        }
        Some(command) => {
            let wanted = before.last().and_then(|flag| values_of(command, flag));
            match wanted {
                Some(values) => lines.extend(values),
                None if last.starts_with('-') => lines.extend(flags(command)),
                None if command.get_name() == "explain" => lines.extend(dictionary().map(str::to_owned)),
                None => {}
            }
        }
    }
    lines.retain(|l| l.starts_with(last));
    let mut text: String = lines.into_iter().map(|l| l + "\n").collect();
    text.push_str(NO_FILES);
    Answer { text, status: 0, warning: None }
}

fn with_help(name: &str, help: Option<String>) -> String {
    help.map_or_else(|| name.to_owned(), |h| format!("{name}\t{h}"))
}

fn flags(command: &Command) -> Vec<String> {
    let named = command.get_arguments().filter(|a| !a.is_hide_set());
    named
        .filter_map(|a| {
            Some(with_help(&format!("--{}", a.get_long()?), a.get_help().map(ToString::to_string)))
        })
        .collect()
}

/// The values that a flag takes, where it names them.
fn values_of(command: &Command, flag: &str) -> Option<Vec<String>> {
    let is_it = |a: &&clap::Arg| {
        a.get_long().is_some_and(|l| flag == format!("--{l}"))
            || a.get_short().is_some_and(|s| flag == format!("-{s}"))
    };
    let values = command.get_arguments().find(is_it)?.get_possible_values();
    (!values.is_empty()).then(|| values.iter().map(|v| v.get_name().to_owned()).collect())
}
