// Each kind of page for each kind of visitor: what it may load, how wide and how large it is shown, with a finger, by keyboard,
// on paper, and without motion.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { launch, serve, watch } from './demo.mjs';
import { KINDS } from './pages.mjs';

// Besides a page of each kind: the operator's, one of another département, and those with several hundred rows.
const PAGES = [...Object.values(KINDS), 'admin/', 'ville/83137/', 'ville/01004/', 'departement/01/', 'departement/57/'];

const WIDTHS = [320, 344, 360, 390, 430, 540, 640, 768, 832, 960, 1024, 1280, 1440, 1920];

let demo;
let browser;

before(async () => {
  demo = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Opens each page in one tab of a visitor, and lets `look` see it. */
async function eachPage(options, look, visitor = browser) {
  const context = await visitor.newContext({ baseURL: demo.address, ...options });
  const page = await context.newPage();
  try {
    const troubles = await watch(page);
    for (const path of PAGES) {
      troubles.length = 0;
      const response = await page.goto(path);
      await look(page, path, { response, troubles });
    }
  } finally {
    await context.close();
  }
}

const openAll = (page) =>
  page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));

/** Waits until the page is laid out as it is now. */
const laidOut = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** How wide the page is, how wide the screen, and what stands out of it. */
const widths = (page) =>
  page.evaluate(() => {
    const screen = document.documentElement.clientWidth;
    const content = document.documentElement.scrollWidth;
    const out = content <= screen ? [] : [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > screen + 1)
      .map((one) => one.outerHTML.slice(0, 120));
    return { screen, content, out: out.slice(0, 5) };
  });

test('a page loads what is the site’s own, by a policy that allows nothing else', async () => {
  await eachPage({}, async (page, path, { response, troubles }) => {
    const policy = new Map(response.headers()['content-security-policy'].split(';').map((directive) => {
      const [name, ...sources] = directive.trim().split(' ');
      return [name, sources.join(' ')];
    }));
    assert.equal(policy.get('default-src'), "'none'", path);
    for (const [name, sources] of policy) assert.match(sources, /^'(none|self)'$/, `${name} of /${path}`);
    const html = await response.text();
    const inline = await page.evaluate((text) => {
      const written = new DOMParser().parseFromString(text, 'text/html');
      return [...written.querySelectorAll('*')]
        .filter((one) =>
          one.matches('style, script:not([src]):not([type="application/ld+json"]), [style], a[href^="javascript:"]')
          || one.getAttributeNames().some((name) => name.startsWith('on')))
        .map((one) => one.outerHTML.slice(0, 100));
    }, html);
    assert.deepEqual(inline, [], path);
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    assert.ok(loaded.length >= 2, `/${path} has its style and its script`);
    const foreign = loaded.filter((one) => !one.startsWith(demo.address));
    assert.deepEqual(foreign, [], path);
    const expected = path === KINDS['no page'] ? page.url() : null;
    assert.deepEqual(troubles.filter((one) => !expected || !one.includes(expected)), [], path);
  });
});

test('no page scrolls sideways, from 320 to 1920', async () => {
  await eachPage({}, async (page, path) => {
    await openAll(page);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await laidOut(page);
      const { content, screen, out } = await widths(page);
      assert.ok(content <= screen, `/${path} is ${content} wide on a screen of ${screen}: ${out.join('\n')}`);
    }
  });
});

test('every link of a page is shown, on a phone and on a desk', async () => {
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    await eachPage({ viewport }, async (page, path) => {
      await openAll(page);
      const unseen = await page.evaluate(() => [...document.querySelectorAll('main a[href]')]
        .filter((link) => !link.closest('svg, [hidden]') && link.getClientRects().length === 0)
        .map((link) => link.outerHTML));
      assert.deepEqual(unseen, [], `/${path} at ${viewport.width}`);
    });
  }
});

test('no page scrolls sideways at 200 %, of the page or of its text alone', async () => {
  // A zoom of 200 % is half as many pixels of CSS, each of two of the screen.
  await eachPage({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }, async (page, path) => {
    await openAll(page);
    const { content, screen, out } = await widths(page);
    assert.ok(content <= screen, `/${path} is ${content} wide on a screen of ${screen}: ${out.join('\n')}`);
  });
  const large = await launch(['--blink-settings=defaultFontSize=32']);
  try {
    await eachPage({ viewport: { width: 1280, height: 800 } }, async (page, path) => {
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), '32px');
      await openAll(page);
      await laidOut(page);
      const { content, screen, out } = await widths(page);
      assert.ok(content <= screen, `/${path} with large text is ${content} wide: ${out.join('\n')}`);
    }, large);
  } finally {
    await large.close();
  }
});

