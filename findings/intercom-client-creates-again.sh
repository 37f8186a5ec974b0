#!/usr/bin/env bash
# intercom-client 7.0.3 (npm), Node 20.20.2, seen on 2026-11-30.
#
# Guess: what creates something is sent once where the server answers 503, as nobody knows whether it was done.
# Seen: by default `articles.create` sends its POST three times, with the same body and nothing by which a server could
# tell that it is one wish.
#
# Why it matters here: Intercom's API has no key against doubles, so a gateway that fails after the work is done leaves up
# to three articles of one title. `helpbook plan` names doubles; helpbook itself looks for the article before it repeats.
#
# Needs node, npm and a network. Ends with 0 where it is still so.
set -euo pipefail
cd "$(mktemp -d)"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent intercom-client@7.0.3
cat >seen.cjs <<'JS'
const { createServer } = require("node:http");
const { IntercomClient } = require("intercom-client");

const requests = [];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const keys = Object.keys(request.headers).filter((name) => /idempot/i.test(name));
    requests.push(`${request.method} ${request.url} ${body} ${keys}`.trim());
    response.writeHead(503, { "content-type": "application/json", "retry-after": "0" }).end("{}");
  });
});
server.listen(0, "127.0.0.1", async () => {
  const environment = `http://127.0.0.1:${server.address().port}`;
  const client = new IntercomClient({ token: "any", environment });
  const thrown = await client.articles.create({ title: "Refunds", author_id: 1 }).catch((error) => error.statusCode);
  console.log(`thrown: ${thrown}\n${requests.join("\n")}`);
  server.closeAllConnections();
  server.close();
});
JS
node seen.cjs | tee seen.txt
diff seen.txt - <<'SEEN'
thrown: 503
POST /articles {"title":"Refunds","author_id":1}
POST /articles {"title":"Refunds","author_id":1}
POST /articles {"title":"Refunds","author_id":1}
SEEN
