#!/usr/bin/env python3
"""Measures whole commands of helpbook, each beside its floor in the same run.

    benches/commands.py                         everything, 10,000 articles, release
    benches/commands.py --articles 1000         a smaller book
    benches/commands.py --only plan,check       some of it
    benches/commands.py --sizes 1000,5000       other sizes for the straight line

The book, the Help Center and the docs live in a temporary folder, which is removed at the end. The
Help Center is a process of its own, so that the time and memory of a command are its own. What is
measured and why stands in benches/README.md.
"""

import argparse
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUOTA = 1667


class Usage:
    """Wall seconds, CPU seconds and the largest memory in MB of one process."""

    def __init__(self, wall, cpu, memory, out):
        self.wall, self.cpu, self.memory, self.out = wall, cpu, memory, out


def run(command, env=None, cwd=None, accept=(0,)):
    """Runs a process to its end and measures it alone."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        child = subprocess.Popen(command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
        if child.returncode not in accept:
            err.seek(0)
            sys.exit(f"{' '.join(map(str, command))} ended with {child.returncode}\n{text[-2000:]}\n{err.read().decode()[-4000:]}")
    return Usage(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def best(times, measure):
    """The fastest of several runs: what disturbed the others is not the program's."""
    return min((measure() for _ in range(times)), key=lambda usage: usage.wall)


def beside(times, floor, measure):
    """The same of two that are run in turns, so that both have the machine as it is at that time."""
    runs = [(floor(), measure()) for _ in range(times)]
    return tuple(min(of, key=lambda usage: usage.wall) for of in zip(*runs))


class Center:
    """A local Help Center in memory, as a process."""

    def __init__(self, program, folder, locales=("en", "fr")):
        folder.mkdir()
        command = [program, "serve", "--memory", "--port", "0", "--locale", ",".join(locales), "--rate-limit", "100000000"]
        self.child = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        lines = (self.child.stdout.readline().decode().strip() for _ in range(2))
        said = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        self.url, self.token = said["INTERCOM_BASE_URL"], said["INTERCOM_ACCESS_TOKEN"]
        self.env = {**os.environ, **said}

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data)
        request.add_header("Authorization", "Bearer " + self.token)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def door(self, path, body=None):
        return self.ask("/_local/" + path, body)

    def pace(self, latency, limit=100_000_000):
        self.door("pace", {"latency": latency, "limit": limit})

    def requests(self):
        return self.door("requests")

    def stop(self):
        self.child.terminate()
        self.child.wait()


