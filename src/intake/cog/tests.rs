use std::collections::HashSet;
use std::sync::LazyLock;

use super::edition::embedded_texts;
use super::{CogError, Edition, embedded, judge};
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

const REGIONS: &str = r#"[{"code": "84", "nom": "Réal", "typeLiaison": 2, "zone": "metro"}]"#;
const DEPARTEMENTS: &str =
    r#"[{"code": "01", "nom": "Dé", "typeLiaison": 2, "zone": "metro", "region": "84"}]"#;
const EPCI: &str =
    r#"[{"code": "200000172", "nom": "CC Aé", "type": "CC", "membres": [{"code": "01001"}]}]"#;

fn record(kind: &str, code: &str) -> String {
    format!(
        r#"{{"code": "{code}", "nom": "Commune {code}", "typeLiaison": 0, "type": "{kind}",
            "departement": "01", "region": "84"}}"#
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
    let first = record_with("commune-actuelle", "01001", "anciensCodes", r#"["01801"]"#);
    let second = record("commune-actuelle", "01002");
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
        deleguee("01803", "01802"),
        deleguee("01802", "01801"),
        deleguee("01002", "01001"),
        // Claimed by another commune than the one it names.
        deleguee("01804", "01002"),
        record_with("commune-actuelle", "01003", "anciensCodes", r#"["01804"]"#),
    ];
    let geography = read(&communes, EPCI, DEPARTEMENTS).expect("sound");
    let code_of = |code| geography.current(code).map(|commune| commune.code.as_str());
    assert_eq!(code_of("01803"), Some("01001"));
    assert_eq!(code_of("01002"), Some("01002"));
    assert_eq!(code_of("01804"), Some("01002"));
    assert_eq!(geography.name_of("01803"), Some("Commune 01803"));
    assert_eq!(geography.name_of("01801"), None);
}

