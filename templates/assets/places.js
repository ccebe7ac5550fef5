// Places by their data files: the card of a commune on pages of other sites, /embed/?c=95127, and two to four places side by
// side, /comparer/?c=95127,d95.
(() => {
  "use strict";
  const number = (value) => value.toLocaleString("fr-FR", { maximumFractionDigits: 1 }).replace(/\s/g, "\u202f").replace("-", "\u2212");
  const euros = (value) => number(value) + "\u00a0€";
  const perM2 = (value) => number(value) + "\u00a0€/m²";
  const tenths = (value) => value.toLocaleString("fr-FR", { minimumFractionDigits: 1, maximumFractionDigits: 1 }).replace(/\s/g, "\u202f").replace("-", "\u2212");
  const percent = (value) => (value > 0 ? "+" : "") + tenths(value) + "\u00a0%";
  const count = (n, noun) => `${number(n)}\u00a0${noun}${n < 2 ? "" : "s"}`;
  const sales = (n) => count(n, "vente");
  const MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
  const month = (text) => MONTHS[text.slice(5) - 1] + " " + text.slice(0, 4);
  const fill = (element, attributes, children) => {
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children.filter((child) => child !== undefined));
    return element;
  };
  const html = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  const drawn = (name, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
  const KINDS = [["Appartements", "appartement", "flats"], ["Maisons", "maison", "houses"]];

  // What a data file says of the price of a kind of home, and how far it may be off: the widest side of its interval, in per cent.
  const priced = ({ current, estimate }) => {
    const price = estimate ? estimate.prix_m2 : current?.prix_m2, interval = estimate ? estimate.prix_m2_interval : current?.prix_m2_interval;
    const off = price && interval && Math.ceil(100 * Math.max(price - interval[0], interval[1] - price) / price);
    // The words of the pages; by chance the interval of a handful of sales may be narrow.
    const fragile = !estimate && (current?.fragile || !off), sure = fragile || off > 12 ? 1 : off > 6 ? 2 : off > 3 ? 3 : 4;
    const word = estimate ? "Estimation" : fragile ? "Fragile" : ["Peu précis", "Prudence", "Fiable", "Très fiable"][sure - 1];
    const trust = "●●●●○○○○".slice(4 - sure, 8 - sure) + " " + word + (fragile ? "" : `, à ${off}\u00a0% près`);
    const eight = !estimate && current?.prix_m2_d1 && [current.prix_m2_d1, current.prix_m2_d9];
    const half = !estimate && current?.prix_m2_q1 && [current.prix_m2_q1, current.prix_m2_q3];
    return { current, estimate, price, interval, trust, eight, half };
  };
  const none = (current) => current ? `${sales(current.volume)}\u00a0: trop peu pour un prix.` : "Aucune vente.";
  // Whole years by their numbers: "en 2025", "en 2024 et 2025", "de 2021 à 2025".
  const during = ({ from, to }) => {
    const [first, last] = [from, to].map((text) => text.slice(0, 4));
    if (from.endsWith("-01") && to.endsWith("-12")) return first === last ? `en ${first}` : last - first === 1 ? `en ${first} et ${last}` : `de ${first} à ${last}`;
    return from === to ? `en ${month(to)}` : `de ${month(from)} à ${month(to)}`;
  };
  const window = (current) => `${sales(current.volume)} ${during(current)}`;
  const source = ({ metadata }) => `${metadata.source}${metadata.last_update ? `, ventes jusqu’au ${new Date(metadata.last_update).toLocaleDateString("fr-FR", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" })}` : ""}. ${metadata.licence}.`;

  // A place by what an address names it by: its folder of pages, its data file and its code.
  const place = (text) => {
    const [, letter, code] = /^([vderf]?)(\w*)$/i.exec(text.trim()) || [];
    const level = letter ? letter.toLowerCase() : code?.length === 9 ? "e" : code?.length < 4 ? "d" : "v";
    if (level === "f") return { key: "fr", page: "france/", data: "data/france.json" };
    const [form, page, data] = {
      v: [/^(\d\d|2[AB])\d{3}$/, "ville", "villes"], e: [/^\d{9}$/, "epci", "epci"], d: [/^(\d\d|2[AB]|97\d)$/, "departement", "departement"], r: [/^\d\d$/, "region", "region"],
    }[level];
    if (!form.test(code?.toUpperCase())) return null;
    const own = code.toUpperCase();
    return { key: level === "v" ? own : level + own, page: `${page}/${own}/`, data: `data/${data}/${own}.json` };
  };
  const load = async (found) => {
    const response = await fetch("../" + found.data);
    if (response.status === 404) throw new Error(`Ce site n’a pas de chiffres pour ${found.key}.`);
    if (!response.ok) throw new Error("Les chiffres n’ont pas pu être chargés.");
    return response.json();
  };
  // The official names of communes have the typewriter's apostrophe, and capitals that texts do not write.
  const name = ({ metadata }) => (metadata.city_name || metadata.name).replaceAll("'", "’").replace("Arrondissement", "arrondissement");
  const at = (name) => {
    const forms = [[/^(.+) (\d+er?) arrondissement$/, "dans le $2 arrondissement de $1"], [/^Le /, "au "], [/^(Les|Aux) /, "aux "], [/^/, "à "]];
    return name.replace(...forms.find(([form]) => form.test(name)));
  };
  const asked = () => new URLSearchParams(location.search).get("c") || "";

  const card = (name, kind, classes) => {
    const home = priced(kind), { current, price, trust } = home;
    const head = html("div", { class: "answer-head" }, html("h2", {}, name));
    const section = html("section", { class: "answer " + classes }, head);
    if (!price) {
      section.append(html("p", { class: "nothing" }, none(current)));
      return section;
    }
    head.append(html("p", { class: "trust" }, trust));
    section.append(html("p", { class: "price" }, html("b", {}, number(price)), " €/m²"));
    section.append(html("p", { class: "range" }, said(home)));
    return section;
  };
  const embed = (status) => {
    const found = place(asked()), tell = (text) => { status.textContent = text; };
    if (!found) return tell("L’adresse de cette fiche doit nommer un lieu\u00a0: une commune par son code INSEE, comme ?c=95127, un département (d95), une région (r11), une intercommunalité ou la France (fr).");
    tell("Chargement…");
    load(found).then((data) => {
      const title = "Prix de l’immobilier" + (data.metadata.level ? `\u00a0: ${name(data)}` : ` ${at(name(data))}`), kinds = data.by_type;
      document.title = title;
      document.querySelector("h1").replaceChildren(title);
      const link = html("a", { href: `../${found.page}`, target: "_blank", rel: "noopener" }, "Tous les chiffres");
      const cards = kinds ? KINDS.map(([name, kind, classes]) => card(name, kinds[kind], classes)) : [html("p", {}, "DVF ne couvre pas ce territoire.")];
      status.remove();
      document.querySelector("main").append(...partial(data), html("div", { class: "answers" }, ...cards), html("p", { class: "note" }, link, " – " + source(data)));
    }).catch((error) => tell(error.message));
  };

  const MOST = 4;
  const list = (names) => names.length < 2 ? names.join("") : names.slice(0, -1).join(", ") + " et " + names.at(-1);

  // The price of one place on the scale of all, its range behind it.
  const ruler = ({ price, interval, estimate, eight, half }, at) => {
    const range = eight || half || interval, x = (value) => at(value).toFixed(1) + "%";
    const bar = (kind, [low, high]) => drawn("rect", { class: kind, x: x(low), y: 5, width: (at(high) - at(low)).toFixed(1) + "%", height: 14 });
    return drawn("svg", { class: "ruler", height: range ? 38 : 24, "aria-hidden": "true" },
      drawn("rect", { class: "rail", y: 8, width: "100%", height: 8, rx: 4 }),
      range ? bar(estimate ? "likely" : eight ? "eight" : half ? "half" : "likely", range) : undefined,
      eight && half ? bar("half", half) : undefined,
      drawn("line", { class: "median" + (estimate ? " fragile" : ""), x1: x(price), x2: x(price), y1: 1, y2: 23 }),
      ...(range ? [drawn("text", { class: "end", x: x(range[0]), y: 35 }, number(range[0])), drawn("text", { class: "end", x: x(range[1]), y: 35, "text-anchor": "end" }, number(range[1]))] : []));
  };
  const said = ({ current, estimate, eight, half, interval }) => {
    const [words, range] = estimate ? ["Estimation, à 95\u00a0% de confiance", interval] : eight ? ["8 ventes sur 10", eight] : half ? ["La moitié des ventes", half] : interval ? ["Vrai prix médian, à 95\u00a0% de confiance", interval] : [];
    return [range && `${words}\u00a0: de ${number(range[0])} à ${perM2(range[1])}`, current && window(current)].filter(Boolean).join(". ") + ".";
  };
  const ranked = (title, kind, classes, places) => {
    const homes = places.map(([found, data]) => [found, data, data.by_type ? priced(data.by_type[kind]) : {}]);
    const values = homes.flatMap(([, , { price, interval, eight, half }]) => [price, ...(eight || half || interval || [])]).filter(Boolean);
    const low = Math.min(...values), span = Math.max(...values) - low || 1;
    const at = (value) => 4 + 92 * (value - low) / span;
    return html("section", { class: "part " + classes }, html("h2", {}, title), ...homes.map(([found, data, home]) => html("div", { class: "compared" },
      html("h3", {}, html("a", { href: "../" + found.page }, name(data))),
      ...(home.price
        ? [html("p", { class: "price" }, html("b", {}, number(home.price)), " €/m²"), html("p", { class: "trust" }, home.trust), ruler(home, at), html("p", { class: "range" }, said(home))]
        : [html("p", { class: "range" }, data.by_type ? none(home.current) : "DVF ne couvre pas ce territoire.")]))));
  };
  const change = (kind) => {
    const found = kind?.changes?.find(({ years }) => years === 1), shown = found && (found.own || found.wider);
    return shown && [percent(shown.percent), " ", html("small", {}, found.own ? `entre ${tenths(shown.interval[0])} et ${percent(shown.interval[1])}` : found.wider.epci ? "comme l’intercommunalité" : "comme le département")];
  };
  // Figures of a part of a place only; of less than half, they are not its own.
  const WHOSE = { epci: "de l’intercommunalité", departement: "du département", region: "de la région", pays: "de la France" };
  const partial = (data) => {
    const { level, communes, communes_total: all } = data.metadata;
    const what = 2 * communes < all ? `ces chiffres ne sont pas ceux ${WHOSE[level]}` : "chiffres partiels";
    return communes < all ? [html("p", { class: "warning" }, html("b", {}, name(data)), `\u00a0: ${what}. Faute de fichiers, ils ne portent que sur ${number(communes)} des ${count(all, "commune")} que DVF y couvre.`)] : [];
  };
  // What each place has in a row of the table.
  const ROWS = [
    ["Population", ({ metadata }) => metadata.population && number(metadata.population)],
    ["Communes comptées", ({ metadata: { communes, communes_total: all } }) => communes && (communes < all ? `${number(communes)} sur ${number(all)}` : number(communes))],
    ["Ventes en 12 mois", ({ current_stats: stats }) => stats.volume !== null && number(stats.volume)],
    ...KINDS.flatMap(([title, kind]) => [
      [`${title}, €/m²`, ({ by_type: kinds }) => kinds && priced(kinds[kind]).price && (kinds[kind].estimate ? "≈\u00a0" : "") + number(priced(kinds[kind]).price)],
      [`${title}, prix médian`, ({ by_type: kinds }) => kinds?.[kind].current?.prix_median && euros(kinds[kind].current.prix_median)],
      [`${title}, sur un an`, ({ by_type: kinds }) => change(kinds?.[kind])],
    ]),
  ];
  // What other sources tell, where the site has any: rows by the catalogue of the data files.
  const WHY = { secret: "secret", "not-yet": "pas encore connu", nothing: "aucune", "not-concerned": "non concernée" };
  const other = async (places) => {
    if (!places.some(([, data]) => data.indicators)) return [];
    const response = await fetch("../data/indicateurs.json");
    const known = response.ok ? await response.json() : [];
    return known.filter(([id]) => places.some(([, data]) => data.indicators?.[id])).map(([id, { label, unit, decimals, categories, rollup }]) => [
      [label, " ", html("small", {}, unit === "%" ? "en\u00a0%" : unit)],
      ({ indicators, metadata }) => {
        const told = indicators?.[id];
        if (!told) return undefined;
        const text = told.absent ? WHY[told.absent] || "inconnu" : told.category ? categories?.[told.category] || told.category
          : told.value.toLocaleString("fr-FR", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace(/\s/g, "\u202f");
        return [told.at_least ? "au moins " : "", text, " ", html("small", {}, (rollup === "median" && metadata.level && !told.absent ? "commune médiane, " : "") + told.period)];
      },
    ]);
  };
  const table = (places, more) => html("section", { class: "part" }, html("h2", {}, "Côte à côte"),
    html("section", { class: "scroll", "aria-label": "Côte à côte", tabindex: "0" }, html("table", { class: "side" },
      html("thead", {}, html("tr", {}, html("th", {}, "Chiffre"), ...places.map(([, data]) => html("th", {}, name(data))))),
      html("tbody", {}, ...[...ROWS, ...more].filter(([, of]) => places.some(([, data]) => of(data))).map(([head, of]) => html("tr", {}, html("th", {}, ...[head].flat()), ...places.map(([, data]) => html("td", {}, ...[of(data) || "–"].flat()))))))),
    html("p", { class: "note" }, "≈\u00a0: prix estimé avec les ventes des communes voisines. Évolution à logement ancien comparable. ", source(places[0][1])));

  const compare = (where) => {
    const form = document.querySelector("main form"), told = where.querySelector("[role=status]");
    const body = html("div", {});
    where.append(body);
    let turn = 0, shown;
    const keys = () => [...new Set(asked().split(",").filter(Boolean).map((text) => place(text)?.key || text))];
    const go = (wanted) => {
      history.pushState(null, "", wanted.length ? `?c=${wanted.join()}` : location.pathname);
      show();
    };
    const show = async () => {
      const mine = ++turn, wanted = keys();
      shown = wanted.join();
      const places = [], troubles = wanted.length > MOST ? [`Quatre territoires au plus\u00a0: les autres sont laissés de côté.`] : [];
      for (const result of await Promise.all(wanted.slice(0, MOST).map(async (text) => {
        const found = place(text);
        if (!found) return `«\u00a0${text}\u00a0» n’est pas un code de commune, de département (d95), de région (r11) ou d’intercommunalité.`;
        return load(found).then((data) => [found, data], (error) => error.message);
      }))) (Array.isArray(result) ? places : troubles).push(result);
      const more = await other(places).catch(() => []);
      if (mine !== turn) return;
      const names = places.map(([, data]) => name(data));
      if (names.length > 1) document.title = `Comparer ${list(names)}`;
      const invited = names.length < 2 ? `${names.length ? `${names[0]}\u00a0: ajoutez` : "Ajoutez"} ${names.length ? "un second territoire" : "deux territoires"} par le champ ci-dessus.` : `Comparaison\u00a0: ${list(names)}.`;
      told.replaceChildren(...[invited, ...troubles].map((text) => html("p", {}, text)), ...places.flatMap(([, data]) => partial(data)));
      const chosen = places.map(([{ key }, data]) => {
        const button = html("button", { type: "button", class: "button", "aria-label": `Retirer ${name(data)}` }, `${name(data)} ×`);
        button.addEventListener("click", () => go(keys().filter((other) => other !== key)));
        return button;
      });
      const focused = body.contains(document.activeElement);
      body.replaceChildren(...(places.length ? [html("p", { class: "ways" }, ...chosen), ...KINDS.map((kind) => ranked(...kind, places)), table(places, more)] : []));
      if (focused) (body.querySelector("button") || form.querySelector("input")).focus();
    };
    form.addEventListener("place", (event) => {
      event.preventDefault();
      const wanted = place(event.detail).key, known = keys();
      form.reset();
      if (!known.includes(wanted) && known.length >= MOST) return told.replaceChildren(html("p", {}, "Quatre territoires au plus\u00a0: retirez-en un d’abord."));
      go([...known.filter((key) => key !== wanted), wanted]);
    });
    // A link to a part of the page, such as the one that skips to its content, is a step of the history too.
    addEventListener("popstate", () => keys().join() !== shown && show());
    show();
  };

  const embedded = document.querySelector("#carte"), compared = document.querySelector("#comparaison");
  if (embedded) embed(embedded);
  if (compared) compare(compared);
})();
