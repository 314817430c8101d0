// The source with its proposals marked. Offsets are code points, as the server counts them.

const root = document.getElementById("article");
let points = [];
let text = "";
let drawn = "";

export function load(source) {
  text = source;
  points = Array.from(source);
}

export const cut = (start, end) => points.slice(start, end).join("");

const lengthOf = (words) => Array.from(words).length;

// Where words stand that are nearest to a place; null when they stand nowhere.
export function find(words, near) {
  if (!words) return null;
  let best = null;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const start = lengthOf(text.slice(0, at));
    if (best === null || Math.abs(start - near) < Math.abs(best - near)) best = start;
  }
  return best === null ? null : [best, best + lengthOf(words)];
}

function* lines() {
  let start = 0;
  for (let at = 0; at <= points.length; at++) {
    if (at === points.length || points[at] === "\n") {
      if (points.slice(start, at).some((point) => point.trim())) yield [start, at];
      start = at + 1;
    }
  }
}

function drawLine([start, end], marks) {
  const paragraph = document.createElement("p");
  const inside = marks.filter((mark) => mark.start < end && mark.end > start);
  const cuts = new Set([start, end]);
  for (const mark of inside) for (const at of [mark.start, mark.end]) if (at > start && at < end) cuts.add(at);
  const edges = [...cuts].sort((one, other) => one - other);
  for (let index = 0; index + 1 < edges.length; index++) {
    const [from, to] = [edges[index], edges[index + 1]];
    const over = inside.filter((mark) => mark.start <= from && mark.end >= to);
    const piece = document.createElement(over.length ? "mark" : "span");
    piece.dataset.start = from;
    piece.textContent = cut(from, to);
    if (over.length) piece.dataset.claims = over.map((mark) => mark.claim).join(" ");
    paragraph.append(piece);
  }
  return paragraph;
}

// Draw the text anew when passages have moved, else only how they look.
export function draw(claims, current) {
  const marks = claims.filter((claim) => claim.start !== null);
  const now = marks.map((mark) => `${mark.claim} ${mark.start} ${mark.end}`).join("\n");
  if (now !== drawn || !root.firstChild) {
    drawn = now;
    root.replaceChildren(...[...lines()].map((line) => drawLine(line, marks)));
  }
  const byName = new Map(marks.map((mark) => [mark.claim, mark]));
  for (const piece of root.querySelectorAll("mark")) {
    const over = piece.dataset.claims.split(" ").map((name) => byName.get(name)).filter(Boolean);
    const here = over.some((claim) => claim.claim === current);
    const shown = over.find((claim) => claim.claim === current) ?? over.at(-1);
    const waiting = over.some((claim) => claim.status === "drafted");
    piece.className = [shown?.mode, waiting ? "drafted" : "reviewed", here ? "here" : ""].join(" ").trim();
  }
}

export function reveal() {
  const first = root.querySelector("mark.here");
  if (!first) return;
  const box = first.getBoundingClientRect();
  if (box.top < 80 || box.bottom > innerHeight - 60) first.scrollIntoView({ block: "center" });
}

// The claim to show for a click: the next one of those under it, so that overlaps can be reached.
export function claimAt(event, current) {
  const names = event.target.closest?.("#article mark")?.dataset.claims?.split(" ") ?? [];
  return names[(names.indexOf(current) + 1) % names.length];
}

function offsetOf(node, offset) {
  const piece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-start]");
  if (!piece) return null;
  const words = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, offset) : offset ? piece.textContent : "";
  return Number(piece.dataset.start) + lengthOf(words);
}

// What is selected in the text, its blanks left out; null when nothing is.
export function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
  let start = offsetOf(range.startContainer, range.startOffset);
  let end = offsetOf(range.endContainer, range.endOffset);
  if (start === null || end === null) return null;
  while (start < end && !points[start].trim()) start++;
  while (end > start && !points[end - 1].trim()) end--;
  return start < end ? [start, end] : null;
}

export const forget = () => getSelection().removeAllRanges();
