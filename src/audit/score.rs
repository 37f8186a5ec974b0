//! How good each area of a Help Center is, and how long and how hard to read its texts are.
//!
//! The score of an area is the share of customers, in percent, whose article has no finding of it: an error counts in
//! full, a warning half, a note a tenth, and of several on one article the heaviest. Collections, tags and audiences
//! count as an article of the mean number of customers each. Reading level and length are figures, and no findings:
//! what is right depends on who reads.

use std::collections::BTreeMap;

use serde::Serialize;

use super::center::Text;
use super::finding::Finding;
use super::kind::{Area, Severity};
use super::look::Look;

/// How good a Help Center is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// The score of each area.
    pub areas: Vec<AreaScore>,
    /// How hard its English texts are to read; `None` where there is none.
    pub reading: Option<Reading>,
    /// How long its texts are.
    pub length: Length,
}

/// The score of an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AreaScore {
    /// The area.
    pub area: Area,
    /// From 0 to 100, the best.
    pub score: u32,
    /// The version of the area's rules.
    pub rules: u32,
    /// How many findings it has.
    pub findings: usize,
}

/// The grade of school that texts need (Flesch and Kincaid), in tenths: 83 is 8.3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// How many texts have prose enough to say it.
    pub texts: usize,
    /// The grade of the one in the middle.
    pub median_tenths: i64,
    /// The grade that nine in ten do not exceed.
    pub most_tenths: i64,
}

/// How many words texts have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Length {
    /// How many texts customers can read.
    pub texts: usize,
    /// The words of the one in the middle.
    pub median: usize,
    /// How many words nine in ten do not exceed.
    pub most: usize,
    /// The words of the longest.
    pub longest: usize,
}

/// Below so many words a grade says nothing.
const PROSE: usize = 100;

pub(super) fn scores(look: &Look<'_>, findings: &[Finding]) -> Scores {
    let texts: Vec<&Text> = look.center.live_texts().map(|(.., text)| text).collect();
    let mut lengths: Vec<usize> = texts.iter().map(|text| text.facts.words).collect();
    lengths.sort_unstable();
    let mut grades: Vec<i64> =
        texts.iter().filter(|text| text.locale.0.starts_with("en")).filter_map(|text| grade(text)).collect();
    grades.sort_unstable();
    Scores {
        areas: Area::ALL.into_iter().map(|area| score(look, findings, area)).collect(),
        reading: (!grades.is_empty()).then(|| Reading {
            texts: grades.len(),
            median_tenths: part(&grades, 50),
            most_tenths: part(&grades, 90),
        }),
        length: Length {
            texts: lengths.len(),
            median: part(&lengths, 50),
            most: part(&lengths, 90),
            longest: lengths.last().copied().unwrap_or(0),
        },
    }
}

/// The value that so many percent do not exceed; of an empty list 0.
fn part<T: Copy + Default>(sorted: &[T], percent: usize) -> T {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// The grade of a text in tenths.
fn grade(text: &Text) -> Option<i64> {
    let prose = text.facts.prose;
    if prose.words < PROSE || prose.sentences == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
    let (sentences, words, syllables) = (prose.sentences as f64, prose.words as f64, prose.syllables as f64);
    let grade = 0.39 * words / sentences + 11.8 * syllables / words - 15.59;
    #[expect(clippy::cast_possible_truncation, reason = "a grade is small")]
    let tenths = (grade * 10.0).round() as i64;
    Some(tenths)
}

/// How much a finding takes from the score of what it is about, in tenths.
fn weight(severity: Severity) -> u64 {
    match severity {
        Severity::Error => 10,
        Severity::Warning => 5,
        Severity::Note => 1,
    }
}

fn score(look: &Look<'_>, findings: &[Finding], area: Area) -> AreaScore {
    let of_area: Vec<&Finding> = findings.iter().filter(|finding| finding.kind.area == area).collect();
    let published = || look.center.articles.iter().zip(0..).filter(|(article, _)| article.is_published());
    // An article that nobody read yet counts a little.
    let customers = |at: usize| look.reach(at).max(1);
    let of_articles: u64 = published().map(|(_, at)| customers(at)).sum();
    let mean = of_articles / (published().count() as u64).max(1);
    let things = match area {
        Area::Order => {
            let audiences = look.center.audiences.as_ref().map_or(0, BTreeMap::len);
            (look.center.collections.len() + look.center.tags.as_ref().map_or(0, Vec::len) + audiences) as u64
        }
        _ => 0,
    };
    let all = of_articles + things * mean.max(1);
    let mut heaviest: BTreeMap<usize, u64> = BTreeMap::new();
    let mut lost = 0;
    for finding in &of_area {
        let weight = weight(finding.kind.severity);
        if finding.thing.is_some() {
            lost += weight * mean.max(1);
        }
        for at in look.places(finding) {
            let heavy = heaviest.entry(at).or_default();
            *heavy = (*heavy).max(weight);
        }
    }
    lost += heaviest.iter().map(|(at, weight)| weight * customers(*at)).sum::<u64>();
    let percent = if all == 0 { 100 } else { 100 - (lost * 10).div_ceil(all).min(100) };
    AreaScore { area, score: u32::try_from(percent).unwrap_or(100), rules: area.rules(), findings: of_area.len() }
}
