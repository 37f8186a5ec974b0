#!/usr/bin/env bash
# turndown 7.2.0 with turndown-plugin-gfm 1.0.2 (npm), Node 20.20.2, seen on 2026-11-30.
#
# Guess: with the plugin for GitHub's Markdown a table of words becomes a table with strokes.
# Seen: only where its first row is of `th`, and a paragraph in a cell breaks even that one into lines of which no row is
# left. Intercom stores every cell as `td` with a paragraph in it, so each table of a Help Center stays HTML in the middle
# of Markdown, and naming the first row `th` beforehand, as is advised, makes it worse: the table is gone.
#
# Why it matters here: it is what most scripts bring a Help Center into files with, and what comes out looks right until
# somebody edits a table. `helpbook pull` writes such a table with strokes and `import` takes one from HTML.
#
# Needs node, npm and a network. Ends with 0 where it is still so.
set -euo pipefail
cd "$(mktemp -d)"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent turndown@7.2.0 turndown-plugin-gfm@1.0.2
cat >seen.cjs <<'JS'
const Turndown = require("turndown");
const { gfm } = require("turndown-plugin-gfm");

const table = (cell, words) => {
  const row = (cell, all) => `<tr>${all.map((word) => `<${cell}>${words(word)}</${cell}>`).join("")}</tr>`;
  return `<table><tbody>${row(cell, ["Plan", "Seats"])}${row("td", ["Small", "5"])}</tbody></table>`;
};
const bare = (word) => word;
const paragraph = (word) => `<p>${word}</p>`;
const turndown = new Turndown();
turndown.use(gfm);
for (const [cell, words] of [["th", bare], ["td", bare], ["td", paragraph], ["th", paragraph]]) {
  console.log(JSON.stringify(turndown.turndown(table(cell, words))));
}
JS
node seen.cjs | tee seen.txt
diff seen.txt - <<'SEEN'
"| Plan | Seats |\n| --- | --- |\n| Small | 5 |"
"<table><tbody><tr><td>Plan</td><td>Seats</td></tr><tr><td>Small</td><td>5</td></tr></tbody></table>"
"<table><tbody><tr><td><p>Plan</p></td><td><p>Seats</p></td></tr><tr><td><p>Small</p></td><td><p>5</p></td></tr></tbody></table>"
"| \nPlan\n\n | \n\nSeats\n\n |\n| --- | --- |\n| \n\nSmall\n\n | \n\n5\n\n |"
SEEN
