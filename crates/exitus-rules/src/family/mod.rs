//! The rules, by family. Each is a free function over facts; none sees another.

pub(crate) mod admission;
pub(crate) mod alive;
pub(crate) mod config;
pub(crate) mod disruption;
pub(crate) mod ended;
pub(crate) mod failed;
pub(crate) mod image;
pub(crate) mod job;
pub(crate) mod memory;
pub(crate) mod owner;
pub(crate) mod runtime;
pub(crate) mod sandbox;
pub(crate) mod scheduling;
pub(crate) mod signal;
pub(crate) mod start;
pub(crate) mod stopped;
pub(crate) mod volume;
