// Betters the search form: addresses without empty fields, and suggestions as one types.
import { combobox } from "./combobox.js";

const form = document.querySelector("form.search");

form?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) {
    if (!value.trim()) event.formData.delete(name);
  }
});

document.querySelectorAll("input[data-suggest]").forEach(combobox);
