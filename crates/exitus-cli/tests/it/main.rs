//! The command line as its users meet it: the binary itself, on real captures and on damaged files.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod harness;

mod bad_input;
mod document;
mod explain;
mod proof;
mod schema;
mod score;
mod screens;
mod select;
