//! From the package's four JSON files to a [`Geography`], with everything they say of each other checked.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::error::GeoError;
use super::names::Liaison;
use super::{Commune, CommuneKind, Departement, Epci, EpciKind, Geography, Key, Region, key};

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

const COMMUNES: &str = "communes";
const EPCI: &str = "epci";
const DEPARTEMENTS: &str = "departements";
const REGIONS: &str = "regions";

pub(super) fn embedded() -> Result<Geography, GeoError> {
    let (communes, rest) = rayon::join(
        || unpack(COMMUNES, include_bytes!("../../data/cog/communes.json.gz")),
        || {
            let epci = unpack(EPCI, include_bytes!("../../data/cog/epci.json.gz"))?;
            let departements = unpack(
                DEPARTEMENTS,
                include_bytes!("../../data/cog/departements.json.gz"),
            )?;
            let regions = unpack(REGIONS, include_bytes!("../../data/cog/regions.json.gz"))?;
            Ok((epci, departements, regions))
        },
    );
    let (epci, departements, regions) = rest?;
    from_json(&communes?, &epci, &departements, &regions)
}

fn unpack(file: &'static str, packed: &[u8]) -> Result<String, GeoError> {
    // The last four bytes of a gzip file are the size of what is in it (RFC 1952).
    let size = packed
        .last_chunk()
        .map_or(0, |&size| u32::from_le_bytes(size));
    let mut text = String::with_capacity(size as usize);
    GzDecoder::new(packed)
        .read_to_string(&mut text)
        .map_err(|source| GeoError::Unpack { file, source })?;
    Ok(text)
}

fn parse<'a, T: Deserialize<'a>>(file: &'static str, json: &'a str) -> Result<T, GeoError> {
    serde_json::from_str(json).map_err(|source| GeoError::Json { file, source })
}

pub(super) fn from_json(
    communes: &str,
    epci: &str,
    departements: &str,
    regions: &str,
) -> Result<Geography, GeoError> {
    let regions_read = read_regions(parse(REGIONS, regions)?)?;
    let departements_read = read_departements(parse(DEPARTEMENTS, departements)?, &regions_read)?;
    let (communes_read, epcis) = rayon::join(
        || read_communes(parse(COMMUNES, communes)?, &departements_read),
        || {
            let epcis = read_epcis(parse(EPCI, epci)?)?;
            Ok((epcis, digest(&[communes, epci, departements, regions])))
        },
    );
    let CommunesRead {
        mut communes,
        next,
        former_names,
    } = communes_read?;
    let (epcis, digest) = epcis?;

    let mut current = HashMap::with_capacity(communes.len() + next.len());
    for (place, commune) in communes.iter().enumerate() {
        current.insert(five(&commune.code)?, place);
    }
    join_epcis(&mut communes, &epcis, &current)?;
    let mut resolved = Vec::with_capacity(next.len());
    for &code in next.keys() {
        resolved.push((code, follow(code, &next, &current)?));
    }
    current.extend(resolved);
    let is_part = |&place: &usize| communes[place].parent.is_some();
    Ok(Geography {
        arrondissements: (0..communes.len()).filter(is_part).collect(),
        communes,
        epcis,
        departements: departements_read,
        regions: regions_read,
        current,
        former_names,
        digest,
    })
}

fn digest(files: &[&str]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        hasher.update(&(file.len() as u64).to_le_bytes());
        hasher.update(file.as_bytes());
    }
    hasher.finalize()
}

fn read_regions(records: Vec<AreaRecord>) -> Result<Vec<Region>, GeoError> {
    let regions = records
        .into_iter()
        .map(|record| Region {
            code: record.code.to_owned(),
            liaison: record.liaison(),
            name: record.nom.into_owned(),
        })
        .collect();
    sorted(REGIONS, regions, |region: &Region| &region.code)
}

fn read_departements(
    records: Vec<DepartementRecord>,
    regions: &[Region],
) -> Result<Vec<Departement>, GeoError> {
    let mut departements = Vec::with_capacity(records.len());
    for DepartementRecord { region, area } in records {
        if !regions.iter().any(|known| known.code == region) {
            return Err(GeoError::unknown(area.code, region, "région"));
        }
        departements.push(Departement {
            code: area.code.to_owned(),
            liaison: area.liaison(),
            name: area.nom.into_owned(),
            region: region.to_owned(),
        });
    }
    sorted(DEPARTEMENTS, departements, |departement: &Departement| {
        &departement.code
    })
}

/// What the file of communes says, by itself.
struct CommunesRead {
    communes: Vec<Commune>,
    /// From a former code one step towards today.
    next: HashMap<Key, Key>,
    former_names: HashMap<Key, String>,
}

