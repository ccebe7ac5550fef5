//! From lists of places to a [`Geography`], with everything they say of each other checked.

use std::borrow::Cow;
use std::collections::HashMap;

use super::code::{CodeKind, check_name};
use super::error::GeoError;
use super::{Commune, Departement, Epci, Geography, Key, Region, departement_of, key};
use crate::base::place::CodeMap;
use crate::base::shown::shown;

/// The places of an edition as its files list them, not yet held against each other.
pub struct PlaceLists<'a> {
    /// Today's communes and the arrondissements municipaux, as yet without their EPCI.
    pub communes: Vec<Commune>,
    /// Codes that have become part of another, a step at a time.
    pub former: Vec<FormerCode<'a>>,
    /// The EPCI, their members sorted.
    pub epcis: Vec<Epci>,
    /// Départements and what takes their place.
    pub departements: Vec<Departement>,
    /// Régions and what takes their place.
    pub regions: Vec<Region>,
    /// Of the data that this was read from.
    pub digest: blake3::Hash,
}

/// A code that is no commune's any more.
pub struct FormerCode<'a> {
    /// The code itself.
    pub code: &'a str,
    /// The code of what it has become a part of, which may be a former one too.
    pub became: &'a str,
    /// The name of a commune déléguée or associée.
    pub name: Option<Cow<'a, str>>,
}

impl Geography {
    /// Puts the places of an edition together.
    ///
    /// # Errors
    /// A code or a name that is none, a code that stands twice, a reference to a place that does not exist, a commune whose
    /// département is not that of its code or whose région is not that of its département.
    pub fn new(lists: PlaceLists<'_>) -> Result<Self, GeoError> {
        check_codes(&lists)?;
        let regions = sorted("régions", lists.regions, |region| &region.code)?;
        let departements = sorted("départements", lists.departements, |d| &d.code)?;
        let mut communes = sorted("communes", lists.communes, |commune| &commune.code)?;
        let epcis = sorted("EPCI", lists.epcis, |epci| &epci.code)?;
        for departement in &departements {
            if !regions.iter().any(|known| known.code == departement.region) {
                let (code, region) = (&departement.code, &departement.region);
                return Err(GeoError::unknown(code, region, "région"));
            }
        }
        check_regions(&communes, &departements)?;
        let mut current = CodeMap::with_capacity_and_hasher(
            communes.len() + lists.former.len(),
            Default::default(),
        );
        for (index, commune) in communes.iter().enumerate() {
            current.insert(five(&commune.code)?, index);
        }
        join_epcis(&mut communes, &epcis, &current)?;
        let (next, former_names) = former_codes(lists.former)?;
        let mut resolved = Vec::with_capacity(next.len());
        for &code in next.keys() {
            resolved.push((code, follow(code, &next, &current)?));
        }
        current.extend(resolved);
        let is_part = |&index: &usize| communes[index].parent.is_some();
        Ok(Self {
            arrondissements: (0..communes.len()).filter(is_part).collect(),
            communes,
            epcis,
            departements,
            regions,
            current,
            former_names,
            digest: lists.digest,
        })
    }
}

/// Whether each code and each name is one.
fn check_codes(lists: &PlaceLists<'_>) -> Result<(), GeoError> {
    for region in &lists.regions {
        CodeKind::Region.check(&region.code)?;
        check_name(&region.code, &region.name)?;
    }
    for departement in &lists.departements {
        CodeKind::Departement.check(&departement.code)?;
        check_name(&departement.code, &departement.name)?;
    }
    for epci in &lists.epcis {
        CodeKind::Epci.check(&epci.code)?;
        check_name(&epci.code, &epci.name)?;
    }
    for commune in &lists.communes {
        CodeKind::Commune.check(&commune.code)?;
        check_name(&commune.code, &commune.name)?;
        for postal in &commune.postal_codes {
            CodeKind::Postal.check(postal)?;
        }
        if departement_of(&commune.code) != commune.departement {
            return Err(GeoError::OtherDepartement {
                code: commune.code.clone(),
                departement: shown(&commune.departement, 20),
            });
        }
    }
    for former in &lists.former {
        CodeKind::Commune.check(former.code)?;
        CodeKind::Commune.check(former.became)?;
        if let Some(name) = &former.name {
            check_name(former.code, name)?;
        }
    }
    Ok(())
}

