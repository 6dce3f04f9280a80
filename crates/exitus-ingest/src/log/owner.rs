//! Whose log a file is, from its path.

/// Whose log a file is, as far as its path tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct LogOwner {
    /// The namespace, where the layout says that a folder or a part of a name is one.
    pub(crate) namespace: Option<String>,
    /// The pod's name.
    pub(crate) pod: String,
    /// The pod's UID; a static pod's hash where it has none.
    pub(crate) pod_uid: Option<String>,
    /// The container's name.
    pub(crate) container: Option<String>,
    /// Whether it is the log of the instance before.
    pub(crate) is_previous: bool,
    /// The restart count of the instance. The highest number need not be the current one: a pod may be made anew.
    pub(crate) instance: Option<i64>,
}

/// Whose log a file is, where its path has one of the layouts that name it.
///
/// | layout | of |
/// |---|---|
/// | `POD_NS_CONTAINER-<64hex>.log` | /var/log/containers |
/// | `NS_POD_UID/CONTAINER/N.log` | /var/log/pods |
/// | `namespaces/NS/pods/POD/CONTAINER/CONTAINER/logs/current.log`, `previous.log`, `….insecure.log` | must-gather |
/// | `cluster-resources/pods/logs/NS/POD/CONTAINER.log`, `CONTAINER-previous.log` | support bundles |
/// | `podlogs/NS/POD/logs/CONTAINER.txt` | Sonobuoy |
/// | `NS/POD/logs.txt` | `kubectl cluster-info dump` |
/// | `POD.CONTAINER.txt`, `POD.CONTAINER.previous.txt`, `….prev.log` | by hand |
/// | `POD-previous.log` | support bundles, pods of one container |
pub(crate) fn owner_of(path: &str) -> Option<LogOwner> {
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty()).collect();
    let stem = stem(parts.last()?)?;
    let (short, is_previous) = without_previous(stem);
    let alone = || owner(None, short, None, true).filter(|_| is_previous);
    in_layout(&parts, stem).or_else(|| by_name(short, is_previous)).or_else(alone)
}

/// A file's name without `.log` or `.txt`.
fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".log").or_else(|| name.strip_suffix(".txt"))
}

/// A name without the mark of a previous instance, and whether it had one.
fn without_previous(stem: &str) -> (&str, bool) {
    let short = [".previous", ".prev", "-previous"].iter().find_map(|mark| stem.strip_suffix(mark));
    short.map_or((stem, false), |short| (short, true))
}

/// Layouts that folders tell, from the inside out.
fn in_layout(parts: &[&str], stem: &str) -> Option<LogOwner> {
    if let Some(found) = in_containers(stem).or_else(|| in_pods(parts, stem)) {
        return Some(found);
    }
    match parts {
        [.., "namespaces", namespace, "pods", pod, container, inner, "logs", _] if container == inner => {
            let is_previous = match stem {
                "current" | "current.insecure" => false,
                "previous" | "previous.insecure" => true,
                _ => return None,
            };
            owner(Some(namespace), pod, Some(container), is_previous)
        }
        [.., "cluster-resources", "pods", "logs", namespace, pod, _] => {
            let (container, is_previous) = without_previous(stem);
            owner(Some(namespace), pod, Some(container), is_previous)
        }
        [.., "podlogs", namespace, pod, "logs", _] => owner(Some(namespace), pod, Some(stem), false),
        [.., namespace, pod, "logs.txt"] => owner(Some(namespace), pod, None, false),
        _ => None,
    }
}

/// `POD_NS_CONTAINER-<64hex>`.
fn in_containers(stem: &str) -> Option<LogOwner> {
    let (names, id) = stem.rsplit_once('-')?;
    let is_id = id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
    let (pod, rest) = names.split_once('_').filter(|_| is_id)?;
    let (namespace, container) = rest.split_once('_')?;
    owner(Some(namespace), pod, Some(container), false)
}

/// `NS_POD_UID/CONTAINER/N.log`.
fn in_pods(parts: &[&str], stem: &str) -> Option<LogOwner> {
    let [.., folder, container, _] = parts else { return None };
    let (namespace, rest) = folder.split_once('_')?;
    let (pod, uid) = rest.split_once('_')?;
    let is_uid = matches!(uid.len(), 32 | 36) && uid.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let instance = stem.parse().ok().filter(|instance: &i64| *instance >= 0 && is_uid)?;
    let found = owner(Some(namespace), pod, Some(container), false)?;
    Some(LogOwner { pod_uid: Some(uid.to_owned()), instance: Some(instance), ..found })
}

