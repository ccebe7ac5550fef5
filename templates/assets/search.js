// The search field and what lies near: loaded when somebody wants them. What it searches are files by the first letters of names.
const html = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  element.append(...children);
  return element;
};
const STOP = new Set("le la les l d de du des en sur sous aux au a et saint sainte saints communaute communes agglomeration agglo urbaine metropole cc".split(" "));
const FOLDERS = { v: "ville", d: "departement", r: "region", e: "epci" };
const SHOWN = 8;

/** The words of a text, without accents and abbreviations. */
const words = (text) => {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");
  return plain.split(/[^a-z0-9]+/).filter(Boolean).map((word) => word.replace(/^st(e|s|)$/, "saint$1"));
};

/** The letters and digits that count, as the files are named by them: of stop words the last alone, where there is no other. */
const letters = (parts) => parts.filter((word) => !STOP.has(word)).join("") || parts.at(-1);

const hash = (text) => [...text].reduce((value, letter) => Math.imul(value ^ letter.charCodeAt(0), 0x01000193) >>> 0, 0x811c9dc5);

/** The errors between what was typed and the beginning of a name: letters left out, added, changed or swapped. */
const errors = (typed, name) => {
  let before, above = Array.from({ length: name.length + 1 }, (_, k) => k);
  for (let row = 1; row <= typed.length; row++) {
    const line = [row];
    for (let column = 1; column <= name.length; column++) {
      const same = typed[row - 1] === name[column - 1];
      line[column] = Math.min(above[column] + 1, line[column - 1] + 1, above[column - 1] + (same ? 0 : 1));
      if (row > 1 && column > 1 && typed[row - 1] === name[column - 2] && typed[row - 2] === name[column - 1]) line[column] = Math.min(line[column], before[column - 2] + 1);
    }
    [before, above] = [above, line];
  }
  return Math.min(...above);
};

const files = new Map();
const load = (folder, name) => {
  const address = new URL(`${folder}/${name}.json`, data).href;
  if (!files.has(address)) files.set(address, fetch(address).then((response) => (response.ok ? response.json() : [])).catch(() => { files.delete(address); return []; }));
  return files.get(address);
};
/** The places of a file, which the list of its first letter has if it is there. */
const file = async (name) => ((await load("recherche", name[0])).includes(name) ? load("recherche", name) : []);
let data;

/** Whether words are those that a name begins with, the last ones in part; articles of the name may be left out. */
const begins = (typed, name) => {
  let place = 0;
  return typed.every((word, turn) => {
    // An article that comes first is meant.
    while ((turn || !STOP.has(word)) && STOP.has(name[place]) && !name[place].startsWith(word)) place++;
    return name[place++]?.startsWith(word);
  });
};

// From here on a place is one that may be meant: its name is another, by so many errors more.
const DOUBT = 3;

/** How far a name is from what was typed: 0 the same, 1 the same but for articles left out, 2 longer; Infinity too far. */
const distance = (typed, name) => {
  const all = typed.join(""), whole = name.join(""), some = letters(typed), counting = letters(name);
  if (whole === all) return 0;
  if (/^\d+$/.test(all)) return whole.startsWith(all) ? DOUBT : Infinity;
  if (begins(typed, name)) return counting === some ? 1 : 2;
  if (some === all && counting.startsWith(some)) return 2;
  if (counting === some) return DOUBT;
  if (some.length < 4) return Infinity;
  const most = some.slice(0, 3) === counting.slice(0, 3) && some.length > 5 ? 2 : 1;
  const apart = whole.startsWith(all) ? 1 : errors(some, counting);
  return apart <= most ? DOUBT + apart : Infinity;
};

// Of two places that match alike, a commune comes before what is named after it.
const wide = ([, target]) => target[0] !== "v";

/** Places after how far they are, the best first; of places as far the best known. */
const ranked = (entries, far) => {
  const seen = new Set();
  return entries.map((entry) => [far(entry), entry])
    .filter(([apart]) => apart < Infinity)
    .sort(([a, one], [b, two]) => a - b || wide(one) - wide(two) || two[3] - one[3])
    .filter(([, entry]) => !seen.has(entry[1]) && seen.add(entry[1]))
    .slice(0, SHOWN);
};

/** The places whose names words find; where none does, those in the files for errors among the first letters. */
const byName = async (typed, far) => {
  const some = letters(typed);
  const found = ranked(await file((some + "__").slice(0, 3)), far);
  if (found.length || some.length < 4 || /^\d+$/.test(some)) return found;
  const names = new Set([0, 1, 2, 3].map((place) => "x-" + hash(some.slice(0, place) + some.slice(place + 1, 4)) % 512));
  const further = await Promise.all([...names].map(file));
  return ranked(further.flat(), far);
};

/** The places that words find, each after how far it is from them. A postal code or that of the commune may stand beside a name. */
const search = async (parts) => {
  if (!parts.length) return [];
  const code = parts.find((word) => /^(\d{5}|2[ab]\d{3})$/.test(word)), typed = parts.filter((word) => word !== code);
  const near = ([name, , , , alias]) => distance(typed, words(alias || name));
  if (!code) return byName(typed, near);
  const places = await file(code.slice(0, 3));
  const coded = ([, target, , , alias]) => (alias === code ? 0 : target.slice(1).toLowerCase() === code ? 1 : Infinity);
  const found = ranked(places, (entry) => (typed.length ? Math.max(coded(entry), distance(typed, words(entry[0]))) : coded(entry)));
  if (found.length || !typed.length) return found;
  // People write 69000 for all of Lyon.
  const alike = await byName(typed, (entry) => near(entry) + (code.startsWith(entry[2].toLowerCase()) ? 0 : DOUBT));
  return alike.length ? alike : ranked(places, (entry) => coded(entry) + DOUBT);
};

