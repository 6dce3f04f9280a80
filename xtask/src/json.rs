//! A small JSON reader, for labels and for the program's own answers.

use anyhow::{Context as _, Result, bail, ensure};

/// A value. Numbers are kept as they are written: nothing here counts with them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A member that is there.
    pub(crate) fn get(&self, key: &str) -> Result<&Value> {
        self.find(key).with_context(|| format!("no member \"{key}\""))
    }

    /// A member, if it is there.
    pub(crate) fn find(&self, key: &str) -> Option<&Value> {
        let Value::Map(members) = self else { return None };
        members.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// A text.
    pub(crate) fn text(&self) -> Result<&str> {
        match self {
            Value::Text(text) => Ok(text),
            other => bail!("a text was expected, not {other:?}"),
        }
    }

    /// A text, or nothing.
    pub(crate) fn text_or_null(&self) -> Result<Option<&str>> {
        if *self == Value::Null { Ok(None) } else { self.text().map(Some) }
    }

    /// The elements of a list.
    pub(crate) fn list(&self) -> Result<&[Value]> {
        match self {
            Value::List(elements) => Ok(elements),
            other => bail!("a list was expected, not {other:?}"),
        }
    }

    /// The texts of a list of texts.
    pub(crate) fn texts(&self) -> Result<Vec<&str>> {
        self.list()?.iter().map(Value::text).collect()
    }
}

/// Reads one document.
pub(crate) fn parse(text: &str) -> Result<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value()?;
    reader.skip_blanks();
    ensure!(reader.rest.is_empty(), "text after the end of the document");
    Ok(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Value> {
        self.skip_blanks();
        match self.rest.chars().next().context("the document ends early")? {
            '{' => self.map(),
            '[' => self.list(),
            '"' => Ok(Value::Text(self.string()?)),
            _ => self.word(),
        }
    }

    fn map(&mut self) -> Result<Value> {
        let mut members = Vec::new();
        self.expect("{")?;
        if self.skip("}") {
            return Ok(Value::Map(members));
        }
        loop {
            self.skip_blanks();
            let key = self.string()?;
            self.expect(":")?;
            members.push((key, self.value()?));
            if self.skip("}") {
                return Ok(Value::Map(members));
            }
            self.expect(",")?;
        }
    }

    fn list(&mut self) -> Result<Value> {
        let mut elements = Vec::new();
        self.expect("[")?;
        if self.skip("]") {
            return Ok(Value::List(elements));
        }
        loop {
            elements.push(self.value()?);
            if self.skip("]") {
                return Ok(Value::List(elements));
            }
            self.expect(",")?;
        }
    }

    fn word(&mut self) -> Result<Value> {
        let is_end = |c: char| matches!(c, ',' | ']' | '}') || c.is_whitespace();
        let (word, rest) = self.rest.split_at(self.rest.find(is_end).unwrap_or(self.rest.len()));
        self.rest = rest;
        Ok(match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            number if number.parse::<f64>().is_ok() => Value::Number(number.to_owned()),
            other => bail!("no value: {other}"),
        })
    }

    fn string(&mut self) -> Result<String> {
        self.expect("\"")?;
        let mut text = String::new();
        loop {
            let stop = self.rest.find(['"', '\\']).context("a text without an end")?;
            let (plain, rest) = self.rest.split_at(stop);
            text.push_str(plain);
            self.rest = &rest[1..];
            if rest.starts_with('"') {
                return Ok(text);
            }
            text.push(self.escape()?);
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char> {
        let kind = self.rest.chars().next().context("a text without an end")?;
        self.rest = &self.rest[kind.len_utf8()..];
        Ok(match kind {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let unit = self.unit()?;
                // Characters outside the first plane are written as two units.
                let code = if (0xd800..0xdc00).contains(&unit) && self.rest.starts_with("\\u") {
                    self.rest = &self.rest[2..];
                    0x10000 + ((unit - 0xd800) << 10) + (self.unit()? & 0x3ff)
                } else {
                    unit
                };
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            other => other,
        })
    }

    fn unit(&mut self) -> Result<u32> {
        let digits = self.rest.get(..4).context("a text without an end")?;
        self.rest = &self.rest[4..];
        Ok(u32::from_str_radix(digits, 16)?)
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn skip(&mut self, mark: &str) -> bool {
        let Some(rest) = self.rest.trim_start().strip_prefix(mark) else { return false };
        self.rest = rest;
        true
    }

    fn expect(&mut self, mark: &str) -> Result<()> {
        ensure!(
            self.skip(mark),
            "{mark} was expected at: {}",
            self.rest.chars().take(30).collect::<String>()
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#" {"a": [1, -2.5e3, true, null], "b": {"c": "x \" \u00e9 \ud83d\ude00 \n"}, "d": [], "e": {}} "#;
        let number = |n: &str| Value::Number(n.to_owned());
        let c = Value::Text("x \" é 😀 \n".to_owned());
        let expected = [
            ("a", Value::List(vec![number("1"), number("-2.5e3"), Value::Bool(true), Value::Null])),
            ("b", Value::Map(vec![("c".to_owned(), c)])),
            ("d", Value::List(Vec::new())),
            ("e", Value::Map(Vec::new())),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value)).to_vec();
        assert_eq!(parse(text).expect("valid"), Value::Map(expected));
    }

    #[test]
    fn what_is_cut_or_no_json_is_an_error() {
        for text in ["", "{", "[1,", "{\"a\"}", "\"x", "\"\\u12", "nul", "{} {}", "[1 2]"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
