// The form by which a proposal is edited or a claim is made: it reads a claim and gives a change.

import { cut, find, selected } from "./article.js";
import { Picker } from "./picker.js";

const FACETS = {
  mode: [["authorVoice", "in the author’s own voice"], ["communication", "says it"], ["attitude", "holds the view"], ["intention", "has the aim"]],
  certainty: [["certain", "certain"], ["probable", "probable"], ["possible", "possible"], ["unspecified", "not said"]],
  polarity: [["positive", "affirms"], ["negative", "denies"]],
  temporality: [["past", "past"], ["present", "present"], ["future", "future"], ["generic", "at any time"]],
};
const NAMES = { mode: "How", certainty: "Certainty", polarity: "Polarity", temporality: "Time" };

let count = 0;

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = value;
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

function field(label, control) {
  control.id ||= `field-${++count}`;
  return node("div", {}, node("label", { for: control.id, text: label }), control);
}

const parts = (claim, name) => (claim.proposition?.parts ?? []).filter(([part]) => part === name).map(([, value]) => value);
const key = (items) => JSON.stringify(items.map((item) => item.iri || item.label).sort());

export class Form {
  constructor(claim, things, author, { save, leave, moved }) {
    Object.assign(this, { claim, things, author, save, leave, moved });
    this.span = [claim.start ?? 0, claim.end ?? 0];
    this.moving = false;
    this.controls = {};
    for (const [name, values] of Object.entries(FACETS)) this.controls[name] = this.select(name, values);
    this.makePickers();
    this.makeTexts();
    this.element = this.lay();
    this.before = key([...this.subject.picked, ...this.relation.picked, ...this.objects.picked, { label: this.value.value }]);
    this.meet();
    this.showQuote();
    this.adapt();
  }

  select(name, values) {
    const select = node("select");
    for (const [value, words] of values) select.append(node("option", { value, text: words, selected: this.claim[name] === value }));
    select.addEventListener("change", () => (this.adapt(), this.meet()));
    return select;
  }

  makePickers() {
    const { things, relations, classes, propositions } = this.things;
    const actors = classes.filter((cls) => cls.kind === "actor");
    const changed = () => this.meet();
    this.known = new Picker({ label: "The same as a proposition made before", items: () => propositions, changed: () => this.followKnown() });
    this.subject = new Picker({ label: "Subject", items: () => things, classes, picked: parts(this.claim, "subject"), changed });
    this.relation = new Picker({ label: "Relation", items: () => relations, picked: parts(this.claim, "relation"), changed });
    this.objects = new Picker({ label: "Object", items: () => things, classes, many: true, picked: parts(this.claim, "object"), changed });
    this.claimants = new Picker({
      label: "Claimant", items: () => things.filter((thing) => thing.kind === "actor"), classes: actors, many: true,
      picked: this.claim.claimants, changed: () => this.adapt(),
    });
  }

  makeTexts() {
    this.value = node("input", { maxlength: 4000, value: parts(this.claim, "value")[0]?.label ?? "" });
    this.value.addEventListener("input", () => this.meet());
    this.quote = node("textarea", { rows: 2, spellcheck: "false" });
    this.quote.addEventListener("input", () => this.readQuote());
    this.cue = node("input", { value: this.claim.cue, maxlength: 300 });
    this.hedge = node("input", { value: this.claim.hedge, maxlength: 300 });
    this.label = node("input", { value: this.claim.label, maxlength: 500, placeholder: "made from the proposition" });
    this.quoteHint = node("p", { class: "hint", "aria-live": "polite" });
    this.trouble = node("p", { class: "hint bad", role: "alert" });
    this.same = node("div", { class: "same" });
  }

