use std::collections::HashSet;
use std::sync::LazyLock;

use super::{CogError, Edition, embedded};
use crate::geo::{Commune, CommuneKind, EpciKind, Geography, departement_of, is_covered_by_dvf};

static FRANCE: LazyLock<Geography> =
    LazyLock::new(|| embedded().expect("the embedded data is sound"));

fn commune(code: &str) -> &'static Commune {
    FRANCE.commune(code).expect("a commune of today")
}

fn current_code(code: &str) -> Option<&'static str> {
    FRANCE.current(code).map(|commune| commune.code.as_str())
}

#[test]
fn the_edition_is_whole() {
    let count = |kind| {
        let communes = FRANCE.communes().iter();
        communes.filter(|commune| commune.kind == kind).count()
    };
    assert_eq!(count(CommuneKind::Commune), 34_969);
    assert_eq!(count(CommuneKind::Arrondissement), 45);
    assert_eq!(FRANCE.epcis().len(), 1_255);
    assert_eq!(FRANCE.departements().len(), 109);
    assert_eq!(FRANCE.regions().len(), 26);
    let members: usize = FRANCE.epcis().iter().map(|epci| epci.members.len()).sum();
    assert_eq!(members, 34_871);
}

#[test]
fn lists_are_sorted_and_found_by_code() {
    assert!(FRANCE.communes().is_sorted_by(|a, b| a.code < b.code));
    for place in FRANCE.communes() {
        assert_eq!(FRANCE.commune(&place.code), Some(place));
        assert_eq!(FRANCE.current(&place.code), Some(place));
    }
    assert!(FRANCE.epcis().is_sorted_by(|a, b| a.code < b.code));
    for place in FRANCE.epcis() {
        assert!(place.members.is_sorted());
        assert_eq!(FRANCE.epci(&place.code), Some(place));
    }
    assert!(FRANCE.departements().is_sorted_by(|a, b| a.code < b.code));
    for place in FRANCE.departements() {
        assert_eq!(FRANCE.departement(&place.code), Some(place));
    }
    assert!(FRANCE.regions().is_sorted_by(|a, b| a.code < b.code));
    for place in FRANCE.regions() {
        assert_eq!(FRANCE.region(&place.code), Some(place));
    }
    assert_eq!(FRANCE.commune("99999"), None);
    assert_eq!(FRANCE.epci("1"), None);
    assert_eq!(FRANCE.departement("20"), None);
    assert_eq!(FRANCE.region("99"), None);
}

#[test]
fn each_area_has_communes_and_agrees_with_them() {
    let mut departements = HashSet::new();
    let mut regions = HashSet::new();
    for commune in FRANCE.communes() {
        assert_eq!(departement_of(&commune.code), commune.departement);
        let departement = FRANCE.departement(&commune.departement);
        assert_eq!(departement.expect("known").region, commune.region);
        departements.insert(&commune.departement);
        regions.insert(&commune.region);
        if let Some(epci) = &commune.epci {
            let member = commune.parent.as_ref().unwrap_or(&commune.code);
            let epci = FRANCE.epci(epci).expect("known");
            assert!(epci.members.contains(member), "{member}");
        }
    }
    assert_eq!(departements.len(), FRANCE.departements().len());
    assert_eq!(regions.len(), FRANCE.regions().len());
}

#[test]
fn a_commune_carries_its_facts() {
    let ajaccio = commune("2A004");
    assert_eq!(ajaccio.name, "Ajaccio");
    assert_eq!(ajaccio.departement, "2A");
    assert_eq!(ajaccio.region, "94");
    assert_eq!(ajaccio.population, Some(76_320));
    assert_eq!(ajaccio.postal_codes, ["20000", "20090", "20167"]);
    assert_eq!(ajaccio.parent, None);
    let saint_denis = commune("97411");
    assert_eq!(saint_denis.departement, "974");
    assert_eq!(saint_denis.region, "04");
}

