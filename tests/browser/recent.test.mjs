// The list of recent sales, of a site that publishes it: loaded once its reader asks for it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { configured, launch, watch } from './demo.mjs';

let site, browser;

before(async () => {
  site = await configured(
    (settings) => `${settings.replace('[site]', '[site]\nrecent_sales = true')}\n[deploy]\nhost = "nginx"\n`,
  );
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

test('recent sales are listed on request, and only then', async () => {
  const context = await browser.newContext({ baseURL: site.address, viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const troubles = await watch(page);
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('ville/95127/');
  await page.waitForLoadState('networkidle');
  assert.ok(!asked.some((path) => path.includes('ventes/')), `${asked}`);
  const answer = page.waitForResponse('**/data/ventes/95127.json');
  await page.getByRole('link', { name: 'Afficher les ventes récentes' }).press('Enter');
  assert.equal((await answer).headers()['x-robots-tag'], 'noindex');
  const rows = page.locator('#ventes tbody tr');
  await rows.first().waitFor();
  const { appartement, maison } = JSON.parse(await readFile(join(site.site, 'data/ventes/95127.json'), 'utf8'));
  const sales = [...appartement.sales, ...maison.sales];
  assert.equal(await rows.count(), sales.length);
  const cells = (await rows.first().locator('th, td').allInnerTexts()).map((text) => text.replace(/\s/g, ' '));
  assert.equal(cells[1], String(sales[0].rooms));
  assert.equal(cells[2], `${sales[0].surface} m²`);
  assert.equal(cells[3].split(', ').length, sales[0].prices.length);
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Appartements');
  const { content, screen } = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, screen: innerWidth }));
  assert.ok(content <= screen, `${content} on ${screen}`);
  assert.deepEqual(troubles, []);
  await context.close();
});
