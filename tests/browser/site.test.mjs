// What a visitor of the demonstration's site meets.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, serve, watch } from './demo.mjs';

const SCREENS = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

// A page of each kind: with few and many figures, with arrondissements, not covered by DVF, not there.
const PAGES = [
  '',
  'methodologie/',
  'france/',
  'embed/?c=95127',
  'region/93/',
  'region/44/',
  'departement/83/',
  'ville/83137/',
  'ville/69123/',
  'ville/69381/',
  'ville/01004/',
  'ville/67482/',
  'ville/00000/',
  'admin/',
];

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

/** Opens a page for a visitor, lets `visit` look at it, and closes it. */
async function visitor(options, visit) {
  const context = await browser.newContext({ baseURL: demo.address, ...options });
  const page = await context.newPage();
  try {
    const troubles = await watch(page);
    await visit(page, troubles);
  } finally {
    await context.close();
  }
}

/** Text with plain spaces, as a reader sees it. */
const plain = (text) => text.replace(/\s+/g, ' ').trim();

const french = (number) => plain(new Intl.NumberFormat('fr-FR').format(number));

const city = async (code) =>
  JSON.parse(await readFile(join(demo.site, 'data', 'villes', `${code}.json`), 'utf8'));

for (const viewport of SCREENS) {
  test(`from the home page to Toulon at ${viewport.width} × ${viewport.height}`, async () => {
    await visitor({ viewport }, async (page, troubles) => {
      const home = await page.goto('');
      assert.equal(home.status(), 200);
      await page.getByRole('main').getByRole('link', { name: 'Var', exact: true }).click();
      await page.waitForURL('**/departement/83/');
      await page.getByRole('main').getByRole('link', { name: 'Toulon', exact: true }).click();
      await page.waitForURL('**/ville/83137/');

      const data = await city('83137');
      const title = plain(await page.getByRole('heading', { level: 1 }).innerText());
      assert.match(title, new RegExp(`à ${data.metadata.city_name}$`));
      for (const [heading, kind] of [
        ['Appartements', 'appartement'],
        ['Maisons', 'maison'],
      ]) {
        const section = page
          .locator('section.answer')
          .filter({ has: page.getByRole('heading', { name: heading, exact: true }) });
        const text = plain(await section.innerText());
        const median = data.current_stats[`prix_m2_${kind}`];
        const current = data.by_type[kind].current;
        assert.equal(median, current.prix_m2);
        assert.ok(text.includes(`${french(median)} €/m²`), `${median} in: ${text}`);
        assert.ok(text.includes(`${french(current.volume)} ventes`), `${current.volume} in: ${text}`);
        assert.ok(text.includes(french(current.prix_median)), `${current.prix_median} in: ${text}`);
        assert.ok(text.includes(french(current.surface_moyenne)), `${current.surface_moyenne} in: ${text}`);
      }
      const main = plain(await page.getByRole('main').innerText());
      assert.ok(main.includes(`${french(data.current_stats.volume)} ventes`));
      assert.ok(main.includes(`${french(data.metadata.total_transactions)} ventes`));
      assert.ok(main.includes(`${french(data.metadata.population)} habitants`));
      await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
      for (const { year, prix_m2 } of data.by_type.appartement.yearly) {
        const row = page.getByRole('row', { name: new RegExp(`^${year}`) }).first();
        assert.ok(plain(await row.innerText()).includes(french(prix_m2)), `${year}: ${prix_m2}`);
      }
      assert.deepEqual(troubles, []);
    });
  });
}

test('the skip link leads the keyboard to the content', async () => {
  await visitor({ viewport: SCREENS[1] }, async (page) => {
    await page.goto('ville/83137/');
    await page.keyboard.press('Tab');
    const skip = page.locator(':focus');
    assert.equal(plain(await skip.innerText()), 'Aller au contenu');
    const box = await skip.boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0 && box.width > 20 && box.height > 10, JSON.stringify(box));
    await page.keyboard.press('Enter');
    assert.equal(new URL(page.url()).hash, '#contenu');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null));
  });
});

