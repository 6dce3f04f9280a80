//! The screen for people: the verdict first, then what decides it, in as few lines as it takes.

use std::collections::{HashMap, HashSet};

use exitus_model::{Diagnosis, Message, Problem, Report};
use exitus_reference::message_id as id;
use jiff::Timestamp;

use crate::Style;
use crate::brief::{common_node, common_workload, subject_name, tell, whom};
use crate::item;
use crate::layout::{Block, Layout, layout, subjects};
use crate::problem;
use crate::screen::{Screen, Shade, clock, date};
use crate::voice::{Voice, counted};
use crate::wrap::{width, wrap};

/// So many names of a group's other members are shown.
const MOST_NAMES: usize = 5;

/// So many warnings about the input are shown.
const MOST_WARNINGS: usize = 10;

/// Writes a clean report.
pub(crate) fn render(report: &Report, style: &Style) -> String {
    let mut screen = Screen::new(style, report);
    let layout = layout(report, style.show_all);
    for block in &layout.blocks {
        if block.is_group {
            group(&mut screen, block);
        } else {
            single(&mut screen, block);
        }
    }
    record(&mut screen, &layout.record, !layout.blocks.is_empty(), report);
    footer(&mut screen, report, &layout);
    screen.out
}

/// A pod, workload or node with everything that is wrong with it.
fn single(screen: &mut Screen, block: &Block<'_>) {
    let first = block.full[0];
    let restarts = block.full.iter().filter_map(|d| d.incident.restart_count).max();
    header(screen, first, restarts, true);
    for item in &block.full {
        item::write(screen, item);
        screen.gap();
    }
    in_brief(screen, block);
}

/// Several subjects in one state: their number, the first in full, the names of the others.
fn group(screen: &mut Screen, block: &Block<'_>) {
    let items = &block.full;
    let line = headline(items, &screen.voice);
    screen.paragraph("", &line, 2, Shade::Bold);
    header(screen, items[0], items[0].incident.restart_count, false);
    item::write(screen, items[0]);
    others(screen, items);
    screen.gap();
    in_brief(screen, block);
}

/// `14 pods of Deployment api, all on node-a, between 10:02 and 10:03`.
pub(crate) fn headline(items: &[&Diagnosis], voice: &Voice) -> String {
    let mut parts = vec![match subjects(items) {
        1 => {
            let words = counted(items.len(), id::UI_GROUP_CONTAINERS, id::UI_GROUP_CONTAINERS);
            voice.say(&words.with("pod", subject_name(items[0])))
        }
        _ => whom(items, voice),
    }];
    if items[0].subject.pod.is_some()
        && let Some(node) = common_node(items)
    {
        parts.push(voice.say(&Message::from(id::UI_GROUP_NODE).with("node", node)));
    }
    let times = || items.iter().filter_map(|d| d.incident.at);
    if let (Some(from), Some(to)) = (times().min(), times().max()) {
        let is_one_day = date(from) == date(to);
        let minute = |at: Timestamp| match is_one_day {
            true => clock(at)[..5].to_owned(),
            false => format!("{} {}", date(at), &clock(at)[..5]),
        };
        parts.push(voice.say(&match minute(from) == minute(to) {
            true => Message::from(id::UI_GROUP_AT).with("at", minute(from)),
            false => Message::from(id::UI_GROUP_BETWEEN).with("from", minute(from)).with("to", minute(to)),
        }));
    }
    parts.join(voice.raw(id::UI_COMMA))
}

/// `shop/api-7d9f54c9b-x2x8k  Deployment api · node-a · 4 restarts`.
fn header(screen: &mut Screen, item: &Diagnosis, restarts: Option<i64>, is_alone: bool) {
    let voice = screen.voice;
    let mut parts = Vec::new();
    if is_alone && item.subject.pod.is_some() {
        parts.extend(common_workload(&[item]));
        parts.extend(item.subject.node.clone());
    }
    if let Some(restarts) = restarts.and_then(|r| usize::try_from(r).ok()).filter(|r| *r > 0) {
        parts.push(voice.count(restarts, id::UI_RESTARTS_ONE, id::UI_RESTARTS_MANY));
    }
    let name = subject_name(item);
    let lines = wrap(&name, screen.width, screen.width);
    let rest = parts.join(" · ");
    let used = lines.last().map_or(0, |l| width(l)) + 2;
    let is_beside = used + width(&rest) <= screen.width;
    let mut lines: Vec<String> = lines.iter().map(|line| screen.paint(line, Shade::Bold)).collect();
    if let Some(last) = lines.last_mut().filter(|_| is_beside) {
        *last = format!("{last}  {rest}");
    }
    for line in lines {
        screen.line(&line);
    }
    if !is_beside {
        screen.parts("  ", &parts, 2);
    }
}

/// `and also: api-x, api-y, and 9 more`.
fn others(screen: &mut Screen, items: &[&Diagnosis]) {
    let first = &items[0].subject;
    let is_one_pod = subjects(items) == 1;
    let name = |d: &&Diagnosis| {
        let subject = &d.subject;
        let name = match &subject.pod {
            Some(pod) if subject.namespace == first.namespace => pod.clone(),
            _ => subject_name(d),
        };
        match &subject.container {
            Some(container) if is_one_pod => container.clone(),
            Some(container) if subject.container != first.container => format!("{name}/{container}"),
            _ => name,
        }
    };
    let most = if screen.show_all { usize::MAX } else { MOST_NAMES };
    let mut seen = HashSet::new();
    let mut names: Vec<String> =
        items[1..].iter().map(name).filter(|name| seen.insert(name.clone())).collect();
    let left_out = names.len().saturating_sub(most);
    names.truncate(most);
    let names = names.join(", ");
    let words = match left_out {
        0 => Message::from(id::UI_ALSO),
        _ => counted(left_out, id::UI_ALSO_MORE, id::UI_ALSO_MORE),
    };
    let text = screen.voice.compose(&words.with("names", names));
    screen.paragraph("  ", &text, 4, Shade::Plain);
}

