//! Mail, by SMTP with TLS.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message as Letter};
use lettre::transport::smtp::SmtpTransportBuilder;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use serde::Deserialize;

use super::channel::{COMMON_KEYS, Channel, ChannelKind, Text, check_variable, secret};
use super::message::Message;
use super::render::{render, tera};
use crate::base::clock;
use crate::config::ConfigSection;
use crate::http::scrub;

/// What `[[notify]]` registers.
pub(super) const KIND: ChannelKind = ChannelKind {
    key: "smtp",
    help: r#"#   smtp        mail: server, from, to; subject, a Tera template; tls is "implicit" (port 465) or "starttls" (587), port another
#               port; user_env and password_env, the variables that hold the user and the password; root_certificate, a PEM
#               file to trust beside the system's certificates
"#,
    read,
};

/// The codes by which a server refuses credentials (RFC 4954, 6).
const REFUSED: [u16; 4] = [530, 534, 535, 538];

/// For each answer of the server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The mail where the table has no template.
const TEMPLATE: &str = r#"{{ title | capitalize }}{% if version and (outcome == "published" or outcome == "rolled-back") %} (version {{ version }}){% endif %}

{% include "facts" -%}
{% if refusals %}
Ce qui a été refusé :
{% for refusal in refusals -%}
- {{ refusal.source }}{% if refusal.file %}, {{ refusal.file }}{% endif %}{% if refusal.gate %}, seuil {{ refusal.gate }}{% endif %} : {{ refusal.reason }}
{% endfor -%}
{% elif message %}
{{ message }}
{% endif -%}
{% if movements %}
Les plus fortes variations :
{% for city in movements -%}
- {{ city.name }} : {{ city.kind }} {{ city.before | number }} → {{ city.after | per_m2 }} ({{ city.change | percent }})
{% endfor -%}
{% endif %}
Le site : {{ site.address }}/
{% if run_url -%}
L’exécution : {{ run_url }}
{% endif -%}
"#;

const SUBJECT: &str = r#"{{ site.name }} : {{ title }}{% if version and (outcome == "published" or outcome == "rolled-back") %} ({{ version }}){% endif %}"#;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Smtp {
    server: String,
    port: Option<u16>,
    #[serde(default)]
    tls: TlsStart,
    from: String,
    to: Vec<String>,
    /// A Tera template.
    subject: Option<String>,
    user_env: Option<String>,
    password_env: Option<String>,
    /// Relative to the project's folder.
    root_certificate: Option<PathBuf>,
}

/// When the connection is encrypted. There is no third way: mail and password would be read by anybody.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TlsStart {
    /// From the first byte on, on port 465.
    #[default]
    Implicit,
    /// After a command in the open, on port 587.
    Starttls,
}

fn read(keys: ConfigSection<'_>) -> Result<Box<dyn Channel>, String> {
    let smtp: Smtp = keys.read(&COMMON_KEYS)?;
    if smtp.server.is_empty() {
        return Err("server is empty; a mail server such as smtp.example.fr was expected".into());
    }
    if smtp.to.is_empty() {
        return Err("to is empty; addresses such as [\"equipe@example.fr\"] were expected".into());
    }
    match (&smtp.user_env, &smtp.password_env) {
        (None, None) => {}
        (Some(user), Some(password)) => {
            check_variable("user_env", user)?;
            check_variable("password_env", password)?;
        }
        _ => return Err("user_env and password_env go together".into()),
    }
    Ok(Box::new(smtp))
}

impl Channel for Smtp {
    fn credentials(&self) -> Result<(), String> {
        let variables = [&self.user_env, &self.password_env];
        let mut named = variables.into_iter().flatten();
        named.try_for_each(|variable| secret(variable).map(drop))
    }

    fn text(&self, template: Option<&str>, message: &Message, _: &str) -> Result<Text, String> {
        let tera = tera(plain)?;
        let body = render(
            &tera,
            "template",
            template.unwrap_or(TEMPLATE),
            message,
            "",
            true,
        )?;
        let subject = self.subject.as_deref().unwrap_or(SUBJECT);
        let subject = render(&tera, "subject", subject, message, "", true)?;
        let words: Vec<_> = subject
            .split(|c: char| c.is_ascii_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        let text = Text {
            subject: Some(words.join(" ")),
            body: format!("{}\n", body.trim()),
        };
        // A text that makes no mail is of no use.
        self.letter(&text)?;
        Ok(text)
    }

    fn send(&self, template: Option<&str>, message: &Message, root: &Path) -> Result<(), String> {
        let letter = self.letter(&self.text(template, message, "")?)?;
        let mut secrets = Vec::new();
        let mut transport = self.transport(root)?;
        if let (Some(user), Some(password)) = (&self.user_env, &self.password_env) {
            let (user, password) = (secret(user)?, secret(password)?);
            transport = transport.credentials(Credentials::new(
                user.expose().to_owned(),
                password.expose().to_owned(),
            ));
            secrets = vec![password, user];
        }
        let server = &self.server;
        let sent = transport.build().send(&letter);
        sent.map(drop).map_err(|error| {
            // What the server says of them may repeat them, in an encoding of its own.
            if let Some(code) = error
                .status()
                .filter(|code| REFUSED.contains(&u16::from(*code)))
            {
                return format!("{server} did not accept the user and the password ({code})");
            }
            let mut reason = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(source) = cause {
                let told = source.to_string();
                if !reason.contains(&told) {
                    reason = format!("{reason}: {told}");
                }
                cause = source.source();
            }
            scrub(&format!("{server}: {reason}"), &secrets)
        })
    }
}

impl Smtp {
    /// The mail of a text.
    fn letter(&self, text: &Text) -> Result<Letter, String> {
        let mailbox = |key: &str, address: &str| {
            address.parse::<Mailbox>().map_err(|_| {
                format!(
                    "{key} holds \"{address}\"; an address such as equipe@example.fr or \"Prix <prix@example.fr>\" was expected"
                )
            })
        };
        let from = mailbox("from", &self.from)?;
        // The name of this machine, a runner's, would be nobody's: filters look for the sender's domain.
        let id = format!("<{}@{}>", clock::moment(), from.email.domain());
        let mut builder = Letter::builder().from(from).date_now().message_id(Some(id));
        for to in &self.to {
            builder = builder.to(mailbox("to", to)?);
        }
        builder
            .subject(text.subject.as_deref().unwrap_or_default())
            .header(ContentType::TEXT_PLAIN)
            .body(text.body.clone())
            .map_err(|error| format!("the mail cannot be written: {error}"))
    }

    /// The way to the server, still without a user.
    fn transport(&self, root: &Path) -> Result<SmtpTransportBuilder, String> {
        let mut tls = TlsParameters::builder(self.server.clone());
        if let Some(path) = &self.root_certificate {
            let path = root.join(path);
            let pem = std::fs::read(&path)
                .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
            let certificate = Certificate::from_pem(&pem)
                .map_err(|_| format!("{} holds no PEM certificate", path.display()))?;
            tls = tls.add_root_certificate(certificate);
        }
        let tls = tls
            .build()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?;
        let (port, tls) = match self.tls {
            TlsStart::Implicit => (465, Tls::Wrapper(tls)),
            TlsStart::Starttls => (587, Tls::Required(tls)),
        };
        Ok(SmtpTransport::builder_dangerous(&self.server)
            .port(self.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(TIMEOUT)))
    }
}

fn plain(text: &str, output: &mut dyn Write) -> io::Result<()> {
    output.write_all(text.as_bytes())
}
