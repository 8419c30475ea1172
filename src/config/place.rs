//! Where in a configuration file something stands.

use std::collections::HashMap;
use std::fmt;

/// A file and, where the format tells it, a line and column in it (both counted from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file as the user would name it: relative to the working directory where it lies inside.
    pub file: String,
    /// Line and column; `None` for a file that is a script.
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(out, "{}:{line}:{column}", self.file),
            None => out.write_str(&self.file),
        }
    }
}

/// Where each key of one file stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    file: String,
    keys: HashMap<Vec<String>, (usize, usize)>,
}

impl Places {
    /// Knows the file alone.
    pub(crate) fn of_file(file: impl Into<String>) -> Places {
        Places { file: file.into(), keys: HashMap::new() }
    }

    pub(crate) fn note(&mut self, path: &[String], position: (usize, usize)) {
        self.keys.insert(path.to_vec(), position);
    }

    /// The place of the key at `path` (`["commands", "migrate", "timeout"]`; items of an array by their
    /// index), or else of the nearest table around it.
    pub fn of(&self, path: &[&str]) -> Place {
        let mut path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        loop {
            if let Some(position) = self.keys.get(&path) {
                return Place { file: self.file.clone(), position: Some(*position) };
            }
            if path.pop().is_none() {
                return Place { file: self.file.clone(), position: None };
            }
        }
    }
}

/// Turns byte offsets of one text into lines and columns.
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Lines {
        let starts =
            std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Lines { starts }
    }

    /// Line and column of a byte offset, both from 1; columns count characters.
    pub(crate) fn position(&self, text: &str, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line.saturating_sub(1)];
        let before = text.get(start..offset).map_or(0, |part| part.chars().count());
        (line.max(1), before + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "a\nüb\n";
        let lines = Lines::of(text);
        assert_eq!(lines.position(text, 0), (1, 1));
        assert_eq!(lines.position(text, 4), (2, 2));
        assert_eq!(lines.position(text, 6), (3, 1));
    }

    #[test]
    fn falls_back_to_the_table_around_a_key() {
        let mut places = Places::of_file("quickcuke.toml");
        places.note(&["ci".to_owned()], (3, 1));
        assert_eq!(places.of(&["ci", "tags"]).to_string(), "quickcuke.toml:3:1");
        assert_eq!(places.of(&["default"]).to_string(), "quickcuke.toml");
    }
}
