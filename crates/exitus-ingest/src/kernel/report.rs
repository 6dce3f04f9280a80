//! Puts the lines of OOM reports together: one record for each victim.
//!
//! The kernel prints the reports of one machine one after the other, but other lines come between, parts are rate
//! limited away, and files merge machines. So what belongs together is found by host, pid and name; where the
//! lines carry none (usage, contexts before Linux 5.0) they are used only while they are the only ones waiting.

use std::collections::{HashSet, VecDeque};

use exitus_model::{KernelEvent, KernelRecord, OomKill};

use super::MAX_RECORDS;
use super::cgroup::{cgroup, is_within};
use super::moment::{GROUP, Head, Moment, REPORT};
use super::oom::{self, Context, Killed, OomLine, Scope};
use super::time::Stamp;
use super::usage::{Usage, Usages};

/// Reports of one host that wait for their kill line, of each kind.
const MAX_WAITING: usize = 64;

/// Hosts whose reports are told apart; the oldest is closed when one more comes.
const MAX_HOSTS: usize = 64;

/// Victims of one group kill that are remembered, so that none is told twice.
const MAX_GROUP: usize = 4096;

/// A kill that is not complete.
struct Waiting {
    head: Head,
    kill: OomKill,
}

/// The reports of one host.
#[derive(Default)]
struct Host {
    name: Option<String>,
    /// `oom-kill:` lines without their kill line.
    contexts: VecDeque<Waiting>,
    /// `Task in …` lines without their kill line.
    old_contexts: VecDeque<Waiting>,
    /// More than one such line waited at once: which is whose cannot be told until all are gone.
    is_old_ambiguous: bool,
    /// `Kill process` lines without their `Killed process` line.
    chosen: VecDeque<Waiting>,
    usages: Usages,
    broken: Option<(Head, String)>,
    group: Option<Group>,
    last_kill: Option<LastKill>,
}

/// A group kill under way.
struct Group {
    /// Its newest line.
    moment: Moment,
    /// What all its victims share.
    shared: OomKill,
    victims: HashSet<u32>,
}

/// The newest kill of a host, while no other report has begun.
struct LastKill {
    id: usize,
    moment: Moment,
    has_context: bool,
}

/// All reports of a file.
#[derive(Default)]
pub(super) struct Assembly {
    found: VecDeque<KernelRecord>,
    dropped: usize,
    hosts: Vec<Host>,
}

impl Assembly {
    /// Adds an event that is whole.
    pub(super) fn add(&mut self, head: Head, event: KernelEvent) -> usize {
        if self.found.len() >= MAX_RECORDS {
            self.found.pop_front();
            self.dropped += 1;
        }
        let Head { origin, text, stamp, uptime, host } = head;
        let at = stamp.at();
        self.found.push_back(KernelRecord { origin, text, at, uptime_seconds: uptime, host, event });
        self.dropped + self.found.len() - 1
    }

    /// Whether a record of the same process came just before, from another source of the same log.
    pub(super) fn has_seccomp(&self, head: &Head, process: &str, pid: u32) -> bool {
        let now = Moment { stamp: head.stamp.at().map_or(Stamp::None, Stamp::At), ..head.moment() };
        self.found.iter().rev().take(MAX_WAITING).any(|record| {
            let KernelEvent::Seccomp(kill) = &record.event else { return false };
            let stamp = record.at.map_or(Stamp::None, Stamp::At);
            let earlier = Moment { line: record.origin.line, stamp, uptime: record.uptime_seconds };
            kill.pid == pid && kill.process == process && now.follows(earlier, &GROUP)
        })
    }

    /// Takes a line of a report.
    pub(super) fn take(&mut self, head: Head, line: &OomLine<'_>) {
        let now = head.moment();
        let at = self.host(&head);
        self.expire(at, now);
        let Some(host) = self.hosts.get_mut(at) else { return };
        if !matches!(line, OomLine::Group(_) | OomLine::Killed(_) | OomLine::Spared { .. }) {
            // Another report begins.
            host.group = None;
            host.last_kill = None;
        }
        match line {
            OomLine::Invoked => {}
            OomLine::Usage { usage_kib, limit_kib } => {
                host.usages.usage(now, Usage { usage_kib: *usage_kib, limit_kib: *limit_kib });
            }
            OomLine::Stats(path) => host.usages.stats(path),
            OomLine::Broken(text) => host.broken = Some((head, (*text).to_owned())),
            OomLine::Fragment(text) => self.fragment(at, head, text),
            OomLine::Context(context) => self.context(at, head, context),
            OomLine::OldContext { task, limit } => {
                let kill = OomKill {
                    limit_cgroup: Some(cgroup(limit)),
                    task_cgroup: Some(cgroup(task)),
                    context: Some(head.origin),
                    context_text: Some(head.text.clone()),
                    ..OomKill::default()
                };
                push_bounded(&mut host.old_contexts, Waiting { head, kill });
            }
            OomLine::Chosen { scope, pid, name } => self.chosen(at, head, *scope, *pid, name),
            OomLine::Killed(killed) => self.killed(at, head, killed),
            OomLine::Group(path) => self.group(at, &head, path),
            OomLine::Spared { pid, name } => {
                take_victim(&mut host.contexts, *pid, name);
            }
        }
    }

