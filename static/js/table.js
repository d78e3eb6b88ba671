// The widths of columns: an edge is dragged, or moved by the arrow keys while it has the focus; Enter or a double click
// lets the column be as wide as it needs. The server keeps it for the person; without this script a page does.
(() => {
  "use strict";
  const step = 16; // pixels of one press
  const padding = 24; // of both sides of a cell
  const column = (edge) => {
    const head = edge.closest("th"), table = head.closest("table"), i = [...head.parentElement.children].indexOf(head);
    return { head, table, col: table.querySelectorAll("col")[i], cells: [head, ...[...table.tBodies[0].rows].map((row) => row.cells[i])] };
  };
  const size = (edge, wanted) => {
    const { head, col, cells } = column(edge);
    const width = wanted && Math.round(Math.min(Math.max(wanted, edge.ariaValueMin), edge.ariaValueMax));
    head.querySelector(".column-strut").setAttribute("width", Math.max(0, width - padding));
    width ? col.setAttribute("width", width) : col.removeAttribute("width");
    cells.forEach((cell) => cell?.classList.toggle("sized", width > 0));
    edge.ariaValueNow = width || head.offsetWidth;
    edge.ariaValueText = width ? `${width} pixels` : "As it needs";
    return width;
  };
  const tell = (text) => { document.getElementById("connection").textContent = text; };
  let waiting = 0;
  const keep = (edge, width, after = 0) => {
    clearTimeout(waiting);
    const body = new URLSearchParams({ flow: column(edge).table.dataset.columnsOf, key: edge.dataset.column, width });
    waiting = setTimeout(async () => {
      const kept = await fetch("/responses/columns/width", { method: "POST", body }).then((r) => r.ok, () => false);
      if (kept) return edge.setAttribute("data-kept", width);
      tell("The width could not be kept.");
      setTimeout(() => tell(""), 5000);
    }, after);
    dispatchEvent(new Event("resize")); // the table may fit now, or no more
  };
  const edgeOf = (e) => e.target instanceof Element && e.target.closest(".column-edge");

  document.addEventListener("pointerdown", (e) => {
    const edge = edgeOf(e);
    if (!edge || e.button !== 0) return;
    e.preventDefault();
    edge.focus();
    edge.setPointerCapture(e.pointerId);
    edge.dataset.dragged = "";
    const { head, col } = column(edge);
    const from = e.clientX, was = head.offsetWidth, before = Number(col.getAttribute("width") ?? 0);
    let now = before;
    const over = new AbortController(), { signal } = over;
    const end = (width) => {
      over.abort();
      delete edge.dataset.dragged;
      if (width !== before) keep(edge, width);
    };
    edge.addEventListener("pointermove", (m) => { if (m.clientX !== from || now !== before) now = size(edge, was + m.clientX - from); }, { signal });
    edge.addEventListener("pointerup", () => end(now), { signal });
    edge.addEventListener("pointercancel", () => end(size(edge, before)), { signal });
  });
  document.addEventListener("dblclick", (e) => {
    const edge = edgeOf(e);
    if (edge) keep(edge, size(edge, 0));
  });
  document.addEventListener("keydown", (e) => {
    const edge = edgeOf(e);
    if (!edge || e.ctrlKey || e.metaKey || e.altKey) return;
    const now = column(edge).head.offsetWidth;
    const wanted = { ArrowLeft: now - step, ArrowRight: now + step, Home: edge.ariaValueMin, End: edge.ariaValueMax, Enter: 0 }[e.key];
    if (wanted === undefined) return;
    e.preventDefault();
    keep(edge, size(edge, Number(wanted)), 300);
  });
})();
