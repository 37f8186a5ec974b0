//! The words of the pages themselves, in some languages; English in the others.

/// What the pages say that no article does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Skip to the content.
    pub skip: &'static str,
    /// The languages, as a list.
    pub languages: &'static str,
    /// The field of the search.
    pub search: &'static str,
    /// Nothing was found.
    pub nothing: &'static str,
    /// What the home page asks.
    pub hero: &'static str,
    /// The link to the home page.
    pub all: &'static str,
    /// Where the page is.
    pub place: &'static str,
    /// The headings of an article.
    pub contents: &'static str,
    /// Articles beside this one.
    pub related: &'static str,
    /// There is no article.
    pub empty: &'static str,
    /// Articles in no collection.
    pub unlisted: &'static str,
    /// What is wrong with the file.
    pub findings: &'static str,
    /// There is no such page.
    pub missing: &'static str,
    /// One article, and several.
    counts: (&'static str, &'static str),
}

const ENGLISH: Words = Words {
    skip: "Skip to the content",
    languages: "Languages",
    search: "Search for articles…",
    nothing: "Nothing found",
    hero: "How can we help?",
    all: "All collections",
    place: "You are here",
    contents: "On this page",
    related: "Related articles",
    empty: "There is no article here yet.",
    unlisted: "Articles in no collection",
    findings: "Findings",
    missing: "There is no such page",
    counts: ("article", "articles"),
};

const FRENCH: Words = Words {
    skip: "Aller au contenu",
    languages: "Langues",
    search: "Rechercher des articles…",
    nothing: "Aucun résultat",
    hero: "Comment pouvons-nous vous aider ?",
    all: "Toutes les collections",
    place: "Vous êtes ici",
    contents: "Sur cette page",
    related: "Articles associés",
    empty: "Il n’y a pas encore d’article ici.",
    unlisted: "Articles sans collection",
    findings: "Remarques",
    missing: "Cette page n’existe pas",
    counts: ("article", "articles"),
};

const GERMAN: Words = Words {
    skip: "Zum Inhalt",
    languages: "Sprachen",
    search: "Artikel suchen …",
    nothing: "Nichts gefunden",
    hero: "Wie können wir helfen?",
    all: "Alle Sammlungen",
    place: "Sie sind hier",
    contents: "Auf dieser Seite",
    related: "Verwandte Artikel",
    empty: "Hier gibt es noch keinen Artikel.",
    unlisted: "Artikel ohne Sammlung",
    findings: "Befunde",
    missing: "Diese Seite gibt es nicht",
    counts: ("Artikel", "Artikel"),
};

const SPANISH: Words = Words {
    skip: "Ir al contenido",
    languages: "Idiomas",
    search: "Buscar artículos…",
    nothing: "Sin resultados",
    hero: "¿Cómo podemos ayudarte?",
    all: "Todas las colecciones",
    place: "Estás aquí",
    contents: "En esta página",
    related: "Artículos relacionados",
    empty: "Aquí todavía no hay artículos.",
    unlisted: "Artículos sin colección",
    findings: "Avisos",
    missing: "Esta página no existe",
    counts: ("artículo", "artículos"),
};

impl Words {
    /// The words of a locale.
    pub fn of(locale: &str) -> Self {
        match locale.split('-').next().unwrap_or_default() {
            "fr" => FRENCH,
            "de" => GERMAN,
            "es" => SPANISH,
            _ => ENGLISH,
        }
    }

    /// How many articles there are.
    pub fn articles(&self, count: &usize) -> String {
        let (one, several) = self.counts;
        format!("{count} {}", if *count == 1 { one } else { several })
    }
}
