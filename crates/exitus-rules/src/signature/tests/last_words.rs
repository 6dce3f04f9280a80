//! Last lines without a trace, usage texts, structured logs, orderly stops, and what is too early to decide.

use super::{check, check_name, check_nothing, told};
use crate::signature::{last_telling_line, read, read_message};

#[track_caller]
fn check_final(log: &str, exit: i64, is_final: bool) {
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(read(&lines, Some(exit)).map(|f| f.is_final), Some(is_final));
}

#[track_caller]
fn check_telling(log: &str, line: &str) {
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(last_telling_line(&lines).map(|at| lines[at]), (!line.is_empty()).then_some(line));
}

// ---- the last lines ----

#[test]
fn the_runtime_writes_its_refusal_into_the_log() {
    check_name("exec /app/run: exec format error", 255, "entrypoint.format", "/app/run");
    check_name("exec /app/run.sh: no such file or directory", 1, "entrypoint.interpreter", "/app/run.sh");
    let legacy = "standard_init_linux.go:228: exec user process caused: exec format error";
    check(legacy, 1, "entrypoint.format-legacy", legacy);
    let crun = "exec container process `/app/run`: Exec format error";
    check(crun, 1, "entrypoint.format-crun", crun);
}

#[test]
fn the_words_of_a_shell_count_only_with_its_codes() {
    check_name("/entrypoint.sh: line 4: jq: command not found", 127, "command.not-found", "jq");
    check_nothing("/entrypoint.sh: line 4: jq: command not found", 1);
    check_name("sh: ./run.sh: Permission denied", 126, "command.denied", "./run.sh");
    assert_eq!(told("sh: ./run.sh: Permission denied", 1).0, "permission.denied");
}

#[test]
fn a_crash_word_counts_only_with_its_code() {
    check(
        "/run.sh: line 3:     8 Segmentation fault      /app/x",
        139,
        "crash.segmentation-fault",
        "/run.sh: line 3:     8 Segmentation fault      /app/x",
    );
    check_nothing("/run.sh: line 3:     8 Segmentation fault      /app/x", 3);
}

#[test]
fn the_most_specific_of_the_last_lines_decides() {
    let log = "\
2026-03-12 10:00:00.000 UTC [1] LOG:  starting PostgreSQL 15.18
2026-03-12 10:00:00.001 UTC [1] FATAL:  data directory \"/var/lib/postgresql/data\" has invalid permissions
2026-03-12 10:00:00.001 UTC [1] DETAIL:  Permissions should be u=rwx (0700) or u=rwx,g=rx (0750).";
    check_name(log, 1, "database.postgres-directory", "/var/lib/postgresql/data");
}

#[test]
fn a_port_in_use_is_told_once_where_it_is_told_last() {
    let log = "\
nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)
nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)
nginx: [emerg] still could not bind()";
    check_name(log, 1, "port.in-use-nginx", "0.0.0.0:80");
}

#[test]
fn a_warning_or_a_retry_is_not_final() {
    check_final("connecting to db:5432: connection refused, retrying in 5s", 1, false);
    check_final("2026-03-12T10:00:00Z WARN dial tcp: lookup db on 10.96.0.10:53: no such host", 1, false);
    check_final("giving up after 10 attempts: dial tcp 10.0.0.7:5432: connect: connection refused", 1, true);
}

#[test]
fn a_failure_that_is_tried_again_on_the_next_line_is_not_final() {
    let log = "\
consumer: Cannot connect to amqp://shop:**@queue:5672//: [Errno 111] Connection refused.
Trying again in 2.00 seconds... (1/100)";
    check_final(log, 1, false);
}

#[test]
fn the_end_of_the_retries_is_final() {
    let log = "\
attempt 1: dial tcp 10.0.0.7:5432: connect: connection refused
attempt 2: dial tcp 10.0.0.7:5432: connect: connection refused
FATAL: no connection: dial tcp 10.0.0.7:5432: connect: connection refused";
    check(
        log,
        1,
        "network.refused",
        "FATAL: no connection: dial tcp 10.0.0.7:5432: connect: connection refused",
    );
    check_name(log, 1, "network.refused", "10.0.0.7:5432");
    check_final(log, 1, true);
}

// ---- too early, or healed ----

