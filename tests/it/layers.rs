//! The data goes one way: a room knows those before it and none after, and the files of a room make no circle. Which room
//! knows which is printed by `cargo nextest run --no-capture the_data_goes_one_way`. Commands leave the database and the
//! version store to the use cases.
//!
//! What a file knows is read from its text: the paths in `use` lines and anywhere in the code, tests included. A name that
//! a module only passes on (`pub use`) is looked for where it comes from too; to pass on is not to know.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The rooms in the order of the data.
const ROOMS: [&str; 15] = [
    "base", "files", "config", "http", "source", "geo", "intake", "db", "stats", "site", "version",
    "deploy", "app", "cli", "fuzzing",
];

/// The path to a module or to something in it, such as `["version", "commit", "Build"]`.
type Module = Vec<String>;

fn with(module: &[String], name: &str) -> Module {
    [module, &[name.to_owned()]].concat()
}

/// A path that stands in a file.
#[derive(Debug, PartialEq)]
struct Mention {
    /// From the root of the program; those that begin elsewhere begin with the module they stand in.
    path: Module,
    /// The name under which the file passes it on, if that is all it does.
    passed_on: Option<String>,
}

/// Reads the paths of a text.
#[derive(Default)]
struct Reader {
    mentions: Vec<Mention>,
}

impl Reader {
    /// Reads code that stands in a module.
    fn code(&mut self, code: TokenStream, here: &Module) {
        let trees: Vec<TokenTree> = code.into_iter().collect();
        let mut index = 0;
        while index < trees.len() {
            let rest = &trees[index..];
            match (word(rest), word(&rest[1..])) {
                (Some(start), Some(name)) if start == "mod" && braces(&rest[2..]).is_some() => {
                    let content = braces(&rest[2..]).expect("seen");
                    self.code(content.stream(), &with(here, &name));
                    index += 3;
                }
                // Not the list of what an opaque type borrows, `use<'a>`.
                (Some(start), _) if start == "use" && !is_sign(&rest[1..], '<') => {
                    let before = trees[..index].last().map(TokenTree::to_string);
                    let passes_on =
                        before.is_some_and(|before| before == "pub" || before.starts_with('('));
                    index += 1 + self.path(&rest[1..], None, here, passes_on);
                }
                (Some(_), _) if is_separator(&rest[1..]) => {
                    index += self.path(rest, None, here, false);
                }
                _ => {
                    if let TokenTree::Group(group) = &trees[index] {
                        self.code(group.stream(), here);
                    }
                    index += 1;
                }
            }
        }
    }

    /// Reads a path with all its branches, which goes on from another. Gives the number of tokens read.
    fn path(
        &mut self,
        trees: &[TokenTree],
        so_far: Option<&Module>,
        here: &Module,
        passes_on: bool,
    ) -> usize {
        let mut path = so_far.cloned();
        let mut read = 0;
        loop {
            let rest = &trees[read..];
            if let Some(branches) = braces(rest) {
                let branches: Vec<TokenTree> = branches.stream().into_iter().collect();
                for branch in branches.split(|tree| is_sign(std::slice::from_ref(tree), ',')) {
                    self.path(branch, path.as_ref(), here, passes_on);
                }
                return read + 1;
            }
            if let Some(word) = word(rest) {
                path = Some(match (path, word.as_str()) {
                    (None, "crate") => Module::new(),
                    (None, "self") => here.clone(),
                    (None, "super") => here[..here.len() - 1].to_vec(),
                    (Some(path), "self") => path,
                    (Some(path), "super") => path[..path.len() - 1].to_vec(),
                    (path, name) => with(path.as_ref().unwrap_or(here), name),
                });
                read += 1;
                if is_separator(&trees[read..]) {
                    read += 2;
                    continue;
                }
            }
            let path = path.unwrap_or_else(|| here.clone());
            let alias = word(&trees[read..]).filter(|word| word == "as");
            let alias = alias.and_then(|_| word(&trees[read + 1..]));
            let name = alias.or_else(|| path.last().cloned());
            self.mentions.push(Mention {
                passed_on: name.filter(|_| passes_on),
                path,
            });
            return read;
        }
    }
}

