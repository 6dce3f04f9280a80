//! What a file is, from its content.

use super::*;
use crate::form::{Form, form_of};

fn form(text: &str, path: &str) -> &'static str {
    match form_of(text, path) {
        Form::Json => "json",
        Form::Yaml => "yaml",
        Form::KernelLog => "kernel",
        Form::ContainerLog(_) => "log",
        Form::Unknown => "unknown",
    }
}

#[test]
fn kubernetes_json_is_known_under_any_name() {
    let bare = pod("u", 1, &died(0));
    let texts = [
        bare.clone(),
        format!("\n\n  {bare}"),
        format!("[{bare}]"),
        format!("{{\"apiVersion\":\"v1\",\"items\":[{bare}],\"kind\":\"List\"}}"),
        "{\"apiVersion\": \"v1\", \"items\": [], \"kind\": \"List\"}".to_owned(),
        watch("ADDED", &bare),
        format!("{{\"object\": {bare}, \"type\": \"ADDED\"}}"),
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"x\"}}]}".to_owned(),
        format!("{}\n{bare}", &bare[..100]),
        bare[..bare.len() - 30].to_owned(),
        format!("{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{{\"annotations\":{{\"a\":\"{}\"}}}}}}", "x".repeat(100_000)),
    ];
    for text in texts {
        for path in ["-", "pods.json", "notes.txt", "api-1.app.txt", "dump/shop/api/logs.txt"] {
            assert_eq!(form(&text, path), "json", "{path} {}", &text[..text.len().min(200)]);
        }
    }
}

#[test]
fn json_without_a_kind_is_known_only_where_the_path_names_no_log() {
    for text in [
        "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"containers\":[]}}",
        "{\"metadata\":{\"name\":\"x\"},\"involvedObject\":{\"kind\":\"Pod\",\"name\":\"x\"},\"reason\":\"BackOff\"}",
        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"x\"}}",
        "$ kubectl get pod x -o json\n{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"Pod\"\n}\n",
    ] {
        assert_eq!(form(text, "x.json"), "json", "{text}");
        assert_eq!(form(text, "api-1.app.txt"), "log", "{text}");
    }
}

#[test]
fn logs_in_json_lines_are_logs() {
    for text in [
        "{\"level\":\"error\",\"msg\":\"x\"}\n",
        "{\"level\":\"info\",\"kind\":\"Pod\",\"object\":{\"name\":\"x\"},\"metadata\":{}}\n{\"level\":\"info\"}\n",
        "{\"level\":\"info\",\"controllerKind\":\"Pod\",\"Pod\":{\"name\":\"x\",\"namespace\":\"y\"}}\n",
        "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\",\"objectRef\":{},\"metadata\":{}}\n",
        "{\"metadata\":{\"name\":\"x\"},\"reason\":\"BackOff\",\"involvedObject\":{\"kind\":\"Pod\"}}\n",
        "{\"items\":[1,2],\"kind\":\"cart\"}\n",
        "{\"items\":[],\"kind\":\"cart\"}\n",
        "{\"level\":\"info\"}\n{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{}}\n",
        "{not json\n",
        "[INFO] {\"kind\":\"Pod\",\"apiVersion\":\"v1\"}\n",
        "[{\"level\":\"info\"}]\n",
        "[]\n",
        "{}\n",
        "{",
    ] {
        assert_eq!(form(text, "logs/api-1.app.txt"), "log", "{text}");
        let (snapshot, problems) = read(&[("logs/api-1.app.txt", text)]);
        assert_eq!((snapshot.logs.len(), problems.len()), (1, 0), "{text}");
        assert_eq!(snapshot.logs[0].lines[0].text, text.lines().next().expect("a line"));
    }
}

#[test]
fn kubernetes_yaml_is_known_under_any_name() {
    for text in [
        "apiVersion: v1\nkind: Pod\n",
        "kind: Pod\nmetadata:\n  name: x\n",
        "# saved by hand\n---\napiVersion: v1\nitems:\n- kind: Pod\n",
        "---\n\nkind: List\r\napiVersion: v1\r\n",
        "- apiVersion: v1\n  kind: Pod\n- apiVersion: v1\n",
        "{kind: Pod, metadata: {name: x}}\n",
        "{apiVersion: v1, kind: Pod, metadata: {name: x}}\n",
        "%YAML 1.1\n---\nkind: Pod\n",
    ] {
        for path in ["-", "x.json", "api-1.app.txt"] {
            assert_eq!(form(text, path), "yaml", "{path} {text}");
        }
    }
}

#[test]
fn logs_that_print_yaml_are_logs() {
    for text in [
        "starting\napiVersion: v1\nkind: Config\nclusters: []\n",
        "I1123 09:41:35.767687 1 x.go:1] config:\nkind: KubeProxyConfiguration\nmetadata: x\n",
        "kind of slow today\n",
    ] {
        assert_eq!(form(text, "api-1.app.txt"), "log", "{text}");
    }
}

#[test]
fn other_texts_are_of_no_known_form() {
    for text in [
        "Name:         api\nNamespace:    shop\nPriority:     0\nNode:         n1/10.0.0.1\nContainers:\n  app:\n    Image: x\n",
        "NAME   READY   STATUS    RESTARTS   AGE\napi    1/1     Running   0          1m\n",
        "name,kind\nx,y\n",
        "{\"level\":\"error\",\"msg\":\"x\"}\n",
        "[1, 2, 3]",
        "\"kind\"",
        "kind\n",
        "hello",
    ] {
        assert_eq!(form(text, "notes.txt"), "unknown", "{text}");
        assert_eq!(problems(&[("notes.txt", text)]), ["notes.txt UnknownForm"]);
    }
}

#[test]
fn kernel_logs_are_known_under_any_name() {
    let dmesg = "[  123.456789] veth12: entered promiscuous mode\n[  124.000000] x\n";
    for path in ["-", "kernel.txt", "api-1.app.txt", "x.json"] {
        assert_eq!(form(dmesg, path), "kernel");
        let (snapshot, problems) = read(&[(path, dmesg)]);
        assert!(snapshot.has_kernel_log && problems.is_empty());
    }
}

#[test]
fn logs_need_a_name_or_a_prefix() {
    let text = "plain words\n";
    assert_eq!(form(text, "logs/api-1.app.previous.txt"), "log");
    assert_eq!(form("[pod/api-1/app] plain words\n", "-"), "log");
    assert_eq!(form(text, "x"), "unknown");
}

/// Telling the form looks at the beginning only.
#[test]
fn long_lines_are_told_quickly() {
    for unit in ["x", "{", "[", "{\"a\":", "{\"a\":1},", "- ", "kind: ", "[  1.0] ", "\u{feff}", "\"", " "] {
        let text = unit.repeat((10 << 20) / unit.len());
        let begin = std::time::Instant::now();
        form_of(&text, "api-1.app.txt");
        form_of(&text, "x");
        assert!(begin.elapsed().as_secs() < 10, "{unit:?} {:?}", begin.elapsed());
    }
}