test('the button of the search is seen once it has the focus', async () => {
  for (const viewport of SCREENS) {
    await visitor({ viewport }, async (page) => {
      await page.goto('ville/83137/');
      const button = page.getByRole('banner').getByRole('button', { name: 'Chercher' });
      await button.focus();
      const field = await page.getByRole('banner').getByRole('searchbox').boundingBox();
      const { x, y, width, height } = await button.boundingBox();
      assert.ok(width >= 24 && height >= 24, `${width} × ${height}`);
      assert.ok(x >= field.x && x + width <= field.x + field.width && y >= field.y, 'it is in the field');
      assert.equal(await button.evaluate((one) => getComputedStyle(one).clipPath), 'none');
    });
  }
});

test('the keyboard reaches and shows every link', async () => {
  await visitor({ viewport: SCREENS[1] }, async (page) => {
    await page.goto('ville/83137/');
    const links = await page.locator('a[href]').count();
    const seen = new Set();
    // Besides the links: charts, summaries, the fields of the estimator.
    for (let step = 0; step < links + 60; step += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        const index = [...document.querySelectorAll('a[href]')].indexOf(element);
        return { index, tag: element.tagName, outline: style.outlineStyle };
      });
      if (focused.tag === 'BODY') break;
      assert.notEqual(focused.outline, 'none', `${focused.tag} ${focused.index} shows no focus`);
      if (focused.index >= 0) seen.add(focused.index);
    }
    assert.equal(seen.size, links);
  });
});

test('a chart tells its values to the keyboard and the pointer, as its table has them', async () => {
  await visitor({ viewport: SCREENS[0] }, async (page, troubles) => {
    await page.goto('ville/83137/');
    const figure = page.locator('figure[data-x]').first();
    const rows = await figure.locator('tbody tr').evaluateAll((all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)));
    const tip = figure.locator('.tip');
    await figure.locator('svg.chart').focus();
    await page.keyboard.press('ArrowLeft');
    assert.ok(plain(await tip.innerText()).startsWith(plain(rows.at(-1)[0])));
    await page.keyboard.press('Home');
    const first = plain(await tip.innerText());
    for (const text of rows[0]) assert.ok(first.includes(plain(text)), `${text} in: ${first}`);
    await page.keyboard.press('Escape');
    assert.equal(await tip.isVisible(), false);
    const { width, height } = await figure.locator('svg.chart').boundingBox();
    await figure.locator('svg.chart').hover({ position: { x: width * 0.98, y: height / 2 } });
    assert.ok(plain(await tip.innerText()).startsWith(plain(rows.at(-1)[0])));
    assert.deepEqual(troubles, []);
  });
});

test('the map tells what its table tells, and arrows lead from place to place', async () => {
  await visitor({ viewport: SCREENS[1] }, async (page, troubles) => {
    await page.goto('departement/95/');
    const links = page.locator('.map a[aria-label]');
    assert.equal(await links.count(), await page.locator('.sortable tbody tr').count());
    const cergy = page.locator('.map a[href$="ville/95127/"]');
    const row = page.locator('.sortable tr', { has: page.locator('a[href$="ville/95127/"]') });
    const [flats, houses] = await row.locator('td').evaluateAll((cells) =>
      cells.slice(-2).map((cell) => cell.firstChild.textContent.trim()));
    const told = `Cergy, Appartements : ${flats} €/m², Maisons : ${houses} €/m²`;
    assert.equal(plain(await cergy.getAttribute('aria-label')), plain(told));
    assert.equal(await page.locator('.map a[tabindex="0"]').count(), 1, 'one stop');
    const labels = await links.evaluateAll((all) => all.map((link) => link.getAttribute('aria-label')));
    assert.deepEqual(labels.filter((label) => /[*≈–]/.test(label)), [], 'no sign has to be guessed');
    assert.ok(labels.some((label) => label.includes('médiane fragile')));
    await page.locator('.mapped input:checked').focus();
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.matches('.map a')), 'the drawing itself is no stop');
    await cergy.focus();
    const tip = page.locator('.mapped .tip');
    assert.ok(plain(await tip.innerText()).startsWith('Cergy'));
    // On the page: what is focused is scrolled to.
    const centre = () => page.evaluate(() => {
      const { x, y, width, height } = document.activeElement.getBoundingClientRect();
      return [x + width / 2 + scrollX, y + height / 2 + scrollY];
    });
    let before = await centre();
    for (const [key, axis, sign] of [['ArrowRight', 0, 1], ['ArrowDown', 1, 1], ['ArrowLeft', 0, -1], ['ArrowUp', 1, -1]]) {
      await page.keyboard.press(key);
      const now = await centre();
      assert.ok(sign * (now[axis] - before[axis]) > 0, key);
      before = now;
      assert.equal(await page.locator('.map a[tabindex="0"]').count(), 1);
    }
    await page.keyboard.press('Escape');
    assert.equal(await tip.isVisible(), false);
    await page.keyboard.press('Enter');
    await page.waitForURL(/ville\/95\d{3}\/$/);
    assert.deepEqual(troubles, []);
  });
});

