"""@intercom/cli 0.9.0 in its default settings, against a local Help Center.

    npm install
    HELPBOOK_URL=… HELPBOOK_TOKEN=… python3 intercom_cli.py

It makes what it needs, runs every command that has to do with articles, collections and the token's
teammate, and `intercom api` for Help Centers, tags and admins, which have no commands. It prints a
line per check and ends with 1 at the first that is wrong. As each command is a process of Node, it
leaves what it made; nothing that is there already disturbs it.

The CLI sends no Intercom-Version, and a token as Bearer only if its base64 decodes to `tok:…`; any
other goes as Basic. Its address comes from INTERCOM_API_BASE_URL. Nothing here can reach Intercom:
the other address it knows is set to the local one, too.
"""

import base64
import json
import os
import pathlib
import re
import secrets
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from checks import Wrong, check, holds, run

VERSION = "0.9.0"
ARTICLES = 30
COLLECTIONS = 7
# No record has it.
NOBODY = "4000000000"
# Exit codes of the CLI.
AUTH, NOT_FOUND = 2, 4
# So many run at once; each is a process of Node.
AT_ONCE = 4


def only(what, records, **fields):
    """The one record that has these fields."""
    found = [one for one in records if all(one[name] == value for name, value in fields.items())]
    check(what, len(found), 1)
    return found[0]


def script():
    """The CLI's program, in `node_modules` beside this file or above it."""
    for folder in pathlib.Path(__file__).resolve().parents:
        found = folder / "node_modules" / "@intercom" / "cli" / "dist" / "index.js"
        if found.is_file():
            return found
    raise Wrong("@intercom/cli is not there; run `npm install` beside this file")


class Cli:
    """Runs the CLI with a token, in an empty home."""

    def __init__(self, script, home, url, token):
        self.script, self.home, self.url, self.token = script, home, url, token

    def other(self, token):
        return Cli(self.script, self.home, self.url, token)

    def run(self, *arguments):
        """The process that ended, and the requests it made, by `--verbose`."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.home,
            "NO_COLOR": "1",
            "INTERCOM_CONFIG_DIR": os.path.join(self.home, "config"),
            "INTERCOM_API_BASE_URL": self.url,
            "INTERCOM_APP_BASE_URL": self.url,
        }
        if "SYSTEMROOT" in os.environ:
            environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        if self.token:
            environment["INTERCOM_TOKEN"] = self.token
        command = ["node", str(self.script), *arguments]
        ended = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=120,
        )
        ended.requests = re.findall(r"^> ([A-Z]+ http.*)$", ended.stderr, re.MULTILINE)
        return ended

    def said(self, *arguments):
        """What it printed; it must end with 0."""
        ended = self.run(*arguments, "--verbose")
        if ended.returncode != 0:
            raise Wrong(f"intercom {' '.join(arguments)}: ended with {ended.returncode}\n  {ended.stderr.strip()}")
        return ended

    def json(self, *arguments):
        """The JSON it printed; it must end with 0."""
        return json.loads(self.said(*arguments, "--json").stdout)

    def api(self, method, path, **fields):
        """`intercom api`, with fields as a body or a query."""
        typed = [f"{name}={value}" for name, value in fields.items()]
        return self.json("api", path, "-X", method, *(["-F", *typed] if typed else []))

    def refused(self, code, *arguments):
        """How a run that is to fail ended: its exit code, and the code and message it names."""
        ended = self.run(*arguments, "--json")
        try:
            error = json.loads(ended.stderr)["error"]
        except (ValueError, KeyError):
            error = {"code": None, "message": ended.stderr.strip()}
        return ended.returncode, error["code"], error["message"]


def scheme(token):
    """How the CLI sends a token."""
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        decoded = b""
    return "Bearer" if decoded.startswith(b"tok:") else "Basic, as it is not base64 of `tok:…`"


def at_once(calls):
    """Runs several independent calls; their answers in order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def me(cli, token):
    """The teammate of the token, by every way there is. Returns the id."""
    ended = cli.run("me", "--json", "--verbose")
    if ended.returncode != 0:
        raise Wrong(f"me: ended with {ended.returncode}; the token goes as {scheme(token)}\n  {ended.stderr.strip()}")
    found = json.loads(ended.stdout)
    check("me: its requests", len(ended.requests), 1)
    check("me: type", found["type"], "admin")
    holds("me: id is digits", isinstance(found["id"], str) and found["id"].isdigit(), found["id"])
    holds("me: email", "@" in found["email"], found["email"])
    app = found["app"]
    holds(
        "me: app.id_code and app.name",
        all(isinstance(app[name], str) and app[name] for name in ("id_code", "name")),
        app,
    )
    holds("me: app.region", app["region"] in ("US", "EU", "AU", "Europe", "Australia"), app["region"])
    check("me --jq", cli.said("me", "--jq", ".app.id_code").stdout.strip(), json.dumps(app["id_code"]))
    holds("me --human", found["email"] in cli.said("me", "--human").stdout, None)

    stored = cli.other(None)
    said = stored.run("auth", "login", "--token", token)
    check(
        "auth login",
        (said.returncode, said.stdout.split(" [")[0].strip()),
        (0, f"Authenticated to {app['name']} ({app['id_code']})"),
    )
    status = dict(re.findall(r"^([\w ]+?) *: +(.*)$", stored.said("auth", "status").stdout, re.MULTILINE))
    check("auth status", (status["App ID"], status["Workspace"]), (app["id_code"], app["name"]))
    check("auth list", [one["app_id"] for one in stored.json("auth", "list")], [app["id_code"]])
    check("me, with the token that was kept", stored.json("me"), found)
    check("auth logout", stored.run("auth", "logout").returncode, 0)
    check("me, after logout", stored.refused(AUTH, "me")[:2], (AUTH, "auth_error"))
    return found["id"]


