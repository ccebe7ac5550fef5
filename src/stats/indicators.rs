//! Indicators of communes to those of wider places, and to the shares that are made of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use itertools::izip;
use polars::prelude::*;
use rayon::prelude::*;

use super::error::StatsError;
use super::indicator_figures::{
    CommunesWithin, IndicatorFigures, IndicatorPlaces, IndicatorValues, ToldColumn,
};
use crate::base::place::Level;
use crate::config::{Absence, Indicator, Missing, Plm, Rollup, Share, Table};
use crate::geo::Geography;
use crate::intake::table::Reading;

/// The share of a wider place's communes that an edition has to cover, so that what is added up is about the place.
const COVERED: f64 = 0.95;

/// The share of the départements of any other edition that one in use covers: gates refuse one that loses more of its places.
const WHOLE: f64 = 0.8;

/// The ids of the indicators of some tables that pages show, of those that stand beside them, and of all that these are made of.
pub fn needed_indicators<'t>(tables: &[(&str, &'t Table)]) -> BTreeSet<&'t str> {
    let mut needed = wanted(tables);
    loop {
        let all = tables.iter().flat_map(|(_, table)| &table.indicators);
        let known = all.filter(|one| needed.contains(one.id.as_str()));
        let made_of = known.flat_map(|one| {
            let share = one.share.iter();
            let share = share.flat_map(|share| share.parts.iter().chain(&share.of));
            share.chain(&one.weight).map(String::as_str)
        });
        let made_of: Vec<_> = made_of.collect();
        let before = needed.len();
        needed.extend(made_of);
        if needed.len() == before {
            return needed;
        }
    }
}

/// The ids of the indicators that pages show, and of those that stand beside them.
fn wanted<'t>(tables: &[(&str, &'t Table)]) -> BTreeSet<&'t str> {
    let all = tables.iter().flat_map(|(_, table)| &table.indicators);
    let shown = all.filter(|one| !one.label.is_empty() || one.check.is_some());
    let wanted = shown.flat_map(|one| {
        let beside = one.interval.iter().flatten().chain(&one.beside);
        let beside = beside.chain(&one.instead_of);
        beside.map(String::as_str).chain([one.id.as_str()])
    });
    wanted.collect()
}

/// The figures of the indicators of some tables that pages show, and of those that stand beside them, by id, from the values
/// that each source told of places; of each indicator those of its newest edition, by year.
///
/// # Errors
/// When polars fails.
pub fn indicator_figures(
    tables: &[(&str, &Table)],
    mut known: BTreeMap<String, Vec<IndicatorValues>>,
    (geography, places): (&Geography, &Arc<IndicatorPlaces>),
) -> Result<BTreeMap<String, IndicatorFigures>, StatsError> {
    let communes = CommunesWithin::new(geography, places);
    let mut years = BTreeMap::<&str, BTreeMap<u16, IndicatorFigures>>::new();
    let indicators = tables.iter().flat_map(|(_, table)| {
        let indicators = table.indicators.iter().filter(|one| one.share.is_none());
        indicators.map(move |indicator| (*table, indicator))
    });
    let columns = indicators.map(|(table, indicator)| {
        let of_years = known.remove(&indicator.id).unwrap_or_default();
        (table, indicator, of_years)
    });
    // What weighs others comes first.
    let (weighted, plain): (Vec<_>, Vec<_>) =
        columns.partition(|(_, one, _)| one.rollup == Rollup::Mean);
    for part in [plain, weighted] {
        let rolled = part.into_par_iter().map(|(table, indicator, of_years)| {
            let weight = indicator.weight.as_deref();
            let weights = weight.and_then(|weight| Some(years.get(weight)?.last_key_value()?.1));
            let of_years = in_use(of_years).into_iter().map(|values| {
                let rolled = rolled_up(table, indicator, values, weights, &communes)?;
                Ok((rolled.period, rolled))
            });
            let of_years = of_years.collect::<Result<BTreeMap<_, _>, PolarsError>>()?;
            Ok((indicator.id.as_str(), of_years))
        });
        let rolled = rolled.collect::<Result<Vec<_>, PolarsError>>()?;
        years.extend(
            rolled
                .into_iter()
                .filter(|(_, of_years)| !of_years.is_empty()),
        );
    }
    let shares = tables.iter().flat_map(|(_, table)| &table.indicators);
    let shares: Vec<_> = shares
        .filter_map(|one| Some((&one.id, one.share.as_ref()?)))
        .collect();
    let shared = shares
        .into_par_iter()
        .filter_map(|(id, share)| Some((id.clone(), shared(share, &years, &communes)?)));
    let mut figures: BTreeMap<_, _> = shared.collect();
    // The others were there to be added up: all of them would fill the memory.
    let wanted = wanted(tables);
    figures.retain(|id, _| wanted.contains(id.as_str()));
    let all = tables.iter().flat_map(|(_, table)| &table.indicators);
    let series: BTreeSet<&str> = all
        .filter(|one| one.series)
        .map(|one| one.id.as_str())
        .collect();
    for (id, mut of_years) in years.into_iter().filter(|(id, _)| wanted.contains(id)) {
        let Some((_, mut newest)) = of_years.pop_last() else {
            continue;
        };
        if series.contains(id) {
            newest.earlier = of_years.into_values().rev().collect();
        }
        figures.insert(id.to_owned(), newest);
    }
    Ok(figures)
}

