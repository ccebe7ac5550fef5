//! `immostats.toml`: read once, validated, passed down.

mod address;
mod container;
mod declaration;
mod encoding;
mod error;
mod facts;
mod fetch;
mod grist;
mod paged;
mod section;
mod site;
mod source_kind;
mod source_section;
mod source_set;
mod sources;
mod table;
mod theme;

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use container::{Container, OneOrMore, TableEncoding, TableFormat};
pub use encoding::Encoding;
pub use error::{ConfigError, FILE_NAME};
pub use facts::{Aggregate, Facts, Zones};
pub use fetch::Fetch;
pub use grist::{
    GRIST_KEY, GRIST_SERVER, GristNotes, NoteColumn, NoteColumns, grist_document, is_grist_document,
};
pub use paged::{PageShape, PagedApi, Token, TokenExchange};
pub use section::{ConfigFile, ConfigSection};
pub use site::{Legal, SiteSettings};
pub use source_kind::{COG_ITEMS, SourceKind};
pub use sources::Source;
pub use table::{
    Absence, Blank, Checked, Indicator, LICENCE_OUVERTE, Missing, PlaceKind, Plm, Rollup, Share,
    Table,
};
pub use theme::{Colour, ThemeSettings};

/// The commented file with every key and its default, but for [`SERVICE_TABLES`]: those stand where they are read.
pub const TEMPLATE: &str = concat!(
    include_str!("immostats.toml"),
    include_str!("indicators.toml")
);

/// The tables that the room of the operator's services reads (`deploy::Services`), which comes later than this one.
pub const SERVICE_TABLES: [&str; 5] = ["deploy", "cdn", "notify", "exports", "archive"];

/// The whole configuration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Name, address and extent of the site.
    pub site: SiteSettings,
    /// Who answers for the site: its legal notice.
    pub legal: Legal,
    /// What is the site's own of its look.
    pub theme: ThemeSettings,
    /// From how many sales figures are computed and shown.
    pub statistics: Statistics,
    /// How many pages a build may remove, and the encodings it writes.
    pub build: Build,
    /// From which differences on an import is refused.
    pub gates: Gates,
    /// Remarks that are shown on the pages of some places.
    pub notes: Vec<Note>,
    /// No page is made of this, so it is not serialized: a build goes by the digest of the rest.
    #[serde(skip_serializing)]
    pub fetch: Fetch,
    /// As [`Config::fetch`].
    #[serde(skip_serializing)]
    pub sources: Sources,
}

impl Config {
    /// The source of an id: the project's, or else one of those that ship.
    pub fn source(&self, id: &str) -> Option<&Source> {
        let mut all = source_set::all(&self.sources.0, &Sources::shipped().0);
        all.find(|source| source.id == id)
    }

    /// The declarations of tables by the ids of their sources: those of the project, and of those that ship all others.
    pub fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        source_set::tables(source_set::all(&self.sources.0, &Sources::shipped().0))
    }

    /// The declarations of notes by the ids of their sources.
    pub fn notes_of_operators(&self) -> impl Iterator<Item = (&str, &GristNotes)> {
        let sources = self.sources.0.iter();
        sources.filter_map(|source| Some((source.id.as_str(), source.grist.as_ref()?)))
    }

    /// The declarations of facts by the ids of their sources.
    pub fn facts(&self) -> impl Iterator<Item = (&str, &Facts)> {
        let sources = self.sources.0.iter();
        sources.filter_map(|source| Some((source.id.as_str(), source.facts.as_ref()?)))
    }
}

/// The catalogue of sources. A project that has none of its own uses the one that the program ships.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Sources(pub Vec<Source>);

impl Default for Sources {
    fn default() -> Self {
        Self::shipped().clone()
    }
}

impl Sources {
    /// The sources that ship with the program.
    fn shipped() -> &'static Self {
        static SHIPPED: LazyLock<Sources> = LazyLock::new(|| {
            #[derive(Deserialize)]
            struct Catalogue {
                sources: Vec<Source>,
            }
            let shipped: Catalogue =
                toml::from_str(TEMPLATE).expect("the file that ships is tested");
            Sources(shipped.sources)
        });
        &SHIPPED
    }

    /// The sources that are switched on and stand upstream: facts come from a folder, and tables may come by hand alone.
    pub fn enabled(&self) -> impl Iterator<Item = &Source> {
        let sources = self.0.iter();
        sources.filter(|source| source.enabled && source.is_upstream())
    }
}

