// YASGUI over our endpoint: it asks nobody else for prefixes or for names to complete.

const place = document.getElementById("yasgui");
const { Yasgui, Yasqe } = window;
const endpoint = new URL("/sparql", location.href).href;

if (place && Yasgui) {
  for (const name of ["class", "property"]) {
    if (Yasqe?.Autocompleters) delete Yasqe.Autocompleters[name];
  }
  if (Yasqe?.defaults) {
    Yasqe.defaults.autocompleters = ["variables", "prefixes"];
    Yasqe.defaults.prefixCcApi = place.dataset.prefixes;
  }
  new Yasgui(place, {
    requestConfig: { endpoint, method: "GET" },
    copyEndpointOnNewTab: true,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    yasqe: { prefixCcApi: place.dataset.prefixes, autocompleters: ["variables", "prefixes"] },
  });
}
