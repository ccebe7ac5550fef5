// What eight pages look like, against the pictures that were accepted (`npm run accept` takes them as they are now).
//
// The pictures are the same on every machine with Chromium: one font takes the place of those of the system, without hints,
// and nothing moves.

import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import pixelmatch from 'pixelmatch';

import { launch, serve } from './demo.mjs';
import { KINDS } from './pages.mjs';
import { read, write } from './picture.mjs';

const ACCEPTED = new URL('looks/', import.meta.url);
/** Where the pictures go that differ, each with one that shows where. */
const SEEN = new URL('seen/', import.meta.url);

const SCREENS = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

// What is shown of the pages, by the name of its pictures: a page, and the part of it that is scrolled to.
const SHOWN = {
  home: KINDS['the home page'],
  country: KINDS['the country'],
  departement: `${KINDS['a département']}#carte`,
  epci: KINDS['an EPCI'],
  'commune-large': KINDS['a large commune'],
  'commune-large-charts': `${KINDS['a large commune']}#repartition`,
  'commune-small': KINDS['a small commune'],
  'commune-estimated': KINDS['a commune with nothing but an estimate'],
  'commune-uncovered': KINDS['a commune not covered'],
};

// A pixel differs where the eye could tell it: 0 to 1, in the scale of pixelmatch, which leaves smoothed edges out.
const THRESHOLD = 0.1;
// So many pixels of a picture may differ. A digit of a table has more.
const TOLERATED = 25;

let demo;
let browser;
let font;

before(async () => {
  demo = await serve();
  browser = await launch(['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb']);
  const faces = await Promise.all([400, 700].map(async (weight) => {
    const file = import.meta.resolve(`@fontsource/roboto/files/roboto-latin-${weight}-normal.woff2`);
    const data = (await readFile(new URL(file))).toString('base64');
    return `@font-face { font-family: Same; font-weight: ${weight}; src: url(data:font/woff2;base64,${data}); }`;
  }));
  font = `${faces.join('\n')} :root { --serif: Same !important; --sans: Same !important; }`;
  await rm(SEEN, { recursive: true, force: true });
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Puts what the font has in the place of letters that it lacks, which each machine would draw with another. */
function withinFont() {
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const text = node.data
      .replace(/[\u2000-\u200a\u202f]/g, '\u00a0')
      .replace(/●/g, '•')
      .replace(/○/g, '°')
      .replace(/[^\n\t\u0020-\u00ff\u0152\u0153\u2010-\u203a\u20ac\u2212]/g, '¤');
    if (text !== node.data) node.data = text;
  }
}

/** The picture of what a page shows. */
async function picture(page, shown) {
  await page.goto(shown);
  await page.addStyleTag({ content: font });
  await page.evaluate(withinFont);
  await page.evaluate(async () => {
    await document.fonts.ready;
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  // The estimate comes with a file of its own.
  await page.waitForFunction(() => {
    const output = document.querySelector('.estimator output');
    return !output || output.getBoundingClientRect().top > innerHeight || output.childElementCount > 0;
  });
  await page.evaluate(withinFont);
  assert.equal(await page.evaluate(() => document.fonts.check('700 1rem Same')), true, 'the font is there');
  const part = new URL(page.url()).hash.slice(1);
  if (part) assert.equal(await page.locator(`#${part}`).count(), 1, shown);
  return read(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
}

/** How many pixels differ from the accepted picture, and a picture that shows where; all, where none was accepted. */
async function compare(name, now) {
  const bytes = await readFile(new URL(name, ACCEPTED)).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const before = bytes && read(bytes);
  if (before?.width !== now.width || before?.height !== now.height) return { pixels: now.width * now.height };
  const where = { ...now, data: new Uint8Array(now.data.length) };
  const pixels = pixelmatch(before.data, now.data, where.data, now.width, now.height, { threshold: THRESHOLD });
  return { pixels, where };
}

for (const viewport of SCREENS) {
  for (const colorScheme of ['light', 'dark']) {
    test(`the pages look as they did at ${viewport.width} in ${colorScheme}`, async () => {
      const context = await browser.newContext({
        baseURL: demo.address,
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
        bypassCSP: true,
      });
      const page = await context.newPage();
      const different = [];
      for (const [what, shown] of Object.entries(SHOWN)) {
        const name = `${what}-${viewport.width}-${colorScheme}.png`;
        const now = await picture(page, shown);
        const { pixels, where } = await compare(name, now);
        if (pixels <= TOLERATED) continue;
        const folder = process.env.ACCEPT ? ACCEPTED : SEEN;
        await mkdir(folder, { recursive: true });
        await writeFile(new URL(name, folder), write(now));
        if (process.env.ACCEPT) continue;
        if (where) await writeFile(new URL(name.replace('.png', '-where.png'), SEEN), write(where));
        different.push(`${name}: ${pixels} pixels`);
      }
      await context.close();
      assert.deepEqual(different, [], `look at ${SEEN.pathname}, then mend the pages or run npm run accept`);
    });
  }
}