/** The places that a text finds, the best first. */
export const find = async (text) => (await search(words(text))).map(([, entry]) => entry);

/** The place that a text means beyond doubt, if any: an article or a letter alone are not enough. */
const meant = async (text) => {
  const typed = words(text), [[apart, entry] = []] = await search(typed);
  const tells = typed.join("").length > 2 && typed.some((word) => !STOP.has(word));
  return apart === 0 || tells && apart < DOUBT ? entry : undefined;
};

const address = ([, target]) => new URL(`../${FOLDERS[target[0]]}/${target.slice(1)}/`, data).href;
const named = ([name, , context, , alias]) => [alias && !/^[0-9]/.test(alias) ? `${alias} → ${name}` : name, " ", html("small", {}, alias && /^\d{5}/.test(alias) ? alias : context)];

/** Makes a form of the page one that finds as people type. */
export const attach = (form) => {
  data = new URL("../data/", form.action);
  const input = form.elements.q, id = input.id + "-liste";
  const list = html("ul", { id, role: "listbox", "aria-label": "Résultats", hidden: "" });
  const told = html("p", { class: "unseen", role: "status" });
  let found = [], chosen = -1, turn = 0;
  form.append(list, told);
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id })) input.setAttribute(name, value);
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); chosen = -1; };
  // To the page of a place, unless the page that the form is on wants it.
  const go = (entry) => {
    const leads = form.dispatchEvent(new CustomEvent("place", { detail: entry[1], cancelable: true }));
    close();
    if (leads) location.assign(address(entry));
    else found = [];
  };
  const choose = (wanted) => {
    chosen = (wanted + found.length) % found.length;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", place === chosen));
    input.setAttribute("aria-activedescendant", list.children[chosen].id);
    list.children[chosen].scrollIntoView({ block: "nearest" });
  };
  const update = async () => {
    const mine = ++turn, text = input.value.trim();
    const places = text ? await find(text) : [];
    if (mine !== turn) return;
    found = places;
    close();
    list.replaceChildren(...found.map((entry, place) => {
      const item = html("li", { id: `${id}-${place}`, role: "option", "aria-selected": "false" }, ...named(entry));
      item.addEventListener("pointerdown", (event) => event.preventDefault());
      item.addEventListener("click", () => go(entry));
      return item;
    }));
    told.textContent = text.length < 3 && !found.length ? "" : found.length ? `${found.length}\u00a0résultat${found.length > 1 ? "s" : ""}` : "Aucun résultat";
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
  };
  input.addEventListener("input", update);
  input.addEventListener("focus", () => found.length || update());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      // Or the browser empties the field.
      event.preventDefault();
      return close();
    }
    if (!found.length || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? found.length - 1 : chosen - 1);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const entry = chosen >= 0 ? found[chosen] : await meant(input.value);
    if (entry) go(entry);
    else location.assign(`${form.action}?q=${encodeURIComponent(input.value)}`);
  });
  if (document.activeElement === input) update();
};

const links = (entries, where) => where.replaceChildren(html("ul", { class: "names" }, ...entries));

/** Shows what a text finds as links. */
export const show = async (text, where, form) => {
  data = new URL("../data/", form.action);
  form.elements.q.value = text;
  if (!text.trim()) return;
  const found = await search(words(text));
  if (!found.length) return where.replaceChildren(html("p", {}, `Rien ne ressemble à «\u00a0${text}\u00a0» parmi les lieux de ce site. Essayez le nom de la commune, ou son code postal.`));
  links(found.map(([, entry]) => html("li", {}, html("a", { href: address(entry) }, ...named(entry)))), where);
  if (found[0][0] >= DOUBT) where.prepend(html("p", {}, "Vouliez-vous dire…"));
};

const REFUSED = "Votre position n’a pas été donnée. Cherchez la commune par son nom.";

/** Shows the communes around where the visitor is. The position stays in the browser. */
export const near = (where, form) => {
  data = new URL("../data/", form.action);
  const tell = (text) => where.replaceChildren(html("p", {}, text));
  if (!navigator.geolocation) return tell("Ce navigateur ne donne pas de position.");
  tell("Recherche de votre position…");
  navigator.geolocation.getCurrentPosition(async ({ coords: { latitude, longitude } }) => {
    const tiles = new Set();
    for (const north of [-0.15, 0.15]) for (const east of [-0.15, 0.15]) tiles.add(`${Math.floor(latitude + north)}_${Math.floor(longitude + east)}`);
    const communes = (await Promise.all([...tiles].map((tile) => load("centres", tile)))).flat();
    const shrink = Math.cos(latitude * Math.PI / 180);
    const km = ([, , north, east]) => 111.2 * Math.hypot(north - latitude, (east - longitude) * shrink);
    const nearest = communes.map((commune) => [km(commune), commune]).sort(([a], [b]) => a - b).slice(0, 6);
    if (!nearest.length) return tell("Ce site ne connaît la position d’aucune commune près de vous. Cherchez la vôtre par son nom.");
    links(nearest.map(([distance, [name, code]]) => html("li", {}, html("a", { href: new URL(`../ville/${code}/`, data).href }, name), " ", html("small", {}, `${Math.round(distance)}\u00a0km`))), where);
  }, () => tell(REFUSED), { timeout: 10000, maximumAge: 600000 });
};
