// Places side by side: /comparer/?c=95127,95500.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, serve, watch } from './demo.mjs';

let demo, browser;

before(async () => {
  demo = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const plain = (text) => text.replace(/\s+/g, ' ').trim();
const french = (number) => plain(new Intl.NumberFormat('fr-FR').format(number));
const data = async (path) => JSON.parse(await readFile(join(demo.site, 'data', path), 'utf8'));

async function visit(path, look) {
  const context = await browser.newContext({ baseURL: demo.address, viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    const troubles = await watch(page);
    await page.goto(path);
    await look(page, troubles);
  } finally {
    await context.close();
  }
}

test('places of every level stand on one scale, with the figures of their data files', async () => {
  await visit('comparer/?c=95127,d95,r11,e249500109', async (page, troubles) => {
    await page.getByRole('heading', { name: 'Côte à côte' }).waitFor();
    const files = ['villes/95127.json', 'departement/95.json', 'region/11.json', 'epci/249500109.json'];
    const places = await Promise.all(files.map(data));
    for (const [title, kind] of [['Appartements', 'appartement'], ['Maisons', 'maison']]) {
      const section = page.locator('section.part', { has: page.getByRole('heading', { name: title, exact: true }) });
      const homes = places.map((place) => place.by_type[kind].current);
      const prices = await section.locator('.price b').allInnerTexts();
      assert.deepEqual(prices.map(plain), homes.map(({ prix_m2: price }) => french(price)));
      // Each at the place of its value, whatever place it is of.
      const at = await section.locator('.ruler').evaluateAll((rulers) => rulers.map((ruler) => {
        const bar = ruler.querySelector('.eight, .half');
        return [parseFloat(ruler.querySelector('.median').getAttribute('x1')), parseFloat(bar.getAttribute('x')), parseFloat(bar.getAttribute('width'))];
      }));
      const ranges = homes.map((home) => [home.prix_m2_d1 ?? home.prix_m2_q1, home.prix_m2_d9 ?? home.prix_m2_q3]);
      const low = Math.min(...ranges.flat()), span = Math.max(...ranges.flat()) - low;
      for (const [place, [median, left, width]] of at.entries()) {
        const expected = [homes[place].prix_m2, ranges[place][0]].map((value) => 4 + 92 * (value - low) / span);
        assert.ok(Math.abs(median - expected[0]) < 0.11, `${median} is not ${expected[0]}`);
        assert.ok(Math.abs(left - expected[1]) < 0.11, `${left} is not ${expected[1]}`);
        assert.ok(Math.abs(width - 92 * (ranges[place][1] - ranges[place][0]) / span) < 0.11);
      }
    }
    // What other sources tell of those of which they do.
    const rent = page.locator('table.side tbody tr', { hasText: 'Loyer d’annonce d’un appartement' });
    const rents = (await rent.locator('td').allInnerTexts()).map((cell) => plain(cell));
    const told = places.map(({ indicators }) => indicators?.['loyer-appartement']);
    assert.deepEqual(rents, told.map((one) => (one ? `${one.value.toFixed(1).replace('.', ',')} ${one.period}` : '–')));
    assert.ok(told[0] && told[1], 'the commune and the département have a rent');
    // Of the région, the files have one département; of the EPCI, all communes but one.
    const warnings = (await page.locator('#comparaison .warning').allInnerTexts()).map(plain);
    for (const [index, what] of [[2, 'ces chiffres ne sont pas ceux de la région'], [3, 'chiffres partiels']]) {
      const { name, communes, communes_total: all } = places[index].metadata;
      const told = `${name} : ${what}. Faute de fichiers, ils ne portent que sur ${french(communes)} des ${french(all)} communes`;
      assert.ok(warnings.shift().startsWith(plain(told)), told);
    }
    assert.deepEqual(warnings, []);
    assert.match(await page.title(), /Cergy, Val-d’Oise, Île-de-France et /);
    assert.deepEqual(troubles, []);
  });
});

test('a place is added by the search field and taken away again, and the address follows', async () => {
  await visit('ville/95127/', async (page, troubles) => {
    await page.getByRole('link', { name: 'Comparer avec d’autres communes' }).click();
    await page.waitForURL('**/comparer/?c=95127');
    await page.getByText('ajoutez un second territoire').waitFor();
    await page.locator('main input[name=q]').fill('pontoise');
    await page.getByRole('option').first().click();
    await page.waitForURL('**/comparer/?c=95127,95500');
    await page.getByText(/Comparaison\s: Cergy et Pontoise\./).waitFor();
    // A place that is there already is not there twice.
    await page.locator('main input[name=q]').fill('95000');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(/Comparaison\s:/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Retirer Cergy' }).count(), 1);
    await page.getByRole('button', { name: 'Retirer Cergy' }).click();
    await page.waitForURL('**/comparer/?c=95500');
    await page.goBack();
    await page.getByText(/Comparaison\s: (Cergy et Pontoise|Pontoise et Cergy)\./).waitFor();
    assert.deepEqual(troubles, []);
  });
});

test('the keyboard keeps its place when places go, and when the content is skipped to', async () => {
  await visit('comparer/?c=95127,95500', async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.ariaLabel || document.activeElement.name);
    await page.getByRole('button', { name: 'Retirer Cergy' }).waitFor();
    const drawn = await page.locator('#comparaison table').elementHandle();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL('**#contenu');
    // What the history tells of comes in a task of its own.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
    assert.ok(await drawn.evaluate((one) => one.isConnected), 'the places are not drawn again');
    await page.getByRole('button', { name: 'Retirer Cergy' }).press('Enter');
    await page.getByText('Pontoise : ajoutez').waitFor();
    assert.equal(await focused(), 'Retirer Pontoise');
    await page.keyboard.press('Enter');
    await page.getByText('Ajoutez deux territoires').waitFor();
    assert.equal(await focused(), 'q');
  });
});

test('what cannot be compared is told, and the rest is', async () => {
  await visit('comparer/?c=95127,99999,xyz,95127', async (page) => {
    await page.getByText('Ce site n’a pas de chiffres pour 99999.').waitFor();
    await page.getByText('« xyz » n’est pas un code').waitFor();
    assert.equal(await page.locator('section.flats .compared').count(), 1);
  });
  await visit('comparer/?c=95127,95500,95018,95585,95252', async (page) => {
    await page.getByText('Quatre territoires au plus').waitFor();
    assert.equal(await page.locator('section.flats .compared').count(), 4);
  });
  await visit('comparer/?c=95127,69381', async (page) => {
    await page.getByRole('link', { name: 'Lyon 1er arrondissement' }).first().waitFor();
    assert.equal(await page.locator('table.side tbody th', { hasText: 'Communes comptées' }).count(), 0, 'no row without a figure');
  });
  await visit('comparer/?c=67482,95127', async (page) => {
    await page.getByText('DVF ne couvre pas ce territoire.').first().waitFor();
  });
});
