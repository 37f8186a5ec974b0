//! The language of jq, by jaq: an expression over JSON documents, and what comes of it.
//!
//! It is the only file that knows jaq. A filter sees the document alone: no environment, where the token is, no
//! files, no other input, and it can neither print nor end the process.

use jaq_core::load::{Arena, Error as LoadError, File, Loader};
use jaq_core::{Compiler, Ctx, Filter, Vars, data, unwrap_valr};
use jaq_json::{Num, Val, read, write};

use crate::text::one_line;

/// What a filter could do to more than its document.
const LEFT_OUT: [&str; 4] = ["env", "halt", "halt_error", "stderr"];

/// The same of what these are made of.
const LEFT_OUT_PARTS: [&str; 3] = ["env", "halt", "stderr_empty"];

/// What jq has and jaq's library has not.
const OURS: &str = r#"
def cell($quoted): if . == null then "" elif type == "string" then $quoted
  elif type == "number" or type == "boolean" then tojson
  else error("\(type) cannot be a cell of a table") end;
def @csv: [.[] | cell(if type == "string" then "\"" + gsub("\""; "\"\"") + "\"" else . end)] | join(",");
def @tsv: [.[] | cell(if type == "string"
  then gsub("\\\\"; "\\\\") | gsub("\t"; "\\t") | gsub("\n"; "\\n") | gsub("\r"; "\\r") else . end)] | join("\t");
"#;

/// An expression that can be run.
pub struct Jq {
    filter: Filter<data::JustLut<Val>>,
}

/// What an expression gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// A text, without quotes and escapes.
    Text(String),
    /// Any other value, as JSON on one line.
    Json(String),
}

/// An expression that cannot be read, or that cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JqError {
    /// It is not one.
    #[error("the expression cannot be read: {0}")]
    Parse(String),
    /// It names what is not there.
    #[error("the expression has no {0} here: `{1}`")]
    Undefined(&'static str, String),
    /// A value is not what it expects.
    #[error("the expression fails: {0}")]
    Run(String),
    /// The document is not JSON.
    #[error("the answer is not JSON: {0}")]
    Document(String),
}

impl Jq {
    /// Reads an expression.
    ///
    /// # Errors
    /// Fails where it is not one, and where it uses what is not there.
    pub fn parse(expression: &str) -> Result<Self, JqError> {
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
        let ours = jaq_core::load::parse(OURS, |parser| parser.defs()).into_iter().flatten();
        let loader = Loader::new(definitions.chain(ours).filter(|one| !LEFT_OUT.contains(&one.name)));
        let arena = Arena::default();
        let modules = loader.load(&arena, File { code: expression, path: () }).map_err(|errors| {
            let error = errors.into_iter().next().map(|(_, error)| error);
            JqError::Parse(error.map_or_else(String::new, |error| unread(error, expression)))
        })?;
        let compiler = Compiler::default().with_funs(functions.filter(|one| !LEFT_OUT_PARTS.contains(&one.0)));
        let filter = compiler.compile(modules).map_err(|errors| {
            let first = errors.into_iter().flat_map(|(_, errors)| errors).next();
            match first {
                Some((name, what)) => JqError::Undefined(what.as_str(), one_line(name)),
                None => JqError::Parse(String::new()),
            }
        })?;
        Ok(Self { filter })
    }

    /// Runs it over a JSON document, and hands each result on as it comes.
    ///
    /// # Errors
    /// Fails where the document is not JSON or the expression cannot go on; what came before was handed on.
    pub fn run(&self, document: &[u8], mut output: impl FnMut(Output)) -> Result<(), JqError> {
        let value = read::parse_single(document).map_err(|error| JqError::Document(error.to_string()))?;
        let context = Ctx::<data::JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
        for result in self.filter.id.run((context, value)).map(unwrap_valr) {
            output(shown(&result.map_err(|error| JqError::Run(one_line(&error.to_string())))?));
        }
        Ok(())
    }
}

