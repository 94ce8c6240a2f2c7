// On the page that stands in for another without connection: what waits on this device, never what it says.

const list = document.querySelector("[data-waiting-list]");
const rows = [];
for (const name of Object.keys(localStorage)) {
  if (!name.startsWith("candour:")) continue;
  try {
    rows.push(JSON.parse(localStorage.getItem(name)));
  } catch {
    rows.push({ about: "A return", count: 1 });
  }
}
for (const row of rows) {
  const item = document.createElement("li");
  item.textContent = `${row.about}: ${row.count} answer${row.count > 1 ? "s" : ""}${row.at ? `, last typed ${row.at}` : ""}`;
  list.append(item);
}
document.querySelector("[data-waiting]").hidden = !rows.length;
document.querySelector("[data-nothing]").hidden = Boolean(rows.length);

const again = () => location.replace(location.href);
document.querySelector("[data-again]").addEventListener("click", (event) => {
  event.preventDefault();
  again();
});

async function look() {
  const there = await fetch("/returns/offline/", { method: "HEAD", credentials: "omit", cache: "no-store" }).catch(() => null);
  if (there?.ok) again();
}
window.addEventListener("online", look);
setInterval(look, 3000);
