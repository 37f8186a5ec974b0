// intercom-client 7.0.3 in its default settings, against a local Help Center.
//
//     npm install
//     HELPBOOK_URL=… HELPBOOK_TOKEN=… node intercom_client.mjs
//
// It makes what it needs and takes it away again, calls everything the client has for articles,
// collections, Help Centers, tags and admins, prints a line per check, and ends with 1 at the first
// that is wrong. The client sends Intercom-Version 2.14, so articles have the fields of 2.14 here;
// its `unstable` part is also tried with the version that it is for.

import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { Intercom, IntercomClient, IntercomError } from "intercom-client";

const VERSION = "7.0.3";
const ARTICLES = 30;
const PUBLISHED = 12;
const COLLECTIONS = 12;
// No record has it.
const NOBODY = 4_000_000_000;
// What 2.16 added to articles.
const LATER_FIELDS = [
    "body_markdown",
    "has_unpublished_changes",
    "draft_updated_at",
    "audience_ids",
    "help_center_audience",
    "ai_chatbot_availability",
    "ai_copilot_availability",
    "ai_sales_agent_availability",
    "created_by_id",
    "updated_by_id",
    "exclude_from_article_suggestions",
    "scheduled_publish_at",
    "scheduled_unpublish_at",
];

class Wrong extends Error {}

let last = "the start";

function passed(what) {
    last = what;
    console.log(`ok  ${what}`);
}

/** Two values are equal. */
function check(what, found, wanted) {
    if (!isDeepStrictEqual(found, wanted)) {
        throw new Wrong(`${what}\n  expected: ${JSON.stringify(wanted)}\n  found:    ${JSON.stringify(found)}`);
    }
    passed(what);
}

/** A condition is true of what was found. */
function holds(what, condition, found) {
    if (!condition) {
        throw new Wrong(`${what}\n  found: ${JSON.stringify(found)}`);
    }
    passed(what);
}

/** A call ends in exactly this error of the client; without a code, in any of that status. */
async function refused(what, kind, status, code, call) {
    let answer;
    try {
        answer = await call();
    } catch (error) {
        if (!(error instanceof IntercomError)) {
            throw error;
        }
        const seen = [error.constructor.name, error.statusCode, code && error.body?.errors?.[0]?.code];
        check(what, seen, [kind.name, status, code]);
        return;
    }
    throw new Wrong(`${what}\n  expected: ${kind.name}\n  found:    an answer, ${JSON.stringify(answer)}`);
}

/** Counts requests, and ends a walk that does not end by itself. */
const count = {
    requests: 0,
    limit: Number.POSITIVE_INFINITY,
    fetch(address, options) {
        count.requests += 1;
        if (count.requests > count.limit) {
            const what = `${options?.method ?? "GET"} ${address}`;
            throw new Wrong(`${what}\n  the walk has not ended after ${count.limit} requests`);
        }
        return fetch(address, options);
    },
    start(limit) {
        count.requests = 0;
        count.limit = limit;
    },
    end() {
        count.limit = Number.POSITIVE_INFINITY;
        return count.requests;
    },
};

async function everything(page) {
    const records = [];
    for await (const record of page) {
        records.push(record);
    }
    return records;
}

/** A pager goes through every record once, and asks for one page more than there are. */
async function walked(what, page, perPage, own) {
    const total = page.response.total_count;
    const records = await everything(page);
    const ids = records.map((one) => one.id);
    check(`${what}: no record comes twice`, new Set(ids).size, ids.length);
    check(`${what}: as many as total_count says`, ids.length, total);
    check(
        `${what}: those made here are among them`,
        own.filter((id) => !ids.includes(id)),
        [],
    );
    check(`${what}: its requests`, count.end(), Math.ceil(total / perPage) + 1);
    const times = records.map((one) => one.updated_at);
    check(
        `${what}: the latest update first`,
        times,
        [...times].sort((a, b) => b - a),
    );
    return records;
}

