"""python-intercom 5.0.1 in its default settings, against a local Help Center.

    pip install -r requirements.txt
    HELPBOOK_URL=… HELPBOOK_TOKEN=… python python_intercom.py

It makes what it needs and takes it away again, calls everything the client has for articles,
collections, Help Centers, tags and admins, prints a line per check, and ends with 1 at the first
that is wrong. The client sends no Intercom-Version, so nothing here depends on what only some
versions answer.
"""

import asyncio
import importlib.metadata
import os
import secrets

import httpx
from intercom import (
    AsyncIntercom,
    BadRequestError,
    CreateArticleRequest,
    CreateOrUpdateTagRequest,
    Intercom,
    NotFoundError,
    UnauthorizedError,
    unstable,
)
from intercom.core.api_error import ApiError

from checks import Wrong, check, holds, run

VERSION = "5.0.1"
ARTICLES = 30
PUBLISHED = 12
COLLECTIONS = 12
# No record has it.
NOBODY = 4_000_000_000


def refused(what, error, status, code, call, *args, **kwargs):
    """A call ends in exactly this error of the client; without a code, in any of that status."""
    try:
        answer = call(*args, **kwargs)
    except ApiError as found:
        body = found.body if isinstance(found.body, dict) else getattr(found.body, "__dict__", found.body)
        first = body["errors"][0] if isinstance(body, dict) and body.get("errors") else {}
        found_code = first.get("code") if isinstance(first, dict) else getattr(first, "code", None)
        seen = (type(found).__name__, found.status_code, code and found_code)
        check(what, seen, (error.__name__, status, code))
    else:
        raise Wrong(f"{what}\n  expected: {error.__name__}\n  found:    an answer, {answer!r}")


class Count:
    """Counts requests, and ends a walk that does not end by itself."""

    def __init__(self):
        self.requests = 0
        self.limit = None

    def __call__(self, request):
        self.requests += 1
        if self.limit is not None and self.requests > self.limit:
            raise Wrong(f"{request.method} {request.url}\n  the walk has not ended after {self.limit} requests")

    async def later(self, request):
        self(request)

    def start(self, limit):
        self.requests, self.limit = 0, limit

    def end(self):
        self.limit = None
        return self.requests


