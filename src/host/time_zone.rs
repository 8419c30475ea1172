//! The machine's time zone database, for dates in named zones.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};

use super::{Host, Op, arguments};
use crate::isolate::{OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[("time_zone", time_zone)];

/// Where systems keep the database.
const DIRECTORIES: [&str; 3] =
    ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"];

/// (name, in any case) -> { name, transitions: [[seconds since 1970, index of a kind]], kinds: [[offset
/// in seconds, whether it is summer time]], rule }, where `rule` is the POSIX one for what comes after the
/// last transition. Nothing for an unknown zone, or where the machine has no database.
fn time_zone(_: &Host, args: &[OpValue]) -> OpResult {
    let wanted = arguments::text(args, 0)?;
    let found = DIRECTORIES.iter().find_map(|directory| find(directory, wanted));
    let zone = found.and_then(|(name, bytes)| {
        let mut zone = parse(&bytes)?;
        zone["name"] = name.into();
        Some(zone)
    });
    Ok(zone.map_or(OpValue::Null, |zone| OpValue::Json(zone.to_string())))
}

/// The zone's file under its name as the database writes it. Names of no file, such as `..`, find nothing.
fn find(directory: &str, wanted: &str) -> Option<(String, Vec<u8>)> {
    let mut path = PathBuf::from(directory);
    let mut names = Vec::new();
    for part in wanted.split('/') {
        let exact = path.join(part);
        let is_name = part.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-+".contains(&b));
        if part.is_empty() || !is_name {
            return None;
        }
        if exact.exists() {
            names.push(part.to_owned());
        } else {
            let mut entries = fs::read_dir(&path).ok()?.flatten();
            names.push(entries.find_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                name.eq_ignore_ascii_case(part).then_some(name)
            })?);
        }
        path.push(names.last()?);
    }
    Some((names.join("/"), fs::read(path).ok()?))
}

/// A TZif file (RFC 9636) of version 2 or later, whose second part has 64-bit times.
fn parse(bytes: &[u8]) -> Option<Value> {
    let first = Header::read(bytes)?;
    let bytes = bytes.get(first.size(4)..)?;
    let header = Header::read(bytes)?;
    let (times, rest) = bytes.get(Header::SIZE..)?.split_at_checked(header.times * 8)?;
    let (indexes, rest) = rest.split_at_checked(header.times)?;
    let (kinds, _) = rest.split_at_checked(header.kinds * 6)?;
    let seconds = times.as_chunks::<8>().0.iter().map(|time| i64::from_be_bytes(*time));
    let kinds = kinds.as_chunks::<6>().0;
    let rule = std::str::from_utf8(bytes.get(header.size(8)..)?).ok()?;
    Some(json!({
        "transitions": seconds.zip(indexes).collect::<Vec<_>>(),
        "kinds": kinds
            .iter()
            .map(|[a, b, c, d, is_summer, _]| (i32::from_be_bytes([*a, *b, *c, *d]), *is_summer == 1))
            .collect::<Vec<_>>(),
        "rule": rule.trim(),
    }))
}

/// The counts at the head of each part.
struct Header {
    universal: usize,
    standard: usize,
    leaps: usize,
    times: usize,
    kinds: usize,
    letters: usize,
}

impl Header {
    const SIZE: usize = 44;

    fn read(bytes: &[u8]) -> Option<Header> {
        let counts = bytes.strip_prefix(b"TZif")?.get(16..40)?.as_chunks::<4>().0;
        let [universal, standard, leaps, times, kinds, letters] =
            <[_; 6]>::try_from(counts).ok()?.map(|count| u32::from_be_bytes(count) as usize);
        Some(Header { universal, standard, leaps, times, kinds, letters })
    }

    /// Bytes of the whole part, whose times take so many each.
    fn size(&self, time: usize) -> usize {
        let leaps = self.leaps * (time + 4);
        let marks = self.universal + self.standard + self.letters;
        Header::SIZE + self.times * (time + 1) + self.kinds * 6 + leaps + marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// New York in the slim form: one transition, then the rule.
    fn slim() -> Vec<u8> {
        let header = |version: u8, times: u32, kinds: u32, letters: u32| {
            let mut bytes = [b"TZif".as_slice(), &[version], &[0; 15]].concat();
            for count in [0, 0, 0, times, kinds, letters] {
                bytes.extend(u32::to_be_bytes(count));
            }
            bytes
        };
        let mut bytes = header(b'2', 0, 1, 1);
        bytes.extend([0; 7]);
        bytes.extend(header(b'2', 1, 2, 8));
        bytes.extend(1_173_596_400_i64.to_be_bytes());
        bytes.push(1);
        bytes.extend([(-18_000_i32).to_be_bytes().as_slice(), &[0, 0]].concat());
        bytes.extend([(-14_400_i32).to_be_bytes().as_slice(), &[1, 4]].concat());
        bytes.extend(b"EST\0EDT\0\nEST5EDT,M3.2.0,M11.1.0\n");
        bytes
    }

    #[test]
    fn a_file_is_read_and_a_broken_one_gives_nothing() {
        let expected = json!({
            "transitions": [[1_173_596_400, 1]],
            "kinds": [[-18_000, false], [-14_400, true]],
            "rule": "EST5EDT,M3.2.0,M11.1.0",
        });
        assert_eq!(parse(&slim()), Some(expected));
        assert_eq!(parse(&slim()[..90]), None);
        assert_eq!(parse(b"GIF89a"), None);
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("Area")).unwrap();
        fs::write(directory.path().join("Area/City"), b"x").unwrap();
        let root = directory.path().join("Area");
        let root = root.to_str().unwrap();
        assert_eq!(find(directory.path().to_str().unwrap(), "area/CITY").unwrap().0, "Area/City");
        for name in ["../Area/City", "/City", "", ".", "City/..", "City/x", "no\0pe"] {
            assert!(find(root, name).is_none(), "{name}");
        }
    }
}
