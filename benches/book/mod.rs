//! A book of any size, shaped like the articles of a real Help Center.
//!
//! The same seed and number give the same bytes. An article has about 6 KB of Markdown: sections of
//! paragraphs with marks and links, lists, a table, pictures of another host, alerts, code, and
//! links to other articles and their headings. Every tenth has a French translation built alike.
//! About forty articles are in a collection, and a collection of collections holds eight.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How many articles are in a collection.
const IN_COLLECTION: usize = 40;

/// How many collections are in one above them.
const IN_GROUP: usize = 8;

/// How many articles there are for one translation.
const TRANSLATED: usize = 10;

/// The headings of every article, in both languages. Links point to them by their words.
const HEADINGS: [(&str, &str); 6] = [
    ("Before you start", "Avant de commencer"),
    ("Set it up", "Mettre en place"),
    ("Choose who may see it", "Choisir qui peut le voir"),
    ("What each plan includes", "Ce que comprend chaque offre"),
    ("Change it later", "Le modifier plus tard"),
    ("If something goes wrong", "En cas de problème"),
];

const ENGLISH: &str = "account invoice payment customer workspace report button page settings member team plan \
    message project folder file export import date number filter column view list owner role access email \
    notification subscription refund card address currency tax language template field form answer question \
    conversation channel website domain browser device phone app calendar meeting task status label";

const FRENCH: &str = "compte facture paiement client espace rapport bouton page réglage membre équipe offre \
    message projet dossier fichier export import date nombre filtre colonne vue liste propriétaire rôle accès \
    adresse notification abonnement remboursement carte devise taxe langue modèle champ formulaire réponse \
    question conversation canal site domaine navigateur appareil téléphone application calendrier réunion tâche";

const OPENINGS: [&str; 8] = [
    "You can change the",
    "Open the menu and choose the",
    "Every member sees the",
    "Once it is saved, the",
    "If nothing else is said, the",
    "Only an owner can remove the",
    "The page shows the",
    "We keep the",
];

const OPENINGS_IN_FRENCH: [&str; 8] = [
    "Vous pouvez modifier le",
    "Ouvrez le menu et choisissez le",
    "Chaque membre voit le",
    "Une fois enregistré, le",
    "Sans autre choix, le",
    "Seul un propriétaire peut supprimer le",
    "La page montre le",
    "Nous gardons le",
];

const JOINTS: [&str; 8] = [
    "of the",
    "that belongs to the",
    "next to the",
    "together with the",
    "before the",
    "for every",
    "and then the",
    "instead of the",
];

const JOINTS_IN_FRENCH: [&str; 8] =
    ["du", "qui appartient au", "à côté du", "avec le", "avant le", "pour chaque", "puis le", "au lieu du"];

/// Numbers that look random and are the same every time (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or_default()
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

/// A book: how many articles it has, and which one it is.
#[derive(Debug, Clone, Copy)]
pub struct Book {
    /// How many articles.
    pub articles: usize,
    /// Another seed is another book.
    pub seed: u64,
}

/// The language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    French,
}

/// Describes a collection.
fn index(folder: &Path, title: &str) -> io::Result<()> {
    let file = folder.join("_index.md");
    fs::write(&file, format!("---\ntitle: {title}\n{}---\n", known_id(&file)))
}

/// The line with the id that a run wrote into a file; it stays.
fn known_id(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().take(12).find(|line| line.starts_with("id: "));
    line.map_or_else(String::new, |line| format!("{line}\n"))
}

impl Book {
    /// Writes the book and its `helpbook.yml`. `changed` articles say one sentence otherwise than
    /// those of the same book without a change.
    pub fn write(self, root: &Path, changed: usize) -> io::Result<()> {
        let docs = root.join("docs");
        for at in 0..self.articles {
            let path = docs.join(self.path(at));
            if at % IN_COLLECTION == 0
                && let Some(folder) = path.parent()
            {
                fs::create_dir_all(folder)?;
                index(folder, &format!("Collection {}", at / IN_COLLECTION))?;
                if at % (IN_COLLECTION * IN_GROUP) == 0
                    && let Some(group) = folder.parent()
                {
                    let number = at / (IN_COLLECTION * IN_GROUP);
                    index(group, &format!("Group {number}"))?;
                }
            }
            let id = known_id(&path);
            fs::write(&path, self.file(at, Language::English, &id, at < changed))?;
            if at % TRANSLATED == 0 {
                fs::write(path.with_extension("fr.md"), self.file(at, Language::French, "", false))?;
            }
        }
        fs::write(
            root.join("helpbook.yml"),
            "docs: docs\nlocales: [en, fr]\nstate: published\nchecks: { missing-translation: off }\n",
        )
    }

    /// The Markdown of an article, without its front matter.
    #[allow(dead_code, reason = "each bench takes what it needs of this module")]
    pub fn markdown(self, at: usize) -> String {
        self.body(at, Language::English, false)
    }

    /// Where an article is in the docs folder.
    pub fn path(self, at: usize) -> String {
        let collection = at / IN_COLLECTION;
        format!("group-{}/collection-{collection}/article-{at}.md", collection / IN_GROUP)
    }

    fn file(self, at: usize, language: Language, id: &str, is_changed: bool) -> String {
        let (title, description) = match language {
            Language::English => (format!("How to do task {at}"), format!("What task {at} is for, and how to do it")),
            Language::French => (format!("Comment faire la tâche {at}"), format!("À quoi sert la tâche {at}")),
        };
        let body = self.body(at, language, is_changed);
        format!("---\ntitle: {title}\ndescription: {description}\n{id}---\n{body}")
    }

