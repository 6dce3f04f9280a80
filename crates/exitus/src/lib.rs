//! Why a Kubernetes container exited, or why it cannot start, from evidence.
//!
//! ```
//! use exitus::{Format, Reader, Selection, Style, diagnose, render};
//!
//! let pod = r#"
//! kind: Pod
//! metadata: {name: api-0, namespace: shop}
//! spec: {containers: [{name: app, resources: {limits: {memory: 64Mi}}}]}
//! status:
//!   phase: Running
//!   containerStatuses:
//!   - name: app
//!     restartCount: 3
//!     state: {waiting: {reason: CrashLoopBackOff}}
//!     lastState: {terminated: {exitCode: 137, reason: OOMKilled}}
//! "#;
//! let mut reader = Reader::new();
//! reader.read("pod.yaml", pod.as_bytes());
//! let (snapshot, problems) = reader.finish();
//! let report = diagnose(&snapshot, problems, &Selection::default())?;
//! assert_eq!(report.items[0].cause.as_str(), "out-of-memory-container");
//! assert_eq!(report.items[0].confidence, exitus::Confidence::Likely);
//! println!("{}", render(&report, Format::Human, &Style::default()));
//! # Ok::<(), exitus::UnknownTarget>(())
//! ```

pub use exitus_ingest::{Reader, read_paths};
pub use exitus_model::*;
pub use exitus_reference as reference;
pub use exitus_render::{
    ExplainFormat, Format, List, Style, describe_problem, describe_unknown, explain, list, render, sanitize,
    schema,
};
pub use exitus_rules::{Selection, Target, UnknownTarget, cause_of_line, diagnose};
