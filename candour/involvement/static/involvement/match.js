// Likely matches between the children on this page and a list of the visitor's own. The list goes from the disk, or
// the clipboard, to this script and nowhere else: its inputs stand outside every form, and this page may not fetch.

const LONGEST = 200000;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const SHOWN = 5;

// Reading the list ----------------------------------------------------------------------------

function separated(source) {
  const first = source.slice(0, source.search(/\r|\n|$/));
  const mark = ["\t", ";", ","].map((one) => [first.split(one).length, one]).sort((a, b) => b[0] - a[0])[0][1];
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < source.length; at++) {
    const letter = source[at], row = rows[rows.length - 1];
    if (quoted && letter === '"' && source[at + 1] === '"') row[row.length - 1] += source[at++];
    else if (letter === '"' && (quoted || row[row.length - 1] === "")) quoted = !quoted;
    else if (!quoted && letter === mark) row.push("");
    else if (!quoted && (letter === "\n" || letter === "\r")) {
      if (letter === "\r" && source[at + 1] === "\n") at++;
      rows.push([""]);
    } else row[row.length - 1] += letter;
  }
  return rows.map((cells, place) => ({ row: place + 1, cells }));
}

async function unzipped(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end > 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  const files = {};
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const length = view.getUint16(at + 28, true), start = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    const data = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    files[name] = { packed: bytes.subarray(data, data + view.getUint32(at + 20, true)), way: view.getUint16(at + 10, true) };
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return async (name) => {
    if (!files[name]) return null;
    const { packed, way } = files[name];
    const stream = way ? new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")) : new Blob([packed]).stream();
    return new DOMParser().parseFromString(await new Response(stream).text(), "application/xml");
  };
}

async function worksheet(bytes) {
  const part = await unzipped(bytes);
  const words = (node) => [...node.getElementsByTagName("t")].map((one) => one.textContent).join("");
  const strings = await part("xl/sharedStrings.xml");
  const shared = strings ? [...strings.getElementsByTagName("si")].map(words) : [];
  const page = await part("xl/worksheets/sheet1.xml");
  if (!page) throw new Error();
  return [...page.getElementsByTagName("row")].map((row, place) => ({
    row: Number(row.getAttribute("r")) || place + 1,
    cells: [...row.getElementsByTagName("c")].map((cell) => {
      const value = cell.getElementsByTagName("v")[0]?.textContent ?? "";
      return cell.getAttribute("t") === "s" ? shared[Number(value)] ?? "" : value || words(cell);
    }),
  }));
}

// What a cell says ----------------------------------------------------------------------------

