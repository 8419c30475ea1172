//! One argument of a match, before JavaScript transforms it.

use crate::messages::Group;

/// What a capture group of a pattern took from a step's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub group: Group,
    /// Index into the [`ParameterTypeRegistry`](super::ParameterTypeRegistry); `None` for a group of a
    /// regular expression that belongs to no parameter type (its value is the first string, or null).
    pub parameter_type: Option<usize>,
}

impl Argument {
    /// The arguments of the parameter type's transformer: the values of the group's children, or of the
    /// group itself if it has none. `None` is JavaScript's `undefined`.
    pub fn values(&self) -> Vec<Option<&str>> {
        let groups = self.group.children.as_deref().unwrap_or(std::slice::from_ref(&self.group));
        groups.iter().map(|group| group.value.as_deref()).collect()
    }
}
