// Light and dark: the choice that the browser keeps, set before anything is painted, and the colours of the charts. See docs/components.md.
(() => {
  "use strict";

  if (window.appearance) return; // the head of the page loads this file, Dash once more with the other scripts

  const KEY = "giao-dien";
  // dashboard/theme.py: DARK_OF. One to one, no colour on both sides: mapping twice changes nothing, and the way back is known.
  const DARK = {
    "#17242b": "#e9eeec", "#54636c": "#a3b0b3", "#dcdfdd": "#33424a", "#eceeed": "#2a373e", "#8a9598": "#70818a", "#f6f5f1": "#10191d",
    "#ffffff": "#182429", "#fafaf8": "#1c2a30", "#0a6a66": "#5fc0b6", "#084b48": "#9adcd4", "#e3efed": "#1f3a3b", "#2b6ea6": "#7db7e8",
    "#bf3a22": "#ef7d66", "#eff0ef": "#243138", "#cb8114": "#d9902f", "#7487b3": "#6f83b8", "#d3d8de": "#4a5962", "#8a969b": "#7a8a93",
    "#7b4f8f": "#c3a0d4", "#83c0b8": "#9ad6cd", "#d5805f": "#f3c0ae", "#e2a12f": "#f0c368", "#7d8793": "#66727f", "#e6e9ec": "#2c3940",
    "#f0f2f5": "#1f2c33", "#fdf3dc": "#3a2f14", "#5f4306": "#f2dca4", "#fbe9e5": "#44231c", "#8f2714": "#f7b7a8", "#eaf4f2": "#20343a",
    "#bfdfda": "#24494c", "#86c1b9": "#295c5c", "#4a9d96": "#2f736e", "#1c7a75": "#74b8af", "#0a5552": "#b5e6df", "#3b6ea5": "#84b4e4",
    "#8a6d3b": "#d3b47e", "#17242c": "#18242a", "#fffffe": "#e9eeed", "#737474": "#33424b", "#747474": "#2a373f", "#6a7375": "#70818b",
    "#70706e": "#10191e", "#757575": "#18242b", "#737372": "#1c2a31", "#6f7574": "#1f3a3c", "#9c630e": "#d99030", "#66769d": "#6f83b9",
    "#6d7074": "#a3b0b4", "#6a7477": "#7a8a94", "#527a74": "#9ad6ce", "#a56249": "#f3c0af", "#9a6d1e": "#f0c369", "#6d7681": "#667280",
    "#707274": "#a3b0b5", "#757778": "#1f2c34", "#746f65": "#3a2f15", "#7b7270": "#44231d",
  };
  const LIGHT = Object.fromEntries(Object.entries(DARK).map(([light, dark]) => [dark, light]));

  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  const kept = () => {
    try {
      return localStorage.getItem(KEY) ?? "system";
    } catch {
      return "system"; // a browser that keeps nothing
    }
  };
  let choice = kept();
  let onPaper = false;
  const isDark = () => choice === "dark" || (choice !== "light" && system.matches);

  const colored = (figure, table) => JSON.parse(JSON.stringify(figure).replace(/#[0-9a-f]{6}\b/g, (color) => table[color] ?? color));
  const toLight = (figure) => colored(figure, LIGHT);
  const dressed = (figure) => (isDark() && !onPaper ? colored(figure, DARK) : figure);
  const light = (color) => LIGHT[color] ?? color;

  const show = () => {
    root.dataset.theme = isDark() ? "dark" : "light";
    document.querySelectorAll("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice)));
  };
  const repaint = () => document.dispatchEvent(new CustomEvent("appearance", { detail: { map: isDark() && !onPaper ? dressed : toLight } }));

  const choose = (wanted) => {
    choice = wanted;
    try {
      localStorage.setItem(KEY, choice);
    } catch {
      // kept until the page is left
    }
    show();
    repaint();
  };
  const next = () => choose({ system: "light", light: "dark", dark: "system" }[choice] ?? "system");

  // dcc.Graph draws by Plotly.react: what it hands over is coloured on the way, so that no chart is ever painted in the other theme.
  let plotly = window.Plotly;
  const wrapped = (library) => {
    if (!library || library.undressed) return library;
    const react = library.react;
    library.undressed = react;
    library.react = (graph, ...given) => {
      if (given.length === 1 && !Array.isArray(given[0])) return react(graph, dressed(given[0]));
      const { data, layout } = dressed({ data: given[0], layout: given[1] });
      return react(graph, data, layout, ...given.slice(2));
    };
    return library;
  };
  Object.defineProperty(window, "Plotly", { configurable: true, get: () => plotly, set: (library) => { plotly = wrapped(library); } });
  if (plotly) wrapped(plotly);

  system.addEventListener("change", () => {
    show();
    repaint();
  });
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    choice = kept();
    show();
    repaint();
  });
  const turn = (paper) => {
    if (onPaper === paper) return;
    onPaper = paper;
    if (isDark()) repaint();
  };
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-theme-choice]") : null;
    if (button) choose(button.dataset.themeChoice);
  });

  window.appearance = { show, next, light, toLight, choice: () => choice };
  show();
})();
