// What every page has: the theme switch, the key "/" for the search, search as you type, copying.

const root = document.documentElement;
const button = document.getElementById("theme");

function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showTheme() {
  button.textContent = isDark() ? "☀" : "☾";
  button.setAttribute("aria-label", isDark() ? "Switch to light" : "Switch to dark");
}

if (button) {
  button.hidden = false;
  showTheme();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("parley-theme", root.dataset.theme);
    } catch {
      // Without storage the choice holds for this page.
    }
    showTheme();
  });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.getElementById("words") ?? document.getElementById("search");
  event.preventDefault();
  field?.focus();
  field?.select();
});

// The same address answers as you type; only the part that changes is fetched.
export async function fetchPart(address, signal) {
  const response = await fetch(address, { headers: { "X-Parley-Fragment": "1", Accept: "text/html" }, signal });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.text();
}

const words = document.querySelector("input[data-results]");
if (words) {
  const results = document.getElementById(words.dataset.results);
  let timer = 0;
  let running = null;
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      const address = `/search?${new URLSearchParams({ q: words.value })}`;
      try {
        results.innerHTML = await fetchPart(address, running.signal);
        history.replaceState(null, "", address);
      } catch (error) {
        if (error.name !== "AbortError") words.form.submit();
      }
    }, 180);
  });
}

for (const element of document.querySelectorAll(".cite")) {
  if (!navigator.clipboard) break;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "Copy";
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.textContent.trim());
    copy.textContent = "Copied";
  });
  element.after(copy);
}