/// Whether each commune is in a known département, and in its région.
fn check_regions(communes: &[Commune], departements: &[Departement]) -> Result<(), GeoError> {
    let departements = departements.iter();
    let region_of: HashMap<&str, &str> = departements
        .map(|departement| (departement.code.as_str(), departement.region.as_str()))
        .collect();
    for commune in communes {
        match region_of.get(commune.departement.as_str()) {
            None => {
                let target = &commune.departement;
                return Err(GeoError::unknown(&commune.code, target, "département"));
            }
            Some(&region) if region != commune.region => {
                return Err(GeoError::OtherRegion {
                    code: commune.code.clone(),
                    region: shown(&commune.region, 20),
                    departement: commune.departement.clone(),
                });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// From a former code one step towards today, and the names of those that have one.
type FormerCodes = (CodeMap<Key, Key>, CodeMap<Key, String>);

fn former_codes(former: Vec<FormerCode<'_>>) -> Result<FormerCodes, GeoError> {
    let mut next = CodeMap::default();
    let mut names = CodeMap::default();
    for FormerCode { code, became, name } in former {
        let (code, became) = (five(code)?, five(became)?);
        match name {
            // What a commune déléguée or associée says of itself goes first: Lamarche-en-Woëvre changed communes in 1983,
            // and the one it left still claims it.
            Some(name) => {
                next.insert(code, became);
                names.insert(code, name.into_owned());
            }
            None => {
                next.entry(code).or_insert(became);
            }
        }
    }
    Ok((next, names))
}

/// Enters the EPCI in their communes, and in the arrondissements of the cities among these.
fn join_epcis(
    communes: &mut [Commune],
    epcis: &[Epci],
    current: &CodeMap<Key, usize>,
) -> Result<(), GeoError> {
    let index_of = |from: &str, code: &str| {
        let index = current.get(&five(code)?);
        index
            .copied()
            .ok_or_else(|| GeoError::unknown(from, code, "commune"))
    };
    for epci in epcis {
        for member in &epci.members {
            let commune = &mut communes[index_of(&epci.code, member)?];
            if commune.epci.replace(epci.code.clone()).is_some() {
                return Err(GeoError::duplicate("members of EPCI", member));
            }
        }
    }
    for index in 0..communes.len() {
        if let Some(city) = &communes[index].parent {
            let city = index_of(&communes[index].code, city)?;
            communes[index].epci = communes[city].epci.clone();
        }
    }
    Ok(())
}

/// The index of the commune of today that a former code leads to, over as many steps as it takes.
fn follow(
    code: Key,
    next: &CodeMap<Key, Key>,
    current: &CodeMap<Key, usize>,
) -> Result<usize, GeoError> {
    let text = |key: Key| String::from_utf8_lossy(&key).into_owned();
    let mut at = code;
    for _ in 0..=next.len() {
        if let Some(&index) = current.get(&at) {
            return Ok(index);
        }
        at = *next
            .get(&at)
            .ok_or_else(|| GeoError::unknown(&text(code), &text(at), "commune"))?;
    }
    Err(GeoError::Circle { code: text(code) })
}

fn five(code: &str) -> Result<Key, GeoError> {
    CodeKind::Commune.check(code)?;
    // Codes of this grammar have five bytes.
    Ok(key(code).unwrap_or_default())
}

/// The items sorted by code, of which each may stand once. `list` is what they are.
fn sorted<T>(
    list: &'static str,
    mut items: Vec<T>,
    code_of: fn(&T) -> &String,
) -> Result<Vec<T>, GeoError> {
    // The stable sort passes once over what is in order already, as the files are.
    items.sort_by(|a, b| code_of(a).cmp(code_of(b)));
    match items
        .windows(2)
        .find(|pair| code_of(&pair[0]) == code_of(&pair[1]))
    {
        Some(pair) => Err(GeoError::duplicate(list, code_of(&pair[0]))),
        None => Ok(items),
    }
}
