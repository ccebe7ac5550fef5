// What charts draw is what the data files say: every bar, point and range at the place of its value, parsed back from the SVG.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { launch, serve } from './demo.mjs';

let demo, browser, page;

before(async () => {
  demo = await serve();
  browser = await launch();
  page = await browser.newPage();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Positions are written to a tenth, of a percent or of a pixel. */
const TENTH = 0.11;
const KINDS = { flats: 'appartement', houses: 'maison' };

const close = (drawn, expected, what, by = TENTH) => assert.ok(Math.abs(drawn - expected) <= by, `${what}: ${drawn} is drawn, ${expected} was expected`);

/** Communes of all sizes: each hundredth of those that have a price. */
async function communes() {
  const folder = join(demo.site, 'data', 'villes');
  const names = (await readdir(folder)).sort();
  const priced = [];
  for (const name of names) {
    const data = JSON.parse(await readFile(join(folder, name), 'utf8'));
    if (data.by_type && (data.by_type.maison.current?.prix_m2 || data.by_type.appartement.current?.prix_m2)) priced.push(data);
  }
  const step = Math.floor(priced.length / 16);
  return priced.filter((data, place) => place % step === 0 || ['95127', '83137', '95018'].includes(data.metadata.city_code));
}

/** What is drawn on a page, as numbers. */
function drawn() {
  const number = (element, name) => parseFloat(element?.getAttribute(name));
  const value = (text) => Number(text.replace(/[^\d]/g, ''));
  const section = (id) => document.getElementById(id);
  const kind = (element) => element.closest('.flats, .houses').classList.contains('flats') ? 'flats' : 'houses';
  const bars = (svg) => [...svg.querySelectorAll('rect.bar')].map((bar) => ['x', 'y', 'width', 'height'].map((name) => number(bar, name)));
  const range = (svg, name) => {
    const rect = svg.querySelector(`.${name}`);
    return rect && [number(rect, 'x'), number(rect, 'x') + number(rect, 'width')];
  };
  return {
    rulers: [...document.querySelectorAll('.answer .ruler')].map((svg) => ({
      kind: kind(svg), median: number(svg.querySelector('.median'), 'x1'),
      eight: range(svg, 'eight'), half: range(svg, 'half'), likely: range(svg, 'likely'),
      ends: [...svg.querySelectorAll('.end')].map((text) => [number(text, 'x'), value(text.textContent)]),
      others: [...svg.querySelectorAll('tspan')].map((text) => [number(text.parentElement, 'x'), value(text.textContent)]),
    })),
    meters: ['pieces', 'surfaces'].flatMap((id) => [...(section(id)?.querySelectorAll('table') ?? [])].map((table) => ({
      id, kind: kind(table), rows: [...table.querySelectorAll('tbody tr')].map((row) => {
        const bar = row.querySelector('rect'), line = row.querySelector('line');
        return { width: bar && number(bar, 'width'), range: line && [number(line, 'x1'), number(line, 'x2')] };
      }),
    }))),
    histograms: [...document.querySelectorAll('.histogram')].map((svg) => ({
      kind: kind(svg), total: svg.closest('section').id === 'maisons', bars: bars(svg), half: range(svg, 'half'), median: number(svg.querySelector('.median'), 'x1'),
    })),
    season: [...(section('saison')?.querySelectorAll('path.bar') ?? [])].flatMap((path) => [...path.getAttribute('d').matchAll(/M([\d.]+) [\d.]+v-([\d.]+)/g)].map(([, x, height]) => [Number(x), Number(height)])).sort((a, b) => a[0] - b[0]),
    curves: [...(section('evolution')?.querySelectorAll('figure') ?? [])].map((figure) => {
      const svg = figure.querySelector('svg.chart');
      const grid = [...svg.querySelectorAll('line.grid')].map((line) => [number(line, 'y1'), value(line.nextElementSibling.textContent.replace('m²', ''))]);
      const curve = svg.querySelector('path.curve');
      const length = curve.getTotalLength();
      const matrix = curve.getCTM(), chart = svg.getCTM();
      const points = [];
      // The corners of the path, in pixels of the chart.
      let [x, y] = [0, 0];
      for (const [, command, first, second] of curve.getAttribute('d').matchAll(/([MmLl]?)\s*(-?[\d.]+)[ ,]?(-?[\d.]+)/g)) {
        const relative = command ? command === command.toLowerCase() : points.length > 0;
        [x, y] = relative ? [x + Number(first), y + Number(second)] : [Number(first), Number(second)];
        const at = new DOMPoint(x, y).matrixTransform(matrix).matrixTransform(chart.inverse());
        points.push([at.x, at.y]);
      }
      const volumes = [...svg.querySelectorAll('.volumes path')].flatMap((path) => [...path.getAttribute('d').matchAll(/v-([\d.]+)/g)].map(([, height]) => Number(height)));
      const rows = [...figure.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((cell) => value(cell.textContent)));
      return { kind: kind(figure), grid, points, length, volumes, rows };
    }),
  };
}

/** The straight line through two points. */
const line = ([x0, v0], [x1, v1]) => (value) => x0 + (x1 - x0) * (value - v0) / (v1 - v0);

test('every bar, point and range is at the place of its value', async () => {
  const seen = { rulers: 0, meters: 0, bars: 0, months: 0, points: 0 };
  for (const data of await communes()) {
    const code = data.metadata.city_code;
    await page.goto(`${demo.address}ville/${code}/`);
    const found = await page.evaluate(drawn);
    for (const ruler of found.rulers) {
      const kind = data.by_type[KINDS[ruler.kind]], at = `${code}, ruler of ${ruler.kind}`;
      if (ruler.ends.length < 2 || ruler.ends[0][1] === ruler.ends[1][1]) continue;
      // The ends are labelled with the values that they stand for: all else lies on the line through them.
      const place = line(...ruler.ends), scale = 0.06 + Math.abs(place(1) - place(0));
      const price = kind.estimate?.prix_m2 ?? kind.current.prix_m2;
      close(ruler.median, place(price), `${at}, price`, TENTH + scale);
      const current = kind.current ?? {};
      for (const [name, low, high] of [['eight', current.prix_m2_d1, current.prix_m2_d9], ['half', current.prix_m2_q1, current.prix_m2_q3]]) {
        if (!ruler[name]) continue;
        close(ruler[name][0], place(low), `${at}, ${name}`, TENTH + scale);
        close(ruler[name][1], place(high), `${at}, ${name}`, 2 * TENTH + scale);
      }
      for (const [x, value] of ruler.others) if (x > 1 && x < 99) close(x, place(value), `${at}, ${value}`, TENTH + scale);
      seen.rulers++;
    }
    for (const { id, kind, rows } of found.meters) {
      const field = id === 'pieces' ? 'prix_m2' : 'prix_median', lines = data.by_type[KINDS[kind]][id === 'pieces' ? 'rooms' : 'surfaces'];
      // Flats and houses are drawn on one scale.
      const beside = Object.values(KINDS).flatMap((other) => data.by_type[other][id === 'pieces' ? 'rooms' : 'surfaces'] ?? []);
      const highest = Math.max(...beside.map((one) => one[field] ?? 0));
      assert.equal(rows.length, lines.length, `${code} ${id}`);
      for (const [place, { width, range }] of rows.entries()) {
        const one = lines[place];
        assert.equal(width !== null && width !== undefined, Boolean(one[field]), `${code} ${id} ${place}`);
        if (!width) continue;
        close(width, 100 * one[field] / highest, `${code}, ${id} of ${kind}`);
        if (range) for (const [end, value] of one.prix_m2_interval.entries()) close(range[end], Math.min(100, 100 * value / highest), `${code}, interval of ${id}`);
        seen.meters++;
      }
    }
    for (const { kind, total, bars, half, median } of found.histograms) {
      const of = data.by_type[KINDS[kind]], { bounds, volumes } = of.distribution[total ? 'prix' : 'par_m2'];
      const step = Math.min(...bounds.slice(1).map((bound, place) => bound - bounds[place]), bounds.length > 1 ? Infinity : 1);
      const edges = [Math.max(0, bounds[0] - step), ...bounds, bounds.at(-1) + step];
      const place = (value) => Math.max(0, Math.min(100, 100 * (value - edges[0]) / (edges.at(-1) - edges[0])));
      const densities = volumes.map((volume, number) => volume / (edges[number + 1] - edges[number]));
      const highest = Math.max(...densities), tall = Math.max(...bars.map(([, , , height]) => height));
      assert.equal(bars.length, volumes.length);
      for (const [number, [x, , width, height]] of bars.entries()) {
        close(x + width / 2, (place(edges[number]) + place(edges[number + 1])) / 2, `${code}, bar of ${kind}`, 0.2);
        close(height, tall * densities[number] / highest, `${code}, height of a bar of ${kind}`);
        seen.bars++;
      }
      const current = of.current;
      close(median, place(total ? current.prix_median : current.prix_m2), `${code}, median`);
      const quartiles = total ? [current.prix_q1, current.prix_q3] : [current.prix_m2_q1, current.prix_m2_q3];
      if (half) half.forEach((x, end) => close(x, place(quartiles[end]), `${code}, half`, 2 * TENTH));
    }
    const highest = Math.max(...data.seasonality ?? []);
    for (const [month, [, height]] of found.season.entries()) {
      close(height, 118 * data.seasonality[month] / highest, `${code}, month ${month + 1}`);
      seen.months++;
    }
    for (const { kind, grid, points, volumes, rows } of found.curves) {
      const height = line(...[grid[0], grid.at(-1)].map(([y, value]) => [y, value]));
      const quarters = data.by_type[KINDS[kind]].quarterly;
      for (const [place, [, price]] of rows.entries()) {
        const quarter = quarters[quarters.length - rows.length + place];
        assert.equal(price, quarter.prix_m2, `${code}, row ${place} of ${kind}`);
        close(points[place][1], height(price), `${code}, point ${place} of ${kind}`, 0.6);
        seen.points++;
      }
      const most = Math.max(...quarters.map(({ volume }) => volume)), tallest = Math.max(...volumes);
      for (const [place, tall] of volumes.entries()) close(tall, tallest * quarters[quarters.length - volumes.length + place].volume / most, `${code}, volume ${place}`, 0.2);
    }
  }
  console.log(JSON.stringify(seen));
  for (const [what, count] of Object.entries(seen)) assert.ok(count >= 12, `${what}: ${count}`);
});
