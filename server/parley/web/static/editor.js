// The SPARQL editor: a real textarea with painted text behind it, completion by label, and a
// wavy line under terms our vocabulary does not have. Without this file the form works as it is.

const TOKENS = new RegExp(
  [
    /(?<comment>#[^\n]*)/,
    /(?<iri><[^\s<>"{}|^`\\]*>)/,
    /(?<string>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)/,
    /(?<variable>[?$]\w+)/,
    /(?<curie>(?:[\p{L}][\p{L}\w.-]*)?:(?:(?:[\p{L}\w:%]|\\.)(?:(?:[\p{L}\w:.%-]|\\.)*(?:[\p{L}\w:%-]|\\.))?)?)/u,
    /(?<number>\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)/,
    /(?<word>\b[A-Za-z_]+\b)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);

const KEYWORDS = (
  "BASE PREFIX SELECT DISTINCT REDUCED AS CONSTRUCT DESCRIBE ASK FROM NAMED WHERE ORDER BY ASC DESC " +
  "LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH UNION MINUS FILTER EXISTS NOT IN BIND SERVICE SILENT GROUP " +
  "HAVING COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI " +
  "BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS " +
  "STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS NOW UUID STRUUID IF COALESCE STRLANG STRDT " +
  "SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE INSERT DELETE DATA WITH USING LOAD " +
  "CLEAR DROP CREATE COPY MOVE ADD TO INTO DEFAULT ALL a true false"
).split(" ");
const KEYWORD_SET = new Set(KEYWORDS.map((word) => word.toUpperCase()));

export class Editor {
  /** @param {HTMLTextAreaElement} area  @param {{prefixes: Object<string,string>, terms: Array}} vocabulary */
  constructor(area, vocabulary) {
    this.area = area;
    this.prefixes = vocabulary.prefixes;
    this.terms = vocabulary.terms;
    this.known = new Set(this.terms.map((term) => term.curie));
    this.options = [];
    this.chosen = -1;
    this.build();
    this.paint();
  }

  build() {
    const frame = document.createElement("div");
    frame.className = "editor";
    this.area.before(frame);
    this.back = document.createElement("pre");
    this.back.setAttribute("aria-hidden", "true");
    this.list = document.createElement("ul");
    this.list.className = "completions";
    this.list.id = `${this.area.id}-completions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Completions");
    this.list.hidden = true;
    this.status = document.createElement("p");
    this.status.className = "hidden-visually";
    this.status.setAttribute("role", "status");
    frame.append(this.back, this.area, this.list, this.status);
    frame.classList.add("painted");
    this.area.setAttribute("aria-autocomplete", "list");
    this.area.setAttribute("aria-controls", this.list.id);
    this.area.spellcheck = false;
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("scroll", () => this.align());
    this.area.addEventListener("keydown", (event) => this.key(event));
    this.area.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.area.addEventListener("click", () => this.close());
    this.list.addEventListener("mousedown", (event) => this.picked(event));
    new ResizeObserver(() => this.align()).observe(this.area);
  }

  paint() {
    const text = this.area.value;
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(TOKENS)) {
      parts.push(document.createTextNode(text.slice(end, match.index)));
      parts.push(this.span(match));
      end = match.index + match[0].length;
    }
    parts.push(document.createTextNode(`${text.slice(end)}\n`));
    this.back.replaceChildren(...parts);
    this.markError();
    this.align();
  }

  span(match) {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    const span = document.createElement("span");
    span.textContent = match[0];
    if (kind === "word") {
      if (KEYWORD_SET.has(match[0].toUpperCase())) span.className = "t-keyword";
    } else {
      span.className = `t-${kind}`;
    }
    if (kind === "curie" && this.isUnknown(match[0])) span.classList.add("t-unknown");
    return span;
  }

  /** A short name is unknown when its prefix is ours and covers terms, yet no term has that name. */
  isUnknown(curie) {
    const prefix = curie.slice(0, curie.indexOf(":") + 1);
    const ours = this.terms.some((term) => term.curie.startsWith(prefix));
    return ours && curie.length > prefix.length && !this.known.has(curie);
  }

  /** Mark the line and column the server complained about (data-line, data-column on the textarea). */
  markError() {
    const line = Number(this.area.dataset.line || 0);
    if (!line) return;
    const lines = this.area.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0);
    const at = start + Math.max(Number(this.area.dataset.column || 1) - 1, 0);
    let passed = 0;
    for (const node of this.back.childNodes) {
      passed += node.textContent.length;
      if (passed > at) {
        if (node.nodeType === Node.ELEMENT_NODE) node.classList.add("t-error");
        return;
      }
    }
  }

  align() {
    this.back.style.height = `${this.area.clientHeight}px`;
    this.back.scrollTop = this.area.scrollTop;
    this.back.scrollLeft = this.area.scrollLeft;
  }

  changed() {
    delete this.area.dataset.line;
    this.paint();
    this.suggest(false);
  }

  key(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter") {
      event.preventDefault();
      this.area.form.requestSubmit();
    } else if (command && event.key === " ") {
      event.preventDefault();
      this.suggest(true);
    } else if (command && event.key === "/") {
      event.preventDefault();
      this.comment();
    } else if (!this.list.hidden) {
      this.keyInList(event);
    } else if (event.key === "Enter" && !event.shiftKey) {
      this.indent(event);
    }
  }

  keyInList(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.choose((this.chosen + step + this.options.length) % this.options.length);
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      this.accept(this.options[this.chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      this.close();
    }
  }

  indent(event) {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const row = before.slice(before.lastIndexOf("\n") + 1);
    const depth = row.match(/^\s*/)[0] + (/[{(]\s*$/.test(row) ? "  " : "");
    if (!depth) return;
    event.preventDefault();
    this.insert(`\n${depth}`);
  }

  comment() {
    const { value, selectionStart, selectionEnd } = this.area;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const tail = value.indexOf("\n", selectionEnd);
    const end = tail < 0 ? value.length : tail;
    const rows = value.slice(start, end).split("\n");
    const off = rows.every((row) => row.startsWith("#"));
    this.area.setSelectionRange(start, end);
    this.insert(rows.map((row) => (off ? row.replace(/^# ?/, "") : `# ${row}`)).join("\n"));
  }

  /** The word before the caret that a completion would replace. */
  word() {
    return this.area.value.slice(0, this.area.selectionStart).match(/[?$]?[\p{L}\w:.-]*$/u)[0];
  }

  suggest(asked) {
    const word = this.word();
    if (!asked && word.length < 2) return this.close();
    this.options = this.matches(word).slice(0, 12);
    if (!this.options.length || (this.options.length === 1 && this.options[0].curie === word)) return this.close();
    this.list.replaceChildren(...this.options.map((option, index) => this.row(option, index)));
    this.place();
    this.list.hidden = false;
    this.choose(0);
    this.status.textContent = `${this.options.length} completions, arrow keys to choose, Enter to accept`;
    return undefined;
  }

  matches(word) {
    const wanted = word.toLowerCase();
    if (/^[?$]/.test(word)) {
      const names = new Set(this.area.value.match(/[?$]\w+/g) || []);
      names.delete(word);
      return [...names].filter((name) => name.toLowerCase().startsWith(wanted)).map((curie) => ({ curie }));
    }
    const local = wanted.slice(wanted.indexOf(":") + 1);
    const ranked = [];
    for (const term of this.terms) {
      const curie = term.curie.toLowerCase();
      const label = (term.label || "").toLowerCase();
      if (curie.startsWith(wanted)) ranked.push([0, term]);
      else if (local && !wanted.includes(":") && curie.split(":")[1].startsWith(local)) ranked.push([1, term]);
      else if (local && !wanted.includes(":") && label.includes(local)) ranked.push([2, term]);
      else if (local.length > 3 && !wanted.includes(":") && term.definition?.toLowerCase().includes(local)) ranked.push([3, term]);
    }
    const words = wanted ? KEYWORDS.filter((k) => k.toLowerCase().startsWith(wanted)).map((curie) => ({ curie })) : [];
    ranked.sort((a, b) => a[0] - b[0]);
    return [...ranked.filter((r) => r[0] === 0).map((r) => r[1]), ...words, ...ranked.filter((r) => r[0] > 0).map((r) => r[1])];
  }

  row(option, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.dataset.index = index;
    const name = document.createElement("span");
    name.textContent = option.curie;
    item.append(name);
    if (option.label) {
      const label = document.createElement("small");
      label.textContent = ` ${option.label}`;
      item.append(label);
    }
    if (option.definition) {
      const definition = document.createElement("span");
      definition.className = "definition";
      definition.textContent = option.definition;
      item.append(definition);
    }
    return item;
  }

  place() {
    const rows = this.area.value.slice(0, this.area.selectionStart).split("\n");
    const height = parseFloat(getComputedStyle(this.area).lineHeight);
    this.list.style.top = `${12 + rows.length * height - this.area.scrollTop}px`;
    this.list.style.left = `min(${12 + rows.at(-1).length * height * 0.4 - this.area.scrollLeft}px, 60%)`;
  }

  choose(index) {
    this.chosen = index;
    for (const item of this.list.children) {
      const on = Number(item.dataset.index) === index;
      item.setAttribute("aria-selected", String(on));
      if (on) item.scrollIntoView({ block: "nearest" });
    }
    this.area.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  picked(event) {
    const item = event.target.closest("li");
    if (!item) return;
    event.preventDefault();
    this.accept(this.options[Number(item.dataset.index)]);
  }

  accept(option) {
    const word = this.word();
    this.area.setSelectionRange(this.area.selectionStart - word.length, this.area.selectionStart);
    this.insert(option.curie);
    this.addPrefix(option.curie);
    this.close();
  }

  /** Write the PREFIX line that an accepted term needs, once. */
  addPrefix(curie) {
    const prefix = curie.includes(":") ? curie.split(":")[0] : null;
    if (prefix === null || !this.prefixes[prefix]) return;
    if (new RegExp(`prefix\\s+${prefix}\\s*:`, "i").test(this.area.value)) return;
    const line = `PREFIX ${prefix}: <${this.prefixes[prefix]}>\n`;
    const caret = this.area.selectionStart + line.length;
    this.area.setSelectionRange(0, 0);
    this.insert(line);
    this.area.setSelectionRange(caret, caret);
  }

  /** Insert by the browser's own command: it is deprecated, and the only way that keeps undo. */
  insert(text) {
    this.area.focus();
    if (!document.execCommand("insertText", false, text)) {
      const { selectionStart, selectionEnd } = this.area;
      this.area.setRangeText(text, selectionStart, selectionEnd, "end");
      this.changed();
    }
  }

  close() {
    this.list.hidden = true;
    this.chosen = -1;
    this.area.removeAttribute("aria-activedescendant");
  }
}

/** Turn the page's query form into an editor once its vocabulary is here. */
export async function start(area) {
  const answer = await fetch(area.dataset.vocabulary);
  if (answer.ok) new Editor(area, await answer.json());
}

const area = document.querySelector("textarea[data-vocabulary]");
if (area) start(area);
