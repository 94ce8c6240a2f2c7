// The page that checks a receipt: the file goes from the disk to this script and nowhere else.
import { Unfit, check } from "./receipt.js";

const page = document.querySelector("[data-verify]");
const file = page.querySelector("input[type=file]");
const mailed = page.querySelector("input[type=text]");
const button = page.querySelector("button");
const verdict = page.querySelector("[data-verdict]");
const steps = page.querySelector("ol");

function show(kind, words) {
  verdict.className = `cd-verdict cd-verdict--${kind}`;
  verdict.textContent = words;
}

function told(name, agrees, sentence, under) {
  const step = document.createElement("li");
  const tag = document.createElement("strong");
  tag.className = `govuk-tag cd-tag cd-tag--${agrees ? "teal" : "red"}`;
  tag.textContent = agrees ? "Agrees" : "Does not agree";
  const title = document.createElement("p");
  title.className = "govuk-heading-s";
  title.append(`${name} `, tag);
  const said = document.createElement("p");
  said.className = "govuk-body";
  said.textContent = sentence;
  step.append(title, said);
  for (const line of under) {
    const small = document.createElement("p");
    small.className = "cd-mono cd-verify__line";
    small.textContent = line;
    step.append(small);
  }
  steps.append(step);
}

async function start() {
  steps.replaceChildren();
  if (!file.files.length) return show("waiting", "Choose a receipt first.");
  show("waiting", "Checking…");
  button.disabled = true;
  try {
    const progress = (done, of) => show("waiting", `Checking: ${done.toLocaleString("en-GB")} of ${of.toLocaleString("en-GB")} put in order…`);
    const bytes = new Uint8Array(await file.files[0].arrayBuffer());
    const { good, chosen, of } = await check(bytes, { mailed: mailed.value, told, progress });
    if (good) show("good", `This draw checks out: ${chosen} of ${of.toLocaleString("en-GB")}, and drawing again gives the same.`);
    else show("bad", "Something in this receipt does not agree. The steps below say what.");
  } catch (problem) {
    if (!(problem instanceof Unfit)) throw problem;
    show("bad", problem.message);
  } finally {
    button.disabled = false;
    verdict.focus();
  }
}

if (window.crypto?.subtle && "DecompressionStream" in window) {
  page.hidden = false;
  button.addEventListener("click", start);
} else document.querySelector("[data-verify-old]").hidden = false;