/// The years of an indicator that are in use: a newer one of some départements only, of which the others have not come yet or
/// were cut off, does not take the place of one of the whole country.
fn in_use(mut of_years: Vec<IndicatorValues>) -> Vec<IndicatorValues> {
    of_years.sort_by_key(|values| values.period);
    let most = of_years
        .iter()
        .map(|values| values.departements.len())
        .max();
    let least = WHOLE * most.unwrap_or(0) as f64;
    let is_whole = |values: &IndicatorValues| values.departements.len() as f64 >= least;
    if let Some(newest) = of_years.iter().rposition(is_whole) {
        of_years.truncate(newest + 1);
    }
    of_years
}

/// The figures of all places from what a table tells of some.
fn rolled_up(
    table: &Table,
    indicator: &Indicator,
    values: IndicatorValues,
    weights: Option<&IndicatorFigures>,
    communes: &CommunesWithin<'_>,
) -> Result<IndicatorFigures, PolarsError> {
    let mut told = values.told;
    let departements: BTreeSet<&str> = values.departements.iter().map(String::as_str).collect();
    let missing = || match table.missing {
        Missing::Zero => Reading::Number(0.0),
        Missing::NotConcerned => Reading::Absent(Absence::NotConcerned),
        Missing::Unavailable => Reading::Absent(Absence::Unavailable),
    };
    let wider = communes.wider.len();
    let (mut all, mut covered, mut silent) =
        (vec![0_u32; wider], vec![0_u32; wider], vec![false; wider]);
    let (mut group, mut value, mut weight) = (Vec::new(), Vec::new(), Vec::new());
    for within in &communes.communes {
        let is_arrondissement = within.commune.parent.is_some();
        let is_covered = departements.contains(within.departement);
        let is_told_of = match table.plm {
            Plm::City => !is_arrondissement,
            Plm::Arrondissements => !within.is_city,
            Plm::Both => true,
        };
        if is_told_of && is_covered && told.reading(within.number).is_none() {
            told.tell(within.number, missing());
        }
        // Each commune is added up once, Paris, Lyon and Marseille as the table has them.
        let is_unit = match table.plm {
            Plm::Arrondissements => !within.is_city,
            Plm::City | Plm::Both => !is_arrondissement,
        };
        if !is_unit {
            continue;
        }
        let reading = told.reading(within.number);
        let times = match indicator.rollup {
            Rollup::Mean => weights.and_then(|weights| weights.known(within.number).ok()),
            _ => Some(1.0),
        };
        let number = reading.and_then(|reading| reading.number()).zip(times);
        let is_silent = !matches!(reading, Some(Reading::Absent(Absence::NotConcerned)));
        for &wide in &within.wider {
            all[wide as usize] += 1;
            covered[wide as usize] += u32::from(is_covered);
            match number {
                Some((number, times)) => {
                    group.push(wide);
                    value.push(number * times);
                    weight.push(times);
                }
                None => silent[wide as usize] |= is_silent,
            }
        }
    }
    if indicator.rollup != Rollup::None && indicator.categories.is_empty() {
        for (wide, figure) in grouped(indicator.rollup, group, value, weight)? {
            let wide = wide as usize;
            let is_whole = f64::from(covered[wide]) >= COVERED * f64::from(all[wide]);
            let number = communes.wider[wide];
            // What a table tells of a wider place itself is what its producer knows.
            if is_whole && told.reading(number).is_none() {
                let at_least = indicator.rollup == Rollup::Sum && silent[wide];
                told.roll_up(number, figure, at_least);
            }
        }
    }
    Ok(IndicatorFigures {
        edition: values.edition,
        period: values.period,
        earlier: Vec::new(),
        told,
    })
}