const plain = (said) => said.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const tokens = (said) => plain(said).replace(/['’]/g, "").split(/[^a-z]+/).filter((one) => one.length > 1);
const own = (said) => bare((said ?? "").split(/[,\n]/)[0]);
const bare = (said) => said.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
const day = (year, month, date) => `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;

function dated(said) {
  const text = plain(said).trim();
  let found = text.match(/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/);
  if (found) return day(found[1], found[2], found[3]);
  found = text.match(/^(\d{1,2})[-/. ](\d{1,2}|[a-z]{3,9})[-/. ,]+(\d{4}|\d{2})$/);
  if (found) {
    const month = /\d/.test(found[2]) ? Number(found[2]) : MONTHS.indexOf(found[2].slice(0, 3)) + 1;
    return month ? day(found[3].length === 2 ? `20${found[3]}` : found[3], month, found[1]) : "";
  }
  if (/^\d{5}(\.0)?$/.test(text)) return new Date(Date.UTC(1899, 11, 30) + Number(text) * 864e5).toISOString().slice(0, 10);
  return "";
}

// One slip of the pen: a letter more, fewer or other, or two changed about.
function near(one, other) {
  if (one === other) return true;
  if (Math.min(one.length, other.length) < 4 || Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (one[from] && one[from] === other[from]) from++;
  let back = 0;
  while (back < Math.min(one.length, other.length) - from && one.at(-1 - back) === other.at(-1 - back)) back++;
  const left = one.slice(from, one.length - back), right = other.slice(from, other.length - back);
  return (left.length <= 1 && right.length <= 1) || (left.length === 2 && left[0] === right[1] && left[1] === right[0]);
}

function swapped(date) {
  const [year, month, dayOf] = date.split("-");
  return day(year, dayOf, month);
}

// Comparing -----------------------------------------------------------------------------------

function persons(section) {
  return [...section.querySelectorAll("dl.cd-facts")].map((list) => {
    const told = {};
    for (const pair of list.children) told[pair.querySelector("dt").textContent.trim()] = pair.querySelector("dd").textContent.trim();
    const also = tokens(told["Also known as"] ?? "");
    return {
      who: list.previousElementSibling.textContent.trim(),
      numbers: ["NHS number", "UPN", "Council’s number"].filter((name) => own(told[name]).length > 3).map((name) => [name, own(told[name])]),
      born: dated(told["Date of birth"] ?? ""),
      family: tokens(told["Family name"] ?? ""),
      given: tokens(told["Given names"] ?? ""),
      also,
      postcode: bare(told["Postcode"] ?? ""),
    };
  });
}

function compared(person, entry) {
  const number = person.numbers.find(([, value]) => entry.numbers.has(value));
  if (number) return [3, `the same ${number[0]}`];
  const has = (name) => entry.words.has(name);
  const close = (name) => has(name) || [...entry.words].some((word) => near(word, name));
  const family = person.family.length && person.family.every(has);
  const first = person.given.length && has(person.given[0]);
  const other = person.also.some(has);
  const born = person.born && entry.days.has(person.born);
  if (born && (family || other) && (first || other)) return [2, "the same name and date of birth"];
  if (born && (family || first || other)) return [1, "the same date of birth and part of the name"];
  if (born && (person.family.some(close) || (person.given.length && close(person.given[0])))) return [1, "the same date of birth and nearly the same name"];
  if (family && first && person.born && entry.days.has(swapped(person.born))) return [1, "the same name; day and month changed about"];
  if (born && person.postcode && entry.numbers.has(person.postcode)) return [1, "the same date of birth and postcode"];
  if (family && first && (!entry.days.size || !person.born)) return [1, "the same name, no date of birth to compare"];
  return [0, ""];
}

function prepared({ row, cells }) {
  return {
    row,
    said: cells.map((one) => one.trim()).filter(Boolean).slice(0, 6).join(", "),
    words: new Set(cells.flatMap(tokens)),
    numbers: new Set(cells.map(bare).filter((one) => one.length > 3)),
    days: new Set(cells.map(dated).filter(Boolean)),
  };
}

// The page ------------------------------------------------------------------------------------

const help = document.querySelector("[data-match]");
const verdict = help.querySelector("[data-match-verdict]");
const STRENGTH = { 3: ["Very likely", "teal"], 2: ["Likely", "teal"], 1: ["Possible", "amber"] };

function shown(place, found) {
  place.replaceChildren();
  const title = document.createElement("p");
  title.className = "govuk-heading-s";
  title.textContent = found.length ? "In your own list" : "Nothing like this child in your own list";
  place.append(title);
  const list = document.createElement("ul");
  list.className = "govuk-list";
  for (const { strength, why, who, entry } of found.slice(0, SHOWN)) {
    const item = document.createElement("li"), tag = document.createElement("strong");
    tag.className = `govuk-tag cd-tag cd-tag--${STRENGTH[strength][1]}`;
    tag.textContent = STRENGTH[strength][0];
    item.append(tag, ` ${who}: row ${entry.row} of your list, ${why}. “${entry.said}”`);
    list.append(item);
  }
  if (found.length > SHOWN) {
    const item = document.createElement("li");
    item.textContent = `and ${found.length - SHOWN} more that are less like`;
    list.append(item);
  }
  if (found.length) place.append(list);
}

function compare(rows) {
  const entries = rows.filter(({ cells }) => cells.some((one) => one.trim())).map(prepared);
  if (!entries.length) return said("This list is empty.");
  let likely = 0;
  const places = [...document.querySelectorAll("[data-match-for]")];
  for (const place of places) {
    const found = [];
    for (const person of persons(place.parentElement))
      for (const entry of entries) {
        const [strength, why] = compared(person, entry);
        if (strength) found.push({ strength, why, who: person.who, entry });
      }
    found.sort((a, b) => b.strength - a.strength || a.entry.row - b.entry.row);
    likely += found.length > 0;
    shown(place, found);
  }
  said(`${entries.length.toLocaleString("en-GB")} ${entries.length === 1 ? "row" : "rows"} read: something like ${likely} of ${places.length} ${places.length === 1 ? "child" : "children"}. Look at each before you answer.`);
}

function said(words) {
  verdict.textContent = words;
}

async function read(file) {
  said("Reading…");
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const rows = zipped ? await worksheet(bytes) : separated(new TextDecoder().decode(bytes).replace(/^\ufeff/, ""));
    if (rows.length > LONGEST) return said(`This list has more than ${LONGEST.toLocaleString("en-GB")} rows. Take a shorter one, for example by year of birth.`);
    compare(rows);
  } catch {
    said("This file cannot be read. Save it as CSV, or copy the rows and paste them below.");
  }
}

help.hidden = false;
const file = help.querySelector("input[type=file]");
const pasted = help.querySelector("textarea");
file.addEventListener("change", async () => {
  if (file.files.length) await read(file.files[0]);
  file.value = "";
});
help.querySelector("button").addEventListener("click", () => {
  compare(separated(pasted.value));
  pasted.value = "";
});
