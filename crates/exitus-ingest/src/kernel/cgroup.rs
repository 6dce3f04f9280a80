//! What a cgroup path says of its owner.
//!
//! Shapes of cgroupfs and systemd drivers, of containerd, CRI-O and Docker, and of kind, where one node's paths
//! stand inside a container of another.

use exitus_model::{CgroupLevel, CgroupRef};

/// Reads a cgroup path as the kernel prints it.
///
/// Nodes nest (kind): the last pod of the path is the one of this cluster. Containers nest too (Docker inside a
/// container): the first container below that pod is the one that its status names.
pub(super) fn cgroup(path: &str) -> CgroupRef {
    let mut level = CgroupLevel::Root;
    let mut pod_uid = None;
    let mut container_id = None;
    for segment in path.split(['/', ':']).filter(|s| !s.is_empty()) {
        if let Some(uid) = pod_of(segment) {
            (level, pod_uid, container_id) = (CgroupLevel::Pod, Some(uid), None);
        } else if is_kubepods(segment) || (level == CgroupLevel::Kubepods && is_quality_of_service(segment)) {
            (level, pod_uid, container_id) = (CgroupLevel::Kubepods, None, None);
        } else if container_id.is_some() {
            // Below a container, such as the `container` that crun adds.
        } else if let Some(id) = container_of(segment) {
            level = if pod_uid.is_some() { CgroupLevel::Container } else { CgroupLevel::Other };
            container_id = Some(id);
        } else if segment != RUNTIME_PREFIX {
            level = CgroupLevel::Other;
        }
    }
    CgroupRef { path: path.to_owned(), level, pod_uid, container_id }
}

/// A path `slice:cri-containerd:id` that the cgroupfs driver took literally holds this between pod and container.
const RUNTIME_PREFIX: &str = "cri-containerd";

/// Kubelet's node allocatable cgroup and its QoS levels: `defaultNodeAllocatableCgroupName` in
/// pkg/kubelet/cm/node_container_manager_linux.go. A `cgroupRoot` comes before it: `kubelet-kubepods.slice`.
fn is_kubepods(segment: &str) -> bool {
    let name = segment.strip_suffix(".slice").unwrap_or(segment);
    let name = name.strip_suffix("-burstable").or_else(|| name.strip_suffix("-besteffort")).unwrap_or(name);
    name == "kubepods" || name.ends_with("-kubepods")
}

fn is_quality_of_service(segment: &str) -> bool {
    matches!(segment, "burstable" | "besteffort" | "guaranteed")
}

/// The UID of `pod<uid>` or `…-pod<uid_>.slice`, with dashes; the 32 hex digits of a static pod's hash stay.
fn pod_of(segment: &str) -> Option<String> {
    let name = segment.strip_suffix(".slice").unwrap_or(segment);
    let uid = match name.rfind("-pod") {
        Some(at) => name.get(at + 4..)?,
        None => name.strip_prefix("pod")?,
    };
    let is_hash = uid.len() == 32 && uid.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hash {
        return Some(uid.to_owned());
    }
    let is_uuid = uid.len() == 36
        && uid.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => matches!(b, b'-' | b'_'),
            _ => b.is_ascii_hexdigit(),
        });
    is_uuid.then(|| uid.replace('_', "-"))
}

/// The id of `<64hex>`, `crio-<64hex>` or `<runtime>-<64hex>.scope`; conmon's scope belongs to no container.
fn container_of(segment: &str) -> Option<String> {
    let name = segment.strip_suffix(".scope").unwrap_or(segment);
    let (runtime, id) = name.rsplit_once('-').unwrap_or(("", name));
    let is_id = id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
    (is_id && !runtime.ends_with("conmon")).then(|| id.to_owned())
}

