#!/usr/bin/env bash
# intercom-client 7.0.3 (npm), Node 20.20.2, seen on 2026-11-30.
#
# Guess: an answer with status 200 that is no JSON makes `articles.create` throw.
# Seen: it resolves. What comes back in the place of the article is `{ok: false, error: {reason: "non-json", …}}`, whose
# `id` is undefined, for a page of HTML and for JSON that ends in the middle. No type and no document says so.
#
# Why it matters here: a proxy that asks to sign in, or a connection that is cut, looks like a created article to whoever
# uses this client, and an `undefined` is then written where the id should be. helpbook reads such an answer as an error.
#
# Needs node, npm and a network. Ends with 0 where it is still so.
set -euo pipefail
cd "$(mktemp -d)"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent intercom-client@7.0.3
cat >seen.cjs <<'JS'
const { createServer } = require("node:http");
const { IntercomClient } = require("intercom-client");

const answers = [
  ["text/html", "<html><body>Sign in to this network</body></html>"],
  ["application/json", '{"type": "article", "id": "7", "tit'],
];
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const [type, body] = answers.shift();
    response.writeHead(200, { "content-type": type }).end(body);
  });
});
server.listen(0, "127.0.0.1", async () => {
  const environment = `http://127.0.0.1:${server.address().port}`;
  const client = new IntercomClient({ token: "any", environment });
  for (const expected of ["a page", "half an article"]) {
    const article = await client.articles.create({ title: "Refunds", author_id: 1, body: "<p>In 5 days.</p>" });
    console.log(`${expected}: ok ${article.ok}, reason ${article.error?.reason}, id ${article.id}`);
  }
  server.close();
});
JS
node seen.cjs | tee seen.txt
diff seen.txt - <<'SEEN'
a page: ok false, reason non-json, id undefined
half an article: ok false, reason non-json, id undefined
SEEN
