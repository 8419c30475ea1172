//! Instructions for the backtracking machine.

use std::ops::Range;

use super::atom::Atom;
use super::syntax::{Node, Syntax};

/// An address in a program.
pub(super) type Address = usize;

/// An index of a register. Captures have two each, at `2 * group`; loops and lookarounds have theirs after them.
pub(super) type Register = usize;

#[derive(Debug)]
pub(super) enum Instruction {
    /// One character, forwards or backwards.
    Atom {
        atom: usize,
        back: bool,
    },
    /// Characters as they are, forwards: a range of [`Program::literals`].
    Literal(Range<usize>),
    /// An atom repeated, without a choice point for every character.
    Run {
        atom: usize,
        min: u32,
        max: u32,
        greedy: bool,
        back: bool,
    },
    /// Tries what follows, then `other`.
    Split {
        other: Address,
    },
    Jump(Address),
    /// Writes the position to a register.
    Mark(Register),
    Zero(Register),
    Copy {
        from: Register,
        to: Register,
    },
    /// Begins another round of a loop, or leaves it.
    Loop {
        count: Register,
        min: u32,
        max: u32,
        greedy: bool,
        exit: Address,
    },
    /// Counts a round, marks where it began, and forgets what the captures in it took.
    Round {
        count: Register,
        mark: Register,
        first: Register,
        last: Register,
    },
    /// Ends a round, which must not be empty once there have been `min`.
    RoundEnd {
        count: Register,
        mark: Register,
        min: u32,
        begin: Address,
    },
    /// Begins a lookaround, whose way on is `end`.
    Look {
        height: Register,
        negated: bool,
        end: Address,
    },
    LookEnd {
        height: Register,
        negated: bool,
    },
    Backreference {
        groups: Vec<usize>,
        back: bool,
    },
    Start,
    End,
    WordBoundary {
        negated: bool,
    },
    Match,
}

#[derive(Debug)]
pub(super) struct Program {
    pub instructions: Vec<Instruction>,
    pub atoms: Vec<Atom>,
    pub literals: Vec<u32>,
    pub groups: usize,
    pub registers: usize,
}

impl Program {
    /// `None` if a name is not that of a group.
    pub fn new(syntax: Syntax) -> Option<Program> {
        let Syntax { root, groups, names } = syntax;
        let program = Program {
            instructions: Vec::new(),
            atoms: Vec::new(),
            literals: Vec::new(),
            groups,
            registers: 2 * groups,
        };
        let mut compiler = Compiler { program, names };
        compiler.push(Instruction::Mark(0));
        compiler.node(root, false)?;
        compiler.push(Instruction::Mark(1));
        compiler.push(Instruction::Match);
        Some(compiler.program)
    }

    /// Whether it can match at the beginning of the text only, when `^` means no more than that.
    pub fn starts_at_start(&self) -> bool {
        matches!(self.instructions.get(1), Some(Instruction::Start))
    }
}

struct Compiler {
    program: Program,
    names: Vec<(String, usize)>,
}

impl Compiler {
    /// `back` is whether the node is matched from right to left, as within a lookbehind.
    fn node(&mut self, node: Node, back: bool) -> Option<()> {
        match node {
            Node::Atom(atom) => {
                let atom = self.atom(atom);
                self.push(Instruction::Atom { atom, back });
            }
            Node::Sequence(mut nodes) => {
                if back {
                    nodes.reverse();
                }
                let mut in_literal = false;
                for node in nodes {
                    match node {
                        Node::Atom(Atom::Char(character)) if !back => {
                            self.literal(character, in_literal);
                            in_literal = true;
                        }
                        node => {
                            self.node(node, back)?;
                            in_literal = false;
                        }
                    }
                }
            }
            Node::Alternatives(nodes) => {
                let last = nodes.len() - 1;
                let mut ends = Vec::new();
                for (index, node) in nodes.into_iter().enumerate() {
                    let split = (index < last).then(|| self.push(Instruction::Split { other: 0 }));
                    self.node(node, back)?;
                    if let Some(split) = split {
                        ends.push(self.push(Instruction::Jump(0)));
                        let other = self.here();
                        self.program.instructions[split] = Instruction::Split { other };
                    }
                }
                let end = self.here();
                for jump in ends {
                    self.program.instructions[jump] = Instruction::Jump(end);
                }
            }
            Node::Capture { group, inner } => {
                let (first, second) =
                    if back { (2 * group + 1, 2 * group) } else { (2 * group, 2 * group + 1) };
                // Both ends are written when the group ends, so that it keeps its old text until then.
                let begin = self.register();
                self.push(Instruction::Mark(begin));
                self.node(*inner, back)?;
                self.push(Instruction::Copy { from: begin, to: first });
                self.push(Instruction::Mark(second));
            }
            Node::Repeat { inner, min, max, greedy, groups } => match *inner {
                Node::Atom(atom) => {
                    let atom = self.atom(atom);
                    self.push(Instruction::Run { atom, min, max, greedy, back });
                }
                inner => {
                    let (count, mark) = (self.register(), self.register());
                    self.push(Instruction::Zero(count));
                    let begin = self.push(Instruction::Zero(count));
                    let (first, last) = (2 * groups.start, 2 * groups.end);
                    self.push(Instruction::Round { count, mark, first, last });
                    self.node(inner, back)?;
                    self.push(Instruction::RoundEnd { count, mark, min, begin });
                    let exit = self.here();
                    self.program.instructions[begin] =
                        Instruction::Loop { count, min, max, greedy, exit };
                }
            },
            Node::Look { inner, ahead, negated } => {
                let height = self.register();
                let look = self.push(Instruction::Jump(0));
                self.node(*inner, !ahead)?;
                self.push(Instruction::LookEnd { height, negated });
                let end = self.here();
                self.program.instructions[look] = Instruction::Look { height, negated, end };
            }
            Node::Backreference(groups) => {
                self.push(Instruction::Backreference { groups, back });
            }
            Node::NamedBackreference(name) => {
                let groups: Vec<_> = self
                    .names
                    .iter()
                    .filter(|(known, _)| *known == name)
                    .map(|(_, group)| *group)
                    .collect();
                if groups.is_empty() {
                    return None;
                }
                self.push(Instruction::Backreference { groups, back });
            }
            Node::Start => {
                self.push(Instruction::Start);
            }
            Node::End => {
                self.push(Instruction::End);
            }
            Node::WordBoundary { negated } => {
                self.push(Instruction::WordBoundary { negated });
            }
        }
        Some(())
    }

    /// Adds to the literal before, where the character belongs to it, else begins one.
    fn literal(&mut self, character: u32, goes_on: bool) {
        self.program.literals.push(character);
        let end = self.program.literals.len();
        match self.program.instructions.last_mut() {
            Some(Instruction::Literal(range)) if goes_on => range.end = end,
            _ => {
                self.push(Instruction::Literal(end - 1..end));
            }
        }
    }

    fn atom(&mut self, atom: Atom) -> usize {
        self.program.atoms.push(atom);
        self.program.atoms.len() - 1
    }

    fn register(&mut self) -> Register {
        self.program.registers += 1;
        self.program.registers - 1
    }

    fn push(&mut self, instruction: Instruction) -> Address {
        self.program.instructions.push(instruction);
        self.program.instructions.len() - 1
    }

    fn here(&self) -> Address {
        self.program.instructions.len()
    }
}