#[test]
fn an_early_refusal_far_above_a_panic_is_not_the_cause() {
    let mut log = String::from("dial tcp 10.0.0.7:5432: connect: connection refused, retrying\n");
    log += &"2026/03/12 10:00:00 processed batch\n".repeat(30);
    log += "panic: assignment to entry in nil map\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:14 +0x1d\n";
    check(&log, 2, "go.nil", "panic: assignment to entry in nil map");
}

#[test]
fn an_early_refusal_far_above_the_end_is_not_the_cause() {
    let mut log = String::from("FATAL: password authentication failed for user \"shop\"\n");
    log += &"2026/03/12 10:00:00 processed batch\n".repeat(12);
    check_nothing(&log, 1);
}

#[test]
fn what_healed_is_not_the_cause() {
    let log = "\
ERROR dial tcp 10.0.0.7:5432: connect: connection refused
INFO connected to 10.0.0.7:5432
INFO loading rules";
    check_nothing(log, 1);
}

#[test]
fn a_line_of_set_x_is_no_evidence() {
    let log = "\
+ export MESSAGE='no space left on device'
+ grep -q 'permission denied' /tmp/log
+ exit 3";
    check_nothing(log, 3);
}

#[test]
fn a_line_that_informs_is_no_evidence() {
    check_nothing("level=info msg=\"ignored: permission denied\"", 1);
    check_nothing("{\"level\":30,\"msg\":\"last error was: connection refused\"}", 1);
}

#[test]
fn an_empty_log_tells_nothing() {
    check_nothing("", 1);
    check_nothing("\n\n   \n", 1);
    assert!(read(&[], None).is_none());
}

// ---- structured logs ----

