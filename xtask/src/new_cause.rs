//! The files of a new cause. What is left to write is what the table-wide tests complain about.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::workspace::{root, write};

/// Lays out the files and says what comes next.
pub(crate) fn run(name: &str, family: &str) -> Result<()> {
    ensure!(
        is_kebab_case(name),
        "\"{name}\" is no cause id: lower-case words joined by hyphens, as in disk-full"
    );
    let cases = root().join("crates/exitus-rules/cases");
    let mut families: Vec<String> = fs::read_dir(&cases)
        .with_context(|| format!("cannot read {}", cases.display()))?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    families.sort();
    ensure!(
        families.iter().any(|f| f == family),
        "no family \"{family}\"; there are {}",
        families.join(", ")
    );
    let files = [
        (format!("crates/exitus-reference/causes/{name}.md"), cause(family)),
        (format!("crates/exitus-rules/cases/{family}/{name}.md"), case(name)),
    ];
    for (path, _) in &files {
        ensure!(!root().join(path).exists(), "{path} is there already");
    }
    for (path, text) in &files {
        write(&root().join(path), text)?;
        println!("wrote {path}");
    }
    println!("{}", next_steps(name, family));
    Ok(())
}

fn is_kebab_case(name: &str) -> bool {
    !name.is_empty()
        && name.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
}

/// The texts. The placeholders are none that a text may hold, so that tests name what is not written.
fn cause(family: &str) -> String {
    format!(
        "\
+++
family = \"{family}\"
severity = \"error\"
references = []
+++

## en
{{write_the_title}}

{{write_the_explanation}}

### Decided by

## zh
{{write_the_title}}

{{write_the_explanation}}

### 判定依据
"
    )
}

/// A case and a near miss. The verdict that the near miss expects is no cause, so that it fails until it is written.
fn case(name: &str) -> String {
    let pod = |number: u8| {
        format!(
            "\
```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata: {{name: api-{number}, namespace: shop}}
spec: {{nodeName: n1, restartPolicy: Always, containers: [{{name: app, image: \"api:1\"}}]}}
status:
  phase: Running
  containerStatuses:
  - name: app
    ready: false
    restartCount: 3
    state: {{waiting: {{reason: CrashLoopBackOff}}}}
    lastState: {{terminated: {{exitCode: 1, reason: Error, startedAt: \"2026-03-01T10:00:00Z\", finishedAt: \"2026-03-01T10:00:05Z\"}}}}
```
"
        )
    };
    format!(
        "\
# {name}

## (what the case shows)

Why this evidence decides it.

{}```expect
shop/api-0 app {name} confirmed
```

## near miss: (what looks alike)

Why it is another matter.

{}```expect
shop/api-1 app (the-cause-that-it-is) confirmed
```
",
        pod(0),
        pod(1)
    )
}

fn next_steps(name: &str, family: &str) -> String {
    let constant = name.to_uppercase().replace('-', "_");
    format!(
        "
Next:
  1. Texts: fill crates/exitus-reference/causes/{name}.md in both languages (STYLE.md):
     title, explanation, deciding facts, references, two remedies or more with their risk,
     the harmless first; `fallback` if there is a coarser cause. `severity` is error, warning or info.
       cargo test -p exitus-reference        says what is missing
  2. Cases: put real evidence into crates/exitus-rules/cases/{family}/{name}.md, at least
     one case that shows it and one near miss.
  3. Rule: propose cause_id::{constant} in crates/exitus-rules/src/family/, or, where a log line
     decides, add a signature to crates/exitus-rules/signatures/.
       cargo test -p exitus-rules            says which case differs
  4. The whole: cargo xtask ci, and a line in CHANGELOG.md."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case() {
        assert!(is_kebab_case("disk-full"));
        for wrong in ["", "Disk", "disk_full", "disk--full", "-disk", "disk-2"] {
            assert!(!is_kebab_case(wrong), "{wrong}");
        }
    }

    #[test]
    fn skeletons_have_both_languages_a_case_and_a_near_miss() {
        let cause = cause("ended");
        assert!(
            cause.starts_with("+++\nfamily = \"ended\"\n")
                && cause.contains("\n## en\n")
                && cause.contains("\n## zh\n")
        );
        let case = case("disk-melted");
        assert!(case.contains("\n## near miss: ") && case.contains("shop/api-0 app disk-melted confirmed\n"));
    }
}
