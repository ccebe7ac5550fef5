// The card of a commune on pages of other sites: /embed/?c=95127. All of it comes from the commune's data file.
(() => {
  "use strict";
  const code = new URLSearchParams(location.search).get("c") || "";
  const main = document.querySelector("main"), status = document.querySelector("#carte");
  const number = (value) => value.toLocaleString("fr-FR").replace(/\s/g, "\u202f");
  const perM2 = (value) => number(value) + "\u00a0€/m²";
  const html = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
  const month = (text) => MONTHS[text.slice(5) - 1] + " " + text.slice(0, 4);
  // How far the price may be off: the widest side of its interval, in per cent.
  const near = (price, interval) => interval && Math.round(100 * Math.max(price - interval[0], interval[1] - price) / price);
  const sales = (n) => `${number(n)}\u00a0vente${n < 2 ? "" : "s"}`;
  const card = (name, kind, classes) => {
    const { current, estimate } = kind, price = estimate ? estimate.prix_m2 : current?.prix_m2;
    const head = html("div", { class: "answer-head" }, html("h2", {}, name));
    const section = html("section", { class: "answer " + classes }, head);
    if (!price) {
      section.append(html("p", { class: "nothing" }, current ? `${sales(current.volume)}\u00a0: trop peu pour un prix.` : "Aucune vente."));
      return section;
    }
    const off = near(price, estimate ? estimate.prix_m2_interval : current.prix_m2_interval);
    const trust = [estimate ? "Estimation" : current.fragile ? "Fragile" : "", off ? `à ${off}\u00a0% près` : ""].filter(Boolean).join(", ");
    head.append(html("p", { class: "trust" }, trust));
    section.append(html("p", { class: "price" }, html("b", {}, number(price)), " €/m²"));
    if (!estimate) {
      section.append(html("p", { class: "range" }, `${sales(current.volume)} de ${month(current.from)} à ${month(current.to)}`));
      if (current.prix_m2_d1) section.append(html("p", { class: "range" }, `8\u00a0ventes sur\u00a010\u00a0: de ${number(current.prix_m2_d1)} à ${perM2(current.prix_m2_d9)}`));
    }
    return section;
  };
  const show = ({ metadata, by_type: kinds }) => {
    const title = `Prix de l’immobilier, ${metadata.city_name}`;
    document.title = title;
    document.querySelector("h1").replaceChildren(title);
    const link = html("a", { href: `../ville/${code}/`, target: "_blank", rel: "noopener" }, "Tous les chiffres");
    const cards = kinds ? [card("Appartements", kinds.appartement, "flats"), card("Maisons", kinds.maison, "houses")] : [html("p", {}, "DVF ne couvre pas ce territoire.")];
    status.remove();
    main.append(html("div", { class: "answers" }, ...cards), html("p", { class: "note" }, link, ` – ${metadata.source}${metadata.last_update ? `, ventes jusqu’au ${new Date(metadata.last_update).toLocaleDateString("fr-FR", { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" })}` : ""}. ${metadata.licence}.`));
  };
  const failed = (text) => { status.textContent = text; };
  if (!/^(\d\d|2[AB])\d{3}$/.test(code)) return failed("L’adresse de cette fiche doit nommer une commune par son code INSEE, comme ?c=95127.");
  failed("Chargement…");
  fetch(`../data/villes/${code}.json`).then((response) => {
    if (response.status === 404) throw new Error(`Ce site n’a pas de page pour la commune ${code}.`);
    if (!response.ok) throw new Error("Les chiffres n’ont pas pu être chargés.");
    return response.json();
  }).then(show).catch((error) => failed(error.message));
})();