#[test]
fn unsound_communes_are_refused() {
    let arrondissement = "arrondissement-municipal";
    for (communes, expected) in [
        (
            vec![deleguee("01802", "01999")],
            "01802 refers to 01999, which is no commune of the data",
        ),
        (
            vec![deleguee("01802", "01803"), deleguee("01803", "01803")],
            "leads round in a circle, to no commune of today",
        ),
        (
            vec![record("commune-associee", "01802")],
            "the commune 01802 has no field chefLieu",
        ),
        (
            vec![record("commune-actuelle", "01002")],
            "the code 01002 stands twice among the communes",
        ),
        (
            vec![record("commune-actuelle", "0103")],
            "the code \"0103\" is not a commune's, such as 83137 or 2A004",
        ),
        (
            vec![record(arrondissement, "01003")],
            "the commune 01003 has no field commune",
        ),
        (
            vec![record_with(
                arrondissement,
                "01003",
                "commune",
                r#""01999""#,
            )],
            "01003 refers to 01999, which is no commune of the data",
        ),
        (
            vec![record("hameau", "01003")],
            "the file communes.json does not have the form",
        ),
    ] {
        let message = message(read(&communes, EPCI, DEPARTEMENTS));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_code_that_is_a_path_is_refused() {
    let communes = |code: &str| vec![record("commune-actuelle", code)];
    for (communes, epci, departements, expected) in [
        (
            communes("../.."),
            EPCI.to_owned(),
            DEPARTEMENTS.to_owned(),
            "\"../..\" is not a commune's",
        ),
        (
            communes("2C004"),
            EPCI.to_owned(),
            DEPARTEMENTS.to_owned(),
            "\"2C004\" is not a commune's",
        ),
        (
            communes("83137"),
            EPCI.to_owned(),
            DEPARTEMENTS.to_owned(),
            "83137 is said to lie in the département 01",
        ),
        (
            vec![deleguee("..\u{2f}aa", "01001")],
            EPCI.to_owned(),
            DEPARTEMENTS.to_owned(),
            "\"../aa\" is not a commune's",
        ),
        (
            Vec::new(),
            EPCI.replace("200000172", "../../x"),
            DEPARTEMENTS.to_owned(),
            "\"../../x\" is not an EPCI's",
        ),
        (
            Vec::new(),
            EPCI.to_owned(),
            DEPARTEMENTS.replace("\"01\"", "\"..\""),
            "\"..\" is not a département's",
        ),
        (
            Vec::new(),
            EPCI.replace("CC Aé", "CC\\u001b[31m"),
            DEPARTEMENTS.to_owned(),
            "which is no name of a place",
        ),
        (
            vec![record_with(
                "commune-actuelle",
                "01003",
                "codesPostaux",
                r#"["0100/"]"#,
            )],
            EPCI.to_owned(),
            DEPARTEMENTS.to_owned(),
            "\"0100/\" is not a postal code",
        ),
    ] {
        let message = message(read(&communes, &epci, &departements));
        assert!(message.contains(expected), "{message}");
    }
    let texts = ["[]", "[]", "[]", &REGIONS.replace("84", "../../../escaped")];
    let outcome = Edition::from_texts(texts.map(str::to_owned)).map(|edition| edition.geography);
    assert!(message(outcome).contains("\"../../../escaped\" is not a région's"));
}

#[test]
fn the_northern_islands_left_the_guadeloupe() {
    assert_eq!(current_code("97127"), Some("97801"));
    assert_eq!(current_code("97123"), Some("97701"));
}

/// What the gate of places says of an edition made of the one in the program.
fn refusals(change: impl Fn(&mut serde_json::Value, usize)) -> Vec<String> {
    let mut texts = embedded_texts().expect("sound");
    for (item, text) in texts.iter_mut().enumerate() {
        let mut records: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        records.iter_mut().for_each(|record| change(record, item));
        *text = serde_json::to_string(&records).unwrap();
    }
    let edition = Edition::from_texts(texts).expect("sound");
    let refusals = judge(&edition, &FRANCE, &crate::config::Gates::default());
    refusals.iter().map(ToString::to_string).collect()
}

#[test]
fn an_edition_that_moves_or_renames_many_places_is_refused() {
    assert_eq!(refusals(|_, _| {}), [""; 0]);
    let renamed = |record: &mut serde_json::Value| record["nom"] = "Achetez ici".into();
    let all = refusals(|record, item| {
        if item == 0 {
            renamed(record)
        }
    });
    assert!(
        all[0].contains("887 of the 887 communes of the département 62"),
        "{all:?}"
    );
    assert!(all[0].contains("104 départements more"), "{all:?}");
    let var = refusals(|record, _| {
        if record["departement"] == "83" && record["type"] == "commune-actuelle" {
            renamed(record);
        }
    });
    assert_eq!(var.len(), 1);
    assert!(var[0].contains("(gates.places)"), "{var:?}");
    let epcis = refusals(|record, item| {
        if item == 1 {
            renamed(record)
        }
    });
    assert!(epcis[0].contains("1255 of the 1255 EPCI"), "{epcis:?}");
    let regions = refusals(|record, item| {
        if item == 3 {
            renamed(record)
        }
    });
    assert!(regions[0].contains("26 of the 26 régions"), "{regions:?}");
    // As many as there are in a year.
    let few = refusals(|record, _| {
        if record["code"] == "83137" || record["code"] == "83126" {
            renamed(record);
        }
    });
    assert_eq!(few, [""; 0]);
}

#[test]
fn references_between_files_are_checked() {
    let refused = |epci: &str, departements: &str| message(read(&[], epci, departements));
    assert_eq!(
        refused(&EPCI.replace("01001", "01999"), DEPARTEMENTS),
        "200000172 refers to 01999, which is no commune of the data"
    );
    let member = r#"{"code": "01001"}"#;
    assert_eq!(
        refused(
            &EPCI.replace(member, &format!("{member}, {member}")),
            DEPARTEMENTS
        ),
        "the code 01001 stands twice among the members of EPCI"
    );
    assert_eq!(
        refused(EPCI, &DEPARTEMENTS.replace(r#""01""#, r#""02""#)),
        "01001 refers to 01, which is no département of the data"
    );
    assert_eq!(
        refused(EPCI, &DEPARTEMENTS.replace(r#""84""#, r#""93""#)),
        "01 refers to 93, which is no région of the data"
    );
    let reason = refused(EPCI, &DEPARTEMENTS.replace(": 2", ": 9"));
    let expected =
        "the file departements.json does not have the form of @etalab/decoupage-administratif: ";
    assert!(reason.starts_with(expected), "{reason}");
    let strayed = record("commune-actuelle", "01003").replace(r#""84""#, r#""93""#);
    assert_eq!(
        message(read(&[strayed], EPCI, DEPARTEMENTS)),
        "01003 is in the région 93, but its département 01 is not"
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

#[test]
fn every_separation_is_of_places_that_are_known() {
    for separation in crate::geo::separated_since(0) {
        let mut codes = separation.parts.iter().chain([&separation.whole]);
        assert!(
            codes.all(|code| FRANCE.current(code).is_some()),
            "{separation:?}"
        );
    }
}
