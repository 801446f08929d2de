// Around the figures: link to this state, kept views, keys, what is read out, the wall screen (?tv=1). Words: dashboard/view/tools.py.
(() => {
  "use strict";

  const VIEWS = "goc-nhin";
  const TV_SECONDS = 20;
  const one = (selector, owner = document) => owner.querySelector(selector);
  const all = (selector, owner = document) => [...owner.querySelectorAll(selector)];
  const say = (words) => {
    const place = one("#announcer");
    if (place && words) place.textContent = words;
  };
  const here = () => window.location.pathname + window.location.search;

  // dcc.Location takes over from the address bar on popstate (see figure.js).
  const go = (address) => {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    window.scrollTo(0, 0);
  };

  // --- a link to this state ------------------------------------------------------------------------------------------------------

  const copied = async (words) => {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(words).then(() => true, () => false);
    const field = Object.assign(document.createElement("textarea"), { value: words }); // plain http inside an office network
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };

  const copyLink = async () => {
    const button = one("[data-copy-link]");
    if (!button) return;
    const done = await copied(window.location.href);
    const words = button.dataset.words ?? button.textContent;
    button.dataset.words = words;
    button.textContent = done ? button.dataset.done : button.dataset.failed;
    say(button.textContent);
    setTimeout(() => { button.textContent = words; }, 2500);
  };

  // --- kept views ----------------------------------------------------------------------------------------------------------------

  const views = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(VIEWS) ?? "[]");
      return Array.isArray(kept) ? kept.filter((view) => typeof view?.name === "string" && /^\/(?!\/)/.test(view?.address ?? "")) : [];
    } catch {
      return [];
    }
  };
  const keep = (list) => {
    try {
      localStorage.setItem(VIEWS, JSON.stringify(list));
    } catch {
      // a browser that keeps nothing
    }
    showViews();
  };

  const button = (words, label, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "action", textContent: words });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };

  const showViews = () => {
    const list = one("[data-views]");
    if (!list) return;
    const { rename, delete: remove, ask, deleted } = list.dataset;
    list.replaceChildren(...views().map((view, number) => {
      const link = Object.assign(document.createElement("a"), { href: view.address, textContent: view.name });
      link.dataset.internal = "";
      const row = document.createElement("li");
      row.append(
        link,
        button(rename, `${rename}: ${view.name}`, () => {
          const name = window.prompt(ask, view.name)?.trim();
          if (name) keep(views().map((other, at) => (at === number ? { ...other, name: name.slice(0, 60) } : other)));
        }),
        button(remove, `${remove}: ${view.name}`, () => {
          keep(views().filter((_, at) => at !== number));
          say(deleted);
          one("#views > summary")?.focus();
        }),
      );
      return row;
    }));
    one("[data-views-none]").hidden = views().length > 0;
  };

  const saveView = () => {
    const field = one("#ten-goc-nhin");
    const list = one("[data-views]");
    const name = field.value.trim() || one(".page__title")?.textContent || list.dataset.untitled;
    keep([...views().filter((view) => view.name !== name), { name: name.slice(0, 60), address: here() }]);
    say(`${list.dataset.saved}: ${name}`);
  };

  // --- keys ----------------------------------------------------------------------------------------------------------------------

  const keys = () => one("#phim-tat");
  const typing = (target) => target instanceof Element && (target.closest("input, textarea, select, [contenteditable], [role='combobox'], [role='listbox'], .dash-dropdown-content") !== null);
  const press = (selector) => {
    const found = one(selector);
    found?.focus();
    found?.click();
  };
  const ACTS = {
    "/": () => one("input[type='search'].filters__control, .data-table__tools input")?.focus(),
    k: () => press("#f-ky"),
    s: () => press("#f-ss"),
    p: () => press("#f-dv"),
    x: () => one(".chips__clear")?.click(),
    c: copyLink,
    l: () => press("#views > summary"),
    t: () => {
      window.appearance.next();
      say(one("[data-theme-choice][aria-pressed='true']")?.title);
    },
    "?": () => keys()?.showModal(),
  };

  // Whoever speaks to the machine or rests a hand on the keys can switch single keys off (WCAG 2.1.4); “?” still opens the list.
  const OFF = "phim-tat-tat";
  const isOff = () => {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return false;
    }
  };
  const showOff = () => {
    const button = one("[data-keys-off]");
    if (!button) return;
    button.dataset.off ??= button.textContent;
    button.textContent = isOff() ? button.dataset.on : button.dataset.off;
  };
  const toggleOff = () => {
    try {
      if (isOff()) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      // a browser that keeps nothing
    }
    showOff();
  };

  let first = -Infinity; // when “g” was pressed
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || typing(event.target)) return;
    if (event.key === "Escape") all("details.views[open], details.filters__more[open]").forEach((panel) => { panel.open = false; });
    if (keys()?.open || (isOff() && event.key !== "?")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const asked = event.timeStamp - first < 1500 ? one(`[data-go="${CSS.escape(key)}"]`) : null;
    first = key === "g" ? event.timeStamp : -Infinity;
    const act = asked ? () => all(".tabs__link").find((link) => new URL(link.href).pathname === asked.dataset.path)?.click() : ACTS[key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target?.id !== "ten-goc-nhin") return;
    event.preventDefault();
    saveView();
  });

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    if (target.closest("[data-copy-link]")) copyLink();
    if (target.closest("[data-view-save]")) saveView();
    if (target.closest("[data-keys-open]")) keys()?.showModal();
    if (target.closest("[data-keys-off]")) toggleOff();
    if (target.closest("[data-keys-close]") || target === keys()) keys()?.close();
    all("details.views[open]").forEach((panel) => { if (!panel.contains(target)) panel.open = false; });
  });

  // --- what is read out, and what stands on paper ----------------------------------------------------------------------------------

  let told = "";
  let loading = false;
  const tell = () => {
    const page = one("#page");
    const place = one("#announcer");
    if (!page || !place) return;
    const busy = page.closest("[data-dash-is-loading='true']") !== null;
    document.documentElement.classList.toggle("is-asking", busy);
    const state = one(".page__lead", page)?.textContent ?? "";
    const words = `${one(".page__title", page)?.textContent ?? ""}. ${state}`;
    if (busy && !loading) place.textContent = place.dataset.loading;
    else if (!busy && (loading || words !== told) && state) place.textContent = `${place.dataset.loaded}: ${words}`;
    loading = busy;
    told = words;
    const paper = one("[data-state]");
    const onPaper = `${one(".page__title", page)?.textContent ?? ""} · ${state}`;
    if (paper && state && paper.textContent !== onPaper) paper.textContent = onPaper;
  };

  // --- a screen on the wall --------------------------------------------------------------------------------------------------------

  const MOST_CARDS = 3; // of a page; the most important stand first
  let shown = 0;
  let moved = 0;
  const cards = () => all("#page .chart-card").filter((card) => card.querySelector(".kpis, .chart-card__chart")).slice(0, MOST_CARDS);
  const isTv = () => new URLSearchParams(window.location.search).get("tv") === "1";
  const tvAddress = (link) => {
    const address = new URL(link.href);
    address.searchParams.set("tv", "1");
    return address.pathname + address.search;
  };
  // A chart taller than what is left of the screen is drawn smaller, a card that is still too tall shrinks: nothing is cut.
  const over = () => document.documentElement.scrollHeight - window.innerHeight;
  const fitCard = (card) => {
    card.style.zoom = "";
    all(".chart-card__drawing", card).forEach((drawing) => {
      drawing.style.removeProperty("--k");
      const height = parseFloat(drawing.style.getPropertyValue("--h"));
      const most = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--k"));
      if (over() > 0) drawing.style.setProperty("--k", Math.max(0.8, most - over() / height).toFixed(3));
    });
    if (over() > 0) card.style.zoom = ((card.offsetHeight - over() - 4) / card.offsetHeight).toFixed(3);
  };
  const showCard = () => {
    cards().forEach((card, number) => {
      const isShown = number === shown;
      card.classList.toggle("is-shown", isShown);
      if (isShown) fitCard(card);
    });
    window.dispatchEvent(new Event("resize")); // charts that were hidden take their size
  };
  const roundAgain = async (address) => {
    try {
      if ((await fetch(address, { method: "HEAD" })).ok) return window.location.assign(address); // once a round everything anew, the program too
    } catch {
      // the server is away: go on with what is there
    }
    return go(address);
  };
  const turn = () => {
    moved = Date.now();
    shown += 1;
    if (shown < cards().length) return showCard();
    shown = 0;
    const links = all(".tabs__link").filter((link) => !/trinh-bay|cach-tinh/.test(link.href));
    const at = links.findIndex((link) => new URL(link.href).pathname === window.location.pathname);
    const next = links[(at + 1) % links.length];
    if (!next) return;
    if (at + 1 >= links.length) roundAgain(tvAddress(next));
    else go(tvAddress(next));
  };
  const leaveTv = () => {
    const address = new URL(window.location.href);
    address.searchParams.delete("tv");
    window.location.assign(address.pathname + address.search);
  };
  const startTv = () => {
    if (!isTv()) return;
    document.documentElement.classList.add("is-tv");
    moved = Date.now();
    shown = 0;
    setInterval(() => { if (Date.now() - moved >= TV_SECONDS * 1000) turn(); }, 500);
    document.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") turn();
      if (event.key === "Escape") leaveTv();
    });
  };

  // --- whatever Dash puts into the page --------------------------------------------------------------------------------------------

  let queued = false;
  const look = () => {
    queued = false;
    if (one("[data-views]") && !one("[data-views]").dataset.shown) {
      one("[data-views]").dataset.shown = "yes";
      showViews();
      showOff();
      window.appearance.show();
    }
    tell();
    if (document.documentElement.classList.contains("is-tv") && !one("#page .chart-card.is-shown")) showCard();
  };
  new MutationObserver(() => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(look);
  }).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-dash-is-loading"] });
  window.addEventListener("storage", (event) => { if (event.key === VIEWS) showViews(); });
  startTv();
})();
