// The list of queries asked in this browser, and long queries sent by POST. The page works without it.

const KEY = "parley-queries";
const MOST = 30;
const LONGEST_ADDRESS = 6000;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((entry) => typeof entry?.query === "string") : [];
  } catch {
    return [];
  }
}

function write(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // Without storage there is no list.
  }
}

/** Return the line of a query that tells it from others: the first that is no prefix or comment. */
function title(query) {
  const lines = query.split("\n").map((line) => line.trim());
  const named = lines.find((line) => /^#+\s*\S/.test(line));
  const asking = lines.filter((line) => line && !/^(#|prefix\b|base\b)/i.test(line)).join(" ");
  return (named ? named.replace(/^[#\s]+/, "") : asking).slice(0, 120);
}

function show(section, entries) {
  const list = section.querySelector("ol");
  list.replaceChildren(
    ...entries.map((entry) => {
      const link = document.createElement("a");
      link.href = `/sparql?${new URLSearchParams({ query: entry.query })}`;
      link.textContent = title(entry.query);
      const when = document.createElement("small");
      when.textContent = ` ${new Date(entry.at).toLocaleString()}`;
      const item = document.createElement("li");
      item.append(link, when);
      return item;
    }),
  );
  section.hidden = entries.length === 0;
}

const form = document.getElementById("ask");
const area = document.getElementById("query");
const section = document.getElementById("history");

if (form && area && section) {
  const keys = form.querySelector(".keys");
  if (keys) keys.hidden = false;
  let entries = read();
  const answered = document.getElementById("answer");
  if (answered) {
    const asked = { query: area.defaultValue, at: Date.now() };
    entries = [asked, ...entries.filter((entry) => entry.query !== asked.query)].slice(0, MOST);
    write(entries);
  }
  show(section, entries);
  section.querySelector("button").addEventListener("click", () => {
    write([]);
    show(section, []);
  });
  form.addEventListener("submit", () => {
    form.method = new URLSearchParams({ query: area.value }).toString().length > LONGEST_ADDRESS ? "post" : "get";
  });
}