/// The communes, as yet without EPCI, and the former codes.
fn read_communes(
    records: Vec<CommuneRecord>,
    departements: &[Departement],
) -> Result<CommunesRead, GeoError> {
    let region_of: HashMap<&str, &str> = departements
        .iter()
        .map(|departement| (departement.code.as_str(), departement.region.as_str()))
        .collect();
    let mut communes = Vec::with_capacity(records.len());
    let mut next = HashMap::new();
    let mut former_names = HashMap::new();
    for record in records {
        let (kind, parent) = match record.kind {
            RecordKind::CommuneActuelle => (CommuneKind::Commune, None),
            RecordKind::ArrondissementMunicipal => {
                let city = required(&record, record.commune, "commune")?;
                (CommuneKind::Arrondissement, Some(city.to_owned()))
            }
            RecordKind::CommuneDeleguee | RecordKind::CommuneAssociee => {
                let chef_lieu = required(&record, record.chef_lieu, "chefLieu")?;
                next.insert(five(record.code)?, five(chef_lieu)?);
                former_names.insert(five(record.code)?, record.nom.into_owned());
                continue;
            }
        };
        for code in record.former_codes {
            // What a commune déléguée or associée says of itself goes first: Lamarche-en-Woëvre changed communes in
            // 1983, and the one it left still claims it.
            next.entry(five(code)?).or_insert(five(record.code)?);
        }
        match region_of.get(record.departement) {
            None => {
                let target = record.departement;
                return Err(GeoError::unknown(record.code, target, "département"));
            }
            Some(&region) if region != record.region => {
                return Err(GeoError::OtherRegion {
                    code: record.code.to_owned(),
                    region: record.region.to_owned(),
                    departement: record.departement.to_owned(),
                });
            }
            Some(_) => {}
        }
        communes.push(Commune {
            code: record.code.to_owned(),
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
    Ok(CommunesRead {
        communes: sorted(COMMUNES, communes, |commune: &Commune| &commune.code)?,
        next,
        former_names,
    })
}

fn read_epcis(records: Vec<EpciRecord>) -> Result<Vec<Epci>, GeoError> {
    let epcis = records
        .into_iter()
        .map(|record| {
            let members = record.membres.iter();
            let mut members: Vec<String> = members.map(|member| member.code.to_owned()).collect();
            members.sort_unstable();
            Epci {
                code: record.code.to_owned(),
                name: record.nom.into_owned(),
                kind: record.kind,
                members,
            }
        })
        .collect();
    sorted(EPCI, epcis, |epci: &Epci| &epci.code)
}

/// Enters the EPCI in their communes, and in the arrondissements of the cities among these.
fn join_epcis(
    communes: &mut [Commune],
    epcis: &[Epci],
    current: &HashMap<Key, usize>,
) -> Result<(), GeoError> {
    let place_of = |from: &str, code: &str| {
        let place = current.get(&five(code)?);
        place
            .copied()
            .ok_or_else(|| GeoError::unknown(from, code, "commune"))
    };
    for epci in epcis {
        for member in &epci.members {
            let commune = &mut communes[place_of(&epci.code, member)?];
            if commune.epci.replace(epci.code.clone()).is_some() {
                return Err(GeoError::duplicate(EPCI, member));
            }
        }
    }
    for place in 0..communes.len() {
        if let Some(city) = &communes[place].parent {
            let city = place_of(&communes[place].code, city)?;
            communes[place].epci = communes[city].epci.clone();
        }
    }
    Ok(())
}

/// The place of the commune of today that a former code leads to, over as many steps as it takes.
fn follow(
    code: Key,
    next: &HashMap<Key, Key>,
    current: &HashMap<Key, usize>,
) -> Result<usize, GeoError> {
    let text = |key: Key| String::from_utf8_lossy(&key).into_owned();
    let mut at = code;
    for _ in 0..=next.len() {
        if let Some(&place) = current.get(&at) {
            return Ok(place);
        }
        at = *next
            .get(&at)
            .ok_or_else(|| GeoError::unknown(&text(code), &text(at), "commune"))?;
    }
    Err(GeoError::Circle { code: text(code) })
}

fn five(code: &str) -> Result<Key, GeoError> {
    key(code).ok_or_else(|| GeoError::Code {
        code: code.to_owned(),
    })
}

/// The items sorted by code, of which each may stand once.
fn sorted<T>(
    file: &'static str,
    mut items: Vec<T>,
    code_of: fn(&T) -> &String,
) -> Result<Vec<T>, GeoError> {
    // The stable sort passes once over what is in order already, as the files are.
    items.sort_by(|a, b| code_of(a).cmp(code_of(b)));
    match items
        .windows(2)
        .find(|pair| code_of(&pair[0]) == code_of(&pair[1]))
    {
        Some(pair) => Err(GeoError::duplicate(file, code_of(&pair[0]))),
        None => Ok(items),
    }
}

fn required<'a>(
    record: &CommuneRecord,
    value: Option<&'a str>,
    field: &'static str,
) -> Result<&'a str, GeoError> {
    value.ok_or_else(|| GeoError::Incomplete {
        code: record.code.to_owned(),
        field,
    })
}