async function admins(client) {
    const me = await client.admins.identify();
    check("admins.identify: type", me.type, "admin");
    holds("admins.identify: id is digits", /^\d+$/.test(me.id) && typeof me.id === "string", me.id);
    holds("admins.identify: email", me.email.includes("@"), me.email);
    holds("admins.identify: app.id_code", typeof me.app.id_code === "string" && me.app.id_code !== "", me.app);
    holds(
        "admins.identify: app.region",
        ["US", "EU", "AU", "Europe", "Australia"].includes(me.app.region),
        me.app.region,
    );
    const listed = await client.admins.list();
    check("admins.list: type", listed.type, "admin.list");
    const mine = listed.admins.filter((one) => one.id === me.id).map((one) => one.email);
    check("admins.list: has the token's teammate once", mine, [me.email]);
    const found = await client.admins.find({ admin_id: Number(me.id) });
    check("admins.find", [found.type, found.id, found.email, found.name], ["admin", me.id, me.email, me.name]);
    check("admins.find: team_ids", found.team_ids, []);
    check("admins.find: has_inbox_seat", found.has_inbox_seat, true);
    check("admins.find: away_status_reason_id, since 2.14", found.away_status_reason_id, null);
    await refused("admins.find: one that is not there", Intercom.NotFoundError, 404, "admin_not_found", () =>
        client.admins.find({ admin_id: NOBODY }),
    );
    return Number(me.id);
}

async function helpCenters(client) {
    count.start(5);
    const page = await client.helpCenters.list({ per_page: 10 });
    check("helpCenters.list: type", page.response.type, "list");
    const listed = await everything(page);
    check("helpCenters.list: its requests", count.end(), 2);
    const ids = listed.map((one) => one.id);
    holds("helpCenters.list: has one at least, each once", ids.length > 0 && new Set(ids).size === ids.length, ids);
    count.start(5);
    const defaults = await everything(await client.helpCenters.list());
    check("helpCenters.list: the same without per_page", defaults, listed);
    count.end();
    const [first] = listed;
    holds("helpCenters.list: id is digits", typeof first.id === "string" && /^\d+$/.test(first.id), first.id);
    holds("helpCenters.list: url", first.url.startsWith("http"), first.url);
    check("helpCenters.list: website_turned_on", first.website_turned_on, true);
    check("helpCenters.find", await client.helpCenters.find({ help_center_id: Number(first.id) }), first);
    await refused("helpCenters.find: one that is not there", Intercom.NotFoundError, 404, "not_found", () =>
        client.helpCenters.find({ help_center_id: NOBODY }),
    );
    return Number(first.id);
}

async function collections(client, mark, center) {
    const api = client.helpCenters.collections;
    const top = await api.create({ name: `Top ${mark}`, description: "About it", help_center_id: center });
    check("collections.create: name and description", [top.name, top.description], [`Top ${mark}`, "About it"]);
    check("collections.create: help_center_id", top.help_center_id, center);
    check("collections.create: parent_id", top.parent_id, null);
    holds("collections.create: order is a number", Number.isInteger(top.order), top.order);
    holds("collections.create: created_at is a time", top.created_at > 1_600_000_000, top.created_at);
    const child = await api.create({ name: `Child ${mark}`, parent_id: top.id });
    check("collections.create: below another", child.parent_id, top.id);
    check("collections.find", await api.find({ collection_id: Number(child.id) }), child);
    const changed = await api.update({ collection_id: Number(child.id), name: `Renamed ${mark}`, description: "New" });
    const seen = [changed.id, changed.name, changed.description, changed.parent_id];
    check("collections.update: name and description", seen, [child.id, `Renamed ${mark}`, "New", top.id]);
    const moved = await api.update({ collection_id: Number(child.id), parent_id: null });
    check("collections.update: to the top", [moved.parent_id, moved.name], [null, `Renamed ${mark}`]);
    const back = await api.update({ collection_id: Number(child.id), parent_id: top.id });
    check("collections.update: back below", back.parent_id, top.id);
    await refused("collections.create: without a name", Intercom.BadRequestError, 400, "parameter_not_found", () =>
        api.create({ description: "x" }),
    );

    const made = [top, child];
    while (made.length < COLLECTIONS) {
        made.push(await api.create({ name: `Collection ${made.length} ${mark}` }));
    }
    count.start(60);
    await walked(
        "collections.list",
        await api.list({ per_page: 5 }),
        5,
        made.map((one) => one.id),
    );
    const page = await api.list({ page: 2, per_page: 5 });
    const { page: number, per_page: perPage } = page.response.pages;
    check("collections.list: page 2", [page.data.length, number, perPage], [5, 2, 5]);

    const gone = made.pop();
    const collection_id = Number(gone.id);
    const answer = await api.delete({ collection_id });
    check("collections.delete", answer, { id: gone.id, object: "collection", deleted: true });
    for (const name of ["find", "update", "delete"]) {
        const what = `collections.${name}: one that was deleted`;
        await refused(what, Intercom.NotFoundError, 404, "not_found", () => api[name]({ collection_id, name: "x" }));
    }
    return made;
}

