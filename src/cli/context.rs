//! What each command works with.

use super::terminal::Terminal;
use crate::app::Project;

/// The project and the terminal.
pub(super) struct Context {
    pub project: Project,
    pub terminal: Terminal,
}
