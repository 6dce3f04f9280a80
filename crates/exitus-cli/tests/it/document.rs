//! Saved objects read by other means than the program's own: serde_json, with the lines on which values stand.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::Value;
use serde_json::value::RawValue;

/// The members of an object, as they stand in the text.
type Members<'t> = BTreeMap<String, &'t RawValue>;

/// A text and where its lines begin.
pub(crate) struct Document<'t> {
    text: &'t str,
    line_ends: Vec<usize>,
}

/// An object of Kubernetes in a document.
pub(crate) struct Object<'t> {
    raw: &'t RawValue,
    /// What it is.
    pub(crate) value: Value,
    /// The lines that it fills, counted from 1.
    pub(crate) lines: RangeInclusive<usize>,
}

/// A value that a path leads to.
pub(crate) struct Found {
    /// The value as evidence quotes it: a string's text, a number or boolean as JSON writes it.
    pub(crate) value: String,
    /// The lines of the object, of the value and of everything between them.
    pub(crate) lines: Vec<RangeInclusive<usize>>,
}

/// A step of a path.
#[derive(Debug, PartialEq)]
enum Step<'p> {
    /// `status`
    Key(&'p str),
    /// `[name=app]`
    Where(&'p str, &'p str),
    /// `[0]`
    At(usize),
}

impl<'t> Document<'t> {
    pub(crate) fn new(text: &'t str) -> Document<'t> {
        Document { text, line_ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    /// Every object: alone, in a list, one a line, or in a watch event.
    pub(crate) fn objects(&self) -> Result<Vec<Object<'t>>, serde_json::Error> {
        let mut objects = Vec::new();
        for raw in serde_json::Deserializer::from_str(self.text).into_iter::<&RawValue>() {
            self.unfold(raw?, None, &mut objects)?;
        }
        Ok(objects)
    }

    fn unfold(
        &self,
        raw: &'t RawValue,
        kind: Option<&str>,
        objects: &mut Vec<Object<'t>>,
    ) -> Result<(), serde_json::Error> {
        let members: Members<'t> = serde_json::from_str(raw.get())?;
        if let Some(items) = members.get("items") {
            let list_kind = members.get("kind").map(|k| k.get().trim_matches('"'));
            let kind = list_kind.and_then(|k| k.strip_suffix("List")).filter(|k| !k.is_empty());
            let items: Vec<&'t RawValue> = serde_json::from_str(items.get())?;
            return items.into_iter().try_for_each(|item| self.unfold(item, kind, objects));
        }
        if let (Some(_), Some(object)) = (members.get("type"), members.get("object")) {
            return self.unfold(object, None, objects);
        }
        let mut value: Value = serde_json::from_str(raw.get())?;
        if let (Some(kind), true) = (kind, value["kind"].is_null()) {
            value["kind"] = kind.into();
        }
        objects.push(Object { raw, value, lines: self.lines(raw) });
        Ok(())
    }

    /// Follows a path through an object.
    pub(crate) fn resolve(&self, object: &Object<'t>, path: &str) -> Result<Found, String> {
        let mut raw = object.raw;
        let mut lines = vec![object.lines.clone()];
        for step in steps(path)? {
            raw = follow(raw, &step)?;
            lines.push(self.lines(raw));
        }
        let value: Value = serde_json::from_str(raw.get()).map_err(|e| e.to_string())?;
        let value = match value {
            Value::String(text) => text,
            Value::Number(_) | Value::Bool(_) => raw.get().to_owned(),
            other => return Err(format!("{path} leads to {other}")),
        };
        Ok(Found { value, lines })
    }

    /// The lines of a value, counted from 1.
    fn lines(&self, raw: &'t RawValue) -> RangeInclusive<usize> {
        let start = raw.get().as_ptr() as usize - self.text.as_ptr() as usize;
        let line = |offset| self.line_ends.partition_point(|end| *end < offset) + 1;
        line(start)..=line(start + raw.get().len() - 1)
    }
}

fn follow<'t>(raw: &'t RawValue, step: &Step<'_>) -> Result<&'t RawValue, String> {
    let elements = || {
        serde_json::from_str::<Vec<&'t RawValue>>(raw.get()).map_err(|e| format!("{step:?} in no array: {e}"))
    };
    match step {
        Step::Key(key) => {
            let members: Members<'t> =
                serde_json::from_str(raw.get()).map_err(|e| format!("{step:?} in no object: {e}"))?;
            members.get(*key).copied().ok_or_else(|| format!("no member {key}"))
        }
        Step::At(index) => elements()?.get(*index).copied().ok_or_else(|| format!("no element {index}")),
        Step::Where(key, value) => {
            let is_it = |element: &&RawValue| {
                let element: Value = serde_json::from_str(element.get()).unwrap_or_default();
                word(&element[*key]).as_deref() == Some(*value)
            };
            let found: Vec<&RawValue> = elements()?.into_iter().filter(is_it).collect();
            match found.as_slice() {
                [only] => Ok(only),
                _ => Err(format!("{} elements with {key}={value}", found.len())),
            }
        }
    }
}

/// Takes a path apart: `a.b[name=x].c`, `a[type=X]`, `a[0]`. Any other form is an error.
fn steps(path: &str) -> Result<Vec<Step<'_>>, String> {
    let unknown = || format!("an unknown form of path: {path}");
    let mut steps = Vec::new();
    let mut rest = path;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        if key.is_empty() {
            return Err(unknown());
        }
        steps.push(Step::Key(key));
        rest = after;
        while let Some(inside) = rest.strip_prefix('[') {
            let (inside, after) = inside.split_once(']').ok_or_else(unknown)?;
            steps.push(match inside.split_once('=') {
                Some((key @ ("name" | "type"), value)) => Step::Where(key, value),
                Some(_) => return Err(unknown()),
                None => Step::At(inside.parse().map_err(|_| unknown())?),
            });
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(after) => rest = after,
            None if rest.is_empty() => return Ok(steps),
            None => return Err(unknown()),
        }
    }
}

/// A word as whoever wrote it by hand may have left it: without its quotes. An empty one is none.
pub(crate) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|t| !t.is_empty()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

#[test]
fn a_path_is_followed_to_its_value_and_lines() {
    let text = r#"{"kind": "PodList", "items": [
  {"metadata": {"name": "a"}},
  {
    "metadata": {"name": "b"},
    "status": {"list": [
      {"name": "x", "n": 1},
      {"name": "y",
       "n": 2.50}
    ]}
  }
]}"#;
    let document = Document::new(text);
    let objects = document.objects().unwrap();
    assert_eq!(objects.iter().map(|o| o.lines.clone()).collect::<Vec<_>>(), [2..=2, 3..=10]);
    assert_eq!(objects[1].value["kind"], "Pod");
    for path in ["status.list[name=y].n", "status.list[1].n"] {
        let found = document.resolve(&objects[1], path).unwrap();
        assert_eq!((found.value.as_str(), found.lines), ("2.50", vec![3..=10, 5..=9, 5..=9, 7..=8, 8..=8]));
    }
    let bad = ["", "status.", "status[name]", "status.list[uid=y]", "status.list[name=z].n", "status/list"];
    for path in bad {
        assert!(document.resolve(&objects[1], path).is_err(), "{path}");
    }
}