async function tags(client, mark) {
    const api = client.tags;
    const tag = await api.create({ name: `Tag ${mark}` });
    check("tags.create", [tag.type, tag.name], ["tag", `Tag ${mark}`]);
    const again = await api.create({ name: `Tag ${mark}` });
    check("tags.create: one that is there", [again.id, again.name], [tag.id, tag.name]);
    const renamed = await api.create({ name: `Other ${mark}`, id: tag.id });
    check("tags.create: another name", [renamed.id, renamed.name], [tag.id, `Other ${mark}`]);
    const found = await api.find({ tag_id: tag.id });
    check("tags.find", found, { type: "tag", id: tag.id, name: `Other ${mark}` });
    const listed = await api.list();
    check("tags.list: type", listed.type, "list");
    const names = listed.data.filter((one) => one.id === tag.id).map((one) => one.name);
    check("tags.list: has it once", names, [`Other ${mark}`]);
    await refused("tags.create: without a name", Intercom.BadRequestError, 400, "parameter_invalid", () =>
        api.create({}),
    );
    const { rawResponse } = await api.delete({ tag_id: tag.id }).withRawResponse();
    check("tags.delete", rawResponse.status, 200);
    for (const name of ["find", "delete"]) {
        const what = `tags.${name}: one that was deleted`;
        await refused(what, Intercom.NotFoundError, 404, "not_found", () => api[name]({ tag_id: tag.id }));
    }
    check(
        "tags.list: without it",
        (await api.list()).data.filter((one) => one.id === tag.id),
        [],
    );
}

