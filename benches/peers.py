#!/usr/bin/env python3
"""Measures helpbook beside two other clients of Intercom's Help Center, on the same local Help Center.

    benches/peers.py                        200 articles, 150 ms for each answer, a release build
    benches/peers.py --articles 50          fewer
    benches/peers.py --profile profiling    another build
    benches/peers.py --source FOLDER        a checkout of intercom-help-sync instead of a new clone

The clients are intercom-help-sync 0.5.0, built from its source, and @intercom/cli 0.9.0 from npm. They are
installed in a temporary folder, which is removed at the end; it needs Git, Node 20 with npm, and the network for
that. Each tool has a Help Center of its own with the same articles, and is run as a process of its own, whose time
and memory are the operating system's figures. What one of them has no command for has no figure.
"""

import argparse
import base64
import os
import pathlib
import shutil
import subprocess
import tempfile

from commands import Center, best, build, run, total

SOURCE = "https://github.com/rimoapp/intercom-help-sync"
COMMIT = "109f3d8853b64f422711e3dbb47bc4b4d0210ecd"  # 0.5.0
ADDRESS = "'https://api.intercom.io'"
CLI = "@intercom/cli@0.9.0"
CHANGED = "One sentence of this article was changed.\n\n"
CHANGES = 10
NAMES = ["helpbook", "intercom-help-sync", "@intercom/cli"]


def install(folder, source):
    """Both clients; the first one gets its address from the environment, which its own build cannot."""
    quiet = {"stdout": subprocess.DEVNULL, "check": True}
    sync, cli = folder / "intercom-help-sync", folder / "cli"
    subprocess.run(["git", "clone", "--quiet", source, sync], **quiet)
    subprocess.run(["git", "-c", "advice.detachedHead=false", "checkout", "--quiet", COMMIT], cwd=sync, **quiet)
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=sync, **quiet)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=sync, **quiet)
    client = sync / "dist/sync/intercom-client.js"
    text = client.read_text()
    assert text.count(ADDRESS) == 1
    client.write_text(text.replace(ADDRESS, "process.env.INTERCOM_BASE_URL"))
    cli.mkdir()
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", CLI], cwd=cli, **quiet)
    return sync / "dist/cli.js", cli / "node_modules/@intercom/cli/dist/index.js"


def change(file):
    """Adds a sentence to the text of an article."""
    head, mark, body = file.read_text().partition("\n---\n")
    file.write_text(head + mark + CHANGED + body)