def admins(cli, author):
    listed = cli.api("GET", "/admins")
    check("api /admins: type", listed["type"], "admin.list")
    mine = [one for one in listed["admins"] if one["id"] == author]
    check("api /admins: has the token's teammate once", len(mine), 1)
    found = cli.api("GET", f"/admins/{author}")
    check("api /admins/{id}", [found[key] for key in ("type", "id", "email")], ["admin", author, mine[0]["email"]])
    missing = cli.refused(NOT_FOUND, "api", f"/admins/{NOBODY}")
    check("api /admins/{id}: one that is not there", missing, (NOT_FOUND, "not_found", "Admin not found"))


def help_centers(cli):
    """Returns the id of one."""
    listed = cli.api("GET", "/help_center/help_centers")
    check("api help_centers: type", listed["type"], "list")
    holds("api help_centers: has one at least", len(listed["data"]) > 0, listed)
    walk = cli.said("api", "/help_center/help_centers", "--paginate", "--json")
    check("api help_centers --paginate", json.loads(walk.stdout), listed["data"])
    check("api help_centers --paginate: its requests", len(walk.requests), 1)
    after = cli.api("GET", "/help_center/help_centers", page=2, per_page=10)
    check("api help_centers: no second page", after["data"], [])
    first = listed["data"][0]
    check("api help_centers/{id}", cli.api("GET", f"/help_center/help_centers/{first['id']}"), first)
    missing = cli.refused(NOT_FOUND, "api", f"/help_center/help_centers/{NOBODY}")
    check("api help_centers/{id}: one that is not there", missing[:2], (NOT_FOUND, "not_found"))
    return first["id"]