#[test]
fn absent_and_zero_are_different() {
    assert_eq!(commune("55189").population, Some(0));
    assert_eq!(commune("98412").population, None);
    assert!(commune("98412").postal_codes.is_empty());
    let without_epci: Vec<&str> = FRANCE
        .communes()
        .iter()
        .filter(|commune| commune.epci.is_none() && is_covered_by_dvf(&commune.departement))
        .map(|commune| commune.code.as_str())
        .collect();
    assert_eq!(without_epci, ["22016", "29083", "29155", "85113"]);
}

#[test]
fn arrondissements_belong_to_their_city() {
    let paris_7 = commune("75107");
    assert_eq!(paris_7.kind, CommuneKind::Arrondissement);
    assert_eq!(paris_7.name, "Paris 7e Arrondissement");
    assert_eq!(paris_7.parent.as_deref(), Some("75056"));
    assert_eq!(paris_7.epci.as_deref(), Some("200054781"));
    let grand_paris = FRANCE.epci("200054781").expect("known");
    assert_eq!(grand_paris.name, "Métropole du Grand Paris");
    assert_eq!(grand_paris.kind, EpciKind::Metropole);
    assert_eq!(grand_paris.members.len(), 130);
    assert_eq!(current_code("75107"), Some("75107"));

    for (city, first, last, count) in [
        ("75056", "75101", "75120", 20),
        ("69123", "69381", "69389", 9),
        ("13055", "13201", "13216", 16),
    ] {
        let children = FRANCE.children_of_city(city);
        assert_eq!(children.len(), count);
        assert_eq!(children[0].code, first);
        assert_eq!(children[count - 1].code, last);
    }
    for other in ["69149", "75107", "97411", "", "é", "x"] {
        assert!(FRANCE.children_of_city(other).is_empty());
    }
}

#[test]
fn former_codes_lead_to_the_commune_of_today() {
    // Commune nouvelle, its own déléguée of the same code, and the other one.
    assert_eq!(current_code("69152"), Some("69149"));
    assert_eq!(FRANCE.commune("69152"), None);
    assert_eq!(FRANCE.name_of("69152"), Some("Pierre-Bénite"));
    assert_eq!(current_code("69149"), Some("69149"));
    assert_eq!(FRANCE.name_of("69149"), Some("Oullins-Pierre-Bénite"));
    // Associées, the second across a border of départements.
    assert_eq!(current_code("01120"), Some("01262"));
    assert_eq!(FRANCE.name_of("01120"), Some("Cordieux"));
    assert_eq!(current_code("02285"), Some("59545"));
    assert_eq!(FRANCE.name_of("02285"), Some("Escaufourt"));
    // Merged without a name left, and a code of undivided Corsica.
    assert_eq!(current_code("01126"), Some("01033"));
    assert_eq!(FRANCE.name_of("01126"), None);
    assert_eq!(current_code("20004"), Some("2A004"));
    // Claimed by the commune they left.
    assert_eq!(current_code("55273"), Some("55386"));
    assert_eq!(current_code("60455"), Some("60694"));
    assert_eq!(current_code("69999"), None);
    assert_eq!(FRANCE.name_of("69999"), None);
}

#[test]
fn dvf_covers_what_it_covers() {
    let missing: Vec<&str> = FRANCE
        .departements()
        .iter()
        .map(|departement| departement.code.as_str())
        .filter(|code| !is_covered_by_dvf(code))
        .collect();
    assert_eq!(
        missing,
        [
            "57", "67", "68", "975", "976", "977", "978", "984", "986", "987", "988", "989"
        ]
    );
}

