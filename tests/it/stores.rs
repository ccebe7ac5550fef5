//! Stores open for ever: migrations are frozen, and a store of each schema that ever landed is brought forward.

use std::fs;
use std::path::Path;

/// The migrations with the blake3 of their bytes. A store that has been through one never goes through it again, so a file
/// that is listed here never changes: what is to be otherwise comes in a new file, with a line of its own.
const MIGRATIONS: [(&str, &str); 13] = [
    (
        "db/0001_initial.sql",
        "17a46e2208e1cc7899f500cfefcf949d6df1927a37b68c05b5c57420a11be2ac",
    ),
    (
        "db/0002_sources.sql",
        "2b8587a10186ae1b3cedb883ab5f645b7aec2bb8b8a416dfde47b020629c295f",
    ),
    (
        "db/0003_releases.sql",
        "d0c68fe0dd3af022cbb67e1c4bcfa924f5c66a8ed29623516dbedf2f7f17703e",
    ),
    (
        "db/earlier_log.sql",
        "de1aaf3181df77c072b2618870aa03626ed9ba0ef0b64f53f77aa50d35d151f7",
    ),
    (
        "db/earlier_transactions.sql",
        "78fe4dc7c7bccf1dec6dd2a29b79eaf87113699030b2b678c21ba689fc0e7544",
    ),
    (
        "version/0001_initial.sql",
        "621f7bf5d0a601a1194b562e8d722994d8fc21da4a7dc94e11690072d64723ab",
    ),
    (
        "version/0002_runs.sql",
        "32f038c432dfd4ce62e33a8e58c3a15c3f750d6bc462b8349c2462ea0e565e41",
    ),
    (
        "version/0003_published.sql",
        "7ccf8cfb5bbad90e67177ff7b210b9e82186648b71f4292a70be8c81006e627e",
    ),
    (
        "version/0004_purges.sql",
        "b265e704206591fdc3fa0d27d9d6ae2affc169c0dbb765a2108a78584623d48b",
    ),
    (
        "version/0005_admin.sql",
        "39c713be542f37701de28300418b8e0a60e0bfe0537ac2e4ad1dbf2e6276357e",
    ),
    (
        "version/0006_operator_files.sql",
        "5be0da64e269714ab2a61a0f32222321bc58868db61b88571623974f22421779",
    ),
    (
        "version/earlier_entries.sql",
        "5373bdb18b751b9a468c0ae27ac3067ca86ad33c2eec4bbd5ab2f1256f4dd5a2",
    ),
    (
        "version/earlier_keys.sql",
        "462f7603d7db14fe13465f5d210fce01f589534dc5fcb8732f54710f796f32d4",
    ),
];

#[test]
fn migrations_are_frozen() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for room in ["db", "version"] {
        for entry in fs::read_dir(sources.join(room)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".sql") {
                let hash = blake3::hash(&fs::read(&path).unwrap()).to_hex();
                found.push((format!("{room}/{name}"), hash.to_string()));
            }
        }
    }
    found.sort();
    let known = MIGRATIONS.map(|(name, hash)| (name.to_owned(), hash.to_owned()));
    assert_eq!(found, known, "a migration that has landed never changes");
}
