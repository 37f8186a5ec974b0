// Drives Chromium through the pages of `helpbook preview`. See `run`.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import puppeteer from "puppeteer-core";

import { pictures, place } from "./pictures.mjs";

const { values: options } = parseArgs({
  options: {
    helpbook: { type: "string" },
    chromium: { type: "string" },
    root: { type: "string" },
    pictures: { type: "string" },
    saves: { type: "string", default: "20" },
    articles: { type: "string", default: "0" },
  },
});
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "helpbook-preview-"));
// The Help Center is called as the folder.
const docs = path.join(folder, "Help Center");
fs.cpSync(path.join(options.root, "example-docs"), docs, {
  recursive: true,
  filter: (file) => path.basename(file) !== ".helpbook",
});
for (let at = 0; at < Number(options.articles); at += 1) {
  const group = path.join(docs, "many", `group-${at % 40}`);
  fs.mkdirSync(group, { recursive: true });
  const text = `# Article ${at}\n\n## First\n\n${"Some words of an article that is one of many. ".repeat(30)}\n`;
  fs.writeFileSync(path.join(group, `article-${at}.md`), text);
}

const preview = spawn(options.helpbook, ["-C", docs, "preview", "--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
const begun = performance.now();
const home = await new Promise((found) => preview.stdout.once("data", (data) => found(String(data).trim())));
// The hosts of the previews that run here.
const ours = new Set([new URL(home).host]);
const browser = await puppeteer.launch({ executablePath: options.chromium, args: ["--no-sandbox"] });

// Looks at a change of an article that is live in the local Help Center.
async function compared() {
  const file = path.join(docs, "publishing", "state.md");
  execFileSync(options.helpbook, ["-C", docs, "--local", "apply", "--publish", "--yes"], { stdio: "ignore" });
  const before = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, before.replace("customers", "your customers").replace(/\n## [^\n]*\n/, "$&\nA new paragraph, with **bold words**.\n"));
  const other = spawn(options.helpbook, ["-C", docs, "--local", "preview", "--port", "0"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const top = await new Promise((found) => other.stdout.once("data", (data) => found(String(data).trim())));
    ours.add(new URL(top).host);
    const page = await open(`${top}en/index.html`);
    await page.waitForSelector(".changes a");
    await Promise.all([page.waitForNavigation(), page.click(".changes a")]);
    await accessible(page);
    await Promise.all([page.waitForNavigation(), page.click(".articles a")]);
    for (const scheme of ["dark", "light"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await accessible(page);
    }
    const ground = await page.$eval(".difference ins, .difference .came", (node) => getComputedStyle(node).backgroundColor);
    assert.notEqual(ground, "rgba(0, 0, 0, 0)");
    if (options.pictures) await page.screenshot({ path: place(options.pictures, "preview-difference") });
    await page.setViewport({ width: 360, height: 740 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    // A save shows in the difference, and what is open stays open.
    await page.setViewport({ width: 1200, height: 900 });
    await page.click(".difference details summary");
    fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("A new paragraph", "A newer paragraph"));
    await page.waitForFunction(() => document.querySelector(".difference").textContent.includes("A newer paragraph"));
    assert.ok(await page.$eval(".difference details", (details) => details.open));
    await page.goto(`${top}en/before/publishing/state.html`);
    assert.ok(!(await page.$eval(".body", (body) => body.textContent)).includes("newer paragraph"));
    await accessible(page);
    await page.close();
  } finally {
    other.kill();
  }
  done("what changes, beside what is live");
}

const words = (text) => text.normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? [];

// The words that a reader of the Markdown sees, in order.
function written(markdown) {
  return words(
    markdown
      .replace(/^---\n[^]*?\n---\n/, "")
      .replace(/^\s*# .*\n/, "")
      .replace(/<!--[^]*?-->/g, "")
      .replace(/^[ >]*\d+[.)] /gm, "")
      .replace(/^( *)(`{3,})([^\n]*)\n([^]*?)\n\1\2/gm, (_, __, ___, ____, code) => `\n${code.replace(/[<>[\]()]/g, " ")}\n`)
      .replace(/`[^`\n]+`/g, (code) => code.replace(/[<>[\](){}!]/g, " "))
      .replace(/!\[[^\]]*\]\([^)]*\)/g, " ")
      .replace(/^\[[^\]]+\]: .*$/gm, "")
      .replace(/\]\([^)]*\)/g, "]")
      .replace(/\]\[[^\]]*\]/g, "]")
      .replace(/^https:\/\/(www\.)?(youtube|youtu|loom|vimeo|wistia)\S*$/gm, "")
      .replace(/^[ >]*\[!\w+\]$/gm, "")
      .replace(/^( *[-*] )\[[ x]\] /gm, "$1")
      .replace(/\{#[\w-]+\}/g, "")
      .replace(/<\/?[a-z][^>]*>/gi, " ")
      .replace(/&[a-z#0-9]+;/gi, " "),
  );
}

// The first of some words that is not among others in their order.
function lost(wanted, shown) {
  let at = 0;
  for (const [index, word] of wanted.entries()) {
    const next = shown.indexOf(word, at);
    if (next < 0 || next > at + 12) return [...wanted.slice(Math.max(0, index - 5), index), `>${word}<`].join(" ");
    at = next + 1;
  }
  return undefined;
}

const log = [];
async function open(url, viewport = { width: 1200, height: 900 }) {
  const page = await browser.newPage();
  await page.setViewport(viewport);
  page.on("console", (message) => log.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => log.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    // Images are from where the writer has them.
    if (request.resourceType() === "image") return;
    if (protocol !== "data:" && !ours.has(host)) log.push(`${page.url()} asks ${request.url()}`);
  });
  await page.goto(url, { waitUntil: "domcontentloaded" });
  return page;
}

async function accessible(page) {
  await page.addScriptTag({ path: AXE }).catch(() => {});
  // The policy of the page runs no script of ours; a browser's own console does.
  await page.evaluate(fs.readFileSync(AXE, "utf8"));
  const { violations } = await page.evaluate(() => axe.run(document));
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  assert.deepEqual(grave.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html)]), [], page.url());
}

const done = (what) => console.log(`ok ${what}`);
try {
  const page = await open(home);
  assert.equal(page.url(), `${home}en/index.html`);
  done(`the first page, ${Math.round(performance.now() - begun)} ms after the start`);

  // Every article with all its words, in every language.
  let count = 0;
  for (const locale of ["en", "fr"]) {
    await page.goto(`${home}${locale}/index.html`);
    const texts = await page.evaluate(async (url) => {
      let found;
      const kept = window.helpbookTexts;
      window.helpbookTexts = (texts) => (found = texts);
      const script = document.createElement("script");
      script.src = url;
      document.head.append(script);
      await new Promise((loaded) => script.addEventListener("load", loaded));
      window.helpbookTexts = kept;
      return found;
    }, `${home}${locale}/texts.js`);
    for (const { href } of texts.filter(({ href }) => !href.includes("/many/"))) {
      const answer = await page.goto(`${home}${locale}/${href}`);
      assert.equal(answer.status(), 200, href);
      const name = decodeURIComponent(href).replace(/^articles\//, "").replace(/\.html$/, "");
      const file = path.join(docs, `${name}${locale === "en" ? "" : `.${locale}`}.md`);
      const text = (body) => {
        body.querySelectorAll("details").forEach((details) => (details.open = true));
        return body.innerText;
      };
      const shown = words(await page.$eval(".body", text));
      const markdown = fs.readFileSync(file, "utf8");
      assert.equal(lost(written(markdown), shown), undefined, file);
      const images = await page.$$eval(".body img", (all) => all.map((image) => [image.src, image.naturalWidth > 0]));
      assert.deepEqual(images.filter(([src, isThere]) => src.startsWith(home) && !isThere), [], file);
      count += 1;
    }
  }
  done(`${count} articles with all their words and images`);

  // A save keeps the place, what is open, and what is looked for.
  const file = path.join(docs, "writing", "text-and-structure.md");
  const before = fs.readFileSync(file, "utf8");
  await page.goto(`${home}en/articles/writing/text-and-structure.html`);
  await page.evaluate(() => {
    document.querySelector(".body details").open = true;
    document.querySelector("#search").value = "pla";
    document.querySelector("#search").focus();
    scrollTo({ top: 1500, behavior: "instant" });
    window.isTheSamePage = true;
  });
  const took = [];
  for (let at = 0; at < Number(options.saves); at += 1) {
    const seen = page.evaluate(
      (text) =>
        new Promise((found) => {
          const look = () => document.querySelector(".body").textContent.includes(text) && found(Date.now());
          new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
        }),
      `Saved ${at} times`,
    );
    await new Promise((wait) => setTimeout(wait, 40));
    const saved = Date.now();
    fs.writeFileSync(file, before.replace("This article uses everything", `Saved ${at} times. This article uses everything`));
    took.push((await seen) - saved);
  }
  const kept = await page.evaluate(() => [
    document.querySelector(".body details").open,
    document.querySelector("#search").value,
    document.activeElement.id,
    scrollY,
    window.isTheSamePage,
  ]);
  assert.deepEqual(kept, [true, "pla", "search", 1500, true]);
  took.sort((a, b) => a - b);
  const percentile = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
  done(`${took.length} saves shown: median ${percentile(0.5)} ms, 95 % ${percentile(0.95)} ms, most ${took.at(-1)} ms`);
  assert.ok(percentile(0.95) < 2000, "a save is shown late");

  // What breaks is said above the text, and goes by itself.
  fs.writeFileSync(file, before.replace("This article uses everything", "~~Never~~ this article uses everything"));
  await page.waitForSelector(".finding.error");
  const finding = await page.$eval(".finding.error", (node) => node.innerText);
  for (const part of ["strikethrough", "text-and-structure.md:6:1", "remove the text"]) assert.ok(finding.includes(part), finding);
  await accessible(page);
  if (options.pictures) {
    await page.evaluate(() => {
      document.querySelector("#search").value = "";
      document.activeElement.blur();
      scrollTo({ top: 0, behavior: "instant" });
    });
    await page.screenshot({ path: place(options.pictures, "preview-finding") });
  }
  fs.writeFileSync(file, before);
  await page.waitForFunction(() => !document.querySelector(".finding.error"));
  done("a finding comes and goes");

  // Search, with the keyboard alone.
  await page.goto(`${home}en/index.html`);
  await page.keyboard.press("/");
  await page.keyboard.type("collapsible");
  await page.waitForSelector("#hits a");
  await page.keyboard.press("ArrowDown");
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  assert.ok(page.url().includes("/articles/"), page.url());
  await page.goBack();
  assert.equal(page.url(), `${home}en/index.html`);
  await page.goForward();
  assert.ok(page.url().includes("/articles/"), page.url());
  done("search, back and forward");

  // Languages, dark, small, on paper.
  await page.goto(`${home}en/articles/getting-started/install.html`);
  await Promise.all([page.waitForNavigation(), page.click(".languages a[hreflang=fr]")]);
  assert.ok(page.url().endsWith("/fr/articles/getting-started/install.html"), page.url());
  assert.equal(await page.$eval("html", (html) => html.lang), "fr");
  const pages = ["en/index.html", "en/collections/writing.html", "en/articles/writing/text-and-structure.html", "en/none.html"];
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    for (const at of pages) {
      await page.goto(home + at);
      await accessible(page);
    }
  }
  log.splice(0, log.length, ...log.filter((line) => !line.includes("none.html") && !line.includes("404")));
  await page.emulateMediaFeatures([]);
  for (const at of pages) {
    await page.setViewport({ width: 360, height: 740 });
    await page.goto(home + at);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${at} is wider than 360 px`);
  }
  await page.setViewport({ width: 1200, height: 900 });
  await page.goto(`${home}en/articles/writing/text-and-structure.html`);
  await page.emulateMediaType("print");
  assert.equal(await page.$eval(".contents", (node) => getComputedStyle(node).display), "none");
  await page.emulateMediaType("screen");
  done("languages, dark, 360 px, paper, and nothing that axe calls serious");

  // Without scripts.
  const plain = await open(`${home}en/index.html`);
  await plain.setJavaScriptEnabled(false);
  await plain.goto(`${home}en/search.html?q=collapsible`);
  assert.ok((await plain.$$(".articles a")).length > 0);
  await plain.goto(`${home}en/articles/writing/text-and-structure.html`);
  await plain.click(".body details summary");
  assert.ok(await plain.$eval(".body details", (details) => details.open));
  done("without scripts");

  // What changes, beside what is live.
  await compared();

  log.splice(0, log.length, ...log.filter((line) => !line.includes("404") && !line.includes("net::ERR") && !line.includes("Content Security Policy")));
  assert.deepEqual(log, []);
  done("no message of the console, and no request to another host");

  if (options.pictures) {
    await page.setViewport({ width: 1200, height: 760 });
    await page.goto(`${home}en/index.html`);
    await page.screenshot({ path: place(options.pictures, "preview-home") });
    await pictures(browser, { helpbook: options.helpbook, guide: options.pictures });
    done("pictures");
  }
} finally {
  await browser.close();
  preview.kill();
  fs.rmSync(folder, { recursive: true });
}