    fn body(self, at: usize, language: Language, is_changed: bool) -> String {
        // A translation is rolled by the same dice, so it is built alike.
        let mut dice = Dice(self.seed ^ (at as u64).wrapping_mul(0xd134_2543_de82_ef95));
        let mut writer = Writer { book: self, at, language, out: String::with_capacity(8 * 1024), dice: &mut dice };
        if is_changed {
            writer.out.push_str("One sentence of this article was changed.\n\n");
        }
        writer.article();
        writer.out
    }

    /// An article that another one links to.
    fn target(self, dice: &mut Dice) -> usize {
        dice.below(self.articles)
    }
}

struct Writer<'d> {
    book: Book,
    at: usize,
    language: Language,
    out: String,
    dice: &'d mut Dice,
}

impl Writer<'_> {
    fn article(&mut self) {
        self.paragraph();
        for (number, heading) in HEADINGS.iter().enumerate() {
            let (english, french) = *heading;
            let text = if self.language == Language::English { english } else { french };
            let _ = write!(self.out, "## {text}\n\n");
            self.paragraph();
            match number {
                0 => self.alert(),
                1 => {
                    self.list("1.");
                    self.picture();
                }
                2 => self.list("-"),
                3 => self.table(),
                4 => {
                    self.nested_list();
                    if self.at.is_multiple_of(3) {
                        self.picture();
                    }
                }
                _ => {
                    if self.at.is_multiple_of(4) {
                        self.code();
                    }
                    self.list("-");
                }
            }
            self.paragraph();
            if number % 2 == 1 {
                self.paragraph();
            }
        }
    }

    fn word(&mut self) -> &'static str {
        let words = if self.language == Language::English { ENGLISH } else { FRENCH };
        let skip = self.dice.below(40);
        words.split_whitespace().nth(skip).unwrap_or("page")
    }

    /// `You can change the **invoice** of the customer next to the report.`
    fn sentence(&mut self) -> String {
        let (openings, joints) = match self.language {
            Language::English => (OPENINGS, JOINTS),
            Language::French => (OPENINGS_IN_FRENCH, JOINTS_IN_FRENCH),
        };
        let mut text = format!("{} {}", self.dice.of(&openings), self.marked());
        for _ in 0..1 + self.dice.below(3) {
            let joint = self.dice.of(&joints);
            let word = self.word();
            let _ = write!(text, " {joint} {word}");
        }
        text.push('.');
        text
    }

    /// A word, some of them bold, italic or code.
    fn marked(&mut self) -> String {
        let word = self.word();
        match self.dice.below(8) {
            0 => format!("**{word}**"),
            1 => format!("*{word}*"),
            2 => format!("`{word}`"),
            _ => word.to_owned(),
        }
    }

    fn link(&mut self) -> String {
        let target = self.book.target(self.dice);
        let from = self.book.path(self.at);
        let up = "../".repeat(from.matches('/').count());
        let roll = self.dice.below(4);
        let word = self.word();
        match roll {
            0 => format!("[{word}](https://www.example.com/{word})"),
            1 => {
                // A text points to its own language where there is one.
                let is_french = self.language == Language::French && target.is_multiple_of(TRANSLATED);
                let heading = if is_french { "mettre-en-place" } else { "set-it-up" };
                format!("[{word}]({up}{}#{heading})", self.book.path(target))
            }
            _ => format!("[{word}]({up}{})", self.book.path(target)),
        }
    }

    fn paragraph(&mut self) {
        let sentences = 2 + self.dice.below(3);
        let linked = self.dice.below(3 * sentences);
        for number in 0..sentences {
            let sentence = self.sentence();
            self.out.push_str(&sentence);
            if number == linked {
                let link = self.link();
                let _ = write!(self.out, " {link}.");
            }
            self.out.push(' ');
        }
        let end = self.out.trim_end().len();
        self.out.truncate(end);
        self.out.push_str("\n\n");
    }

    fn list(&mut self, mark: &str) {
        for _ in 0..3 + self.dice.below(4) {
            let sentence = self.sentence();
            let _ = writeln!(self.out, "{mark} {sentence}");
        }
        self.out.push('\n');
    }

    fn nested_list(&mut self) {
        for _ in 0..3 {
            let (outer, first, second) = (self.sentence(), self.sentence(), self.sentence());
            let _ = write!(self.out, "- {outer}\n  - {first}\n  - {second}\n");
        }
        self.out.push('\n');
    }

    fn table(&mut self) {
        let head: Vec<&str> = (0..3).map(|_| self.word()).collect();
        let _ = write!(self.out, "| {} | {} | {} |\n| --- | :-: | ---: |\n", head[0], head[1], head[2]);
        for _ in 0..4 + self.dice.below(4) {
            let (first, second) = (self.marked(), self.word());
            let number = self.dice.below(1000);
            let _ = writeln!(self.out, "| {first} | {second} | {number} |");
        }
        self.out.push('\n');
    }

    fn picture(&mut self) {
        let number = self.dice.below(100_000);
        let word = self.word();
        let _ = write!(self.out, "![The {word} on the page](https://images.example.com/shots/{number}.png)\n\n");
    }

    fn alert(&mut self) {
        let kind = self.dice.of(&["NOTE", "TIP", "IMPORTANT", "WARNING"]);
        let sentence = self.sentence();
        let _ = write!(self.out, "> [!{kind}]\n> {sentence}\n\n");
    }

    fn code(&mut self) {
        let word = self.word();
        let _ = write!(self.out, "```\ncurl https://api.example.com/{word} -d '{{\"name\": \"{word}\"}}'\n```\n\n");
    }
}
