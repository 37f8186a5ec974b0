#!/usr/bin/env node
// Runs the helpbook of this machine's package, which npm installed beside this one. It downloads nothing.
'use strict';

const { spawn } = require('node:child_process');
const { dirname, join } = require('node:path');

const scope = require('../package.json').name.split('/')[0];
const name = `${scope}/helpbook-${process.platform}-${process.arch}`;
let program;
try {
  const folder = dirname(require.resolve(`${name}/package.json`));
  program = join(folder, 'bin', process.platform === 'win32' ? 'helpbook.exe' : 'helpbook');
} catch {
  const known = Object.keys(require('../package.json').optionalDependencies);
  const hint = known.includes(name)
    ? `run \`npm install --include=optional ${scope}/helpbook\`: npm left out the package ${name}`
    : 'build it with `cargo install`';
  process.stderr.write(`error: there is no helpbook for ${process.platform} on ${process.arch} here\n\nhint: ${hint}\n`);
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' });
// The program ends what is under way by itself; a terminal sends it Ctrl-C, too.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`error: ${program} cannot be run: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  for (const one of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(one);
  process.kill(process.pid, signal);
});
