//! A source map in decoded form: from a position in transpiled code to one in the author's file.
//!
//! Lines are 0-based in here, 1-based at the interface. Generated columns count UTF-8 bytes,
//! because that is what QuickJS reports; original columns count UTF-16 code units, because that is
//! what editors and V8 show.

/// One mapped point of the generated code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) generated_line: u32,
    pub(super) generated_column: u32,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// The mapping of one file onto itself before it was transpiled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SourceMap {
    /// Sorted by generated position.
    segments: Vec<Segment>,
}

impl SourceMap {
    /// `segments` in UTF-16 columns on both sides (as source maps have them), for generated text
    /// `code`.
    pub(super) fn new(code: &str, mut segments: Vec<Segment>) -> SourceMap {
        segments.sort_by_key(|segment| (segment.generated_line, segment.generated_column));
        if !code.is_ascii() {
            let lines: Vec<&str> = code.split('\n').collect();
            for segment in &mut segments {
                if let Some(line) = lines.get(segment.generated_line as usize) {
                    segment.generated_column = utf8_column(line, segment.generated_column);
                }
            }
        }
        SourceMap { segments }
    }

    /// Moves what stands on the first generated line by `bytes`: that many were put before it.
    pub(super) fn shift_first_line(&mut self, bytes: u32) {
        for segment in self.segments.iter_mut().take_while(|segment| segment.generated_line == 0) {
            segment.generated_column += bytes;
        }
    }

    /// The author's (line, column) for a generated one, all 1-based. A position before the first
    /// mapped point of its line (or in what was put before the author's code) takes that first
    /// point.
    pub(super) fn original(&self, line: u32, column: u32) -> Option<(u32, u32)> {
        let (line, column) = (line.checked_sub(1)?, column.saturating_sub(1));
        let after = self
            .segments
            .partition_point(|s| (s.generated_line, s.generated_column) <= (line, column));
        let at = after.checked_sub(1).and_then(|index| self.segments.get(index));
        let segment = match (at, self.segments.get(after)) {
            (Some(at), _) if at.generated_line == line => at,
            (_, Some(next)) if next.generated_line == line => next,
            (at, next) => at.or(next)?,
        };
        Some((segment.line + 1, segment.column + 1))
    }

    /// For the disk cache: each field as the difference to the one before it, as a variable-length
    /// integer.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.segments.len() * 5);
        let mut last = Segment { generated_line: 0, generated_column: 0, line: 0, column: 0 };
        for segment in &self.segments {
            write_difference(&mut bytes, last.generated_line, segment.generated_line);
            write_difference(&mut bytes, last.generated_column, segment.generated_column);
            write_difference(&mut bytes, last.line, segment.line);
            write_difference(&mut bytes, last.column, segment.column);
            last = *segment;
        }
        bytes
    }

    /// What [`SourceMap::encode`] wrote; none if the bytes are not that.
    pub(super) fn decode(mut bytes: &[u8]) -> Option<SourceMap> {
        let mut segments = Vec::with_capacity(bytes.len() / 4);
        let mut last = Segment { generated_line: 0, generated_column: 0, line: 0, column: 0 };
        while !bytes.is_empty() {
            last = Segment {
                generated_line: read_difference(&mut bytes, last.generated_line)?,
                generated_column: read_difference(&mut bytes, last.generated_column)?,
                line: read_difference(&mut bytes, last.line)?,
                column: read_difference(&mut bytes, last.column)?,
            };
            segments.push(last);
        }
        Some(SourceMap { segments })
    }
}

/// A 0-based column in UTF-16 code units, as one in bytes of the same line.
pub(super) fn utf8_column(line: &str, utf16: u32) -> u32 {
    let mut units = 0;
    let bytes = line.chars().take_while(|c| {
        let before = units;
        units += c.len_utf16() as u32;
        before < utf16
    });
    bytes.map(|c| c.len_utf8() as u32).sum()
}

/// A 0-based column in bytes, as one in UTF-16 code units of the same line.
pub(super) fn utf16_column(line: &str, bytes: u32) -> u32 {
    line.char_indices()
        .take_while(|(at, _)| (*at as u32) < bytes)
        .map(|(_, c)| c.len_utf16() as u32)
        .sum()
}

/// Zigzag, then seven bits a byte.
fn write_difference(bytes: &mut Vec<u8>, from: u32, to: u32) {
    let difference = i64::from(to) - i64::from(from);
    let mut rest = ((difference << 1) ^ (difference >> 63)) as u64;
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn read_difference(bytes: &mut &[u8], from: u32) -> Option<u32> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            let difference = (value >> 1) as i64 ^ -((value & 1) as i64);
            return u32::try_from(i64::from(from).checked_add(difference)?).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(generated_line: u32, generated_column: u32, line: u32, column: u32) -> Segment {
        Segment { generated_line, generated_column, line, column }
    }

    #[test]
    fn finds_the_nearest_point_at_or_before_a_position() {
        let map = SourceMap::new(
            "ab cd\nef",
            vec![segment(0, 0, 4, 2), segment(0, 3, 4, 9), segment(1, 1, 7, 0)],
        );
        assert_eq!(map.original(1, 1), Some((5, 3)));
        assert_eq!(map.original(1, 3), Some((5, 3)));
        assert_eq!(map.original(1, 4), Some((5, 10)));
        assert_eq!(map.original(2, 1), Some((8, 1)), "before the first point of the line");
        assert_eq!(map.original(9, 1), Some((8, 1)), "past the end");
        assert_eq!(SourceMap::default().original(1, 1), None);
    }

    #[test]
    fn counts_generated_columns_in_bytes() {
        let code = "/*é日😀*/x";
        let map = SourceMap::new(code, vec![segment(0, 0, 0, 0), segment(0, 8, 3, 3)]);
        let byte = code.find('x').unwrap() as u32;
        assert_eq!(map.original(1, byte + 1), Some((4, 4)));
        assert_eq!(map.original(1, byte), Some((1, 1)));
        assert_eq!(utf16_column(code, byte), 8);
    }

    #[test]
    fn shifts_only_the_first_line() {
        let mut map = SourceMap::new("a\nb", vec![segment(0, 0, 0, 0), segment(1, 0, 1, 5)]);
        map.shift_first_line(10);
        assert_eq!(map.original(1, 11), Some((1, 1)));
        assert_eq!(map.original(2, 1), Some((2, 6)));
    }

    #[test]
    fn survives_encoding() {
        let map = SourceMap::new(
            "",
            vec![segment(0, 5, 70_000, 3), segment(3, 0, 2, 4_000_000), segment(3, 1, 2, 0)],
        );
        let bytes = map.encode();
        assert_eq!(SourceMap::decode(&bytes), Some(map));
        assert_eq!(SourceMap::decode(&bytes[..bytes.len() - 1]), None);
        assert_eq!(SourceMap::decode(&[0xff; 40]), None);
    }
}
