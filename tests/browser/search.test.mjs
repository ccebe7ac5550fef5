// The search field, in a site of communes from all over France, each with a sale. IMMOSTATS names the built program.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';

import { launch } from './demo.mjs';

const PROGRAM = resolve(process.env.IMMOSTATS ?? '../../target/debug/immostats');

/** Communes that are sold in, with a position of each. */
const SOLD = [
  '42218 45.43 4.39', '94038 48.78 2.34', '13201 43.3 5.38', '13208 43.27 5.38', '13001 43.53 5.45', '95491 49 2.24', '95127 49.04 2.05',
  '95500 49.05 2.1', '95450 49.07 2.06', '44109 47.22 -1.55', '72181 48 0.2', '76351 49.49 0.11', '17300 46.16 -1.15', '93066 48.94 2.36', '35288 48.65 -2.02',
  '59350 50.63 3.06', '69149 45.71 4.81', '95169 49.13 1.89', '31555 43.6 1.44', '06088 43.7 7.27', '2A004 41.92 8.74',
  '75116 48.86 2.27', '80829 49.8 2.99', '38185 45.19 5.72', '64445 43.3 -0.37', '33063 44.84 -0.58', '34172 43.61 3.87',
  '73065 45.57 5.92', '63113 45.78 3.08', '95572 49.05 2.12', '93070 48.91 2.33', '95323 49.01 2.03', '69171 45.81 4.6',
  '69381 45.77 4.83', '69382 45.75 4.83', '69383 45.76 4.85',
];

/** What people type, and the first thing that they find. */
const QUERIES = [
  ['st etienne', 'Saint-Étienne'], ['Saint-Étienne', 'Saint-Étienne'], ['saint etiene', 'Saint-Étienne'], ['etienne', 'Saint-Étienne'],
  ['l hay les roses', 'L’Haÿ-les-Roses'], ['L’Haÿ', 'L’Haÿ-les-Roses'], ['hay les roses', 'L’Haÿ-les-Roses'],
  ['marsielle', 'Marseille'], ['marseille', 'Marseille'], ['MARSEILLE', 'Marseille'], ['amrseille', 'Marseille'], ['marseile', 'Marseille'], ['arseille', 'Marseille'], ['nmarseille', 'Marseille'],
  ['marseille 8', 'Marseille 8e arrondissement'], ['13008', 'Marseille 8e arrondissement'],
  ['95000', 'Cergy'], ['95800', 'Cergy'], ['plessis boucard', 'Le Plessis-Bouchard'], ['le plessis bouchard', 'Le Plessis-Bouchard'],
  ['aix provence', 'Aix-en-Provence'], ['aix en provence', 'Aix-en-Provence'], ['cergy', 'Cergy'], ['crgy', 'Cergy'], ['cergi', 'Cergy'], ['ecrgy', 'Cergy'],
  ['pierre benite', 'Pierre-Bénite → Oullins-Pierre-Bénite'],
  ['nantes', 'Nantes'], ['nante', 'Nantes'], ['le mans', 'Le Mans'], ['mans', 'Le Mans'], ['havre', 'Le Havre'], ['rochelle', 'La Rochelle'], ['la rochele', 'La Rochelle'],
  ['saint denis', 'Saint-Denis'], ['st malo', 'Saint-Malo'], ['saint malot', 'Saint-Malo'], ['lile', 'Lille'], ['toulousse', 'Toulouse'], ['tuolouse', 'Toulouse'],
  ['nice', 'Nice'], ['ajacio', 'Ajaccio'], ['paris 16', 'Paris 16e arrondissement'], ['75016', 'Paris 16e arrondissement'], ['grenobel', 'Grenoble'],
  ['bordaux', 'Bordeaux'], ['montpelier', 'Montpellier'], ['chambery', 'Chambéry'], ['strasbourg', 'Strasbourg'], ['metz', 'Metz'],
  ['val d’oise', 'Val-d’Oise'], ['95', 'Val-d’Oise'], ['ile de france', 'Île-de-France'], ['bretagne', 'Bretagne'], ['clermont ferand', 'Clermont-Ferrand'], ['y', 'Y'],
  ['saint', 'Saint-Étienne'], ['saint-', 'Saint-Étienne'], ['st', 'Saint-Étienne'], ['saint d', 'Saint-Denis'], ['sain bel', 'Sain-Bel'],
  ['saint o', 'Saint-Ouen-sur-Seine'], ['saint ou', 'Saint-Ouen-sur-Seine'], ['st ou', 'Saint-Ouen-sur-Seine'], ['st-ouen', 'Saint-Ouen'],
  ['saint ouen l', 'Saint-Ouen-l’Aumône'], ['st ouen aum', 'Saint-Ouen-l’Aumône'],
  ['le', 'Le Havre'], ['le m', 'Le Mans'], ['lehavre', 'Le Havre'], ['la', 'La Rochelle'], ['la ro', 'La Rochelle'], ['aix en', 'Aix-en-Provence'], ['m', 'Marseille'], ['ma', 'Marseille'],
  ['cergy 95000', 'Cergy'], ['95000 cergy', 'Cergy'], ['cergi 95000', 'Cergy'], ['Jouy le Moutier 95280', 'Jouy-le-Moutier'], ['lyon 69002', 'Lyon 2e arrondissement'], ['lyon 69000', 'Lyon'], ['nantes 95000', 'Nantes'],
  ['95127', 'Cergy'], ['cergy 95127', 'Cergy'], ['2A004', 'Ajaccio'], ['13001', 'Marseille 1er arrondissement'],
  ['alsace', 'Alsace → Grand Est'], ['paca', 'PACA → Provence-Alpes-Côte d’Azur'], ['constructor', 'nothing'], ['zzz', 'nothing'],
];