fn word(trees: &[TokenTree]) -> Option<String> {
    match trees.first()? {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    }
}

fn braces(trees: &[TokenTree]) -> Option<&Group> {
    match trees.first()? {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    }
}

fn is_sign(trees: &[TokenTree], sign: char) -> bool {
    matches!(trees.first(), Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn is_separator(trees: &[TokenTree]) -> bool {
    is_sign(trees, ':') && is_sign(&trees[1..], ':')
}

/// The files of a program by their modules, with the paths that stand in them.
struct Program {
    files: BTreeMap<Module, Vec<Mention>>,
}

impl Program {
    /// Reads files, each with its path below `src`.
    fn new<'a>(texts: impl Iterator<Item = (&'a Path, String)>) -> Self {
        let files = texts.map(|(path, text)| {
            let path = path.with_extension("");
            let names = path.iter().map(|name| name.to_str().unwrap().to_owned());
            let mut module: Module = names.collect();
            module.pop_if(|name| name == "mod" || name == "lib");
            let mut reader = Reader::default();
            reader.code(text.parse().expect("it compiles"), &module);
            (module, reader.mentions)
        });
        Self {
            files: files.collect(),
        }
    }

    /// The program whose tests these are.
    fn of_this_package() -> Self {
        let sources = sources();
        Self::new(
            sources
                .iter()
                .map(|(path, text)| (path.as_path(), text.clone())),
        )
    }

    /// The files that a path leads over, to the last: those before it pass the name on.
    fn files_of(&self, path: &[String]) -> Vec<&Module> {
        let prefixes = (0..=path.len()).rev().map(|length| path.split_at(length));
        let mut files = prefixes.filter_map(|(module, rest)| {
            let (file, mentions) = self.files.get_key_value(module)?;
            Some((file, mentions, rest.first()))
        });
        let (file, mentions, name) = files.next().expect("the root is a file");
        let passed_on = mentions
            .iter()
            .find(|mention| mention.passed_on.is_some() && mention.passed_on.as_ref() == name);
        match passed_on {
            Some(mention) if mention.path.len() > file.len() => {
                [vec![file], self.files_of(&mention.path)].concat()
            }
            _ => vec![file],
        }
    }

    /// Which file knows which.
    fn arrows(&self) -> BTreeSet<(&Module, &Module)> {
        let mut arrows = BTreeSet::new();
        for (file, mentions) in &self.files {
            for mention in mentions {
                for known in self.files_of(&mention.path) {
                    let same_room = file.first() == known.first();
                    // To pass on a name of the same room is not to know it.
                    let knows = file != known && !(same_room && mention.passed_on.is_some());
                    if knows && !file.is_empty() && !known.is_empty() {
                        arrows.insert((file, known));
                    }
                }
            }
        }
        arrows
    }

    /// Files that know one of a later room, a line each.
    fn arrows_up(&self) -> Vec<String> {
        let arrows = self.arrows().into_iter();
        arrows
            .filter(|(file, known)| place(file) < place(known))
            .map(|(file, known)| format!("{} knows {}", file.join("/"), known.join("/")))
            .collect()
    }

    /// Files that know each other, directly or over others of their room, a line each.
    fn circles(&self) -> Vec<String> {
        let mut known = BTreeMap::<&Module, Vec<&Module>>::new();
        for (file, other) in self.arrows() {
            if file[0] == other[0] {
                known.entry(file).or_default().push(other);
            }
        }
        // Who knows none of those left, or is known by none of them, stands in no circle.
        while let Some(file) = known.keys().copied().find(|file| {
            let knows_none = known[file].iter().all(|other| !known.contains_key(other));
            knows_none || !known.values().any(|others| others.contains(file))
        }) {
            known.remove(file);
        }
        let lines = known.iter().map(|(file, others)| {
            let others = others.iter().filter(|other| known.contains_key(*other));
            let others: Vec<_> = others.map(|other| other.join("/")).collect();
            format!("{} knows {}", file.join("/"), others.join(", "))
        });
        lines.collect()
    }

    /// Commands that could ask the database or the version store, which use cases do for them, a line each.
    fn asking_commands(&self) -> Vec<String> {
        let stores = [["db", "Database"], ["version", "Store"]];
        // By its name, by what it does, or by the whole room.
        let leads = |path: &Module, store: &[&str]| path.iter().zip(store).all(|(a, b)| a == b);
        let mut asking = Vec::new();
        for (file, mentions) in &self.files {
            for Mention { path, .. } in mentions {
                if file.starts_with(&["cli".into()]) && stores.iter().any(|it| leads(path, it)) {
                    asking.push(format!("{} asks {}", file.join("/"), path.join("::")));
                }
            }
        }
        asking
    }

    /// Which rooms each room knows.
    fn table(&self) -> String {
        let arrows = self.arrows();
        let mut table = String::new();
        for room in ROOMS {
            let knows = |other: &&str| {
                *other != room && arrows.iter().any(|(a, b)| a[0] == room && b[0] == **other)
            };
            let known: Vec<_> = ROOMS.iter().copied().filter(knows).collect();
            writeln!(table, "{room:7}  {}", known.join(", ")).unwrap();
        }
        table
    }
}

