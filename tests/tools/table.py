"""Runs each tool over one article for each construct and says what `helpbook plan` finds then.

Usage: table.py HELPBOOK WORK PAGE. WORK has the tools (see `run`). Each construct is published to a local Help Center
first. For each tool there is a fresh copy of the docs; a cell is `ok` where the plan stays empty and no file has an
error. The tables of PAGE are read, and a cell that begins with `ok` has to be one. The copies are in a temporary folder:
several tools leave out what Git ignores, and WORK may be that. Nothing is sent anywhere.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HELPBOOK, WORK, PAGE = (Path(argument).resolve() for argument in sys.argv[1:4])
GUIDE = next(folder for folder in PAGE.parents if (folder / "helpbook.yml").exists())
BIN = WORK / "node/node_modules/.bin"
PYTHON = WORK / "python/bin"

# Each row of the tables: the articles that show it, each in a file of its own.
ROWS = {
    "front matter": [
        "---\ntitle: \"Fees: what they are\"\ndescription: >-\n  Which fees there are\n  and when they are due\nstate: published\nredirect_from: [/en/articles/7-fees]\nai:\n  chatbot: true\n  copilot: false\n---\n\nText.\n",
        "---\n# a comment\ntitle: 'Plans'\nextra:\n  owner: ada@example.com\n  reviewed: 2026-01-05\n---\n\nText.\n",
    ],
    "alerts": [
        "> [!NOTE]\n> A note of one line.\n",
        "> [!WARNING]\n> A long line that a tool may break, as it has more than eighty characters in it by now.\n>\n> - one\n> - two\n",
        "> [!TIP]\n>\n> With an empty line below its marker.\n",
    ],
    "`{#id}`, buttons, videos, sections": [
        "## Set it up {#h_0123456789}\n\nSee [above](#h_0123456789).\n\n## Then\n\nText.\n",
        "[Start now](https://example.com/start \"button\")\n",
        "Look:\n\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n\nText.\n",
        "<details>\n<summary>More</summary>\n\nHidden **text**.\n\n- one\n\n</details>\n",
    ],
    "links and images": [
        "[Caf\u00e9](https://example.com/caf\u00e9) and [x](https://example.com/a_b_(c)?d=1&e=2).\n",
        "[Fees](other%20page.md), ![a picture](https://example.com/p.png)\n",
        "<img src=\"https://example.com/p.png\" alt=\"a picture\" width=\"320\">\n",
        "[A reference][one] and [it](<https://example.com/a b>).\n\n[one]: https://example.com/one\n",
    ],
    "bare addresses": ["See https://example.com/path and write to ada@example.com.\n"],
    "pipe tables": [
        "| Plan | Price |\n| --- | ---: |\n| Basic | 5 |\n| Pro | `a \\| b` |\n",
        "| A | B |\n|---|---|\n| one<br>two | c \\| d |\n",
    ],
    "HTML tables, callouts, alignment": [
        "<table>\n<tr><td>\n\n- one\n- two\n\n</td><td>b</td></tr>\n</table>\n",
        "<div align=\"center\">\n\nIn the middle.\n\n</div>\n",
        "<div class=\"intercom-interblocks-callout\" style=\"background-color: #e3e7fa80; border-color: #334bfa33\">\n\nText.\n\n</div>\n",
    ],
    "breaks as `\\` and `<br>`": ["One\\\ntwo<br>three.\n", "- One\\\n  two\n- three\n"],
    "breaks as two blanks": ["One  \ntwo.\n", "- One  \n  two\n- three\n"],
    "lists": [
        "- one\n  - two\n    - three\n- four\n\n1. a\n2. b\n   1. c\n",
        "- one\n\n  A second paragraph.\n\n- two\n",
        "- [ ] to do\n- [x] done\n",
        "1. one\n\n    A paragraph that is four blanks in.\n\n2. two\n",
    ],
    "two lists with `<!-- -->` between": ["- one\n- two\n\n<!-- -->\n\n- three\n- four\n"],
    "two lists with `-` and `*`": ["- one\n- two\n\n* three\n* four\n"],
    "code with a language": [
        "```json\n{\"a\":1,\n\"b\":[1,2]}\n```\n",
        "```yaml\na:   1\nb: [1,   2]\n```\n",
        "```bash\n$ helpbook plan\n```\n",
    ],
    "blanks and tabs in code": ["```\na  \n\tb\n    c\n```\n", "```\n  indented\n    more\n```\n", "Write `: ` here.\n"],
    "headings": ["## Do this:\n\nText.\n\n### Then\n\nText.\n", "## A\n\n#### B\n\nText.\n"],
    "entities": ["A&nbsp;b, &lt;b&gt; and &amp;.\n", "Use \\<tag> and \\*stars\\*.\n"],
}

DPRINT = {"markdown": {}, "plugins": [str(WORK / "node/node_modules/@dprint/markdown/plugin.wasm")]}
REMARK = {"plugins": ["remark-frontmatter", "remark-gfm"]}
MARKDOWNLINT = {"config": {
    "MD001": {"front_matter_title": ""}, "MD004": False, "MD007": False, "MD010": {"code_blocks": False}, "MD013": False, "MD014": False,
    "MD025": {"front_matter_title": ""}, "MD026": False, "MD033": False, "MD034": False, "MD038": False,
}}


def call(docs, *command, config=None, **more):
    for name, text in (config or {}).items():
        (docs.parent / name).write_text(text if isinstance(text, str) else json.dumps(text))
    return subprocess.run([str(part) for part in command], cwd=docs.parent, capture_output=True, text=True, **more)


def files(docs):
    return [str(path.relative_to(docs.parent)) for path in sorted(docs.rglob("*.md"))]


def prettier(docs, **settings):
    return call(docs, BIN / "prettier", "--write", "docs", config={".prettierrc": settings})


def oxfmt(docs, **settings):
    return call(docs, BIN / "oxfmt", "docs", config={".oxfmtrc.json": settings})


def mdformat(docs, *settings):
    return call(docs, PYTHON / "mdformat", *settings, "docs")


def remark(docs, config=None):
    (docs.parent / "node_modules").symlink_to(WORK / "node/node_modules")
    config = {".remarkrc.json": REMARK if config is None else config}
    return call(docs, BIN / "remark", "docs", "--output", "--quiet", config=config)


def dprint(docs):
    return call(docs, BIN / "dprint", "fmt", "docs/**/*.md", config={"dprint.json": DPRINT})


def flowmark(docs, *settings):
    return call(docs, PYTHON / "flowmark", *(settings or ["--inplace", "--nobackup"]), "docs")


def deno(docs):
    return call(docs, BIN / "deno", "fmt", "--quiet", "docs")


def markdownlint(docs, **settings):
    return call(docs, BIN / "markdownlint-cli2", "--fix", "docs/**/*.md", config={".markdownlint-cli2.jsonc": settings})


def rumdl(docs, config=""):
    return call(docs, PYTHON / "rumdl", "fmt", "docs", config={".rumdl.toml": config})


def pymarkdown(docs, *settings):
    return call(docs, PYTHON / "pymarkdown", *settings, "fix", "-r", "docs")


def whitespace(docs, *settings):
    return call(docs, PYTHON / "trailing-whitespace-fixer", *settings, *files(docs))


def po4a(docs, *settings):
    """Each file is extracted and put back untranslated. One that is refused stays as it was, and is named."""
    refused = []
    for name in files(docs):
        common = ["-f", "text", "-o", "markdown", *settings, "-m", name]
        made = call(docs, "po4a-updatepo", *common, "-M", "UTF-8", "-p", "x.pot")
        if made.returncode == 0:
            made = call(docs, "po4a-translate", *common, "-M", "UTF-8", "-k", "0", "-p", "x.pot", "-l", "x.md")
        if made.returncode == 0 and (docs.parent / "x.md").exists():
            shutil.move(docs.parent / "x.md", docs.parent / name)
        else:
            refused.append(name)
        (docs.parent / "x.pot").unlink(missing_ok=True)
    return refused


def md2po(docs):
    call(docs, PYTHON / "md2po", "docs", "po")
    made = call(docs, PYTHON / "po2md", "-t", "docs", "po", "out")
    shutil.rmtree(docs.parent / "po", ignore_errors=True)
    for path in (docs.parent / "out").rglob("*.md"):
        shutil.move(path, docs / path.relative_to(docs.parent / "out"))
    shutil.rmtree(docs.parent / "out", ignore_errors=True)
    return made


def mdpo(docs):
    """mdpo, whose programs have the names of others and are in a place of their own."""
    tools = WORK / "mdpo/bin"
    for name in files(docs):
        call(docs, tools / "md2po", name, "--quiet", "--save", "--po-filepath", "x.po")
        call(docs, tools / "po2md", name, "--pofiles", "x.po", "--quiet", "--save", name)
        (docs.parent / "x.po").unlink(missing_ok=True)


RUMDL = '[global]\ndisable = ["MD001", "MD004", "MD009", "MD014", "MD026", "MD034", "MD038", "MD040"]\n'
PYMARKDOWN = ["--set", "extensions.front-matter.enabled=$!True", "-d", "md001,md004,md010,md026,md038"]
PO4A = ["-o", "neverwrap", "-o", "yfm_keys=title,description"]

# The tables of the page, by the heading above each, and the columns of each.
TABLES = {
    "Formatters as they come": {
        "prettier": prettier,
        "oxfmt": oxfmt,
        "mdformat": mdformat,
        "remark": remark,
        "dprint": dprint,
        "deno fmt": deno,
        "flowmark": flowmark,
    },
    "Linters and translators as they come": {
        "markdownlint --fix": markdownlint,
        "rumdl fmt": rumdl,
        "pymarkdown fix": pymarkdown,
        "trailing-whitespace": whitespace,
        "po4a": po4a,
        "md2po, po2md": md2po,
    },
    "With the settings of this page": {
        "prettier": lambda docs: prettier(docs, embeddedLanguageFormatting="off"),
        "oxfmt": lambda docs: oxfmt(docs, embeddedLanguageFormatting="off"),
        "markdownlint --fix": lambda docs: markdownlint(docs, **MARKDOWNLINT),
        "rumdl fmt": lambda docs: rumdl(docs, RUMDL),
        "pymarkdown fix": lambda docs: pymarkdown(docs, *PYMARKDOWN),
        "trailing-whitespace": lambda docs: whitespace(docs, "--markdown-linebreak-ext=md"),
        "po4a": lambda docs: po4a(docs, *PO4A),
    },
    "What to leave alone": {
        "prettier, proseWrap: always": lambda docs: prettier(docs, proseWrap="always"),
        "prettier, proseWrap: never": lambda docs: prettier(docs, proseWrap="never"),
        "mdformat without plugins": lambda docs: mdformat(docs, "--no-extensions"),
        "remark without plugins": lambda docs: remark(docs, {}),
        "flowmark --auto": lambda docs: flowmark(docs, "--auto"),
        "mdpo": mdpo,
    },
}


def helpbook(project, *arguments):
    environment = {name: value for name, value in os.environ.items() if name != "INTERCOM_ACCESS_TOKEN"}
    return subprocess.run(
        [HELPBOOK, "-C", project, "--local", *arguments], capture_output=True, text=True, env=environment
    )


def write(project):
    """The guide's own articles and one article for each construct. Says which row each file belongs to."""
    docs = project / "docs"
    shutil.copytree(GUIDE, docs)
    config = (docs / "helpbook.yml").read_text()
    (docs / "helpbook.yml").unlink()
    (project / "helpbook.yml").write_text(re.sub(r"(?m)^docs: .*$", "docs: docs", config))
    (docs / PAGE.relative_to(GUIDE)).unlink(missing_ok=True)
    names = {str(path.relative_to(docs)): "the pages of this guide" for path in docs.rglob("*.md")}
    for row, texts in ROWS.items():
        folder = "constructs/" + re.sub(r"[^a-z]+", "-", row.lower()).strip("-")
        for number, text in enumerate(texts, 1):
            name = f"{folder}/{number}.md"
            (docs / folder).mkdir(parents=True, exist_ok=True)
            head = "" if text.startswith("---\n") else f"---\ntitle: {folder.split('/')[1]} {number}\n---\n\n"
            (docs / name).write_text(head + text)
            names[name] = row
    (docs / "constructs/links-and-images/other page.md").write_text("---\ntitle: Other page\n---\n\nText.\n")
    return names