/// Sample sizes of the method (11 and 22 are Cerema's thresholds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Statistics {
    /// Below, no price and no surface is published. At least 5.
    pub minimum_sales: u32,
    /// Below, a median is marked fragile and there is no mean and no change.
    pub solid_sales: u32,
    /// From this many, quartiles.
    pub quartile_sales: u32,
    /// A window of 12 months with fewer sales grows to 24, 36, then 60.
    pub window_sales: u32,
}

impl Default for Statistics {
    fn default() -> Self {
        Self {
            minimum_sales: 5,
            solid_sales: 11,
            quartile_sales: 22,
            window_sales: 30,
        }
    }
}

/// What is refused of a file before it replaces anything, in per cent: by département, kind of property and half-year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gates {
    /// Mutations, or sales of a kind, that may be gone against the best edition ever seen of the same months. Of 2,056 sales
    /// of Paris that two editions have, none went; the first 171 lines of the Ain in 2020 lost none in two years.
    pub lost: f64,
    /// Sales that may have come, against the same months or those of a year before. Toulon, first half of 2025: late sales
    /// will add some 22 %; the Val-d'Oise grew by 22 % at most in a year, and France by about a half after
    /// the spring of 2020.
    pub gained: f64,
    /// Sales that may be missing of new months against the same a year before. The Val-d'Oise fell by 31 % at most
    /// (houses, 2022 to 2023); an October edition lacks a quarter of its last half-year.
    pub fewer: f64,
    /// How far the median of a kind may move, against the same months or those of a year before, up or down. Those of homes
    /// moved by 8 % at most in a year, in the Val-d'Oise and in Toulon.
    /// In months that were known it may move by two fifths of it.
    pub moved: f64,
    /// Points by which the share of a nature of mutation may change. That of the sales of new homes in the Val-d'Oise
    /// changes by 5 at most.
    pub natures: f64,
    /// Lines that may be unreadable.
    pub unreadable: f64,
    /// Lines that may be of communes that do not exist.
    pub unknown_communes: f64,
    /// Mutations whose nature may be none that the official files have.
    pub unknown_natures: f64,
    /// Places of an edition that may be renamed, moved or gone: communes by département, EPCI, départements, régions.
    pub places: f64,
}

impl Default for Gates {
    fn default() -> Self {
        Self {
            lost: 10.0,
            gained: 80.0,
            fewer: 60.0,
            moved: 50.0,
            natures: 12.0,
            unreadable: 5.0,
            unknown_communes: 2.0,
            unknown_natures: 0.5,
            places: 5.0,
        }
    }
}

/// What a build may do by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Build {
    /// Pages that a build may remove without being told so, in per cent of those there are.
    pub maximum_removals: f64,
    /// Encodings that text is written in too, beside its plain form.
    pub precompress: Vec<Encoding>,
}

impl Default for Build {
    fn default() -> Self {
        Self {
            maximum_removals: 5.0,
            precompress: Vec::new(),
        }
    }
}

/// A remark shown on each page of a territory, and the years it makes incomparable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Code of a commune or of a département.
    pub territory: String,
    /// Years that the files hold only in part: the series mark them so.
    #[serde(default)]
    pub partial_years: Vec<i16>,
    /// The sentence to show, in French.
    pub text: String,
}

impl Note {
    fn validate(&self) -> Result<(), String> {
        let territory = &self.territory;
        if self.text.trim().is_empty() {
            return Err(format!(
                "the note on \"{territory}\" has no text; a sentence of French was expected"
            ));
        }
        let mut years = self.partial_years.iter();
        match years.find(|year| !(1990..=2100).contains(*year)) {
            Some(year) => Err(format!(
                "the note on \"{territory}\" has {year} among its partial_years; years such as 2021 were expected"
            )),
            None => Ok(()),
        }
    }
}

impl Config {
    /// Reads all but [`SERVICE_TABLES`].
    ///
    /// # Errors
    /// When the file is not TOML, holds an unknown key (the near one is suggested) or a value out of range.
    pub fn read(file: &ConfigFile) -> Result<Self, ConfigError> {
        file.parse(Self::parse)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut file = ConfigSection::parse(text)?;
        for key in SERVICE_TABLES {
            file.take(key);
        }
        let mut config: Self = file.read(&SERVICE_TABLES)?;
        while config.site.address.ends_with('/') {
            config.site.address.pop();
        }
        while config.fetch.api.ends_with('/') {
            config.fetch.api.pop();
        }
        config.validate(text)?;
        Ok(config)
    }