/// Sums, weighted means or medians by group.
#[expect(
    deprecated,
    reason = "the methods of `GroupBy` run what the expressions of polars' lazy engine run; the engine would more than \
              double what has to be compiled"
)]
fn grouped(
    rollup: Rollup,
    group: Vec<u32>,
    value: Vec<f64>,
    weight: Vec<f64>,
) -> Result<Vec<(u32, f64)>, PolarsError> {
    let frame = DataFrame::new_infer_height(vec![
        Column::new("group".into(), group),
        Column::new("value".into(), value),
        Column::new("weight".into(), weight),
    ])?;
    let groups = frame.group_by_stable(["group"])?;
    if rollup == Rollup::Median {
        let medians = groups
            .select(["value"])
            .quantile(0.5, QuantileMethod::Midpoint)?;
        let keys = medians.column("group")?.u32()?.into_no_null_iter();
        let medians = medians
            .column("value_quantile_0.50")?
            .f64()?
            .into_no_null_iter();
        return Ok(keys.zip(medians).collect());
    }
    let sums = groups.sum()?;
    let mut rolled = Vec::with_capacity(sums.height());
    for (group, value, weight) in izip!(
        sums.column("group")?.u32()?.into_no_null_iter(),
        sums.column("value_sum")?.f64()?.into_no_null_iter(),
        sums.column("weight_sum")?.f64()?.into_no_null_iter(),
    ) {
        match rollup {
            Rollup::Mean if weight > 0.0 => rolled.push((group, value / weight)),
            Rollup::Mean => {}
            _ => rolled.push((group, value)),
        }
    }
    Ok(rolled)
}

/// A share of all places that have all parts of it; of the others the first reason why one is missing.
fn shared(
    share: &Share,
    years: &BTreeMap<&str, BTreeMap<u16, IndicatorFigures>>,
    communes: &CommunesWithin<'_>,
) -> Option<IndicatorFigures> {
    // The newest years of each part of which anything is known.
    let newest = |id: &String, most: usize| -> Option<Vec<&IndicatorFigures>> {
        let has_number = |figures: &&IndicatorFigures| figures.told.has_numbers();
        let of_years = years.get(id.as_str())?.values().rev();
        let of_years: Vec<_> = of_years.filter(has_number).take(most).collect();
        (of_years.len() == most).then_some(of_years)
    };
    let parts: Option<Vec<_>> = share
        .parts
        .iter()
        .map(|id| newest(id, share.years.into()))
        .collect();
    let of: Option<Vec<_>> = share.of.iter().map(|id| newest(id, 1)).collect();
    let (parts, of) = (parts?.concat(), of?.concat());
    let sum = |figures: &[&IndicatorFigures], place| {
        let numbers = figures.iter().map(|figures| figures.known(place));
        numbers.sum::<Result<f64, Absence>>()
    };
    let both = |place| match (sum(&parts, place)?, sum(&of, place)?) {
        (_, 0.0) => Err(Absence::Unavailable),
        both => Ok(both),
    };
    // Both sides of a wider place are of the same communes: of those where neither is secret.
    let mut wider = vec![(0.0, 0.0); communes.wider.len()];
    let units = communes.communes.iter();
    for within in units.filter(|within| within.commune.parent.is_none()) {
        if let Ok((above, below)) = both(within.number) {
            for &wide in &within.wider {
                let sums = &mut wider[wide as usize];
                *sums = (sums.0 + above, sums.1 + below);
            }
        }
    }
    let wider: HashMap<usize, (f64, f64)> = communes.wider.iter().copied().zip(wider).collect();
    let latest = parts.iter().max_by_key(|figures| figures.period)?;
    let mut told = ToldColumn::new(communes.places);
    for (number, place) in communes.places.all.iter().enumerate() {
        if parts
            .iter()
            .all(|figures| figures.told.reading(number).is_none())
        {
            continue;
        }
        // Where the source tells a part of the place itself, the share is that of the figures that stand beside it.
        let mut both_sides = parts.iter().chain(&of);
        let of_communes = match place.level {
            Level::Commune => None,
            _ if both_sides.any(|figures| figures.told.is_own(number)) => None,
            _ => wider.get(&number).filter(|sums| sums.1 > 0.0),
        };
        let sums = both(number).map(|sums| of_communes.copied().unwrap_or(sums));
        let reading = match sums {
            Ok((above, below)) => Reading::Number(share.times * above / below),
            Err(reason) => Reading::Absent(reason),
        };
        told.tell(number, reading);
    }
    Some(IndicatorFigures {
        edition: latest.edition,
        period: latest.period,
        earlier: Vec::new(),
        told,
    })
}