test('a table is sorted by its figures, whatever stands beside them', async () => {
  await visitor({ viewport: SCREENS[1] }, async (page) => {
    await page.goto('departement/95/');
    for (const column of [4, 5]) {
      await page.locator(`.sortable thead th:nth-child(${column}) button`).click();
      const cells = page.locator(`.sortable tbody td:nth-child(${column})`);
      assert.ok((await cells.allInnerTexts()).some((text) => text.includes('mois')), 'some are of a longer period');
      const figures = await cells.evaluateAll((all) =>
        all.map((cell) => parseInt(cell.firstChild.textContent.replace(/\D/g, ''), 10)));
      const known = figures.filter((figure) => !Number.isNaN(figure));
      assert.deepEqual(known, [...known].sort((one, two) => two - one));
      assert.deepEqual(figures.slice(known.length).filter((figure) => !Number.isNaN(figure)), [], 'none below those without');
    }
  });
});

test('the estimator of the page says what the program says', async () => {
  await visitor({ viewport: SCREENS[0] }, async (page, troubles) => {
    await page.goto('ville/83137/');
    const form = page.locator('form.estimator');
    await form.scrollIntoViewIfNeeded();
    for (const [kind, surface, rooms, land] of [
      ['appartement', 45, 2],
      ['appartement', 120, 6],
      ['maison', 95, 4, 400],
      ['maison', 150, 5, 0],
      ['maison', 80, 3, 1500],
    ]) {
      await form.locator(`[name=kind][value=${kind}]`).check();
      await form.locator('[name=surface]').fill(String(surface));
      await form.locator(`[name=rooms][value="${rooms}"]`).check();
      const asked = ['--commune', '83137', '--type', kind, '--surface', surface, '--rooms', rooms];
      if (land !== undefined) {
        await form.locator('[name=land]').fill(String(land));
        asked.push('--land', land);
      }
      const { eight_of_ten: [low, high], price } = await demo.ask('estimate', ...asked);
      const expected = `De ${french(low)} à ${french(high)} €`;
      const output = form.locator('output');
      await output.getByText(expected).waitFor({ timeout: 5000 });
      assert.ok(plain(await output.innerText()).includes(`vraisemblable : ${french(price)} €`), String(asked));
    }
    assert.deepEqual(troubles, []);
  });
});

test('without JavaScript the page says all but the estimate, and says that', async () => {
  await visitor({ viewport: SCREENS[0], javaScriptEnabled: false }, async (page) => {
    await page.goto('ville/83137/');
    const main = page.getByRole('main');
    assert.equal(await main.locator('form.estimator').isVisible(), false);
    assert.match(plain(await main.innerText()), /demande JavaScript/);
    for (const name of ['Selon la surface', 'Selon le nombre de pièces', 'Comment les prix ont évolué']) {
      assert.ok(await main.getByRole('heading', { name }).isVisible(), name);
    }
  });
});