/// Whether `path` is `ancestor` or below it.
pub(super) fn is_within(path: &str, ancestor: &str) -> bool {
    let ancestor = ancestor.trim_end_matches('/');
    path.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use CgroupLevel::{Container, Kubepods, Other, Pod, Root};

    const ID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const OUTER: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
    const UID: &str = "6d3f2a10-92be-4c57-8f10-0a1b2c3d4e5f";
    const FLAT: &str = "6d3f2a10_92be_4c57_8f10_0a1b2c3d4e5f";
    const HASH: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

    #[test]
    fn every_shape_tells_its_level_pod_and_container() {
        let cases = [
            ("/", Root, "", false),
            ("/kubepods", Kubepods, "", false),
            ("/kubepods.slice", Kubepods, "", false),
            ("/kubepods/burstable", Kubepods, "", false),
            ("/kubepods.slice/kubepods-besteffort.slice", Kubepods, "", false),
            ("/kubepods/podUID", Pod, UID, false),
            ("/kubepods/burstable/podUID", Pod, UID, false),
            ("/kubepods/podUID/ID", Container, UID, true),
            ("/kubepods/besteffort/podUID/ID", Container, UID, true),
            ("/kubepods/burstable/podHASH/ID", Container, HASH, true),
            ("/kubepods/burstable/podUID/crio-ID", Container, UID, true),
            ("/kubepods.slice/kubepods-podFLAT.slice", Pod, UID, false),
            ("/kubepods.slice/kubepods-podFLAT.slice/cri-containerd-ID.scope", Container, UID, true),
            (
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podFLAT.slice/crio-ID.scope",
                Container,
                UID,
                true,
            ),
            (
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podFLAT.slice/crio-ID.scope/container",
                Container,
                UID,
                true,
            ),
            (
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podHASH.slice/docker-ID.scope",
                Container,
                HASH,
                true,
            ),
            ("/kubepods.slice/kubepods-podFLAT.slice/runc-ID.scope", Container, UID, true),
            // conmon is in the pod, but no container of it.
            ("/kubepods.slice/kubepods-podFLAT.slice/crio-conmon-ID.scope", Other, UID, false),
            // kind, with systemd and with cgroupfs, seen from the host.
            (
                "/system.slice/docker-OUTER.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/\
                 kubelet-kubepods-burstable-podFLAT.slice/cri-containerd-ID.scope",
                Container,
                UID,
                true,
            ),
            ("/docker/OUTER/kubelet/kubepods/besteffort/podUID/ID", Container, UID, true),
            ("/docker/OUTER/kubelet/kubepods/besteffort/podUID", Pod, UID, false),
            ("/docker/OUTER/kubelet/kubepods/besteffort", Kubepods, "", false),
            ("/kubelet.slice/kubelet-kubepods.slice", Kubepods, "", false),
            // A cluster inside a pod of another cluster.
            ("/kubepods/podHASH/OUTER/docker/OUTER/kubelet/kubepods/podUID/ID", Container, UID, true),
            // Docker inside a container.
            ("/kubepods/podUID/ID/docker/OUTER", Container, UID, true),
            // A systemd path that the cgroupfs driver took literally.
            (
                "/system.slice/containerd.service/kubepods-burstable-podFLAT.slice:cri-containerd:ID",
                Container,
                UID,
                true,
            ),
            // Outside Kubernetes.
            ("/docker/ID", Other, "", true),
            ("/system.slice/docker-ID.scope", Other, "", true),
            ("/system.slice/kubelet.service", Other, "", false),
            ("/user.slice/user-1000.slice/session-3.scope", Other, "", false),
            ("/machine.slice/machine-libpod_pod_ID.slice/libpod-ID.scope", Other, "", true),
            // Cut in the middle of the container's id: neither container nor pod.
            ("/kubepods/podUID/0123456789", Other, UID, false),
            ("/kubepods/pod6d3f2a10", Other, "", false),
        ];
        for (shape, level, uid, has_container) in cases {
            let path = shape
                .replace("OUTER", OUTER)
                .replace("FLAT", FLAT)
                .replace("UID", UID)
                .replace("HASH", HASH)
                .replace("ID", ID);
            let found = cgroup(&path);
            let expected = CgroupRef {
                path: path.clone(),
                level,
                pod_uid: (!uid.is_empty()).then(|| uid.to_owned()),
                container_id: has_container.then(|| ID.to_owned()),
            };
            assert_eq!(found, expected, "{shape}");
        }
    }

    #[test]
    fn a_group_holds_what_is_below_it() {
        assert!(is_within("/kubepods/pod1", "/kubepods/pod1"));
        assert!(is_within("/kubepods/pod1/a", "/kubepods/pod1"));
        assert!(is_within("/kubepods", "/"));
        assert!(!is_within("/kubepods/pod12", "/kubepods/pod1"));
    }
}
