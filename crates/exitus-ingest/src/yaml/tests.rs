mod property;

use super::*;
use crate::json::tests::{Log, to_json};

fn log(text: &str) -> Log<'_> {
    let mut log = Log::default();
    read(text, &mut log);
    log
}

/// Each document as `line: kind of its list | JSON`, a cut one with `~`, and the line of each fault.
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
        Stop::Syntax(_) => format!("{}! syntax", f.line),
    };
    log.documents.iter().map(document).chain(log.faults.iter().map(fault)).collect()
}

#[test]
fn plain_scalars_have_the_types_of_kubernetes() {
    let number = |text: &'static str| Value::Number(text.into());
    let text = |text: &'static str| Value::Text(text.into());
    let cases = [
        ("5e4074516095", text("5e4074516095")),
        ("1e400", text("1e400")),
        ("0x10", text("0x10")),
        ("0o17", text("0o17")),
        ("012", number("012")),
        ("137", number("137")),
        ("-1", number("-1")),
        ("+5", number("+5")),
        ("1_000", text("1_000")),
        ("1.5", text("1.5")),
        (".inf", text(".inf")),
        ("99999999999999999999999", text("99999999999999999999999")),
        ("yes", text("yes")),
        ("No", text("No")),
        ("on", text("on")),
        ("y", text("y")),
        ("true", Value::Bool(true)),
        ("False", Value::Bool(false)),
        ("~", Value::Null),
        ("null", Value::Null),
        ("", Value::Null),
        ("\"137\"", text("137")),
        ("'137'", text("137")),
        ("\"\"", text("")),
        ("'null'", text("null")),
        ("\"true\"", text("true")),
        ("!!str 137", text("137")),
        ("!!int 137", number("137")),
        ("2026-11-23T09:39:43Z", text("2026-11-23T09:39:43Z")),
        ("10:30:00", text("10:30:00")),
        ("nginx:1.27", text("nginx:1.27")),
        ("a # comment", text("a")),
        ("a#b", text("a#b")),
        ("\"a # b\"", text("a # b")),
        ("'it''s'", text("it's")),
        ("\"\\u5bb9\\t\\x41\\n\"", text("容\tA\n")),
        ("&x 137", number("137")),
        ("\"{\"", text("{")),
    ];
    for (written, expected) in cases {
        let yaml = format!("a: {written}\n");
        let log = log(&yaml);
        assert_eq!(log.faults, [], "{written}");
        let Value::Map(members) = &log.documents[0].node.value else { panic!("{written}") };
        assert_eq!(members[0].1.value, expected, "{written}");
    }
}