  lay() {
    const group = (legend, ...children) => node("fieldset", {}, node("legend", { text: legend }), ...children);
    const row = (...children) => node("div", { class: "row" }, ...children);
    this.partsRow = row(this.subject.element, this.relation.element, this.objects.element);
    this.valueRow = field("or, for the object, words", this.value);
    const cue = field("Words that ascribe it", this.cue);
    const hedge = field("Words that weaken it", this.hedge);
    Object.assign(this, { cueField: cue, hedgeField: hedge });
    const form = node("form", { class: "proposal form", "aria-label": this.claim.key ? `Edit ${this.claim.key}` : "A new claim", novalidate: true },
      group("What is claimed", this.known.element, this.partsRow, this.valueRow, this.same),
      group("Who claims it, and how", row(this.claimants.element, field(NAMES.mode, this.controls.mode)),
        row(field(NAMES.polarity, this.controls.polarity), field(NAMES.certainty, this.controls.certainty), field(NAMES.temporality, this.controls.temporality)),
        row(cue, hedge)),
      group("In which words", field("Quotation: select it in the text, or type", this.quote), this.quoteHint, field("The claim in a sentence", this.label)),
      this.trouble,
      node("div", { class: "decide" }, this.button("main", "Save", "Ctrl ↵"), this.button("", "Leave", "Esc", this.leave)));
    form.addEventListener("submit", (event) => (event.preventDefault(), this.submit()));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.submit();
      else if (event.key === "Escape") this.leave();
      else if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
    return form;
  }

  button(cls, words, keys, act) {
    const made = node("button", { type: act ? "button" : "submit", class: cls }, `${words} `, node("kbd", { text: keys }));
    if (act) made.addEventListener("click", act);
    return made;
  }

  focus() {
    this.known.input.focus({ preventScroll: true });
  }

  // A known proposition brings its parts with it, so there is nothing else to pick.
  followKnown() {
    const chosen = this.known.picked.length > 0;
    this.partsRow.hidden = chosen;
    this.valueRow.hidden = chosen;
    this.meet();
  }

  // Say which propositions with these parts there are, and whom this claim would contradict.
  meet() {
    const radios = this.known.picked.length ? [] : this.alike();
    const kept = this.same.querySelector("input[name=same]:checked")?.value;
    this.same.replaceChildren();
    if (radios.length) {
      const exact = radios.find((item) => this.isExact(item));
      const first = kept !== undefined && [...radios.map((item) => item.iri), ""].includes(kept) ? kept : exact?.iri ?? "";
      for (const item of [{ iri: "", label: "a proposition of its own" }, ...radios]) {
        const radio = node("input", { type: "radio", name: "same", value: item.iri, checked: item.iri === first });
        radio.addEventListener("change", () => this.contrast());
        this.same.append(node("label", {}, radio, node("span", { text: item.label + this.where(item) })));
      }
    }
    this.contrasts = node("div", { class: "same" });
    this.same.append(this.contrasts);
    this.contrast();
  }

  where(item) {
    const places = [...new Set((item.stands ?? []).map((stand) => `${stand.key} of ${stand.document}`))];
    return places.length ? ` (${places.slice(0, 3).join(", ")})` : "";
  }

  alike() {
    const [subject, relation] = [this.subject.picked[0], this.relation.picked[0]];
    if (!subject?.iri || !relation?.iri || this.value.value.trim()) return [];
    const has = (item, part, iri) => item.parts.some(([name, value]) => name === part && value.iri === iri);
    const fits = (item) => has(item, "subject", subject.iri) && has(item, "relation", relation.iri) &&
      this.objects.picked.every((object) => object.iri && has(item, "object", object.iri));
    return this.things.propositions.filter((item) => item.iri !== this.claim.proposition?.iri && fits(item)).slice(0, 5);
  }

  isExact(item) {
    const iris = [this.subject, this.relation, this.objects].flatMap((picker) => picker.picked.map((one) => one.iri));
    return this.objects.picked.length > 0 && key(item.parts.map(([, value]) => value)) === key(iris.map((iri) => ({ iri })));
  }

  chosen() {
    const iri = this.known.picked[0]?.iri ?? this.same.querySelector("input[name=same]:checked")?.value;
    return this.things.propositions.find((item) => item.iri === iri);
  }

