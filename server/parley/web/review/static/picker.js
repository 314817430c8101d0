// A field that completes: what is there by its names, or something new with its class.

const SHOWN = 9;
let count = 0;

const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/^the /, "");

function rank(item, query) {
  let best = 9;
  for (const name of [item.label, ...(item.others ?? [])].map(plain)) {
    if (name === query) best = Math.min(best, 0);
    else if (name.startsWith(query)) best = Math.min(best, 1);
    else if (` ${name}`.includes(` ${query}`)) best = Math.min(best, 2);
    else if (query.split(/\s+/).every((word) => name.includes(word))) best = Math.min(best, 3);
  }
  return best;
}

export function complete(items, text) {
  const query = plain(text.trim());
  if (!query) return [];
  const ranked = items.map((item) => [rank(item, query), item]).filter(([order]) => order < 9);
  ranked.sort((one, other) => one[0] - other[0] || one[1].label.length - other[1].label.length);
  return ranked.slice(0, SHOWN).map(([, item]) => item);
}

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

export class Picker {
  // options: label, items (a function), classes to make something of, many, changed (a function)
  constructor(options) {
    Object.assign(this, { classes: [], many: false, changed: () => {} }, options);
    this.picked = [...(options.picked ?? [])];
    const id = `pick-${++count}`;
    this.input = element("input", {
      id, role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      autocomplete: "off", spellcheck: "false", maxlength: "200",
    });
    this.list = element("ul", { id: `${id}-list`, role: "listbox", "aria-label": options.label });
    this.list.hidden = true;
    this.box = element("div", { class: "box" }, this.input);
    this.element = element("div", { class: "picker" }, element("label", { for: id }, options.label), this.box, this.list);
    this.input.addEventListener("input", () => this.open());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 120));
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("li");
      if (option) this.take(this.found[[...this.list.children].indexOf(option)]);
    });
    this.show();
  }

  get value() {
    return this.picked.map(({ iri, label, class: cls }) => (iri ? { iri } : { label, class: cls }));
  }

  set(items) {
    this.picked = [...items];
    this.show();
  }

  show() {
    for (const old of this.box.querySelectorAll(".picked, select")) old.remove();
    for (const item of this.picked) {
      const off = element("button", { type: "button", "aria-label": `Take away ${item.label}` }, "×");
      off.addEventListener("click", () => this.remove(item));
      off.addEventListener("keydown", (event) => ["Backspace", "Delete"].includes(event.key) && this.remove(item));
      this.input.before(element("span", { class: item.iri ? "picked" : "picked new" }, item.label, off));
    }
    this.input.hidden = !this.many && this.picked.length > 0;
    if (this.input.hidden) this.box.querySelector(".picked button").addEventListener("keydown", (event) => {
      if (event.key === "Backspace" || event.key === "Delete") this.remove(this.picked[0]);
    });
  }

  remove(item) {
    this.picked = this.picked.filter((one) => one !== item);
    this.show();
    this.input.focus();
    this.changed();
  }

  open() {
    this.found = complete(this.items(), this.input.value);
    const words = this.input.value.trim();
    if (words && this.classes.length) this.found.push({ label: words, isNew: true });
    this.list.replaceChildren(...this.found.map((item, index) => this.option(item, index)));
    this.list.hidden = this.found.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(0);
  }

  option(item, index) {
    const words = item.isNew ? `New: “${item.label}”` : item.label;
    const made = element("li", { role: "option", id: `${this.input.id}-${index}`, "aria-selected": "false" }, words);
    if (item.note && !item.isNew) made.append(element("small", {}, item.note.length > 110 ? `${item.note.slice(0, 109)}…` : item.note));
    return made;
  }

  choose(index) {
    this.index = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.list.children[index];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" && open) this.choose((this.index + 1) % this.found.length);
    else if (event.key === "ArrowUp" && open) this.choose((this.index + this.found.length - 1) % this.found.length);
    else if ((event.key === "Enter" || event.key === "Tab") && open && !event.ctrlKey && !event.metaKey) {
      this.take(this.found[this.index]);
      if (event.key === "Tab" && !this.box.querySelector("select")) return;
    } else if (event.key === "Escape" && open) {
      this.close();
      event.stopPropagation();
    } else if (event.key === "Backspace" && !this.input.value && this.picked.length) this.remove(this.picked.at(-1));
    else return;
    event.preventDefault();
  }

  take(item) {
    this.input.value = "";
    this.close();
    if (item.isNew) return this.ask(item.label);
    this.picked = this.many ? [...this.picked.filter((one) => one.iri !== item.iri), item] : [item];
    this.show();
    (this.input.hidden ? this.box.querySelector(".picked button") : this.input).focus();
    this.changed();
  }

  // Something new needs its class: asked in place, with the letters of the keyboard.
  ask(label) {
    const select = element("select", { "aria-label": `What is ${label}?` }, element("option", { value: "" }, `${label} is a …`));
    for (const cls of this.classes) select.append(element("option", { value: cls.iri }, cls.label));
    let keyed = false;
    const settle = () => {
      if (!select.value) return;
      const made = { label, class: select.value };
      this.picked = this.many ? [...this.picked, made] : [made];
      this.show();
      this.input.hidden = !this.many;
      (this.input.hidden ? this.box.querySelector(".picked button") : this.input).focus();
      this.changed();
    };
    select.addEventListener("keydown", (event) => {
      keyed = true;
      if (event.key === "Escape") {
        event.stopPropagation();
        this.show();
        this.input.focus();
      } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        settle();
      }
    });
    select.addEventListener("change", () => keyed || settle());
    select.addEventListener("blur", () => select.isConnected && settle());
    this.input.before(select);
    this.input.hidden = true;
    select.focus();
  }
}
