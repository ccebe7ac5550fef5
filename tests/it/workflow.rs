//! The workflows, executed: four Mondays and a rollback, and runs that are cut.

mod actions;
mod cuts;
mod expression;
mod github;
mod hosts;
mod internet;
mod mondays;
mod repository;
mod world;