/// Past and harmless items at the end of their pod.
fn in_brief(screen: &mut Screen, block: &Block<'_>) {
    if block.brief.is_empty() {
        return;
    }
    if screen.out.ends_with("\n\n") {
        screen.out.pop();
    }
    let about = [block.full[0], block.brief[0]];
    let is_named = block.is_group && (subjects(&about) > 1 || subjects(&block.brief) > 1);
    for told in tell(&block.brief, &screen.voice, |at| screen.time(at)) {
        let whom = if is_named { format!("{}  ", whom(&told.items, &screen.voice)) } else { String::new() };
        short_lines(screen, &format!("{whom}{}", told.line));
    }
    screen.gap();
}

fn short_lines(screen: &mut Screen, text: &str) {
    for (i, line) in wrap(text, screen.width - 2, screen.width - 4).iter().enumerate() {
        let line = screen.paint(line, Shade::Dim);
        screen.line(&format!("{}{line}", if i == 0 { "  " } else { "    " }));
    }
}

/// Pods that are well by now, in brief.
fn record(screen: &mut Screen, record: &[Vec<&Diagnosis>], has_blocks: bool, report: &Report) {
    if record.is_empty() {
        return;
    }
    let voice = screen.voice;
    let pods = report.summary.pods;
    let heading = match has_blocks || report.summary.is_narrowed {
        true => voice.word(id::UI_FOR_THE_RECORD),
        false => voice.count(pods, id::UI_NOTHING_WRONG_NOW_ONE, id::UI_NOTHING_WRONG_NOW_MANY),
    };
    screen.paragraph("", &heading, 2, Shade::Plain);
    for items in record {
        for told in tell(items, &voice, |at| screen.time(at)) {
            short_lines(screen, &format!("{}  {}", whom(&told.items, &voice), told.line));
        }
    }
    if has_blocks {
        screen.gap();
    }
}

/// The quiet line of a healthy selection.
pub(crate) fn nothing_wrong(report: &Report, voice: &Voice) -> String {
    match report.summary.pods {
        0 => voice.word(id::UI_NO_PODS),
        pods if report.summary.is_narrowed => {
            voice.count(pods, id::UI_NOTHING_OF_IT_ONE, id::UI_NOTHING_OF_IT_MANY)
        }
        pods => voice.count(pods, id::UI_NOTHING_WRONG_ONE, id::UI_NOTHING_WRONG_MANY),
    }
}

/// `3 pods unhealthy of 12 · 4 findings · 1 in brief`: the parts; nothing where only past things are shown.
pub(crate) fn counts(report: &Report, layout: &Layout<'_>, voice: &Voice) -> Vec<String> {
    if layout.is_empty() {
        return vec![nothing_wrong(report, voice)];
    }
    let (full, brief) = layout.counts();
    if full == 0 {
        return Vec::new();
    }
    let words = counted(report.summary.unhealthy_pods, id::UI_UNHEALTHY_ONE, id::UI_UNHEALTHY_MANY);
    let mut parts = vec![voice.say(&words.with("pods", report.summary.pods.to_string()))];
    parts.push(voice.count(full, id::UI_FINDINGS_ONE, id::UI_FINDINGS_MANY));
    if brief > 0 {
        parts.push(voice.count(brief, id::UI_IN_BRIEF_ONE, id::UI_IN_BRIEF_MANY));
    }
    parts
}

/// Problems by their words, each with the places that have it.
fn alike_problems(problems: &[Problem], voice: &Voice) -> Vec<(String, Vec<String>)> {
    let mut alike: Vec<(String, Vec<String>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for problem in problems {
        let words = voice.say(&problem::message(problem));
        let at = *known.entry(words.clone()).or_insert(alike.len());
        if at == alike.len() {
            alike.push((words, Vec::new()));
        }
        alike[at].1.push(problem::place(problem));
    }
    alike
}

fn footer(screen: &mut Screen, report: &Report, layout: &Layout<'_>) {
    let voice = screen.voice;
    let mut parts = counts(report, layout, &voice);
    let problems = &report.problems;
    if !problems.is_empty() {
        parts.push(voice.count(problems.len(), id::UI_WARNINGS_ONE, id::UI_WARNINGS_MANY));
    }
    if parts.is_empty() {
        return;
    }
    screen.parts("", &parts, 0);
    let most = if screen.show_all { usize::MAX } else { MOST_WARNINGS };
    let alike = alike_problems(problems, &voice);
    for (words, places) in alike.iter().take(most) {
        screen.paragraph("  ", &format!("{}: {words}", places.join(", ")), 4, Shade::Plain);
    }
    if alike.len() > most {
        let more = voice.count(alike.len() - most, id::UI_MORE_WARNINGS_ONE, id::UI_MORE_WARNINGS_MANY);
        screen.paragraph("  ", &more, 4, Shade::Plain);
    }
}
