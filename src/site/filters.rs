//! The filters that templates write figures with. What is missing (`None`) is written as a dash; what is of the wrong
//! type is an error, and so is a field that does not exist.

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::french::{self, SPACE};
use super::typography::typeset;
use crate::base::month::{Month, Months, Period};

/// Stands for a figure that is not published.
const MISSING: &str = "–";

/// Makes the filters known to Tera: `number`, `typeset`, `priced(solid=)`, `euros`, `per_m2`, `surface`, `percent`, `share`,
/// `decimal`, `count(one=, many=)`, `month`, `month_name`, `quarter`, `day` and `span(to=)`.
pub(crate) fn register(tera: &mut Tera) {
    tera.register_filter("number", |value: &Value, _: Kwargs, _: &State| {
        figure(value, integer, french::number)
    });
    // A filter, not a component: there are seventy of them on a page.
    tera.register_filter("priced", |sales: &Value, words: Kwargs, _: &State| {
        let solid: u64 = words.must_get("solid")?;
        priced(sales, solid)
    });
    tera.register_filter("typeset", |text: &str, _: Kwargs, _: &State| typeset(text));
    tera.register_filter("euros", |value: &Value, _: Kwargs, _: &State| {
        figure(value, integer, |n| format!("{}{SPACE}€", french::number(n)))
    });
    tera.register_filter("per_m2", |value: &Value, _: Kwargs, _: &State| {
        figure(value, integer, |n| {
            format!("{}{SPACE}€/m²", french::number(n))
        })
    });
    tera.register_filter("surface", |value: &Value, _: Kwargs, _: &State| {
        figure(value, Value::as_f64, |x| {
            format!("{}{SPACE}m²", french::decimal(x))
        })
    });
    tera.register_filter("percent", |value: &Value, _: Kwargs, _: &State| {
        // A change that is told to a whole per cent is an integer.
        match integer(value) {
            Some(change) if change > 0 => Ok(format!("+{}{SPACE}%", french::number(change))),
            Some(change) => Ok(format!("{}{SPACE}%", french::number(change))),
            None => figure(value, Value::as_f64, french::percent),
        }
    });
    tera.register_filter("signed", |value: &Value, _: Kwargs, _: &State| {
        figure(value, Value::as_f64, |x| {
            let percent = french::percent(x);
            percent.trim_end_matches(['%', SPACE]).to_owned()
        })
    });
    tera.register_filter("unsigned", |value: &Value, _: Kwargs, _: &State| {
        figure(value, Value::as_f64, |x| french::decimals(x.abs(), 1))
    });
    tera.register_filter("share", |value: &Value, _: Kwargs, _: &State| {
        figure(value, Value::as_f64, |share| {
            format!("{:.0}{SPACE}%", 100.0 * share)
        })
    });
    tera.register_filter("years", |value: &Value, _: Kwargs, _: &State| {
        figure(value, integer, french::years)
    });
    tera.register_filter("decimal", |value: &Value, _: Kwargs, _: &State| {
        figure(value, Value::as_f64, |x| french::decimals(x, 1))
    });
    tera.register_filter("count", |value: &Value, words: Kwargs, _: &State| {
        let (one, many) = (words.must_get("one")?, words.must_get("many")?);
        figure(value, integer, |n| french::count(n, one, many))
    });
    tera.register_filter("month", |value: &str, _: Kwargs, _: &State| {
        period(value, value.parse().map(french::month).ok())
    });
    tera.register_filter("month_name", |number: usize, _: Kwargs, _: &State| {
        period(&number.to_string(), french::month_name(number))
    });
    tera.register_filter("quarter", |value: &str, _: Kwargs, _: &State| {
        let end = match value.parse() {
            Ok(Period::Quarter(end)) => Some(french::quarter(end)),
            _ => None,
        };
        period(value, end)
    });
    tera.register_filter("day", |value: &str, _: Kwargs, _: &State| {
        let day = value.parse().map(Month::last_day).map(french::day);
        period(value, day.ok())
    });
    tera.register_filter("span", |from: &str, words: Kwargs, _: &State| {
        let to: &str = words.must_get("to")?;
        let span = from.parse().ok().zip(to.parse().ok());
        let span = span.map(|(first, last)| french::span(Months { first, last }));
        period(from, span)
    });
}

