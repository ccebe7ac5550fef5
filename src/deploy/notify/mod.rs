//! Notifications: how a run ended, told to people where they are. Each kind of channel is a file. To add a chat, write its
//! file like the others' and register it in `KINDS`.

mod channel;
mod chat;
mod discord;
mod hook;
mod mail;
mod mattermost;
mod message;
mod render;
mod slack;
mod webhook;

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Deserializer};

pub use channel::Text;
pub use message::{Message, choose};

use channel::{COMMON_KEYS, Channel, ChannelKind};

use super::registry;
use crate::base::run::RunOutcome;
use crate::config::ConfigSection;
use crate::http::HIDDEN;

/// The kinds of channel there are.
const KINDS: [&ChannelKind; 5] = [
    &slack::KIND,
    &discord::KIND,
    &mattermost::KIND,
    &webhook::KIND,
    &mail::KIND,
];

/// The part of `immostats.toml` that is about notifications, commented.
pub fn template() -> String {
    let mut text = String::from(
        r#"
# Who is told by `immostats notify` how a run ended: a table each. What is secret comes from environment variables, and the
# table names them.
#   id         its name in messages
#   kind       what it goes through, as below
#   on         the outcomes to tell of: "published", "unchanged", "refused", "failed", "rolled-back" (all but "unchanged")
#   template   the message, a Tera template in the place of the French one that ships; of a webhook, its body. It can name
#              outcome, title, command, version, previous, new_transactions, cities_updated, seconds, duration, message,
#              refusals, movements, run_url, site.name and site.address
# Each kind has keys of its own:
"#,
    );
    text.extend(KINDS.map(|kind| kind.help));
    text.push_str(
        r#"# [[notify]]
# id = "equipe"
# kind = "mattermost"
# url_env = "IMMOSTATS_MATTERMOST_URL"
#
# [[notify]]
# id = "courriel"
# kind = "smtp"
# on = ["refused", "failed"]
# server = "smtp.example.fr"
# tls = "starttls"
# from = "Prix de l’immobilier <prix@example.fr>"
# to = ["equipe@example.fr"]
# user_env = "IMMOSTATS_SMTP_USER"
# password_env = "IMMOSTATS_SMTP_PASSWORD"
"#,
    );
    text
}

/// Somebody to tell: one table `[[notify]]`.
#[derive(Debug)]
pub struct Notify {
    /// Its name in messages.
    pub id: String,
    kind: &'static ChannelKind,
    on: BTreeSet<String>,
    template: Option<String>,
    channel: Box<dyn Channel>,
}

/// Reads the tables `[[notify]]`.
///
/// # Errors
/// When one holds an unknown key or a value that cannot be, or two have one id.
pub fn read(tables: Vec<ConfigSection<'_>>) -> Result<Vec<Notify>, String> {
    let mut all = Vec::<Notify>::new();
    for table in tables {
        let notify = Notify::read(table)?;
        if all.iter().any(|other| other.id == notify.id) {
            return Err(format!(
                "two tables [[notify]] have the id \"{}\"",
                notify.id
            ));
        }
        all.push(notify);
    }
    Ok(all)
}

impl Notify {
    fn read(mut table: ConfigSection<'_>) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Common {
            id: String,
            #[serde(deserialize_with = "kind")]
            kind: &'static ChannelKind,
            #[serde(default = "all_but_unchanged")]
            on: BTreeSet<String>,
            template: Option<String>,
        }
        let common: Common = table.split(&COMMON_KEYS).read(&[])?;
        let id = common.id;
        if id.is_empty() || id.chars().any(char::is_control) {
            return Err(
                "a table [[notify]] has no id; a name such as \"team\" was expected".into(),
            );
        }
        let outcomes = RunOutcome::ALL.map(RunOutcome::as_str);
        if let Some(unknown) = common.on.iter().find(|on| !outcomes.contains(&on.as_str())) {
            return Err(format!(
                "notify {id}: on names \"{unknown}\"; {} were expected",
                outcomes.join(", ")
            ));
        }
        let channel =
            (common.kind.read)(table).map_err(|reason| format!("notify {id}: {reason}"))?;
        Ok(Self {
            id,
            kind: common.kind,
            on: common.on,
            template: common.template,
            channel,
        })
    }

    /// What it goes through, as the configuration names it.
    pub fn kind(&self) -> &'static str {
        self.kind.key
    }

    /// Whether it is told of an outcome.
    pub fn wants(&self, message: &Message) -> bool {
        self.on.contains(message.outcome)
    }

    /// Whether the environment has what it needs. Nothing is sent.
    ///
    /// # Errors
    /// The variable that is not set, or that holds no address.
    pub fn credentials(&self) -> Result<(), String> {
        self.channel.credentials()
    }

    /// What it would send, with its secrets left out.
    ///
    /// # Errors
    /// Why it would send nothing.
    pub fn preview(&self, message: &Message) -> Result<Text, String> {
        self.channel.text(self.template.as_deref(), message, HIDDEN)
    }
}

fn kind<'de, D: Deserializer<'de>>(value: D) -> Result<&'static ChannelKind, D::Error> {
    let names = KINDS.map(|kind| kind.key);
    registry::position(value, &names).map(|position| KINDS[position])
}

fn all_but_unchanged() -> BTreeSet<String> {
    let told = RunOutcome::ALL
        .into_iter()
        .filter(|outcome| *outcome != RunOutcome::Unchanged);
    told.map(|outcome| outcome.as_str().to_owned()).collect()
}

/// Sends a message to all of the tables at once. Gives for each why it did not get it, where it did not; none of them
/// keeps another from its own. `root` is the project's folder.
pub fn send(tables: &[&Notify], message: &Message, root: &Path) -> Vec<Result<(), String>> {
    std::thread::scope(|scope| {
        let sending: Vec<_> = tables
            .iter()
            .map(|table| {
                scope.spawn(|| table.channel.send(table.template.as_deref(), message, root))
            })
            .collect();
        sending
            .into_iter()
            .map(|thread| {
                let lost = |_| Err("it could not be sent, for a fault of this program".to_owned());
                thread.join().unwrap_or_else(lost)
            })
            .collect()
    })
}