test('the cheapest commune is called that, and none tells of sales that there are not', async () => {
  let cheapest = 0;
  for (const code of await readdir(join(demo.site, 'ville'))) {
    const page = plain(await readFile(join(demo.site, 'ville', code, 'index.html'), 'utf8'));
    assert.doesNotMatch(page, /: (\d+)<sup>e<\/sup> des \1 communes/, code);
    assert.doesNotMatch(page, /\b0 vente/, code);
    cheapest += page.includes(' : la moins chère des ') ? 1 : 0;
  }
  assert.ok(cheapest >= 2, 'of flats and of houses');
});

test('Strasbourg says that DVF does not cover it', async () => {
  await visitor({ viewport: SCREENS[0] }, async (page, troubles) => {
    await page.goto('departement/67/');
    await page.getByRole('main').getByRole('link', { name: 'Strasbourg', exact: true }).click();
    await page.waitForURL('**/ville/67482/');
    const main = plain(await page.getByRole('main').innerText());
    assert.match(main, /DVF ne couvre pas ce territoire/);
    assert.match(main, /livre foncier/);
    assert.ok(!main.includes('€'), main);
    assert.deepEqual(troubles, []);
  });
});

test('an arrondissement leads to Lyon and back', async () => {
  await visitor({ viewport: SCREENS[0] }, async (page, troubles) => {
    await page.goto('ville/69381/');
    const main = page.getByRole('main');
    await main.getByRole('link', { name: 'Lyon', exact: true }).first().click();
    await page.waitForURL('**/ville/69123/');
    assert.match(plain(await page.getByRole('heading', { level: 1 }).innerText()), /à Lyon$/);
    await main.getByRole('link', { name: 'Lyon 1er arrondissement' }).first().click();
    await page.waitForURL('**/ville/69381/');
    assert.deepEqual(troubles, []);
  });
});

test('an unknown address gives the page that says so', async () => {
  await visitor({ viewport: SCREENS[0] }, async (page, troubles) => {
    for (const path of ['ville/99999/', 'nothing', 'a/b/c/d.html']) {
      troubles.length = 0;
      const response = await page.goto(path);
      assert.equal(response.status(), 404, path);
      assert.match(response.headers()['content-type'], /^text\/html/);
      assert.equal(plain(await page.getByRole('heading', { level: 1 }).innerText()), 'Page introuvable');
      assert.deepEqual(troubles.filter((one) => !one.includes(page.url())), [], path);
      const styled = await page.evaluate(() => document.styleSheets.length);
      assert.equal(styled, 1, 'the style sheet is found from any depth');
    }
    await page.getByRole('main').getByRole('link').first().click();
    assert.match(plain(await page.getByRole('heading', { level: 1 }).innerText()), /mètre carré/);
  });
});