test('a finger finds every target: 24 pixels and more, or as far apart', async () => {
  const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  const context = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, bypassCSP: true };
  let targets = 0;
  await eachPage(context, async (page, path) => {
    await page.evaluate(axe);
    await openAll(page);
    const { violations, passes } = await page.evaluate(() => window.axe.run({ runOnly: ['target-size'] }));
    const found = violations.flatMap(({ nodes }) => nodes.map(({ html, any }) => `${html.slice(0, 120)}: ${any[0]?.message}`));
    assert.deepEqual(found.slice(0, 5), [], path);
    targets += passes.flatMap(({ nodes }) => nodes).length;
  });
  assert.ok(targets > 1000, `${targets} targets were measured`);
});

test('the keyboard goes from the top of a page to its foot in few steps', async () => {
  await eachPage({ viewport: { width: 1280, height: 800 } }, async (page, path) => {
    const foot = page.locator('footer a').first();
    const last = (await foot.count()) > 0;
    const seen = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const one = document.activeElement;
        return {
          text: one.textContent.trim().slice(0, 40),
          skip: one.matches('a.skip'),
          top: one.matches('body'),
          foot: one.closest('footer') !== null,
          shown: one.matches('body') || getComputedStyle(one).outlineStyle !== 'none',
        };
      });
      if (stop.top || stop.foot) {
        assert.equal(stop.foot, last, `/${path} is left by its foot`);
        break;
      }
      assert.ok(stop.shown, `${stop.text} of /${path} shows that it has the focus`);
      seen.push(stop.text);
      assert.ok(seen.length <= 100, `/${path} has more than 100 stops: ${seen.join(' | ')}`);
      if (stop.skip) await page.keyboard.press('Enter');
    }
  });
});

test('on paper a page has all its figures, in ink on white, and nothing to press', async () => {
  await eachPage({ viewport: { width: 720, height: 1000 }, colorScheme: 'dark' }, async (page, path) => {
    const screen = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ media: 'print' });
    await laidOut(page);
    const seen = await page.evaluate(() => {
      const light = (colour) => Math.max(...colour.match(/\d+/g).slice(0, 3).map(Number));
      const { backgroundColor, color } = getComputedStyle(document.body);
      const shown = (one) => one.getClientRects().length > 0 && !one.closest('.unseen');
      return {
        paper: backgroundColor,
        ink: light(color),
        controls: [...document.querySelectorAll('nav, form, input:not(:checked), summary, .skip')].filter(shown).map((one) => one.outerHTML.slice(0, 100)),
        bare: [...document.querySelectorAll('section.part > h2')].filter((head) => shown(head) && ![...head.parentElement.children].some((one) => one !== head && shown(one))).map((head) => head.innerText),
        hidden: [...document.querySelectorAll('main table')].filter((one) => !shown(one)).map((one) => one.innerText.slice(0, 60)),
      };
    });
    const { content, screen: paper, out } = await widths(page);
    await page.emulateMedia({ media: null });
    assert.notEqual(screen, 'rgb(255, 255, 255)', 'the screen is dark');
    assert.equal(seen.paper, 'rgb(255, 255, 255)', path);
    assert.ok(seen.ink < 80, `the ink of /${path} is as light as ${seen.ink}`);
    assert.deepEqual(seen.controls, [], path);
    assert.deepEqual(seen.bare, [], `headings of /${path} above nothing`);
    assert.deepEqual(seen.hidden, [], path);
    assert.ok(content <= paper, `/${path} is ${content} wide on paper of ${paper}: ${out.join('\n')}`);
  });
});

test('nothing moves for who wants nothing to move', async () => {
  const moving = () => {
    const still = (one) => {
      const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
      return animationName === 'none' && transitionDuration.split(',').every((time) => parseFloat(time) === 0) && scrollBehavior === 'auto';
    };
    return [...document.querySelectorAll('*')].filter((one) => !still(one)).map((one) => one.outerHTML.slice(0, 60));
  };
  await eachPage({ reducedMotion: 'reduce' }, async (page, path) => {
    assert.deepEqual(await page.evaluate(moving), [], path);
  });
  const context = await browser.newContext({ reducedMotion: 'no-preference' });
  const page = await context.newPage();
  await page.goto(demo.address);
  assert.notDeepEqual(await page.evaluate(moving), [], 'others see the page scroll');
  await context.close();
});
