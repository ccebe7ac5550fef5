// The list of a commune's recent sales, loaded once its reader asks for it.
(() => {
  "use strict";
  const number = (value) => value.toLocaleString("fr-FR").replace(/\s/g, "\u202f");
  const html = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  };
  const KINDS = [["Appartements", "appartement", "flats"], ["Maisons", "maison", "houses"]];
  const named = (period) => `${period.slice(6)}${period.endsWith("1") ? "er" : "e"} trimestre ${period.slice(0, 4)}`;
  const row = ({ quarter, rooms, surface, prices }) => html("tr", {}, html("th", {}, named(quarter)), html("td", {}, String(rooms)),
    html("td", {}, `${surface}\u00a0m²`), html("td", { class: "text" }, prices.map((price) => number(price) + "\u00a0€").join(", ")));
  const table = (title, classes, { volume, sales }) => {
    const shown = sales.reduce((sum, { prices }) => sum + prices.length, 0);
    return html("section", { class: `scroll ${classes}`, tabindex: "0", "aria-label": title }, html("table", {},
      html("caption", {}, `${title}\u00a0: ${number(shown)} des ${number(volume)}\u00a0ventes de la dernière période`),
      html("thead", {}, html("tr", {}, ...["Trimestre", "Pièces", "Surface", "Prix"].map((head) => html("th", head === "Prix" ? { class: "text" } : {}, head)))),
      html("tbody", {}, ...sales.map(row))));
  };

  const link = document.querySelector("[data-recent]"), status = html("div", { role: "status" });
  link.parentElement.after(status);
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      const response = await fetch(link.href);
      if (!response.ok) throw new Error(response.status);
      const data = await response.json();
      status.append(...KINDS.filter(([, kind]) => data[kind].sales.length).map(([title, kind, classes]) => table(title, classes, data[kind])));
      const first = status.firstElementChild;
      link.parentElement.remove();
      first?.focus();
    } catch {
      status.replaceChildren(html("p", { class: "absence" }, "Les ventes n’ont pas pu être chargées. Vérifiez la connexion, puis recommencez."));
    }
  });
})();