/** Returns the ids of what was made and is still there. */
async function articles(client, mark, author, center, top, child) {
    const api = client.articles;
    const article = await api.create({
        title: `First ${mark}`,
        description: "About it",
        body: "Body of the Article",
        author_id: author,
        parent_id: Number(top.id),
        parent_type: "collection",
    });
    const article_id = Number(article.id);
    check("articles.create: type", article.type, "article");
    check(
        "articles.create: title and description",
        [article.title, article.description],
        [`First ${mark}`, "About it"],
    );
    check("articles.create: body", article.body, '<p class="no-margin">Body of the Article</p>');
    check("articles.create: author_id", article.author_id, author);
    check("articles.create: a draft without an address", [article.state, article.url], ["draft", null]);
    check("articles.create: parent_ids", article.parent_ids, [Number(top.id)]);
    const parent = [article.parent_id, article.parent_type];
    check("articles.create: parent_id and parent_type of 2.14", parent, [Number(top.id), "collection"]);
    check("articles.create: tags of 2.14", article.tags, { type: "tag.list", tags: [] });
    check(
        "articles.create: no field of later versions",
        LATER_FIELDS.filter((field) => field in article),
        [],
    );
    check("articles.create: workspace_id", article.workspace_id, top.workspace_id);
    holds(
        "articles.create: times",
        article.created_at === article.updated_at && article.created_at > 1_600_000_000,
        article,
    );
    await refused("articles.create: without an author", Intercom.BadRequestError, 400, "parameter_not_found", () =>
        api.create({ title: "x" }),
    );

    const found = await api.find({ article_id });
    check("articles.find", found, article);
    check("articles.find: statistics", [found.statistics.type, found.statistics.views], ["article_statistics", 0]);

    const titled = await api.update({ article_id, title: `Second ${mark}` });
    const seen = [titled.title, titled.state, titled.body, titled.description, titled.parent_id];
    check("articles.update: the title alone", seen, [
        `Second ${mark}`,
        "draft",
        article.body,
        "About it",
        Number(top.id),
    ]);
    const published = await api.update({ article_id, state: "published" });
    check("articles.update: published", published.state, "published");
    holds("articles.update: an address", published.url?.includes(`/articles/${article_id}`), published.url);
    const live = await api.update({ article_id, body: "<p>Live <b>at once</b></p>" });
    const body = '<p class="no-margin">Live <b>at once</b></p>';
    check("articles.update: a live body", [live.state, live.body], ["published", body]);
    const moved = await api.update({ article_id, parent_id: child.id, parent_type: "collection" });
    check(
        "articles.update: another collection",
        [moved.parent_id, moved.parent_ids[0]],
        [Number(child.id), Number(child.id)],
    );
    check(
        "articles.update: no field of later versions",
        LATER_FIELDS.filter((field) => field in moved),
        [],
    );
    check("articles.update: unpublished", (await api.update({ article_id, state: "draft" })).state, "draft");

    const ids = [article.id];
    while (ids.length < ARTICLES) {
        const n = ids.length;
        const state = n <= PUBLISHED ? "published" : "draft";
        const made = await api.create({
            title: `Article ${n} ${mark}`,
            body: `<p>Text ${n}</p>`,
            author_id: author,
            state,
        });
        ids.push(made.id);
    }
    count.start(60);
    const listed = await walked("articles.list", await api.list({ per_page: 10 }), 10, ids);
    const one = listed.find((one) => one.id === ids[1]);
    check("articles.list: title and state", [one.title, one.state], [`Article 1 ${mark}`, "published"]);
    check("articles.list: body", one.body, '<p class="no-margin">Text 1</p>');
    check("articles.list: outside of collections", [one.parent_id, one.parent_type, one.parent_ids], [null, null, []]);
    check(
        "articles.list: no statistics",
        listed.filter((one) => "statistics" in one),
        [],
    );
    const later = listed.filter((one) => LATER_FIELDS.some((field) => field in one));
    check("articles.list: no field of later versions", later, []);
    count.start(60);
    await walked("articles.list without per_page", await api.list(), 25, ids);
    const page = await api.list({ page: 2, per_page: 10 });
    const { page: number, per_page: perPage } = page.response.pages;
    check("articles.list: page 2", [page.data.length, number, perPage], [10, 2, 10]);
    check("articles.list: hasNextPage", page.hasNextPage(), true);
    const second = page.data.map((one) => one.id);
    const third = (await page.getNextPage()).data.map((one) => one.id);
    check(
        "articles.list: getNextPage",
        third.filter((id) => second.includes(id)),
        [],
    );

    const hits = await api.search({ phrase: mark, state: "published" });
    check("articles.search: published", hits.total_count, PUBLISHED);
    check("articles.search: a page of ten", [hits.type, hits.data.articles.length], ["list", 10]);
    check("articles.search: pages", [hits.pages.page, hits.pages.per_page, hits.pages.total_pages], [1, 10, 2]);
    check("articles.search: states", [...new Set(hits.data.articles.map((one) => one.state))], ["published"]);
    const unlike = hits.data.articles.filter(
        (one) => one.parent_id !== null || LATER_FIELDS.some((field) => field in one),
    );
    check("articles.search: fields of 2.14", unlike, []);
    check("articles.search: no highlights unless asked", hits.data.highlights, []);
    const drafts = await api.search({ phrase: mark, state: "draft" });
    check("articles.search: drafts", drafts.total_count, ARTICLES - PUBLISHED);
    const here = await api.search({ phrase: `Second ${mark}`, state: "all", help_center_id: center });
    check(
        "articles.search: in a Help Center",
        here.data.articles.map((one) => one.id),
        [article.id],
    );
    const marked = (await api.search({ phrase: mark, state: "published", highlight: true })).data;
    const highlighted = marked.highlights.map((one) => one.article_id);
    check("articles.search: a highlight each", highlighted.sort(), marked.articles.map((one) => one.id).sort());
    const pieces = marked.highlights[0].highlighted_title.filter((one) => one.type === "highlight");
    check("articles.search: what is highlighted", pieces, [{ type: "highlight", text: mark }]);
    check("articles.search: nothing found", (await api.search({ phrase: `${mark}-${mark}` })).data.articles, []);

    const gone = ids.pop();
    const answer = await api.delete({ article_id: Number(gone) });
    check("articles.delete", answer, { id: gone, object: "article", deleted: true });
    for (const name of ["find", "update", "delete"]) {
        const what = `articles.${name}: one that was deleted`;
        const call = () => api[name]({ article_id: Number(gone), title: "x" });
        await refused(what, Intercom.NotFoundError, 404, "not_found", call);
    }
    return ids;
}

