// Before the page is drawn: the theme that the reader chose last time, so that nothing flashes.
(() => {
  try {
    const theme = localStorage.getItem("parley-theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is closed to us: the system's theme holds.
  }
})();
