// Lighthouse, as on a phone: what it gives the pages that people open first.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';

import lighthouse from 'lighthouse';
import * as constants from 'lighthouse/core/config/constants.js';
import { pageFunctions } from 'lighthouse/core/lib/page-functions.js';

import { launch, serve } from './demo.mjs';
import { KINDS } from './pages.mjs';

// The median of five runs; three on one side of the floor decide it.
const RUNS = 5;
const PERFORMANCE = 0.98;

const PAGES = ['a large commune', 'a small commune', 'a commune not covered', 'a département', 'the home page'];

// The pages ask for nothing once they are loaded, and are quiet at once.
const FLAGS = {
  output: 'json',
  logLevel: 'error',
  disableFullPageScreenshot: true,
  pauseAfterFcpMs: 200,
  pauseAfterLoadMs: 200,
  networkQuietThresholdMs: 300,
  cpuQuietThresholdMs: 300,
};

// Lighthouse's phone is four times slower than a fast desktop, which has this index and more; a slower machine, or one that is
// busy with something else, is so much nearer to the phone.
// https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
const FAST_DESKTOP = 1500;
const SLOWDOWN = 4;

let demo;

before(async () => {
  demo = await serve();
});

after(() => demo?.stop());

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** How many times slower than this machine is now the phone is. */
async function slowdown(browser) {
  const page = await browser.newPage();
  const index = await page.evaluate(pageFunctions.computeBenchmarkIndex);
  await page.close();
  return Math.max(1, SLOWDOWN * Math.min(1, index / FAST_DESKTOP));
}

/** What Lighthouse reports of a page in a browser that has not seen it. Where the trace of the load failed, it is asked again. */
async function report(path, flags, attempts = 3) {
  const port = await freePort();
  const browser = await launch([`--remote-debugging-port=${port}`]);
  let lhr;
  try {
    const throttling = { ...constants.throttling.mobileSlow4G, cpuSlowdownMultiplier: await slowdown(browser) };
    ({ lhr } = await lighthouse(demo.address + path, { ...FLAGS, ...flags, throttling, port }));
  } finally {
    await browser.close();
  }
  if (lhr.runtimeError && attempts > 1) return report(path, flags, attempts - 1);
  assert.equal(lhr.runtimeError, undefined, lhr.runtimeError?.message);
  return lhr;
}

/** The audits of a category that a page does not pass and that count, by their names. */
const failed = (lhr, category) =>
  lhr.categories[category].auditRefs
    .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1)
    .map(({ id }) => id);

for (const kind of PAGES) {
  const path = KINDS[kind];
  test(`Lighthouse passes ${kind}`, async (context) => {
    const whole = await report(path);
    assert.deepEqual(failed(whole, 'accessibility'), []);
    assert.deepEqual(failed(whole, 'best-practices'), []);
    const hidden = /<meta name="robots" content="noindex/.test(await (await fetch(demo.address + path)).text());
    assert.equal(hidden, kind === 'a commune not covered', 'only what has no figures is kept from search engines');
    assert.deepEqual(failed(whole, 'seo'), hidden ? ['is-crawlable'] : []);
    const scores = [whole.categories.performance.score];
    const many = (good) => scores.filter((score) => score >= PERFORMANCE === good).length > RUNS / 2;
    while (!many(true) && !many(false)) {
      scores.push((await report(path, { onlyCategories: ['performance'] })).categories.performance.score);
    }
    const multiplier = whole.configSettings.throttling.cpuSlowdownMultiplier.toFixed(1);
    context.diagnostic(`performance ${scores.map((score) => Math.round(score * 100)).join(', ')}; first of a phone ${multiplier} times slower`);
    assert.ok(many(true), `performance of ${path}: ${scores}; ${failed(whole, 'performance').join(', ')}`);
  });
}