    fn validate(&self, text: &str) -> Result<(), String> {
        self.site.validate()?;
        self.theme.validate()?;
        let s = &self.statistics;
        if s.minimum_sales < 5 {
            return Err(format!(
                "statistics.minimum_sales is {}; fewer than 5 would let a reader find a sale again, which the conditions of use of DVF forbid",
                s.minimum_sales
            ));
        }
        if !(s.minimum_sales <= s.solid_sales && s.solid_sales <= s.quartile_sales) {
            return Err(format!(
                "statistics.solid_sales is {1}; the thresholds must not decrease from minimum_sales ({0}) to solid_sales ({1}) and quartile_sales ({2})",
                s.minimum_sales, s.solid_sales, s.quartile_sales
            ));
        }
        let encodings = &self.build.precompress;
        if let Some(twice) = Encoding::ALL
            .iter()
            .find(|one| encodings.iter().filter(|other| other == one).count() > 1)
        {
            return Err(format!("build.precompress names {} twice", twice.name()));
        }
        let gates = &self.gates;
        for (key, percent) in [
            ("build.maximum_removals", self.build.maximum_removals),
            ("gates.lost", gates.lost),
            ("gates.fewer", gates.fewer),
            ("gates.natures", gates.natures),
            ("gates.unreadable", gates.unreadable),
            ("gates.unknown_communes", gates.unknown_communes),
            ("gates.unknown_natures", gates.unknown_natures),
            ("gates.places", gates.places),
        ] {
            if !(0.0..=100.0).contains(&percent) {
                return Err(format!(
                    "{key} is {percent}; a share from 0 to 100 % was expected"
                ));
            }
        }
        // Counts and medians may more than double.
        for (key, percent) in [("gates.moved", gates.moved), ("gates.gained", gates.gained)] {
            if !(percent.is_finite() && percent > 0.0) {
                return Err(format!(
                    "{key} is {percent}; per cents above 0 were expected"
                ));
            }
        }
        for (index, note) in self.notes.iter().enumerate() {
            note.validate().map_err(|complaint| {
                section::at_line(section::line_of(text, &format!("notes.{index}")), complaint)
            })?;
        }
        self.fetch.validate()?;
        source_set::validate(text, &self.sources.0, &Sources::shipped().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_ships_holds_the_defaults() {
        assert_eq!(Config::parse(TEMPLATE).unwrap(), Config::default());
    }

    #[test]
    fn no_number_of_what_ships_breaks_at_the_end_of_a_line() {
        for (source, table) in Config::default().tables() {
            for one in &table.indicators {
                for text in [&one.label, &one.unit, &one.note] {
                    let letters: Vec<_> = text.chars().collect();
                    let breaks = letters.windows(3).any(|three| {
                        three[1] == ' ' && three[0].is_ascii_digit() && three[2].is_ascii_digit()
                    });
                    assert!(!breaks, "{source}: {text}; \\u202f was expected");
                }
            }
        }
    }

    #[test]
    fn the_sources_that_ship_are_those_of_the_file() {
        let sources = Config::default().sources;
        let enabled: Vec<_> = sources.enabled().map(|source| source.id.as_str()).collect();
        assert_eq!(enabled, ["dvf", "cog"]);
        assert_eq!(sources.0.len(), 25);
        // Nothing is looked for upstream of a source whose files come by hand.
        let mut all = sources.clone();
        all.0.iter_mut().for_each(|source| source.enabled = true);
        let enabled: Vec<_> = all.enabled().map(|source| source.id.as_str()).collect();
        assert!(
            enabled.contains(&"loyers") && !enabled.contains(&"filosofi"),
            "{enabled:?}"
        );
        // What is under an address without a version and a hash is whatever somebody puts there.
        let places = sources.0.iter().find(|source| source.id == "cog").unwrap();
        for url in &places.urls {
            assert!(
                url.contains("@6.0.0/") && Source::sha256(url).is_some(),
                "{url}"
            );
        }
    }

    #[test]
    fn every_key_of_a_source_of_notes_is_in_the_file_that_ships() {
        let (_, rest) = TEMPLATE.split_once("# [[sources]]\n").unwrap();
        let commented = rest.split("\n\n").next().unwrap();
        let shown = format!("[[sources]]\n{}", commented.replace("# ", "").trim());
        let config = Config::parse(&shown).unwrap();
        let (_, notes) = config.notes_of_operators().next().unwrap();
        assert!(notes.columns.all().iter().all(|column| column.needed));
        let keys = serde_json::to_value(notes).unwrap();
        for key in keys.as_object().unwrap().keys() {
            assert!(shown.contains(&format!("{key} = ")), "{key}: {shown}");
            assert!(
                TEMPLATE.contains(&format!("#   {key} ")),
                "{key} is not explained"
            );
        }
    }

    #[test]
    fn a_threshold_that_is_no_share_is_refused() {
        for (text, complaint) in [
            ("[gates]\nlost = 120.0\n", "gates.lost is 120"),
            ("[gates]\nunreadable = -1.0\n", "gates.unreadable is -1"),
            ("[gates]\nmoved = nan\n", "gates.moved is NaN"),
            (
                "[build]\nmaximum_removals = 101.0\n",
                "build.maximum_removals is 101",
            ),
        ] {
            let message = Config::parse(text).unwrap_err();
            assert!(message.contains(complaint), "{message}");
        }
    }

    #[test]
    fn a_source_that_cannot_be_is_refused() {
        let dvf = "kind = \"geo-dvf\"\nurls = [\"https://x.fr/{year}.csv\"]\n";
        let refused = |text: &str| Config::parse(text).unwrap_err();
        let twice = format!("[[sources]]\nid = \"a\"\n{dvf}[[sources]]\nid = \"b\"\n{dvf}");
        assert!(refused(&twice).contains("source b would import what another one imports"));
        for (line, complaint) in [
            ("id = \"../a\"", "small letters"),
            ("id = \"a\"\nevery = \"often\"", "every is \"often\""),
            ("id = \"a\"\ndataset = \"x\"", "go together"),
            ("id = \"a\"\nyears = 0", "years is 0"),
        ] {
            let message = refused(&format!("[[sources]]\n{line}\n{dvf}"));
            assert!(message.contains(complaint), "{message}");
        }
        let message = refused(
            "[[sources]]\nid = \"a\"\nkind = \"dgfip\"\nurls = [\"ftp://me:secret@x.fr/a\"]\n",
        );
        assert!(
            message.contains("http://") && !message.contains("secret"),
            "{message}"
        );
    }

    #[test]
    fn an_indicator_of_one_that_ships_needs_another_name() {
        let table = |source: &str| {
            format!(
                "[[sources]]\nid = \"{source}\"\nkind = \"table\"\n[sources.table]\nplace = \"code\"\nattribution = \"Moi\"\nedition = 2025\nindicators = [\n  {{ id = \"loyer-maison\", column = \"l\" }},\n]\n"
            )
        };
        let message = Config::parse(&table("x")).unwrap_err();
        assert!(
            message.starts_with(
                "line 9: source x: indicator loyer-maison: source loyers, which ships"
            ) && message.ends_with("such as \"x-loyer-maison\""),
            "{message}"
        );
        // A project's own takes the place of the one that ships.
        Config::parse(&table("loyers")).unwrap();
        let year = table("x").replace("2025", "9");
        assert!(
            Config::parse(&year)
                .unwrap_err()
                .contains("table.edition is 9")
        );
    }

    #[test]
    fn an_unknown_key_suggests_the_near_one() {
        let message = Config::parse("[site]\nadress = \"https://x.fr\"\n").unwrap_err();
        assert!(message.contains("did you mean `address`?"), "{message}");
        assert!(message.contains("line 2"), "{message}");
    }

    #[test]
    fn a_threshold_that_would_show_a_sale_is_refused() {
        let message = Config::parse("[statistics]\nminimum_sales = 3\n").unwrap_err();
        assert!(message.contains("minimum_sales is 3"), "{message}");
    }

    #[test]
    fn only_an_address_is_taken_for_that_of_the_site() {
        let read = |address: &str| {
            let address = toml::Value::from(address);
            Config::parse(&format!("[site]\naddress = {address}\n"))
        };
        for address in [
            "https://prix.example.fr/\u{1b}]0;x\u{7}",
            "https://prix.example.fr/\n",
            "https://prix.example.fr/?a=b",
            "https://prix.example.fr/#a",
            "https://prix.example.fr\\a",
            "ftp://prix.example.fr",
            "https://",
            "prix.example.fr",
            "https://prix.exa mple.fr",
            "https://prix.example.fr/<b>",
            "https://prix.example.fr:99999",
            "javascript://x/%0aalert()",
        ] {
            let message = read(address).unwrap_err();
            assert!(
                message.contains("https://prix.example.fr was expected"),
                "{address}: {message}"
            );
            assert!(!message.contains(['\u{1b}', '\u{7}']), "{message}");
        }
        for address in [
            "https://me:hunter2@prix.example.fr",
            "https://hunter2@prix.example.fr/",
        ] {
            let message = read(address).unwrap_err();
            assert!(
                message.contains("names a user") && !message.contains("hunter2"),
                "{message}"
            );
        }
        for address in [
            "https://prix.example.fr/prix/",
            "http://127.0.0.1:8080",
            "https://é.fr/~a/@b",
            "http://[::1]/",
        ] {
            read(address).unwrap();
        }
    }
}
