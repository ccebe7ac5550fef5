//! What of `immostats.toml` is about services of the operator's own.

use super::archive;
use super::cdn::{self, CdnSettings};
use super::grist::{self, GristSettings};
use super::host::{self, BucketSettings, DeploySettings};
use super::notify::{self, Notify};
use crate::config::{self, ConfigError, ConfigFile, ConfigSection};

/// The operator's services: where the site is published, what keeps copies of it, who is told of it, which tables elsewhere
/// have its figures, and where its journals are kept.
#[derive(Debug)]
pub struct Services {
    /// The host of the site and what it needs.
    pub deploy: DeploySettings,
    /// `None` where there is no CDN.
    pub cdn: Option<CdnSettings>,
    /// Everybody who is told how a run ended.
    pub notify: Vec<Notify>,
    /// The tables of Grist that are brought to the figures of the site.
    pub exports: Vec<GristSettings>,
    /// The bucket that keeps the journals; `None` where there is none.
    pub archive: Option<BucketSettings>,
}

impl Services {
    /// Reads the tables of [`config::SERVICE_TABLES`].
    ///
    /// # Errors
    /// When one holds an unknown key (the near one is suggested) or a value that cannot be.
    pub fn read(file: &ConfigFile) -> Result<Self, ConfigError> {
        file.parse(Self::parse)
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut file = ConfigSection::parse(text)?;
        let deploy = DeploySettings::read(file.take("deploy"))?;
        Ok(Self {
            archive: archive::read(file.take("archive"), &deploy)?,
            deploy,
            cdn: cdn::read(file.take("cdn"))?,
            notify: notify::read(file.take_list("notify")?)?,
            exports: grist::read(file.take_list("exports")?)?,
        })
    }
}