def walked(count, what, pager, per_page, own):
    """A pager goes through every record once, and asks for one page more than there are."""
    records = list(pager)
    total = pager.response.total_count
    ids = [one.id for one in records]
    check(f"{what}: no record comes twice", len(set(ids)), len(ids))
    check(f"{what}: as many as total_count says", len(ids), total)
    check(f"{what}: those made here are among them", sorted(set(own) - set(ids)), [])
    check(f"{what}: its requests", count.end(), -(-total // per_page) + 1)
    times = [one.updated_at for one in records]
    check(f"{what}: the latest update first", times, sorted(times, reverse=True))
    return records


def admins(client):
    me = client.admins.identify()
    check("admins.identify: type", me.type, "admin")
    holds("admins.identify: id is digits", isinstance(me.id, str) and me.id.isdigit(), me.id)
    holds("admins.identify: email", "@" in (me.email or ""), me.email)
    holds("admins.identify: app.id_code", bool(me.app and me.app.id_code), me.app)
    holds("admins.identify: app.region", me.app.region in ("US", "EU", "AU", "Europe", "Australia"), me.app.region)
    listed = client.admins.list()
    check("admins.list: type", listed.type, "admin.list")
    mine = [one.email for one in listed.admins if one.id == me.id]
    check("admins.list: has the token's teammate once", mine, [me.email])
    found = client.admins.find(int(me.id))
    check("admins.find", (found.type, found.id, found.email, found.name), ("admin", me.id, me.email, me.name))
    holds("admins.find: team_ids", isinstance(found.team_ids, list), found.team_ids)
    check("admins.find: has_inbox_seat", found.has_inbox_seat, True)
    refused("admins.find: one that is not there", NotFoundError, 404, "admin_not_found", client.admins.find, NOBODY)
    return int(me.id)


def help_centers(client, count):
    count.start(5)
    pager = client.help_centers.list(per_page=10)
    listed = list(pager)
    check("help_centers.list: type", pager.response.type, "list")
    check("help_centers.list: its requests", count.end(), 2)
    holds("help_centers.list: has one at least, each once", 0 < len({one.id for one in listed}) == len(listed), listed)
    count.start(5)
    defaults = list(client.help_centers.list())
    check("help_centers.list: the same without per_page", [one.id for one in defaults], [one.id for one in listed])
    count.end()
    first = listed[0]
    holds("help_centers.list: id is digits", first.id.isdigit(), first.id)
    holds("help_centers.list: url", (first.url or "").startswith("http"), first.url)
    check("help_centers.list: website_turned_on", first.website_turned_on, True)
    found = client.help_centers.find(int(first.id))
    seen = (found.id, found.identifier, found.display_name, found.url, found.custom_domain)
    check("help_centers.find", seen, (first.id, first.identifier, first.display_name, first.url, first.custom_domain))
    refused(
        "help_centers.find: one that is not there", NotFoundError, 404, "not_found", client.help_centers.find, NOBODY
    )
    return int(first.id)


def collections(client, count, mark, center):
    api = client.help_centers.collections
    top = api.create(name=f"Top {mark}", description="About it", help_center_id=center)
    check("collections.create: name", top.name, f"Top {mark}")
    check("collections.create: description", top.description, "About it")
    check("collections.create: help_center_id", top.help_center_id, center)
    check("collections.create: parent_id", top.parent_id, None)
    holds("collections.create: order is a number", isinstance(top.order, int), top.order)
    holds("collections.create: created_at is a time", top.created_at > 1_600_000_000, top.created_at)
    child = api.create(name=f"Child {mark}", parent_id=top.id)
    check("collections.create: below another", child.parent_id, top.id)
    found = api.find(int(child.id))
    seen = (found.id, found.name, found.parent_id, found.workspace_id)
    check("collections.find", seen, (child.id, child.name, top.id, top.workspace_id))
    changed = api.update(int(child.id), name=f"Renamed {mark}", description="New")
    seen = (changed.id, changed.name, changed.description, changed.parent_id)
    check("collections.update: name and description", seen, (child.id, f"Renamed {mark}", "New", top.id))
    moved = api.update(int(child.id), parent_id=None)
    check("collections.update: to the top", (moved.parent_id, moved.name), (None, f"Renamed {mark}"))
    moved = api.update(int(child.id), parent_id=top.id)
    check("collections.update: back below", moved.parent_id, top.id)
    refused("collections.create: without a name", BadRequestError, 400, None, api.create, name="")

    made = [top, child] + [api.create(name=f"Collection {n} {mark}") for n in range(COLLECTIONS - 2)]
    count.start(60)
    walked(count, "collections.list", api.list(per_page=5), 5, [one.id for one in made])
    count.start(60)
    page = api.list(page=2, per_page=5)
    check(
        "collections.list: page 2", (len(page.items), page.response.pages.page, page.response.pages.per_page), (5, 2, 5)
    )
    count.end()

    gone = made.pop()
    answer = api.delete(int(gone.id))
    check("collections.delete", (answer.id, answer.object, answer.deleted), (gone.id, "collection", True))
    for name, call in {
        "find": lambda: api.find(int(gone.id)),
        "update": lambda: api.update(int(gone.id), name="x"),
        "delete": lambda: api.delete(int(gone.id)),
    }.items():
        refused(f"collections.{name}: one that was deleted", NotFoundError, 404, "not_found", call)
    return made


def tags(client, mark):
    tag = client.tags.create(request=CreateOrUpdateTagRequest(name=f"Tag {mark}"))
    check("tags.create", (tag.type, tag.name), ("tag", f"Tag {mark}"))
    again = client.tags.create(request=CreateOrUpdateTagRequest(name=f"Tag {mark}"))
    check("tags.create: one that is there", (again.id, again.name), (tag.id, tag.name))
    renamed = client.tags.create(request=CreateOrUpdateTagRequest(name=f"Other {mark}", id=tag.id))
    check("tags.create: another name", (renamed.id, renamed.name), (tag.id, f"Other {mark}"))
    found = client.tags.find(tag.id)
    check("tags.find", (found.type, found.id, found.name), ("tag", tag.id, f"Other {mark}"))
    check("tags.find: without what only tagging answers", (found.applied_at, found.applied_by), (None, None))
    listed = client.tags.list()
    check("tags.list: type", listed.type, "list")
    check("tags.list: has it once", [one.name for one in listed.data if one.id == tag.id], [f"Other {mark}"])
    blank = CreateOrUpdateTagRequest(name="")
    refused("tags.create: without a name", BadRequestError, 400, "parameter_invalid", client.tags.create, request=blank)
    check("tags.delete", client.tags.delete(tag.id), None)
    refused("tags.find: one that was deleted", NotFoundError, 404, "not_found", client.tags.find, tag.id)
    refused("tags.delete: one that was deleted", NotFoundError, 404, "not_found", client.tags.delete, tag.id)
    listed = client.tags.list()
    check("tags.list: without it", [one.id for one in listed.data if one.id == tag.id], [])


def articles(client, count, mark, author, center, top, child):
    """Returns the ids of what was made and is still there."""
    api = client.articles
    article = api.create(
        request=CreateArticleRequest(
            title=f"First {mark}",
            description="About it",
            body="Body of the Article",
            author_id=author,
            parent_id=int(top.id),
            parent_type="collection",
        )
    )
    aid = int(article.id)
    check("articles.create: type", article.type, "article")
    check("articles.create: title and description", (article.title, article.description), (f"First {mark}", "About it"))
    check("articles.create: body", article.body, '<p class="no-margin">Body of the Article</p>')
    check("articles.create: author_id", article.author_id, author)
    check("articles.create: a draft without an address", (article.state, article.url), ("draft", None))
    check("articles.create: parent_ids", article.parent_ids, [int(top.id)])
    holds("articles.create: parent_id, if it is there", article.parent_id in (None, int(top.id)), article.parent_id)
    check("articles.create: workspace_id", article.workspace_id, top.workspace_id)
    holds("articles.create: times", article.created_at == article.updated_at > 1_600_000_000, article.created_at)
    lacking = {"title": "x"}
    refused(
        "articles.create: without an author", BadRequestError, 400, "parameter_not_found", api.create, request=lacking
    )

    found = api.find(aid)
    check("articles.find", (found.id, found.title, found.body), (article.id, article.title, article.body))
    check("articles.find: statistics", (found.statistics.type, found.statistics.views), ("article_statistics", 0))

    changed = api.update(aid, title=f"Second {mark}")
    seen = (changed.title, changed.state, changed.body, changed.description)
    check("articles.update: the title alone", seen, (f"Second {mark}", "draft", article.body, "About it"))
    changed = api.update(aid, state="published")
    check("articles.update: published", changed.state, "published")
    holds("articles.update: an address", f"/articles/{aid}" in (changed.url or ""), changed.url)
    changed = api.update(aid, body="<p>Live <b>at once</b></p>")
    seen = (changed.state, changed.body)
    check("articles.update: a live body", seen, ("published", '<p class="no-margin">Live <b>at once</b></p>'))
    changed = api.update(aid, parent_id=child.id, parent_type="collection")
    check("articles.update: another collection", changed.parent_ids[:1], [int(child.id)])
    changed = api.update(aid, state="draft")
    check("articles.update: unpublished", changed.state, "draft")
    check("articles.find: after it all", (api.find(aid).title, api.find(aid).state), (f"Second {mark}", "draft"))

    ids = [article.id]
    for n in range(1, ARTICLES):
        state = "published" if n <= PUBLISHED else "draft"
        new = CreateArticleRequest(title=f"Article {n} {mark}", body=f"<p>Text {n}</p>", author_id=author, state=state)
        ids.append(api.create(request=new).id)
    count.start(60)
    listed = walked(count, "articles.list", api.list(per_page=10), 10, ids)
    by_id = {one.id: one for one in listed}
    check("articles.list: title", by_id[ids[1]].title, f"Article 1 {mark}")
    check("articles.list: body", by_id[ids[1]].body, '<p class="no-margin">Text 1</p>')
    check("articles.list: state", (by_id[ids[1]].state, by_id[ids[-1]].state), ("published", "draft"))
    check("articles.list: no statistics", [one for one in listed if getattr(one, "statistics", None)], [])
    count.start(60)
    walked(count, "articles.list without per_page", api.list(), 25, ids)
    page = api.list(page=2, per_page=10)
    pages = page.response.pages
    check("articles.list: page 2", (len(page.items), pages["page"], pages["per_page"]), (10, 2, 10))
    following = page.next_page()
    check("articles.list: next_page", (following.response.pages["page"], following.items == page.items), (3, False))

    hits = api.search(phrase=mark, state="published")
    check("articles.search: published", hits.total_count, PUBLISHED)
    check("articles.search: a page of ten", (hits.type, len(hits.data.articles)), ("list", 10))
    check("articles.search: pages", (hits.pages.page, hits.pages.per_page, hits.pages.total_pages), (1, 10, 2))
    check("articles.search: states", {one.state for one in hits.data.articles}, {"published"})
    check("articles.search: no highlights unless asked", hits.data.highlights, [])
    check("articles.search: drafts", api.search(phrase=mark, state="draft").total_count, ARTICLES - PUBLISHED)
    here = api.search(phrase=f"Second {mark}", state="all", help_center_id=center)
    check("articles.search: in a Help Center", [one.id for one in here.data.articles], [article.id])
    marked = api.search(phrase=mark, state="published", highlight=True).data
    check(
        "articles.search: a highlight each",
        {one.article_id for one in marked.highlights},
        {one.id for one in marked.articles},
    )
    pieces = [one.text for one in marked.highlights[0].highlighted_title if one.type == "highlight"]
    check("articles.search: what is highlighted", pieces, [mark])
    check("articles.search: nothing found", api.search(phrase=f"{mark}-{mark}").data.articles, [])

    gone = ids.pop()
    answer = api.delete(int(gone))
    check("articles.delete", (answer.id, answer.object, answer.deleted), (gone, "article", True))
    for name, call in {
        "find": lambda: api.find(int(gone)),
        "update": lambda: api.update(int(gone), title="x"),
        "delete": lambda: api.delete(int(gone)),
    }.items():
        refused(f"articles.{name}: one that was deleted", NotFoundError, 404, "not_found", call)
    check("articles.search: without it", api.search(phrase=mark, state="draft").total_count, ARTICLES - PUBLISHED - 1)
    return ids


def wrong_token(client):
    """`identify` declares no 401, so there the client raises its plain error."""
    calls = {
        "articles.list": lambda: client.articles.list(),
        "articles.create": lambda: client.articles.create(request=CreateArticleRequest(title="x", author_id=1)),
        "articles.find": lambda: client.articles.find(1),
        "articles.update": lambda: client.articles.update(1, title="x"),
        "articles.delete": lambda: client.articles.delete(1),
        "articles.search": lambda: client.articles.search(phrase="x"),
        "help_centers.list": lambda: client.help_centers.list(),
        "help_centers.find": lambda: client.help_centers.find(1),
        "collections.list": lambda: client.help_centers.collections.list(),
        "collections.create": lambda: client.help_centers.collections.create(name="x"),
        "collections.find": lambda: client.help_centers.collections.find(1),
        "collections.update": lambda: client.help_centers.collections.update(1, name="x"),
        "collections.delete": lambda: client.help_centers.collections.delete(1),
        "tags.list": lambda: client.tags.list(),
        "tags.create": lambda: client.tags.create(request=CreateOrUpdateTagRequest(name="x")),
        "tags.find": lambda: client.tags.find("1"),
        "tags.delete": lambda: client.tags.delete("1"),
        "admins.list": lambda: client.admins.list(),
        "admins.find": lambda: client.admins.find(1),
    }
    for name, call in calls.items():
        refused(f"{name}: a wrong token", UnauthorizedError, 401, "unauthorized", call)
    refused("admins.identify: a wrong token", ApiError, 401, "unauthorized", client.admins.identify)


def preview(client, mark, author, top, article):
    """The client's `unstable` part. It sends no version either."""
    api = client.unstable
    me = api.admins.identify_admin()
    check("unstable: identify_admin", int(me.id), author)
    check("unstable: list_admins", [one.name for one in api.admins.list_admins().admins if one.id == me.id], [me.name])
    check("unstable: retrieve_admin", api.admins.retrieve_admin(author).email, me.email)
    refused(
        "unstable: retrieve_admin, one that is not there",
        unstable.NotFoundError,
        404,
        "admin_not_found",
        api.admins.retrieve_admin,
        NOBODY,
    )

    made = api.articles.create_article(request={"title": f"Unstable {mark}", "author_id": author, "body": "<p>x</p>"})
    check("unstable: create_article", (made.title, made.state), (f"Unstable {mark}", "draft"))
    check("unstable: retrieve_article", api.articles.retrieve_article(int(made.id)).body, '<p class="no-margin">x</p>')
    listed = api.articles.list_articles()
    check("unstable: list_articles, the default page", (listed.pages.per_page, len(listed.data)), (25, 25))
    holds("unstable: list_articles has it", made.id in [one.id for one in listed.data], made.id)
    hits = api.articles.search_articles(phrase=f"Unstable {mark}", state="draft").data.articles
    check("unstable: search_articles", [one.id for one in hits], [made.id])
    check("unstable: delete_article", api.articles.delete_article(int(made.id)).deleted, True)
    refused(
        "unstable: retrieve_article, one that was deleted",
        unstable.NotFoundError,
        404,
        "not_found",
        api.articles.retrieve_article,
        int(made.id),
    )
    check("unstable: retrieve_article of another", api.articles.retrieve_article(int(article)).id, article)

    centers = api.help_center.list_help_centers().data
    check(
        "unstable: retrieve_help_center", api.help_center.retrieve_help_center(int(centers[0].id)).url, centers[0].url
    )
    below = api.help_center.create_collection(name=f"Unstable {mark}", parent_id=top.id)
    check("unstable: create_collection", (below.name, below.parent_id), (f"Unstable {mark}", top.id))
    changed = api.help_center.update_collection(int(below.id), description="New")
    check("unstable: update_collection", (changed.description, changed.parent_id), ("New", top.id))
    check("unstable: retrieve_collection", api.help_center.retrieve_collection(int(below.id)).description, "New")
    listed = [one.id for one in api.help_center.list_all_collections().data]
    holds("unstable: list_all_collections has it", below.id in listed, listed)
    check("unstable: delete_collection", api.help_center.delete_collection(int(below.id)).deleted, True)

    tag = api.tags.create_tag(request=unstable.CreateOrUpdateTagRequest(name=f"Unstable {mark}"))
    check("unstable: find_tag", api.tags.find_tag(tag.id).name, f"Unstable {mark}")
    holds("unstable: list_tags has it", tag.id in [one.id for one in api.tags.list_tags().data], tag.id)
    check("unstable: delete_tag", api.tags.delete_tag(tag.id), None)
    refused(
        "unstable: find_tag, one that was deleted", unstable.NotFoundError, 404, "not_found", api.tags.find_tag, tag.id
    )


async def async_walks(url, token, ids):
    """The pagers of the async client, which are other code."""
    count = Count()
    async with httpx.AsyncClient(event_hooks={"request": [count.later]}) as http:
        client = AsyncIntercom(token=token, base_url=url, httpx_client=http)
        count.start(60)
        pager = await client.articles.list(per_page=10)
        seen = [one.id async for one in pager]
        check("async articles.list: those made here are among them", sorted(set(ids) - set(seen)), [])
        check("async articles.list: its requests", count.end(), -(-pager.response.total_count // 10) + 1)
        count.start(5)
        centers = [one.id async for one in await client.help_centers.list()]
        check("async help_centers.list: its requests", (count.end(), len(centers) > 0), (2, True))


def take_away(client, ids, made):
    for one in ids:
        client.articles.delete(int(one))
    # Those below first.
    for one in sorted(made, key=lambda one: one.parent_id is None):
        client.help_centers.collections.delete(int(one.id))


def main():
    url, token = os.environ["HELPBOOK_URL"], os.environ["HELPBOOK_TOKEN"]
    mark = "m" + secrets.token_hex(5)
    check("python-intercom's version", importlib.metadata.version("python-intercom"), VERSION)
    count = Count()
    with httpx.Client(event_hooks={"request": [count]}) as http:
        client = Intercom(token=token, base_url=url, httpx_client=http)
        author = admins(client)
        center = help_centers(client, count)
        made = collections(client, count, mark, center)
        tags(client, mark)
        top, child = made[:2]
        child = client.help_centers.collections.find(int(child.id))
        ids = articles(client, count, mark, author, center, top, child)
        wrong_token(Intercom(token="wrong", base_url=url))
        preview(client, mark, author, top, ids[1])
        asyncio.run(async_walks(url, token, ids))
        take_away(client, ids, [top, child, *made[2:]])
        check("all that was made is gone", client.articles.search(phrase=mark, state="all").total_count, 0)


if __name__ == "__main__":
    run(main)