#[test]
fn json_lines_are_opened() {
    let log = "\
{\"level\":\"info\",\"ts\":1700000000.1,\"msg\":\"starting\"}
{\"level\":\"fatal\",\"ts\":1700000000.2,\"msg\":\"cannot serve\",\"error\":\"listen tcp :8080: bind: address already in use\"}";
    check_name(log, 1, "port.in-use", ":8080");
}

#[test]
fn a_stack_inside_json_is_a_trace() {
    let log = r#"{"level":60,"msg":"fatal","err":{"type":"Error","message":"connect ECONNREFUSED 10.0.0.7:6379","stack":"Error: connect ECONNREFUSED 10.0.0.7:6379\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)"}}"#;
    check_name(log, 1, "network.refused-node", "10.0.0.7:6379");
}

#[test]
fn klog_logfmt_and_zap_are_read() {
    check(
        "E0312 10:00:00.000000       1 main.go:42] \"unable to start manager\" err=\"open /tmp/k8s-webhook-server/serving-certs/tls.crt: no such file or directory\"",
        1,
        "kubernetes.webhook-certificate",
        "E0312 10:00:00.000000       1 main.go:42] \"unable to start manager\" err=\"open /tmp/k8s-webhook-server/serving-certs/tls.crt: no such file or directory\"",
    );
    check_name(
        "time=\"2026-03-12T10:00:00Z\" level=fatal msg=\"dial\" err=\"dial tcp: lookup db: no such host\"",
        1,
        "network.name-go",
        "db",
    );
    check(
        "2026-03-12T10:00:00.000Z\tERROR\tsetup\tproblem running manager\t{\"error\": \"leader election lost\"}",
        1,
        "kubernetes.leader-lost",
        "2026-03-12T10:00:00.000Z\tERROR\tsetup\tproblem running manager\t{\"error\": \"leader election lost\"}",
    );
}

#[test]
fn times_of_kubectl_and_colours_do_not_hide_a_line() {
    check_name("2026-03-12T10:00:00.123456789Z sh: 1: nosuch: not found", 127, "command.not-found", "nosuch");
    check_name("\u{1b}[31mError: unknown flag: --nosuch\u{1b}[0m", 1, "usage.flag-cobra", "--nosuch");
}

// ---- usage ----

#[test]
fn the_refusal_stands_above_the_usage_of_go_and_cobra() {
    let mut log = String::from("flag provided but not defined: -nosuch\nUsage of /app/server:\n");
    log += &"  -port int\n    \tport to listen on (default 8080)\n".repeat(12);
    check_name(&log, 2, "usage.flag-go", "-nosuch");
    let mut log =
        String::from("Error: required flag(s) \"config\" not set\nUsage:\n  app serve [flags]\n\nFlags:\n");
    log += &"      --name string   the name\n".repeat(14);
    check_name(&log, 1, "usage.required-cobra", "config");
}

#[test]
fn the_refusal_stands_below_the_usage_of_argparse() {
    let log = "\
usage: app.py [-h] --db DB [--port PORT]
app.py: error: the following arguments are required: --db";
    check(log, 2, "usage.argparse", "app.py: error: the following arguments are required: --db");
}

#[test]
fn clap_and_click_say_it_in_their_first_line() {
    let clap = "error: unexpected argument '--nosuch' found\n\nUsage: app [OPTIONS]\n\nFor more information, try '--help'.";
    check_name(clap, 2, "usage.clap", "--nosuch");
    let click = "Usage: app [OPTIONS] NAME\nTry 'app --help' for help.\n\nError: Missing argument 'NAME'.";
    check(click, 2, "usage.click", "Error: Missing argument 'NAME'.");
}

#[test]
fn a_usage_text_alone_suggests_a_wrong_command_line() {
    let log = "Usage: app COMMAND [ARG]\n\nCommands:\n  serve    serves\n  migrate  migrates";
    check(log, 1, "usage.text", "Usage: app COMMAND [ARG]");
    check_nothing(log, 0);
}

// ---- orderly stops ----

#[test]
fn an_orderly_stop_has_no_cause() {
    let log = "\
ERROR could not flush: connection refused
INFO Shutting down gracefully
INFO Bye";
    for code in [0, 143, 130] {
        check_nothing(log, code);
    }
}

#[test]
fn after_a_request_to_stop_only_a_crash_counts() {
    let log = "received signal: terminated\nhttp: Server closed\nERROR dial tcp 10.0.0.7:5432: connect: connection refused";
    check_nothing(log, 1);
    let lost = "I0312 10:00:00.000000       1 main.go:9] received signal terminated\nE0312 10:00:01.000000       1 main.go:42] leader election lost";
    check_nothing(lost, 1);
    let crash = "received signal: terminated\npanic: close of closed channel\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:14 +0x1d";
    check(crash, 2, "go.panic", "panic: close of closed channel");
}

#[test]
fn a_kill_from_outside_leaves_no_last_words() {
    let log = "ERROR dial tcp 10.0.0.7:5432: connect: connection refused";
    check_nothing(log, 137);
    check_nothing(log, 143);
    check(
        "Failed to create CoreCLR, HRESULT: 0x8007000E",
        137,
        "memory.dotnet-coreclr",
        "Failed to create CoreCLR, HRESULT: 0x8007000E",
    );
    check(
        "/run.sh: line 3:     8 Killed                  /app/x",
        137,
        "memory.shell-killed",
        "/run.sh: line 3:     8 Killed                  /app/x",
    );
}

#[test]
fn a_shutdown_after_a_failure_is_no_request_to_stop() {
    let log = "\
ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use
INFO:     Waiting for application shutdown.
INFO:     Application shutdown complete.";
    assert_eq!(told(log, 1).0, "port.in-use");
}

// ---- the other readings ----

#[test]
fn a_termination_message_is_read_like_a_log() {
    let text = "leaderelection lost";
    let found = read_message(text, Some(255)).unwrap();
    assert_eq!((found.signature.id, found.line, found.is_final), ("kubernetes.leader-lost", 0, true));
    assert!(read_message("all good", Some(1)).is_none());
}

#[test]
fn the_index_counts_from_the_first_line_given() {
    let mut lines = vec!["tick"; 500];
    lines.push("OSError: [Errno 28] No space left on device");
    assert_eq!(read(&lines, Some(1)).map(|f| f.line), Some(500));
    assert_eq!(last_telling_line(&lines), Some(500));
}

#[test]
fn the_line_to_quote_is_the_last_error() {
    check_telling("starting\nERROR order 7 has no lines\nleaving now\n\n", "ERROR order 7 has no lines");
    check_telling("starting\nall done\n=======\n", "all done");
    check_telling(
        "boom: bad order\n    at f (/app/a.js:1:2)\n    at g (/app/a.js:2:2)\n\nNode.js v20.11.0",
        "boom: bad order",
    );
    check_telling("ERROR no such order\nINFO server listening on :8080\nINFO tick", "INFO tick");
    check_telling("unable to retrieve container logs for containerd://0a1b2c", "");
    check_telling("====\n\n   \n----", "");
    check_telling("", "");
}
