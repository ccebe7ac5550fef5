//! What a place is like, beside what it costs: the indicators that sources declare, against wider places, and what follows of
//! them and of the prices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use itertools::Itertools;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::place::{Level, Place};
use crate::config::LICENCE_OUVERTE;
use crate::geo::Commune;
use crate::site::living_cells::{DERIVED, LivingCell, LivingPlace, RENTS, SharedLiving};
use crate::site::{Site, french};

/// `page.living` in the templates: none where nothing is known of the place.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Living {
    /// The wider places that it stands beside.
    heads: Vec<String>,
    rows: Vec<Row>,
    /// Whom the rows are of, and under which licence.
    sources: Vec<String>,
    /// Whether some of it is secret.
    secret: bool,
    /// Whether some rows bear the sign † for figures of wider places that are of their communes in the middle.
    medians: bool,
}

/// An indicator.
#[derive(Serialize, JsonSchema)]
struct Row {
    label: Arc<str>,
    /// "€/m², 2025"
    unit: Arc<str>,
    /// Whether wider places have one: where none is known of theirs, files tell too little of them.
    of_wider: bool,
    /// The place, and each wider one; none where nothing is known.
    cells: Vec<Option<Arc<LivingCell>>>,
}

impl Living {
    /// Of a commune, beside its département, where that is more than the commune, and France.
    pub(crate) fn of_commune(site: &Site<'_>, commune: &Commune) -> Option<Self> {
        let departement = Place::new(Level::Departement, &*commune.departement);
        let name = site.geography.departement(&commune.departement);
        let name = name.map_or_else(String::new, |departement| french::name(&departement.name));
        let place = Place::new(Level::Commune, &*commune.code);
        let city = commune.parent.as_deref();
        let city = city.map(|city| Place::new(Level::Commune, city));
        let wider = [(name, departement), ("France".to_owned(), Place::france())].into_iter();
        let wider = wider.filter(|(_, wide)| !site.geography.are_one_territory(&place, wide));
        Self::new(site, &place, city.as_ref(), &wider.collect::<Vec<_>>())
    }

    /// Of a wider place, beside France.
    pub(crate) fn of_wider(site: &Site<'_>, place: &Place) -> Option<Self> {
        let france = ("France".to_owned(), Place::france());
        let wider = [france].into_iter().filter(|(_, other)| other != place);
        Self::new(site, place, None, &wider.collect::<Vec<_>>())
    }

    fn new(
        site: &Site<'_>,
        place: &Place,
        city: Option<&Place>,
        wider: &[(String, Place)],
    ) -> Option<Self> {
        let shared = site
            .living
            .get_or_init(|| SharedLiving::new(&site.indicators, site.atlas, &site.departements));
        let beside: Vec<_> = wider
            .iter()
            .map(|(_, place)| shared.columns.get(place))
            .collect();
        let told = LivingPlace::new(site.atlas, place)?;
        let city = city.and_then(|city| LivingPlace::new(site.atlas, city));
        let wide = usize::from(place.level != Level::Commune);
        let mut rows = Vec::new();
        let mut sources = BTreeMap::<&String, BTreeSet<&String>>::new();
        let (mut after_rents, mut medians) = (None, false);
        for (at, shown) in site.indicators.iter().enumerate() {
            if !told.has(shown) {
                continue;
            }
            // What only the city has is told as the city's.
            let own = told.cell(shown).or_else(|| {
                let known = city.as_ref()?.cell(shown)?;
                let text = format!("{} (toute la ville)", known.text);
                Some(LivingCell { text, ..known })
            });
            let Some(own) = own else {
                continue;
            };
            // Bounds and counts are the place's own, where there are any.
            let between = told.between(shown).filter(|_| !own.absent);
            let own = Some(Arc::new(LivingCell { between, ..own }));
            let beside = beside.iter();
            let beside =
                beside.map(|column| column.and_then(|column| column.indicators[at].clone()));
            let head = &shared.heads[at];
            medians |= head.median && wide == 0;
            rows.push(Row {
                label: Arc::clone(&head.label),
                unit: Arc::clone(&head.units[wide]),
                of_wider: shown.indicator.is_of_wider(),
                cells: [own].into_iter().chain(beside).collect(),
            });
            if RENTS.contains(&shown.indicator.id.as_str()) {
                after_rents = Some(rows.len());
            }
            for table in &shown.tables {
                let names = sources.entry(&table.licence).or_default();
                names.insert(&table.attribution);
            }
        }
        if rows.is_empty() {
            return None;
        }
        let known = DERIVED.iter().zip(told.derived()).enumerate();
        let derived = known.filter_map(|(at, ([label, unit], own))| {
            let beside = beside.iter();
            let beside = beside.map(|column| column.and_then(|column| column.derived[at].clone()));
            Some(Row {
                label: (*label).into(),
                unit: (*unit).into(),
                of_wider: true,
                cells: [Some(own?)].into_iter().chain(beside).collect(),
            })
        });
        // After the rents, which they are made of.
        let at = after_rents.unwrap_or(rows.len());
        rows.splice(at..at, derived.collect::<Vec<_>>());
        let mut heads: Vec<_> = wider.iter().map(|(name, _)| name.clone()).collect();
        // A wider place of which nothing is known is not beside it.
        for column in (1..=heads.len()).rev() {
            if rows.iter().all(|row| row.cells[column].is_none()) {
                heads.remove(column - 1);
                for row in &mut rows {
                    row.cells.remove(column);
                }
            }
        }
        let mut cells = rows.iter().flat_map(|row| row.cells.iter().flatten());
        let secret = cells.any(|cell| cell.secret);
        let sources = sources.into_iter().map(|(licence, names)| {
            let names = names.into_iter().join("\u{202f}; ");
            // The footer ends with this one.
            match licence == LICENCE_OUVERTE {
                true => names,
                false => format!("{names} ({licence})"),
            }
        });
        Some(Self {
            heads,
            rows,
            sources: sources.collect(),
            secret,
            medians,
        })
    }
}
