// Search in all texts, and pages that change while they are looked at. Without it every page works, too.
"use strict";

const body = document.body;

/* Search. The texts are fetched when somebody is about to search. */

let entries;
let waiting = [];

// Called by the file of the texts.
window.helpbookTexts = (texts) => {
  entries = texts.map((text) => ({ ...text, low: fold(`${text.title}\n${text.text}`), lowTitle: fold(text.title) }));
  waiting.forEach((act) => act());
  waiting = [];
};

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function load(act) {
  if (entries) {
    act();
    return;
  }
  waiting.push(act);
  if (waiting.length === 1) {
    const script = document.createElement("script");
    script.src = body.dataset.index;
    script.addEventListener("error", () => {
      script.remove();
      waiting = [];
    });
    document.head.append(script);
  }
}

function found(query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const score = (entry) => words.reduce((sum, word) => sum + (entry.lowTitle.includes(word) ? 10 : 1), 0);
  const hits = entries.filter((entry) => words.every((word) => entry.low.includes(word)));
  return { words, hits: hits.map((entry) => [score(entry), entry]).sort((a, b) => b[0] - a[0]).map(([, entry]) => entry) };
}

function part(entry, words) {
  const low = fold(entry.text);
  const at = Math.max(0, Math.min(...words.map((word) => low.indexOf(word)).filter((at) => at >= 0), low.length) - 40);
  const cut = entry.text.slice(at, at + 140).trim();
  return at > 0 ? `…${cut}` : cut;
}

function showHits() {
  const field = document.getElementById("search");
  const list = document.getElementById("hits");
  const count = document.getElementById("hits-count");
  const query = field.value.trim();
  if (!query) {
    list.hidden = true;
    count.textContent = "";
    return;
  }
  load(() => {
    const { words, hits } = found(query);
    count.textContent = hits.length ? String(hits.length) : body.dataset.nothing;
    list.replaceChildren(
      ...hits.slice(0, 12).map((entry) => {
        const [item, link, title, text] = ["li", "a", "b", "small"].map((name) => document.createElement(name));
        title.textContent = entry.title;
        text.textContent = part(entry, words);
        link.href = new URL(entry.href, new URL(body.dataset.index, document.baseURI));
        link.append(title, text);
        item.append(link);
        return item;
      }),
    );
    if (!hits.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = body.dataset.nothing;
      list.append(none);
    }
    list.hidden = false;
  });
}

document.addEventListener("input", (event) => {
  if (event.target.id === "search") showHits();
});
document.addEventListener("focusin", (event) => {
  if (event.target.id === "search") load(() => {});
});
document.addEventListener("keydown", (event) => {
  const list = document.getElementById("hits");
  const field = document.getElementById("search");
  if (event.key === "/" && !event.target.closest("input, textarea")) {
    event.preventDefault();
    field.focus();
  }
  if (!list || list.hidden || !event.target.closest(".search")) return;
  const links = [...list.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    list.hidden = true;
    field.focus();
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    links[Math.min(at + 1, links.length - 1)]?.focus();
  } else if (event.key === "ArrowUp") {
    event.preventDefault();
    (links[at - 1] ?? field).focus();
  }
});
document.addEventListener("click", (event) => {
  const list = document.getElementById("hits");
  if (list && !event.target.closest(".search")) list.hidden = true;
});

/* Reload: of the new page only what differs takes the place of what is there. */

function isKept(node) {
  return node.id === "hits" || node.id === "hits-count";
}

function morph(from, to) {
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) {
    from.replaceWith(document.importNode(to, true));
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (isKept(from) || from.isEqualNode(to)) return;
  const stays = (name) => name === "open" && from.nodeName === "DETAILS" || name === "value" && from.nodeName === "INPUT";
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !stays(name)) from.removeAttribute(name);
  for (const { name, value } of [...to.attributes]) {
    if (!stays(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  children(from, to);
}

function children(from, to) {
  const [old, now] = [[...from.childNodes], [...to.childNodes]];
  // What is equal at the beginning and at the end stays where it is.
  let start = 0;
  while (start < old.length && start < now.length && old[start].isEqualNode(now[start])) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end).isEqualNode(now.at(-1 - end))) end += 1;
  const [mine, theirs] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const after = old[old.length - end] ?? null;
  if (mine.length === theirs.length) {
    mine.forEach((node, at) => morph(node, theirs[at]));
    return;
  }
  // Pieces were added or removed: each takes the next one that is equal, or of the same kind.
  let at = 0;
  for (const node of theirs) {
    const equal = mine.findIndex((one, index) => index >= at && one.isEqualNode(node));
    if (equal >= 0) {
      mine.slice(at, equal).forEach((one) => one.remove());
      at = equal + 1;
    } else if (at < mine.length && mine[at].nodeName === node.nodeName && !theirs.some((one) => one.isEqualNode(mine[at]))) {
      morph(mine[at], node);
      at += 1;
    } else {
      from.insertBefore(document.importNode(node, true), mine[at] ?? after);
    }
  }
  mine.slice(at).forEach((one) => one.remove());
}

let isFetching = false;
let isStale = false;

async function refresh() {
  if (isFetching) {
    isStale = true;
    return;
  }
  isFetching = true;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = page.title;
    document.documentElement.dir = page.documentElement.dir;
    entries = undefined;
    morph(body, page.body);
  } finally {
    isFetching = false;
  }
  if (isStale) {
    isStale = false;
    await refresh();
  }
}

function lost(is) {
  document.querySelector(".lost")?.remove();
  if (is) {
    const note = document.createElement("p");
    note.className = "lost";
    note.setAttribute("role", "status");
    note.textContent = "the preview has ended; run it again";
    document.documentElement.append(note);
  }
}

if (body.dataset.events) {
  const events = new EventSource(body.dataset.events);
  let version;
  let losing;
  events.addEventListener("version", (event) => {
    clearTimeout(losing);
    losing = undefined;
    lost(false);
    if (version !== undefined && version !== event.data) refresh().catch(() => {});
    version = event.data;
  });
  events.addEventListener("error", () => {
    losing ??= setTimeout(() => lost(true), 2000);
  });
  addEventListener("pagehide", () => {
    clearTimeout(losing);
    events.close();
  });
}
