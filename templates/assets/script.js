// The site reads without: this adds values under a finger or a key, the order of tables, and the estimate.
(() => {
  "use strict";
  const first = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const SVG = "http://www.w3.org/2000/svg";
  const number = (value) => value.toLocaleString("fr-FR", { maximumFractionDigits: 1 }).replace(/\s/g, "\u202f").replace("-", "\u2212");
  const euros = (value) => number(value) + "\u00a0€";
  const percent = (value) => (value < 0 ? "" : "+") + number(Math.round(value)) + "\u00a0%";

  const html = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  const drawn = (name, attributes, ...children) => fill(document.createElementNS(SVG, name), attributes, children);
  const fill = (element, attributes = {}, children = []) => {
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };

  // The search is loaded once somebody wants it.
  const results = first("[data-results]"), query = new URLSearchParams(location.search).get("q");
  for (const form of all("form[role=search]")) {
    const load = () => import(new URL(form.dataset.script, document.baseURI).href);
    form.elements.q.addEventListener("focus", () => load().then((search) => search.attach(form)), { once: true });
    if (results && query && form.classList.contains("large")) load().then((search) => search.show(query, results, form));
    for (const button of results && form.classList.contains("large") ? all("[data-near]") : []) {
      button.hidden = false;
      button.addEventListener("click", () => load().then((search) => search.near(results, form)));
    }
  }

  // The card for pages of other sites.
  for (const cite of all("[data-embed]")) {
    const snippet = `<iframe src="${cite.dataset.embed}" width="400" height="520" title="${first("h1").textContent}"></iframe>`;
    cite.before(html("details", { class: "snippet" }, html("summary", {}, "Montrer ces prix sur un autre site"), html("p", {}, html("code", {}, snippet))));
  }

  // The values of a chart are those of its table.
  for (const figure of all("figure[data-x]")) {
    const chart = first("svg", figure), table = first("table", figure);
    const rows = all("tbody tr", table), heads = all("thead th", table).map((head) => head.textContent);
    const [left, right] = figure.dataset.x.split(" ").map(Number);
    const tip = html("div", { class: "tip", role: "status", hidden: "" });
    const cursor = drawn("line", { class: "cursor", y1: 18, y2: chart.getAttribute("height") - 24, visibility: "hidden" });
    let at = rows.length - 1;
    figure.append(tip);
    chart.append(cursor);
    chart.setAttribute("tabindex", "0");
    const show = (wanted) => {
      at = Math.max(0, Math.min(rows.length - 1, wanted));
      const cells = [...rows[at].children].map((cell) => cell.textContent);
      const place = left + (right - left) * at / (rows.length - 1);
      fill(cursor, { x1: place + "%", x2: place + "%", visibility: "visible" });
      tip.replaceChildren(html("b", {}, cells[0]), ...cells.slice(1).map((text, k) => html("div", {}, `${heads[k + 1]}\u00a0: ${text}`)));
      tip.hidden = false;
      const x = chart.clientWidth * place / 100;
      tip.style.left = Math.max(0, x < figure.clientWidth / 2 ? x + 12 : x - 12 - tip.offsetWidth) + "px";
      // Below the chart, where it would hide half of it.
      tip.style.top = first("figcaption", figure).offsetHeight + 14 + (tip.offsetWidth > figure.clientWidth / 2 ? chart.clientHeight : 0) + "px";
    };
    const hide = () => { tip.hidden = true; cursor.setAttribute("visibility", "hidden"); };
    const point = (event) => {
      const box = chart.getBoundingClientRect();
      const share = (event.clientX - box.left) / box.width * 100;
      show(Math.round((share - left) / (right - left) * (rows.length - 1)));
    };
    chart.addEventListener("pointermove", point);
    chart.addEventListener("pointerdown", point);
    chart.addEventListener("pointerleave", hide);
    chart.addEventListener("blur", hide);
    chart.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: rows.length - 1 };
      if (event.key === "Escape") return hide();
      if (!(event.key in moves)) return;
      event.preventDefault();
      show(tip.hidden ? at : moves[event.key]);
    });
  }

  // The map says what the table says of each place; it is one stop of the keyboard, and arrows lead on.
  const map = first(".map:not(.tiles)");
  if (map) {
    const rows = new Map(all(".sortable tbody a").map((link) => [link.getAttribute("href"), link.closest("tr")]));
    const links = all("a", map).filter((link) => rows.has(link.getAttribute("href")));
    const tip = html("div", { class: "tip", hidden: "" }), around = map.parentElement;
    const price = (cell) => {
      const text = cell.firstChild.textContent.trim();
      return { "–": "aucune vente", "n.p.": "prix non publié" }[text]
        || text.replace("≈", "environ").replace(/\*?$/, (star) => "\u00a0€/m²" + (star && ", médiane fragile"));
    };
    const told = (link) => {
      const cells = [...rows.get(link.getAttribute("href")).children];
      return [first("a", cells[0]).textContent, `Appartements\u00a0: ${price(cells.at(-2))}`, `Maisons\u00a0: ${price(cells.at(-1))}`];
    };
    const hide = () => { tip.hidden = true; };
    const show = ({ target }) => {
      const link = target.closest("a"), frame = around.getBoundingClientRect();
      if (!links.includes(link)) return hide();
      const [name, ...lines] = told(link), box = link.getBoundingClientRect();
      tip.replaceChildren(html("b", {}, name), ...lines.map((line) => html("div", {}, line)));
      tip.hidden = false;
      tip.style.left = Math.max(0, Math.min(frame.width - tip.offsetWidth, box.right - frame.left + 6)) + "px";
      tip.style.top = box.bottom - frame.top + 6 + "px";
    };
    map.after(tip);
    map.removeAttribute("aria-hidden");
    fill(map, { role: "group", "aria-label": "Carte\u00a0: les flèches mènent d’un lieu à l’autre" });
    for (const link of links) fill(link, { "aria-label": told(link).join(", ") });
    let stop;
    const move = (link) => {
      if (stop) fill(stop, { tabindex: -1 });
      stop = link && fill(link, { tabindex: 0 });
    };
    move(links[0]);
    // Not on the drawing: Chromium makes a stop of an SVG that listens for the focus.
    for (const kind of ["pointerover", "focusin"]) around.addEventListener(kind, show);
    for (const kind of ["pointerleave", "focusout"]) around.addEventListener(kind, hide);
    map.addEventListener("keydown", (event) => {
      const from = event.target.closest("a"), way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (event.key === "Escape") return hide();
      if (!way || !from) return;
      event.preventDefault();
      const centre = (link) => { const { x, y, width, height } = link.getBoundingClientRect(); return [x + width / 2, y + height / 2]; };
      const [x, y] = centre(from);
      // What lies aside of the way is farther.
      const far = (link) => {
        const [a, b] = centre(link), ahead = (a - x) * way[0] + (b - y) * way[1];
        return ahead > .5 ? ahead + 2 * Math.abs((a - x) * way[1] + (b - y) * way[0]) : Infinity;
      };
      const next = links.reduce((best, link) => far(link) < far(best) ? link : best, from);
      move(next);
      next.focus();
    });
  }

  // Tables by a column: names first up, figures first down; what has none stays below.
  for (const table of all(".sortable")) {
    all("thead tr:last-child th", table).forEach((head, column) => {
      const button = html("button", { type: "button" }, ...head.childNodes);
      const value = (row) => {
        // What else is told of a figure follows in an element of its own.
        const cell = row.children[column], text = (column ? cell.firstChild : cell)?.textContent ?? "";
        return column ? parseFloat(text.replace(/[^\d,]/g, "").replace(",", ".")) : text;
      };
      head.append(button);
      button.addEventListener("click", () => {
        const start = column ? "descending" : "ascending", other = column ? "ascending" : "descending";
        const order = head.getAttribute("aria-sort") === start ? other : start;
        const sign = order === "ascending" ? 1 : -1, body = table.tBodies[0];
        all("th[aria-sort]", table).forEach((sorted) => sorted.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", order);
        body.append(...[...body.rows].sort((one, two) => {
          const [a, b] = [value(one), value(two)];
          return column ? isNaN(a) - isNaN(b) || sign * (a - b) : sign * a.localeCompare(b, "fr");
        }));
      });
    });
  }

  // The estimate: the commune’s level, and what surface, rooms and land add.
  const estimator = first("[data-estimator]");
  if (estimator) {
    const [commune, departement] = estimator.dataset.estimator.split(" "), kinds = estimator.dataset.kinds.split(" ");
    const choice = (legend, name, chosen, options) => html("fieldset", { class: "segments" }, html("legend", {}, legend), ...options.map(([value, text]) =>
      html("label", {}, html("input", { type: "radio", name, value, ...(value === chosen && { checked: "" }) }), html("span", {}, text))));
    const size = (label, name, least, most, value) => html("label", {}, label + " ", html("span", {}, html("input", { name, type: "number", inputmode: "numeric", min: least, max: most, value }), " m²"));
    const kindChoice = choice("Type de bien", "kind", kinds[0], kinds.map((kind) => [kind, kind === "maison" ? "Maison" : "Appartement"]));
    const landSize = size("Terrain", "land", 0, 20000, 400), out = html("output", { class: "result", "aria-live": "polite" });
    const form = html("form", { class: "estimator" }, html("div", { class: "inputs" }, kindChoice,
      html("div", { class: "sizes" }, size("Surface", "surface", 12, 300, kinds[0] === "maison" ? 95 : 65), landSize),
      choice("Pièces principales", "rooms", kinds[0] === "maison" ? 4 : 3, [1, 2, 3, 4, 5, 6].map((rooms) => [rooms, rooms + (rooms > 5 ? "+" : "")]))), out);
    kindChoice.hidden = !kinds[1];
    landSize.hidden = kinds[0] !== "maison";
    const read = (name) => first(`[name=${name}]:checked, [name=${name}]:not([type=radio])`, form)?.value;
    const REFERENCE = { appartement: 65, maison: 95 }, BOUNDS = { appartement: [12, 250], maison: [30, 300] };
    const MOST_LAND = 20000, REFERENCE_LAND = 400;
    const rounded = (price) => {
      const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, price))) - 1);
      return Math.round(price / step) * step;
    };
    const say = (text) => out.replaceChildren(html("p", {}, text));
    let known;
    const load = () => (known ||= Promise.all([commune, departement].map((path) => fetch(path).then((response) => {
      if (!response.ok) throw new Error(response.status);
      return response.json();
    }))));
    // In logarithms of the price.
    const parts = (model, kind, surface, rooms, land) => {
      const s = Math.log(surface / REFERENCE[kind]);
      const added = { surface: model.surface * s + model.surface_squared * s * s, rooms: model.rooms[Math.min(6, rooms)], land: 0 };
      if (kind === "maison") {
        const g = Math.log1p(land) - Math.log(REFERENCE_LAND);
        added.land = land > 0 ? model.land * g + model.land_squared * g * g : model.no_land;
      }
      return added;
    };
    const show = ([place, general]) => {
      const kind = read("kind"), surface = +read("surface"), rooms = +read("rooms"), land = +(read("land") || REFERENCE_LAND);
      const level = place.by_type?.[kind]?.estimator, model = general[kind];
      landSize.hidden = kind !== "maison";
      if (!level || !model) return say("Trop peu de ventes connues ici et alentour pour une estimation.");
      const [least, most] = BOUNDS[kind];
      if (!(surface >= least && surface <= most)) return say(`Indiquez une surface entre ${least} et ${most}\u00a0m².`);
      if (!(land >= 0 && land <= MOST_LAND)) return say(`Indiquez un terrain de 0 à ${number(MOST_LAND)}\u00a0m².`);
      const added = parts(model.coefficients, kind, surface, rooms, land);
      const middle = level.level + added.surface + added.rooms + added.land, likely = rounded(Math.exp(middle));
      const around = (level.residuals || model.residuals).map((residual, k) => {
        const wide = Math.hypot(residual, (k === 0 || k === 3 ? 1.28 : 0.6745) * Math.sqrt(level.variance));
        return k < 2 ? -wide : wide;
      });
      const [low, lowHalf, highHalf, high] = around.map((apart) => rounded(Math.exp(middle + apart)));
      const scale = (value) => 4 + 92 * (value - low) / (high - low) + "%";
      const ruler = drawn("svg", { class: `ruler ${kind === "maison" ? "houses" : "flats"}`, height: 46, "aria-hidden": "true" },
        drawn("rect", { class: "eight", x: scale(low), width: "92%", y: 4, height: 16 }),
        drawn("rect", { class: "half", x: scale(lowHalf), width: 92 * (highHalf - lowHalf) / (high - low) + "%", y: 4, height: 16 }),
        drawn("line", { class: "median", x1: scale(likely), x2: scale(likely), y1: 0, y2: 24 }),
        drawn("text", { class: "end", x: scale(low), y: 40 }, euros(low)),
        drawn("text", { class: "end", x: scale(high), y: 40, "text-anchor": "end" }, euros(high)));
      const effect = (value) => percent((Math.exp(value) - 1) * 100);
      const told = (value, text) => Math.abs(value) < .005 ? [] : [`${text}\u00a0: ${effect(value)}.`];
      const reasons = [`Logement de référence ici (${REFERENCE[kind]}\u00a0m²${kind === "maison" ? `, 4\u00a0pièces, ${REFERENCE_LAND}\u00a0m² de terrain` : ", 3\u00a0pièces"})\u00a0: environ ${euros(rounded(Math.exp(level.level)))}.`,
        ...told(added.surface, `${number(surface)}\u00a0m²`),
        ...told(added.rooms, `${rooms > 5 ? "6\u00a0pièces et plus" : rooms + "\u00a0pièce" + (rooms > 1 ? "s" : "")}, à surface égale`),
        ...told(added.land, `Terrain de ${number(land)}\u00a0m²`)];
      reasons.push(`Prix le plus vraisemblable\u00a0: ${euros(likely)}.`);
      const rate = model.hit_rate;
      if (rate) reasons.push(`À l’épreuve\u00a0: sans connaître les ${number(rate.sales)}\u00a0ventes des douze derniers mois dans le département, la fourchette en aurait contenu ${rate.percent}\u00a0%.`);
      out.replaceChildren(html("p", { class: "large" }, `De ${number(low)} à ${euros(high)}`, html("small", {}, "Huit ventes comparables sur dix\u00a0; barre foncée\u00a0: la moitié.")), ruler, html("ul", {}, ...reasons.map((reason) => html("li", {}, reason))));
    };
    const failed = () => { known = undefined; say("Les données de l’estimation n’ont pas pu être chargées. Vérifiez la connexion, puis changez une valeur."); };
    const update = () => load().then(show).catch(failed);
    const missing = kinds[1] ? "" : ` Trop peu de ventes pour estimer ${kinds[0] === "maison" ? "un appartement" : "une maison"}.`;
    estimator.replaceWith(form, html("p", { class: "note" }, "L’état, l’étage, la vue et l’énergie n’y sont pas\u00a0: ils déplacent un bien à l’intérieur de la fourchette, parfois au-delà. Rien de ce que vous indiquez ne quitte votre navigateur." + missing));
    form.addEventListener("submit", (event) => event.preventDefault());
    kindChoice.addEventListener("input", () => {
      const { surface, rooms } = form.elements, house = read("kind") === "maison";
      if (+surface.value === (house ? 65 : 95)) [surface.value, rooms.value] = house ? [95, 4] : [65, 3];
    });
    form.addEventListener("input", update);
    new IntersectionObserver((seen, observer) => {
      if (seen.some((entry) => entry.isIntersecting)) { observer.disconnect(); update(); }
    }, { rootMargin: "400px" }).observe(form);
  }
})();