class Bench:
    def __init__(self, options, program, yardstick, folder):
        self.options, self.program, self.yardstick, self.folder = options, program, yardstick, folder
        self.rows, self.figures, self.missed = [], {}, 0

    def row(self, name, figure, floor, value, bound, unit=""):
        """One line of the result: a value against the bound that the issue sets."""
        good = value <= bound if not name.startswith("quota") else value >= bound
        self.missed += not good
        sign = ">=" if name.startswith("quota") else "<="
        line = f"{name:<44} {figure:>12} {floor:>12} {value:>9.2f}{unit} {sign} {bound:g}{unit}  {'ok' if good else 'MISSED'}"
        print(line, flush=True)
        self.rows.append(line)
        self.figures[name] = {"value": round(value, 3), "bound": bound, "ok": good}

    def note(self, text):
        print(text, flush=True)
        self.rows.append(text)

    def helpbook(self, docs, center, *arguments, accept=(0,)):
        return run([self.program, "-C", docs, *arguments], env=center.env, accept=accept)

    def generate(self, docs, articles, changed=0):
        docs.mkdir(exist_ok=True)
        run([self.yardstick, "generate", docs, str(articles), str(changed)])

    def fetch(self, center):
        usage = run([self.yardstick, "fetch", center.url, center.token])
        usage.said = json.loads(usage.out)
        return usage

    def check(self, docs, articles):
        # Both are short, so it is done more often.
        floor, usage = beside(
            self.options.times * 3,
            lambda: run([self.yardstick, "parse", docs / "docs", str(os.cpu_count())]),
            lambda: run([self.program, "-C", docs, "check"]),
        )
        self.row(f"check, {articles} articles", f"{usage.wall:.2f} s", f"{floor.wall:.2f} s", usage.wall / floor.wall, 4, "x")
        return usage

    def plan(self, docs, center, articles):
        """`plan` with nothing to do. Returns the usage with the lock."""
        center.pace(self.options.latency)
        floor, usage = beside(self.options.times, lambda: self.fetch(center), lambda: self.helpbook(docs, center, "plan"))
        assert "No changes." in usage.out, usage.out[-1000:]
        name = f"plan, {articles} articles, {self.options.latency} ms"
        self.row(name, f"{usage.wall:.2f} s", f"{floor.wall:.2f} s", usage.wall / floor.wall, 1.5, "x")
        self.row(f"{name}: memory", f"{usage.memory:.0f} MB", f"{floor.memory:.0f} MB", usage.memory, 400, " MB")
        self.note(f"    CPU {usage.cpu:.2f} s, of the bare client {floor.cpu:.2f} s")
        return usage, floor

    def plan_without_lock(self, docs, center, articles):
        lock = docs / "helpbook.lock"
        lock.rename(docs / "kept")
        usage = best(self.options.times, lambda: self.helpbook(docs, center, "plan"))
        (docs / "kept").rename(lock)
        assert "No changes." in usage.out, usage.out[-1000:]
        self.row(f"plan without the lock, {articles} articles: CPU", f"{usage.cpu:.2f} s", "", usage.cpu, 4, " s")

    def second(self, docs, center):
        """A second apply and a second publish send nothing but the sweep."""
        sweep = self.counted(center, lambda: self.helpbook(docs, center, "plan"))
        for command in ["apply"], ["publish", "--yes"]:
            counts = self.counted(center, lambda: self.helpbook(docs, center, *command))
            writes = sum(number for name, number in counts.items() if not name.startswith("GET"))
            self.row(f"a second {command[0]}: writes", str(writes), "0", writes, 0)
            self.row(f"a second {command[0]}: reads beside the sweep", str(total(counts)), str(total(sweep)), total(counts) - total(sweep), 0)

    def counted(self, center, act):
        before = center.requests()["counts"]
        act()
        after = center.requests()["counts"]
        return {name: number - before.get(name, 0) for name, number in after.items() if number != before.get(name, 0)}

    def apply(self, docs, center, articles, sweep):
        """1,000 changes at the latency, and again at 10 ms within the quota."""
        changes = min(self.options.changes, articles)
        self.generate(docs, articles, changes)
        center.pace(self.options.latency)
        usage = self.helpbook(docs, center, "apply")
        floor = changes * 2 * self.options.latency / 1000 / 48
        self.row(f"apply, {changes} changes of {articles}, {self.options.latency} ms", f"{usage.wall:.2f} s", f"{floor + sweep:.2f} s", (usage.wall - sweep) / floor, 1.2, "x")
        self.note(f"    CPU {usage.cpu:.2f} s, memory {usage.memory:.0f} MB")

        self.generate(docs, articles, 0)
        center.pace(10, QUOTA)
        # From the start of a window, so that every window but the last can be used up.
        time.sleep(10 - time.time() % 10 + 0.05)
        counts = self.counted(center, lambda: self.helpbook(docs, center, "apply"))
        windows = center.requests()["windows"]
        needed = -(-total(counts) // QUOTA)
        # In the first window the plan is made, and the last one has what is left.
        full = windows[-needed:][1:-1] or windows[-1:]
        share = sum(min(used, QUOTA) for used in full) / (QUOTA * len(full)) * 100
        refused = sum(number for name, number in counts.items() if name.endswith(" 429"))
        failed = sum(number for name, number in counts.items() if not re.search(r" (2..|404|429)$", name))
        self.row(f"quota, {changes} changes, 10 ms", f"{total(counts)} sent", f"{needed} windows", share, 95, " %")
        self.note(f"    requests in each window: {windows[-needed:]}")
        self.row("429 on the way", str(refused), "", refused, 12)
        self.row("requests that failed", str(failed), "", failed, 0)
        center.pace(self.options.latency)
        back = self.helpbook(docs, center, "publish", "--yes")
        self.note(f"    publishing them takes {back.wall:.2f} s")

    def pull(self, center, articles):
        center.pace(self.options.latency)
        # Nothing is removed in between: for minutes after that ext4 is many times slower to make files.
        folders = (self.folder / f"run-{number}" for number in itertools.count())

        def floor():
            return run([self.yardstick, "write", center.url, center.token, next(folders)])

        def pull():
            docs = next(folders)
            docs.mkdir()
            (docs / "helpbook.yml").write_text("docs: docs\nlocales: [en, fr]\n")
            (docs / "docs").mkdir()
            usage = self.helpbook(docs, center, "pull")
            assert sum(1 for _ in docs.rglob("*.md")) >= articles
            return usage

        bare, usage = beside(self.options.times, floor, pull)
        self.row(f"pull, {articles} articles, {self.options.latency} ms", f"{usage.wall:.2f} s", f"{bare.wall:.2f} s", usage.wall / bare.wall, 2, "x")
        self.note(f"    CPU {usage.cpu:.2f} s, memory {usage.memory:.0f} MB")

    def filled(self, articles):
        """A book of some size, and a Help Center that holds it."""
        docs = self.folder / f"book-{articles}"
        self.generate(docs, articles)
        center = Center(self.program, self.folder / f"center-{articles}")
        usage = self.helpbook(docs, center, "apply", "--publish", "--yes")
        self.note(f"    {articles} articles created and published in {usage.wall:.1f} s, {usage.cpu:.1f} s of it CPU of helpbook")
        return docs, center

    def line(self, sizes):
        """CPU and memory per article must not grow with the number of articles."""
        found = {}
        for articles in sizes:
            docs, center = self.filled(articles)
            center.pace(0)
            check = best(self.options.times, lambda: run([self.program, "-C", docs, "check"]))
            plan = best(self.options.times, lambda: self.helpbook(docs, center, "plan"))
            assert "No changes." in plan.out, plan.out[-1000:]
            center.stop()
            shutil.rmtree(docs)
            found[articles] = (check.cpu / articles * 1e6, plan.cpu / articles * 1e6, check.memory / articles * 1024, plan.memory / articles * 1024)
            self.note(f"    {articles}: check {found[articles][0]:.0f} us and {found[articles][2]:.1f} KB, plan {found[articles][1]:.0f} us and {found[articles][3]:.1f} KB per article")
        for at, name in enumerate(["check: CPU", "plan: CPU", "check: memory", "plan: memory"]):
            values = [figures[at] for figures in found.values()]
            self.row(f"{name} per article, {min(sizes)} to {max(sizes)}", f"{values[-1]:.1f}", f"{values[0]:.1f}", max(values) / min(values), 1.25, "x")


def total(counts):
    return sum(counts.values())


def build(profile):
    """Builds what is measured, and tells where it is."""
    command = ["cargo", "build", "--locked", "--profile", profile, "--bin", "helpbook", "--bench", "yardstick", "--message-format", "json-render-diagnostics"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout.decode()
    found = {}
    for line in built.splitlines():
        message = json.loads(line)
        if message.get("executable"):
            found[message["target"]["name"]] = message["executable"]
    return found["helpbook"], found["yardstick"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=1_000)
    parser.add_argument("--latency", type=int, default=50, help="milliseconds per request")
    parser.add_argument("--times", type=int, default=3, help="how often each is run; the fastest counts")
    parser.add_argument("--sizes", default="1000,5000,20000", help="for the straight line")
    parser.add_argument("--profile", default="release")
    parser.add_argument("--only", default="check,plan,second,apply,pull,line")
    parser.add_argument("--out", help="a file for the figures as JSON")
    options = parser.parse_args()
    wanted = options.only.split(",")
    program, yardstick = build(options.profile)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="helpbook-bench-"))
    bench = Bench(options, program, yardstick, folder)
    center = None
    try:
        print(f"{'':<44} {'helpbook':>12} {'floor':>12}")
        if set(wanted) - {"line"}:
            docs = folder / f"book-{options.articles}"
            bench.generate(docs, options.articles)
            if "check" in wanted:
                bench.check(docs, options.articles)
            if set(wanted) & {"plan", "second", "apply", "pull"}:
                docs, center = bench.filled(options.articles)
                sweep = 0
                if "plan" in wanted:
                    bench.plan(docs, center, options.articles)
                    bench.plan_without_lock(docs, center, options.articles)
                if "second" in wanted:
                    bench.second(docs, center)
                if "pull" in wanted:
                    bench.pull(center, options.articles)
                if "apply" in wanted:
                    center.pace(options.latency)
                    sweep = best(options.times, lambda: bench.helpbook(docs, center, "plan")).wall
                    bench.apply(docs, center, options.articles, sweep)
                center.stop()
                center = None
            shutil.rmtree(docs)
        if "line" in wanted:
            bench.line([int(size) for size in options.sizes.split(",")])
    finally:
        if center:
            center.stop()
        shutil.rmtree(folder, ignore_errors=True)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(bench.figures, indent=2) + "\n")
    sys.exit(1 if bench.missed else 0)


if __name__ == "__main__":
    main()
