//! What may be typed after `helpbook api`.

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches};

/// Send any request to Intercom's API, by the name of an operation or by a path
///
/// GET unless a method, a body or fields say otherwise. Names in braces are filled from fields: `helpbook api
/// articles/{id}/versions -f id=9100001`. Every request is held to the catalogue of the API 2.16 before it is sent.
/// What reads needs no confirmation. Everything else asks first, naming workspace and request, and needs `--yes`
/// where nobody can be asked.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "\
Examples:
  helpbook api me                                 whose token this is
  helpbook api listArticles --paginate --jq \".data[].title\"  every title
  helpbook api articles/{id}/versions -f id=9100001  a path with a name in it
  helpbook api createTag -f name=billing -n       what would be sent, and nothing else
  helpbook api --list contact                     the operations with a word
  helpbook api describe createArticle             what an operation takes")]
pub(in crate::cli) struct Args {
    /// An operation or a path, with or without a method before it; or `describe` and an operation
    #[arg(value_name = "[METHOD] PATH|OPERATION", num_args = 0..=2)]
    pub words: Vec<String>,
    #[command(flatten)]
    pub fields: TypedFields,
    /// The method, as it may also be before the path
    #[arg(short = 'X', long, value_name = "METHOD")]
    pub method: Option<String>,
    /// Send this file as the body; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub input: Option<String>,
    /// Send another header
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
    /// Print the status and the headers of the answer, too
    #[arg(short, long)]
    pub include: bool,
    /// The version of the API: 2.11 to 2.16, or Unstable
    #[arg(long, value_name = "VERSION")]
    pub api_version: Option<String>,
    /// Read every page of a list, and print one document with all records
    #[arg(long)]
    pub paginate: bool,
    /// Read every page of a list, and print each record on a line of its own as it comes
    #[arg(long, conflicts_with = "paginate")]
    pub stream: bool,
    /// Print what a jq expression takes from the answer, or with --stream from each record
    #[arg(long, value_name = "EXPR")]
    pub jq: Option<String>,
    /// Send what the catalogue objects to all the same
    #[arg(long)]
    pub no_check: bool,
    /// Do not ask: answer yes
    #[arg(short, long, visible_alias = "auto-approve")]
    pub yes: bool,
    /// Print the request, without the token, and send nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// List the operations, or those with a word
    #[arg(long, value_name = "WORD", num_args = 0..=1, conflicts_with_all = ["words", "input", "paginate", "stream", "jq"])]
    pub list: Option<Option<String>>,
    /// Print the list or the description as JSON
    #[arg(long)]
    pub json: bool,
}

impl Args {
    /// Whether every page is read.
    pub(super) fn pages(&self) -> bool {
        self.paginate || self.stream
    }
}

/// A field as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Typed {
    /// `-f`
    Text(String),
    /// `-F`
    Value(String),
}

/// All fields, in the order in which they were typed.
#[derive(Debug, Clone, Default)]
pub(in crate::cli) struct TypedFields(pub Vec<Typed>);

impl FromArgMatches for TypedFields {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let of = |name: &str, make: fn(String) -> Typed| {
            let places = matches.indices_of(name).into_iter().flatten();
            let values = matches.get_many::<String>(name).into_iter().flatten();
            places.zip(values.map(move |value| make(value.clone()))).collect::<Vec<_>>()
        };
        let mut all = of("field", Typed::Text);
        all.extend(of("typed_field", Typed::Value));
        all.sort_by_key(|(place, _)| *place);
        Ok(Self(all.into_iter().map(|(_, field)| field).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for TypedFields {
    fn augment_args(command: Command) -> Command {
        let field = |name: &'static str, short, long| {
            Arg::new(name).short(short).long(long).value_name("KEY=VALUE").action(ArgAction::Append)
        };
        command
            .arg(field("field", 'f', "field").help("A parameter or a field with a text; `a[b]=x` and `a[]=x` are nested"))
            .arg(field("typed_field", 'F', "typed-field").help(
                "A field with a number, true, false, null or JSON; `@FILE` is the text of a file, `@-` of standard input",
            ))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
