//! Runs a program over a text, by backtracking, within a budget.

use super::atom::{canonical, is_line_end, is_word};
use super::program::{Address, Instruction, Program, Register};

/// Instructions that one search may take: far beyond any honest expression, and some tenths of a second. Unit
/// tests, which are not optimised, get by with fewer.
const MAX_STEPS: u64 = if cfg!(test) { 1_000_000 } else { 50_000_000 };

/// Entries that the backtracking stack may have.
const MAX_STACK: usize = 2_000_000;

/// Room for these is made at once, since nearly every search needs it.
const USUAL_STACK: usize = 32;

/// A register that has not been written, or a capture that took no part.
pub(super) const UNSET: usize = usize::MAX;

/// The search took more than its budget.
pub(super) struct Exhausted;

pub(super) struct Machine<'a> {
    program: &'a Program,
    /// Code units, or code points in an expression with `u`.
    text: &'a [u32],
    multiline: bool,
    ignore_case: bool,
    unicode: bool,
    registers: Vec<usize>,
    stack: Vec<Frame>,
    steps: u64,
}

/// What to do when the way taken does not lead to a match.
#[derive(Debug)]
enum Frame {
    Resume {
        address: Address,
        position: usize,
    },
    /// Gives a register its value back.
    Restore {
        register: Register,
        value: usize,
    },
    /// Goes on at `address` with a run that is one character shorter or longer.
    Run {
        address: Address,
        position: usize,
        limit: usize,
    },
    /// Below it lies what was before a lookaround.
    Look {
        negated: bool,
        end: Address,
        position: usize,
    },
}