let folder, server, address, browser;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'immostats-search-'));
  const run = (...words) => execFileSync(PROGRAM, ['--root', folder, '--quiet', ...words]);
  run('init');
  const departements = [...new Set(SOLD.map((sold) => sold.slice(0, 2))), '57', '67'];
  const settings = join(folder, 'immostats.toml');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('departements = []', `departements = ${JSON.stringify(departements)}`));
  const columns = ['id_mutation', 'date_mutation', 'numero_disposition', 'nature_mutation', 'valeur_fonciere', 'adresse_numero', 'adresse_suffixe', 'adresse_nom_voie', 'adresse_code_voie', 'code_postal', 'code_commune', 'nom_commune', 'code_departement', 'ancien_code_commune', 'ancien_nom_commune', 'id_parcelle', 'ancien_id_parcelle', 'numero_volume', 'lot1_numero', 'lot1_surface_carrez', 'lot2_numero', 'lot2_surface_carrez', 'lot3_numero', 'lot3_surface_carrez', 'lot4_numero', 'lot4_surface_carrez', 'lot5_numero', 'lot5_surface_carrez', 'nombre_lots', 'code_type_local', 'type_local', 'surface_reelle_bati', 'nombre_pieces_principales', 'code_nature_culture', 'nature_culture', 'code_nature_culture_speciale', 'nature_culture_speciale', 'surface_terrain', 'longitude', 'latitude'];
  const file = join(folder, 'sales.csv');
  writeFileSync(file, columns.join(',') + '\n');
  for (const [place, sold] of SOLD.entries()) {
    const [code, latitude, longitude] = sold.split(' ');
    for (let sale = 0; sale < 6; sale++) {
      const values = { id_mutation: `2024-${place * 10 + sale + 1}`, date_mutation: `2024-0${sale + 1}-15`, numero_disposition: '000001', nature_mutation: 'Vente', valeur_fonciere: 200000 + sale * 1000, code_commune: code, nom_commune: code, code_departement: code.slice(0, 2), id_parcelle: `${code}000AB${String(sale + 1).padStart(4, '0')}`, nombre_lots: 0, code_type_local: 1, type_local: 'Maison', surface_reelle_bati: 100, nombre_pieces_principales: 4, surface_terrain: 300, latitude, longitude };
      appendFileSync(file, columns.map((column) => values[column] ?? '').join(',') + '\n');
    }
  }
  run('import', '--force', file);
  run('build');
  server = spawn(PROGRAM, ['--root', folder, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: server.stdout })) {
    address = /http:\/\/127\.0\.0\.1:\d+\//.exec(line)?.[0];
    if (address) break;
  }
  browser = await launch();
});

after(async () => {
  await browser?.close();
  if (server?.kill()) await once(server, 'exit');
  rmSync(folder, { recursive: true });
});

