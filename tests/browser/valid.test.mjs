// The pages are valid HTML, and their linked data is what search engines take.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { HtmlValidate, StaticConfigLoader } from 'html-validate';

import { serve } from './demo.mjs';
import { RULES } from './html-rules.mjs';
import { faults } from './linked-data.mjs';
import { KINDS } from './pages.mjs';

let demo;
/** The text of a page of each kind and of one in forty of the places, by address. */
const pages = new Map();

before(async () => {
  demo = await serve();
  for (const path of Object.values(KINDS)) pages.set(path, await (await fetch(demo.address + path)).text());
  for (const level of ['ville', 'epci', 'departement', 'region']) {
    const codes = (await readdir(join(demo.site, level))).sort();
    for (const code of codes.filter((_, index) => index % 40 === 0)) {
      pages.set(`${level}/${code}/`, await readFile(join(demo.site, level, code, 'index.html'), 'utf8'));
    }
  }
  pages.set('admin/', await readFile(join(demo.site, 'admin', 'index.html'), 'utf8'));
});

after(() => demo?.stop());

test('every kind of page is valid HTML', async () => {
  const validator = new HtmlValidate(new StaticConfigLoader(RULES));
  for (const [path, html] of pages) {
    const { results } = await validator.validateString(html);
    const found = results.flatMap(({ messages }) =>
      messages.map(({ ruleId, line, column, message }) => `${ruleId} at ${line}:${column}: ${message}`));
    assert.deepEqual(found.slice(0, 10), [], `/${path}`);
  }
  const { results } = await validator.validateString('<!DOCTYPE html><html lang="fr"><p id="a"><i id="a">b</p>');
  const rules = new Set(results[0].messages.map(({ ruleId }) => ruleId));
  for (const rule of ['no-dup-id', 'close-order']) assert.ok(rules.has(rule), `a fault of ${rule} is seen`);
});

test('the linked data of pages is what search engines require', async () => {
  const seen = {};
  for (const [path, html] of pages) {
    const scripts = [...html.matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)];
    const graphs = scripts.map(([, json]) => JSON.parse(json));
    for (const { '@context': context } of graphs) assert.equal(context, 'https://schema.org', `/${path}`);
    for (const data of graphs.flatMap((graph) => graph['@graph'])) {
      assert.deepEqual(faults(data), [], `/${path}`);
      seen[data['@type']] = (seen[data['@type']] ?? 0) + 1;
      if (data.url) assert.equal(new URL(data.url).pathname, `/${path}`);
      for (const { contentUrl } of data.distribution ?? []) {
        const file = await readFile(join(demo.site, new URL(contentUrl).pathname), 'utf8');
        assert.ok(file.length > 0, contentUrl);
      }
      for (const { item } of data.itemListElement ?? []) {
        if (item) await readFile(join(demo.site, new URL(item).pathname, 'index.html'));
      }
    }
  }
  assert.ok(seen.BreadcrumbList > 15 && seen.Dataset > 10, JSON.stringify(seen));
  for (const [fault, part] of [
    [{ '@type': 'BreadcrumbList', itemListElement: [] }, /itemListElement/],
    [{ '@type': 'Dataset', name: 'Prix' }, /description/],
    [{ '@type': 'Thing' }, /Thing/],
  ]) {
    assert.match(faults(fault).join('\n'), part);
  }
});
