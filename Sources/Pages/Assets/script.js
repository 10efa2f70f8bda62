// What is nicer with a script; every page does its work without one.
"use strict";

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Copy what is shown this once.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  const label = button.textContent;
  const said = element("span", { role: "status", className: "quiet" });
  button.closest(".secret").after(said);
  button.addEventListener("click", async () => {
    const shown = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(shown.textContent.trim());
    } catch {
      getSelection().selectAllChildren(shown);
      if (!document.execCommand("copy")) return;
    }
    button.textContent = said.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; said.textContent = ""; }, 3000);
  });
}

// Show and hide a password.
for (const button of document.querySelectorAll("[data-show]")) {
  button.hidden = false;
  const field = document.getElementById(button.dataset.show);
  const { label, hide, hideLabel } = button.dataset;
  const show = button.textContent;
  button.addEventListener("click", () => {
    const shows = field.type === "password";
    field.type = shows ? "text" : "password";
    button.textContent = shows ? hide : show;
    button.setAttribute("aria-label", shows ? hideLabel : label);
  });
  field.form.addEventListener("submit", () => { field.type = "password"; });
}

// Moments in the reader's own time, and written as in the reader's country.
const language = document.documentElement.lang;
const locale = navigator.languages.find((tag) => tag.split("-")[0] === language.split("-")[0]) ?? language;
for (const time of document.querySelectorAll("time[datetime]")) {
  const options = time.dataset.precise === undefined ? { dateStyle: "long" } : { dateStyle: "long", timeStyle: "short" };
  time.textContent = new Intl.DateTimeFormat(locale, options).format(new Date(time.dateTime));
}

// Say what is wrong beside the field, before anything is sent.
const problem = (field) => {
  if (field.validity.valid) return null;
  if (field.validity.valueMissing) return field.dataset.required ?? field.validationMessage;
  if (field.validity.tooShort) return field.dataset.short ?? field.validationMessage;
  return field.dataset.invalid ?? field.validationMessage;
};

const mark = (field, message) => {
  const id = `${field.id}-error`;
  const box = field.closest(".field");
  document.getElementById(id)?.remove();
  const hints = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((hint) => hint && hint !== id);
  if (message) {
    (field.closest(".secret") ?? field).before(element("p", { id, className: "error", textContent: message }));
    hints.unshift(id);
  }
  box?.classList.toggle("wrong", Boolean(message));
  field.setAttribute("aria-invalid", Boolean(message));
  hints.length ? field.setAttribute("aria-describedby", hints.join(" ")) : field.removeAttribute("aria-describedby");
};

const isComplete = (form) => {
  const fields = [...form.elements].filter((field) => field.willValidate && field.id);
  for (const field of fields) mark(field, problem(field));
  fields.find((field) => !field.validity.valid)?.focus();
  return fields.every((field) => field.validity.valid);
};

for (const form of document.forms) form.noValidate = true;

const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (sent.has(form) || !isComplete(form)) return event.preventDefault();
  sent.add(form);
  setTimeout(() => sent.delete(form), 5000);
});

// The reference: one language of examples at a time, which is remembered.
const languages = document.querySelector(".languages");
if (languages) {
  // A browser may refuse to remember anything.
  const remembered = () => { try { return localStorage.getItem("language"); } catch { return null; } };
  const remember = (name) => { try { localStorage.setItem("language", name); } catch { return; } };
  const buttons = [...languages.querySelectorAll("[data-choose]")];
  const choose = (name) => {
    document.documentElement.dataset.language = name;
    for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.choose === name);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => { choose(button.dataset.choose); remember(button.dataset.choose); });
  }
  languages.hidden = false;
  choose(buttons.some((button) => button.dataset.choose === remembered()) ? remembered() : buttons[0].dataset.choose);
}

// The reference: only the sections that have every word.
const search = document.getElementById("search");
if (search) {
  const entries = [...document.querySelectorAll("[data-section]")].map((item) => {
    const section = document.getElementById(item.dataset.section);
    return { item, section, text: `${section.querySelector(".about").textContent} ${item.dataset.section}`.toLowerCase() };
  });
  const found = document.getElementById("found");
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { item, section, text } of entries) item.hidden = section.hidden = !words.every((word) => text.includes(word));
    for (const group of document.querySelectorAll(".index .group")) {
      group.hidden = !group.querySelector("[data-section]:not([hidden])");
      document.querySelector(group.querySelector("a").getAttribute("href")).hidden = group.hidden;
    }
    document.getElementById("start").hidden = words.length > 0;
    const count = entries.filter(({ item }) => !item.hidden).length;
    const { none, one, some } = found.dataset;
    found.textContent = words.length === 0 ? "" : count === 0 ? none : count === 1 ? one : `${count} ${some}`;
  });
  search.parentElement.hidden = false;
}
