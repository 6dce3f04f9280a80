mod property;

use super::*;

/// Takes down what a reader finds.
#[derive(Default)]
pub(crate) struct Log<'a> {
    pub(crate) documents: Vec<Document<'a>>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) lists: usize,
}

impl<'a> Sink<'a> for Log<'a> {
    fn document(&mut self, document: Document<'a>) {
        self.documents.push(document);
    }

    fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    fn list(&mut self) {
        self.lists += 1;
    }
}

fn log(text: &str) -> Log<'_> {
    let mut log = Log::default();
    read(text, &mut log);
    log
}

pub(crate) fn to_json(node: &Node<'_>) -> serde_json::Value {
    match &node.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(text) => serde_json::from_str(text).expect("a number"),
        Value::Text(text) => text.as_ref().into(),
        Value::List(elements) => elements.iter().map(to_json).collect(),
        Value::Map(members) => members.iter().map(|(key, node)| (key.to_string(), to_json(node))).collect(),
    }
}

/// Each document as `line: kind of its list | JSON`, a cut one with `~`, and each fault as `line! what`.
fn told(text: &str) -> Vec<String> {
    let log = log(text);
    let document = |d: &Document<'_>| {
        let kind = d.list_kind.as_ref().map_or(String::new(), |kind| format!("{kind} | "));
        let mark = if d.is_cut { "~" } else { "" };
        format!("{}: {kind}{mark}{}", d.node.line, to_json(&d.node))
    };
    let fault = |f: &Fault| match &f.stop {
        Stop::Truncated => format!("{}! truncated", f.line),
        Stop::TooDeep => format!("{}! too deep", f.line),
        Stop::Syntax(why) => format!("{}! {why}", f.line),
    };
    log.documents.iter().map(document).chain(log.faults.iter().map(fault)).collect()
}

