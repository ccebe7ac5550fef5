//! What `data/villes/<code>.json` has to say, from a place's figures.

use serde_json::{Value, json};

/// The parts of the file that hold numbers; `figures` are null for a commune that no file covers.
pub fn page(figures: &Value) -> Value {
    let kind = |name: &str| figures[name].clone();
    let pooled = kind("apt_maison");
    let mut page = json!({
        "metadata": {
            "total_transactions": figures["total_transactions"],
            "coverage": pick(&figures["coverage"], &[("from", "from"), ("to", "to"), ("months", "months")]),
        },
        "current_stats": {
            "prix_m2_appartement": kind("appartement")["current"]["median"],
            "prix_m2_maison": kind("maison")["current"]["median"],
            "prix_m2_apt_maison": pooled["current"]["median"],
            "prix_m2_local": kind("local")["current"]["median"],
            "prix_median_appartement": kind("appartement")["current"]["median_price"],
            "prix_median_maison": kind("maison")["current"]["median_price"],
            "volume": figures["volume_12_months"],
            "surface_moyenne": pooled["current"]["mean_surface"],
            "window": pick(&pooled["current"], &[("from", "from"), ("to", "to"), ("months", "months")]),
        },
        "evolution": { "yearly": points(&pooled["yearly"], "year", |_| true) },
        "by_type": (!figures.is_null()).then(|| json!({
            "appartement": of_kind(&figures["appartement"], &figures["modelled"]["appartement"]),
            "maison": of_kind(&figures["maison"], &figures["modelled"]["maison"]),
            "local": of_kind(&figures["local"], &Value::Null),
            "apt_maison": { "total": pooled["total"], "current": window(&pooled["current"]) },
        })),
        "incomplete_months": figures["incomplete"].as_array().into_iter().flatten().map(|month| json!({
            "month": month["month"], "volume": month["n"], "volume_attendu": null, "a_venir_percent": null,
        })).collect::<Vec<_>>(),
    });
    let series = &mut page["evolution"];
    put(
        series,
        "monthly",
        points(&pooled["monthly"], "month", has_price),
    );
    let many = |point: &Value| point["n"].as_u64() >= Some(30);
    put(
        series,
        "quarterly",
        points(&pooled["quarterly"], "quarter", many),
    );
    put(
        &mut page,
        "seasonality",
        figures["seasonality"]
            .as_array()
            .cloned()
            .unwrap_or_default(),
    );
    page
}

fn of_kind(segment: &Value, modelled: &Value) -> Value {
    let list = |name: &str| segment[name].as_array().cloned().unwrap_or_default();
    let priced = [("prix_m2", "median"), ("prix_median", "median_price")];
    let rooms = list("rooms").into_iter().map(|rooms| {
        let mut line = pick(&rooms, &[("rooms", "rooms"), ("volume", "n")]);
        add(&mut line, &rooms, &priced);
        add(&mut line, &rooms, &[("prix_m2_interval", "interval")]);
        line
    });
    let mut kind = json!({
        "total": segment["total"],
        "current": window(&segment["current"]),
        "yearly": points(&segment["yearly"], "year", |_| true),
    });
    put(&mut kind, "rooms", rooms.collect());
    put(
        &mut kind,
        "quarterly",
        points(&segment["quarterly"], "quarter", has_price),
    );
    put(
        &mut kind,
        "monthly",
        points(&segment["monthly"], "month", has_price),
    );
    let surfaces = list("surfaces");
    if surfaces.iter().any(|line| !line["median"].is_null()) {
        let lines = surfaces.iter().map(|surface| {
            let mut line = pick(surface, &[("surface_min", "from"), ("volume", "n")]);
            add(&mut line, surface, &priced);
            add(&mut line, surface, &[("surface_max", "to")]);
            line
        });
        kind["surfaces"] = lines.collect();
    }
    for (name, known) in [("par_m2", "distribution"), ("prix", "price_distribution")] {
        let known = &segment[known];
        if !known.is_null() {
            kind["distribution"][name] =
                pick(known, &[("bounds", "bounds"), ("volumes", "counts")]);
        }
    }
    if let Some(estimate) = modelled.get("estimate") {
        kind["estimate"] = pick(
            estimate,
            &[
                ("prix_m2", "price"),
                ("prix_m2_interval", "interval"),
                ("own_share", "own_share"),
                ("neighbours", "neighbours"),
                ("months", "months"),
                ("to", "to"),
                ("volume", "n"),
            ],
        );
        let years = estimate["yearly"].as_array().unwrap().iter();
        let years = years.map(|year| pick(year, &[("to", "to"), ("prix_m2", "price")]));
        kind["estimate"]["yearly"] = years.collect();
    }
    kind
}

fn window(current: &Value) -> Value {
    let mut window = pick(
        current,
        &[
            ("from", "from"),
            ("to", "to"),
            ("months", "months"),
            ("volume", "n"),
        ],
    );
    let absent_of_few = [
        ("prix_m2", "median"),
        ("prix_m2_interval", "interval"),
        ("prix_m2_q1", "q1"),
        ("prix_m2_q3", "q3"),
        ("prix_median", "median_price"),
        ("surface_moyenne", "mean_surface"),
        ("prix_m2_d1", "p10"),
        ("prix_m2_d9", "p90"),
        ("prix_q1", "price_q1"),
        ("prix_q3", "price_q3"),
    ];
    add(&mut window, current, &absent_of_few);
    if current["covered"] != current["months"] {
        window["covered"] = current["covered"].clone();
    }
    if current["new_homes"].as_u64() > Some(0) {
        window["volume_neuf"] = current["new_homes"].clone();
    }
    if current["fragile"] == true {
        window["fragile"] = true.into();
    }
    window
}

/// What an object has of another under other names, and nothing where it has it not.
fn add(into: &mut Value, object: &Value, names: &[(&str, &str)]) {
    for (new, old) in names {
        if let Some(value) = object.get(*old).filter(|value| !value.is_null()) {
            into[*new] = value.clone();
        }
    }
}

/// A list, unless it is empty.
fn put(into: &mut Value, name: &str, list: Vec<Value>) {
    if !list.is_empty() {
        into[name] = list.into();
    }
}

fn has_price(point: &Value) -> bool {
    !point["median"].is_null()
}

/// The points of a series that are listed.
fn points(series: &Value, name: &str, listed: fn(&Value) -> bool) -> Vec<Value> {
    let point = |point: &Value| {
        let mut line = pick(point, &[(name, "period"), ("volume", "n")]);
        add(
            &mut line,
            point,
            &[("prix_m2", "median"), ("prix_m2_interval", "interval")],
        );
        if name == "year" && point["partial"] == true {
            line["partial"] = true.into();
        }
        line
    };
    let points = series.as_array().map(Vec::as_slice).unwrap_or_default();
    points
        .iter()
        .filter(|point| listed(point))
        .map(point)
        .collect()
}

/// An object under other names; null stays null.
fn pick(object: &Value, names: &[(&str, &str)]) -> Value {
    if object.is_null() {
        return Value::Null;
    }
    names
        .iter()
        .map(|(new, old)| ((*new).to_owned(), object[*old].clone()))
        .collect()
}
