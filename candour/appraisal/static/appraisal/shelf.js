// What a page could not send, kept on this device. The page has a public key only: what it puts here it cannot read
// again; the server opens it for the person who typed it. Each open page has a place of its own on the shelf.

const letters = (raw) => {
  let found = "";
  for (let at = 0; at < raw.length; at += 8192) found += String.fromCharCode(...raw.subarray(at, at + 8192));
  return btoa(found);
};
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export class Shelf {
  constructor({ prefix, about, key }) {
    this.prefix = prefix;
    this.place = `${prefix}${Date.now().toString(36)}${Math.floor(Math.random() * 1e9).toString(36)}`;
    this.about = about;
    this.able = Boolean(window.crypto?.subtle && key);
    this.key = this.able ? crypto.subtle.importKey("raw", bytes(key), { name: "ECDH", namedCurve: "P-256" }, false, []) : null;
    this.writing = Promise.resolve();
  }

  // One write after the other, each of what waits at its turn: an older one never comes after a newer.
  keep(waiting) {
    this.writing = this.writing.then(async () => {
      if (!waiting.size) {
        localStorage.removeItem(this.place);
        return true;
      }
      if (!this.able) return false;
      try {
        const at = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
        const sealed = await this.seal(JSON.stringify([...waiting]));
        localStorage.setItem(this.place, JSON.stringify({ about: this.about, count: waiting.size, at, sealed }));
        return true;
      } catch {
        return false;
      }
    });
    return this.writing;
  }

  async seal(text) {
    const own = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: await this.key }, own.privateKey, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const made = { name: "HKDF", hash: "SHA-256", salt: point, info: new TextEncoder().encode("candour waiting") };
    const key = await crypto.subtle.deriveKey(made, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text));
    return letters(new Uint8Array([...point, ...iv, ...new Uint8Array(sealed)]));
  }

  // What earlier pages left here for this section and this person: how much it is, and what the server opens of it.
  left() {
    const found = [];
    for (const place of Object.keys(localStorage)) {
      if (!place.startsWith(this.prefix) || place === this.place) continue;
      const stored = localStorage.getItem(place);
      try {
        found.push({ place, stored, ...JSON.parse(stored) });
      } catch {
        localStorage.removeItem(place);
      }
    }
    return found;
  }

  // Let go of what has been taken over, unless its own page is still open and has written on.
  drop({ place, stored }) {
    if (localStorage.getItem(place) === stored) localStorage.removeItem(place);
  }

  empty() {
    for (const place of Object.keys(localStorage)) if (place.startsWith(this.prefix)) localStorage.removeItem(place);
  }
}
