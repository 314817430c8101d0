// The reading view: a claim and its words light up together; filters change in place.

const lit = new Set();

function clear() {
  for (const element of lit) element.classList.remove("lit");
  lit.clear();
}

function light(elements) {
  for (const element of elements) {
    element.classList.add("lit");
    lit.add(element);
  }
}

function overlap(element, spans) {
  return (element.dataset.p ?? "").split(" ").some((span) => spans.has(span));
}

function show(target) {
  const source = target.closest?.("#reading [data-p], #reading sup.ref a");
  clear();
  if (!source) return;
  const section = document.getElementById("reading");
  const card = source.matches("sup.ref a") ? document.getElementById(source.hash.slice(1)) : source;
  const spans = new Set((card?.dataset.p ?? "").split(" "));
  const other = source.matches("mark") ? "li.claim" : "mark";
  light([...section.querySelectorAll(`${other}[data-p]`)].filter((element) => overlap(element, spans)));
  if (card && card !== source) light([card]);
}

document.addEventListener("pointerover", (event) => show(event.target));
document.addEventListener("focusin", (event) => show(event.target));

// All of a passage that the address names is outlined, not only its first words.
function mark() {
  for (const element of document.querySelectorAll("mark.here")) element.classList.remove("here");
  const name = decodeURIComponent(location.hash.slice(1));
  const card = document.getElementById(name);
  const spans = name.startsWith("p-") ? [name.slice(2)] : (card?.dataset.p ?? "").split(" ");
  const wanted = new Set(spans.filter(Boolean));
  for (const element of document.querySelectorAll("#reading mark[data-p]")) {
    if (overlap(element, wanted)) element.classList.add("here");
  }
}

addEventListener("hashchange", mark);
mark();

async function load(address) {
  const headers = { "X-Parley-Fragment": "1", Accept: "text/html" };
  const response = await fetch(address, { headers });
  if (!response.ok) throw new Error(`${response.status}`);
  const open = [...document.querySelectorAll("#reading .filters details[open]")].length > 0;
  document.getElementById("reading").outerHTML = await response.text();
  if (open) document.querySelector("#reading .filters details").open = true;
  document.querySelector("#reading .filters summary")?.focus({ preventScroll: true });
  clear();
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.(".filters a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  try {
    await load(link.href);
    history.pushState({ part: true }, "", link.href);
  } catch {
    location.assign(link.href);
  }
});

addEventListener("popstate", () => {
  if (!location.hash) load(location.pathname === "/" ? document.getElementById("reading").dataset.address : location.href).catch(() => location.reload());
});
