// Files that take a moment: one click starts the making, a bar shows how far it is, the file comes by itself. See docs/components.md.
(() => {
  "use strict";

  const POLL_MS = 200;
  const WORDS = {
    vi: {
      lost: "Không liên lạc được với máy chủ. Kiểm tra mạng rồi bấm lại.",
      progress: "Tiến độ làm tệp",
      begins: "Đang bắt đầu làm tệp",
      done: "Tệp đã xong và đang được tải về.",
    },
    en: {
      lost: "The server cannot be reached. Check the network and click again.",
      progress: "Progress of the file",
      begins: "The file is being started",
      done: "The file is ready and is being downloaded.",
    },
  }[document.documentElement.lang === "en" ? "en" : "vi"];
  const busy = new Set(); // addresses that are being made: a second click does nothing

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  const line = (link) => {
    const foot = link.parentElement;
    const found = foot.querySelector(".making") ?? document.createElement("p");
    found.className = "making";
    found.setAttribute("role", "status");
    foot.append(found);
    return found;
  };

  const show = (place, { done = 0, total = 1, words = "" }) => {
    const bar = place.querySelector("progress") ?? document.createElement("progress");
    const label = place.querySelector("span") ?? document.createElement("span");
    Object.assign(bar, { max: Math.max(total, 1), value: done });
    bar.setAttribute("aria-label", WORDS.progress);
    label.textContent = words;
    place.replaceChildren(bar, label);
  };

  const fail = (place, words) => {
    place.setAttribute("role", "alert");
    place.classList.add("making--failed");
    place.textContent = words;
  };

  const answer = async (address, options) => {
    const response = await fetch(address, options);
    const content = await response.json();
    if (content.loi) throw new Error(content.loi);
    return content;
  };

  const finished = async (job, place) => {
    for (;;) {
      const told = await answer(`/lam-tep/${job}`);
      if (told.buoc === "done") return;
      show(place, { done: told.xong, total: told.tong, words: told.dang });
      await pause(POLL_MS);
    }
  };

  // Of a tile map or a heat map a presentation takes the picture too: office programmes have no such chart.
  const pictureOf = async (link) => {
    const id = link.closest(".chart-card")?.querySelector("[data-picture]")?.dataset.picture;
    const graph = id && /\.pptx(\?|$)/.test(link.getAttribute("href")) ? document.getElementById(id)?.querySelector(".js-plotly-plot") : null;
    if (!graph) return {};
    const { clientWidth: width, clientHeight: height } = graph;
    const { data, layout } = window.appearance.toLight({ data: graph.data, layout: graph.layout });
    return { anh: await window.Plotly.toImage({ data, layout, config: graph._context }, { format: "png", width, height, scale: 2 }) };
  };

  const make = async (link) => {
    const address = link.getAttribute("href");
    if (busy.has(address)) return;
    busy.add(address);
    link.setAttribute("aria-busy", "true");
    const place = line(link);
    show(place, { words: WORDS.begins });
    try {
      const headers = { "Content-Type": "application/json" };
      const { viec } = await answer("/lam-tep", { method: "POST", headers, body: JSON.stringify({ tep: address, ...(await pictureOf(link)) }) });
      await finished(viec, place);
      place.textContent = WORDS.done;
      window.location.assign(`/lam-tep/${viec}/tep`);
      setTimeout(() => place.isConnected && place.remove(), 6000);
    } catch (error) {
      fail(place, error instanceof TypeError || error instanceof SyntaxError ? WORDS.lost : error.message);
    } finally {
      busy.delete(address);
      link.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-make]") : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    make(link);
  });
})();
