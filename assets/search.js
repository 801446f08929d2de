// The search box of a table (dashboard/view/table.py): what is typed goes into the address, and the page follows the address. See docs/components.md.
(() => {
  "use strict";

  const WAIT_MS = 400;
  const FIELD = "[data-searched]";
  let timer = 0;
  let active = null; // the box in which somebody types
  let written = false; // one step back for all that is typed without leaving the box

  const search = (words, path) => {
    const target = new URL(location.href);
    if (target.pathname !== path) return; // the reader has gone on meanwhile
    target.searchParams.delete("trang");
    target.searchParams.delete("tim");
    if (words) target.searchParams.set("tim", words);
    if (target.search === location.search) return;
    history[written ? "replaceState" : "pushState"]({}, "", target.pathname + target.search);
    written = true;
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
  };
  const soon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(search, wait, active.value.trim(), location.pathname);
  };

  const boxOf = (event) => (event.target instanceof Element && event.target.closest(FIELD) ? event.target : null);
  document.addEventListener("input", (event) => {
    active = boxOf(event) ?? active;
    if (boxOf(event)) soon(WAIT_MS);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Enter" && boxOf(event)) soon(0); });
  document.addEventListener("focusin", (event) => {
    if (boxOf(event) && event.target !== active) written = false;
    active = boxOf(event);
  });
  document.addEventListener("focusout", () => queueMicrotask(() => {
    if (active?.isConnected && active !== document.activeElement) active = null; // left; not taken away under the reader's hands
  }));

  addEventListener("popstate", (event) => {
    if (!event.isTrusted) return; // our own
    clearTimeout(timer); // the reader goes back: to what was searched there
    active = null;
  });

  const made = (field) => {
    const label = Object.assign(document.createElement("label"), { className: "filters__label" });
    const box = Object.assign(document.createElement("input"), { type: "search", className: "filters__control", maxLength: Number(field.dataset.longest) });
    box.placeholder = field.dataset.example;
    box.value = field.dataset.searched;
    label.append(field.dataset.label, box);
    field.replaceChildren(label);
    return box;
  };

  // Dash puts the whole page in place anew: the new box takes over what is being typed, before the next key comes.
  const show = () => document.querySelectorAll(FIELD).forEach((field) => {
    const box = field.querySelector("input") ?? made(field);
    if (active && !active.isConnected) {
      const { value, selectionStart, selectionEnd } = active;
      active = box;
      box.value = value;
      box.focus({ preventScroll: true });
      box.setSelectionRange(selectionStart, selectionEnd);
    } else if (box !== active && box.value !== field.dataset.searched) box.value = field.dataset.searched;
  });
  new MutationObserver(show).observe(document.documentElement, { childList: true, subtree: true, attributeFilter: ["data-searched"] });
})();