#[test]
fn styles_say_the_same() {
    let expected = [r#"1: {"a":{"b":[1,"two",{"c":null}],"d":"x y"},"e":[]}"#];
    for text in [
        "a:\n  b:\n  - 1\n  - two\n  - c:\n  d: x y\ne: []\n",
        "a:\n    b:\n        - 1\n        - two\n        -   c: null\n    d: \"x\n      y\"\ne: []\n",
        "a: {b: [1, two, {c: }], d: 'x y'}\ne: [\n]\n",
        "{a: {b: [1, \"two\", {c: ~},], d: x y}, e: []}",
        "{\"a\": {\"b\": [1, \"two\", {\"c\": null}], \"d\": \"x y\"}, \"e\": []}\n",
        "a:\r\n  b:\r\n  - 1\r\n  - two\r\n  - c:\r\n  d: x y\r\ne: []\r\n",
        "a: # x\n  # y\n  b:\n\n  - 1\n  - two\n  - c: # z\n\n  d: >-\n    x\n    y\ne: [] # end\n# end",
        "--- # first\na:\n  b: [1, two, c: ]\n  d: |-\n    x y\ne: []\n...\n",
        "%YAML 1.2\n---\na:\n  b: [1, two, {c}]\n  d: x\n    y\ne: []\n",
    ] {
        let found: Vec<_> =
            told(text).iter().map(|f| f.split_once(' ').map(|(_, f)| format!("1: {f}"))).collect();
        assert_eq!(found, expected.map(|e| Some(e.to_owned())), "{text}");
    }
}

#[test]
fn block_scalars_keep_their_lines() {
    let text = "a: |\n  one\n   two\n\n  ---\n  three: x\nb: >\n  one\n  two\n\n  three\nc: |+\n  x\n\nd: |2\n    y\n";
    let log = log(text);
    let of = |key: &str| log.documents[0].node.get(key).map(|n| (n.line, n.text().unwrap_or("-").to_owned()));
    assert_eq!(of("a").map(|(_, t)| t).as_deref(), Some("one\n two\n\n---\nthree: x\n"));
    assert_eq!(of("b").map(|(_, t)| t).as_deref(), Some("one two\nthree\n"));
    assert_eq!(of("c").map(|(_, t)| t).as_deref(), Some("x\n\n"));
    assert_eq!(of("d").map(|(_, t)| t).as_deref(), Some("  y\n"));
    assert_eq!(log.faults, []);
}

#[test]
fn every_node_has_its_line() {
    for end in ["\n", "\r\n"] {
        let text = ["# a", "---", "a:", "  b: 1", "", "  c:", "  - d: 2", "    e: {f: 3}", "---", "g: 4", ""]
            .join(end);
        let log = log(&text);
        let a = log.documents[0].node.get("a").expect("it is there");
        let c = a.get("c").expect("it is there");
        let element = &c.elements()[0];
        assert_eq!(log.documents[0].node.line, 3);
        assert_eq!((a.line, a.get("b").map(|n| n.line), c.line), (4, Some(4), 7));
        assert_eq!((element.line, element.get("e").and_then(|e| e.get("f")).map(|n| n.line)), (7, Some(8)));
        assert_eq!(
            (log.documents[1].node.line, log.documents[1].node.get("g").map(|n| n.line)),
            (10, Some(10))
        );
    }
}

#[test]
fn a_broken_document_costs_only_itself() {
    for broken in [
        "a: \"open\n",
        "a: [1, 2\n",
        "a: {b: 1\n",
        "a: b: c\n",
        "a:\n\tb: 1\n",
        "a: 1\n b: 2\n",
        "a: 1\n- b\n",
        "'a: 1\n",
        "a: *\n",
        "a: @b\n",
        "? [\n",
        "]\n",
        "just text\n",
    ] {
        let text = format!("x: 1\n---\n{broken}---\ny: 2\n");
        let found = told(&text);
        assert_eq!(found[0], r#"1: {"x":1}"#, "{broken}");
        let y = format!("{}: {{\"y\":2}}", 4 + broken.matches('\n').count());
        assert!(found.contains(&y), "{broken}{found:?}");
        let faults: Vec<_> = found.iter().filter(|f| f.ends_with("! syntax")).collect();
        assert_eq!(faults.len(), 1, "{found:?}");
        assert!((3..=6).any(|line| faults[0].starts_with(&format!("{line}!"))), "{broken}{found:?}");
    }
}

#[test]
fn what_stood_before_a_fault_is_kept() {
    assert_eq!(told("a: 1\nb:\n  c: 2\n  d: \"open\n"), [r#"1: ~{"a":1,"b":{"c":2}}"#, "4! syntax"]);
    assert_eq!(told("kind: Pod\nmetadata:\n  name: x\n\tuid: 1\n").len(), 2);
}

#[test]
fn elements_of_a_list_are_handed_on_with_its_kind() {
    let expected = ["3: List | {\"kind\":\"Pod\",\"x\":[1]}", "7: List | {\"kind\":\"Pod\"}"];
    assert_eq!(told("kind: List\nitems:\n- kind: Pod\n  x:\n  - 1\n\n- kind: Pod\nmetadata: {}\n"), expected);
    assert_eq!(
        told("kind: List\nitems:\n  - kind: Pod\n    x:\n    - 1\n\n  - kind: Pod\nmetadata: {}\n"),
        expected
    );
    assert_eq!(
        told("items:\n- a: 1\n- b: 2\nkind: PodList\n"),
        ["2: PodList | {\"a\":1}", "3: PodList | {\"b\":2}"]
    );
    assert_eq!(told("- a: 1\n- b: 2\n"), ["1: {\"a\":1}", "2: {\"b\":2}"]);
    assert_eq!(
        told("{kind: PodList, items: [{a: 1}, {a: 2}]}"),
        ["1: PodList | {\"a\":1}", "1: PodList | {\"a\":2}"]
    );
    // No list: an object that has items.
    assert_eq!(told("items:\n  a: 1\n"), ["1: {\"items\":{\"a\":1}}"]);
    assert_eq!(told("data:\n  items:\n  - 1\n"), ["1: {\"data\":{\"items\":[1]}}"]);
    for text in ["items: []\nkind: List\n", "[]\n"] {
        assert_eq!((log(text).lists, told(text).len()), (1, 0), "{text}");
    }
}

#[test]
fn a_broken_element_costs_only_itself() {
    for (broken, what) in [
        ("- b: \"open\n  c: 2\n", "a quote"),
        ("- b: [1, 2\n  c: 2\n", "a bracket"),
        ("- b: 1\n c: 2\n", "an indentation"),
        ("- b: 1\n\tc: 2\n", "a tab"),
        ("- b: x: y\n  c: 2\n", "a colon"),
        ("- b: 1\ngarbage\n", "a line"),
        ("- @\n", "an element"),
        ("- *\n", "an alias"),
    ] {
        for indent in ["", "  "] {
            let body = format!("- a: 1\n{broken}- d: 4\n  e: |\n    - x\n# c\n\n- f: 5\n- @\n- g: 6\n");
            let body: String = body.lines().map(|l| format!("{indent}{l}\n")).collect();
            let text = format!("kind: List\nitems:\n{body}metadata:\n  x: y\n");
            let found = told(&text);
            let d = 4 + broken.matches('\n').count();
            for whole in [
                "3: List | {\"a\":1}".to_owned(),
                format!("{d}: List | {{\"d\":4,\"e\":\"- x\\n\"}}"),
                format!("{}: List | {{\"f\":5}}", d + 5),
                format!("{}: List | {{\"g\":6}}", d + 7),
            ] {
                assert!(found.contains(&whole), "{what}: {whole} in {found:#?}\n{text}");
            }
            assert_eq!(log(&text).lists, 1, "{what}");
            let faults = found.iter().filter(|f| f.ends_with("! syntax")).count();
            assert_eq!(faults, 2, "{what} {found:#?}");
        }
    }
}

#[test]
fn anchors_are_not_expanded() {
    let mut laughs = "a0: &a0 [lol, lol, lol]\n".to_owned();
    for n in 1..100 {
        let before = format!("*a{}", n - 1);
        laughs.push_str(&format!("a{n}: &a{n} [{}]\n", [before.as_str(); 9].join(", ")));
    }
    let log = log(&laughs);
    assert_eq!(log.faults, []);
    let a99 = log.documents[0].node.get("a99").expect("it is there");
    assert_eq!(a99.elements().len(), 9);
    assert!(a99.elements().iter().all(|e| e.value == Value::Null));
    assert_eq!(
        told("a: *nobody\nb: &x {c: 1}\nd: *x\n<<: *x\n"),
        [r#"1: {"<<":null,"a":null,"b":{"c":1},"d":null}"#]
    );
}

#[test]
fn a_number_at_the_very_end_may_be_cut() {
    assert_eq!(told("exitCode: 13"), [r#"1: ~{"exitCode":null}"#, "1! truncated"]);
    assert_eq!(told("a:\n- b: 1\n  c: 13"), [r#"1: ~{"a":[{"b":1,"c":null}]}"#, "3! truncated"]);
    assert_eq!(told("exitCode: 13\n"), [r#"1: {"exitCode":13}"#]);
    assert_eq!(told("a: \"13\""), [r#"1: {"a":"13"}"#]);
    assert_eq!(told("type: Warning"), [r#"1: {"type":"Warning"}"#]);
    assert_eq!(told("{a: 1, b: 13"), ["1! syntax"]);
    assert_eq!(told("a: {b: 1, c: tru"), [r#"1: ~{"a":{"b":1,"c":null}}"#, "1! syntax"]);
    assert_eq!(told("a: 1\nb:\n- c\n- [1, 13"), ["1: ~{\"a\":1,\"b\":[\"c\"]}", "4! syntax"]);
}

#[test]
fn ballast_is_passed_over() {
    let text =
        "metadata:\n  managedFields:\n  - manager: kubectl\n    fieldsV1:\n      f:status: {}\n  name: x\n";
    assert_eq!(told(text), [r#"1: {"metadata":{"name":"x"}}"#]);
}

#[test]
fn odd_documents_are_harmless() {
    assert_eq!(told(""), Vec::<String>::new());
    assert_eq!(told("---\n---\n...\n# only\n---\n"), Vec::<String>::new());
    assert_eq!(told("---\na: 1\n---\n---\nb: 2"), ["2: {\"a\":1}", "5: ~{\"b\":null}", "5! truncated"]);
    assert_eq!(told("? {a: 1}\n: 2\n? [x]\n: 3\nb: 4\n"), [r#"1: {"":3,"b":4}"#]);
    assert_eq!(told("a: 1\na: 2\n"), [r#"1: {"a":2}"#]);
    assert_eq!(told("a: 1\n--- \nb: 2\n---x\n").len(), 3);
    assert_eq!(told("text\n"), ["1! syntax"]);
}

/// Every reading is of linear time; a quadratic one of these would take minutes.
#[test]
fn hostile_texts_are_read_quickly() {
    let quarter = 1 << 18;
    let lines = |line: &str| line.repeat(quarter / line.len());
    let texts = [
        "[".repeat(quarter),
        "{a: ".repeat(quarter / 4),
        "- ".repeat(quarter / 2),
        "? ".repeat(quarter / 2),
        lines("---\n"),
        lines("--- [\n"),
        lines("- \"\n"),
        lines("- @\n"),
        lines("- a: 1\n b\n"),
        lines("items:\n- @\n"),
        format!("items:\n{}", lines("- [\n")),
        format!("items:\n{}", lines("- a: \"x\n")),
        format!("kind: List\nitems:\n{}", lines("- a: 1\nb\n")),
        format!("a: \"{}", lines("x\n")),
        format!("a: {}", "x".repeat(10 * quarter)),
        format!("a: |\n{}", lines("  x\n")),
        lines("a: &a [*a]\n"),
        lines("*a : b\n"),
        (0..30_000).map(|n| format!("k{n}: {n}\n")).collect(),
        (0..500).map(|n| format!("{}a:\n", " ".repeat(n))).collect(),
    ];
    for text in texts {
        let begin = std::time::Instant::now();
        log(&text);
        assert!(begin.elapsed().as_secs() < 10, "{} {:?}", &text[..40], begin.elapsed());
    }
}
