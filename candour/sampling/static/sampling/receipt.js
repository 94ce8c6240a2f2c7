// Checks a receipt of Candour Draw 1 here, in the browser. Nothing is asked of anybody: bytes in, steps out.
const METHOD = "candour-draw/1";
const NAMES = {
  "cohort.tsv": "The list",
  "plan.tsv": "The plan of places",
  "binding.tsv": "The file that ties references to rows",
  "source.txt": "The public random number",
  "commitment.json": "The note of what was fixed",
  "result.tsv": "The result",
};
const LARGEST = 200 * 1024 * 1024;
const AT_ONCE = 2000;

export class Unfit extends Error {}

// Opening the zip -----------------------------------------------------------------------------

const CHECKSUMS = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let i = 0; i < 8; i++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = CHECKSUMS[(sum ^ byte) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

async function inflate(packed, size) {
  const unpacked = new Uint8Array(size);
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return at === size ? unpacked : null;
    if (at + value.length > size) return null;
    unpacked.set(value, at);
    at += value.length;
  }
}

const named = (bytes, from, length) => new TextDecoder().decode(bytes.subarray(from, from + length));

// Where the zip's table of contents says that its files are.
function contents(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Unfit("This is not a receipt: it cannot be opened as a zip file.");
  const found = new Map();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new RangeError();
    const length = view.getUint16(at + 28, true);
    const start = view.getUint32(at + 42, true);
    const name = named(bytes, at + 46, length);
    // Each file says again before its bytes who it is; other tools read it there.
    if (view.getUint32(start, true) !== 0x04034b50 || name !== named(bytes, start + 30, view.getUint16(start + 26, true)))
      throw new RangeError();
    if (view.getUint16(at + 8, true) & 1) throw new RangeError();
    const data = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    found.set(name, {
      packed: bytes.subarray(data, data + view.getUint32(at + 20, true)),
      size: view.getUint32(at + 24, true),
      sum: view.getUint32(at + 16, true),
      way: view.getUint16(at + 10, true),
    });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

export async function open(bytes) {
  let entries;
  try {
    entries = contents(bytes);
  } catch (problem) {
    throw problem instanceof Unfit ? problem : new Unfit("This receipt is damaged: its table of contents is not whole.");
  }
  if ([...entries.values()].reduce((sum, one) => sum + one.size, 0) > LARGEST)
    throw new Unfit("This receipt is larger than any draw's could be.");
  const missing = Object.keys(NAMES).find((name) => !entries.has(name));
  if (missing) throw new Unfit(`This is not a whole receipt: ${NAMES[missing].toLowerCase()} is missing.`);
  const files = {};
  for (const [name, entry] of entries) {
    const words = NAMES[name] ?? "Another file in the receipt";
    const content = entry.way === 8 ? await inflate(entry.packed, entry.size).catch(() => null)
      : entry.way === 0 && entry.packed.length === entry.size ? entry.packed : null;
    if (!content || checksum(content) !== entry.sum)
      throw new Unfit(`${words} is damaged: its bytes are not those that were put into the zip.`);
    files[name] = content;
  }
  return files;
}

// Reading -------------------------------------------------------------------------------------

function text(files, name) {
  const bytes = files[name];
  if (bytes.some((byte) => byte > 126)) throw new Unfit(`${NAMES[name]} holds something other than plain text.`);
  return new TextDecoder().decode(bytes);
}

// The lines of a file, each in its form, each ended, sorted by byte, none twice.
function lines(files, name, form) {
  const rows = text(files, name).split("\n");
  if (rows.pop() !== "" || !rows.length) throw new Unfit(`${NAMES[name]} is empty, or its last line does not end.`);
  rows.forEach((row, at) => {
    if (!form.test(row)) throw new Unfit(`Line ${at + 1} of the file is not in its form: ${NAMES[name].toLowerCase()}.`);
    if (at && rows[at - 1] >= row) throw new Unfit(`${NAMES[name]} is not sorted, or a line stands twice (line ${at + 1}).`);
  });
  return rows.map((row) => row.split("\t"));
}

async function digests(texts) {
  const coder = new TextEncoder();
  const found = await Promise.all(texts.map((one) => crypto.subtle.digest("SHA-256", typeof one === "string" ? coder.encode(one) : one)));
  return found.map((buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join(""));
}

const several = (count, one, more) => `${count.toLocaleString("en-GB")} ${count === 1 ? one : more}`;

function note(files) {
  try {
    const said = JSON.parse(text(files, "commitment.json"));
    for (const name of ["method", "cohort", "plan", "binding", "counts", "source"]) if (!(name in said)) throw new Error();
    return said;
  } catch {
    throw new Unfit("The note of what was fixed is not whole.");
  }
}

function choices(size, places) {
  let bits = 0;
  for (let i = 0; i < Math.min(places, size - places); i++) bits += Math.log2((size - i) / (i + 1));
  return bits;
}

// Checking ------------------------------------------------------------------------------------

function grouped(rows) {
  const groups = new Map();
  for (const [group, ref] of rows) {
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(ref);
  }
  if (new Set(rows.map(([, ref]) => ref)).size !== rows.length)
    throw new Unfit("A reference stands in more than one group of the list.");
  return groups;
}

function placed(rows, groups) {
  const plan = rows.map(([group, places, reserves]) => ({ group, places: Number(places), reserves: Number(reserves) }));
  if (plan.length !== groups.size || plan.some(({ group }) => !groups.has(group)))
    throw new Unfit("The plan and the list do not have the same groups.");
  for (const { group, places, reserves } of plan)
    if (places + reserves > groups.get(group).length) throw new Unfit("A group has more places and reserves than children.");
  return plan;
}

function read(source) {
  const found = /^(?:(drand-quicknet):([1-9][0-9]{0,14}):[0-9a-f]{64}|(dice):([0-9]{1,2000}))\n?$/.exec(source);
  if (!found) throw new Unfit("The public random number is not in one of its two forms.");
  return found[1]
    ? { text: source.trim(), kind: found[1], round: Number(found[2]), bits: 256 }
    : { text: source.trim(), kind: found[3], round: undefined, bits: found[4].length * Math.log2(10) };
}

// The refs of a group in the order that the key gives them.
async function inOrder(refs, key, progress) {
  const numbered = [];
  for (let at = 0; at < refs.length; at += AT_ONCE) {
    const some = refs.slice(at, at + AT_ONCE);
    const found = await digests(some.map((ref) => key + ref));
    found.forEach((digest, i) => {
      const number = BigInt(`0x${digest}`).toString().padStart(64, "0");
      numbered.push([[...number].reverse().join(""), some[i]]);
    });
    progress(some.length);
  }
  return numbered.sort(([one], [two]) => (one < two ? -1 : one > two ? 1 : 0)).map(([, ref]) => ref);
}

async function drawn(groups, plan, key, progress) {
  const result = [];
  for (const { group, places, reserves } of plan) {
    const refs = await inOrder(groups.get(group), key, progress);
    refs.slice(0, places + reserves).forEach((ref, at) => {
      result.push([group, at < places ? "sample" : "reserve", String(at + 1), ref]);
    });
  }
  return result;
}

// Goes through a receipt step by step. `told` is given each step as it is found: its name, whether it agrees, a
// sentence, and the lines under it. Answers what was chosen, and whether everything agreed.
export async function check(bytes, { mailed, told, progress }) {
  let good = true;
  const tell = (name, agrees, sentence, under = []) => {
    good &&= agrees;
    told(name, agrees, sentence, under);
  };
  const files = await open(bytes);
  tell("The receipt", true, `All ${Object.keys(files).length} files are in it, undamaged.`);
  const said = note(files);
  if (said.method !== METHOD) throw new Unfit(`The draw was fixed under another method than ${METHOD}.`);
  const [list, plan, binding, fixed] = await digests(
    ["cohort.tsv", "plan.tsv", "binding.tsv", "commitment.json"].map((name) => files[name]),
  );
  const same = (name, print, wanted, sentence, more = true) =>
    print === wanted
      ? tell(name, more, sentence, [`Fingerprint ${print}`])
      : tell(name, false, "It was changed after it was fixed: its fingerprint is not the one that was fixed.",
          [`Fingerprint now ${print}`, `Fingerprint fixed ${wanted}`]);

  const rows = lines(files, "cohort.tsv", /^[A-Za-z0-9-]{1,20}\t[A-Z0-9-]{4,32}$/);
  const groups = grouped(rows);
  same("The list", list, said.cohort,
    `${several(rows.length, "child", "children")} in ${several(groups.size, "group", "groups")}, as it was fixed before the draw.`);
  const counts = Object.fromEntries([...groups].map(([group, refs]) => [group, refs.length]));
  if (Object.entries(counts).sort().join() !== Object.entries(said.counts).sort().join())
    tell("The counts", false, "The counts that were fixed are not those of the list.");
  const places = placed(lines(files, "plan.tsv", /^[A-Za-z0-9-]{1,20}\t(0|[1-9][0-9]{0,8})\t(0|[1-9][0-9]{0,8})$/), groups);
  same("The places", plan, said.plan,
    `${several(places.reduce((sum, one) => sum + one.places, 0), "place", "places")}, as they were fixed before the draw.`);
  const bound = lines(files, "binding.tsv", /^[A-Z0-9-]{4,32}\t[0-9a-f]{64}$/).map(([ref]) => ref);
  const whole = bound.join() === rows.map(([, ref]) => ref).sort().join();
  same("References and rows", binding, said.binding,
    whole ? "Each reference is tied to one row of the council's list, as it was fixed before the draw."
      : "The references that are tied to rows are not those of the list.", whole);
  const given = mailed.replace(/\s/g, "").toLowerCase();
  if (given) tell("The message", given === fixed,
    given === fixed ? "The fingerprint in the message is that of this receipt."
      : "The fingerprint in the message is another: this is not what was fixed then.", [`Fingerprint ${fixed}`]);
  else tell("What was fixed", true, "Compare this with the fingerprint that was sent out before the draw.", [`Fingerprint ${fixed}`]);

  const source = read(text(files, "source.txt"));
  const announced = said.source ?? {};
  const needed = places.reduce((sum, one) => sum + choices(groups.get(one.group).length, one.places), 0);
  if (announced.kind !== source.kind || (announced.round ?? undefined) !== source.round)
    tell("The public random number", false, "It does not come from where it was announced to come from.", [source.text]);
  else if (source.bits < Math.min(needed, 256))
    tell("The public random number", false, "It is too short for so many possible samples.", [source.text]);
  else tell("The public random number", true,
    source.round ? `Round ${source.round} of drand, as announced. Look the round up on a public page and compare the digits.`
      : `Dice, as announced: ${announced.thrown_by}, ${announced.when}. Ask who was there whether these are the digits.`,
    [source.text]);

  const [key] = await digests([`${METHOD}\n${list}\n${plan}\n${source.text}\n`]);
  let done = 0;
  const again = await drawn(groups, places, key, (more) => progress((done += more), rows.length));
  tell("The order", true, `Worked out again from the list, the places and the number: ${several(rows.length, "reference", "references")} put in order.`, [`Key ${key}`]);
  const agrees = again.map((row) => row.join("\t") + "\n").join("") === text(files, "result.tsv");
  const chosen = again.filter((row) => row[1] === "sample");
  tell("Those chosen", agrees,
    agrees ? "Drawing again chooses the same, in the same order, and the same reserves."
      : "Drawing again chooses others than the receipt says. These are the ones that the list and the number give:",
    chosen.map(([group, , place, ref]) => `${group === "all" ? "" : `${group} `}${place}: ${ref}`));
  return { good, chosen: chosen.length, of: rows.length };
}
