// In a site of files: the search over search-index.js, and a query that a link to SPARQL carries.
// A plain script, no module, so that it also runs in pages opened from a disk.
"use strict";

(() => {
  const asked = new URLSearchParams(location.search);
  const LISTED = 40;
  const VIA = { 1: "also called", 3: "defined as" };

  /** Return at most three words in lower case, the rest as one phrase, as the server does. */
  function split(text) {
    const words = text.trim().toLowerCase().split(/\s+/);
    return [words[0], words[1] ?? "", words.slice(2).join(" ")].map(longest).filter(Boolean);
  }

  /** Return the longest part between quotation marks, which a text may have in other forms. */
  function longest(word) {
    return word.split(/["'`´‘’‚‛“”„‟«»‹›ʼ]/).reduce((a, b) => (b.length > a.length ? b : a)).trim();
  }

  function escaped(word) {
    return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  }

  function beginWords(text, words) {
    return words.every((word) => new RegExp(`(?<![\\p{L}\\p{N}_])${escaped(word)}`, "iu").test(text));
  }

  function best(thing, words) {
    const found = thing.texts.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)));
    found.sort((a, b) => beginWords(b.text, words) - beginWords(a.text, words) || a.rank - b.rank || a.text.length - b.text.length);
    return found[0];
  }

  function marked(text, words) {
    const element = document.createElement("bdi");
    const patterns = [...words].sort((a, b) => b.length - a.length).map(escaped);
    for (const part of text.slice(0, 400).split(new RegExp(`(${patterns.join("|")})`, "i"))) {
      const isWord = words.includes(part.toLowerCase());
      const node = document.createElement(isWord ? "mark" : "span");
      node.textContent = part;
      element.append(node);
    }
    return element;
  }

  function show(hit, words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = hit.thing.address;
    item.append(link);
    if (hit.text.text === hit.thing.name) {
      link.append(marked(hit.thing.name, words));
      return item;
    }
    link.textContent = hit.thing.name;
    const via = VIA[hit.text.rank] ? ` ${VIA[hit.text.rank]} ` : " ";
    const text = marked(hit.text.text, words);
    if (hit.text.language) text.lang = hit.text.language;
    text.dir = "auto";
    item.append(via, text);
    return item;
  }

  function group(kind, hits, words) {
    const section = document.createElement("section");
    const heading = document.createElement("h2");
    heading.id = `g-${kind.name || "other"}`;
    section.setAttribute("aria-labelledby", heading.id);
    const count = document.createElement("small");
    count.textContent = hits.length;
    heading.append(`${kind.title} `, count);
    const list = document.createElement("ul");
    list.className = "hits";
    list.append(...hits.slice(0, LISTED).map((hit) => show(hit, words)));
    section.append(heading, list);
    return section;
  }

  function search(text, results) {
    const words = split(text);
    let hits = [];
    for (const thing of words.length ? parleyIndex.things : []) {
      const found = thing.address ? best(thing, words) : undefined;
      if (found) hits.push({ thing, text: found });
    }
    const begun = hits.filter(({ text: { text } }) => beginWords(text, words));
    if (begun.length) hits = begun;
    hits.sort((a, b) => a.text.rank - b.text.rank || a.text.text.length - b.text.text.length);
    const groups = parleyIndex.kinds
      .map((kind) => [kind, hits.filter(({ thing }) => thing.kind === kind.name)])
      .filter(([, found]) => found.length)
      .map(([kind, found]) => group(kind, found, words));
    if (words.length && !groups.length) {
      const none = document.createElement("p");
      none.className = "empty";
      none.textContent = `Nothing holds “${text.trim()}”. Try fewer words, or part of one.`;
      groups.push(none);
    }
    if (words.length) results.replaceChildren(...groups);
  }

  const field = document.getElementById("words");
  const results = document.getElementById("results");
  if (field && results && globalThis.parleyIndex) {
    field.value = asked.get("q") ?? "";
    field.addEventListener("input", () => search(field.value, results));
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      search(field.value, results);
    });
    search(field.value, results);
  }

  const notice = document.querySelector(".needs-server");
  if (notice && asked.get("query")) {
    const code = document.createElement("code");
    code.textContent = asked.get("query");
    const shown = document.createElement("pre");
    shown.tabIndex = 0;
    shown.append(code);
    notice.after(shown);
  }
})();
