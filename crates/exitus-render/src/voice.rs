//! The reference's texts about an item, filled with its values, in one language and one way of quoting values.

use exitus_model::{Args, Confidence, Diagnosis, Message, MessageId, Severity, Source, Subject};
use exitus_reference::{
    Cause, Lang, Risk, cause, fill, fill_command, message, message_id as id, placeholders,
};

/// A language, and how templates and values are written in the output's form.
#[derive(Clone, Copy)]
pub(crate) struct Voice {
    /// The language.
    pub(crate) lang: Lang,
    /// Writes a template: escapes what the form would take for markup.
    pub(crate) template: fn(&str) -> String,
    /// Writes a foreign value.
    pub(crate) value: fn(&str) -> String,
}

/// A next step that can be shown.
pub(crate) struct Step {
    pub(crate) risk: Risk,
    pub(crate) text: String,
    pub(crate) command: Option<String>,
}

impl Voice {
    /// Texts as they are.
    pub(crate) fn plain(lang: Lang) -> Voice {
        Voice { lang, template: str::to_owned, value: str::to_owned }
    }

    /// A message with its values.
    pub(crate) fn say(&self, words: &Message) -> String {
        self.fill(message(words.id, self.lang), &words.args)
    }

    /// A message whose values are texts made by this voice: they are not quoted again.
    pub(crate) fn compose(&self, words: &Message) -> String {
        self.fill_quoted(message(words.id, self.lang), words.args.clone())
    }

    /// A message without values.
    pub(crate) fn word(&self, id: MessageId) -> String {
        self.say(&id.into())
    }

    /// A message that is a sign or a suffix: with its blanks.
    pub(crate) fn raw(&self, id: MessageId) -> &'static str {
        message(id, self.lang)
    }

    /// A message about a count: one text for 1, one for all others.
    pub(crate) fn count(&self, count: usize, one: MessageId, many: MessageId) -> String {
        self.say(&counted(count, one, many))
    }

    /// The verdict in one line.
    pub(crate) fn title(&self, item: &Diagnosis) -> String {
        let Some(cause) = cause(item.cause.as_str()) else { return item.cause.to_string() };
        self.fill(cause.title.get(self.lang), &text_args(item))
    }

    /// The verdict in two or three sentences.
    pub(crate) fn explanation(&self, item: &Diagnosis) -> String {
        let Some(cause) = cause(item.cause.as_str()) else { return String::new() };
        self.fill(cause.explanation.get(self.lang), &text_args(item))
    }

    /// The next steps whose commands have all their values; where none has, the steps as advice.
    pub(crate) fn steps(&self, item: &Diagnosis) -> Vec<Step> {
        let remedies = cause(item.cause.as_str()).map_or(&[][..], |c: &Cause| c.remedies);
        let texts = self.quoted(&text_args(item));
        let values = command_args(item);
        let step = |remedy: &exitus_reference::Remedy| {
            let text = fill(&(self.template)(remedy.text.get(self.lang)), &texts)?;
            let command = match remedy.command {
                Some(template) => Some(fill_command(template, &values)?),
                None => None,
            };
            Some(Step { risk: remedy.risk, text: tidy(&text), command })
        };
        let steps: Vec<Step> = remedies.iter().filter_map(step).collect();
        if !steps.is_empty() {
            return steps;
        }
        let advice =
            |remedy: &exitus_reference::Remedy| step(&exitus_reference::Remedy { command: None, ..*remedy });
        remedies.iter().filter_map(advice).collect()
    }

    /// The word for a confidence.
    pub(crate) fn confidence(&self, confidence: Confidence) -> String {
        self.word(match confidence {
            Confidence::Confirmed => id::UI_CONFIRMED,
            Confidence::Likely => id::UI_LIKELY,
            Confidence::Unknown => id::UI_UNKNOWN,
        })
    }

    /// The word for who speaks.
    pub(crate) fn source(&self, source: Source) -> String {
        self.word(match source {
            Source::Pod => id::UI_SOURCE_POD,
            Source::Event => id::UI_SOURCE_EVENT,
            Source::Node => id::UI_SOURCE_NODE,
            Source::Log => id::UI_SOURCE_LOG,
            Source::Kernel => id::UI_SOURCE_KERNEL,
            Source::Owner => id::UI_SOURCE_OWNER,
            Source::Runtime => id::UI_SOURCE_RUNTIME,
            Source::Inferred => id::UI_SOURCE_INFERRED,
        })
    }

    /// The word for a risk.
    pub(crate) fn risk(&self, risk: Risk) -> String {
        self.word(match risk {
            Risk::ReadOnly => id::UI_RISK_READ_ONLY,
            Risk::Changes => id::UI_RISK_CHANGES,
            Risk::Destructive => id::UI_RISK_DESTRUCTIVE,
        })
    }

    fn quoted(&self, args: &Args) -> Args {
        args.iter().fold(Args::new(), |all, (name, value)| all.with(name, (self.value)(value)))
    }

    fn fill(&self, template: &'static str, args: &Args) -> String {
        self.fill_quoted(template, self.quoted(args))
    }

    fn fill_quoted(&self, template: &'static str, mut args: Args) -> String {
        for name in required(template) {
            if args.get(name).is_none() {
                args.set(name, "?");
            }
        }
        tidy(&fill(&(self.template)(template), &args).unwrap_or_default())
    }
}

/// A message with a count.
pub(crate) fn counted(count: usize, one: MessageId, many: MessageId) -> Message {
    Message::from(if count == 1 { one } else { many }).with("count", count.to_string())
}

/// The sign of a severity.
pub(crate) fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
        Severity::Info => "·",
    }
}

/// The placeholders that stand outside optional parts.
fn required(template: &'static str) -> impl Iterator<Item = &'static str> {
    template.split("[[").enumerate().flat_map(|(i, part)| {
        placeholders(if i == 0 { part } else { part.split_once("]]").map_or("", |(_, outside)| outside) })
    })
}

/// Optional parts that were left out leave doubled blanks behind.
fn tidy(text: &str) -> String {
    let text = text.trim_matches(' ');
    if !text.as_bytes().windows(2).any(|two| two[1] == b' ' && matches!(two[0], b' ' | b'\n')) {
        return text.to_owned();
    }
    let mut tidy = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' || !tidy.ends_with([' ', '\n']) {
            tidy.push(c);
        }
    }
    tidy
}

fn subject_args(subject: &Subject) -> Args {
    let values = [
        ("namespace", &subject.namespace),
        ("pod", &subject.pod),
        ("container", &subject.container),
        ("node", &subject.node),
        ("image", &subject.image),
    ];
    values
        .into_iter()
        .fold(Args::new(), |all, (name, value)| all.with(name, value.as_deref().unwrap_or_default()))
}

/// Values for texts: the item's own win over its subject's.
fn text_args(item: &Diagnosis) -> Args {
    let mut args = subject_args(&item.subject);
    if let Some((kind, name)) = &item.subject.workload {
        args.set("workload", format!("{kind} {name}"));
    }
    args.extend(item.args.clone());
    args
}

/// Values for commands. A workload reads `deployment/api`.
fn command_args(item: &Diagnosis) -> Args {
    let mut args = subject_args(&item.subject);
    args.extend(item.args.clone());
    if let Some((kind, name)) = &item.subject.workload {
        args.set("workload", format!("{}/{name}", kind.to_lowercase()));
    }
    args
}
