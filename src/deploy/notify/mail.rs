//! Mail, by SMTP with TLS.

use std::path::Path;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};

use super::text::Text;
use crate::config::{MailTls, Notify};
use crate::http::{Secret, scrub};

/// The codes by which a server refuses credentials (RFC 4954, 6).
const REFUSED: [u16; 4] = [530, 534, 535, 538];

/// For each answer of the server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The mail that a table of the configuration makes of a text.
///
/// # Errors
/// When an address is none.
pub fn mail(table: &Notify, text: Text) -> Result<Message, String> {
    let mailbox = |key: &str, address: &str| {
        address.parse::<Mailbox>().map_err(|_| {
            format!(
                "{key} holds \"{address}\"; an address such as equipe@example.fr or \"Prix <prix@example.fr>\" was expected"
            )
        })
    };
    let from = mailbox("from", table.from.as_deref().unwrap_or_default())?;
    // The name of this machine, a runner's, would be nobody's: filters look for the sender's domain.
    let time = jiff::Timestamp::now().as_nanosecond();
    let id = format!("<{time:x}.{}@{}>", std::process::id(), from.email.domain());
    let mut builder = Message::builder()
        .from(from)
        .date_now()
        .message_id(Some(id));
    for to in &table.to {
        builder = builder.to(mailbox("to", to)?);
    }
    builder
        .subject(text.subject.unwrap_or_default())
        .header(ContentType::TEXT_PLAIN)
        .body(text.body)
        .map_err(|error| format!("the mail cannot be written: {error}"))
}

/// Sends a mail. `root` is the project's folder.
///
/// # Errors
/// When the server cannot be reached, is not whom its certificate says, or does not take the mail.
pub fn send(table: &Notify, root: &Path, mail: &Message) -> Result<(), String> {
    let server = table.server.as_deref().unwrap_or_default();
    let mut tls = TlsParameters::builder(server.to_owned());
    if let Some(path) = &table.root_certificate {
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
    let (port, tls) = match table.tls.unwrap_or(MailTls::Implicit) {
        MailTls::Implicit => (465, Tls::Wrapper(tls)),
        MailTls::Starttls => (587, Tls::Required(tls)),
    };
    let mut transport = SmtpTransport::builder_dangerous(server)
        .port(table.port.unwrap_or(port))
        .tls(tls)
        .timeout(Some(TIMEOUT));
    let mut secrets = Vec::new();
    if let (Some(user), Some(password)) = (&table.user_env, &table.password_env) {
        let secret = |name: &str| {
            Secret::from_env(name).ok_or_else(|| format!("{name} is not set in the environment"))
        };
        let (user, password) = (secret(user)?, secret(password)?);
        transport = transport.credentials(Credentials::new(
            user.expose().to_owned(),
            password.expose().to_owned(),
        ));
        secrets = vec![password, user];
    }
    transport.build().send(mail).map(drop).map_err(|error| {
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