def differing(project, names):
    """The rows whose files are in the plan or have errors, each with the first of its files."""
    found = {}
    for finding in json.loads(helpbook(project, "check", "--json").stdout or "{}").get("findings", []):
        row = names.get(finding["path"])
        if finding["severity"] == "error" and row:
            found.setdefault(row, []).append((finding["path"], finding["id"]))
    plan = helpbook(project, "plan", "--json")
    text = plan.stdout
    for name, row in names.items():
        if re.search(rf'"(?:docs/)?{re.escape(name)}"', text):
            found.setdefault(row, []).append((name, "plan"))
    return found


def main():
    with tempfile.TemporaryDirectory(prefix="helpbook-tools-") as copies:
        compare(Path(copies))


def compare(copies):
    base = copies / "base"
    base.mkdir()
    names = write(base)
    published = helpbook(base, "apply", "--publish", "--yes")
    empty = helpbook(base, "plan", "--detailed-exitcode")
    if published.returncode or empty.returncode:
        sys.exit(f"the constructs do not publish:\n{published.stdout}{published.stderr}{empty.stdout}{empty.stderr}")
    page = PAGE.read_text() if PAGE.exists() else ""
    wrong = []
    for heading, columns in TABLES.items():
        results = {}
        for name, tool in columns.items():
            if name == "po4a" and not shutil.which("po4a-translate"):
                print("po4a is not there: its column is left out", file=sys.stderr)
                continue
            project = copies / re.sub(r"[^a-z0-9]+", "-", f"{heading} {name}".lower())
            shutil.copytree(base, project, symlinks=True)
            refused = tool(project / "docs")
            found = differing(project, names)
            for file in refused if isinstance(refused, list) else []:
                row = names.get(file.removeprefix("docs/"))
                if row:
                    found.setdefault(row, []).append((file, "refused"))
            results[name] = found
            for row, files_of in found.items():
                print(f"{heading}, {name}, {row}: {files_of}", file=sys.stderr)
        print(f"\n### {heading}\n")
        print("| | " + " | ".join(results) + " |\n|---|" + "---|" * len(results))
        said = cells(page, heading)
        for row in [*ROWS, "the pages of this guide"]:
            shown = []
            for name, found in results.items():
                state = "differs" if row in found else "ok"
                words = said.get((row, name), "")
                if (words == "ok" or words.startswith("ok;")) != (state == "ok"):
                    wrong.append(f"{heading}, {name}, {row}: is {state}, and the page says {words!r}")
                shown.append(words if (words == "ok") == (state == "ok") and words else state)
            print(f"| {row} | " + " | ".join(shown) + " |")
    print()
    for line in wrong:
        print(f"not as the page says: {line}")
    sys.exit(1 if wrong else 0)


def cells(page, heading):
    """The cells of the table below a heading of the page, by row and column."""
    below = page.split(f"# {heading}\n", 1)
    found = {}
    if len(below) < 2:
        return found
    head = None
    for line in below[1].splitlines():
        if line.startswith("#"):
            break
        if not line.startswith("|"):
            continue
        parts = [part.strip().replace("\\|", "|") for part in re.split(r"(?<!\\)\|", line)[1:-1]]
        if head is None:
            head = parts
        elif not set(parts[0]) <= set("-: ") or not parts[0]:
            found.update({(parts[0], name): part for name, part in zip(head[1:], parts[1:])})
    return found


main()
