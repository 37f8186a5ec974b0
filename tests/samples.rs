//! Articles that together hold every kind of block.

use crate::harness::Project;

/// A file of the docs, its title and its body.
pub struct Sample {
    pub path: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub body: &'static str,
}

impl Sample {
    /// The whole file, under a title of its own.
    pub fn file(&self, title: &str) -> String {
        format!("---\ntitle: {title}\ndescription: {}\nstate: published\n---\n\n{}", self.description, self.body)
    }

    pub fn write(&self, project: &Project) {
        project.write(&format!("docs/{}", self.path), &self.file(self.title));
    }
}

const fn sample(path: &'static str, title: &'static str, description: &'static str, body: &'static str) -> Sample {
    Sample { path, title, description, body }
}

/// What the samples link to.
pub const TARGET: Sample =
    sample("basics/target.md", "Where links go", "What other articles point to", include_str!("samples/target.md"));

pub const SAMPLES: [Sample; 12] = [
    sample("basics/prose.md", "Words and marks", "How text looks", include_str!("samples/prose.md")),
    sample("basics/headings.md", "Headings and anchors", "Every level", include_str!("samples/headings.md")),
    sample("basics/lists.md", "Lists of all kinds", "Bullets and numbers", include_str!("samples/lists.md")),
    sample("basics/code.md", "Code", "Every character counts", include_str!("samples/code.md")),
    sample("basics/callouts.md", "Callouts", "Five colours", include_str!("samples/callouts.md")),
    sample("basics/tables.md", "Tables", "Plain and coloured", include_str!("samples/tables.md")),
    sample("basics/images.md", "Pictures", "From here and elsewhere", include_str!("samples/images.md")),
    sample("basics/media.md", "Films and buttons", "To watch and to press", include_str!("samples/media.md")),
    sample("basics/sections.md", "Sections that open", "Hidden at first", include_str!("samples/sections.md")),
    sample("basics/placed.md", "Text in its place", "To the middle and apart", include_str!("samples/placed.md")),
    sample("basics/links.md", "Links", "Near and far", include_str!("samples/links.md")),
    sample("basics/signs.md", "Signs & symbols", "Odd characters", include_str!("samples/signs.md")),
];
