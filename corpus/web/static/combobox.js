// A text field with a list of suggestions below it, after the ARIA 1.2 pattern: the focus stays in the field, the
// arrows move through the list, Enter takes what is chosen, Escape closes. Without script it is the plain field.

const WAIT = 120; // milliseconds after the last key, so that a syllable of Telex is typed whole

export function combobox(field) {
  const list = document.createElement("ul");
  list.id = `${field.id}-list`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  list.hidden = true;
  const told = document.createElement("span");
  told.className = "told";
  told.setAttribute("role", "status");
  field.after(list, told);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"],
    ["aria-expanded", "false"], ["aria-controls", list.id]]) field.setAttribute(name, value);

  let active = -1;
  let timer = 0;
  let asked = new AbortController();

  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    asked.abort();
    list.hidden = true;
    list.replaceChildren();
    activate(-1);
    field.setAttribute("aria-expanded", "false");
    told.textContent = "";
  }

  function activate(number) {
    active = number;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    const option = options()[active];
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  }

  function take(option) {
    field.value = option.dataset.value;
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function show(found) {
    list.replaceChildren(...found.map(({ label, value }, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.dataset.value = value;
      option.textContent = label;
      return option;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = found.length ? `${found.length} ${field.dataset.found}` : field.dataset.none;
    activate(-1);
  }

  async function look() {
    asked.abort();
    asked = new AbortController();
    const typed = field.value.trim();
    if (!typed) return close();
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === field) show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") close(); // without the network the field is a plain one
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  }

  field.addEventListener("input", (event) => event.isComposing || later());
  field.addEventListener("compositionend", later);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // the key belongs to the input method
    const last = options().length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return look();
      const step = event.key === "ArrowDown" ? 1 : -1;
      activate(active + step > last ? 0 : active + step < 0 ? last : active + step);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(options()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // or the field would lose the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}