impl<'a> Machine<'a> {
    pub fn new(program: &'a Program, text: &'a [u32], flags: &str) -> Machine<'a> {
        Machine {
            program,
            text,
            multiline: flags.contains('m'),
            ignore_case: flags.contains('i'),
            unicode: flags.contains('u'),
            registers: Vec::new(),
            stack: Vec::with_capacity(USUAL_STACK),
            steps: 0,
        }
    }

    /// The registers of the captures of the first match: two each, positions in the text or [`UNSET`].
    pub fn search(mut self, only_at_start: bool) -> Result<Option<Vec<usize>>, Exhausted> {
        let only_at_start = only_at_start || (!self.multiline && self.program.starts_at_start());
        let last = if only_at_start { 0 } else { self.text.len() };
        for start in 0..=last {
            self.registers.clear();
            self.registers.resize(self.program.registers, UNSET);
            self.stack.clear();
            if self.run(start)? {
                self.registers.truncate(2 * self.program.groups);
                return Ok(Some(self.registers));
            }
        }
        Ok(None)
    }

    fn run(&mut self, start: usize) -> Result<bool, Exhausted> {
        let mut next = Some((0, start));
        while let Some((address, position)) = next {
            self.steps += 1;
            if self.steps > MAX_STEPS || self.stack.len() > MAX_STACK {
                return Err(Exhausted);
            }
            let program = self.program;
            let instruction = &program.instructions[address];
            if matches!(instruction, Instruction::Match) {
                return Ok(true);
            }
            next = self.step(instruction, address, position).or_else(|| self.backtrack());
        }
        Ok(false)
    }

    /// Where to go on, or `None` if the way ends here.
    fn step(
        &mut self,
        instruction: &Instruction,
        address: Address,
        position: usize,
    ) -> Option<(Address, usize)> {
        let on = address + 1;
        match *instruction {
            Instruction::Atom { atom, back } => {
                return Some((on, self.advance(atom, position, back)?));
            }
            Instruction::Literal(ref range) => {
                let literal = &self.program.literals[range.clone()];
                return self.text[position..]
                    .starts_with(literal)
                    .then_some((on, position + literal.len()));
            }
            Instruction::Run { atom, min, max, greedy, back } => {
                return self.begin_run(atom, (min, max), greedy, back, on, position);
            }
            Instruction::Split { other } => {
                self.stack.push(Frame::Resume { address: other, position })
            }
            Instruction::Jump(target) => return Some((target, position)),
            Instruction::Mark(register) => self.write(register, position),
            Instruction::Zero(register) => self.write(register, 0),
            Instruction::Copy { from, to } => self.write(to, self.registers[from]),
            Instruction::Loop { count, min, max, greedy, exit } => {
                let rounds = self.registers[count];
                if rounds >= max as usize {
                    return Some((exit, position));
                }
                if rounds >= min as usize {
                    let (first, second) = if greedy { (on, exit) } else { (exit, on) };
                    self.stack.push(Frame::Resume { address: second, position });
                    return Some((first, position));
                }
            }
            Instruction::Round { count, mark, first, last } => {
                self.write(count, self.registers[count] + 1);
                self.write(mark, position);
                for register in first..last {
                    if self.registers[register] != UNSET {
                        self.write(register, UNSET);
                    }
                }
            }
            Instruction::RoundEnd { count, mark, min, begin } => {
                let is_empty = self.registers[mark] == position;
                return (!is_empty || self.registers[count] <= min as usize)
                    .then_some((begin, position));
            }
            Instruction::Look { height, negated, end } => {
                // The write itself takes one entry.
                self.write(height, self.stack.len() + 1);
                self.stack.push(Frame::Look { negated, end, position });
            }
            Instruction::LookEnd { height, negated } => return self.end_look(height, negated),
            Instruction::Backreference { ref groups, back } => {
                return Some((on, self.repeat_group(groups, position, back)?));
            }
            Instruction::Start => {
                let line_start =
                    self.multiline && position > 0 && is_line_end(self.text[position - 1]);
                return (position == 0 || line_start).then_some((on, position));
            }
            Instruction::End => {
                let next = self.text.get(position);
                return next
                    .is_none_or(|next| self.multiline && is_line_end(*next))
                    .then_some((on, position));
            }
            Instruction::WordBoundary { negated } => {
                let before = position > 0 && is_word(self.text[position - 1]);
                let after = self.text.get(position).is_some_and(|next| is_word(*next));
                return ((before != after) != negated).then_some((on, position));
            }
            Instruction::Match => {}
        }
        Some((on, position))
    }

    /// Back to the last choice, or `None` if there is none left.
    fn backtrack(&mut self) -> Option<(Address, usize)> {
        loop {
            match self.stack.pop()? {
                Frame::Resume { address, position } => return Some((address, position)),
                Frame::Restore { register, value } => self.registers[register] = value,
                Frame::Run { address, position, limit } => {
                    if let Some(resumed) = self.resume_run(address, position, limit) {
                        return Some(resumed);
                    }
                }
                Frame::Look { negated: true, end, position } => return Some((end, position)),
                Frame::Look { .. } => {}
            }
        }
    }

    /// One character further if the atom accepts it.
    fn advance(&self, atom: usize, position: usize, back: bool) -> Option<usize> {
        let (index, next) =
            if back { (position.checked_sub(1)?, position - 1) } else { (position, position + 1) };
        self.program.atoms[atom].accepts(*self.text.get(index)?).then_some(next)
    }

    fn begin_run(
        &mut self,
        atom: usize,
        (min, max): (u32, u32),
        greedy: bool,
        back: bool,
        on: Address,
        start: usize,
    ) -> Option<(Address, usize)> {
        let mut position = start;
        for _ in 0..min {
            position = self.advance(atom, position, back)?;
        }
        let least = position;
        if greedy {
            let mut more = max - min;
            while more > 0
                && let Some(next) = self.advance(atom, position, back)
            {
                position = next;
                more -= 1;
            }
            self.steps += position.abs_diff(start) as u64;
        }
        // A greedy run gives back down to `limit`; a lazy one may take `limit` characters more.
        let limit = if greedy { least } else { (max - min) as usize };
        if position != least || (!greedy && limit > 0) {
            self.stack.push(Frame::Run { address: on - 1, position, limit });
        }
        Some((on, position))
    }

    fn resume_run(
        &mut self,
        address: Address,
        position: usize,
        limit: usize,
    ) -> Option<(Address, usize)> {
        let Instruction::Run { atom, greedy, back, .. } = self.program.instructions[address] else {
            return None;
        };
        let (position, limit, more) = if greedy {
            let position = if back { position + 1 } else { position - 1 };
            (position, limit, position != limit)
        } else {
            (self.advance(atom, position, back)?, limit - 1, limit > 1)
        };
        if more {
            self.stack.push(Frame::Run { address, position, limit });
        }
        Some((address + 1, position))
    }

    /// A lookaround has matched within: its choices are gone, its captures stay if it is not negated.
    fn end_look(&mut self, height: Register, negated: bool) -> Option<(Address, usize)> {
        let height = self.registers[height];
        if negated {
            while self.stack.len() > height + 1 {
                if let Some(Frame::Restore { register, value }) = self.stack.pop() {
                    self.registers[register] = value;
                }
            }
            self.stack.pop();
            return None;
        }
        let mut above = self.stack.split_off(height).into_iter();
        let Some(Frame::Look { end, position, .. }) = above.next() else { return None };
        self.stack.extend(above.filter(|frame| matches!(frame, Frame::Restore { .. })));
        Some((end, position))
    }

    fn repeat_group(&self, groups: &[usize], position: usize, back: bool) -> Option<usize> {
        let captured =
            groups.iter().map(|group| (self.registers[2 * group], self.registers[2 * group + 1]));
        let Some((start, end)) =
            captured.into_iter().find(|(start, end)| *start != UNSET && *end != UNSET)
        else {
            return Some(position);
        };
        let length = end - start;
        let from = if back { position.checked_sub(length)? } else { position };
        let (taken, here) = (&self.text[start..end], self.text.get(from..from + length)?);
        let same = taken.iter().zip(here).all(|(left, right)| self.equal(*left, *right));
        same.then_some(if back { from } else { from + length })
    }

    fn equal(&self, left: u32, right: u32) -> bool {
        let fold = |character: u32| match char::from_u32(character) {
            Some(c) if self.unicode => {
                c.to_uppercase().flat_map(char::to_lowercase).next().unwrap_or(c).into()
            }
            _ => canonical(character),
        };
        left == right || (self.ignore_case && fold(left) == fold(right))
    }

    fn write(&mut self, register: Register, value: usize) {
        self.stack.push(Frame::Restore { register, value: self.registers[register] });
        self.registers[register] = value;
    }
}
