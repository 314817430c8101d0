// The review: one proposal at hand, keys that decide, decisions saved one after the other.

import * as article from "./article.js";
import * as doors from "./doors.js";
import { Form } from "./form.js";

const by = (id) => document.getElementById(id);
const WORDS = {
  mode: { authorVoice: "in the author’s own voice", communication: "says", attitude: "holds the view", intention: "has the aim" },
  sign: { drafted: "·", reviewed: "✓" },
};
// The keys that join a claim to the first and the second proposition offered.
const MERGE_KEYS = ["m", "M"];
const PAST = { accept: "Accepted", edit: "Saved", reject: "Rejected", add: "Added" };

let source = null;
let state = null;
let things = null;
let current = "";
let form = null;
let sending = Promise.resolve();
// Decisions on their way to the file, the oldest first.
let unsaved = [];
let sure = stored("parley-review-order") === "sure";
let single = stored("parley-review-keys") !== "off";

function stored(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name);
    localStorage.setItem(name, value);
  } catch {
    // Without storage a choice holds for this page.
  }
  return null;
}

function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== false) made.setAttribute(name, value);
  made.append(...children.filter((child) => child || child === 0));
  return made;
}

const claimNow = () => state.claims.find((claim) => claim.claim === current);
const isWaiting = (claim) => claim?.status === "drafted";

function ordered() {
  if (!sure) return state.claims;
  const place = new Map(state.ranking.map((name, index) => [name, index]));
  const after = state.ranking.length;
  return [...state.claims].sort((one, other) => (place.get(one.claim) ?? after) - (place.get(other.claim) ?? after));
}

function say(words) {
  by("said").textContent = words;
}

function notice(words, bad = false) {
  by("notice").hidden = !words;
  by("notice").classList.toggle("bad", bad);
  by("notice").querySelector("p").textContent = words;
}

// --- drawing

function draw() {
  drawTally();
  drawQueue();
  article.draw(state.claims, current);
  if (!form) drawCard();
}

function drawTally() {
  const { counts } = state;
  const bar = by("bar");
  bar.setAttribute("aria-valuemax", Math.max(counts.total, 1));
  bar.setAttribute("aria-valuenow", counts.done);
  bar.setAttribute("aria-valuetext", `${counts.done} of ${counts.total} decided`);
  const width = (count) => `${(100 * count) / Math.max(counts.total, 1)}%`;
  const edited = counts.edited + counts.added;
  bar.querySelector(".a").style.width = width(counts.done - edited - counts.rejected);
  bar.querySelector(".e").style.width = width(edited);
  bar.querySelector(".r").style.width = width(counts.rejected);
  const told = [["accepted", counts.accepted], ["edited", counts.edited], ["added", counts.added], ["rejected", counts.rejected]];
  const words = told.filter(([, count]) => count).map(([name, count]) => `${count} ${name}`);
  by("tally").replaceChildren(node("strong", {}, `${counts.done} of ${counts.total}`), words.length ? ` · ${words.join(", ")}` : " decided");
  by("undo").disabled = !state.undo;
  by("undo").title = state.undo ? `Undo: ${state.undo}` : "";
}

function wording(claim) {
  const part = (name) => claim.proposition.parts.filter(([one]) => one === name).map(([, value]) => value.label).join(" and ");
  const made = isWaiting(claim) && part("object") && `${part("subject")} ${part("relation")} ${part("object")}`;
  return made || claim.proposition.label || claim.label || claim.quote;
}

function names(claim) {
  return claim.claimants.map((claimant) => claimant.label).join(", ") || "nobody";
}

