//! The use cases: what a person or a workflow asks of a project.

pub mod gate;
pub mod project;
pub mod serve;
pub mod state;
