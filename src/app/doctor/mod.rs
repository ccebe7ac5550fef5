//! The doctor: whether a project has what the other use cases need, and what to do about what it lacks.

mod diagnosis;
mod site;
mod sources;

pub use diagnosis::{Diagnosis, Gravity, verdict};

use super::project::Project;
use crate::config::Config;
use crate::deploy::{Keys, Services, has_grist_key};
use crate::site::{check_departements, templates_digest};

/// Looks at everything. Each check goes by itself: what one cannot tell, the next may.
pub fn diagnose(project: &Project) -> Vec<Diagnosis> {
    let (config, services) = match project.settings() {
        Ok(settings) => settings,
        Err(error) => {
            return vec![Diagnosis::problem(
                "configuration",
                error.to_string(),
                "nothing else can be checked before that is put right",
            )];
        }
    };
    let mut findings = vec![configuration(&config)];
    findings.extend(departements(project, &config));
    findings.push(legal(&config));
    findings.extend(templates(project, &config));
    findings.extend(credentials(&services));
    findings.extend(site::findings(project, &services.deploy));
    findings.extend(sources::findings(project, &config));
    findings
}

fn configuration(config: &Config) -> Diagnosis {
    let address = &config.site.address;
    if config.site.is_placeholder() {
        return Diagnosis::problem(
            "configuration",
            format!("site.address is still {address}"),
            "set it in immostats.toml to where the site is served: canonical links and the sitemap name it",
        );
    }
    Diagnosis::ok("configuration", format!("immostats.toml, for {address}"))
}

/// What is wrong with the départements that the site is of.
fn departements(project: &Project, config: &Config) -> Option<Diagnosis> {
    // What is wrong with the database itself, another check says.
    let places = project.sales_or_none().ok()?.geography().ok()?;
    let wrong = check_departements(config, &places).err()?;
    Some(Diagnosis::problem(
        "configuration",
        wrong.to_string(),
        "put it right in immostats.toml; without the key the site is of all départements",
    ))
}

/// Whether the legal notice names whom the law asks for.
fn legal(config: &Config) -> Diagnosis {
    let missing = config.legal.missing();
    if missing.is_empty() {
        return Diagnosis::ok("legal", "the legal notice names who answers for the site");
    }
    let keys: Vec<_> = missing.iter().map(|key| format!("legal.{key}")).collect();
    Diagnosis::problem(
        "legal",
        format!("the legal notice lacks {}", keys.join(", ")),
        "set it in immostats.toml: French law asks a site for its publisher, its director of publication, a contact and its host",
    )
}

fn templates(project: &Project, config: &Config) -> Option<Diagnosis> {
    let templates = project.templates();
    match (templates_digest(config, templates.as_deref()), templates) {
        (Ok(_), Some(_)) => Some(Diagnosis::ok(
            "templates",
            "the project's own templates can be read",
        )),
        (Ok(_), None) => None,
        (Err(error), _) => Some(Diagnosis::problem(
            "templates",
            error.to_string(),
            "put it right in templates/, or in [theme] of immostats.toml",
        )),
    }
}

/// Whether the credentials that the configuration needs are there and may be some. They are not shown, nor sent anywhere.
fn credentials(services: &Services) -> Vec<Diagnosis> {
    let mut looked_at = Vec::new();
    if let Some(settings) = services.deploy.bucket() {
        let keys = Keys::from_environment().map_err(|error| error.to_string());
        looked_at.push(keys.and_then(|keys| match keys.implausible() {
            Some(reason) => Err(reason),
            None => Ok(format!("the keys of bucket {} are set", settings.bucket)),
        }));
    }
    if let Some(settings) = &services.cdn {
        looked_at.push(match settings.cdn.credentials() {
            Ok(_) => Ok("those of the CDN are set".into()),
            Err(error) => Err(error.to_string()),
        });
    }
    if !services.exports.is_empty() {
        looked_at.push(match has_grist_key() {
            true => Ok("the key of Grist is set".into()),
            false => Err("GRIST_API_KEY, which [[exports]] needs, is not set".into()),
        });
    }
    for table in &services.notify {
        looked_at.push(match table.credentials() {
            Ok(()) => Ok(format!("those of notification {} are set", table.id)),
            Err(reason) => Err(format!("notification {}: {reason}", table.id)),
        });
    }
    let finding = |credentials| match credentials {
        Ok(found) => Diagnosis::ok("credentials", found),
        Err(reason) => Diagnosis::problem(
            "credentials",
            reason,
            "set it in the environment; in GitHub Actions, as a secret of the repository",
        ),
    };
    looked_at.into_iter().map(finding).collect()
}
