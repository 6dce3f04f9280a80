//! The reader against serde_json.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::tree::is_ballast;

fn any_json() -> impl Strategy<Value = Json> {
    let text = prop_oneof![".{0,12}", "[a-z{}\\[\\],:\"\\\\ ]{0,12}", "\\PC{0,6}"];
    let number = prop_oneof![
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<i32>().prop_map(|n| Json::from(f64::from(n) / 8.0)),
    ];
    let leaf =
        prop_oneof![Just(Json::Null), any::<bool>().prop_map(Json::from), number, text.prop_map(Json::from)];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let key = prop_oneof![
            Just("managedFields".to_owned()),
            Just("items".to_owned()),
            "\\PC{0,5}",
            "[a-z]{1,5}"
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            proptest::collection::btree_map(key, inner, 0..6).prop_map(Json::from_iter),
        ]
    })
}

/// An object as Kubernetes has them: its own members are not `items`.
fn any_object() -> impl Strategy<Value = Json> {
    any_json().prop_map(|value| serde_json::json!({ "kind": "Any", "value": value }))
}

fn without_ballast(value: &Json) -> Json {
    match value {
        Json::Array(elements) => elements.iter().map(without_ballast).collect(),
        Json::Object(members) => members
            .iter()
            .filter(|(key, _)| !is_ballast(key))
            .map(|(key, value)| (key.clone(), without_ballast(value)))
            .collect(),
        scalar => scalar.clone(),
    }
}

/// The lines at which the values of a pretty-printed value begin, and the line at which it ends.
fn lines_of(value: &Json, line: u32, is_kept: bool, lines: &mut Vec<u32>) -> u32 {
    if is_kept {
        lines.push(line);
    }
    let children: Vec<(bool, &Json)> = match value {
        Json::Array(elements) => elements.iter().map(|e| (true, e)).collect(),
        Json::Object(members) => members.iter().map(|(k, v)| (!is_ballast(k), v)).collect(),
        _ => Vec::new(),
    };
    if children.is_empty() {
        return line;
    }
    let last = children
        .iter()
        .fold(line, |at, (is_here, child)| lines_of(child, at + 1, is_kept && *is_here, lines));
    last + 1
}

fn lines_in(node: &Node<'_>, lines: &mut Vec<u32>) {
    lines.push(node.line);
    match &node.value {
        Value::List(elements) => elements.iter().for_each(|e| lines_in(e, lines)),
        Value::Map(members) => members.iter().for_each(|(_, v)| lines_in(v, lines)),
        _ => {}
    }
}

/// Whether a tree holds nothing that the value does not: parts may lack, but no scalar differs.
fn is_part(node: &Node<'_>, whole: &Json) -> bool {
    match (&node.value, whole) {
        (Value::Null, _) => true,
        (Value::List(elements), Json::Array(all)) => {
            elements.len() <= all.len() && elements.iter().zip(all).all(|(e, w)| is_part(e, w))
        }
        (Value::Map(members), Json::Object(all)) => {
            members.iter().all(|(k, v)| all.get(k.as_ref()).is_some_and(|w| is_part(v, w)))
        }
        _ => to_json(node) == *whole,
    }
}

