// What an operator says of a commune: on the page it is text, in its place, whatever its length.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { HtmlValidate, StaticConfigLoader } from 'html-validate';

import { configured, launch, watch } from './demo.mjs';
import { RULES } from './html-rules.mjs';

const SOURCE = `
[[sources]]
id = "mairie"
kind = "grist"
[sources.grist]
doc = "x"
table = "Notes"
operator = "Communauté d’agglomération de Cergy-Pontoise"
`;

const NOTES = [
  {
    code: '95127',
    text: 'Travaux sur le boulevard de l’Oise de mars à juin : les bus sont déviés.\nRenseignements en mairie.',
    link: 'https://www.example.fr/travaux',
    valid_until: '2100-12-31',
  },
  { code: '95127', number: 1240, label: 'Logements autorisés depuis 2020', unit: 'logements' },
  {
    code: '95127',
    text: `<b>Non</b> <script>document.title = 'pris'</script> ${'unmottrèslongsansespace'.repeat(8)}`,
    link: `https://${'un-nom-de-domaine-tres-long-'.repeat(2)}x.example.fr/chemin`,
  },
  { code: '67482', text: 'Concertation sur le plan local d’urbanisme intercommunal.' },
];

let site, browser;

before(async () => {
  site = await configured(
    (settings) => settings.replace('sources = []\n', '') + SOURCE,
    async (project, command) => {
      const records = NOTES.map((fields, index) => ({ id: index + 1, fields }));
      const file = join(project, 'notes.json');
      await writeFile(file, JSON.stringify({ records }));
      await command('import', '--source', 'mairie', file);
    },
  );
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const width of [320, 390, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`notes are text that fits and is accessible, at ${width} in ${colorScheme}`, async () => {
      const axe = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
      const context = await browser.newContext({
        baseURL: site.address, viewport: { width, height: 844 }, colorScheme, bypassCSP: true,
      });
      const page = await context.newPage();
      const troubles = await watch(page);
      await page.addInitScript(axe);
      for (const [path, count] of [['ville/95127/', 3], ['ville/67482/', 1]]) {
        await page.goto(path);
        const local = page.locator('#local');
        assert.equal(await local.getByText('Publié par').count(), count);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${wide} on ${width}`);
        const { violations } = await page.evaluate(() => window.axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), [], path);
      }
      await page.goto('ville/95127/');
      assert.match(await page.title(), /Cergy/);
      const text = (await page.locator('#local').innerText()).replace(/\s+/g, ' ');
      for (const shown of [
        '<b>Non</b> <script>', 'Logements autorisés depuis 2020 : 1 240 logements', 'www.example.fr', 'valable jusqu’au 31 décembre 2100',
      ]) {
        assert.ok(text.includes(shown), `${shown} in: ${text}`);
      }
      assert.deepEqual(troubles, []);
      await context.close();
    });
  }
}

test('pages with notes are valid HTML', async () => {
  const validator = new HtmlValidate(new StaticConfigLoader(RULES));
  for (const code of ['95127', '67482']) {
    const html = await readFile(join(site.site, 'ville', code, 'index.html'), 'utf8');
    const { results } = await validator.validateString(html);
    const found = results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
    assert.deepEqual(found, [], code);
  }
});
