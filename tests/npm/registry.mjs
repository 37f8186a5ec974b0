// A registry of npm on this machine, for packages that are files: it serves what `npm pack` made, with the checksums
// that the real one has. `node registry.mjs FOLDER` prints its address.
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const folder = process.argv[2];
const packages = new Map();
for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz'))) {
  const bytes = readFileSync(join(folder, file));
  const text = execFileSync('tar', ['-xzOf', join(folder, file), 'package/package.json']).toString();
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  packages.set(JSON.parse(text).name, { file, manifest: JSON.parse(text), integrity });
}

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, 'http://registry').pathname).slice(1);
  const address = `http://127.0.0.1:${server.address().port}`;
  const file = [...packages.values()].find((one) => path === `files/${one.file}`);
  if (file) return response.end(readFileSync(join(folder, file.file)));
  const known = packages.get(path);
  if (!known) {
    response.statusCode = 404;
    return response.end('{"error": "not found"}');
  }
  const version = known.manifest.version;
  const dist = { tarball: `${address}/files/${known.file}`, integrity: known.integrity };
  response.setHeader('content-type', 'application/json');
  return response.end(
    JSON.stringify({ name: path, 'dist-tags': { latest: version }, versions: { [version]: { ...known.manifest, dist } } }),
  );
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