#[test]
fn elements_of_a_list_are_handed_on_with_its_kind() {
    let cases = [
        (
            r#"{"kind":"PodList","items":[{"a":1},{"a":2}]}"#,
            vec![r#"1: PodList | {"a":1}"#, r#"1: PodList | {"a":2}"#],
        ),
        (
            r#"{"items":[{"a":1},{"a":2}],"metadata":{"x":[]},"kind":"PodList"}"#,
            vec![r#"1: PodList | {"a":1}"#, r#"1: PodList | {"a":2}"#],
        ),
        // With a kind of their own, nothing is looked for.
        (r#"{"items":[{"kind":"Pod"}],"kind":"List"}"#, vec![r#"1: {"kind":"Pod"}"#]),
        ("[\n{\"a\":1},\n{\"a\":2}\n]", vec![r#"2: {"a":1}"#, r#"3: {"a":2}"#]),
        ("[[{\"a\":1}],null]", vec![r#"1: [{"a":1}]"#]),
        // No list: it is an object that has items.
        (r#"{"items":{"a":1}}"#, vec![r#"1: {"items":{"a":1}}"#]),
        (r#"{"items":null,"kind":"PodList"}"#, vec![r#"1: {"items":null,"kind":"PodList"}"#]),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn empty_lists_are_counted() {
    for text in ["[]", r#"{"kind":"PodList","items":[]}"#, "{\"items\": [\n]}"] {
        let log = log(text);
        assert_eq!((log.lists, log.documents.len(), log.faults), (1, 0, vec![]), "{text}");
    }
}

#[test]
fn documents_may_follow_each_other() {
    let expected = vec![r#"1: {"a":1}"#, r#"2: {"b":2}"#];
    for text in [
        "{\"a\":1}\n{\"b\":2}\n",
        "{\"a\":1}\r\n{\"b\":2}\r\n",
        "{\"a\":1} \n  {\n\"b\":2}",
        "{\"a\":1,}\n{\"b\":2,}",
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
    assert_eq!(
        told("{\"a\":1}{\"b\":2}null{\"c\":[3,]}"),
        [r#"1: {"a":1}"#, r#"1: {"b":2}"#, r#"1: {"c":[3]}"#]
    );
    assert_eq!(told("\n\n{}\n{}"), Vec::<String>::new());
}

#[test]
fn what_stands_around_objects_is_reported_and_passed_over() {
    assert_eq!(
        told("$ kubectl get pod -o json\n{\"a\":1}\n$ _"),
        [r#"2: {"a":1}"#, "1! an object was expected", "3! an object was expected",]
    );
    assert_eq!(
        told("12:01:02 {\"a\":1}\n12:01:03 {\"a\":2}\n"),
        [r#"1: {"a":1}"#, r#"2: {"a":2}"#, "1! an object was expected", "2! an object was expected",]
    );
    assert_eq!(told("\"text\""), ["1! an object was expected"]);
    assert_eq!(
        told("{\"a\":1}}}}\n]\n{\"b\":2}"),
        [r#"1: {"a":1}"#, r#"3: {"b":2}"#, "1! an object was expected"]
    );
}

#[test]
fn a_broken_element_of_a_pretty_list_costs_only_itself() {
    let list = |broken: &str| {
        format!(
            "{{\n  \"kind\": \"List\",\n  \"items\": [\n    {{\n      \"a\": 1\n    }},\n{broken}\n    {{\n      \"c\": \"3\"\n    }}\n  ]\n}}\n"
        )
    };
    let cases = [
        // A quote is lost.
        ("    {\n      \"b\": \"two,\n      \"x\": 1\n    },", "", "8! `,`, `}` or `]` was expected"),
        ("    {\n      \"b\": two\",\n      \"x\": 1\n    },", "", "8! a value was expected"),
        ("    {\n      \"b: 2,\n      \"x\": 1\n    },", "", "8! `:` was expected"),
        // A bracket is lost.
        ("    {\n      \"b\": 2,\n", "~{\"b\":2}", "10! a name in quotes was expected"),
        (
            "    {\n      \"b\": [\n        1,\n      \"x\": 1\n    },",
            "~{\"b\":[1]}",
            "10! `,`, `}` or `]` was expected",
        ),
        (
            "    {\n      \"b\": 2,\n      \"x\": {\"y\": 1\n    },",
            "~{\"b\":2,\"x\":{\"y\":1}}",
            "11! a name in quotes was expected",
        ),
        // Letters that belong elsewhere.
        ("    {\n      \"b\": 2x,\n      \"x\": 1\n    },", "", "8! `,`, `}` or `]` was expected"),
        ("    {\n      \"b\": tru,\n      \"x\": 1\n    },", "", "8! a value was expected"),
        ("    {\n      \"b\": \"\\q\",\n      \"x\": 1\n    },", "", "8! an unknown escape in a string"),
        ("    {\n      \"b\": \"\\u12g4\"\n    },", "", "8! an unknown escape in a string"),
        ("    {\n      \"b\": 2\n    }@", "{\"b\":2}", "9! a value was expected"),
        ("   @{\n      \"b\": 2\n    },", "", "7! a value was expected"),
    ];
    for (broken, partial, fault) in cases {
        let text = list(broken);
        let found = told(&text);
        let last = text.lines().position(|l| l.contains("\"c\"")).expect("it is there");
        let whole = ["4: List | {\"a\":1}".to_owned(), format!("{last}: List | {{\"c\":\"3\"}}")];
        assert!(found.starts_with(&whole[..1]) && found.contains(&whole[1]), "{text}{found:#?}");
        assert!(
            partial.is_empty() || found.iter().any(|f| f.ends_with(&format!("List | {partial}"))),
            "{text}{found:#?}"
        );
        assert_eq!(found.last().map(String::as_str), Some(fault), "{text}");
    }
}

#[test]
fn a_broken_line_costs_only_itself() {
    let broken = [
        r#"{"b":2"#,
        r#"{"b":2,"#,
        r#"{"b""#,
        r#"{"b"#,
        "{",
        r#"{"b":"#,
        r#"{"b":["#,
        r#"{"b":[{"x":1},"#,
        r#"{"b":{"x":"#,
        r#"{"b":"half"#,
        r#"{"b":"half\"#,
        r#"{"b":{"x":"half"#,
        r#"{"b":{"managedFields":[{"x":1"#,
        r#"{"b":tr"#,
        r#"{"b":2}}"#,
        r#"{"b":2]"#,
        "# {",
        "]",
        "\u{1}",
    ];
    for broken in broken {
        let text = format!("{{\"a\":1}}\n{broken}\n{{\"c\":3}}\n{{\"d\":{{\"x\":4}}}}\n");
        let found = told(&text);
        for whole in [r#"1: {"a":1}"#, r#"3: {"c":3}"#, r#"4: {"d":{"x":4}}"#] {
            assert!(found.iter().any(|f| f == whole), "{text}{found:#?}");
        }
        let others: Vec<_> = found.iter().filter(|f| !f.starts_with(['1', '3', '4'])).collect();
        assert!(others.iter().all(|f| f.starts_with("2! ") || f.starts_with("2: ")), "{text}{found:#?}");
        assert!(!found.iter().any(|f| f.contains("half")), "half a text is no value: {found:#?}");
    }
}

#[test]
fn many_broken_lines_cost_only_themselves() {
    let text = "{\"a\":[{\"x\":\n{\"b\":{\"y\":\"z\"}}\n".repeat(2000);
    let whole = log(&text).documents.iter().filter(|d| !d.is_cut).count();
    assert_eq!(whole, 2000);
}

#[test]
fn escapes_are_resolved() {
    let cases = [
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0041\u00e9\u5bb9""#, "A\u{e9}\u{5bb9}"),
        (r#""\ud83d\ude00!""#, "\u{1f600}!"),
        // Lone surrogates.
        (r#""\ud83d!""#, "\u{fffd}!"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        ("\"é\\u00e9容\"", "éé容"),
        ("\"a\nb\"", "a\nb"),
        ("\"\"", ""),
    ];
    for (written, expected) in cases {
        let text = format!("{{\"a\":{written}}}");
        let log = log(&text);
        assert_eq!(log.documents[0].node.get("a").and_then(Node::text), Some(expected), "{written}");
    }
    for written in [r#""\u+041""#, r#""\u41""#, r#""\x41""#, r#""\u004容""#] {
        assert_eq!(told(&format!("{{\"a\":{written}}}")), ["1! an unknown escape in a string"], "{written}");
    }
}

#[test]
fn ballast_is_passed_over_and_lines_go_on() {
    let text = "{\n\"managedFields\": [{\n\"f:a\": {}, \"x\": \"}\\\"\"}],\n\"a\": {\"managedFields\": 1.5e3, \"kubectl.kubernetes.io/last-applied-configuration\": \"{\\n}\",\n\"b\": 2}}";
    assert_eq!(told(text), [r#"1: {"a":{"b":2}}"#]);
    let log = log(text);
    let a = log.documents[0].node.get("a").expect("it is there");
    assert_eq!((a.line, a.get("b").map(|b| b.line)), (4, Some(5)));
}

#[test]
fn too_deep_values_are_passed_over() {
    let deep = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let text =
        format!("{{\"items\":[{{\"a\":{}}},\n{{\"a\":{},\"b\":1}},\n{{\"c\":1}}]}}", deep(100), deep(500));
    let found = told(&text);
    assert_eq!(found.len(), 4);
    assert!(found[1].contains("[[null]]") && found[1].ends_with("]],\"b\":1}"), "{}", found[1]);
    assert_eq!(found[2..], [r#"3: {"c":1}"#, "2! too deep"]);
}

/// Every reading is of linear time; a quadratic one of these would take minutes.
#[test]
fn hostile_texts_are_read_quickly() {
    let mega = 1 << 20;
    let lines = |line: &str| line.repeat(mega / line.len());
    let texts = [
        "[".repeat(mega),
        "{".repeat(mega),
        lines("{\"a\":"),
        lines("{\"a\":\n"),
        lines("[\n"),
        lines("{\n"),
        lines("{\"a\":[\n"),
        lines("{\"items\":["),
        lines("{\"items\":[\n"),
        lines("{\"items\":[{\"a\":\n"),
        lines("\"\n"),
        lines("{\"a\n"),
        lines("{\"\\\n"),
        lines("{\"a\":\"b\n"),
        lines("}\n"),
        lines("[{]\n"),
        lines(" {\"a\":x\n"),
        lines("{\"items\":[{\"a\":1},@\n"),
        (0..50_000)
            .map(|n| format!("[\n{}{{x\n", format!("{n:018b}").replace('0', " ").replace('1', "\t")))
            .collect(),
        format!("[{}", lines("\n{\"a\":")),
        format!("[{}", lines("\n {x")),
        format!("[{}", lines("{},")),
        format!("{{\"a\":\"{}", lines("\n{")),
        format!("{{\"a\":\"{}\"}}", "x".repeat(10 * mega)),
        format!("{{\"a\":\"{}", "\\".repeat(mega)),
        format!("{{\"managedFields\":{}", "[".repeat(mega)),
        format!("{{\"managedFields\":{}", lines("\"a\"")),
        format!("{{{}}}", lines("\"managedFields\":1,")),
    ];
    for text in texts {
        let begin = std::time::Instant::now();
        read(&text, &mut Log::default());
        assert!(begin.elapsed().as_secs() < 10, "{}", &text[..40]);
    }
}
