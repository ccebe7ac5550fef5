//! Digests of the program's own sources: what is kept of an earlier run is of use only where the rooms that it came through
//! are as they were. A number that somebody has to raise would be forgotten one day.

use std::sync::LazyLock;

/// The source files of a room by their paths in it, tests apart.
pub struct Room(&'static [(&'static str, &'static [u8])]);

include!(concat!(env!("OUT_DIR"), "/rooms.rs"));

/// The versions of all libraries.
const LIBRARIES: &[u8] = include_bytes!("../../Cargo.lock");

impl Room {
    /// Stands for all its files.
    pub fn digest(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for (path, source) in self.0 {
            hasher.update(blake3::hash(path.as_bytes()).as_bytes());
            hasher.update(blake3::hash(source).as_bytes());
        }
        hasher.finalize()
    }
}

/// The rooms that both figures and pages come through: those that are neither `stats` nor `site`.
const PROGRAM: [&Room; 5] = [&BASE, &CONFIG, &DB, &GEO, &INTAKE];

/// Stands for what both figures and pages come through: rooms that are neither `stats` nor `site`, and the libraries.
pub fn program() -> blake3::Hash {
    static DIGEST: LazyLock<blake3::Hash> = LazyLock::new(|| {
        let rooms = PROGRAM.map(Room::digest);
        let libraries = [blake3::hash(LIBRARIES)];
        together(rooms.iter().chain(&libraries))
    });
    *DIGEST
}

/// Stands for all that turns sales into figures.
pub fn figures() -> blake3::Hash {
    together(&[STATS.digest(), program()])
}

/// Stands for all that turns figures into pages: what is told of a figure is decided in `stats` in part.
pub fn pages() -> blake3::Hash {
    together(&[SITE.digest(), figures()])
}

/// Stands for several things by what stands for each.
pub fn together<'a>(digests: impl IntoIterator<Item = &'a blake3::Hash>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for digest in digests {
        hasher.update(digest.as_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const ROOMS: [(&str, &Room); 8] = [
        ("base", &BASE),
        ("config", &CONFIG),
        ("db", &DB),
        ("deploy", &DEPLOY),
        ("geo", &GEO),
        ("intake", &INTAKE),
        ("site", &SITE),
        ("stats", &STATS),
    ];

    #[test]
    fn each_source_of_a_room_counts_and_no_test() {
        for (name, room) in ROOMS {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name);
            let mut found = 0;
            for entry in walkdir::WalkDir::new(&folder) {
                let entry = entry.unwrap();
                let path = entry.path().strip_prefix(&folder).unwrap();
                let test = path
                    .iter()
                    .any(|part| part == "tests" || part == "tests.rs");
                if entry.file_type().is_file() && !test {
                    let source = std::fs::read_to_string(entry.path()).unwrap();
                    let counted = source.split("\n#[cfg(test)]\nmod tests {").next();
                    let path = path.to_str().unwrap();
                    let kept = room.0.iter().find(|(name, _)| *name == path);
                    assert_eq!(
                        kept.map(|(_, source)| *source),
                        counted.map(str::as_bytes),
                        "{name}/{path}"
                    );
                    found += 1;
                }
            }
            assert_eq!(room.0.len(), found, "{name}");
        }
    }

    #[test]
    fn a_change_of_a_source_changes_its_room_only() {
        let digests = || ROOMS.map(|(_, room)| room.digest());
        for (index, (name, room)) in ROOMS.into_iter().enumerate() {
            let [(path, source), rest @ ..] = room.0 else {
                panic!("{name} has no source")
            };
            let planted = [source, b"\n// planted".as_slice()].concat();
            let mut sources = vec![(*path, planted.leak() as &[u8])];
            sources.extend_from_slice(rest);
            let mut changed = digests();
            changed[index] = Room(sources.leak()).digest();
            for (other, (before, after)) in digests().iter().zip(&changed).enumerate() {
                assert_eq!(before == after, other != index, "{name}");
            }
            // A file with another name is another file.
            let renamed = [[("other.rs", *source)].as_slice(), rest].concat();
            assert_ne!(Room(renamed.leak()).digest(), room.digest(), "{name}");
        }
    }

    #[test]
    fn pages_come_through_no_room_that_their_keys_leave_out() {
        let is_in = |rooms: &[&Room], name: &str| {
            let known = ROOMS.iter().find(|(known, _)| *known == name);
            known.is_none_or(|(_, room)| rooms.iter().any(|other| std::ptr::eq(*other, *room)))
        };
        let figures = [PROGRAM.as_slice(), &[&STATS]].concat();
        let pages = [figures.as_slice(), &[&SITE]].concat();
        for (room, hashed) in [(&STATS, figures), (&SITE, pages)] {
            for (path, source) in room.0 {
                let source = std::str::from_utf8(source).unwrap();
                assert!(!source.contains("crate::{"), "{path} names rooms in braces");
                for mention in source.split("crate::").skip(1) {
                    let end = mention.find(|sign: char| !sign.is_alphanumeric() && sign != '_');
                    let name = &mention[..end.unwrap_or(mention.len())];
                    assert!(is_in(&hashed, name), "{path} comes through {name}");
                }
            }
        }
        assert!(!is_in(&PROGRAM, "stats"));
    }
}
