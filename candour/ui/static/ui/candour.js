// Everything works without this file; with it, components come alive, also those that htmx brings.
import { initAll } from "../vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

const phone = window.matchMedia("(max-width: 40em)");

// On a phone a table that does not fit becomes cards: each cell under the other, with its column's name before it.
// What a screen reader knows of the table is said again in roles, since laying it out anew would take it away.
function asCards(table) {
  const names = [...table.querySelectorAll("thead tr:first-child > *")].map((cell) => cell.textContent.trim());
  table.classList.add("cd-cards");
  table.setAttribute("role", "table");
  for (const part of table.tHead ? [table.tHead, ...table.tBodies] : table.tBodies) part.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    [...row.cells].forEach((cell, at) => {
      const head = cell.tagName === "TH";
      cell.setAttribute("role", !head ? "cell" : cell.scope === "row" ? "rowheader" : "columnheader");
      if (!head && names[at]) cell.dataset.label = names[at].endsWith("?") ? names[at] : `${names[at]}:`;
    });
  }
}

function start(scope) {
  initAll({ scope });
  for (const table of scope.querySelectorAll(".govuk-table:not([role])")) {
    const frame = table.closest(".cd-scroll") ?? table.parentElement;
    if (frame.tabIndex === 0 || frame.scrollWidth <= frame.clientWidth + 1) continue;
    const plain = table.tHead?.rows.length === 1 && !table.querySelector("[colspan], [rowspan]");
    if (phone.matches && plain && !table.closest(".cd-grid")) asCards(table);
    // A frame that moves sideways can be moved with the keyboard, and is a stop only where it does.
    else frame.tabIndex = 0;
  }
}

start(document);

// A swapped-in part is a new document to the components; those that are already awake stay as they are.
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt.parentElement ?? document);
});

// The page's token goes with every request that htmx sends.
document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
});

// A form answered with what is wrong comes back as 422 and is shown like any other.
document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// Whoever signs out while something that they typed waits on this device is told of it first.
document.querySelector(".cd-bar__out")?.form.addEventListener("submit", (event) => {
  const waits = Object.keys(localStorage).some((name) => name.startsWith("candour:"));
  if (!waits || event.target.dataset.warned) return;
  event.preventDefault();
  event.target.dataset.warned = "yes";
  const told = document.createElement("div");
  told.className = "cd-notice cd-notice--leave";
  told.setAttribute("role", "alert");
  told.tabIndex = -1;
  const text = document.createElement("p");
  text.className = "govuk-width-container";
  text.textContent =
    "Something that you typed is not saved yet. It is kept on this device, sealed, and is saved when you open its page " +
    "here again. Sign in again on this device to save it, or choose “Sign out” once more to leave it here. ";
  told.append(text);
  document.querySelector("header").append(told);
  told.focus();
});
