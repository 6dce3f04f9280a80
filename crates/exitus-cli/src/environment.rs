//! What the surroundings ask for: language, colour and width. The only place that reads the environment.

use std::env;
use std::io::{self, IsTerminal as _};

use exitus::Style;
use exitus::reference::Lang;

use crate::args::{ColorChoice, Language, LookArgs};

/// The width of a screen that nobody can measure, in cells.
const USUAL_WIDTH: usize = 80;

/// The style that arguments and surroundings ask for.
pub(crate) fn style(look: &LookArgs) -> Style {
    Style { lang: lang(look.lang), color: color(look.color), width: width(), show_all: false }
}

pub(crate) fn lang(choice: Option<Language>) -> Lang {
    match choice {
        Some(Language::En) => Lang::En,
        Some(Language::Zh) => Lang::Zh,
        None => {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| word(name));
            if locale.is_some_and(|l| l.to_lowercase().starts_with("zh")) { Lang::Zh } else { Lang::En }
        }
    }
}

fn color(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if word("NO_COLOR").is_some() => false,
        ColorChoice::Auto if word("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
        ColorChoice::Auto => io::stdout().is_terminal() && word("TERM").is_none_or(|t| t != "dumb"),
    }
}

fn width() -> usize {
    let told = word("COLUMNS").and_then(|c| c.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    told.or_else(measured).unwrap_or(USUAL_WIDTH)
}

/// A variable that is set and not empty.
fn word(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
