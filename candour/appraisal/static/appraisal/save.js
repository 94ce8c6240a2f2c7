// Saves a section answer by answer. Without this file the buttons do the same.
// What cannot be sent is kept on this device, sealed to the public key of this return, until it is saved.
import { Shelf } from "./shelf.js";

const form = document.querySelector("form[data-save]");
forget();
if (form) start();
else tellLeft();
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/returns/offline.js", { scope: "/returns/" }).catch(() => {});

// What a button sent and the server took need not be kept here: it led to another page, or both texts are shown.
function forget() {
  const settled = document.querySelector("[data-settled]");
  if (settled) new Shelf({ prefix: settled.dataset.settled }).empty();
  const sent = JSON.parse(sessionStorage.getItem("candour:sent") ?? "null");
  sessionStorage.removeItem("candour:sent");
  if (!sent || !document.referrer || location.pathname === sent.path) return;
  if (new URL(document.referrer).pathname === sent.path) localStorage.removeItem(sent.shelf);
}

// Where a return is read: what was typed on this device and is not in it, so that nobody takes it for handed over.
function tellLeft() {
  const place = document.querySelector("[data-left]");
  const rows = place ? new Shelf({ prefix: place.dataset.left }).left() : [];
  if (!rows.length) return;
  const what = [...new Set(rows.map((row) => row.about))].join("; ");
  place.textContent = `Typed on this device and not saved yet: ${what}. It is saved when its section is opened here again by whoever typed it, while the return is being written.`;
  place.hidden = false;
}

