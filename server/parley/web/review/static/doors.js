// The ways to the server: trade the key of the address, read, decide.

const slug = document.body.dataset.slug;
const base = `/review/${slug}`;

export class Refusal extends Error {
  constructor(status, problem) {
    super([problem.detail ?? problem.title, problem.remedy].filter(Boolean).join(" "));
    this.status = status;
    this.changes = problem.changes ?? [];
  }
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch {
    throw new Refusal(0, { title: "The review has ended: start parley review again." });
  }
  if (response.ok) return response.status === 204 ? null : response.json();
  throw new Refusal(response.status, await response.json().catch(() => ({ title: response.statusText })));
}

function send(path, body) {
  const headers = { "Content-Type": "application/json", "X-Parley-Review": "1" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

// The key stands in the fragment; it is traded once, and does not stay in the address.
export async function enter() {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  await send("/review/key", { token });
}

export const readDocument = () => ask(`${base}/document`);
export const readState = () => ask(`${base}/state`);
export const readThings = () => ask(`${base}/things`);
export const decide = (revision, act, claim, change) => send(`${base}/decisions`, { revision, act, claim, change });
export const undo = (revision) => send(`${base}/undo`, { revision });
