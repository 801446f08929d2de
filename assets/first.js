// The first view stands in the first page (dashboard/view/first.py): Dash asks for it once and is answered from there, without another way to the server.
(() => {
  "use strict";

  // Dash names the script of the charts itself; the slim one stands in the head, and the browser is fetching it already.
  const charts = document.querySelector("link[data-plotly]");
  if (charts) Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => charts.href, set: () => {} });

  const held = (name) => document.querySelector(`script[data-answers="${CSS.escape(name)}"]`);

  const nameOf = (address, options) => {
    if (!address.pathname.endsWith("/_dash-update-component")) return address.pathname.split("/").pop();
    const asked = JSON.parse(options.body);
    const of = (property) => asked.inputs.find((input) => input.id === "url" && input.property === property)?.value;
    const elsewhere = (of("pathname") ?? location.pathname) + (of("search") ?? "") !== location.pathname + location.search;
    return elsewhere || asked.changedPropIds.some((changed) => !changed.startsWith("url.")) ? "" : asked.output;
  };

  const complete = new Promise((done) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", done, { once: true });
    else done();
  });

  const ask = window.fetch;
  window.fetch = async function (resource, options) {
    const address = new URL(resource?.url ?? resource, location.href);
    const name = address.origin === location.origin && /\/_dash-[a-z-]+$/.test(address.pathname) ? nameOf(address, options) : "";
    if (name && !held(name)) await complete; // the page is still coming: it may be on its way
    const answer = name ? held(name) : null;
    if (!answer) return ask.apply(this, arguments);
    if (!answer.nextSibling) await complete; // its end has not come yet
    answer.remove(); // each answer once: what is asked again has changed
    return new Response(answer.textContent, { headers: { "Content-Type": "application/json" } });
  };
})();
