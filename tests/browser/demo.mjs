// The demonstration, served by the built program from a folder of its own, and a browser to visit it with.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { chromium } from 'playwright-core';

/** The built program. */
const program = process.env.IMMOSTATS ?? '../../target/debug/immostats';

/** The demonstration of the run: that which `run.mjs` serves for all files of tests, or one of its own. */
export async function serve() {
  const { DEMO_ADDRESS: address, DEMO_ROOT: root } = process.env;
  return address ? visit(address, root, async () => {}) : start();
}

/** The same by settings that are edited, built and served from a folder of its own; `prepare` is given it and a way to have the
 * program work on it before it is built. */
export async function configured(edit, prepare = async () => {}) {
  const demo = await serve();
  const root = await mkdtemp(join(tmpdir(), 'immostats-'));
  const project = join(root, 'demo');
  await cp(join(demo.root, 'demo'), project, { recursive: true });
  await demo.stop();
  const settings = join(project, 'immostats.toml');
  await writeFile(settings, edit(await readFile(settings, 'utf8')));
  const command = (...words) => promisify(execFile)(program, ['--root', project, ...words]);
  await prepare(project, command);
  await command('build', '--only-changed');
  return run(root, ['--root', project, 'serve']);
}

/** Starts `immostats demo` in a new folder. */
async function start() {
  const root = await mkdtemp(join(tmpdir(), 'immostats-'));
  return run(root, ['--root', root, 'demo']);
}

/** Starts a server on a free port; gives its address, its folder and that of its site, a way to ask the program and one to stop it. */
async function run(root, command) {
  const server = spawn(program, [...command, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null && server.kill()) {
      await once(server, 'exit');
    }
    await rm(root, { recursive: true });
  };
  const failed = once(server, 'error').then(([error]) => {
    throw error;
  });
  const told = (async () => {
    for await (const line of createInterface({ input: server.stdout })) {
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0];
      if (address) return address;
    }
    throw new Error(`${program} ${command.join(' ')} ended without an address`);
  })();
  try {
    return visit(await Promise.race([told, failed]), root, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A demonstration that is served, with what the program says of it, as JSON. */
function visit(address, root, stop) {
  const ask = async (...words) => {
    const options = ['--root', join(root, 'demo'), '--json'];
    const { stdout } = await promisify(execFile)(program, [...options, ...words.map(String)]);
    return JSON.parse(stdout);
  };
  return { address, root, site: join(root, 'demo', 'site'), ask, stop };
}

/** The Chromium of the system, which speaks to nobody but the pages' server; `more` arguments on its command line. */
export function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

/** Notes all that goes wrong on a page: errors, requests that fail, what its Content-Security-Policy blocks. */
export async function watch(page) {
  const troubles = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      troubles.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('requestfailed', (request) =>
    troubles.push(`failed: ${request.url()}: ${request.failure()?.errorText}`),
  );
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (violation) => {
      console.error(`blocked: ${violation.violatedDirective} ${violation.blockedURI}`);
    });
  });
  return troubles;
}