  contrast() {
    const polarity = this.controls.polarity.value;
    const against = (this.chosen()?.stands ?? []).filter((stand) => stand.polarity !== polarity && stand.claim !== this.claim.claim);
    this.contrasts.replaceChildren(...against.map((stand) => {
      const box = node("input", { type: "checkbox", checked: true, value: stand.claim });
      const verb = stand.polarity === "negative" ? "denies" : "affirms";
      return node("label", {}, box, node("span", {}, node("b", { class: "bad", text: "Contradicts " }), `${stand.key} of ${stand.document}, where ${stand.claimants.join(", ")} ${verb} it: link the two`));
    }));
  }

  adapt() {
    const own = key(this.claimants.picked) === key([{ iri: this.author }]);
    if (own) this.controls.mode.value = "authorVoice";
    this.cueField.hidden = this.controls.mode.value === "authorVoice";
    this.hedgeField.hidden = !["probable", "possible"].includes(this.controls.certainty.value);
  }

  // Words selected in the text become the quotation.
  take() {
    const span = selected();
    if (!span) return;
    this.span = span;
    this.moving = true;
    this.showQuote();
  }

  showQuote() {
    this.quote.value = this.span[1] > this.span[0] ? cut(...this.span) : "";
    this.tell(this.quote.value ? "" : "Select the words in the text.");
  }

  readQuote() {
    const found = find(this.quote.value.trim(), this.span[0]);
    if (found) {
      this.span = found;
      this.moving = true;
    }
    this.tell(found ? "" : "These words do not stand in the text.");
  }

  tell(words) {
    this.quoteHint.textContent = words || `Stands in the text at ${this.span[0]}–${this.span[1]}.`;
    this.quoteHint.classList.toggle("bad", Boolean(words));
    this.moved(words ? null : this.span);
  }

  content() {
    const chosen = this.chosen();
    if (chosen) return { iri: chosen.iri };
    const now = key([...this.subject.picked, ...this.relation.picked, ...this.objects.picked, { label: this.value.value }]);
    if (now === this.before && this.claim.proposition?.iri) return null;
    return { subject: this.subject.value[0] ?? null, relation: this.relation.picked[0]?.iri ?? "", objects: this.objects.value, value: this.value.value.trim() };
  }

  change() {
    const change = Object.fromEntries(Object.entries(this.controls).map(([name, select]) => [name, select.value]));
    const content = this.content();
    if (content) change.content = content;
    if (this.moving || !this.claim.claim) [change.start, change.end] = this.span;
    change.claimants = this.claimants.value;
    const cue = this.cue.value.trim();
    const dropped = this.moving && cue === this.claim.cue && !this.quote.value.includes(cue);
    change.cue = dropped || this.cueField.hidden ? "" : cue;
    change.hedge = this.hedgeField.hidden ? "" : this.hedge.value.trim();
    if (this.label.value !== this.claim.label) change.label = this.label.value;
    change.contrasts = [...this.contrasts.querySelectorAll("input:checked")].map((box) => box.value);
    return change;
  }

  // What would be refused is said before it is sent.
  lacks() {
    if (this.quoteHint.classList.contains("bad")) return [this.quoteHint.textContent, this.quote];
    if (!this.claimants.picked.length) return ["Name who claims it.", this.claimants.input];
    if (this.chosen()) return null;
    if (!this.subject.picked.length) return ["Pick the subject of the proposition.", this.subject.input];
    if (!this.relation.picked.length) return ["Pick the relation.", this.relation.input];
    if (!this.objects.picked.length && !this.value.value.trim()) return ["Pick an object, or give words.", this.objects.input];
    return null;
  }

  submit() {
    const lack = this.lacks();
    if (!lack) return this.save(this.change());
    this.refuse(lack[0]);
    lack[1].focus();
  }

  refuse(words) {
    this.trouble.textContent = words;
    this.trouble.scrollIntoView({ block: "nearest" });
  }
}
