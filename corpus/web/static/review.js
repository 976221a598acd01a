// Review by keys: each key presses what is marked with it; the next fact takes the place of this one without a reload.
// Without script the same forms and links do the same by whole pages.
import { combobox } from "./combobox.js";

const live = document.getElementById("live");
let busy = false;

function suggest() {
  document.querySelectorAll("input[data-suggest]:not([role])").forEach(combobox);
}
suggest();

/** Shows the page of an answer: its desk in the place of ours, and says what was done and what comes. */
async function show(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const desk = page.getElementById("desk");
  const ours = document.getElementById("desk");
  document.title = page.title;
  if (answer.ok) history.pushState(null, "", answer.url);
  if (!desk || !ours) { // another page: the sign-in, a sample that is done, a problem
    document.body.replaceWith(page.body);
    return;
  }
  ours.replaceWith(desk);
  suggest();
  live.textContent = [desk.dataset.said, desk.dataset.next].filter(Boolean).join(" ");
  const field = desk.querySelector("[aria-invalid]") ?? desk.querySelector("details[open] input:not([type=hidden])");
  if (field) field.focus();
  else window.scrollTo({ top: Math.min(window.scrollY, desk.offsetTop) });
}

/** Asks for a page or sends a form, one at a time: a key pressed meanwhile would decide on what nobody saw. */
async function go(address, body) {
  if (busy) return;
  busy = true;
  try {
    await show(await fetch(address, body ? { method: "POST", body } : {}));
  } catch {
    live.textContent = live.dataset.failed;
  } finally {
    busy = false;
  }
}

function typing(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!marked || event.repeat) return;
  event.preventDefault();
  if (!busy) marked.click();
});

document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
  const link = event.target.closest("#desk a[data-key]");
  if (!link) return;
  event.preventDefault();
  const opens = link.dataset.opens && document.getElementById(link.dataset.opens);
  if (!opens) {
    go(link.href);
    return;
  }
  opens.open = true;
  const field = opens.querySelector("input:not([type=hidden]), select");
  field.focus();
  if (field.select) field.select();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("#desk")) return;
  event.preventDefault();
  go(form.action, new URLSearchParams(new FormData(form, event.submitter)));
});

window.addEventListener("popstate", () => window.location.reload());

// What is typed into a field of a correction is read back before it is saved; a place once it is chosen or left.
let waiting;
async function readBack(field) {
  const typed = field.value;
  const output = document.getElementById(`${field.id}-read`);
  const answer = await fetch(`${field.dataset.read}&typed=${encodeURIComponent(typed)}`).catch(() => null);
  if (!answer?.ok || field.value !== typed) return;
  const { said, error } = await answer.json();
  output.textContent = error || (said ? `= ${said}` : "");
  output.classList.toggle("error", Boolean(error));
  if (error) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

for (const [kind, pause] of [["input", 250], ["change", 0]]) {
  document.addEventListener(kind, ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.dataset.read) return;
    if (kind === "input" && target.dataset.suggest) return;
    clearTimeout(waiting);
    waiting = setTimeout(readBack, pause, target);
  });
}
