//! Lines that healthy programs write. None of them may match a signature that decides.

use crate::signature::line::view;
use crate::signature::phrase::is_echo;
use crate::signature::table::{Place, best_match};
use crate::signature::{read, signatures};

const LINES: &[&str] = &[
    "Server listening on port 8080",
    "2026-03-12T10:00:00.123Z INFO starting shop-api v1.4.2 (commit 3f2c1aa)",
    "{\"level\":\"info\",\"ts\":1700000000.1,\"msg\":\"connected to database\",\"host\":\"db\"}",
    "time=\"2026-03-12T10:00:00Z\" level=info msg=\"Starting controller\" version=v0.9.1",
    "I0312 10:00:00.000000       1 leaderelection.go:248] attempting to acquire leader lease shop/api...",
    "I0312 10:00:00.000000       1 leaderelection.go:258] successfully acquired lease shop/api",
    "I0312 10:00:00.000000       1 shared_informer.go:247] Caches are synced for configmap",
    "W0312 10:00:00.000000       1 reflector.go:424] watch of *v1.Pod ended with: too old resource version",
    "W0312 10:00:00.000000       1 warnings.go:70] policy/v1beta1 PodDisruptionBudget is deprecated",
    "2026-03-12 10:00:00.000  INFO 1 --- [           main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port(s): 8080 (http)",
    "2026-03-12 10:00:00.000  WARN 1 --- [           main] o.s.b.a.o.j.JpaBaseConfiguration : spring.jpa.open-in-view is enabled by default",
    "HikariPool-1 - Start completed.",
    "OpenJDK 64-Bit Server VM warning: Sharing is only supported for boot loader classes because bootstrap classpath has been appended",
    "[0.015s][info][gc] Using G1",
    "[12.345s][info][gc] GC(42) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 1.312ms",
    "[gc,heap,exit] Heap garbage-first heap total 262144K, used 5120K",
    "Picked up JAVA_TOOL_OPTIONS: -XX:+ExitOnOutOfMemoryError -XX:MaxRAMPercentage=75",
    "[1:0x7f8]     4321 ms: Scavenge 60.1 (71.2) -> 52.3 (71.9) MB, 1.2 / 0.0 ms  (average mu = 0.998) allocation failure",
    "(node:1) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.",
    "(node:1) ExperimentalWarning: The Fetch API is an experimental feature.",
    "npm warn config production Use `--omit=dev` instead.",
    "npm notice New minor version of npm available! 10.2.4 -> 10.5.0",
    "> shop@1.0.0 start",
    "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)",
    "INFO:     Application startup complete.",
    "[2026-03-12 10:00:00 +0000] [1] [INFO] Listening at: http://0.0.0.0:8000 (1)",
    "[2026-03-12 10:00:00 +0000] [7] [INFO] Booting worker with pid: 7",
    "Performing system checks... System check identified no issues (0 silenced).",
    "Operations to perform: Apply all migrations: admin, auth, contenttypes, sessions",
    "  No migrations to apply.",
    "INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.",
    "Successfully validated 12 migrations (execution time 00:00.021s)",
    "Current version of schema \"public\": 12",
    "DEBUG retry policy: max_attempts=5, on=[ConnectionError, TimeoutError]",
    "db not reachable yet: connection refused, retrying in 2s (attempt 1/30)",
    "WARN  connect to cache:6379 timed out, will retry",
    "waiting for db:5432...",
    "level=warn msg=\"dial tcp 10.0.0.7:9092: connect: connection refused\" retry_in=5s",
    "Got permission: read, write",
    "feature flags: unknown flags are ignored",
    "config: {\"onError\":\"ignore\",\"maxOpenFiles\":1024,\"tls\":{\"verify\":true}}",
    "env: DATABASE_URL=postgres://db/shop LOG_LEVEL=info",
    "ulimit: open files 1048576",
    "10.1.0.1 - - [12/Mar/2026:10:00:00 +0000] \"GET /healthz HTTP/1.1\" 200 2 \"-\" \"kube-probe/1.30\"",
    "10.1.0.1 - - [12/Mar/2026:10:00:00 +0000] \"GET /missing HTTP/1.1\" 404 153 \"-\" \"curl/8.5\"",
    "10.1.0.1 - - [12/Mar/2026:10:00:00 +0000] \"POST /login HTTP/1.1\" 401 12 \"-\" \"-\"",
    "GET /favicon.ico 404 1.2 ms - 12",
    "2026/03/12 10:00:00 [notice] 1#1: start worker processes",
    "2026/03/12 10:00:00 [error] 31#31: *1 open() \"/usr/share/nginx/html/favicon.ico\" failed (2: No such file or directory), client: 10.1.0.1",
    "2026/03/12 10:00:00 [warn] 1#1: the \"user\" directive makes sense only if the master process runs with super-user privileges",
    "/docker-entrypoint.sh: Configuration complete; ready for start up",
    "10-listen-on-ipv6-by-default.sh: info: can not modify /etc/nginx/conf.d/default.conf (read-only file system?)",
    "2026-03-12 10:00:00.000 UTC [1] LOG:  database system is ready to accept connections",
    "2026-03-12 10:00:00.000 UTC [31] LOG:  checkpoint complete: wrote 3 buffers (0.0%)",
    "2026-03-12 10:00:00.000 UTC [72] ERROR:  duplicate key value violates unique constraint \"users_pkey\"",
    "NOTICE:  relation \"users\" already exists, skipping",
    "NOTICE:  table \"users\" does not exist, skipping",
    "1:M 12 Mar 2026 10:00:00.000 * Ready to accept connections tcp",
    "1:M 12 Mar 2026 10:00:00.000 # WARNING Memory overcommit must be enabled!",
    "1:C 12 Mar 2026 10:00:00.000 # Warning: no config file specified, using the default config.",
    "2026-03-12T10:00:00.000000Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections.",
    "2026-03-12T10:00:00.000000Z 0 [Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.",
    "[KafkaServer id=1] started (kafka.server.KafkaServer)",
    "{\"t\":{\"$date\":\"2026-03-12T10:00:00.000Z\"},\"s\":\"I\",\"c\":\"NETWORK\",\"msg\":\"Connection accepted\"}",
    "raft2026/03/12 10:00:00 INFO: 8e9e05c52164694d became leader at term 2",
    "level=INFO ts=2026-03-12T10:00:00Z caller=main.go:42 msg=\"Server is ready to receive web requests.\"",
    "panic button pressed by user 12",
    "recovered from panic in handler: runtime error: index out of range [3] with length 3",
    "http: panic serving 10.1.0.1:4711: runtime error: invalid memory address or nil pointer dereference",
    "http: TLS handshake error from 10.1.0.1:4711: EOF",
    "grpc: addrConn.createTransport failed to connect to {10.0.0.1:9090}. Err: connection error. Reconnecting...",
    "the docs explain what `exec format error` and `permission denied` mean",
    "Segmentation of customers finished: 4 segments",
    "Aborted upload 4711 cleaned up",
    "Killed 3 stale sessions",
    "process finished with exit code 0",
    "worker exited with code 0",
    "license: Apache-2.0",
    "CPU features: sse4.2 avx avx2",
    "usage: 12% cpu, 30M memory",
    "thread pool size 8, queue 128",
    "Loaded 142 root certificates, x509 store ready",
    "certificate for api.example.org valid until 2026-09-01",
    "Generating self-signed certificate for localhost",
    "Exception handling middleware registered",
    "Traceback logging enabled",
    "error rate 0.00%, 0 errors in the last minute",
    "job 17 failed 2 times before, now done",
    "+ exec java -jar app.jar",
    "+ echo 'FATAL: password authentication failed for user \"x\"'",
    "chown: skipped, already owned by app",
    "skipping optional module: No module named uvloop",
    "key not found in cache, loading from database",
    "file not found in cache: a.txt",
    "No space between words is left",
    "SIGTERM handler installed",
];

#[test]
fn benign_lines_hit_nothing_that_decides() {
    let mut wrong = Vec::new();
    for line in LINES {
        let view = view(line);
        if is_echo(&view) {
            continue;
        }
        if let Some(hit) =
            best_match(&view, Place::Outside, None).filter(|m| m.signature.decides && m.signature.rank > 0)
        {
            wrong.push(format!("{}: {line}", hit.signature.id));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn a_log_of_benign_lines_tells_nothing_final() {
    for line in LINES {
        let log = ["starting", line];
        let finding =
            read(&log, Some(1)).filter(|f| f.is_final && f.signature.decides && f.signature.rank > 0);
        assert!(finding.is_none(), "{}: {line}", finding.map_or("", |f| f.signature.id));
    }
    let all = read(LINES, Some(1)).filter(|f| f.signature.decides);
    assert!(all.is_none(), "{all:?}");
}

#[test]
fn the_table_is_not_small() {
    assert!(signatures().len() >= 250, "{}", signatures().len());
}