/// The sources of the program whose tests these are, by their paths in `src`.
fn sources() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = walkdir::WalkDir::new(&folder).into_iter();
    let paths = entries.map(|entry| entry.unwrap().into_path());
    let is_source = |path: &PathBuf| {
        path.extension().is_some_and(|name| name == "rs") && !path.ends_with("main.rs")
    };
    let sources = paths.filter(is_source).map(|path| {
        let text = fs::read_to_string(&path).unwrap();
        (path.strip_prefix(&folder).unwrap().into(), text)
    });
    sources.collect()
}

/// Where a file's room stands in the order.
fn place(file: &Module) -> Option<usize> {
    ROOMS.iter().position(|room| *room == file[0])
}

#[test]
fn the_data_goes_one_way() {
    let program = Program::of_this_package();
    for file in program.files.keys().filter(|file| !file.is_empty()) {
        assert!(place(file).is_some(), "{file:?} has no place in the order");
    }
    println!("{}", program.table());
    let up = program.arrows_up();
    assert!(up.is_empty(), "{}\n\n{}", up.join("\n"), program.table());
    let circles = program.circles();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn commands_ask_no_store() {
    let asking = Program::of_this_package().asking_commands();
    assert!(asking.is_empty(), "{}", asking.join("\n"));
}

/// A sound program in which some files are others.
fn program_with(others: &[(&str, &str)]) -> Program {
    let sound = [
        ("lib.rs", "pub mod base; pub mod db; pub mod site;"),
        ("base/mod.rs", "pub mod month; pub use month::Month;"),
        ("base/month.rs", "pub struct Month;"),
        (
            "db/mod.rs",
            "mod sales; pub use sales::{Sale, read as read_sales}; pub struct Database;",
        ),
        (
            "db/sales.rs",
            "use super::Database; pub struct Sale(crate::base::Month);",
        ),
        (
            "site/mod.rs",
            "use crate::db::{self, Sale}; fn page() -> db::Sale { todo!() }",
        ),
    ];
    let files = sound.iter().chain(others);
    Program::new(files.map(|(path, text)| (Path::new(*path), (*text).to_owned())))
}

#[test]
fn arrows_up_and_circles_are_found() {
    let kept = |text| program_with(&[("db/kept.rs", text)]);
    for text in [
        "use crate::site;",
        "use crate::{base::Month, site::{self as pages, Page}};",
        "pub use crate::site::Page;",
        "fn render() { let page = crate::site::Page::<u8>::new(); }",
        "fn render() { println!(\"{}\", crate::site::page()); }",
        "#[cfg(test)] mod tests { use super::super::super::site::Page; }",
        "const PAGE: super::super::site::Page = super::super::site::Page;",
    ] {
        assert_eq!(kept(text).arrows_up(), ["db/kept knows site"], "{text}");
    }
    for text in [
        "use super::{Sale, sales}; use crate::base::*;",
        "/// crate::site\nfn f<'a>(text: &'a str) -> impl Copy + use<'a> { \"crate::site\" }",
    ] {
        let program = kept(text);
        assert_eq!(program.arrows_up(), [""; 0], "{text}");
        assert_eq!(program.circles(), [""; 0], "{text}");
    }
    // By its own name, and by those under which the room passes on what is in it.
    for text in [
        "use super::sales::*;",
        "use crate::db::Sale;",
        "use super::read_sales as r;",
    ] {
        let others = [("db/kept.rs", text), ("db/sales.rs", "use super::kept;")];
        let circle = ["db/kept knows db/sales", "db/sales knows db/kept"];
        assert_eq!(program_with(&others).circles(), circle, "{text}");
    }
}

#[test]
fn commands_that_ask_a_store_are_found() {
    let command = |text| program_with(&[("cli/kept.rs", text)]).asking_commands();
    for (text, asked) in [
        ("use crate::db::Database;", "db::Database"),
        (
            "use crate::version::{Store as Kept, Version};",
            "version::Store",
        ),
        (
            "fn run() { crate::db::Database::open(); }",
            "db::Database::open",
        ),
        ("use crate::{app::Project, db};", "db"),
        ("use crate::version::*;", "version"),
    ] {
        assert_eq!(command(text), [format!("cli/kept asks {asked}")], "{text}");
    }
    for text in [
        "use crate::db::{DatabaseSummary, LogEntry}; use crate::app::FactsMode; const MODE: FactsMode = FactsMode::Store;",
        "/// crate::db::Database\nconst TEXT: &str = \"crate::version::Store\";",
    ] {
        assert_eq!(command(text), [""; 0], "{text}");
    }
    let others = [("app/kept.rs", "use crate::db::Database;")];
    assert_eq!(program_with(&others).asking_commands(), [""; 0]);
}

/// The names of the types and traits in code that other files can see.
fn public_types(code: TokenStream) -> Vec<String> {
    let trees: Vec<TokenTree> = code.into_iter().collect();
    let mut names = Vec::new();
    for (index, tree) in trees.iter().enumerate() {
        if let TokenTree::Group(group) = tree {
            names.extend(public_types(group.stream()));
        }
        if word(&trees[index..]).is_none_or(|word| word != "pub") {
            continue;
        }
        // `pub`, or with where it can be seen, as in `pub(super)`.
        let is_limited = matches!(trees.get(index + 1), Some(TokenTree::Group(_)));
        let rest = &trees[index + 1 + usize::from(is_limited)..];
        if word(rest).is_some_and(|kind| ["struct", "enum", "trait", "type"].contains(&&*kind)) {
            names.extend(word(&rest[1..]));
        }
    }
    names
}

/// But for the commands, each of which is named by its verb, and the blocks, each of which is named by the figures it shows.
#[test]
fn a_name_stands_for_one_type() {
    let mut files = BTreeMap::<String, Vec<PathBuf>>::new();
    for (file, text) in sources() {
        if file.starts_with("cli") || file.starts_with("site/block") {
            continue;
        }
        for name in public_types(text.parse().unwrap()) {
            files.entry(name).or_default().push(file.clone());
        }
    }
    assert!(files.len() > 300, "{}", files.len());
    files.retain(|_, files| files.len() > 1);
    assert!(files.is_empty(), "{files:#?}");
    let code = "pub struct A; mod b { pub(in crate::c) enum B {} } struct C; impl A { pub fn f() {} } pub(super) type D = A;";
    assert_eq!(public_types(code.parse().unwrap()), ["A", "B", "D"]);
}

#[test]
fn files_that_texts_name_are_there() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "tests/it", "benches", "src", "scripts", "data/cog", ".github",
    ];
    let texts = folders.map(|folder| walkdir::WalkDir::new(project.join(folder)));
    let texts = texts
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().into_path());
    let single = [
        "README.md",
        "STYLE.md",
        "CONTRIBUTING.md",
        "Cargo.toml",
        "clippy.toml",
    ];
    let texts = texts.chain(single.map(|name| project.join(name)));
    let mut named = 0;
    for path in texts {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        for rest in text.split("src/").skip(1) {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_/.".contains(c));
            let name = format!(
                "src/{}",
                rest[..end.unwrap_or(rest.len())].trim_end_matches('.')
            );
            assert!(
                project.join(&name).exists(),
                "{} names {name}",
                path.display()
            );
            named += 1;
        }
    }
    assert!(named > 10, "{named}");
}
