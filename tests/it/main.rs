//! The integration tests: they drive the real executable on folders of their own.

mod support;