async function visit(path, options, look) {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 390, height: 844 }, ...options });
  try {
    const page = await context.newPage();
    const troubles = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => message.type() === 'error' && !/404/.test(message.text()) && troubles.push(message.text()));
    await page.goto(path);
    await look(page, context);
    assert.deepEqual(troubles, []);
  } finally {
    await context.close();
  }
}

const plain = (text) => text.replace(/\s+/g, ' ').trim();

test('what people type finds what they mean first', async () => {
  await visit('', {}, async (page) => {
    const found = await page.evaluate(async (queries) => {
      const form = document.querySelector('form[role=search]');
      const search = await import(new URL(form.dataset.script, document.baseURI).href);
      search.attach(form);
      const answers = [];
      for (const [query] of queries) {
        const [first] = await search.find(query);
        answers.push(first ? (first[4] && !/^\d|^2[AB]/.test(first[4]) ? `${first[4]} → ${first[0]}` : first[0]) : 'nothing');
      }
      return answers;
    }, QUERIES);
    const wrong = QUERIES.map(([query, wanted], place) => [query, wanted, found[place]]).filter(([, wanted, got]) => wanted !== got);
    assert.deepEqual(wrong, []);
    assert.ok(QUERIES.length >= 50);
  });
});

test('an article or saint lists what begins so, and the next letters narrow it', async () => {
  await visit('', {}, async (page) => {
    const field = page.locator('main input[name=q]');
    await field.focus();
    await page.getByRole('combobox').waitFor();
    const listed = async (typed, awaited) => {
      await field.fill(typed);
      await page.getByRole('option', { name: awaited }).waitFor();
      return (await page.getByRole('option').allInnerTexts()).map(plain);
    };
    const saints = await listed('saint', 'Saint-Malo');
    assert.ok(saints.length > 4 && saints.every((name) => name.startsWith('Saint')), String(saints));
    const narrowed = await listed('saint ou', 'Saint-Ouen-l’Aumône');
    assert.deepEqual(narrowed.slice(0, 2), ['Saint-Ouen-sur-Seine 93', 'Saint-Ouen-l’Aumône 95']);
    assert.ok(narrowed.every((name) => name.startsWith('Saint-Ou')), String(narrowed));
  });
});

test('typing asks for no file that is not there', async () => {
  await visit('', {}, async (page) => {
    const missing = [];
    page.on('response', (response) => response.status() >= 400 && !/\/icon\./.test(response.url()) && missing.push(response.url()));
    const tried = await page.evaluate(async () => {
      const form = document.querySelector('form[role=search]');
      const search = await import(new URL(form.dataset.script, document.baseURI).href);
      search.attach(form);
      const texts = ['saint ouen l aumone', 'marseille', 'wxqz', 'quimperlé', '95000', '4', '2a', 'é', '!', 'marsielle'];
      for (const text of texts) for (let end = 1; end <= text.length; end++) await search.find(text.slice(0, end));
      return texts.length;
    });
    assert.equal(tried, 10);
    assert.deepEqual(missing, []);
  });
});

test('what was typed leads to a place whose name it is or begins, and to suggestions else', async () => {
  for (const [typed, leads] of [
    ['cergy', 'ville/95127/'], ['cergy 95000', 'ville/95127/'], ['95127', 'ville/95127/'], ['saint ou', 'ville/93070/'], ['chamb', 'ville/73065/'], ['y', 'ville/80829/'],
    ['cergi', 'communes/?q=cergi'], ['saint', 'communes/?q=saint'], ['c', 'communes/?q=c'], ['saint cergy', 'communes/?q=saint%20cergy'], ['nantes 95000', 'communes/?q=nantes%2095000'],
  ]) {
    await visit('', {}, async (page) => {
      const field = page.locator('main input[name=q]');
      await field.focus();
      await page.getByRole('combobox').waitFor();
      await field.fill(typed);
      await page.getByRole('option').first().waitFor();
      await field.press('Enter');
      await page.waitForURL(`**/${leads}`);
    });
  }
  const shown = async (text) => {
    let told;
    await visit(`communes/?q=${encodeURIComponent(text)}`, {}, async (page) => {
      await page.locator('[data-results] > *').first().waitFor();
      told = plain(await page.locator('[data-results]').innerText());
    });
    return told;
  };
  assert.match(await shown('cergi'), /^Vouliez-vous dire… Cergy 95/);
  assert.match(await shown('saint'), /^Saint-Étienne 42/);
  assert.match(await shown('zzz'), /^Rien ne ressemble à « zzz » parmi les lieux de ce site\./);
  await visit('communes/', {}, async (page) => {
    const told = await page.evaluate(async () => {
      const form = document.querySelector('form.large[role=search]'), results = document.querySelector('[data-results]');
      const search = await import(new URL(form.dataset.script, document.baseURI).href);
      await search.show(' \u00a0 ', results, form);
      return results.textContent;
    });
    assert.equal(told, '', 'of blanks nothing is said');
  });
});

