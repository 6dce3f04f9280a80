//! Whole screens, as a person sees them at 80 columns. A change of texts or layout shows here: read the difference,
//! and take the new screen over if it is better.

use crate::harness::exitus;

#[track_caller]
fn check(capture: &str, files: &[&str], language: &str, expected: &str) {
    let files = files.iter().flat_map(|file| ["-f".to_owned(), format!("fixtures/zoo/{capture}/{file}")]);
    let args = ["why", "--lang", language].map(str::to_owned).into_iter().chain(files);
    let screen = exitus(args).stdout;
    assert!(screen == expected, "the screen is now:\n{screen}");
}

#[test]
fn out_of_memory() {
    let files = ["pods.json", "events.json", "kernel.txt", "logs/oom-limit.app.txt"];
    check(
        "oom-limit",
        &files,
        "en",
        r#"z-oom-limit/oom-limit  node-a · 2 restarts
✗ app  killed by the kernel: it passed its own memory limit of 64Mi    confirmed
  The memory charged to container app reached the limit that the container
  itself declares (64Mi), and the kernel's OOM killer ended a process in its
  cgroup; Kubernetes only reported it. The kernel killed die (pid 26796 on the
  node) at 64Mi of resident memory. This says nothing about the node: it may
  have had plenty of free memory.
  2026-11-23 UTC
  09:41:50  kernel  Memory cgroup out of memory: Killed process   kernel.txt:997
                    26796 (die) total…rss:64896kB, file-rss:652kB, shmem-rss:0kB
  09:41:50  kernel  oom-kill CONSTRAINT_MEMCG task=die pid=26796  kernel.txt:996
                    oom_memcg=…/pod5de83e05… task_memcg=…/d285ac148add…
  09:41:51  pod     state.terminated: OOMKilled, exit 137          pods.json:146
                    (SIGKILL) after 1s
            pod     resources.limits.memory: 64Mi                   pods.json:24
  ruled out  out-of-memory-node: the limit was that of the cgroup
             …/pod5de83e05-105c-46ef-95… · liveness-probe-failed: none
             configured · evicted-node-memory: no DisruptionTarget condition,
             and the pod has no reason
  next       read-only  See how much memory each container uses; the last sample
                        before a kill is usually lower than the peak
             kubectl -n z-oom-limit top pod oom-limit --containers
             read-only  See what the program was doing when it was killed
             kubectl -n z-oom-limit logs oom-limit -c app --previous --tail=50
             changes    Keep heap plus native memory under the limit: -Xmx or
                        MaxRAMPercentage for the JVM, --max-old-space-size for
                        Node.js, GOMEMLIMIT for Go; a tmpfs (emptyDir with
                        medium Memory) counts too
  earlier: app ended 137 at 09:41:37: killed by the kernel: it passed its own
    memory limit of 64Mi

1 pod unhealthy of 1 · 1 finding · 1 in brief (--all shows it in full)
"#,
    );
}

#[test]
fn image_pull() {
    let files = ["pods.json", "events.json"];
    check(
        "image-rate-limit",
        &files,
        "en",
        r#"z-image-rate-limit/image-rate  node-a
✗ app  the pull was turned down: too many pulls from 127.0.0.1:5000    confirmed
  A limit on pulls was reached, so this pull was refused although the image may
  well be there. The image is 127.0.0.1:5000/ratelimit/app:v1. The answer was:
  "failed to pull and unpack image "127.0.0.1:5000/ratelimit/app:v1": failed to
  resolve reference …00 failed with status code [manifests v1]: 429 Too Many
  Requests". Without a login, registries count by address, so all nodes behind
  one NAT share one allowance.
  2026-11-23 UTC
  09:44:55  event  Failed to pull image                           events.json:66
                   "127.0.0.1:5000/ratelimit/a…ifests v1]: 429 Too Many Requests
            pod    state.waiting: ImagePullBackOff, "Back-off      pods.json:111
                   pulling image "127…de [manifests v1]: 429 Too Many Requests"
  next       read-only  See how often it was tried; each back-off retry counts
                        against the limit too
             kubectl -n z-image-rate-limit get events --field-selector involvedObject.name=image-rate --sort-by=.lastTimestamp
             changes    Pull with a login: it has a limit of its own, apart from
                        all others behind the same address
             kubectl -n z-image-rate-limit create secret docker-registry pull-secret --docker-server=127.0.0.1:5000 --docker-username=<user> --docker-password=<password>
             changes    Pull through a mirror or pull-through cache, and prefer
                        IfNotPresent with fixed tags
             changes    "pull QPS exceeded" is the kubelet's own limit:
                        registryPullQPS and registryBurst in its configuration

1 pod unhealthy of 1 · 1 finding
"#,
    );
}

#[test]
fn scheduling() {
    let files = ["pods.json", "events.json"];
    check(
        "unsched-cpu",
        &files,
        "en",
        r#"z-unsched-cpu/unsched-cpu
✗ cannot be scheduled: no node has enough cpu left to request          confirmed
  The scheduler adds up the requests of all pods on a node, whatever they really
  use, and on most nodes what is left is less than this pod asks for. It counts:
  1 Insufficient cpu. It has been waiting for 5s. Nothing has started, and the
  pod is tried again whenever the cluster changes.
  2026-11-23 UTC
  09:45:19  pod    condition PodScheduled: "0/1 nodes are           pods.json:69
                   available: 1 Insuffi…eemption is not helpful for scheduling."
  09:45:24  event  0/1 nodes are available: 1 Insufficient cpu.   events.json:33
                   no new claims to d… Preemption is not helpful for scheduling.
  next       read-only  Compare the request with each node's Allocatable and
                        Allocated resources; requests count here, not usage
             kubectl describe nodes
             read-only  See what the pod requests, all containers together
             kubectl -n z-unsched-cpu get pod unsched-cpu -o yaml
             changes    Or add nodes, use larger ones (no node can take a pod
                        that asks for more than its Allocatable), or free room
                        on those you have

1 pod unhealthy of 1 · 1 finding
"#,
    );
}

#[test]
fn scheduling_in_chinese() {
    let files = ["pods.json", "events.json"];
    check(
        "unsched-cpu",
        &files,
        "zh",
        r#"z-unsched-cpu/unsched-cpu
✗ 无法调度：没有节点剩余足够的可请求资源（cpu）                           已确认
  调度器按节点上所有 Pod 的请求量求和，与实际用量无关；在多数节点上，剩余量小于
  该 Pod 的请求量。调度器的统计：1 Insufficient cpu。已等待 5s。目前没有任何容器
  启动；集群发生变化时会再次尝试调度。
  2026-11-23 UTC
  09:45:19  Pod   condition PodScheduled: "0/1 nodes are            pods.json:69
                  available: 1 Insuffi…eemption is not helpful for scheduling."
  09:45:24  事件  0/1 nodes are available: 1 Insufficient cpu.    events.json:33
                  no new claims to d… Preemption is not helpful for scheduling.
  下一步    只读    将请求量与各节点的 Allocatable、Allocated resources 对照；这
                    里看的是请求量，而不是实际用量
            kubectl describe nodes
            只读    查看该 Pod 所有容器合计的请求量
            kubectl -n z-unsched-cpu get pod unsched-cpu -o yaml
            有变更  或增加节点、换用更大的节点（请求量超过节点 Allocatable 时，
                    任何同规格节点都放不下），或在现有节点上腾出资源

1 个 Pod 中 1 个异常 · 1 项结论
"#,
    );
}