function start() {
  const status = form.querySelector("[data-status]");
  const bar = form.querySelector(".cd-saved");
  const shelf = new Shelf({ prefix: form.dataset.shelf, about: form.dataset.about, key: form.dataset.deviceKey });
  const keep = () => shelf.keep(waiting);
  const waiting = new Map(); // question -> the parts that are not saved yet
  const timers = new Map();
  let busy = false;
  let flight = Promise.resolve();
  let leaving = false;
  let pause = 2000;
  let again = 0;
  let cut = false; // whether the last attempt found no connection
  let onward = false; // whether somebody wanted to go on meanwhile

  const say = (text, troubled = false) => {
    if (status.textContent !== text) status.textContent = text;
    bar.classList.toggle("ap-waiting", troubled);
  };
  const box = (question) => form.querySelector(`[data-question="${CSS.escape(question)}"]`);
  const controls = (question) => [...box(question).querySelectorAll("input, textarea")];

  function parts(question) {
    const found = {};
    for (const control of controls(question)) {
      if (["radio", "checkbox"].includes(control.type) && !control.checked) continue;
      found[control.name] = control.value;
    }
    return found;
  }

  function fill(question, found) {
    for (const control of controls(question)) {
      if (control.type === "radio") control.checked = found[control.name] === control.value;
      else if (control.type === "checkbox") control.checked = control.name in found;
      else if (control.name in found) control.value = found[control.name];
    }
  }

  // Sending

  const changed = (question, wait) => {
    waiting.set(question, parts(question));
    keep();
    clearTimeout(timers.get(question));
    timers.set(question, setTimeout(send, wait));
  };

  function send() {
    if (!busy && waiting.size) flight = sending();
  }

  async function sending() {
    busy = true;
    clearTimeout(again);
    const sent = new Map(waiting);
    say("Saving…");
    try {
      const response = await post(sent);
      cut = false;
      await answer(sent, response);
    } catch {
      cut = true;
      await troubled("no connection");
    }
    busy = false;
    const left = [...waiting].filter(([question]) => !stuck.has(question));
    if (left.length && !again) setTimeout(send, 50);
  }

  const stuck = new Set(); // questions that a person must look at first

  function post(sent) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token() });
    for (const [question, found] of sent) {
      if (stuck.has(question)) continue;
      for (const [name, value] of Object.entries(found)) body.append(name, value);
    }
    return fetch(form.action || location.href, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      redirect: "manual",
      keepalive: body.toString().length < 60000,
    });
  }

  const token = () => form.querySelector("input[name=csrfmiddlewaretoken]").value;

  async function answer(sent, response) {
    const isOurs = response.headers.get("Content-Type")?.includes("json");
    if (response.type === "opaqueredirect") return signedOut();
    if (response.status === 403 || (response.status >= 400 && !isOurs)) return refresh(response.status);
    if (!isOurs) return troubled("the server did not answer as it should");
    const told = await response.json();
    if (told.refused) return stop(told.refused);
    again = 0;
    pause = 2000;
    for (const [question, found] of sent) settle(question, found, told);
    for (const [question, lines] of Object.entries(told.named)) remind(question, lines);
    if (told.asks.some((question) => !box(question))) await askMore();
    const stored = await keep();
    if (told.clashes.length) return clash(told.clashes);
    if (Object.keys(told.faults).length) return say(`Saved ${told.at}, but for one answer that could not be read`, true);
    if (stuck.size) return;
    onward = false;
    if (!waiting.size) say(`Saved ${told.at}`);
    else if (!stored) say("Saving…");
  }

  function settle(question, found, told) {
    const still = waiting.get(question) === found;
    show(question, told.faults[question] ?? "");
    if (told.clashes.includes(question)) return;
    if (question in told.faults) {
      if (still) stuck.add(question);
      return;
    }
    if (question in told.versions) {
      const seen = box(question).querySelector("input[name$='.seen']");
      seen.value = told.versions[question];
      if (!still) waiting.get(question)[seen.name] = seen.value;
    }
    if (still) waiting.delete(question);
  }

  function show(question, fault) {
    const group = box(question);
    group.querySelector(".govuk-error-message")?.remove();
    group.classList.toggle("govuk-form-group--error", Boolean(fault));
    if (!fault) return;
    const line = document.createElement("p");
    line.className = "govuk-error-message";
    line.textContent = fault;
    const first = group.querySelector("textarea, .govuk-date-input, .govuk-radios");
    first.before(line);
  }

  // What reads like a name is said under the answer, and hinders nothing.
  function remind(question, lines) {
    const place = box(question)?.querySelector("[data-named]");
    if (!place || place.dataset.said === lines.join()) return;
    place.dataset.said = lines.join();
    const [first, ...more] = lines.map((line) => Object.assign(document.createElement("p"), { textContent: line }));
    place.replaceChildren(...(first ? [first, ...more] : []));
  }

  // An answer may open further questions: they come from the page as it is now, each after the one before it.
  async function askMore() {
    const page = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
    if (page.type === "opaqueredirect") return;
    const read = new DOMParser().parseFromString(await page.text(), "text/html");
    let before = null;
    for (const fresh of read.querySelectorAll("form[data-save] [data-question]")) {
      const here = box(fresh.dataset.question);
      if (!here && before) before.after(document.adoptNode(fresh));
      before = here ?? fresh;
    }
  }

  // A token may be too old while the sign-in still holds: take a new one from the page and try once more.
  async function refresh(status) {
    const page = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" } });
    if (page.type === "opaqueredirect") return signedOut();
    const read = new DOMParser().parseFromString(await page.text(), "text/html");
    const fresh = read.querySelector("form[data-save] input[name=csrfmiddlewaretoken]")?.value;
    if (!fresh || (status !== 403 && again)) return troubled("the server could not take it");
    form.querySelector("input[name=csrfmiddlewaretoken]").value = fresh;
    return troubled("the page was too old", 100);
  }

  async function troubled(why, wait = pause) {
    const safe = await keep();
    const where = safe ? "kept on this device until it is" : "keep this page open";
    const next = onward && cut ? ". The next page can come only then; you can write on here" : "";
    say(`Not saved yet: ${why}, ${where}${next}`, true);
    again = setTimeout(() => {
      again = 0;
      send();
    }, wait);
    pause = Math.min(pause * 2, 30000);
  }

  async function signedOut() {
    const safe = await keep();
    say("Not saved yet: you have been signed out. ", true);
    const link = document.createElement("a");
    link.href = location.pathname;
    link.target = "_blank";
    link.rel = "noopener";
    link.className = "govuk-link";
    link.textContent = "Sign in again in another tab";
    const after = safe ? ", and this goes on; your words are kept on this device." : ", and this goes on.";
    status.append(link, after);
    again = setTimeout(() => {
      again = 0;
      send();
    }, 5000);
  }

  async function stop(reason) {
    await keep();
    for (const question of waiting.keys()) stuck.add(question);
    say(reason, true);
  }

  function clash(questions) {
    for (const question of questions) stuck.add(question);
    const many = questions.length > 1 ? "These answers were" : "This answer was";
    say(`${many} changed meanwhile, perhaps on another page. Nothing is lost. `, true);
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "go";
    button.value = "stay";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = "See both and choose";
    status.append(button);
  }

  // What people do

  const questionOf = (control) => control.closest("[data-question]")?.dataset.question;

  form.addEventListener("input", (event) => {
    const question = questionOf(event.target);
    if (!question) return;
    stuck.delete(question);
    const typing = event.target.matches("textarea, input[type=text], input:not([type])");
    changed(question, typing ? 1200 : 0);
  });
  form.addEventListener("focusout", (event) => {
    const question = questionOf(event.target);
    if (question && waiting.has(question) && !stuck.has(question)) {
      clearTimeout(timers.get(question));
      timers.set(question, setTimeout(send, 0));
    }
  });
  // A date or a number and its “not recorded” exclude each other.
  form.addEventListener("input", (event) => {
    const group = event.target.closest("[data-question]");
    if (!group?.querySelector(".govuk-date-input, .govuk-input__wrapper")) return;
    if (event.target.type === "radio") for (const part of group.querySelectorAll(".govuk-input")) part.value = "";
    else for (const radio of group.querySelectorAll("input[type=radio]")) radio.checked = false;
    changed(group.dataset.question, 1200);
  });

  window.addEventListener("online", () => {
    cut = false;
    if (waiting.size) send();
    else say("The connection is back");
  });
  window.addEventListener("offline", () => {
    cut = true;
    if (!waiting.size) say("No connection: you can write on, and it is kept on this device until it is back");
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  window.addEventListener("pagehide", () => waiting.size && send());
  form.addEventListener("submit", (event) => {
    if (cut || !navigator.onLine) {
      event.preventDefault();
      cut = onward = true;
      return void (waiting.size ? troubled("no connection") : say("No connection: the next page can come only once it is back"));
    }
    for (const timer of timers.values()) clearTimeout(timer);
    if (busy && !leaving) {
      // What is on its way comes first, so that nobody is told of a clash with themselves.
      event.preventDefault();
      leaving = true;
      const longest = new Promise((done) => setTimeout(done, 8000));
      Promise.race([flight, longest]).then(() => {
        leaving = cut;
        form.requestSubmit(event.submitter);
      });
      return;
    }
    busy = true;
    sessionStorage.setItem("candour:sent", JSON.stringify({ shelf: shelf.place, path: location.pathname }));
  });

  // A page that comes back after a time without connection, or after signing in again, says what waits, shows it again
  // and sends it.
  async function restore() {
    const left = shelf.left();
    if (!left.length) return;
    const count = left.reduce((sum, one) => sum + one.count, 0);
    const what = count === 1 ? "1 answer that you typed here waits" : `${count} answers that you typed here wait`;
    say(`${what} to be saved`, true);
    let refused = false;
    for (const one of left) {
      let response;
      try {
        const body = new URLSearchParams({ csrfmiddlewaretoken: token(), sealed: one.sealed });
        response = await fetch(form.dataset.waiting, { method: "POST", body, redirect: "manual" });
      } catch {
        response = null;
      }
      if (!response || response.type === "opaqueredirect" || response.status >= 500) {
        setTimeout(restore, 5000);
        return;
      }
      if (!response.ok) continue; // it cannot be opened for this person
      let taken = true;
      for (const [question, found] of (await response.json()).waiting) taken = (await take(question, found)) && taken;
      await keep();
      if (taken) shelf.drop(one);
      else refused = true;
    }
    if (refused) say("Some of what you typed here could not be saved; it stays on this device", true);
    else if (waiting.size) say("Put back what you had typed here and could not save", true);
    else say("Everything that you typed here is saved");
    send();
  }

  // A question that the page has no more, or that has been written on already, goes by itself: the server keeps both.
  // Answers whether these words are safe: on the page, saved, or kept by the server beside what another wrote.
  async function take(question, found) {
    if (!box(question) || waiting.has(question)) {
      if (stuck.has(question)) return false;
      const response = await post(new Map([[question, found]])).catch(() => null);
      return Boolean(response) && (response.ok || "clashes" in (await response.json().catch(() => ({}))));
    }
    if (same(question, found)) return true;
    fill(question, found);
    waiting.set(question, found);
    return true;
  }

  // Somebody quick has typed before this file was there.
  function notice() {
    for (const { dataset } of form.querySelectorAll("[data-question]")) {
      if (!waiting.has(dataset.question) && controls(dataset.question).some(touched)) changed(dataset.question, 1200);
    }
  }

  restore().then(notice);

  function touched(control) {
    if (["radio", "checkbox"].includes(control.type)) return control.checked !== control.defaultChecked;
    return control.value !== control.defaultValue;
  }

  function same(question, left) {
    const now = parts(question);
    const names = new Set([...Object.keys(now), ...Object.keys(left)].filter((name) => !name.endsWith(".seen")));
    return [...names].every((name) => (now[name] ?? "") === (left[name] ?? ""));
  }
}