test('the field is a combobox that the keyboard works', async () => {
  await visit('ville/95127/', {}, async (page) => {
    const field = page.getByRole('combobox');
    await page.locator('header input[name=q]').focus();
    await field.waitFor();
    await field.pressSequentially('nant');
    const option = page.getByRole('option').first();
    await option.waitFor();
    assert.equal(await field.getAttribute('aria-expanded'), 'true');
    await page.keyboard.press('ArrowDown');
    assert.equal(await field.getAttribute('aria-activedescendant'), await option.getAttribute('id'));
    assert.equal(await option.getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('listbox').isVisible(), false);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/ville/44109/');
  });
});

test('an answer comes soon on a slow phone, and with few bytes', async () => {
  await visit('', {}, async (page, context) => {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
    let bytes = 0;
    page.on('response', async (response) => { bytes += (await response.body().catch(() => '')).length; });
    const field = page.locator('main input[name=q]');
    await field.focus();
    await page.getByRole('combobox').waitFor();
    await field.pressSequentially('nan');
    await page.getByRole('option').first().waitFor();
    const times = [];
    for (const letters of ['nant', 'nante', 'nantes']) {
      times.push(await page.evaluate(async (text) => {
        const field = document.querySelector('main input[name=q]'), started = performance.now();
        field.value = text;
        field.dispatchEvent(new Event('input'));
        while (document.querySelector('main [role=listbox]').hidden) await new Promise((done) => setTimeout(done));
        return performance.now() - started;
      }, letters));
    }
    console.log(`answers in ${times.map(Math.round)} ms, ${bytes} bytes before compression`);
    assert.ok(Math.min(...times) < 100, String(times));
    assert.ok(bytes < 31_000, String(bytes));
  });
});

test('what lies near is found from a position that stays in the browser', async () => {
  const options = { geolocation: { latitude: 49.04, longitude: 2.06 }, permissions: ['geolocation'] };
  await visit('', options, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('button', { name: 'Près de moi' }).click();
    await page.locator('[data-results] a').first().waitFor();
    const names = await page.locator('[data-results] a').allInnerTexts();
    assert.deepEqual(names.slice(0, 3).map(plain), ['Cergy', 'Pontoise', 'Neuville-sur-Oise'].slice(0, 3));
    // The browser may ask for the icon of the page at any time.
    for (const url of asked.filter((url) => !/\/icon\./.test(url))) assert.match(url, /search\.[0-9a-f]+\.js$|\/data\/centres\/-?\d+_-?\d+\.json$/);
  });
  for (const [latitude, longitude, first] of [[45.757, 4.832, /^Lyon 2e arrondissement 1 km/], [48.58, 7.75, /^Ce site ne connaît la position d’aucune commune près de vous\./]]) {
    await visit('', { ...options, geolocation: { latitude, longitude } }, async (page) => {
      await page.getByRole('button', { name: 'Près de moi' }).click();
      await page.locator('[data-results] li, [data-results] p:not(:text-matches("^Recherche"))').first().waitFor();
      assert.match(plain(await page.locator('[data-results]').innerText()), first);
    });
  }
  await visit('', {}, async (page) => {
    await page.getByRole('button', { name: 'Près de moi' }).click();
    await page.getByText('n’a pas été donnée').waitFor();
  });
});

test('without a script the form leads to lists of communes', async () => {
  await visit('ville/95127/', { javaScriptEnabled: false }, async (page) => {
    await page.locator('input[name=q]').fill('nantes');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/communes/?q=nantes');
    await page.getByRole('link', { name: 'Na', exact: true }).click();
    await page.getByRole('main').getByRole('link', { name: 'Nantes', exact: true }).click();
    await page.waitForURL('**/ville/44109/');
  });
  await visit('communes/?q=marsielle', {}, async (page) => {
    await page.locator('[data-results] a').first().waitFor();
    assert.equal(plain(await page.locator('[data-results] a').first().innerText()), 'Marseille 13');
  });
});