/** `identify` declares no 401, so there the client throws its plain error. */
async function wrongToken(client) {
    const { collections } = client.helpCenters;
    const calls = {
        "articles.list": () => client.articles.list(),
        "articles.create": () => client.articles.create({ title: "x", author_id: 1 }),
        "articles.find": () => client.articles.find({ article_id: 1 }),
        "articles.update": () => client.articles.update({ article_id: 1, title: "x" }),
        "articles.delete": () => client.articles.delete({ article_id: 1 }),
        "articles.search": () => client.articles.search({ phrase: "x" }),
        "helpCenters.list": () => client.helpCenters.list(),
        "helpCenters.find": () => client.helpCenters.find({ help_center_id: 1 }),
        "collections.list": () => collections.list(),
        "collections.create": () => collections.create({ name: "x" }),
        "collections.find": () => collections.find({ collection_id: 1 }),
        "collections.update": () => collections.update({ collection_id: 1, name: "x" }),
        "collections.delete": () => collections.delete({ collection_id: 1 }),
        "tags.list": () => client.tags.list(),
        "tags.create": () => client.tags.create({ name: "x" }),
        "tags.find": () => client.tags.find({ tag_id: "1" }),
        "tags.delete": () => client.tags.delete({ tag_id: "1" }),
        "admins.list": () => client.admins.list(),
        "admins.find": () => client.admins.find({ admin_id: 1 }),
    };
    for (const [name, call] of Object.entries(calls)) {
        await refused(`${name}: a wrong token`, Intercom.UnauthorizedError, 401, "unauthorized", call);
    }
    await refused("admins.identify: a wrong token", IntercomError, 401, "unauthorized", () => client.admins.identify());
}

