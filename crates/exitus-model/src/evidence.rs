//! Quoted facts and the messages that speak of them.

use jiff::Timestamp;

/// Named values that fill the placeholders of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args(Vec<(&'static str, String)>);

impl Args {
    /// No values.
    pub fn new() -> Args {
        Args::default()
    }

    /// Sets a value; a later one of the same name wins. An empty text is no value.
    pub fn set(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        self.0.retain(|(n, _)| *n != name);
        if !value.is_empty() {
            self.0.push((name, value));
        }
    }

    /// Sets a value and hands the set on.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Args {
        self.set(name, value);
        self
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    /// Takes over the values of another set; they win.
    pub fn extend(&mut self, other: Args) {
        for (name, value) in other.0 {
            self.set(name, value);
        }
    }

    /// Names and values in the order of setting.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(n, v)| (*n, v.as_str()))
    }
}

/// A key of the message catalogue. The catalogue makes these; nothing else should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub &'static str);

/// A text of the catalogue with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which text.
    pub id: MessageId,
    /// Its values.
    pub args: Args,
}

impl From<MessageId> for Message {
    fn from(id: MessageId) -> Message {
        Message { id, args: Args::new() }
    }
}

impl Message {
    /// Sets a value and hands the message on.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Message {
        self.args.set(name, value);
        self
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// The pod's object.
    Pod,
    /// An event.
    Event,
    /// A node's object.
    Node,
    /// A container's log.
    Log,
    /// The kernel's log.
    Kernel,
    /// The owner's object: a workload or a claim.
    Owner,
    /// A container runtime.
    Runtime,
    /// Worked out from other facts, which are named.
    Inferred,
}

impl Source {
    /// The word of the output contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Pod => "pod",
            Source::Event => "event",
            Source::Node => "node",
            Source::Log => "log",
            Source::Kernel => "kernel",
            Source::Owner => "owner",
            Source::Runtime => "runtime",
            Source::Inferred => "inferred",
        }
    }
}

/// A fact, quoted: what stands where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Who speaks.
    pub source: Source,
    /// The object, such as `Pod shop/api-7d9f`; of a log its container, of the kernel its host.
    pub object: String,
    /// The object's UID.
    pub uid: Option<String>,
    /// The field's path in the object: `status.containerStatuses[name=app].state.terminated.reason`.
    pub path: Option<String>,
    /// What stands there, character by character.
    pub value: String,
    /// When it happened.
    pub at: Option<Timestamp>,
    /// The input.
    pub file: Option<String>,
    /// The line in it, 1-based.
    pub line: Option<u32>,
    /// Whether it speaks of the same fault without being its cause, as CrashLoopBackOff does.
    pub is_echo: bool,
}

/// Evidence, at least one piece: a diagnosis without it cannot be built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceList {
    first: Evidence,
    rest: Vec<Evidence>,
}

impl EvidenceList {
    /// Begins with the piece that decides.
    pub fn new(first: Evidence) -> EvidenceList {
        EvidenceList { first, rest: Vec::new() }
    }

    /// From any number of pieces, the deciding one first; `None` from nothing.
    pub fn from_pieces(pieces: impl IntoIterator<Item = Evidence>) -> Option<EvidenceList> {
        let mut pieces = pieces.into_iter();
        let mut list = EvidenceList::new(pieces.next()?);
        pieces.for_each(|piece| list.push(piece));
        Some(list)
    }

    /// Adds a piece, unless it is there.
    pub fn push(&mut self, piece: Evidence) {
        if !self.iter().any(|e| *e == piece) {
            self.rest.push(piece);
        }
    }

    /// The piece that decides.
    pub fn first(&self) -> &Evidence {
        &self.first
    }

    /// All pieces, the deciding one first.
    pub fn iter(&self) -> impl Iterator<Item = &Evidence> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}
