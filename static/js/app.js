// What pages do beyond forms and links. Everything here improves a page that works without it.
// Behaviour hangs on data attributes; the document is listened to once, so that swapped parts work.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const on = (type, selector, act) =>
    document.addEventListener(type, (e) => {
      const hit = e.target instanceof Element && e.target.closest(selector);
      if (hit) act(hit, e);
    });
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* private window */ } },
  };

  // The live region says once what only the eye would notice.
  const say = (text) => {
    const live = $("#live");
    live.textContent = "";
    setTimeout(() => { live.textContent = text; }, 50);
  };

  // The person's time zone goes along with the first sign-in.
  $$("[data-zone]").forEach((input) => { input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || ""; });

  // Theme: the button chooses light or dark; choosing what the system has anyway follows the system again.
  const root = document.documentElement;
  const showTheme = () => $$("[data-theme-toggle]").forEach((b) => b.setAttribute("aria-pressed", root.classList.contains("dark")));
  on("click", "[data-theme-toggle]", () => {
    const dark = root.classList.toggle("dark");
    store.set("theme", dark === matchMedia("(prefers-color-scheme: dark)").matches ? null : dark ? "dark" : "light");
    showTheme();
  });

  // Copy buttons name the element whose value or text they copy.
  on("click", "[data-copy]", async (button) => {
    const source = document.getElementById(button.dataset.copy);
    const label = $("[data-copy-label]", button);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent);
      label.textContent = "Copied";
      say("Copied");
    } catch {
      source.select ? source.select() : getSelection().selectAllChildren(source);
      label.textContent = "Press Ctrl+C";
      say("Selected. Press Control C to copy.");
    }
    setTimeout(() => { label.textContent = "Copy"; }, 2000);
  });

  // Relative times grow older while the page is open; the sums are those of views.Ago.
  const span = (s) => {
    const m = Math.round(s / 60), h = Math.round(s / 3600), d = Math.round(s / 86400);
    return m < 60 ? `${Math.max(m, 1)} min` : h < 24 ? `${h} h` : d === 1 ? "1 day" : `${d} days`;
  };
  const refreshTimes = () => $$("time[data-ago]").forEach((t) => {
    const s = (Date.now() - Date.parse(t.dateTime)) / 1000;
    if (!(Math.abs(s) < 30 * 86400)) return; // the server has written the date
    const text = Math.abs(s) < 45 ? "just now" : s < 0 ? `in ${span(-s)}` : `${span(s)} ago`;
    if (t.textContent !== text) t.textContent = text;
  });
  setInterval(() => { if (!document.hidden) refreshTimes(); }, 30000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshTimes(); });

  // Forms with data-guard ask before their changes are lost. Sending the form is no loss; with htmx
  // it is sent only when the answer leads away.
  let changed = false;
  on("input", "form[data-guard]", () => { changed = true; });
  on("click", 'form[data-guard] button[name="do"]:not([value="save"])', () => { changed = true; }); // rows come and go
  document.addEventListener("submit", (e) => { if (!e.target.hasAttribute("hx-post")) changed = false; });
  document.addEventListener("htmx:beforeOnLoad", (e) => {
    const from = new URL(e.detail.xhr.responseURL || location.href).pathname; // a form that was taken leads to another page
    if (e.detail.requestConfig.verb === "post" && from !== e.detail.requestConfig.path && !e.detail.isError) changed = false;
    if (["HX-Redirect", "HX-Location", "HX-Refresh"].some((h) => e.detail.xhr.getResponseHeader(h))) changed = false;
  });
  addEventListener("beforeunload", (e) => { if (changed && $("form[data-guard]")) e.preventDefault(); });

  // After a change the form of a rule tells what was done, and which control has the focus.
  const tell = () => {
    const said = $("[data-said]");
    if (said?.dataset.said) say(said.dataset.said);
    if (said) said.dataset.said = "";
    const here = $("#rule-form [autofocus]");
    if (here) {
      here.removeAttribute("autofocus");
      here.focus();
    }
  };

  // Toasts go away by themselves, except failures and while they are pointed at or focused.
  const watchToasts = () => $$("#toasts .toast-card:not([data-watched])").forEach((toast) => {
    toast.dataset.watched = "";
    if (toast.dataset.kind === "failed") return;
    const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 1500) : toast.remove());
    setTimeout(leave, 5000);
  });
  on("click", "[data-dismiss]", (button) => button.closest(".toast-card").remove());

  // Tables that fit need not scroll in their box: then their head can stay in view.
  const fitTables = () => $$(".table-wrap").forEach((wrap) => {
    const fits = wrap.firstElementChild.offsetWidth <= wrap.clientWidth && wrap.scrollHeight <= wrap.clientHeight + 1;
    wrap.toggleAttribute("data-fits", fits);
    wrap.tabIndex = fits ? -1 : 0;
  });
  addEventListener("resize", fitTables);
  document.addEventListener("toggle", fitTables, true); // details, which do not bubble

  // Small windows made of details: Escape, Cancel and a click elsewhere close them.
  const closePopups = (except) => $$("details[data-popup][open]").forEach((d) => { if (d !== except) d.open = false; });
  document.addEventListener("click", (e) => closePopups(e.target.closest?.("details[data-popup]")));
  on("click", "[data-close-popup]", (button) => {
    const popup = button.closest("details");
    popup.open = false;
    $("summary", popup).focus();
  });

  // What somebody folded away stays so on the next pages. Toggle events do not bubble, and come too when the page opens.
  const folded = () => $$("details[data-remember]:not([data-kept])").forEach((d) => {
    d.dataset.kept = "";
    const kept = store.get(`folded-${d.dataset.remember}`);
    if (kept) d.open = kept === "no";
  });
  document.addEventListener("toggle", ({ target: d }) => {
    if (d.dataset.remember && "kept" in d.dataset) store.set(`folded-${d.dataset.remember}`, d.open ? "no" : "yes");
  }, true);

  // The picture of the rules: its size without a new page, kept for the next; and what runs together lights up as one.
  const showZoom = (box, now) => $$("[data-zoom-to]", box.closest(".picture")).forEach((a) =>
    a.dataset.zoomTo === now ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current"));
  const zoom = (to) => $$(".picture-box").forEach((box) => {
    const whole = Number(box.dataset.width);
    box.dataset.zoom = to;
    $("svg", box).setAttribute("width", to === "fit" ? whole : (whole * to) / 100);
    showZoom(box, to);
  });
  on("click", "[data-zoom-to]", (a, e) => {
    e.preventDefault();
    store.set("zoom", a.dataset.zoomTo);
    zoom(a.dataset.zoomTo);
  });
  const keptZoom = () => {
    const to = store.get("zoom");
    if (to && $(`[data-zoom-to="${CSS.escape(to)}"]`) && !new URLSearchParams(location.search).has("zoom")) zoom(to);
    $$('.picture-box[data-zoom="auto"]').forEach((box) =>
      showZoom(box, $("svg", box).getBoundingClientRect().width < Number(box.dataset.width) - 1 ? "fit" : "100"));
  };
  on("click", "[data-print]", () => print());
  const light = (e) => {
    $$(".graph-line[data-lit]").forEach((line) => delete line.dataset.lit);
    const row = e.target instanceof Element && e.target.closest(".graph-row");
    if (!row || e.type.endsWith("out")) return;
    const to = new Set($$(".graph-line", row).map((line) => line.dataset.to));
    $$(".graph > .graph-line", row.closest(".picture")).forEach((line) => { if (to.has(line.dataset.to)) line.dataset.lit = ""; });
  };
  ["pointerover", "pointerout", "focusin", "focusout"].forEach((type) => document.addEventListener(type, light));

  // A response beside its list, where there is room. Its links do the same; without room they lead to its page.
  const roomy = matchMedia("(min-width: 80rem)");
  const panel = () => $("#panel");
  const mark = () => {
    const id = $("#response-panel")?.dataset.response;
    $$(".response-row").forEach((row) => row.setAttribute("aria-selected", row.id === `response-${id}`));
  };
  const openBeside = (a) => htmx.ajax("GET", a.getAttribute("href"), { target: "#panel", swap: "innerHTML" })
    .then(() => {
      const row = document.getElementById(`response-${$("#response-panel")?.dataset.response}`);
      if (row?.dataset.unread !== undefined && $("#response-panel [data-reads]")) { // it was read by opening it
        delete row.dataset.unread;
        $$(".unread-mark, .unread-mark + .sr-only", row).forEach((e) => e.remove());
      }
      mark();
      $("#panel-title")?.focus({ preventScroll: true });
      panel().scrollTop = 0;
    });
  on("click", "a[data-panel]", (a, e) => {
    if (!panel() || !roomy.matches || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.button !== 0) return;
    e.preventDefault();
    openBeside(a);
  });
  const closePanel = () => {
    const row = document.getElementById(`response-${$("#response-panel")?.dataset.response}`);
    panel()?.replaceChildren();
    mark();
    (row && $("a[data-panel]", row) || $("main a[data-panel]"))?.focus();
  };
  on("click", "[data-close-panel]", closePanel);
  // j and k go from row to row; with a response open beside the list they open the next.
  const step = (by) => {
    const links = $$(".response-row a[data-panel]");
    const id = $("#response-panel")?.dataset.response;
    const now = links.findIndex((a) => a === document.activeElement || a.closest("tr").id === `response-${id}`);
    const next = links[now < 0 ? 0 : now + by];
    if (!next) return links.length > 0;
    next.focus();
    if (id) openBeside(next);
    return true;
  };

  // Rows that are selected: how many the button says, and all of a page at once.
  const countRows = () => {
    const words = $("#bulk-words");
    if (!words) return;
    const boxes = $$("#picks input[name=ids]"), n = boxes.filter((b) => b.checked).length;
    words.textContent = n === 0 ? words.dataset.none : n === 1 ? words.dataset.one : words.dataset.many.replace("#", n);
    const all = $("[data-pick-rows]");
    if (all) { all.checked = n > 0 && n === boxes.length; all.indeterminate = n > 0 && n < boxes.length; }
  };
  on("change", "[data-pick-rows]", (box) => {
    $$("#picks input[name=ids]").forEach((b) => { b.checked = box.checked; });
    countRows();
    say(box.checked ? "All on this page are selected" : "Nothing is selected");
  });
  on("change", "#picks input[name=ids]", countRows);

  // Shortcuts: the help lists them, and they are read from there. Never while typing; can be switched off.
  const help = $("#shortcuts");
  const shortcutsOn = () => store.get("shortcuts") !== "off";
  const typing = (el) => el.closest("input, textarea, select, [contenteditable]") !== null;
  let first = ""; // the g of "g r"
  // The list of alerts: j and k go through the rows, a acknowledges the one that has the focus.
  const alertKey = (key) => {
    const rows = $$(".alert-row");
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (key === "a") {
      const button = at < 0 ? null : $("[data-acknowledge]", rows[at]);
      button?.click();
      return Boolean(button);
    }
    const next = rows[at < 0 ? 0 : key === "j" ? at + 1 : at - 1];
    if (next) $("a[id]", next).focus();
    return Boolean(next);
  };
  const shortcut = (keys) => {
    if (keys === "?") { help.showModal(); return true; }
    if (keys === "/") {
      const box = $("main [data-search], main input[type=search]");
      if (box) { box.focus(); box.select(); }
      return Boolean(box);
    }
    if ("jka".includes(keys) && alertKey(keys)) return true;
    if (keys === "j" || keys === "k") return step(keys === "j" ? 1 : -1);
    const entry = $$("[data-href]", help).find((d) => d.dataset.keys === keys);
    if (entry) location.assign(entry.dataset.href);
    return Boolean(entry);
  };
  if (help) {
    const box = $("#shortcuts-on");
    box.checked = shortcutsOn();
    box.addEventListener("change", () => store.set("shortcuts", box.checked ? null : "off"));
    on("click", "[data-shortcuts]", () => help.showModal());
    document.addEventListener("keydown", (e) => {
      if (e.key === "Escape") {
        if ($("#response-panel") && !$("details[data-popup][open]") && !typing(e.target)) closePanel();
        return closePopups();
      }
      if (!shortcutsOn() || e.ctrlKey || e.metaKey || e.altKey || help.open || typing(e.target)) return;
      if (first === "" && e.key === "g") {
        first = "g";
        setTimeout(() => { first = ""; }, 1200);
        return;
      }
      if (shortcut(first ? `${first} ${e.key}` : e.key)) e.preventDefault();
      first = "";
    });
  }

  // htmx: what is being fetched is busy; a lost connection and a failed request are told.
  const connection = (text) => { $("#connection").textContent = text; };
  const lost = () => connection("Offline. Trying again when the connection is back.");
  const back = () => {
    if ($("#connection").textContent === "") return;
    connection("Connected again");
    setTimeout(() => connection(""), 3000);
  };
  addEventListener("offline", lost);
  addEventListener("online", back);
  // Filters that are not set stay out of the address.
  document.addEventListener("htmx:configRequest", (e) => {
    if (e.detail.verb === "get") for (const [name, value] of [...e.detail.formData]) if (value === "") e.detail.formData.delete(name);
  });
  // Lists that keep themselves up to date: not while the tab is hidden, and while they are paused or rows are selected
  // only what came meanwhile is counted.
  const picked = () => $("#picks input:checked, #picks :focus-visible") !== null;
  const paused = () => $("[data-pause][aria-pressed=true]") !== null;
  document.addEventListener("htmx:beforeRequest", (e) => {
    const poll = e.target.dataset.poll;
    if (!poll) return e.detail.target?.setAttribute("aria-busy", "true");
    const still = paused() || picked();
    if (document.hidden || (poll === "rows" && still) || (poll === "count" && !still)) e.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (e) => {
    if (e.target.id === "results" && e.detail.requestConfig.elt.dataset.poll && (paused() || picked())) e.detail.shouldSwap = false;
  });
  on("click", "[data-pause]", (button) => {
    const now = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", now);
    const count = $("#tail-count");
    count.textContent = now ? "Paused" : count.dataset.liveText;
    say(now ? "Paused" : "Running");
  });
  document.addEventListener("htmx:afterRequest", (e) => e.detail.target?.removeAttribute("aria-busy"));
  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:afterOnLoad", back);
  document.addEventListener("htmx:responseError", (e) => {
    const status = e.detail.xhr.status;
    if (status === 401) return location.reload(); // leads to the sign-in page
    connection(status === 403 ? "You may not do that." : `That did not work (${status}). Nothing was changed; try again.`);
    setTimeout(() => connection(""), 8000);
  });

  // What had the focus keeps it when a swap moves it; a rule whose button is gone takes it itself.
  let focused = "";
  document.addEventListener("htmx:beforeSwap", () => { focused = document.activeElement?.id ?? ""; });
  const refocus = () => {
    if (focused && document.activeElement === document.body)
      (document.getElementById(focused) ?? document.getElementById(focused.replace(/^[a-z]+-/, "rule-")))?.focus({ preventScroll: true });
    focused = "";
  };

  // Alerts come by themselves: one tab of this browser listens to the server and tells the others. What a page knows
  // stands in #alerts-known; answers to its own acts bring it up to date.
  const countWords = (n) => (n === 0 ? "No active alerts" : n === 1 ? "1 active alert" : `${n} active alerts`);
  const titled = () => {
    const n = $("#alert-count .nav-count")?.textContent.trim();
    document.title = (n ? `(${n}) ` : "") + document.title.replace(/^\(\d+\+?\) /, "");
  };
  const showAlertCount = (n) => {
    const text = n > 99 ? "99+" : String(n);
    const now = $("#alert-count .nav-count")?.textContent.trim() ?? "0";
    if (now === text) return false;
    const words = Object.assign(document.createElement("span"), { className: "sr-only", textContent: "active" });
    const count = Object.assign(document.createElement("span"), { className: "nav-count", textContent: text });
    $("#alert-count").replaceChildren(...(n ? [count, " ", words] : []));
    $$(".topbar-alerts").forEach((a) => { a.hidden = n === 0; $(".nav-count", a).textContent = text; });
    titled();
    return true;
  };
  let news = null; // the last that was heard
  const heard = (now) => { news = now; showNews(); };
  const showNews = () => {
    const known = $("#alerts-known");
    if (news.mark === known.dataset.mark) return;
    if ($(".htmx-request")) return setTimeout(showNews, 200); // its answer may know more
    const fresh = news.event > Number(known.dataset.event);
    Object.assign(known.dataset, { mark: news.mark, event: Math.max(news.event, Number(known.dataset.event)) });
    const counted = showAlertCount(news.active);
    if (fresh) say(`${news.began ? "New alert" : "News of an alert"}. ${news.said}`);
    else if (counted) say(countWords(news.active));
    window.htmx?.trigger(document.body, "alerts-changed");
  };
  // What could not be fetched is asked for again: the server tells each change once.
  document.addEventListener("htmx:sendError", (e) => {
    if (e.target.id.endsWith("-refresh")) setTimeout(() => window.htmx.trigger(document.body, "alerts-changed"), 2000);
  });
  const listen = () => {
    const channel = "BroadcastChannel" in window ? new BroadcastChannel("switchyard-alerts") : null;
    let last = null, source = null, silent = 0;
    const connect = () => {
      source?.close();
      listened();
      source = new EventSource($("#alerts-known").dataset.url);
      source.onopen = back;
      source.onmessage = (e) => {
        listened();
        last = JSON.parse(e.data);
        heard(last);
        channel?.postMessage(last);
      };
      source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(connect, 5000); };
    };
    // The server says something every 15 s. A connection that died without a word is not told by the browser.
    const listened = () => { clearTimeout(silent); silent = setTimeout(connect, 40000); };
    if (channel) channel.onmessage = ({ data }) => (data ? heard(data) : last && channel.postMessage(last));
    channel?.postMessage(null);
    addEventListener("online", () => { if (source) connect(); });
    addEventListener("pagehide", () => source?.close());
    addEventListener("pageshow", (e) => { if (e.persisted && source) connect(); });
    if (channel && navigator.locks) navigator.locks.request("switchyard-alerts", () => { connect(); return new Promise(() => {}); });
    else connect();
  };
  if ($("#alerts-known")) listen();
  // How many alerts are ticked. A list that comes anew keeps the ticks; what is being written is not replaced.
  const countPicks = () => {
    const count = $("[data-picked-count]");
    const n = $$("#alert-list .alert-pick input:checked").length;
    if (count) count.textContent = n === 0 ? "Select alerts to act on several at once." : `${n} selected`;
    const all = $("[data-alerts-all]");
    if (!all) return;
    all.closest("label").hidden = false;
    all.checked = n > 0 && n === $$("#alert-list .alert-pick input").length;
    all.indeterminate = n > 0 && !all.checked;
  };
  on("change", ".alert-pick input", countPicks);
  on("change", "[data-alerts-all]", (all) => {
    $$("#alert-list .alert-pick input").forEach((box) => { box.checked = all.checked; });
    countPicks();
  });
  let ticks = [];
  document.addEventListener("htmx:beforeSwap", (e) => {
    if (e.target.id === "alert-list") ticks = $$(".alert-pick input:checked").map((box) => box.id);
    if (e.target.id !== "alert-now" || !($$("textarea", e.target).some((t) => t.value !== t.defaultValue) || $("details[id^=alert-][open]", e.target))) return;
    e.detail.shouldSwap = false;
    $("#alert-changed").hidden = false;
  });
  const retick = () => {
    ticks.forEach((id) => { const box = document.getElementById(id); if (box) box.checked = true; });
    ticks = [];
    countPicks();
  };

  // A refused form, swapped in or loaded: its summary takes the focus.
  const unseen = () => $("[data-error-summary]:not([data-seen])");
  const settle = () => {
    tell();
    const summary = unseen();
    if (summary) { summary.dataset.seen = ""; summary.focus(); }
    refocus();
    retick();
    titled();
    mark();
    countRows();
    folded();
    keptZoom();
    fitTables();
    watchToasts();
    refreshTimes();
    showTheme();
  };
  document.addEventListener("htmx:afterSettle", settle);
  // A button may say what takes the focus once its form was taken: ids, of which the first that is there counts.
  document.addEventListener("htmx:afterSettle", (e) => {
    const next = e.detail.requestConfig?.triggeringEvent?.submitter?.dataset.thenFocus;
    if (next && !$("[data-error-summary]")) next.split(" ").map((id) => document.getElementById(id)).find(Boolean)?.focus();
  });
  settle();
})();
