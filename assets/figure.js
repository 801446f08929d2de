// What a chart needs in the browser: links on marks, the narrow layout, pictures that stand alone. See docs/components.md.
(() => {
  "use strict";

  const NARROW_PX = 560; // dashboard/theme.py: NARROW_PX
  const attached = new WeakSet();
  const narrowed = new WeakMap(); // layout object → the changes that lead back to the wide layout

  if (!document.documentElement.lang) document.documentElement.lang = "vi";

  // --- links ---------------------------------------------------------------------------------------------------------------------

  const linkOf = (event) => {
    const link = event?.points?.map((point) => point.customdata).find((value) => typeof value === "string");
    return link && /^[?/](?!\/)/.test(link) ? link : null; // only addresses inside this application
  };

  // dcc.Location takes over from the address bar on popstate, all its properties at once. dash_clientside.set_props would depend on its id
  // and on its `refresh`, which by default reloads the page and loses the path.
  const follow = (link) => {
    const target = new URL(link, window.location.href);
    const elsewhere = target.pathname !== window.location.pathname;
    window.history.pushState({}, "", target.pathname + target.search);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    if (elsewhere) window.scrollTo(0, 0);
  };

  document.addEventListener("click", (event) => {
    const anchor = event.target instanceof Element ? event.target.closest("a[data-internal]") : null;
    if (!anchor || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    follow(anchor.getAttribute("href"));
  });

  // --- tables --------------------------------------------------------------------------------------------------------------------

  const filled = new WeakMap(); // element → the mark-up it shows
  const fillAll = () => document.querySelectorAll("[data-html]").forEach((element) => {
    if (filled.get(element) === element.dataset.html) return;
    filled.set(element, element.dataset.html);
    element.innerHTML = element.dataset.html; // made and escaped by dashboard/view/table.py
  });

  const WORDS = {
    vi: {
      clear: "Bỏ chọn",
      clearAll: "Bỏ chọn tất cả các dòng",
      chooseAll: "Chọn tất cả",
      chooseShown: "Chọn tất cả các dòng đang hiện",
      chosen: (some, all) => `Đã chọn ${some} trong ${all} dòng: tệp tải về chỉ có các dòng này.`,
      noneChosen: "Chưa chọn dòng nào: tệp tải về có tất cả các dòng.",
    },
    en: {
      clear: "Clear the choice",
      clearAll: "Clear the choice of all rows",
      chooseAll: "Choose all",
      chooseShown: "Choose all rows shown",
      chosen: (some, all) => `${some} of ${all} rows chosen: the file holds these rows only.`,
      noneChosen: "No row chosen: the file holds all rows.",
    },
  }[document.documentElement.lang === "en" ? "en" : "vi"];

  // --- chosen rows ---------------------------------------------------------------------------------------------------------------

  const chosen = new Map(); // address of a card's files, which says the filters → the codes of the rows that were chosen under it

  const chosenIn = (card) => {
    const key = card.querySelector("a[data-file]")?.dataset.file ?? card.id;
    if (!chosen.has(key)) chosen.set(key, new Set());
    return chosen.get(key);
  };
  const boxesIn = (card) => [...card.querySelectorAll("input[data-choose]")];
  const say = (element, words) => {
    if (element && element.textContent !== words) element.textContent = words;
  };

  const showChosen = (card) => {
    const codes = chosenIn(card);
    const boxes = boxesIn(card);
    boxes.forEach((box) => { box.checked = codes.has(box.dataset.choose); });
    const checked = boxes.filter((box) => box.checked).length;
    const whole = boxes.length > 0 && checked === boxes.length;
    const head = card.querySelector("input[data-choose-all]");
    Object.assign(head, { checked: whole, indeterminate: checked > 0 && !whole, disabled: boxes.length === 0 });
    head.setAttribute("aria-label", whole ? WORDS.clearAll : WORDS.chooseShown);
    say(card.querySelector("[data-choose-toggle]"), codes.size ? WORDS.clear : WORDS.chooseAll);
    const status = card.querySelector("[data-chosen]");
    say(status, codes.size ? WORDS.chosen(codes.size, status?.dataset.chosen) : WORDS.noneChosen);
    const asked = codes.size ? `chon=${[...codes].sort().map(encodeURIComponent).join(",")}` : "";
    card.querySelectorAll("a[data-file]").forEach((link) => {
      const plain = link.dataset.file;
      const address = asked ? `${plain}${plain.includes("?") ? "&" : "?"}${asked}` : plain;
      if (link.getAttribute("href") !== address) link.setAttribute("href", address);
    });
  };
  const showAllChosen = () => document.querySelectorAll("input[data-choose-all]").forEach((head) => showChosen(head.closest(".chart-card")));

  const chooseShown = (card, wanted) => {
    const codes = chosenIn(card);
    if (wanted) boxesIn(card).forEach((box) => codes.add(box.dataset.choose));
    else codes.clear();
    showChosen(card);
  };

  document.addEventListener("change", (event) => {
    const box = event.target instanceof Element ? event.target.closest("input[data-choose], input[data-choose-all]") : null;
    if (!box) return;
    const card = box.closest(".chart-card");
    if (box.matches("[data-choose-all]")) return chooseShown(card, box.checked);
    chosenIn(card)[box.checked ? "add" : "delete"](box.dataset.choose);
    showChosen(card);
  });

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-choose-toggle]") : null;
    if (!button) return;
    const card = button.closest(".chart-card");
    chooseShown(card, chosenIn(card).size === 0);
  });

  // --- narrow screens ------------------------------------------------------------------------------------------------------------

  const get = (layout, path) => path.split(".").reduce((value, key) => value?.[key], layout);

  const put = (layout, path, value) => {
    const keys = path.split(".");
    const last = keys.pop();
    const owner = keys.reduce((part, key) => (part[key] ??= {}), layout);
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  };

  // The layout is changed in place and redrawn: Plotly.relayout would tell dcc.Graph, which then takes the narrow layout for the figure.
  const fit = (graph) => {
    const layout = graph.layout;
    const changes = layout?.meta?.narrow;
    if (!changes || !graph.clientWidth) return;
    const back = narrowed.get(layout);
    const narrow = graph.clientWidth < NARROW_PX;
    if (narrow === Boolean(back)) return;
    const box = graph.closest(".dash-graph") ?? graph.parentElement;
    if (narrow) {
      const wide = Object.keys(changes).map((path) => [path, get(layout, path)]);
      narrowed.set(layout, { ...Object.fromEntries(wide), height: layout.meta.height }); // dcc.Graph and a resize delete layout.height
    } else narrowed.delete(layout);
    const next = structuredClone(narrow ? changes : back);
    Object.entries(next).forEach(([path, value]) => put(layout, path, value));
    if (next.height) box.style.height = `${next.height}px`;
    delete layout.width; // so that the chart goes on following its box
    window.Plotly.redraw(graph);
  };

  // A change of theme or paper: the same chart in other colours, the way back to the wide layout too.
  document.addEventListener("appearance", ({ detail: { map } }) => document.querySelectorAll(".js-plotly-plot").forEach((graph) => {
    if (!graph.layout) return;
    const figure = map({ data: graph.data, layout: graph.layout, back: narrowed.get(graph.layout) });
    if (figure.back) narrowed.set(figure.layout, figure.back);
    window.Plotly.undressed(graph, figure.data, figure.layout);
  }));

  // The drawing scales with its box on paper, where no script can draw it anew.
  const scalable = (graph) => {
    const { width, height } = graph._fullLayout ?? {};
    if (!width || !height) return;
    graph.style.setProperty("--drawn-w", `${width}px`);
    graph.style.setProperty("--drawn", `${width} / ${height}`);
    graph.querySelectorAll(".main-svg").forEach((sheet) => sheet.setAttribute("viewBox", `0 0 ${width} ${height}`));
  };

  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

  const attach = (graph) => {
    if (attached.has(graph) || typeof graph.on !== "function") return;
    attached.add(graph);
    graph.on("plotly_click", (event) => {
      const link = linkOf(event);
      if (link) follow(link);
    });
    graph.on("plotly_hover", (event) => graph.classList.toggle("is-linked", linkOf(event) !== null));
    graph.on("plotly_unhover", () => graph.classList.remove("is-linked"));
    graph.on("plotly_afterplot", () => {
      fit(graph);
      scalable(graph);
    });
    scalable(graph);
    sizes.observe(graph);
    fit(graph);
  };

  // Dash's dropdown has an input that is hidden from screen readers and yet stops the Tab key; the button beside it is the control.
  const unfocus = () => document.querySelectorAll(".dash-dropdown-focus-target[tabindex='0']").forEach((input) => { input.tabIndex = -1; });

  let queued = false; // plotly.js changes the page hundreds of times per chart: look once per frame
  const attachAll = () => {
    queued = false;
    fillAll();
    unfocus();
    showAllChosen();
    document.querySelectorAll(".js-plotly-plot").forEach(attach);
  };
  const queue = () => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(attachAll);
  };
  new MutationObserver(queue).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["class", "data-html", "data-file"] });

  // --- pictures ------------------------------------------------------------------------------------------------------------------

  const SVG = "http://www.w3.org/2000/svg";
  const PAD = 24;

  const font = () => getComputedStyle(document.body).fontFamily;
  const color = (name) => window.appearance.light(getComputedStyle(document.documentElement).getPropertyValue(name).trim()); // pictures are on white

  const broken = (words, size, weight, width) => {
    const context = document.createElement("canvas").getContext("2d");
    context.font = `${weight} ${size}px ${font()}`;
    return words.split(/\s+/).filter(Boolean).reduce((lines, word) => {
      const joined = lines.length ? `${lines.at(-1)} ${word}` : word;
      return lines.length && context.measureText(joined).width <= width ? [...lines.slice(0, -1), joined] : [...lines, word];
    }, []);
  };

  const block = (owner, selector, style, width) => text(owner?.querySelector(selector)?.textContent?.trim() ?? "", style, width);

  const text = (words, { size, weight = 400, fill, after = 0 }, width) => {
    const lines = broken(words, size, weight, width);
    return { lines, size, weight, fill, leading: Math.round(size * 1.35), height: lines.length ? lines.length * Math.round(size * 1.35) + after : 0 };
  };

  const write = (sheet, text, top) => text.lines.forEach((line, number) => {
    const element = document.createElementNS(SVG, "text");
    const place = { x: PAD, y: top + text.leading * number + text.size, "font-family": font(), "font-size": text.size, "font-weight": text.weight, fill: text.fill };
    Object.entries(place).forEach(([key, value]) => element.setAttribute(key, String(value)));
    element.textContent = line;
    sheet.append(element);
  });

  const stack = (sheet, texts, from) => texts.reduce((top, text) => {
    write(sheet, text, top);
    return top + text.height;
  }, from);

  const chartSvg = async (graph, width, height) => {
    const { data, layout } = window.appearance.toLight({ data: graph.data, layout: graph.layout });
    const address = await window.Plotly.toImage({ data, layout, config: graph._context }, { format: "svg", width, height });
    const source = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    return new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  };

  // What was asked, when, and the code that opens the same state again; without the server the picture comes without them.
  const stampOf = async (address) => {
    try {
      const body = JSON.stringify({ the: address, loc: window.location.search });
      const response = await fetch("/ma", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      return (await response.json()).dong ?? [];
    } catch {
      return [];
    }
  };

  // The picture carries the card's own title, subtitle, source line and stamp, and the demo banner, so that it can be understood away from the page.
  const picture = async (graph, stamp) => {
    const card = graph.closest(".chart-card");
    const width = Math.max(graph.clientWidth, 320);
    const height = graph.clientHeight;
    const above = [
      block(card, ".chart-card__title", { size: 20, weight: 700, fill: color("--ink"), after: 4 }, width),
      block(card, ".chart-card__subtitle", { size: 14, fill: color("--ink-soft"), after: 16 }, width),
    ];
    const below = [
      block(card, ".chart-card__note", { size: 12, fill: color("--ink-soft") }, width),
      ...stamp.map((line) => text(line, { size: 11, fill: color("--ink-soft") }, width)),
      block(document, ".demo-banner", { size: 12, weight: 700, fill: color("--ink") }, width),
    ];
    const chartTop = PAD + above.reduce((sum, text) => sum + text.height, 0);
    const full = { width: width + 2 * PAD, height: chartTop + height + 12 + below.reduce((sum, text) => sum + text.height, 0) + PAD };
    const sheet = document.createElementNS(SVG, "svg");
    Object.entries({ ...full, viewBox: `0 0 ${full.width} ${full.height}` }).forEach(([key, value]) => sheet.setAttribute(key, String(value)));
    const ground = document.createElementNS(SVG, "rect");
    Object.entries({ width: "100%", height: "100%", fill: "#ffffff" }).forEach(([key, value]) => ground.setAttribute(key, value));
    sheet.append(ground);
    stack(sheet, above, PAD);
    const chart = await chartSvg(graph, width, height);
    chart.setAttribute("x", String(PAD));
    chart.setAttribute("y", String(chartTop));
    sheet.append(chart);
    stack(sheet, below, chartTop + height + 12);
    return { blob: new Blob([new XMLSerializer().serializeToString(sheet)], { type: "image/svg+xml" }), ...full };
  };

  const drawn = async ({ blob, width, height }, scale) => {
    const address = URL.createObjectURL(blob);
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: width * scale, height: height * scale });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  const download = (blob, name) => {
    const address = URL.createObjectURL(blob);
    const anchor = Object.assign(document.createElement("a"), { href: address, download: name });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };

  const save = async (button) => {
    const { save: kind, graph: id, name, card } = button.dataset;
    const holder = document.getElementById(id);
    const graph = holder?.classList.contains("js-plotly-plot") ? holder : holder?.querySelector(".js-plotly-plot");
    if (!graph) return;
    button.setAttribute("aria-busy", "true");
    try {
      const sheet = await picture(graph, await stampOf(card));
      download(kind === "svg" ? sheet.blob : await drawn(sheet, 2), `${name || id}.${kind}`);
    } finally {
      button.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-save="png"], [data-save="svg"]') : null;
    if (button) save(button);
  });

  attachAll();
})();