#[test]
fn names_follow_de() {
    for (code, expected) in [
        ("74010", "d'Annecy"),
        ("76351", "du Havre"),
        ("17300", "de La Rochelle"),
        ("85194", "des Sables-d'Olonne"),
        ("84054", "de L'Isle-sur-la-Sorgue"),
        ("66104", "de Los Masos"),
        ("60703", "des Marais"),
        ("63448", "du Vernet-Chaméane"),
        ("59350", "de Lille"),
        ("67180", "de Haguenau"),
        ("80410", "de Ham"),
        ("83069", "d'Hyères"),
        ("69381", "de Lyon 1er Arrondissement"),
        ("98818", "de Nouméa"),
        ("98820", "d'Ouvéa"),
        ("98817", "du Mont-Dore"),
        ("98415", "des Îles Éparses de l'océan Indien"),
    ] {
        assert_eq!(commune(code).full_of(), expected);
    }
    for (code, expected) in [
        ("01", "de l'Ain"),
        ("83", "du Var"),
        ("69", "du Rhône"),
        ("40", "des Landes"),
        ("72", "de la Sarthe"),
        ("28", "d'Eure-et-Loir"),
        ("75", "de Paris"),
        ("2A", "de la Corse-du-Sud"),
        ("974", "de La Réunion"),
        ("984", "des Terres australes et antarctiques françaises"),
        ("989", "de l'Île de Clipperton"),
    ] {
        let departement = FRANCE.departement(code).expect("known");
        assert_eq!(departement.full_of(), expected);
    }
    for (code, expected) in [
        ("53", "de Bretagne"),
        ("76", "d'Occitanie"),
        ("44", "du Grand Est"),
        ("52", "des Pays de la Loire"),
        ("11", "d'Île-de-France"),
        ("01", "de la Guadeloupe"),
        ("04", "de La Réunion"),
    ] {
        assert_eq!(FRANCE.region(code).expect("known").full_of(), expected);
    }
}

#[test]
fn epci_kinds_have_a_name() {
    let kind_of = |code: &str| FRANCE.epci(code).expect("known").kind;
    assert_eq!(kind_of("200046977"), EpciKind::MetropoleDeLyon);
    assert_eq!(kind_of("200046977").label(), "métropole");
    assert_eq!(kind_of("200000172").label(), "communauté de communes");
    assert_eq!(kind_of("200033579").label(), "communauté urbaine");
}

// A France of two communes, for what sound data cannot show.

const REGIONS: &str = r#"[{"code": "R", "nom": "Réal", "typeLiaison": 2, "zone": "metro"}]"#;
const DEPARTEMENTS: &str =
    r#"[{"code": "D", "nom": "Dé", "typeLiaison": 2, "zone": "metro", "region": "R"}]"#;
const EPCI: &str =
    r#"[{"code": "E", "nom": "CC Aé", "type": "CC", "membres": [{"code": "D0001"}]}]"#;

fn record(kind: &str, code: &str) -> String {
    format!(
        r#"{{"code": "{code}", "nom": "Commune {code}", "typeLiaison": 0, "type": "{kind}",
            "departement": "D", "region": "R"}}"#
    )
}