function drawQueue() {
  by("order").setAttribute("aria-pressed", String(sure));
  by("queue").replaceChildren(...ordered().map((claim) => {
    const here = claim.claim === current;
    const button = node("button", { type: "button", "aria-current": here && "true", tabindex: here ? "0" : "-1" },
      node("span", { class: "sign", "aria-hidden": "true" }, claim.decision === "edited" ? "✎" : WORDS.sign[claim.status] ?? "?"),
      node("span", { class: "key" }, claim.key),
      node("span", { class: "line" }, node("em", {}, `${names(claim)}: `), wording(claim)),
      node("span", { class: "hidden-visually" }, isWaiting(claim) ? "waits" : claim.decision || claim.status));
    button.addEventListener("click", () => go(claim.claim));
    return node("li", { class: claim.status }, button);
  }));
  by("queue").querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function quotation(claim) {
  const found = node("blockquote");
  const marked = [claim.cue, claim.hedge].filter((words) => words && claim.quote.includes(words));
  let rest = claim.quote;
  while (rest) {
    const next = marked.map((words) => [rest.indexOf(words), words]).filter(([at]) => at >= 0).sort((one, other) => one[0] - other[0])[0];
    if (!next) break;
    found.append(rest.slice(0, next[0]), node("u", {}, next[1]));
    rest = rest.slice(next[0] + next[1].length);
  }
  found.prepend("“");
  found.append(rest, "”");
  return found;
}

function chips(claim) {
  const told = [
    claim.polarity === "negative" && ["denied", "no"],
    claim.certainty !== "certain" && [claim.certainty === "unspecified" ? "certainty not said" : claim.certainty, ""],
    claim.temporality && [claim.temporality, ""],
    claim.basis === "implicit" && ["implied", ""],
    claim.within && [`within ${claim.within}`, ""],
    ...claim.notes.filter((note) => !note.startsWith("drafted")).map((note) => [note, ""]),
  ].filter(Boolean);
  return node("p", { class: "chips" }, ...told.map(([words, cls]) => node("span", { class: `chip ${cls}` }, words)));
}

function proposed(claim) {
  const relation = claim.proposition.parts.find(([name]) => name === "relation")?.[1].label ?? "";
  const value = claim.proposition.parts.find(([name]) => name === "value")?.[1].label;
  if (value === undefined) return wording(claim);
  return relation === "states" ? `“${value}”` : `${relation} “${value}”`;
}

function button(cls, words, key, act) {
  const made = node("button", { type: "button", class: cls }, `${words} `, node("kbd", {}, key));
  made.addEventListener("click", act);
  return made;
}

function meetings(claim) {
  const known = claim.proposition.stands.map((stand) => {
    const against = stand.polarity !== claim.polarity;
    return node("p", {}, node("span", { class: against ? "against" : "" }, against ? "Contradicts " : "Agrees with "),
      `${stand.key} of ${stand.document}, by ${stand.claimants.join(", ")}`);
  });
  const merges = isWaiting(claim) ? (claim.merges ?? []).slice(0, MERGE_KEYS.length) : [];
  const offered = merges.map((merge, index) => node("div", { class: "offer" },
    node("p", {}, node("span", { class: merge.effect === "contradiction" ? "against" : "" }, merge.effect === "contradiction" ? "May contradict " : "May agree with "),
      `${merge.documents}: “${merge.words}” `, node("small", {}, `(${merge.reason})`)),
    button("", "Put it on that proposition", MERGE_KEYS[index], () => join(index))));
  return known.length + offered.length ? node("div", { class: "meeting" }, ...known, ...offered) : null;
}

function drawCard() {
  const claim = claimNow();
  if (!claim) {
    by("card").replaceChildren(node("div", { class: "all-done" }, node("h2", {}, "There are no claims here"), node("p", {}, "Select words in the text and press n to make one.")));
    return;
  }
  const chance = isWaiting(claim) && `${Math.round(100 * claim.confidence)} % of such proposals are right`;
  const status = isWaiting(claim) ? `proposed by ${claim.rule ? `the rule ${claim.rule}` : "hand"}` : claim.decision || claim.status;
  const card = node("div", { class: `proposal ${claim.mode}` },
    node("p", { class: "top" }, node("b", {}, claim.key), node("span", {}, status), chance && node("span", { class: "likely" }, chance)),
    node("p", { class: "who" }, `${names(claim)} `, node("span", {}, WORDS.mode[claim.mode] ?? "")),
    proposed(claim) !== `“${claim.quote}”` && node("p", { class: "what" }, proposed(claim)), quotation(claim), chips(claim),
    claim.start === null && node("p", { class: "bad" }, "The quotation does not stand in the text just once: edit it."),
    meetings(claim),
    node("div", { class: "decide" }, isWaiting(claim) && button("main", "Accept", "a", () => decide("accept")), button("", "Edit", "e", edit), button("", "Reject", "r", () => decide("reject"))));
  by("card").replaceChildren(state.counts.waiting ? card : finished(), state.counts.waiting ? "" : card);
}

function finished() {
  return node("div", { class: "all-done" }, node("h2", {}, "Every proposal is decided"),
    node("p", {}, "What is reviewed stands in ", node("code", {}, "claims.ttl"), ". Now run ", node("code", {}, "parley serve"), ": it builds, and the document is on the shelf."));
}

// --- going about

function go(name) {
  if (form) closeForm();
  current = name;
  draw();
  article.reveal();
}

function step(by_) {
  const claims = ordered();
  if (!claims.length) return;
  const at = claims.findIndex((claim) => claim.claim === current);
  go(claims[(at + by_ + claims.length) % claims.length].claim);
  say(spoken(claimNow()));
}

// The next proposal that waits, after the one at hand.
function following() {
  const claims = ordered();
  const at = claims.findIndex((claim) => claim.claim === current);
  const after = [...claims.slice(at + 1), ...claims.slice(0, Math.max(at, 0))];
  return after.find(isWaiting)?.claim ?? claims[at]?.claim ?? claims[0]?.claim ?? "";
}

function spoken(claim) {
  return claim ? `${claim.key}: ${names(claim)} ${WORDS.mode[claim.mode] ?? ""} ${proposed(claim)}` : "";
}

function update(next) {
  state = next;
  things = null;
  if (!claimNow()) current = state.claims.find(isWaiting)?.claim ?? state.claims[0]?.claim ?? "";
}

// --- deciding

// The page goes on at once; the decisions follow each other to the server.
function decide(act, change) {
  const claim = claimNow();
  if (!claim || (act === "accept" && !isWaiting(claim))) return;
  const next = following();
  const step = { name: claim.claim, key: claim.key, was: claim.status, status: act === "reject" ? "rejected" : "reviewed" };
  claim.status = step.status;
  unsaved.push(step);
  current = next;
  draw();
  article.reveal();
  say(`${PAST[act]} ${claim.key}. ${spoken(claimNow())}`);
  sending = sending.then(() => unsaved.includes(step) && deliver(() => doors.decide(state.revision, act, step.name, change), step));
}

async function deliver(send, step) {
  try {
    const next = await send();
    unsaved = unsaved.filter((one) => one !== step);
    settle(next);
    return true;
  } catch (refusal) {
    await recover(refusal, step);
    return false;
  }
}

// While more decisions are on their way, what they have changed on the page stays.
function settle(next) {
  update(next);
  const kept = new Map(unsaved.map((step) => [step.name, step.status]));
  for (const claim of state.claims) claim.status = kept.get(claim.claim) ?? claim.status;
  draw();
}

// What follows a refusal waits for the curator when the file is another or the review has ended.
async function recover(refusal, step) {
  const ended = refusal.status === 0 || refusal.status === 401;
  const lost = ended || refusal.status === 409 ? unsaved : [step];
  unsaved = unsaved.filter((one) => !lost.includes(one));
  const keys = lost.filter((one) => one.key).map((one) => one.key);
  const words = ended || keys.length > 1 ? `${refusal.message} Not saved: ${keys.join(", ") || "nothing"}.` : refusal.message;
  notice(words, refusal.status !== 409);
  say(words);
  for (const one of lost) for (const claim of state.claims) if (claim.claim === one.name) claim.status = one.was;
  try {
    if (!ended) settle(await doors.readState());
  } catch (again) {
    notice(again.message, true);
  }
  const first = lost.find((one) => state.claims.some((claim) => claim.claim === one.name));
  if (first) current = first.name;
  draw();
  article.reveal();
}

function undo() {
  if (form || !state.undo) return;
  sending = sending.then(async () => {
    const told = state.undo;
    const known = new Map(state.claims.map((claim) => [claim.claim, JSON.stringify([claim.status, claim.quote, claim.polarity, claim.proposition.iri])]));
    if (!(await deliver(() => doors.undo(state.revision), { name: "" }))) return;
    const back = state.claims.find((claim) => known.get(claim.claim) !== JSON.stringify([claim.status, claim.quote, claim.polarity, claim.proposition.iri]));
    if (back) go(back.claim);
    say(`Undone: ${told}. ${spoken(claimNow())}`);
  });
}

function join(index) {
  const claim = claimNow();
  const merge = isWaiting(claim) && claim.merges?.[index];
  if (!merge) return;
  const words = claim.proposition.parts.find(([name]) => name === "value")?.[1].label;
  const label = claim.label || words || undefined;
  decide("edit", { content: { iri: merge.other }, polarity: merge.polarity, contrasts: merge.contrasts, label });
}

async function edit(fresh) {
  const isNew = fresh?.isNew === true;
  const claim = isNew ? fresh : claimNow();
  if (!claim || form) return;
  await sending;
  try {
    things ??= await doors.readThings();
  } catch (refusal) {
    notice(refusal.message, true);
    return;
  }
  form = new Form(isNew ? fresh : claimNow(), things, source.author, {
    save: (change) => saveForm(isNew ? "add" : "edit", isNew ? "" : current, change),
    leave: () => (closeForm(), draw(), by("desk").focus({ preventScroll: true })),
    moved: () => {},
  });
  by("desk").classList.add("editing");
  by("card").replaceChildren(form.element);
  by("card").scrollTop = 0;
  form.focus();
}

async function saveForm(act, name, change) {
  const next = act === "edit" ? following() : current;
  try {
    const after = await doors.decide(state.revision, act, name, change);
    const key = name ? claimNow().key : "the claim";
    closeForm();
    update(after);
    go(state.claims.some((claim) => claim.claim === next) ? next : current);
    say(`${PAST[act]} ${key}. ${spoken(claimNow())}`);
    by("desk").focus({ preventScroll: true });
  } catch (refusal) {
    if (refusal.status !== 409) {
      form.refuse(refusal.message);
      return;
    }
    closeForm();
    await recover(refusal, { name, key: "" });
  }
}

function closeForm() {
  form = null;
  by("desk").classList.remove("editing");
  article.forget();
}

function create() {
  const span = article.selected();
  if (!span) {
    notice("Select words in the text first; n makes a claim of them.");
    return;
  }
  edit({
    isNew: true, claim: "", key: "", start: span[0], end: span[1], label: "", cue: "", hedge: "", claimants: [],
    mode: "communication", certainty: "certain", polarity: "positive", temporality: "present", proposition: { iri: "", parts: [], stands: [] },
  });
}

// --- keys and clicks

const KEYS = {
  a: () => decide("accept"), e: () => edit(), r: () => decide("reject"), u: undo, n: create,
  m: () => join(0), M: () => join(1),
  j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1),
  o: reorder, "?": () => by("keys").showModal(),
};