test('the headers are those of _headers', async () => {
  const rules = [];
  for (const line of (await readFile(join(demo.site, '_headers'), 'utf8')).split('\n')) {
    if (line.startsWith('/')) rules.push({ pattern: line, headers: {} });
    else if (line.trim()) {
      const colon = line.indexOf(':');
      rules.at(-1).headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
  assert.equal(rules.length >= 4, true);
  const style = /assets\/style\.[0-9a-f]+\.css/.exec(await (await fetch(demo.address)).text())[0];
  for (const path of ['', style, 'ville/83137/', 'data/villes/83137.json', 'version.json', 'nothing']) {
    const response = await fetch(demo.address + path);
    await response.arrayBuffer();
    const expected = {};
    for (const { pattern, headers } of rules) {
      const start = pattern.replace(/\*$/, '');
      const applies = start === pattern ? `/${path}` === pattern : `/${path}`.startsWith(start);
      if (applies) Object.assign(expected, headers);
    }
    assert.ok('content-security-policy' in expected);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(response.headers.get(name), value, `${name} of /${path}`);
    }
    assert.equal(response.headers.get('cache-control'), expected['cache-control'] ?? null, path);
    assert.equal(response.headers.get('content-encoding'), 'gzip', `/${path} is compressed, as hosts do`);
  }
});

test('pages are accessible, in light and in dark', async () => {
  const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
  for (const [colorScheme, viewport] of [
    ['light', SCREENS[0]],
    ['light', SCREENS[1]],
    ['dark', SCREENS[0]],
    ['dark', SCREENS[1]],
  ]) {
    // The policy of the pages allows no script but their own, the checker's neither.
    await visitor({ viewport, colorScheme, bypassCSP: true }, async (page) => {
      await page.addInitScript(axe);
      for (const path of PAGES) {
        await page.goto(path);
        const { violations, passes } = await page.evaluate(() => window.axe.run());
        assert.ok(passes.length > 10, `${path}: the checker saw nothing`);
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html).join(' ')}`);
        assert.deepEqual(found, [], `/${path} in ${colorScheme} at ${viewport.width}`);
      }
    });
  }
});

test('no link is broken on the pages next to the home page', async () => {
  const queue = [demo.address];
  const known = new Map([[demo.address, 'the start']]);
  const anchors = new Map();
  const wanted = [];
  let pages = 0;
  while (queue.length > 0 && pages < 300) {
    const address = queue.shift();
    const response = await fetch(address);
    const body = await response.text();
    assert.equal(response.status, 200, `${address}, linked from ${known.get(address)}`);
    if (!response.headers.get('content-type')?.startsWith('text/html')) continue;
    pages += 1;
    anchors.set(address, new Set([...body.matchAll(/ id="?([^"\s>]+)/g)].map(([, id]) => id)));
    for (const [, href] of body.matchAll(/(?:href|src)="([^"]*)"/g)) {
      const target = new URL(href, address);
      if (target.origin !== new URL(demo.address).origin) continue;
      const fragment = decodeURIComponent(target.hash.slice(1));
      target.hash = '';
      if (fragment) wanted.push({ from: address, to: target.href, fragment });
      if (known.has(target.href)) continue;
      known.set(target.href, address);
      queue.push(target.href);
    }
  }
  assert.equal(pages, 300);
  // What was found and not visited has its file, at least.
  for (const address of queue) {
    const path = decodeURIComponent(new URL(address).pathname);
    const file = join(demo.site, path.endsWith('/') ? `${path}index.html` : path);
    assert.ok(existsSync(file), `${address}, linked from ${known.get(address)}`);
  }
  for (const { from, to, fragment } of wanted) {
    const found = anchors.get(to);
    assert.ok(!found || found.has(fragment), `${from} links to ${to}#${fragment}`);
  }
});

test('a page of another site shows the card of a place, and no other page', async () => {
  const SHOWN = ['embed/?c=95127', 'embed/?c=nothing', 'ville/95127/', 'embed/?c=d95'];
  const elsewhere = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>Elsewhere</title>${SHOWN.map((path) => `<iframe src="${demo.address}${path}" title="${path}" width="400" height="520"></iframe>`).join('')}`);
  });
  await new Promise((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  try {
    await visitor({ viewport: SCREENS[1] }, async (page) => {
      // Another name of this machine, so that it is another site.
      await page.goto(`http://localhost:${elsewhere.address().port}/`);
      const [card, wrong, framed, wide] = SHOWN.map((path) => page.frameLocator(`iframe[title="${path}"]`));
      const { current } = (await city('95127')).by_type.maison;
      await card.getByText(french(current.prix_m2)).waitFor();
      assert.match(plain(await card.locator('main').innerText()), /Prix de l’immobilier à Cergy/);
      await wrong.getByText('par son code INSEE').waitFor();
      assert.equal(await framed.getByText('Prix de l’immobilier').count(), 0);
      const departement = JSON.parse(await readFile(join(demo.site, 'data/departement/95.json'), 'utf8'));
      await wide.getByText(french(departement.by_type.maison.current.prix_m2)).waitFor();
      assert.match(plain(await wide.locator('main').innerText()), /Prix de l’immobilier : Val-d’Oise[^]*●●●● Très fiable, à \d % près[^]*ventes en 2025/);
      // The snippet that its page gives to be copied.
      await page.goto(`${demo.address}departement/95/`);
      await page.getByText('Montrer ces prix sur un autre site').click();
      assert.match(await page.locator('.snippet code').innerText(), /<iframe src="[^"]*\/embed\/\?c=d95" /);
    });
  } finally {
    elsewhere.close();
  }
});
