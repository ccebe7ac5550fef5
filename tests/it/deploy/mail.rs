//! A mail server on 127.0.0.1 that speaks SMTP with TLS, and keeps what it is sent.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// User and password of the server, as AUTH PLAIN sends them: `\0user\0password`.
pub const USER: &str = "postman";
pub const PASSWORD: &str = "hunter2-of-the-postman";
const PLAIN: &str = "AHBvc3RtYW4AaHVudGVyMi1vZi10aGUtcG9zdG1hbg==";

/// A mail, as it came.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    /// Headers and body.
    pub data: String,
}

/// The server; it ends with the test's process.
pub struct MailServer {
    pub port: u16,
    /// The authority that signed its certificate, PEM.
    pub authority: String,
    mails: Arc<Mutex<Vec<Mail>>>,
}

impl MailServer {
    /// Starts one that talks TLS from the first byte on, or after STARTTLS.
    pub fn start(implicit: bool) -> Self {
        let (authority, config) = certificates();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            authority,
            mails: Arc::default(),
        };
        let mails = Arc::clone(&server.mails);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (config, mails) = (Arc::clone(&config), Arc::clone(&mails));
                // A client that does not trust the certificate hangs up.
                std::thread::spawn(move || serve(stream, implicit, config, &mails).is_ok());
            }
        });
        server
    }

    /// The mails since the last time.
    pub fn mails(&self) -> Vec<Mail> {
        std::mem::take(&mut self.mails.lock().unwrap())
    }
}

/// An authority, and the certificate for `localhost` that it signed.
fn certificates() -> (String, Arc<ServerConfig>) {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}\n{said}");
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2";
    openssl(&format!(
        "req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=authority"
    ));
    openssl(&format!(
        "req -x509 {key} -keyout localhost.key -out localhost.pem -subj /CN=localhost -CA ca.pem -CAkey ca.key -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE"
    ));
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let certificate = CertificateDer::from_pem_slice(&read("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(&read("localhost.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    (String::from_utf8(read("ca.pem")).unwrap(), Arc::new(config))
}

fn serve(
    mut stream: TcpStream,
    implicit: bool,
    config: Arc<ServerConfig>,
    mails: &Mutex<Vec<Mail>>,
) -> io::Result<()> {
    if !implicit {
        stream.write_all(b"220 ready\r\n")?;
        let mut reader = BufReader::new(stream.try_clone()?);
        loop {
            let line = read(&mut reader)?;
            match verb(&line).as_str() {
                "EHLO" => stream.write_all(b"250-localhost\r\n250 STARTTLS\r\n")?,
                "STARTTLS" => break,
                // Nothing else is said in the open.
                _ => stream.write_all(b"530 Must issue a STARTTLS command first\r\n")?,
            }
        }
        stream.write_all(b"220 go on\r\n")?;
    }
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut tls = BufReader::new(StreamOwned::new(connection, stream));
    if implicit {
        say(&mut tls, "220 ready")?;
    }
    converse(&mut tls, mails)
}

fn converse<S: Read + Write>(tls: &mut BufReader<S>, mails: &Mutex<Vec<Mail>>) -> io::Result<()> {
    let mut known = false;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let line = read(tls)?;
        let address = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match verb(&line).as_str() {
            "EHLO" => say(tls, "250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN")?,
            "AUTH" if line == format!("AUTH PLAIN {PLAIN}") => {
                known = true;
                say(tls, "235 welcome")?;
            }
            // Servers have been seen to repeat what they were sent.
            "AUTH" => say(tls, &format!("535 not with {line}"))?,
            "MAIL" if known => {
                from = address();
                say(tls, "250 ok")?;
            }
            "RCPT" if known => {
                to.push(address());
                say(tls, "250 ok")?;
            }
            "DATA" if known => {
                say(tls, "354 go on")?;
                let mut data = String::new();
                loop {
                    let line = read(tls)?;
                    if line == "." {
                        break;
                    }
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push('\n');
                }
                mails.lock().unwrap().push(Mail {
                    from: std::mem::take(&mut from),
                    to: std::mem::take(&mut to),
                    data,
                });
                say(tls, "250 taken")?;
            }
            "QUIT" => return say(tls, "221 bye"),
            "NOOP" | "RSET" => say(tls, "250 ok")?,
            _ => say(tls, "530 Authentication required")?,
        }
    }
}

fn verb(line: &str) -> String {
    let verb = line.split([' ', ':']).next().unwrap_or_default();
    verb.to_ascii_uppercase()
}

fn read(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn say<S: Read + Write>(tls: &mut BufReader<S>, line: &str) -> io::Result<()> {
    tls.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
    tls.get_mut().flush()
}
