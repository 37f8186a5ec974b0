#!/usr/bin/env python3
"""Measures two builds of helpbook in turns, on the same book and the same kind of Help Center.

    benches/before.py BEFORE AFTER                  the generated book, 10,000 articles
    benches/before.py BEFORE AFTER --book DOCS      a project of yours, with helpbook.yml and without ids
    benches/before.py BEFORE AFTER --only pull      some of it

BEFORE and AFTER are programs. Each has a copy of the project and a Help Center of its own, which both
are AFTER's, and every command is run by one and then by the other. Of several runs the fastest counts,
and of the memories the least. Needs Python 3.9 and Linux or macOS.
"""

import argparse
import itertools
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True

import commands


class Side:
    """One of the two programs, with its copy of the project and its Help Center."""

    def __init__(self, name, program, server, book, folder):
        self.name, self.program, self.book = name, pathlib.Path(program).resolve(), book
        self.folder = folder / name
        self.folder.mkdir()
        self.docs = self.folder / "book"
        shutil.copytree(book, self.docs)
        self.center = commands.Center(server, self.folder / "center")
        self.folders = (self.folder / f"pulled-{number}" for number in itertools.count())

    def run(self, *arguments, docs=None):
        return commands.run([self.program, "-C", docs or self.docs, *arguments], env=self.center.env)

    def unchanged(self):
        usage = self.run("plan")
        assert "No changes." in usage.out, usage.out[-1000:]
        return usage

    def without_lock(self):
        lock = self.docs / "helpbook.lock"
        lock.rename(self.docs / "kept")
        try:
            return self.unchanged()
        finally:
            (self.docs / "kept").rename(lock)

    def pull(self):
        # Nothing is removed in between: for minutes after that ext4 is many times slower to make files.
        docs = next(self.folders)
        (docs / "docs").mkdir(parents=True)
        shutil.copy(self.book / "helpbook.yml", docs)
        return self.run("pull", docs=docs)

    def change(self, articles):
        """Another first paragraph for some articles."""
        paths = (path for path in sorted((self.docs / "docs").rglob("*.md")) if path.name != "_index.md")
        for path in itertools.islice(paths, articles):
            head, end, text = path.read_text().partition("\n---\n")
            path.write_text(f"{head}{end}\nThis is new here.\n{text}")


class Table:
    def __init__(self, sides, times):
        self.sides, self.times = sides, times
        print(f"{'':<34} {'before':>30} {'after':>30}   wall, CPU, memory", flush=True)

    def row(self, name, measure, times=None):
        runs = [[measure(side) for side in self.sides] for _ in range(times or self.times)]
        least = [[min(getattr(usage, what) for usage in of) for what in ("wall", "cpu", "memory")] for of in zip(*runs)]
        shown = [f"{wall:.2f} s, {cpu:.2f} s CPU, {memory:.0f} MB" for wall, cpu, memory in least]
        ratios = ", ".join(f"{after / before:.2f}" for before, after in zip(*least))
        print(f"{name:<34} {shown[0]:>30} {shown[1]:>30}   {ratios}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--book", type=pathlib.Path, help="a project; without it the generated book")
    parser.add_argument("--articles", type=int, default=10_000, help="of the generated book")
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--latency", type=int, default=50, help="milliseconds per request, where a row has it")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", default="check,new,create,plan,lock,pull,apply")
    options = parser.parse_args()
    wanted = options.only.split(",")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="helpbook-bench-"))
    sides = []
    try:
        book = options.book
        if book is None:
            book = folder / "generated"
            book.mkdir()
            _, yardstick = commands.build("release")
            commands.run([yardstick, "generate", book, str(options.articles), "0"])
        for name, program in ("before", options.before), ("after", options.after):
            sides.append(Side(name, program, pathlib.Path(options.after).resolve(), book, folder))
        table = Table(sides, options.times)
        if "check" in wanted:
            table.row("check", lambda side: side.run("check"), options.times * 2)
        if "new" in wanted:
            table.row("plan of new articles", lambda side: side.run("plan"))
        if not set(wanted) - {"check", "new"}:
            return
        # The others need what it makes.
        table.row("create and publish", lambda side: side.run("apply", "--publish", "--yes"), 1)
        for latency in 0, options.latency:
            for side in sides:
                side.center.pace(latency)
            if "plan" in wanted:
                table.row(f"plan with the lock, {latency} ms", Side.unchanged)
            if "lock" in wanted and latency == 0:
                table.row("plan without the lock, 0 ms", Side.without_lock)
            if "pull" in wanted:
                table.row(f"pull, {latency} ms", Side.pull, 2)
        if "apply" in wanted:
            for side in sides:
                side.change(options.changes)
            table.row(f"apply of {options.changes}, {options.latency} ms", lambda side: side.run("apply"), 1)
            table.row(f"publish of {options.changes}, {options.latency} ms", lambda side: side.run("publish", "--yes"), 1)
    finally:
        for side in sides:
            side.center.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
