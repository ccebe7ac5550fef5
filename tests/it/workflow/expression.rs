//! The expressions of GitHub Actions, as far as the project's workflows use them.

use serde_json::Value;

/// What an expression can name.
pub trait Names {
    /// The value of `steps.x.outputs.y` and the like; null when there is none.
    fn value(&self, path: &str) -> Value;
    /// The value of `success()`, `failure()`, `cancelled()` or `always()`.
    fn status(&self, function: &str) -> bool;
}

/// Replaces each `${{ … }}` of a text.
pub fn fill(text: &str, names: &dyn Names) -> String {
    let mut parts = text.split("${{");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once("}}").unwrap();
        filled.push_str(&text_of(&evaluate(expression, names)));
        filled.push_str(rest);
    }
    filled
}

/// Whether a condition holds. One that names no status function asks for success as well.
pub fn holds(condition: Option<&str>, names: &dyn Names) -> bool {
    let condition = condition.unwrap_or("success()").trim();
    let bare = condition
        .strip_prefix("${{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .unwrap_or(condition);
    let asks = ["success()", "failure()", "cancelled()", "always()"]
        .iter()
        .any(|function| bare.contains(function));
    (asks || names.status("success")) && is_true(&evaluate(bare, names))
}

/// The value of an expression.
pub fn evaluate(expression: &str, names: &dyn Names) -> Value {
    let mut parser = Parser {
        rest: expression,
        names,
    };
    let value = parser.or();
    parser.skip();
    assert!(
        parser.rest.is_empty(),
        "{expression}: {} is not understood",
        parser.rest
    );
    value
}

pub fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && value != "" && value != 0
}

pub fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

struct Parser<'a> {
    rest: &'a str,
    names: &'a dyn Names,
}

impl<'a> Parser<'a> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The value of the operand that decides, as in JavaScript.
    fn or(&mut self) -> Value {
        let mut left = self.and();
        while self.take("||") {
            let right = self.and();
            left = if is_true(&left) { left } else { right };
        }
        left
    }

    fn and(&mut self) -> Value {
        let mut left = self.comparison();
        while self.take("&&") {
            let right = self.comparison();
            left = if is_true(&left) { right } else { left };
        }
        left
    }

    fn comparison(&mut self) -> Value {
        let left = self.unary();
        let same = |a: &Value, b: &Value| text_of(a) == text_of(b);
        if self.take("==") {
            let right = self.unary();
            return same(&left, &right).into();
        }
        if self.take("!=") {
            let right = self.unary();
            return (!same(&left, &right)).into();
        }
        left
    }

    fn unary(&mut self) -> Value {
        if self.take("!") {
            return (!is_true(&self.unary())).into();
        }
        if self.take("(") {
            let value = self.or();
            assert!(self.take(")"), "a parenthesis stays open");
            return value;
        }
        self.skip();
        if let Some(rest) = self.rest.strip_prefix('\'') {
            let (text, rest) = rest.split_once('\'').unwrap();
            self.rest = rest;
            return text.into();
        }
        let end = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || "._-".contains(c)))
            .unwrap_or(self.rest.len());
        let (name, rest): (&'a str, &'a str) = self.rest.split_at(end);
        assert!(!name.is_empty(), "{} is not understood", self.rest);
        self.rest = rest;
        if self.take("()") {
            return self.names.status(name).into();
        }
        match name {
            "true" => true.into(),
            "false" => false.into(),
            _ => self.names.value(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sample;

    impl Names for Sample {
        fn value(&self, path: &str) -> Value {
            match path {
                "inputs.force" => true.into(),
                "steps.online.outputs.deploy" => "true".into(),
                _ => Value::Null,
            }
        }

        fn status(&self, function: &str) -> bool {
            function == "always" || function == "failure"
        }
    }

    #[test]
    fn expressions_are_evaluated_as_actions_does() {
        for (expression, value) in [
            ("inputs.force && '--force' || ''", "--force"),
            ("inputs.dry_run && '--dry-run' || ''", ""),
            ("steps.online.outputs.deploy == 'true'", "true"),
            ("!inputs.force || (inputs.none != '')", "false"),
        ] {
            assert_eq!(
                text_of(&evaluate(expression, &Sample)),
                value,
                "{expression}"
            );
        }
        assert_eq!(fill("a ${{ inputs.force }} b", &Sample), "a true b");
        assert!(!holds(None, &Sample));
        assert!(
            !holds(Some("inputs.force"), &Sample),
            "success is asked for"
        );
        assert!(holds(Some("${{ always() && inputs.force }}"), &Sample));
    }
}