/// The commented file that `immostats init` writes; it holds every key with its default.
pub fn template() -> String {
    [
        config::TEMPLATE.to_owned(),
        host::template(),
        cdn::template(),
        notify::template(),
        grist::template(),
        archive::template(),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_file_that_ships_is_read_and_holds_the_defaults() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(config::FILE_NAME);
        crate::files::write(&path, template().as_bytes()).unwrap();
        let file = ConfigFile::open(root.path()).unwrap();
        assert_eq!(Config::read(&file).unwrap(), Config::default());
        // Settings of services cannot be compared, but shown.
        let shown = format!("{:?}", Services::read(&file).unwrap());
        assert_eq!(shown, format!("{:?}", Services::parse("").unwrap()));
    }

    #[test]
    fn every_key_is_in_the_file_that_ships() {
        // What is said of a key that is unknown names all that are known.
        let known = |text: &str| -> Vec<String> {
            let message = Services::parse(text).unwrap_err();
            let (_, expected) = message.split_once("expected").unwrap();
            let expected = expected.lines().next().unwrap();
            let names = expected.split('`').skip(1).step_by(2);
            names.map(str::to_owned).collect()
        };
        let shipped = template();
        let shipped: toml::Table = toml::from_str(&shipped).unwrap();
        let tables: Vec<(&str, &toml::Table)> = vec![
            ("deploy", shipped["deploy"].as_table().unwrap()),
            ("cdn", shipped["cdn"].as_table().unwrap()),
            ("archive", shipped["archive"].as_table().unwrap()),
        ];
        for (name, table) in tables {
            let nested = table
                .iter()
                .filter_map(|(key, value)| Some((key, value.as_table()?)));
            let nested = nested.map(|(key, table)| (format!("{name}.{key}"), table));
            for (name, table) in nested.chain([(name.to_owned(), table)]) {
                let keys = known(&format!("[{name}]\n\"?\" = 1\n"));
                assert!(!keys.is_empty(), "{name}");
                for key in keys {
                    assert!(table.contains_key(&key), "{name}.{key} is not documented");
                }
            }
        }
        let exports = grist::template();
        for key in known("[[exports]]\n\"?\" = 1\n") {
            assert!(
                exports.contains(&format!("# {key} = ")),
                "exports.{key} is not documented"
            );
        }
        let notify = notify::template();
        for kind in known("[[notify]]\nid = \"a\"\nkind = \"?\"\n") {
            let text = format!("[[notify]]\nid = \"a\"\nkind = \"{kind}\"\n\"?\" = 1\n");
            for key in known(&text) {
                assert!(notify.contains(&key), "{kind} {key} is not documented");
            }
        }
    }

    #[test]
    fn an_unknown_key_suggests_the_near_one() {
        for (text, near, line) in [
            ("[cdn]\nprovder = \"none\"\n", "provider", 2),
            ("\n[cdn.cloudfare]\nzone = \"a\"\n", "cloudflare", 2),
            ("[cdn.bunny]\nexact_bust = 2.0\n", "exact_burst", 2),
            ("[cdn]\nprovider = \"cloudfare\"\n", "cloudflare", 2),
            ("[deploy]\nhots = \"s3\"\n", "host", 2),
            ("[deploy.s3]\n\nbuckets = \"a\"\n", "bucket", 3),
            ("[archive.s3]\nregoin = \"a\"\n", "region", 2),
            ("[[exports]]\ndepartement = []\n", "departements", 2),
            (
                "[[notify]]\nid = \"a\"\nkind = \"slack\"\nurl_en = \"A\"\n",
                "url_env",
                4,
            ),
            (
                "[[notify]]\nid = \"a\"\nkind = \"slack\"\nurl_env = \"A\"\ntemplat = \"A\"\n",
                "template",
                5,
            ),
        ] {
            let message = Services::parse(text).unwrap_err();
            assert!(
                message.contains(&format!("did you mean `{near}`?")),
                "{message}"
            );
            assert!(message.contains(&format!("line {line}")), "{message}");
        }
        let message = Services::parse("notify = 5\n").unwrap_err();
        assert!(
            message.contains("line 1") && message.contains("sequence"),
            "{message}"
        );
    }

    #[test]
    fn a_bucket_that_cannot_be_is_refused() {
        let refused = |text: &str| Services::parse(text).unwrap_err();
        for (text, complaint) in [
            ("host = \"s3\"", "names no bucket"),
            ("branch = \"--force\"", "deploy.branch"),
            ("workflow = \"actions\"", "deploy.workflow is no address"),
            ("s3.endpoint = \"http://s3.example.org\"", "allow_http"),
            (
                "s3.endpoint = \"https://me:secret@s3.example.org\"",
                "AWS_ACCESS_KEY_ID",
            ),
            ("s3.prefix = \"a/../b\"", "deploy.s3.prefix"),
            ("s3.parallel = 0", "1 to 256"),
        ] {
            let message = refused(&format!("[deploy]\n{text}\n"));
            assert!(
                message.contains(complaint) && !message.contains("secret@"),
                "{message}"
            );
        }
        let services = Services::parse("[deploy]\ns3.prefix = \"/a/b/\"\n").unwrap();
        assert_eq!(services.deploy.s3.prefix, "a/b");
    }

    #[test]
    fn what_no_cdn_takes_is_refused() {
        for (text, complaint) in [
            ("provider = \"cloudflare\"", "cdn.cloudflare.zone is \"\""),
            ("provider = \"akamai\"", "unknown variant"),
            ("cloudflare.batch = 501", "1 to 500"),
            (
                "cloudflare.api = \"https://me:hunter2@x.fr\"",
                "without a user",
            ),
            (
                "fastly.by = \"keys\"\nprovider = \"fastly\"",
                "cdn.fastly.service",
            ),
            ("bunny.exact_burst = 0.5", "at least 1"),
            ("http.per_second = 0.0", "more than 0"),
            (
                "provider = \"http\"\nhttp.method = \"post it\"",
                "a method such as",
            ),
        ] {
            let message = Services::parse(&format!("[cdn]\n{text}\n")).unwrap_err();
            assert!(
                message.contains(complaint) && !message.contains("hunter2"),
                "{message}"
            );
        }
    }

    #[test]
    fn an_export_that_cannot_be_is_refused() {
        for (text, complaint) in [
            ("kind = \"excel\"", "unknown variant"),
            ("table = \"Communes\"", "doc is \"\""),
            ("doc = \"a/b\"", "the document's id was expected"),
            ("doc = \"a\"\ntable = \"mes communes\"", "\"Mes_communes\""),
            (
                "doc = \"a\"\nserver = \"http://grist.example.fr\"",
                "https://",
            ),
            (
                "doc = \"a\"\nserver = \"https://me:hunter2@grist.example.fr\"",
                "without a user",
            ),
            ("doc = \"a\"\nbatch = 501", "1 to 500"),
            ("doc = \"a\"\ntimeout = \"long\"", "\"15m\" was expected"),
        ] {
            let message = Services::parse(&format!("[[exports]]\n{text}\n")).unwrap_err();
            assert!(
                message.contains(complaint) && !message.contains("hunter2"),
                "{message}"
            );
        }
        let one = "[[exports]]\nkind = \"grist\"\ndoc = \"a\"\ntimeout = \"90s\"\n";
        assert!(
            Services::parse(&one.repeat(2))
                .unwrap_err()
                .contains("of table Communes of document a")
        );
        let export = Services::parse(one).unwrap().exports.remove(0);
        assert_eq!((export.timeout.as_secs(), export.rows), (90, 5000));
    }

    #[test]
    fn a_notification_that_cannot_be_sent_is_refused() {
        let slack = "kind = \"slack\"\nurl_env = \"HOOK\"";
        for (text, complaint) in [
            ("kind = \"slack\"", "missing field `url_env`"),
            (
                "kind = \"slack\"\nurl_env = \"https://hooks.example/hunter2\"",
                "not the name of an environment variable",
            ),
            (&format!("{slack}\non = [\"maybe\"]"), "on names \"maybe\""),
            (&format!("{slack}\nto = [\"a@b.fr\"]"), "unknown field `to`"),
            ("kind = \"pigeon\"", "unknown variant"),
            ("kind = \"smtp\"\nfrom = \"a@b.fr\"", "missing field"),
            (
                "kind = \"smtp\"\nserver = \"m.fr\"\nfrom = \"a@b.fr\"\nto = [\"a@b.fr\"]\nuser_env = \"U\"",
                "go together",
            ),
        ] {
            let message =
                Services::parse(&format!("[[notify]]\nid = \"a\"\n{text}\n")).unwrap_err();
            assert!(
                message.contains(complaint) && !message.contains("hunter2"),
                "{message}"
            );
        }
        let one = format!("[[notify]]\nid = \"a\"\n{slack}\n");
        assert!(
            Services::parse(&one.repeat(2))
                .unwrap_err()
                .contains("have the id")
        );
        assert_eq!(Services::parse(&one).unwrap().notify.len(), 1);
    }
}