/// Tera keeps an integer in the smallest type that holds it; a float has no thousands to part.
fn integer(value: &Value) -> Option<i64> {
    value.as_i64()
}

fn figure<T>(
    value: &Value,
    read: impl Fn(&Value) -> Option<T>,
    write: impl Fn(T) -> String,
) -> TeraResult<String> {
    if value.is_none() {
        return Ok(MISSING.into());
    }
    match read(value) {
        Some(figure) => Ok(write(figure)),
        None => Err(Error::message(format!(
            "a figure was expected, not `{}`",
            value.name()
        ))),
    }
}

/// The price per m² of some sales, starred where they are fewer than `solid`; the signs are those that the block `signs`
/// explains.
fn priced(sales: &Value, solid: u64) -> TeraResult<String> {
    let volume = sales
        .get_from_path("volume")
        .and_then(|volume| volume.as_u64());
    let volume = volume.ok_or_else(|| Error::message("sales with `volume` were expected"))?;
    let price = sales.get_from_path("prix_m2");
    Ok(match price.and_then(|price| price.as_i64()) {
        Some(price) if volume < solid => format!("{}*", french::number(price)),
        Some(price) => french::number(price),
        None if volume > 0 => "n.p.".into(),
        None => MISSING.into(),
    })
}

fn period(text: &str, written: Option<impl Into<String>>) -> TeraResult<String> {
    written
        .map(Into::into)
        .ok_or_else(|| Error::message(format!("`{text}` is not a period of this filter")))
}

#[cfg(test)]
mod tests {
    use tera::{Context, context};

    use super::*;

    fn render(template: &str, context: &Context) -> Result<String, String> {
        let mut tera = Tera::default();
        register(&mut tera);
        tera.render_str(template, context, true)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn figures_carry_their_unit() {
        let context = context! {
            n => &3849_u32, price => &Some(251_500_u64), x => &64.5, change => &-1.5, whole => &12
        };
        let text = render(
            "{{ n | per_m2 }}; {{ price | euros }}; {{ x | surface }}; {{ change | percent }}; {{ whole | percent }}; {{ n | number }}; {{ n | count(one='vente', many='ventes') }}",
            &context,
        );
        assert_eq!(
            text.unwrap(),
            "3\u{202f}849\u{a0}€/m²; 251\u{202f}500\u{a0}€; 64,5\u{a0}m²; \u{2212}1,5\u{a0}%; +12\u{a0}%; 3\u{202f}849; 3\u{202f}849\u{a0}ventes"
        );
    }

    #[test]
    fn periods_are_words() {
        let context = context! { m => "2025-06", q => "2024-Q1", from => "2024-07" };
        let text = render(
            "{{ m | month }}; {{ m | day }}; {{ q | quarter }}; {{ from | span(to=m) }}; {{ 8 | month_name }}",
            &context,
        );
        assert_eq!(
            text.unwrap(),
            "juin 2025; 30 juin 2025; 1er\u{a0}trimestre 2024; juillet 2024 – juin 2025; août"
        );
    }

    #[test]
    fn what_is_missing_is_a_dash_and_never_a_zero() {
        let context = context! { missing => &None::<u32> };
        let text = render(
            "{{ missing | per_m2 }}{{ missing | euros }}{{ missing | surface }}",
            &context,
        );
        assert_eq!(text.unwrap(), "–––");
    }

    #[test]
    fn what_is_wrong_is_an_error_at_its_place() {
        let context = context! { text => "x" };
        for template in [
            "\n{{ text | number }}",
            "\n{{ text | month }}",
            "\n{{ unknown | euros }}",
        ] {
            let error = render(template, &context).unwrap_err();
            assert!(error.contains(":2:"), "{error}");
        }
    }
}