function reorder() {
  sure = !sure;
  stored("parley-review-order", sure ? "sure" : "text");
  draw();
}

document.addEventListener("keydown", (event) => {
  if (!state || by("keys").open || event.ctrlKey || event.metaKey || event.altKey) return;
  if (form || event.target.closest("input, textarea, select")) return;
  const act = KEYS[event.key];
  if (!act || (!single && event.key.length === 1 && event.key !== "?")) return;
  event.preventDefault();
  act();
});

by("article").addEventListener("mouseup", (event) => {
  if (form) form.take();
  else if (getSelection().isCollapsed) {
    const name = article.claimAt(event, current);
    if (name) go(name);
  }
});
by("undo").addEventListener("click", undo);
by("help").addEventListener("click", KEYS["?"]);
by("order").addEventListener("click", reorder);
by("keys-close").addEventListener("click", () => by("keys").close());
by("notice").querySelector("button").addEventListener("click", () => notice(""));
by("single").checked = single;
by("single").addEventListener("change", () => {
  single = by("single").checked;
  stored("parley-review-keys", single ? "on" : "off");
});

// Somebody may have edited the file while this page was not looked at.
addEventListener("focus", async () => {
  if (!state || form || unsaved.length) return;
  const now = await doors.readState().catch(() => null);
  if (!now || form || unsaved.length || now.revision === state.revision) return;
  update(now);
  draw();
  notice("claims.ttl was changed by other means; this is how it is now.");
});

addEventListener("beforeunload", (event) => unsaved.length && event.preventDefault());

try {
  await doors.enter();
  source = await doors.readDocument();
  article.load(source.text);
  update(await doors.readState());
  by("title").textContent = source.title;
  document.title = `Review of ${source.title} – Parley`;
  current = ordered().find(isWaiting)?.claim ?? current;
  draw();
  article.reveal();
  by("desk").focus({ preventScroll: true });
} catch (refusal) {
  notice(refusal.message, true);
  by("tally").textContent = "";
}
