//! One argument of a match, before JavaScript transforms it.

use crate::messages::Group;

/// What a capture group of a pattern took from a step's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub group: Group,
    /// Index into the [`ParameterTypeRegistry`](super::ParameterTypeRegistry); `None` for a group of a
    /// regular expression that belongs to no parameter type (its value is the first string, or null).
    pub parameter_type: Option<usize>,
    /// The arguments of the parameter type's transformer: the values of the group's children, or of the
    /// group itself if it has none. `None` is JavaScript's `undefined`.
    pub values: Vec<Option<String>>,
}

impl Argument {
    pub(super) fn new(group: Group, parameter_type: Option<usize>) -> Argument {
        let values = match &group.children {
            Some(children) => children.iter().map(|child| child.value.clone()).collect(),
            None => vec![group.value.clone()],
        };
        Argument { group, parameter_type, values }
    }
}