class Peers:
    def __init__(self, options, program, yardstick, folder):
        self.options, self.program, self.yardstick, self.folder = options, program, yardstick, folder
        self.centers = []

    def filled(self, name):
        """The docs of a book, and a Help Center of its own that holds it."""
        docs = self.folder / f"docs-{name}"
        docs.mkdir()
        run([self.yardstick, "generate", docs, str(self.options.articles), "0"])
        # In one language: intercom-help-sync takes no article that lacks one of several.
        for file in docs.rglob("*.fr.md"):
            file.unlink()
        config = docs / "helpbook.yml"
        config.write_text(config.read_text().replace("[en, fr]", "[en]"))
        center = Center(self.program, self.folder / f"center-{name}", ["en"])
        self.centers.append(center)
        run([self.program, "-C", docs, "apply", "--publish", "--yes"], env=center.env)
        center.pace(self.options.latency)
        return docs, center

    def counted(self, center, act):
        """What a command takes, with how many requests it sent."""
        before = total(center.requests()["counts"])
        usage = act()
        usage.requests = total(center.requests()["counts"]) - before
        return usage

    def helpbook(self, rows):
        docs, center = self.filled("helpbook")

        def ran(*arguments, folder=docs):
            return self.counted(center, lambda: run([self.program, "-C", folder, *arguments], env=center.env))

        rows["list everything"][0] = ran("api", "articles", "--paginate")
        rows["dry run"][0] = ran("plan")
        rows["push of nothing"][0] = ran("apply", "--publish", "--yes")
        for file in sorted(docs.rglob("article-*.md"))[:CHANGES]:
            change(file)
        rows["push of ten changes"][0] = ran("apply", "--publish", "--yes")
        empty = self.folder / "pulled"
        (empty / "docs").mkdir(parents=True)
        shutil.copy(docs / "helpbook.yml", empty)
        rows["pull"][0] = ran("pull", folder=empty)

    def sync(self, rows, program):
        _, center = self.filled("sync")
        work = self.folder / "sync"
        work.mkdir()

        def ran(*arguments):
            return self.counted(center, lambda: run(["node", program, *arguments], env=center.env, cwd=work))

        rows["pull"][1] = ran("pull")
        files = sorted(str(file.relative_to(work)) for file in (work / "help-docs").rglob("*.md"))
        assert len(files) == self.options.articles, len(files)
        rows["dry run"][1] = ran("push", "--dry-run", *files)
        rows["push of nothing"][1] = ran("push", *files)
        for name in files[:CHANGES]:
            change(work / name)
        # It does not find them itself.
        rows["push of ten changes"][1] = ran("push", *files[:CHANGES])

    def cli(self, rows, program):
        _, center = self.filled("cli")
        # It sends a token as Bearer only where it looks like one of Intercom's.
        assert base64.b64decode(center.token + "==", validate=False).startswith(b"tok:"), "the token is of another form"
        env = {**os.environ, "INTERCOM_API_BASE_URL": center.url, "INTERCOM_APP_BASE_URL": center.url}
        env |= {"INTERCOM_TOKEN": center.token, "INTERCOM_CONFIG_DIR": str(self.folder / "cli-config")}

        def ran(*arguments):
            return run(["node", program, *arguments], env=env, cwd=self.folder)

        rows["list everything"][2] = self.counted(center, lambda: ran("articles", "list", "--all", "--json"))
        ids = [str(article["id"]) for article in center.ask("/articles?per_page=250")["data"][:CHANGES]]

        def push():
            body = self.folder / "body.html"
            body.write_text(f"<p>{CHANGED.strip()}</p>")
            usages = [ran("articles", "update", id, "-F", f"body=@{body}") for id in ids]
            last = usages[-1]
            last.wall, last.cpu = sum(usage.wall for usage in usages), sum(usage.cpu for usage in usages)
            return last

        # It has no files: each article is a command of its own.
        rows["push of ten changes"][2] = self.counted(center, push)

    def start(self, rows, programs):
        for at, command in enumerate([[self.program], ["node", programs[0]], ["node", programs[1]]]):
            usage = best(5, lambda: run([*command, "--version"], cwd=self.folder))
            usage.requests = 0
            rows["start (`--version`)"][at] = usage


def shown(usage):
    if usage is None:
        return "–"
    wall = f"{usage.wall:.2f} s" if usage.wall >= 0.1 else f"{usage.wall * 1000:.0f} ms"
    requests = f", {usage.requests} requests" if usage.requests else ""
    return f"{wall}{requests}, {usage.memory:.0f} MB"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--latency", type=int, default=150, help="milliseconds per request")
    parser.add_argument("--profile", default="release")
    parser.add_argument("--programs", nargs=2, help="helpbook and the yardstick, built already")
    parser.add_argument("--source", default=SOURCE)
    options = parser.parse_args()
    program, yardstick = options.programs or build(options.profile)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="helpbook-peers-"))
    names = ["start (`--version`)", "list everything", "dry run", "push of nothing", "push of ten changes", "pull"]
    rows = {name: [None, None, None] for name in names}
    peers = Peers(options, program, yardstick, folder)
    try:
        sync, cli = install(folder, options.source)
        peers.start(rows, [sync, cli])
        peers.helpbook(rows)
        peers.sync(rows, sync)
        peers.cli(rows, cli)
    finally:
        for center in peers.centers:
            center.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"| {options.articles} articles, {options.latency} ms | {' | '.join(NAMES)} |")
    print("|---|---|---|---|")
    for name, usages in rows.items():
        print(f"| {name} | {' | '.join(map(shown, usages))} |")


if __name__ == "__main__":
    main()