#[cfg(test)]
mod tests {
    use super::super::indicator_figures::IndicatorReading;
    use super::*;

    fn get<'f>(
        figures: &'f IndicatorFigures,
        level: Level,
        code: &str,
    ) -> Option<IndicatorReading<'f>> {
        figures.get(figures.told.places.get(level, code).unwrap())
    }

    fn told<'f>(figures: &'f IndicatorFigures, level: Level, code: &str) -> Reading<&'f str> {
        get(figures, level, code).unwrap().reading
    }

    fn number(figures: &IndicatorFigures, level: Level, code: &str) -> f64 {
        match told(figures, level, code) {
            Reading::Number(number) => number,
            other => panic!("{code}: {other:?}"),
        }
    }

    /// A table of two columns and what is made of them, with values of a département.
    fn figures(
        more: &str,
        values: &[(&str, &str, Reading<&str>)],
    ) -> BTreeMap<String, IndicatorFigures> {
        let geography = crate::intake::cog::embedded().unwrap();
        let places = IndicatorPlaces::new(&geography);
        let table: Table = toml::from_str(&format!(
            "place = \"a\"\nattribution = \"a\"\n{more}\nindicators = [
                {{ id = \"stock\", label = \"stock\", column = \"b\", rollup = \"sum\" }},
                {{ id = \"vacant\", label = \"vacant\", column = \"c\", rollup = \"sum\" }},
                {{ id = \"rent\", label = \"rent\", column = \"d\", rollup = \"mean\", weight = \"stock\" }},
                {{ id = \"income\", label = \"income\", column = \"e\", rollup = \"median\" }},
                {{ id = \"share\", label = \"share\", share = {{ parts = [\"vacant\"], of = [\"stock\"] }} }},
            ]"
        ))
        .unwrap();
        let mut known = BTreeMap::<String, Vec<IndicatorValues>>::new();
        for (indicator, code, reading) in values {
            let all = known.entry((*indicator).to_owned()).or_insert_with(|| {
                let departements = ["95", "69", "75", "13"].map(str::to_owned).into();
                vec![IndicatorValues::new(2026, 2025, departements, &places)]
            });
            match code.strip_prefix('D') {
                Some(departement) => all[0].tell(Level::Departement, departement, *reading),
                None => all[0].tell(Level::Commune, code, *reading),
            }
        }
        indicator_figures(&[("a", &table)], known, (&geography, &places)).unwrap()
    }

    #[test]
    fn what_no_page_shows_and_nothing_is_made_of_is_not_needed() {
        let table: Table = toml::from_str(
            "place = \"a\"\nattribution = \"a\"\nindicators = [
                { id = \"households\", column = \"b\" },
                { id = \"income\", column = \"c\", rollup = \"mean\", weight = \"households\" },
                { id = \"people\", column = \"d\" },
                { id = \"share\", label = \"share\", share = { parts = [\"income\"], of = [\"people\"] } },
                { id = \"floods\", column = \"e\" },
            ]",
        )
        .unwrap();
        let needed = needed_indicators(&[("a", &table)]);
        let expected = ["households", "income", "people", "share"];
        assert_eq!(needed, expected.into());
    }

    #[test]
    fn a_share_of_a_wider_place_is_of_the_figures_that_stand_beside_it() {
        use Reading::{Absent, Number};
        let communes = [
            ("stock", "95018", Number(300.0)),
            ("stock", "95127", Number(100.0)),
            ("vacant", "95018", Number(30.0)),
            ("vacant", "95127", Absent(Absence::Secret)),
        ];
        let producers = [
            ("stock", "D95", Number(5_000.0)),
            ("vacant", "D95", Number(250.0)),
        ];
        let share = |values: &[_]| {
            let figures = figures("plm = \"ville\"", values);
            number(&figures["share"], Level::Departement, "95")
        };
        assert_eq!(share(&communes), 10.0);
        assert_eq!(share(&[&communes[..], &producers[..]].concat()), 5.0);
        // One side from the producer, the other of the communes that are known.
        assert_eq!(share(&[&communes[..], &producers[..1]].concat()), 0.6);
    }

    #[test]
    fn wider_places_are_made_of_their_communes() {
        use Reading::{Absent, Number};
        let figures = figures(
            "plm = \"ville\"",
            &[
                ("stock", "95018", Number(300.0)),
                ("stock", "95127", Number(100.0)),
                ("stock", "95002", Absent(Absence::Secret)),
                ("vacant", "95018", Number(30.0)),
                ("vacant", "95127", Absent(Absence::Secret)),
                ("rent", "95018", Number(20.0)),
                ("rent", "95127", Number(16.0)),
                ("income", "95018", Number(10.0)),
                ("income", "95127", Number(20.0)),
                ("income", "95002", Number(50.0)),
            ],
        );
        let of = |id: &str| number(&figures[id], Level::Departement, "95");
        assert_eq!(of("stock"), 400.0);
        let stock = |level, code| get(&figures["stock"], level, code);
        assert!(stock(Level::Departement, "95").unwrap().at_least);
        assert_eq!(of("rent"), 19.0);
        assert_eq!(of("income"), 20.0);
        // Of the one commune of which both are known.
        assert_eq!(of("share"), 10.0);
        assert_eq!(
            told(&figures["share"], Level::Commune, "95127"),
            Absent(Absence::Secret)
        );
        // Four départements are not the country, nor the région.
        assert!(stock(Level::Pays, "FR").is_none());
        assert!(stock(Level::Region, "11").is_none());
    }

    #[test]
    fn an_edition_of_a_part_of_the_country_waits_for_the_rest() {
        let places = Arc::default();
        let of = |period: u16, departements: u16| {
            let departements = (0..departements).map(|number| number.to_string());
            IndicatorValues::new(period, period, departements.collect(), &places)
        };
        for (known, expected) in [
            ([of(2024, 96), of(2025, 1)], vec![2024]),
            ([of(2024, 101), of(2025, 96)], vec![2024, 2025]),
            ([of(2025, 96), of(2024, 2)], vec![2024, 2025]),
        ] {
            let used = in_use(known.into());
            let periods: Vec<_> = used.iter().map(|values| values.period).collect();
            assert_eq!(periods, expected);
        }
    }

    #[test]
    fn paris_lyon_and_marseille_are_counted_once() {
        use Reading::Number;
        let lyon = |plm: &str, city: Option<f64>, arrondissement: Option<f64>| {
            let mut values = vec![("stock", "69266", Number(1_000.0))];
            values.extend(city.map(|number| ("stock", "69123", Number(number))));
            for code in ["69381", "69382"] {
                values.extend(arrondissement.map(|number| ("stock", code, Number(number))));
            }
            figures(&format!("plm = \"{plm}\"\nmissing = \"zero\""), &values)["stock"].clone()
        };
        let arrondissements = lyon("arrondissements", None, Some(50.0));
        assert_eq!(number(&arrondissements, Level::Commune, "69123"), 100.0);
        assert_eq!(number(&arrondissements, Level::Departement, "69"), 1_100.0);
        let city = lyon("ville", Some(100.0), None);
        assert_eq!(number(&city, Level::Departement, "69"), 1_100.0);
        assert!(
            get(&city, Level::Commune, "69381").is_none(),
            "nothing is inherited, least of all 0"
        );
        let both = lyon("les deux", Some(100.0), Some(50.0));
        assert_eq!(number(&both, Level::Departement, "69"), 1_100.0);
        assert_eq!(number(&both, Level::Commune, "69381"), 50.0);
    }
}