/** The client's `unstable` part, with the version that `version` says. */
async function unstable(client, version, mark, author, top) {
    const { admins, articles, helpCenter, tags } = client.unstable;
    const { NotFoundError } = Intercom.unstable;
    const name = `unstable (${version})`;
    const me = await admins.identifyAdmin();
    check(`${name}: identifyAdmin`, Number(me.id), author);
    const mine = (await admins.listAdmins()).admins.filter((one) => one.id === me.id).map((one) => one.name);
    check(`${name}: listAdmins`, mine, [me.name]);
    check(`${name}: retrieveAdmin`, (await admins.retrieveAdmin({ id: author })).email, me.email);
    await refused(`${name}: retrieveAdmin, one that is not there`, NotFoundError, 404, "admin_not_found", () =>
        admins.retrieveAdmin({ id: NOBODY }),
    );

    const made = await articles.createArticle({
        title: `Unstable ${mark}`,
        author_id: author,
        body: "<p>Some <b>text</b></p>",
    });
    const id = Number(made.id);
    check(`${name}: createArticle`, [made.title, made.state], [`Unstable ${mark}`, "draft"]);
    check(`${name}: retrieveArticle`, (await articles.retrieveArticle({ id })).body, made.body);
    const listed = await articles.listArticles();
    check(`${name}: listArticles, the default page`, [listed.pages.per_page, listed.data.length], [25, 25]);
    holds(
        `${name}: listArticles has it`,
        listed.data.some((one) => one.id === made.id),
        made.id,
    );
    const hits = await articles.searchArticles({ phrase: `Unstable ${mark}`, state: "draft" });
    check(
        `${name}: searchArticles`,
        hits.data.articles.map((one) => one.id),
        [made.id],
    );
    check(`${name}: deleteArticle`, (await articles.deleteArticle({ id })).deleted, true);
    await refused(`${name}: retrieveArticle, one that was deleted`, NotFoundError, 404, "not_found", () =>
        articles.retrieveArticle({ id }),
    );

    const [center] = (await helpCenter.listHelpCenters()).data;
    check(`${name}: retrieveHelpCenter`, await helpCenter.retrieveHelpCenter({ id: Number(center.id) }), center);
    const below = await helpCenter.createCollection({ name: `Unstable ${mark}`, parent_id: top.id });
    check(`${name}: createCollection`, [below.name, below.parent_id], [`Unstable ${mark}`, top.id]);
    const changed = await helpCenter.updateCollection({ id: Number(below.id), description: "New" });
    check(`${name}: updateCollection`, [changed.description, changed.parent_id], ["New", top.id]);
    check(`${name}: retrieveCollection`, await helpCenter.retrieveCollection({ id: Number(below.id) }), changed);
    const all = (await helpCenter.listAllCollections()).data;
    holds(
        `${name}: listAllCollections has it`,
        all.some((one) => one.id === below.id),
        all,
    );
    check(`${name}: deleteCollection`, (await helpCenter.deleteCollection({ id: Number(below.id) })).deleted, true);

    const tag = await tags.createTag({ name: `Unstable ${mark}` });
    check(`${name}: findTag`, (await tags.findTag({ id: tag.id })).name, `Unstable ${mark}`);
    holds(
        `${name}: listTags has it`,
        (await tags.listTags()).data.some((one) => one.id === tag.id),
        tag.id,
    );
    await tags.deleteTag({ id: tag.id });
    await refused(`${name}: findTag, one that was deleted`, NotFoundError, 404, "not_found", () =>
        tags.findTag({ id: tag.id }),
    );

    if (version === "Unstable") {
        check(
            `${name}: no parent_id and parent_type`,
            ["parent_id", "parent_type"].filter((field) => field in made),
            [],
        );
        check(`${name}: has_unpublished_changes`, made.has_unpublished_changes, false);
        check(`${name}: Markdown of an HTML body`, made.body_markdown, "Some **text**\n");
        const typed = await articles.createArticle({
            title: `Typed ${mark}`,
            author_id: author,
            body_markdown: "More **text**\n",
        });
        const both = [typed.body, typed.body_markdown];
        check(`${name}: HTML of a Markdown body`, both, [
            '<p class="no-margin">More <b>text</b></p>',
            "More **text**\n",
        ]);
        await articles.deleteArticle({ id: Number(typed.id) });
    } else {
        check(`${name}: parent_id, for 2.14 is what is sent`, made.parent_id, null);
    }
}

async function takeAway(client, ids, made) {
    for (const id of ids) {
        await client.articles.delete({ article_id: Number(id) });
    }
    const [top, ...others] = made;
    for (const one of [...others, top]) {
        await client.helpCenters.collections.delete({ collection_id: Number(one.id) });
    }
}

async function main() {
    const { HELPBOOK_URL: baseUrl, HELPBOOK_TOKEN: token } = process.env;
    if (!baseUrl || !token) {
        throw new Wrong("HELPBOOK_URL and HELPBOOK_TOKEN must be set");
    }
    const mark = `m${randomBytes(5).toString("hex")}`;
    const { version } = createRequire(import.meta.url)("intercom-client/package.json");
    check("intercom-client's version", version, VERSION);
    const client = new IntercomClient({ token, baseUrl, fetch: count.fetch });
    const author = await admins(client);
    const center = await helpCenters(client);
    const made = await collections(client, mark, center);
    const [top, child] = made;
    await tags(client, mark);
    const ids = await articles(client, mark, author, center, top, child);
    await wrongToken(new IntercomClient({ token: "wrong", baseUrl }));
    await unstable(client, "2.14", mark, author, top);
    await unstable(new IntercomClient({ token, baseUrl, version: "Unstable" }), "Unstable", mark, author, top);
    await takeAway(client, ids, made);
    check("all that was made is gone", (await client.articles.search({ phrase: mark, state: "all" })).total_count, 0);
}

try {
    await main();
} catch (error) {
    const text = error instanceof Wrong ? error.message : `${error.name}: ${error.message}`;
    console.error(`WRONG  ${text}\n  the last check that held: ${last}`);
    process.exitCode = 1;
}