/// The same with a field more.
fn record_with(kind: &str, code: &str, field: &str, value: &str) -> String {
    record(kind, code).replace('}', &format!(r#", "{field}": {value}}}"#))
}

fn deleguee(code: &str, chef_lieu: &str) -> String {
    record_with(
        "commune-deleguee",
        code,
        "chefLieu",
        &format!("\"{chef_lieu}\""),
    )
}

fn read(more: &[String], epci: &str, departements: &str) -> Result<Geography, CogError> {
    let first = record_with("commune-actuelle", "D0001", "anciensCodes", r#"["Old01"]"#);
    let second = record("commune-actuelle", "D0002");
    let communes = [&[second, first], more].concat().join(",");
    let communes = format!("[{communes}]");
    let texts = [&communes, epci, departements, REGIONS];
    Edition::from_texts(texts.map(str::to_owned)).map(|edition| edition.geography)
}

fn message(result: Result<Geography, CogError>) -> String {
    result.expect_err("the data is wrong").to_string()
}

#[test]
fn former_codes_are_followed_over_several_steps() {
    let communes = [
        deleguee("Old03", "Old02"),
        deleguee("Old02", "Old01"),
        deleguee("D0002", "D0001"),
        // Claimed by another commune than the one it names.
        deleguee("Old04", "D0002"),
        record_with("commune-actuelle", "D0003", "anciensCodes", r#"["Old04"]"#),
    ];
    let geography = read(&communes, EPCI, DEPARTEMENTS).expect("sound");
    let code_of = |code| geography.current(code).map(|commune| commune.code.as_str());
    assert_eq!(code_of("Old03"), Some("D0001"));
    assert_eq!(code_of("D0002"), Some("D0002"));
    assert_eq!(code_of("Old04"), Some("D0002"));
    assert_eq!(geography.name_of("Old03"), Some("Commune Old03"));
    assert_eq!(geography.name_of("Old01"), None);
}

#[test]
fn unsound_communes_are_refused() {
    let arrondissement = "arrondissement-municipal";
    for (communes, expected) in [
        (
            vec![deleguee("Old02", "Nil01")],
            "Old02 refers to Nil01, which is no commune of the data",
        ),
        (
            vec![deleguee("Old02", "Old03"), deleguee("Old03", "Old03")],
            "leads round in a circle, to no commune of today",
        ),
        (
            vec![record("commune-associee", "Old02")],
            "the commune Old02 has no field chefLieu",
        ),
        (
            vec![record("commune-actuelle", "D0002")],
            "the code D0002 stands twice among the communes",
        ),
        (
            vec![record("commune-actuelle", "D003")],
            "the commune code D003 does not have five characters",
        ),
        (
            vec![record(arrondissement, "D0003")],
            "the commune D0003 has no field commune",
        ),
        (
            vec![record_with(
                arrondissement,
                "D0003",
                "commune",
                r#""Nil01""#,
            )],
            "D0003 refers to Nil01, which is no commune of the data",
        ),
        (
            vec![record("hameau", "D0003")],
            "the file communes.json does not have the form",
        ),
    ] {
        let message = message(read(&communes, EPCI, DEPARTEMENTS));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn references_between_files_are_checked() {
    let refused = |epci: &str, departements: &str| message(read(&[], epci, departements));
    assert_eq!(
        refused(&EPCI.replace("D0001", "Nil01"), DEPARTEMENTS),
        "E refers to Nil01, which is no commune of the data"
    );
    let member = r#"{"code": "D0001"}"#;
    assert_eq!(
        refused(
            &EPCI.replace(member, &format!("{member}, {member}")),
            DEPARTEMENTS
        ),
        "the code D0001 stands twice among the members of EPCI"
    );
    assert_eq!(
        refused(EPCI, &DEPARTEMENTS.replace(r#""D""#, r#""Z""#)),
        "D0001 refers to D, which is no département of the data"
    );
    assert_eq!(
        refused(EPCI, &DEPARTEMENTS.replace(r#""R""#, r#""Z""#)),
        "D refers to Z, which is no région of the data"
    );
    let reason = refused(EPCI, &DEPARTEMENTS.replace(": 2", ": 9"));
    let expected =
        "the file departements.json does not have the form of @etalab/decoupage-administratif: ";
    assert!(reason.starts_with(expected), "{reason}");
    let strayed = record("commune-actuelle", "D0003").replace(r#""R""#, r#""Z""#);
    assert_eq!(
        message(read(&[strayed], EPCI, DEPARTEMENTS)),
        "D0003 is in the région Z, but its département D is not"
    );
}

#[test]
fn the_digest_is_that_of_the_data() {
    let again = embedded().expect("sound");
    assert_eq!(FRANCE.digest(), again.digest());
    let digest = |epci: &str| read(&[], epci, DEPARTEMENTS).expect("sound").digest();
    assert_eq!(digest(EPCI), digest(EPCI));
    assert_ne!(digest(EPCI), digest(&EPCI.replace("Aé", "Bé")));
}