    fn fragment(&mut self, at: usize, head: Head, text: &str) {
        let Some((start, mut whole)) = self.hosts[at].broken.take() else { return };
        whole.push_str(text);
        // The line that names the victim's cgroup is the one to quote.
        let start = if text.contains("task_memcg=") { head } else { start };
        match whole.strip_prefix("oom-kill:constraint=").and_then(oom::context) {
            Some(context) => self.context(at, start, &context),
            None if whole.len() <= super::MAX_LINE => self.hosts[at].broken = Some((start, whole)),
            None => {}
        }
    }

    fn context(&mut self, at: usize, head: Head, context: &Context<'_>) {
        let host = &mut self.hosts[at];
        let usage = context.limit.and_then(|path| host.usages.take(path, head.moment()));
        let kill = OomKill {
            victim: context.name.to_owned(),
            pid: context.pid,
            limit_cgroup: context.limit.map(cgroup),
            task_cgroup: context.task.map(cgroup),
            is_global: context.is_global,
            context: Some(head.origin),
            context_text: Some(head.text.clone()),
            constraint: Some(context.constraint.to_owned()),
            usage_kib: usage.map(|u| u.usage_kib),
            limit_kib: usage.map(|u| u.limit_kib),
            ..OomKill::default()
        };
        let overflow = push_bounded(&mut host.contexts, Waiting { head, kill });
        self.close(overflow);
    }

    fn chosen(&mut self, at: usize, head: Head, scope: Scope, pid: u32, name: &str) {
        let host = &mut self.hosts[at];
        let mut kill = take_victim(&mut host.contexts, pid, name)
            .or_else(|| old_context(host, scope, head.moment()))
            .unwrap_or_default();
        kill.victim = name.to_owned();
        kill.pid = pid;
        kill.is_global |= scope == Scope::Node;
        let overflow = push_bounded(&mut host.chosen, Waiting { head, kill });
        self.close(overflow);
    }

    fn killed(&mut self, at: usize, head: Head, killed: &Killed<'_>) {
        let now = head.moment();
        let host = &mut self.hosts[at];
        let own = take_victim(&mut host.chosen, killed.pid, killed.name)
            .or_else(|| take_victim(&mut host.contexts, killed.pid, killed.name))
            .or_else(|| child_of_chosen(host, killed.scope))
            .or_else(|| old_context(host, killed.scope, now).filter(|_| killed.scope == Scope::Cgroup));
        let has_context = own.as_ref().is_some_and(|kill| kill.task_cgroup.is_some());
        let mut kill = match own {
            Some(kill) => {
                host.group = None;
                kill
            }
            None => match host.group.as_mut().filter(|group| now.follows(group.moment, &GROUP)) {
                Some(group) => {
                    group.moment = now;
                    if group.victims.contains(&killed.pid) {
                        // The first victim is killed once more with its group.
                        return;
                    }
                    if group.victims.len() < MAX_GROUP {
                        group.victims.insert(killed.pid);
                    }
                    group.shared.clone()
                }
                None => OomKill::default(),
            },
        };
        kill.victim = killed.name.to_owned();
        kill.pid = killed.pid;
        kill.is_global |= killed.scope == Scope::Node;
        kill.anon_rss_kib = killed.anon_rss_kib;
        kill.file_rss_kib = killed.file_rss_kib;
        kill.shmem_rss_kib = killed.shmem_rss_kib;
        kill.oom_score_adj = killed.oom_score_adj;
        let id = self.add(head, KernelEvent::OomKill(Box::new(kill)));
        self.hosts[at].last_kill = Some(LastKill { id, moment: now, has_context });
    }

