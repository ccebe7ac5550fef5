//! The records of the package's JSON files, to lists of places.

use std::borrow::Cow;

use serde::Deserialize;

use super::error::CogError;
use crate::config::COG_ITEMS;
use crate::geo::{
    Commune, CommuneKind, Departement, Epci, EpciKind, FormerCode, Geography, Liaison, PlaceLists,
    Region,
};

#[derive(Deserialize)]
struct CommuneRecord<'a> {
    #[serde(rename = "type")]
    kind: RecordKind,
    code: &'a str,
    #[serde(borrow)]
    nom: Cow<'a, str>,
    #[serde(rename = "typeLiaison")]
    liaison: Option<Liaison>,
    departement: &'a str,
    region: &'a str,
    population: Option<u32>,
    #[serde(rename = "codesPostaux", default)]
    postal_codes: Vec<String>,
    #[serde(rename = "anciensCodes", default, borrow)]
    former_codes: Vec<&'a str>,
    #[serde(rename = "chefLieu")]
    chef_lieu: Option<&'a str>,
    commune: Option<&'a str>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum RecordKind {
    CommuneActuelle,
    ArrondissementMunicipal,
    CommuneDeleguee,
    CommuneAssociee,
}

#[derive(Deserialize)]
struct EpciRecord<'a> {
    code: &'a str,
    #[serde(borrow)]
    nom: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: EpciKind,
    #[serde(borrow)]
    membres: Vec<Member<'a>>,
}

#[derive(Deserialize)]
struct Member<'a> {
    code: &'a str,
}

#[derive(Deserialize)]
struct DepartementRecord<'a> {
    region: &'a str,
    #[serde(flatten, borrow)]
    area: AreaRecord<'a>,
}

/// What départements and régions have in common.
#[derive(Deserialize)]
struct AreaRecord<'a> {
    code: &'a str,
    #[serde(borrow)]
    nom: Cow<'a, str>,
    #[serde(rename = "typeLiaison")]
    liaison: Liaison,
    zone: &'a str,
}

impl AreaRecord<'_> {
    fn liaison(&self) -> Liaison {
        // The package gives every collectivité d'outre-mer a 0, whatever its name.
        if self.zone == "com" {
            Liaison::guess(&self.nom)
        } else {
            self.liaison
        }
    }
}

/// The places of the four texts, in the order of [`COG_ITEMS`].
pub(super) fn geography(texts: [&str; COG_ITEMS.len()]) -> Result<Geography, CogError> {
    let [communes, epci, departements, regions] = texts;
    let (communes, rest) = rayon::join(
        || read_communes(parse(0, communes)?),
        || {
            let epcis = read_epcis(parse(1, epci)?);
            let departements = read_departements(parse(2, departements)?);
            let regions = read_regions(parse(3, regions)?);
            Ok::<_, CogError>((epcis, departements, regions, digest(&texts)))
        },
    );
    let (communes, mut former) = communes?;
    former.extend(overseas(&communes, &former));
    let (epcis, departements, regions, digest) = rest?;
    Ok(Geography::new(PlaceLists {
        communes,
        former,
        epcis,
        departements,
        regions,
        digest,
    })?)
}

/// Communes of the Guadeloupe until 2007 that have become collectivités d'outre-mer, and their codes of today. The files
/// of sales still have the former ones, and the package knows nothing of them.
const LEFT_GUADELOUPE: [(&str, &str); 2] = [("97127", "97801"), ("97123", "97701")];

/// The former codes of the collectivités that an edition has.
fn overseas(communes: &[Commune], former: &[FormerCode<'_>]) -> Vec<FormerCode<'static>> {
    let codes = communes.iter().map(|commune| commune.code.as_str());
    // Looked for among those that may be it, for every command reads the places.
    let codes: Vec<&str> = codes.filter(|code| code.starts_with("97")).collect();
    let left = LEFT_GUADELOUPE.into_iter().filter(|(code, became)| {
        codes.contains(became)
            && !codes.contains(code)
            && !former.iter().any(|known| known.code == *code)
    });
    let codes = left.map(|(code, became)| FormerCode {
        code,
        became,
        name: None,
    });
    codes.collect()
}

fn parse<'a, T: Deserialize<'a>>(item: usize, json: &'a str) -> Result<T, CogError> {
    serde_json::from_str(json).map_err(|source| CogError::Json {
        item: COG_ITEMS[item],
        source,
    })
}

fn digest(texts: &[&str]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    for (code, became) in LEFT_GUADELOUPE {
        hasher.update(code.as_bytes());
        hasher.update(became.as_bytes());
    }
    hasher.finalize()
}

fn read_regions(records: Vec<AreaRecord<'_>>) -> Vec<Region> {
    let regions = records.into_iter().map(|record| Region {
        code: record.code.to_owned(),
        liaison: record.liaison(),
        name: record.nom.into_owned(),
    });
    regions.collect()
}

fn read_departements(records: Vec<DepartementRecord<'_>>) -> Vec<Departement> {
    let departements = records.into_iter().map(|record| Departement {
        code: record.area.code.to_owned(),
        liaison: record.area.liaison(),
        name: record.area.nom.into_owned(),
        region: record.region.to_owned(),
    });
    departements.collect()
}

fn read_epcis(records: Vec<EpciRecord<'_>>) -> Vec<Epci> {
    let epcis = records.into_iter().map(|record| {
        let members = record.membres.iter();
        let mut members: Vec<String> = members.map(|member| member.code.to_owned()).collect();
        members.sort_unstable();
        Epci {
            code: record.code.to_owned(),
            name: record.nom.into_owned(),
            kind: record.kind,
            members,
        }
    });
    epcis.collect()
}

/// The communes of today, and the former codes.
fn read_communes<'a>(
    records: Vec<CommuneRecord<'a>>,
) -> Result<(Vec<Commune>, Vec<FormerCode<'a>>), CogError> {
    let mut communes = Vec::with_capacity(records.len());
    let mut former = Vec::new();
    for record in records {
        let code = record.code;
        let required = |value: Option<&'a str>, field| {
            value.ok_or_else(|| CogError::Incomplete {
                code: code.to_owned(),
                field,
            })
        };
        let (kind, parent) = match record.kind {
            RecordKind::CommuneActuelle => (CommuneKind::Commune, None),
            RecordKind::ArrondissementMunicipal => {
                let city = required(record.commune, "commune")?;
                (CommuneKind::Arrondissement, Some(city.to_owned()))
            }
            RecordKind::CommuneDeleguee | RecordKind::CommuneAssociee => {
                former.push(FormerCode {
                    code,
                    became: required(record.chef_lieu, "chefLieu")?,
                    name: Some(record.nom),
                });
                continue;
            }
        };
        former.extend(record.former_codes.iter().map(|&former| FormerCode {
            code: former,
            became: code,
            name: None,
        }));
        communes.push(Commune {
            code: code.to_owned(),
            kind,
            departement: record.departement.to_owned(),
            region: record.region.to_owned(),
            epci: None,
            population: record.population,
            postal_codes: record.postal_codes,
            parent,
            liaison: record
                .liaison
                .unwrap_or_else(|| Liaison::guess(&record.nom)),
            name: record.nom.into_owned(),
        });
    }
    Ok((communes, former))
}