def collections(cli, mark):
    """Returns the ids of what was made and is still there, the first one at the top."""
    top = cli.json("help-center", "create", "-f", f"name=Top {mark}", "-f", "description=About it")
    check("help-center create", (top["name"], top["description"], top["parent_id"]), (f"Top {mark}", "About it", None))
    child = cli.json("help-center", "create", "-f", f"name=Child {mark}", "-f", f"parent_id={top['id']}")
    check("help-center create: below another", child["parent_id"], top["id"])
    check("help-center get", cli.json("help-center", "get", child["id"]), child)
    holds(
        "help-center get --human",
        f"Child {mark}" in cli.said("help-center", "get", child["id"], "--human").stdout,
        None,
    )
    path = f"/help_center/collections/{child['id']}"
    changed = cli.api("PUT", path, name=f"Renamed {mark}", description="New")
    seen = [changed[key] for key in ("name", "description", "parent_id")]
    check("api PUT collections/{id}", seen, [f"Renamed {mark}", "New", top["id"]])
    check("api PUT collections/{id}: to the top", cli.api("PUT", path, parent_id="null")["parent_id"], None)
    nameless = cli.refused(1, "help-center", "create", "-f", "description=x")
    check("help-center create: without a name", nameless, (1, "error", "Name is a required parameter."))

    names = [f"Collection {n} {mark}" for n in range(COLLECTIONS - 2)]
    made = at_once([lambda name=name: cli.json("help-center", "create", "-f", f"name={name}") for name in names])
    ids = [top["id"], child["id"], *[one["id"] for one in made]]
    walk = cli.said("help-center", "list", "--all", "--json")
    seen = [one["id"] for one in json.loads(walk.stdout)["data"]]
    check("help-center list --all: no record comes twice", len(set(seen)), len(seen))
    check("help-center list --all: those made here are among them", sorted(set(ids) - set(seen)), [])
    check("help-center list --all: its requests", len(walk.requests), -(-len(seen) // 25))
    limited = cli.json("help-center", "list", "--limit", "3")
    check("help-center list --limit", (len(limited["data"]), limited["total_count"]), (3, len(seen)))
    walk = cli.said("api", "/help_center/collections", "-X", "GET", "--paginate", "-f", "per_page=3", "--json")
    check("api collections --paginate", sorted(one["id"] for one in json.loads(walk.stdout)), sorted(seen))
    check("api collections --paginate: its requests", len(walk.requests), -(-len(seen) // 3))

    gone = ids.pop()
    path = f"/help_center/collections/{gone}"
    check("api DELETE collections/{id}", cli.api("DELETE", path), {"id": gone, "object": "collection", "deleted": True})
    refused = at_once(
        [
            lambda: cli.refused(NOT_FOUND, "help-center", "get", gone),
            lambda: cli.refused(NOT_FOUND, "api", path, "-X", "PUT", "-f", "name=x"),
            lambda: cli.refused(NOT_FOUND, "api", path, "-X", "DELETE"),
        ]
    )
    check("collections: one that was deleted", [one[:2] for one in refused], [(NOT_FOUND, "not_found")] * 3)
    return ids


def tags(cli, mark):
    tag = cli.api("POST", "/tags", name=f"Tag {mark}")
    check("api POST /tags", (tag["type"], tag["name"]), ("tag", f"Tag {mark}"))
    check("api POST /tags: one that is there", cli.api("POST", "/tags", name=f"Tag {mark}")["id"], tag["id"])
    renamed = cli.api("POST", "/tags", name=f"Other {mark}", id=tag["id"])
    check("api POST /tags: another name", (renamed["id"], renamed["name"]), (tag["id"], f"Other {mark}"))
    path = f"/tags/{tag['id']}"
    check("api /tags/{id}", cli.api("GET", path), {"type": "tag", "id": tag["id"], "name": f"Other {mark}"})
    listed = cli.api("GET", "/tags")
    check(
        "api /tags: has it once", [one["name"] for one in listed["data"] if one["id"] == tag["id"]], [f"Other {mark}"]
    )
    # No body is documented for this answer, and the CLI reads JSON from every 200.
    cli.run("api", path, "-X", "DELETE")
    check("api DELETE /tags/{id}: it is gone", cli.refused(NOT_FOUND, "api", path)[:2], (NOT_FOUND, "not_found"))
    check(
        "api DELETE /tags/{id}: again",
        cli.refused(NOT_FOUND, "api", path, "-X", "DELETE")[:2],
        (NOT_FOUND, "not_found"),
    )


def setup(cli, mark, folder):
    """`setup --articles-from` makes an article per file. Returns their ids."""
    for n in range(ARTICLES):
        path = pathlib.Path(folder, f"page-{n:02}-{mark}.md")
        path.write_text(f"# Page {n}\n\nSome words of {mark}.\n", encoding="utf-8")
    arguments = ["setup", "--company-name", mark, "--articles-from", folder]
    first = cli.said(*arguments)
    made = [one for one in first.requests if one.startswith("POST")]
    check("setup: a collection and an article per file", len(made), ARTICLES + 1)
    holds("setup: says so", f"{ARTICLES} article(s) published" in first.stderr, first.stderr[-500:])
    again = cli.said(*arguments)
    check("setup again: makes nothing", [one for one in again.requests if one.startswith("POST")], [])
    holds("setup again: says so", f"All {ARTICLES} article(s) already exist" in again.stderr, again.stderr[-500:])

    walk = cli.said("articles", "list", "--all", "--body", "--json")
    listed = json.loads(walk.stdout)["data"]
    own = {one["title"]: one for one in listed if mark in one["title"].lower()}
    titles = [f"Page {n:02} {mark.capitalize()}" for n in range(ARTICLES)]
    check("setup: the titles", sorted(own), titles)
    check("setup: published", {one["state"] for one in own.values()}, {"published"})
    holds("setup: the bodies", all(f"Some words of {mark}." in one["body"] for one in own.values()), None)
    collection = only("setup: its collection", cli.json("help-center", "list", "--all")["data"], name=f"{mark} Help")
    parents = {tuple(one["parent_ids"]) for one in own.values()}
    check("setup: in the collection", parents, {(int(collection["id"]),)})
    return [own[title]["id"] for title in titles]


def lists(cli, ids):
    walk = cli.said("articles", "list", "--all", "--json")
    listed = json.loads(walk.stdout)["data"]
    seen = [one["id"] for one in listed]
    check("articles list --all: no record comes twice", len(set(seen)), len(seen))
    check("articles list --all: those made here are among them", sorted(set(ids) - set(seen)), [])
    check("articles list --all: its requests", len(walk.requests), -(-len(seen) // 25))
    check("articles list --all: no statistics", [one for one in listed if "statistics" in one], [])
    times = [one["updated_at"] for one in listed]
    check("articles list --all: the latest update first", times, sorted(times, reverse=True))
    walk = cli.said("api", "/articles", "-X", "GET", "--paginate", "-f", "per_page=10", "--json")
    check("api /articles --paginate", sorted(one["id"] for one in json.loads(walk.stdout)), sorted(seen))
    check("api /articles --paginate: its requests", len(walk.requests), -(-len(seen) // 10))
    walk = cli.said("api", "/articles", "--paginate", "--json")
    check("api /articles --paginate, the default page: its requests", len(walk.requests), -(-len(seen) // 25))
    page = cli.json("articles", "list", "--limit", "10")
    check("articles list --limit", (len(page["data"]), page["total_count"]), (10, len(seen)))
    pages = page["pages"]
    check(
        "articles list --limit: pages",
        (pages["page"], pages["per_page"], pages["total_pages"]),
        (1, 10, -(-len(seen) // 10)),
    )
    lines = cli.said("articles", "list", "--limit", "10").stdout.splitlines()
    check("articles list, a line each", [json.loads(line)["id"] for line in lines], [one["id"] for one in page["data"]])
    table = cli.said("articles", "list", "--limit", "10", "--human").stdout.splitlines()
    check("articles list --human: its rows", len(table), 11)


def articles(cli, mark, author, center, parent, other, folder):
    """Returns the id of what was made and is still there."""
    file = pathlib.Path(folder, "body.html")
    file.write_text("<p>From a <b>file</b></p>", encoding="utf-8")
    made = cli.json(
        "articles",
        "create",
        "-f",
        f"title=First {mark}",
        "-f",
        "description=About it",
        "-F",
        f"body=@{file}",
        "-f",
        f"author_id={author}",
        "-F",
        f"parent_id={parent}",
        "-f",
        "parent_type=collection",
    )
    aid = made["id"]
    holds("articles create: id is digits", isinstance(aid, str) and aid.isdigit(), aid)
    check("articles create: title and description", (made["title"], made["description"]), (f"First {mark}", "About it"))
    check("articles create: body", made["body"], '<p class="no-margin">From a <b>file</b></p>')
    check("articles create: author_id", made["author_id"], int(author))
    check("articles create: a draft without an address", (made["state"], made["url"]), ("draft", None))
    check("articles create: parent_ids", made["parent_ids"], [int(parent)])
    message = "author_id must be in the main body or default locale translated_content object"
    check(
        "articles create: without an author",
        cli.refused(1, "articles", "create", "-f", "title=x"),
        (1, "error", message),
    )
    check("articles get", cli.json("articles", "get", aid), made)
    check("articles get: statistics", made["statistics"]["views"], 0)
    human = cli.said("articles", "get", aid, "--human").stdout
    holds("articles get --human", f"First {mark}" in human and human.endswith("From a **file**\n"), human)
    changed = cli.json("articles", "update", aid, "-f", f"title=Second {mark}")
    seen = [changed[key] for key in ("title", "state", "body", "description")]
    check("articles update: the title alone", seen, [f"Second {mark}", "draft", made["body"], "About it"])
    changed = cli.json("articles", "update", aid, "-f", "state=published")
    check("articles update: published", changed["state"], "published")
    holds("articles update: an address", f"/articles/{aid}" in (changed["url"] or ""), changed["url"])
    changed = cli.json("articles", "update", aid, "-f", "body=<p>Live at once</p>", "-f", f"parent_id={other}")
    seen = (changed["state"], changed["body"], changed["parent_ids"][0])
    check(
        "articles update: a live body, in another collection",
        seen,
        ("published", '<p class="no-margin">Live at once</p>', int(other)),
    )
    check("articles update: unpublished", cli.json("articles", "update", aid, "-f", "state=draft")["state"], "draft")

    hits = cli.json("articles", "search", mark, "--state", "published")
    check("articles search: published", (hits["type"], hits["total_count"]), ("list", ARTICLES))
    check(
        "articles search: a page of ten, without bodies",
        [("body" in one) for one in hits["data"]["articles"]],
        [False] * 10,
    )
    pages = hits["pages"]
    check("articles search: pages", (pages["page"], pages["per_page"], pages["total_pages"]), (1, 10, 3))
    hits = cli.json("articles", "search", mark, "--state", "draft", "--body", "--highlight", "--help-center-id", center)
    found = only("articles search: the draft", hits["data"]["articles"])
    check(
        "articles search: a draft, with its body",
        (found["id"], found["body"]),
        (aid, '<p class="no-margin">Live at once</p>'),
    )
    marked = only("articles search: its highlight", hits["data"]["highlights"])
    pieces = [one["text"] for one in marked["highlighted_title"] if one["type"] == "highlight"]
    check("articles search --highlight", (marked["article_id"], pieces), (aid, [mark]))
    check("articles search: nothing found", cli.json("articles", "search", f"{mark}-{mark}")["data"]["articles"], [])
    return aid


def deleted(cli, aid):
    check("articles delete", cli.json("articles", "delete", aid), {"id": aid, "object": "article", "deleted": True})
    refused = at_once(
        [
            lambda: cli.refused(NOT_FOUND, "articles", "get", aid),
            lambda: cli.refused(NOT_FOUND, "articles", "update", aid, "-f", "title=x"),
            lambda: cli.refused(NOT_FOUND, "articles", "delete", aid),
        ]
    )
    check("articles: one that was deleted", refused, [(NOT_FOUND, "not_found", "Resource Not Found")] * 3)


def wrong_token(cli):
    """As Bearer and as Basic."""
    commands = [
        ["me"],
        ["articles", "list"],
        ["articles", "get", "1"],
        ["articles", "search", "x"],
        ["articles", "create", "-f", "title=x"],
        ["articles", "update", "1", "-f", "title=x"],
        ["articles", "delete", "1"],
        ["help-center", "list"],
        ["help-center", "get", "1"],
        ["help-center", "create", "-f", "name=x"],
        ["api", "/tags"],
    ]
    bearer = cli.other(base64.b64encode(b"tok:00000000000000000000000000000000").decode())
    basic = cli.other("wrong")
    found = at_once([lambda command=command: bearer.refused(AUTH, *command) for command in commands])
    for command, one in zip(commands, found, strict=True):
        check(f"{' '.join(command[:2])}: a wrong token", one[:2], (AUTH, "auth_error"))
    check("me: a wrong token, as Basic", basic.refused(AUTH, "me")[:2], (AUTH, "auth_error"))
    holds("me: what it says", "Access Token Invalid" in found[0][2], found[0][2])


def main():
    url, token = os.environ["HELPBOOK_URL"], os.environ["HELPBOOK_TOKEN"]
    mark = "m" + secrets.token_hex(5)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        cli = Cli(script(), home, url, token)
        check("@intercom/cli's version", cli.run("--version").stdout.strip(), VERSION)
        author = me(cli, token)
        admins(cli, author)
        center = help_centers(cli)
        made = collections(cli, mark)
        tags(cli, mark)
        lists(cli, setup(cli, mark, folder))
        aid = articles(cli, mark, author, center, made[0], made[1], folder)
        deleted(cli, aid)
        wrong_token(cli)


if __name__ == "__main__":
    run(main)
