//! `[[notify]]`: who is told how a run ended.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use reqwest::Method;
use serde::{Deserialize, Serialize};

/// Somebody to tell: one table `[[notify]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// Its name in messages.
    pub id: String,
    pub kind: Channel,
    /// The outcomes that it is told of, by their names.
    #[serde(default = "all_but_unchanged")]
    pub on: BTreeSet<String>,
    /// The message, a Tera template; that of the kind where there is none. For [`Channel::Webhook`] it is the body.
    pub template: Option<String>,
    /// Name of the environment variable that holds the address of the webhook.
    pub url_env: Option<String>,
    /// Of [`Channel::Webhook`]: `POST`.
    pub method: Option<String>,
    /// Of [`Channel::Webhook`]: more headers, Tera templates.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Of [`Channel::Webhook`]: name of the environment variable that holds what templates name as `secret`.
    pub secret_env: Option<String>,
    /// Of [`Channel::Smtp`], as all that follow: the mail server.
    pub server: Option<String>,
    /// 465 or 587, by the kind of TLS.
    pub port: Option<u16>,
    pub tls: Option<MailTls>,
    pub from: Option<String>,
    #[serde(default)]
    pub to: Vec<String>,
    /// The subject, a Tera template.
    pub subject: Option<String>,
    /// Names of the environment variables that hold the user and the password.
    pub user_env: Option<String>,
    pub password_env: Option<String>,
    /// A file of PEM certificates to trust beside those of the system, relative to the project's folder.
    pub root_certificate: Option<PathBuf>,
}

/// What a notification goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Slack,
    Discord,
    /// Mattermost, and what takes the same webhooks: Tchap, Rocket.Chat.
    Mattermost,
    /// Anything that takes JSON by HTTP.
    Webhook,
    Smtp,
}

/// How a mail server is talked to. There is no third way: mail and password would be read by anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// From the first byte on, on port 465.
    Implicit,
    /// After a command in the open, on port 587.
    Starttls,
}

/// Names of outcomes. The version store knows them, which comes after the configuration.
const OUTCOMES: [&str; 5] = ["published", "unchanged", "refused", "failed", "rolled-back"];

fn all_but_unchanged() -> BTreeSet<String> {
    let told = OUTCOMES.iter().filter(|outcome| **outcome != "unchanged");
    told.map(ToString::to_string).collect()
}

impl Notify {
    fn validate(&self) -> Result<(), String> {
        let wrong = |what: String| Err(format!("notify {}: {what}", self.id));
        if self.id.is_empty() || self.id.chars().any(char::is_control) {
            return Err(
                "a table [[notify]] has no id; a name such as \"team\" was expected".into(),
            );
        }
        if let Some(unknown) = self.on.iter().find(|on| !OUTCOMES.contains(&on.as_str())) {
            return wrong(format!(
                "on names \"{unknown}\"; {} were expected",
                OUTCOMES.join(", ")
            ));
        }
        let mail = self.kind == Channel::Smtp;
        let webhook = self.kind == Channel::Webhook;
        // Each key with whether it is given and whether this kind has it.
        let keys = [
            ("server", self.server.is_some(), mail),
            ("port", self.port.is_some(), mail),
            ("tls", self.tls.is_some(), mail),
            ("from", self.from.is_some(), mail),
            ("to", !self.to.is_empty(), mail),
            ("subject", self.subject.is_some(), mail),
            ("user_env", self.user_env.is_some(), mail),
            ("password_env", self.password_env.is_some(), mail),
            ("root_certificate", self.root_certificate.is_some(), mail),
            ("method", self.method.is_some(), webhook),
            ("headers", !self.headers.is_empty(), webhook),
            ("secret_env", self.secret_env.is_some(), webhook),
            ("url_env", self.url_env.is_some(), !mail),
        ];
        if let Some((key, _, _)) = keys.iter().find(|(_, given, has)| *given && !has) {
            return wrong(format!("{key} is no key of this kind"));
        }
        for (key, name) in [
            ("url_env", &self.url_env),
            ("secret_env", &self.secret_env),
            ("user_env", &self.user_env),
            ("password_env", &self.password_env),
        ] {
            // What stands here by mistake may be the secret itself: it is not shown.
            if name.as_deref().is_some_and(|name| !is_variable(name)) {
                return wrong(format!(
                    "{key} is not the name of an environment variable; one such as IMMOSTATS_SLACK_URL was expected, whose value is the secret"
                ));
            }
        }
        if mail {
            if self.server.as_deref().is_none_or(str::is_empty) || self.from.is_none() {
                return wrong("server, from and to are needed for mail".into());
            }
            if self.to.is_empty() {
                return wrong(
                    "to is empty; addresses such as [\"equipe@example.fr\"] were expected".into(),
                );
            }
            if self.user_env.is_some() != self.password_env.is_some() {
                return wrong("user_env and password_env go together".into());
            }
            return Ok(());
        }
        if self.url_env.is_none() {
            return wrong(
                "url_env is missing: the name of the environment variable that holds the webhook's address".into(),
            );
        }
        if let Some(method) = &self.method
            && (!method.bytes().all(|b| b.is_ascii_uppercase())
                || Method::from_bytes(method.as_bytes()).is_err())
        {
            return wrong(format!("method is \"{method}\"; POST or PUT was expected"));
        }
        Ok(())
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Checks all tables.
pub(super) fn validate(tables: &[Notify]) -> Result<(), String> {
    let mut ids = BTreeSet::new();
    for table in tables {
        table.validate()?;
        if !ids.insert(&table.id) {
            return Err(format!(
                "two tables [[notify]] have the id \"{}\"",
                table.id
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::OUTCOMES;
    use crate::base::run::RunOutcome;
    use crate::config::Config;

    #[test]
    fn the_outcomes_are_those_of_runs() {
        assert_eq!(OUTCOMES, RunOutcome::ALL.map(RunOutcome::as_str));
    }

    #[test]
    fn a_notification_that_cannot_be_sent_is_refused() {
        let slack = "kind = \"slack\"\nurl_env = \"HOOK\"";
        for (text, complaint) in [
            ("kind = \"slack\"", "url_env is missing"),
            (
                "kind = \"slack\"\nurl_env = \"https://hooks.example/hunter2\"",
                "not the name of an environment variable",
            ),
            (&format!("{slack}\non = [\"maybe\"]"), "on names \"maybe\""),
            (
                &format!("{slack}\nto = [\"a@b.fr\"]"),
                "to is no key of this kind",
            ),
            ("kind = \"pigeon\"", "unknown variant"),
            ("kind = \"smtp\"\nfrom = \"a@b.fr\"", "server, from and to"),
            (
                "kind = \"smtp\"\nserver = \"m.fr\"\nfrom = \"a@b.fr\"\nto = [\"a@b.fr\"]\nuser_env = \"U\"",
                "go together",
            ),
        ] {
            let message = Config::parse(&format!("[[notify]]\nid = \"a\"\n{text}\n")).unwrap_err();
            assert!(
                message.contains(complaint) && !message.contains("hunter2"),
                "{message}"
            );
        }
        let twice = format!("[[notify]]\nid = \"a\"\n{slack}\n").repeat(2);
        assert!(Config::parse(&twice).unwrap_err().contains("have the id"));
        let config = Config::parse(&format!("[[notify]]\nid = \"a\"\n{slack}\n")).unwrap();
        let on: Vec<_> = config.notify[0].on.iter().collect();
        assert_eq!(on, ["failed", "published", "refused", "rolled-back"]);
    }
}
