//! Compiles the texts of this crate into static tables, so that nothing is parsed at run time.

#![expect(clippy::print_stdout, reason = "cargo reads what a build script prints")]
#![expect(clippy::panic, reason = "a panic is how a build script reports what is wrong with its input")]

mod causes;
mod codes;
mod input;
mod messages;
mod reasons;
mod rust;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    for folder in ["build", "causes", "messages", "entries"] {
        println!("cargo::rerun-if-changed={folder}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let write = |name: &str, text: String| fs::write(out.join(name), text).expect("OUT_DIR is writable");
    write("causes.rs", causes::table());
    write("messages.rs", messages::table());
    write("codes.rs", codes::tables());
    write("reasons.rs", reasons::table());
}
