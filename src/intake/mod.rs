//! Files as they come, to what they mean: one folder a kind of input.

pub mod dvf;
