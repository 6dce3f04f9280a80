//! Where the deciding line stands in the trace of each runtime.

use super::{check, check_name, check_nothing};

// ---- Python ----

#[test]
fn the_last_line_of_a_traceback_decides() {
    let log = "\
2026-03-12 10:00:00,123 INFO worker starting
Traceback (most recent call last):
  File \"/app/main.py\", line 3, in <module>
    import yaml
ModuleNotFoundError: No module named 'yaml'";
    check(log, 1, "python.module", "ModuleNotFoundError: No module named 'yaml'");
    check_name(log, 1, "python.module", "yaml");
}

#[test]
fn a_missing_key_is_a_setting_only_where_the_environment_was_asked() {
    let log = "\
Traceback (most recent call last):
  File \"/app/main.py\", line 7, in <module>
    DSN = os.environ[\"SHOP_DB\"]
  File \"<frozen os>\", line 679, in __getitem__
KeyError: 'SHOP_DB'";
    check_name(log, 1, "python.environment-lookup", "SHOP_DB");
    let other = "\
Traceback (most recent call last):
  File \"/app/main.py\", line 7, in <module>
    rate = rates[order.currency]
KeyError: 'EUR'";
    check(other, 1, "trace.exception", "KeyError: 'EUR'");
}

#[test]
fn an_exception_that_no_signature_knows_is_unhandled() {
    let log = "\
Traceback (most recent call last):
  File \"/app/main.py\", line 9, in <module>
    raise OrderError(\"no lines\")
shop.errors.OrderError: no lines";
    check(log, 1, "trace.exception", "shop.errors.OrderError: no lines");
}

#[test]
fn the_cause_of_a_chained_exception_is_read_too() {
    let log = "\
Traceback (most recent call last):
  File \"/usr/lib/python3/site-packages/redis/connection.py\", line 264, in connect
    sock = self._connect()
ConnectionRefusedError: [Errno 111] Connection refused

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"/app/main.py\", line 12, in <module>
    main()
shop.StartError: cache is away";
    check(log, 1, "network.refused", "ConnectionRefusedError: [Errno 111] Connection refused");
}

#[test]
fn a_message_of_several_lines_belongs_to_its_exception() {
    let log = "\
Traceback (most recent call last):
  File \"/app/settings.py\", line 4, in <module>
    settings = Settings()
               ^^^^^^^^^^
pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings
database_url
  Field required [type=missing, input_value={}, input_type=dict]
    For further information visit https://errors.pydantic.dev/2.6/v/missing";
    check(
        log,
        1,
        "python.settings",
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for Settings",
    );
}

#[test]
fn what_the_supervisor_says_below_a_traceback_does_not_hide_it() {
    let log = "\
[2026-03-12 10:00:00 +0000] [7] [ERROR] Exception in worker process
Traceback (most recent call last):
  File \"/usr/lib/python3/site-packages/gunicorn/arbiter.py\", line 609, in spawn_worker
    worker.init_process()
ModuleNotFoundError: No module named 'shop.wsgi'
[2026-03-12 10:00:00 +0000] [7] [INFO] Worker exiting (pid: 7)
[2026-03-12 10:00:01 +0000] [1] [ERROR] Worker (pid:7) exited with code 3
[2026-03-12 10:00:01 +0000] [1] [ERROR] Shutting down: Master
[2026-03-12 10:00:01 +0000] [1] [ERROR] Reason: Worker failed to boot.";
    check_name(log, 3, "python.module", "shop.wsgi");
}

#[test]
fn a_traceback_that_was_survived_decides_nothing() {
    let log = "\
Traceback (most recent call last):
  File \"/app/main.py\", line 3, in poll
    q.get()
ModuleNotFoundError: No module named 'yaml'
INFO polling again
INFO batch 1 done
INFO batch 2 done
INFO batch 3 done
INFO batch 4 done
INFO batch 5 done
INFO batch 6 done
INFO batch 7 done
INFO batch 8 done
INFO batch 9 done
INFO batch 10 done
INFO batch 11 done";
    check_nothing(log, 1);
}

// ---- Java, .NET, Node.js ----

#[test]
fn the_last_cause_of_a_java_exception_decides() {
    let log = "\
2026-03-12T10:00:00.000Z ERROR 1 --- [           main] o.s.boot.SpringApplication               : Application run failed

org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'dataSource'
\tat org.springframework.beans.factory.support.AbstractBeanFactory.create(AbstractBeanFactory.java:607)
\tat com.shop.Main.main(Main.java:12)
Caused by: org.postgresql.util.PSQLException: The connection attempt failed.
\tat org.postgresql.core.v3.ConnectionFactoryImpl.open(ConnectionFactoryImpl.java:354)
\t... 24 common frames omitted
Caused by: java.net.UnknownHostException: orders-db
\tat java.base/java.net.InetAddress.getAllByName(InetAddress.java:1519)
\t... 31 common frames omitted";
    check(log, 1, "network.name-java", "Caused by: java.net.UnknownHostException: orders-db");
    check_name(log, 1, "network.name-java", "orders-db");
}

#[test]
fn a_cause_without_a_signature_falls_back_to_the_ones_above_it() {
    let log = "\
Exception in thread \"main\" java.lang.ExceptionInInitializerError
\tat com.shop.Main.<clinit>(Main.java:3)
Caused by: java.lang.UnsupportedClassVersionError: com/shop/Core has been compiled by a more recent version
\tat java.base/java.lang.ClassLoader.defineClass1(Native Method)
Caused by: java.lang.IllegalStateException: deeper
\tat com.shop.Core.<init>(Core.java:3)";
    let line = "Caused by: java.lang.UnsupportedClassVersionError: com/shop/Core has been compiled by a more recent version";
    check(log, 1, "java.class-version", line);
}

#[test]
fn an_unknown_java_exception_quotes_its_last_cause() {
    let log = "\
Exception in thread \"main\" java.lang.RuntimeException: outer
\tat com.shop.Main.main(Main.java:5)
Caused by: java.lang.IllegalStateException: inner
\tat com.shop.Main.go(Main.java:9)
\t... 1 more";
    check(log, 1, "trace.caused-by", "Caused by: java.lang.IllegalStateException: inner");
}

#[test]
fn spring_says_below_its_banner_what_is_wrong() {
    let log = "\
2026-03-12 10:00:00.000 ERROR 1 --- [           main] o.s.b.d.LoggingFailureAnalysisReporter   :

***************************
APPLICATION FAILED TO START
***************************

Description:

Web server failed to start. Port 8080 was already in use.

Action:

Identify and stop the process that's listening on port 8080 or configure this application to listen on another port.";
    check_name(log, 1, "java.spring-port", "8080");
}

#[test]
fn a_jvm_crash_report_names_its_signal() {
    let log = "\
#
# A fatal error has been detected by the Java Runtime Environment:
#
#  SIGSEGV (0xb) at pc=0x00007f8012cd750f, pid=1, tid=7
#
# JRE version: OpenJDK Runtime Environment (17.0.15+6) (build 17.0.15+6)
# Problematic frame:
# C  [libcrash.so+0x750f]
#
# An error report file with more information is saved as:
# /tmp/hs_err_pid1.log
#
[error occurred during error reporting (), id 0xb, SIGSEGV (0xb) at pc=0x00007f8012cd750f]";
    check(log, 127, "crash.jvm-segv", "#  SIGSEGV (0xb) at pc=0x00007f8012cd750f, pid=1, tid=7");
}

#[test]
fn the_line_above_the_stack_of_node_decides() {
    let log = "\
node:events:497
      throw er; // Unhandled 'error' event
      ^

Error: listen EADDRINUSE: address already in use :::3000
    at Server.setupListenHandle [as _listen2] (node:net:1817:16)
    at Object.<anonymous> (/app/server.js:9:5)
Emitted 'error' event on Server instance at:
    at emitErrorNT (node:net:1796:8) {
  code: 'EADDRINUSE',
  errno: -98,
  syscall: 'listen',
  port: 3000
}

Node.js v20.11.0";
    check_name(log, 1, "port.in-use-node", ":::3000");
}

#[test]
fn the_nested_cause_of_node_decides() {
    let log = "\
TypeError: fetch failed
    at node:internal/deps/undici/undici:12345:11
    at async main (/app/main.js:4:3) {
  [cause]: Error: getaddrinfo ENOTFOUND api.shop.internal
      at GetAddrInfoReqWrap.onlookup [as oncomplete] (node:dns:107:26) {
    errno: -3008,
    code: 'ENOTFOUND',
    hostname: 'api.shop.internal'
  }
}

Node.js v20.11.0";
    check_name(log, 1, "network.name-node", "api.shop.internal");
}

#[test]
fn npm_below_it_does_not_hide_the_error_of_node() {
    let log = "\
> shop@1.0.0 start
> node dist/main.js

node:internal/modules/cjs/loader:1147
  throw err;
  ^

Error: Cannot find module '/app/dist/main.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1144:15)
    at node:internal/main/run_main_module:23:47 {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v20.11.0
npm ERR! code 1
npm ERR! path /app
npm ERR! command failed
npm ERR! command sh -c node dist/main.js
npm ERR! A complete log of this run can be found in: /root/.npm/_logs/x-debug-0.log";
    check_name(log, 1, "node.module", "/app/dist/main.js");
}

#[test]
fn a_full_heap_of_node_is_told_above_its_native_frames() {
    let log = "\
<--- Last few GCs --->

[1:0x7f8]    43215 ms: Mark-Compact 254.1 (258.2) -> 253.3 (258.9) MB, 120.2 / 0.0 ms  allocation failure

<--- JS stacktrace --->

FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----

 1: 0xb90cf0 node::Abort() [node]
 2: 0xea4be0 v8::Utils::ReportOOMFailure(v8::internal::Isolate*, char const*) [node]
 3: 0xea4ec7 v8::internal::V8::FatalProcessOutOfMemory [node]
 4: 0x10b6a35 [node]
 5: 0x10ce8b8 v8::internal::Heap::CollectGarbage [node]
 6: 0x10a2d11 v8::internal::HeapAllocator [node]
Aborted (core dumped)";
    let line = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory";
    check(log, 134, "memory.node-heap", line);
}

#[test]
fn the_innermost_cause_of_dotnet_decides() {
    let log = "\
Unhandled exception. System.AggregateException: One or more errors occurred. (no)
 ---> Shop.StartException: no
 ---> System.Net.Sockets.SocketException (111): Connection refused
   at System.Net.Sockets.Socket.AwaitableSocketAsyncEventArgs.ThrowException(SocketError error)
   --- End of inner exception stack trace ---
   at Program.<Main>$(String[] args) in /src/Program.cs:line 12";
    check(log, 134, "network.refused", "---> System.Net.Sockets.SocketException (111): Connection refused");
}

// ---- Go, Rust, Ruby, PHP, native ----

#[test]
fn the_first_line_of_a_go_panic_decides() {
    let log = "\
2026/03/12 10:00:00 starting
panic: open /etc/shop/config.yaml: no such file or directory

goroutine 1 [running]:
main.mustLoad(...)
\t/src/main.go:21
main.main()
\t/src/main.go:14 +0x1d
exit status 2";
    check_name(log, 2, "configuration.open-missing", "/etc/shop/config.yaml");
}

#[test]
fn a_nil_dereference_in_go_is_no_fault_of_native_code() {
    let log = "\
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a1b2c]

goroutine 1 [running]:
main.main()
\t/src/main.go:14 +0x1d";
    let line = "panic: runtime error: invalid memory address or nil pointer dereference";
    check(log, 2, "go.nil", line);
}

#[test]
fn a_fatal_error_of_go_stands_above_all_its_goroutines() {
    let mut log = String::from("fatal error: concurrent map writes\n\n");
    for n in 1..30 {
        log += &format!(
            "goroutine {n} [running]:\nmain.work()\n\t/src/main.go:{n} +0x1d\ncreated by main.main\n\n"
        );
    }
    check(&log, 2, "go.fatal", "fatal error: concurrent map writes");
}

#[test]
fn a_fatal_line_of_klog_decides_above_its_goroutines() {
    let log = "\
I0312 10:00:00.000000       1 main.go:12] starting
F0312 10:00:01.000000       1 leaderelection.go:330] leaderelection lost
goroutine 1 [running]:
k8s.io/klog/v2.stacks(0x1)
\t/go/pkg/mod/k8s.io/klog/v2@v2.60.1/klog.go:860 +0x8a";
    let line = "F0312 10:00:01.000000       1 leaderelection.go:330] leaderelection lost";
    check(log, 255, "kubernetes.leader-lost", line);
}

#[test]
fn a_panic_that_a_server_recovered_from_decides_nothing() {
    let log = "\
2026/03/12 10:00:00 http: panic serving 10.1.0.1:4711: dial tcp 10.0.0.7:5432: connect: connection refused
goroutine 35 [running]:
net/http.(*conn).serve.func1()
\t/usr/local/go/src/net/http/server.go:1868 +0xb9";
    check_nothing(log, 2);
}

#[test]
fn the_message_of_a_rust_panic_decides() {
    let log = "\
thread 'main' (7) panicked at src/main.rs:8:12:
called `Result::unwrap()` on an `Err` value: Os { code: 98, kind: AddrInUse, message: \"Address already in use\" }
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace";
    let line = "called `Result::unwrap()` on an `Err` value: Os { code: 98, kind: AddrInUse, message: \"Address already in use\" }";
    check(log, 101, "port.in-use", line);
}

#[test]
fn the_message_of_a_rust_panic_stands_above_its_backtrace() {
    let log = "\
thread 'main' panicked at 'DATABASE_URL must be set: NotPresent', src/main.rs:8:12
stack backtrace:
   0: rust_begin_unwind
             at /rustc/84c898d65adf2f39a5a98507f1fe0ce10a2b8dbc/library/std/src/panicking.rs:584:5
   1: core::panicking::panic_fmt
             at /rustc/84c898d65adf2f39a5a98507f1fe0ce10a2b8dbc/library/core/src/panicking.rs:142:14
   2: shop::main
             at ./src/main.rs:8:12
note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.";
    check_name(log, 101, "configuration.variable-upper", "DATABASE_URL");
}

#[test]
fn the_head_of_a_ruby_exception_decides() {
    let log = "\
/usr/local/bundle/gems/bootsnap-1.18/lib/bootsnap.rb:32:in `require': cannot load such file -- pg (LoadError)
\tfrom /usr/local/bundle/gems/bootsnap-1.18/lib/bootsnap.rb:32:in `require'
\tfrom /app/config/application.rb:3:in `<top (required)>'
\tfrom bin/rails:4:in `<main>'";
    check_name(log, 1, "ruby.load", "pg");
}

#[test]
fn the_first_line_of_a_php_error_decides() {
    let log = "\
PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [1045] Access denied for user 'shop'@'10.1.0.9' (using password: YES) in /app/db.php:5
Stack trace:
#0 /app/db.php(5): PDO->__construct()
#1 {main}
  thrown in /app/db.php on line 5";
    check_name(log, 255, "authentication.mysql", "shop");
}

#[test]
fn what_cpp_threw_beats_that_it_threw() {
    let log = "\
terminate called after throwing an instance of 'std::bad_alloc'
  what():  std::bad_alloc
Aborted (core dumped)";
    check(log, 134, "memory.cpp", "what():  std::bad_alloc");
}

#[test]
fn a_sanitizer_report_begins_with_its_error() {
    let log = "\
=================================================================
==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000020
READ of size 4 at 0x602000000020 thread T0
    #0 0x55d0 in main /src/a.c:5
    #1 0x7f11 in __libc_start_main (/lib/libc.so.6+0x2724a)

0x602000000020 is located 0 bytes to the right of 16-byte region
SUMMARY: AddressSanitizer: heap-buffer-overflow /src/a.c:5 in main
==1==ABORTING";
    let line = "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000020";
    check(log, 1, "crash.sanitizer", line);
}