/// `POD.CONTAINER`: pods' names may hold dots, containers' names cannot.
fn by_name(stem: &str, is_previous: bool) -> Option<LogOwner> {
    let (pod, container) = stem.rsplit_once('.')?;
    owner(None, pod, Some(container), is_previous)
}

/// An owner, if its names can be names.
fn owner(namespace: Option<&str>, pod: &str, container: Option<&str>, is_previous: bool) -> Option<LogOwner> {
    let is_owner = namespace.is_none_or(is_label) && is_subdomain(pod) && container.is_none_or(is_label);
    is_owner.then(|| LogOwner {
        namespace: namespace.map(str::to_owned),
        pod: pod.to_owned(),
        pod_uid: None,
        container: container.map(str::to_owned),
        is_previous,
        instance: None,
    })
}

/// A DNS label (RFC 1123): namespaces and containers.
fn is_label(name: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(is_inner)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// A DNS subdomain (RFC 1123): pods.
fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(|part| is_label(part) || part.len() > 63 && is_long_label(part))
}

/// Kubernetes limits the whole name of a pod, not its parts.
fn is_long_label(part: &str) -> bool {
    part.as_bytes()
        .chunks(63)
        .all(|chunk| chunk.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Namespace, pod, UID, container, and marks.
    fn told(owner: &LogOwner) -> String {
        let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        let instance = owner.instance.map_or(String::new(), |i| format!(" #{i}"));
        let previous = if owner.is_previous { " previous" } else { "" };
        format!(
            "{} {} {} {}{instance}{previous}",
            part(&owner.namespace),
            owner.pod,
            part(&owner.pod_uid),
            part(&owner.container)
        )
    }

    #[test]
    fn documented_layouts_name_the_owner() {
        let id = "0123456789abcdef".repeat(4);
        let uid = "6d3f2a10-92be-4c57-8f10-0a1b2c3d4e5f";
        let hash = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
        let cases = [
            (format!("/var/log/containers/api-7d9f_shop_app-{id}.log"), "shop api-7d9f - app".to_owned()),
            (format!("kind-node/containers/a.b_shop_app-1-{id}.log"), "shop a.b - app-1".to_owned()),
            (format!("/var/log/pods/shop_api-7d9f_{uid}/app/3.log"), format!("shop api-7d9f {uid} app #3")),
            (
                format!("pods/kube-system_etcd-n1_{hash}/etcd/0.log"),
                format!("kube-system etcd-n1 {hash} etcd #0"),
            ),
            ("mg/namespaces/shop/pods/api/app/app/logs/current.log".to_owned(), "shop api - app".to_owned()),
            (
                "mg/namespaces/shop/pods/api/app/app/logs/previous.log".to_owned(),
                "shop api - app previous".to_owned(),
            ),
            (
                "mg/namespaces/shop/pods/api/app/app/logs/previous.insecure.log".to_owned(),
                "shop api - app previous".to_owned(),
            ),
            ("b/cluster-resources/pods/logs/shop/api-1/app.log".to_owned(), "shop api-1 - app".to_owned()),
            (
                "b/cluster-resources/pods/logs/shop/api-1/app-previous.log".to_owned(),
                "shop api-1 - app previous".to_owned(),
            ),
            ("x/podlogs/shop/api-1/logs/app.txt".to_owned(), "shop api-1 - app".to_owned()),
            ("dump/shop/api-1/logs.txt".to_owned(), "shop api-1 - -".to_owned()),
            ("logs/api-1.app.txt".to_owned(), "- api-1 - app".to_owned()),
            ("logs/api.v2-1.app.log".to_owned(), "- api.v2-1 - app".to_owned()),
            ("logs/api-1.app.previous.txt".to_owned(), "- api-1 - app previous".to_owned()),
            ("api-1.app.prev.log".to_owned(), "- api-1 - app previous".to_owned()),
            ("c:\\case\\api-1.app.txt".to_owned(), "- api-1 - app".to_owned()),
            ("bundle/my-logs/api-1-previous.log".to_owned(), "- api-1 - - previous".to_owned()),
        ];
        for (path, expected) in cases {
            assert_eq!(owner_of(&path).as_ref().map(told), Some(expected), "{path}");
        }
    }

    #[test]
    fn other_paths_name_nobody() {
        for path in [
            "",
            "/",
            "kernel.txt",
            "describe.txt",
            "pods.json",
            "logs.txt",
            "x/OOMAnalyser.py.str01.txt",
            "api.app",
            "shop/api.app.md",
            "-",
            "a/b/0.log",
            "api..txt",
            "api-.app-.log",
            "mg/namespaces/shop/pods/api/app/other/logs/current.log",
        ] {
            assert_eq!(owner_of(path), None, "{path}");
        }
    }
}