    /// The kernel kills a first victim, then says that its whole cgroup goes, then kills the rest.
    fn group(&mut self, at: usize, head: &Head, path: &str) {
        let now = head.moment();
        let mut shared = OomKill {
            task_cgroup: Some(cgroup(path)),
            context: Some(head.origin),
            context_text: Some(head.text.clone()),
            is_group_kill: true,
            ..OomKill::default()
        };
        let mut victims = HashSet::new();
        let last = self.hosts[at].last_kill.take().filter(|last| now.follows(last.moment, &GROUP));
        if let Some(last) = last
            && let Some(record) =
                last.id.checked_sub(self.dropped).and_then(|index| self.found.get_mut(index))
            && let KernelEvent::OomKill(first) = &mut record.event
            && (!last.has_context
                || first.task_cgroup.as_ref().is_some_and(|task| is_within(&task.path, path)))
        {
            victims.insert(first.pid);
            first.is_group_kill = true;
            shared.is_global = first.is_global;
            if last.has_context {
                let task_cgroup = shared.task_cgroup.take();
                shared = OomKill { task_cgroup, ..first.as_ref().clone() };
            } else {
                // Whatever it was given before came from another group.
                **first = OomKill {
                    task_cgroup: shared.task_cgroup.clone(),
                    limit_cgroup: None,
                    context: shared.context,
                    context_text: shared.context_text.clone(),
                    constraint: None,
                    usage_kib: None,
                    limit_kib: None,
                    ..std::mem::take(first)
                };
            }
        }
        self.hosts[at].group = Some(Group { moment: now, shared, victims });
    }

    /// The reports of the line's host.
    fn host(&mut self, head: &Head) -> usize {
        if let Some(at) = self.hosts.iter().position(|host| host.name == head.host) {
            return at;
        }
        if self.hosts.len() >= MAX_HOSTS {
            let oldest = self.hosts.remove(0);
            self.close(oldest.contexts.into_iter().chain(oldest.chosen));
        }
        self.hosts.push(Host { name: head.host.clone(), ..Host::default() });
        self.hosts.len() - 1
    }

    /// Closes what has waited for too long.
    fn expire(&mut self, at: usize, now: Moment) {
        let host = &mut self.hosts[at];
        let mut expired = Vec::new();
        for waiting in [&mut host.contexts, &mut host.chosen] {
            while waiting.front().is_some_and(|w| !now.follows(w.head.moment(), &REPORT)) {
                expired.extend(waiting.pop_front());
            }
        }
        host.old_contexts.retain(|w| now.follows(w.head.moment(), &REPORT));
        host.is_old_ambiguous &= !host.old_contexts.is_empty();
        if host.broken.as_ref().is_some_and(|(head, _)| !now.follows(head.moment(), &GROUP)) {
            host.broken = None;
        }
        self.close(expired);
    }

    /// Makes records of reports whose kill line never came.
    fn close(&mut self, waiting: impl IntoIterator<Item = Waiting>) {
        for Waiting { head, kill } in waiting {
            self.add(head, KernelEvent::OomKill(Box::new(kill)));
        }
    }

    /// All records in the order of their lines.
    pub(super) fn finish(mut self) -> Vec<KernelRecord> {
        for host in std::mem::take(&mut self.hosts) {
            self.close(host.contexts.into_iter().chain(host.chosen));
        }
        let mut records = Vec::from(self.found);
        records.sort_by_key(|record| record.origin.line);
        records
    }
}

/// A victim's report by pid and name, the newest first.
fn take_victim(waiting: &mut VecDeque<Waiting>, pid: u32, name: &str) -> Option<OomKill> {
    let at = waiting.iter().rposition(|w| w.kill.pid == pid && w.kill.victim == name)?;
    waiting.remove(at).map(|w| w.kill)
}

/// Old kernels kill a child in place of the process they chose; its pid and name tell nothing of the parent's.
fn child_of_chosen(host: &mut Host, scope: Scope) -> Option<OomKill> {
    let is_certain = scope == Scope::Unsaid && host.chosen.len() == 1;
    if is_certain { host.chosen.pop_front().map(|w| w.kill) } else { None }
}

/// The `Task in …` line that a kill of a cgroup follows, with the usage of its limit.
fn old_context(host: &mut Host, scope: Scope, now: Moment) -> Option<OomKill> {
    if scope != Scope::Cgroup {
        return None;
    }
    let first = host.old_contexts.front()?;
    let is_same = |w: &Waiting| {
        w.kill.limit_cgroup == first.kill.limit_cgroup && w.kill.task_cgroup == first.kill.task_cgroup
    };
    host.is_old_ambiguous |= !host.old_contexts.iter().all(is_same);
    let is_certain = !host.is_old_ambiguous;
    let mut kill = host.old_contexts.pop_front()?.kill;
    host.is_old_ambiguous &= !host.old_contexts.is_empty();
    let usage = kill.limit_cgroup.as_ref().and_then(|limit| host.usages.take(&limit.path, now));
    kill.usage_kib = usage.map(|u| u.usage_kib);
    kill.limit_kib = usage.map(|u| u.limit_kib);
    is_certain.then_some(kill)
}

/// Adds one more, and returns the oldest where that makes too many.
pub(super) fn push_bounded<T>(queue: &mut VecDeque<T>, item: T) -> Option<T> {
    queue.push_back(item);
    if queue.len() > MAX_WAITING { queue.pop_front() } else { None }
}