fn shown(value: &Val) -> Output {
    if let Val::TStr(text) = value {
        return Output::Text(String::from_utf8_lossy(text).into_owned());
    }
    // JSON has no such numbers, and jq writes null for the one that is none.
    if let Val::Num(Num::Float(number)) = value
        && !number.is_finite()
    {
        let largest = if *number > 0.0 { "1.7976931348623157e+308" } else { "-1.7976931348623157e+308" };
        return Output::Json(if number.is_nan() { "null" } else { largest }.to_owned());
    }
    let mut line = Vec::new();
    // A vector takes everything.
    let _ = write::write(&mut line, &write::Pp::default(), 0, value);
    Output::Json(String::from_utf8_lossy(&line).into_owned())
}

/// What is wrong with an expression, in one line.
fn unread(error: LoadError<&str>, expression: &str) -> String {
    let at = |rest: &str| if rest.is_empty() { "at its end".to_owned() } else { format!("at `{}`", one_line(rest)) };
    match error {
        LoadError::Io(modules) => {
            modules.first().map_or_else(String::new, |(name, _)| format!("there is no module `{}`", one_line(name)))
        }
        LoadError::Lex(errors) => errors
            .first()
            .map_or_else(String::new, |(expected, rest)| format!("{} is expected {}", expected.as_str(), at(rest))),
        LoadError::Parse(errors) => errors.first().map_or_else(String::new, |(expected, found)| {
            // What was found is a part of the expression; the rest of it shows where.
            let start = (found.as_ptr() as usize).checked_sub(expression.as_ptr() as usize);
            let rest = start.and_then(|start| expression.get(start..)).unwrap_or(found);
            format!("{} is expected {}", expected.as_str(), at(rest))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(expression: &str, document: &str) -> Result<Vec<Output>, JqError> {
        let mut all = Vec::new();
        Jq::parse(expression)?.run(document.as_bytes(), |one| all.push(one))?;
        Ok(all)
    }

    #[track_caller]
    fn check(expression: &str, document: &str, expected: &[&str]) {
        let lines: Vec<String> = run(expression, document)
            .unwrap()
            .into_iter()
            .map(|output| match output {
                Output::Text(text) | Output::Json(text) => text,
            })
            .collect();
        assert_eq!(lines, expected, "{expression}");
    }

    #[test]
    fn an_expression_gives_its_values_one_by_one() {
        let list = r#"{"data":[{"id":"1","title":"A"},{"id":"2","title":"B\n"}],"total_count":2}"#;
        check(".data[].id", list, &["1", "2"]);
        check(".data | map(.title)", list, &[r#"["A","B\n"]"#]);
        check(".total_count", list, &["2"]);
        check("[.data[] | select(.id == \"2\")] | length", list, &["1"]);
        check("nan", "null", &["null"]);
        check(
            "@csv, @tsv",
            r#"["a\"b",1,null,true,"c\\d\te"]"#,
            &["\"a\"\"b\",1,,true,\"c\\d\te\"", "a\"b\t1\t\ttrue\tc\\\\d\\te"],
        );
        check(".", "12345678901234567890", &["12345678901234567890"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |expression: &str| run(expression, "{\"a\":1}").unwrap_err().to_string();
        assert_eq!(error(".data[.id"), "the expression cannot be read: closing bracket is expected at its end");
        assert_eq!(error(".a | nosuch"), "the expression has no filter here: `nosuch`");
        assert_eq!(error(".a | $x"), "the expression has no variable here: `$x`");
        assert!(error(".a.b").starts_with("the expression fails: cannot index 1"), "{}", error(".a.b"));
        assert!(error(") x").starts_with("the expression cannot be read: "), "{}", error(") x"));
        assert!(run(".", "<html>").unwrap_err().to_string().starts_with("the answer is not JSON"));
    }

    #[test]
    fn a_filter_sees_its_document_alone() {
        for expression in
            ["env", "$ENV", "env.PATH", "input", "inputs", "halt", "halt_error", "stderr", "import \"a\" as a; ."]
        {
            assert!(Jq::parse(expression).is_err(), "{expression}");
        }
    }
}