fn list_text(objects: &[Json], is_pretty: bool, is_array: bool) -> String {
    let list = match is_array {
        true => Json::from(objects.to_vec()),
        false => serde_json::json!({ "kind": "List", "items": objects }),
    };
    if is_pretty { serde_json::to_string_pretty(&list) } else { serde_json::to_string(&list) }
        .expect("it is JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_gives_the_same_tree(object in any_object(), is_pretty: bool) {
        let text = if is_pretty { serde_json::to_string_pretty(&object) } else { serde_json::to_string(&object) };
        let text = text.expect("it is JSON");
        let log = log(&text);
        prop_assert_eq!(&log.faults, &[]);
        prop_assert_eq!(log.documents.len(), 1);
        prop_assert_eq!(to_json(&log.documents[0].node), without_ballast(&object));
        if is_pretty {
            let (mut expected, mut found) = (Vec::new(), Vec::new());
            let end = lines_of(&object, 1, true, &mut expected);
            lines_in(&log.documents[0].node, &mut found);
            // The order of lines is the order of values.
            prop_assert_eq!(found, expected);
            prop_assert_eq!(end as usize, text.lines().count());
        }
    }

    #[test]
    fn a_cut_keeps_whole_elements_and_no_half_scalars(
        objects in proptest::collection::vec(any_object(), 1..5),
        is_pretty: bool,
        is_array: bool,
        cut in any::<prop::sample::Index>(),
    ) {
        let text = list_text(&objects, is_pretty, is_array);
        let cut = text.floor_char_boundary(cut.index(text.len()));
        let log = log(&text[..cut]);
        prop_assert_eq!(log.faults.is_empty(), cut == 0);
        for (document, object) in log.documents.iter().zip(&objects) {
            prop_assert!(is_part(&document.node, object), "{} of {object}", to_json(&document.node));
        }
        // An element is whole where the text up to the cut and the missing brackets make JSON that holds it.
        let closing = [if is_array { "]" } else { "]}" }];
        let before = &text[..cut];
        let ends = before.char_indices().filter(|(_, c)| *c == '}').map(|(at, _)| at + 1);
        let whole = ends
            .filter_map(|end| serde_json::from_str::<Json>(&format!("{}{}", &before[..end], closing[0])).ok())
            .map(|list| if is_array { list } else { list["items"].clone() })
            .map(|elements| elements.as_array().map_or(0, Vec::len))
            .max()
            .unwrap_or(0);
        let kept = log.documents.iter().filter(|d| !d.is_cut).count();
        prop_assert!(kept >= whole, "{kept} of {whole} in {before}");
        for (document, object) in log.documents.iter().zip(&objects).take(whole) {
            prop_assert_eq!(to_json(&document.node), without_ballast(object));
        }
    }

    #[test]
    fn a_cut_line_costs_only_itself(
        objects in proptest::collection::vec(any_object(), 2..5),
        broken in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let broken = broken.index(objects.len());
        let lines: Vec<String> = objects.iter().map(Json::to_string).collect();
        let cut = lines[broken].floor_char_boundary(cut.index(lines[broken].len()));
        let mut text = String::new();
        for (index, line) in lines.iter().enumerate() {
            text.push_str(if index == broken { &line[..cut] } else { line });
            text.push('\n');
        }
        let log = log(&text);
        for (index, object) in objects.iter().enumerate() {
            let mut of_line = log.documents.iter().filter(|d| d.node.line as usize == index + 1);
            match index == broken {
                true => prop_assert!(of_line.all(|d| d.is_cut && is_part(&d.node, object)), "{text}"),
                false => prop_assert_eq!(of_line.next().map(|d| to_json(&d.node)), Some(without_ballast(object)), "{}", text),
            }
        }
        prop_assert!(log.faults.iter().all(|f| f.line as usize == broken + 1), "{:?} in {text}", log.faults);
    }

    #[test]
    fn a_wrong_byte_in_a_pretty_list_costs_one_element(
        objects in proptest::collection::vec(any_object(), 2..5),
        is_array: bool,
        at in any::<prop::sample::Index>(),
    ) {
        let text = list_text(&objects, true, is_array);
        let indent = if is_array { "\n  {" } else { "\n    {" };
        let first = text.find(indent).expect("it has elements") + indent.len() - 1;
        let last = text.rfind('}').expect("it has elements") - if is_array { 0 } else { 5 };
        let ascii: Vec<usize> = (first..last).filter(|at| text.as_bytes()[*at].is_ascii()).collect();
        let at = ascii[at.index(ascii.len())];
        let broken = format!("{}@{}", &text[..at], &text[at + 1..]);
        let log = log(&broken);
        let found: Vec<Json> = log.documents.iter().filter(|d| !d.is_cut).map(|d| to_json(&d.node)).collect();
        let lost = objects.iter().filter(|o| !found.contains(&without_ballast(o))).count();
        prop_assert!(lost <= 1, "{lost} lost in {broken}");
    }

    #[test]
    fn no_wrong_byte_panics(
        objects in proptest::collection::vec(any_object(), 1..4),
        is_pretty: bool,
        wrong in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = list_text(&objects, is_pretty, false).into_bytes();
        for (at, byte) in wrong {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.split('\n').count() as u32;
        let log = log(&text);
        prop_assert!(log.faults.iter().all(|f| (1..=lines).contains(&f.line)));
    }

    #[test]
    fn no_text_panics(text in "[\\[\\]{}\",:\\\\ \n0-9a-z容]{0,200}") {
        log(&text);
    }
}
