// The form of a rule: a choice that changes what is to be entered asks the server for the form anew; keys move its parts.
// Without this script the form has a button for it.
(() => {
  "use strict";
  // What is being typed meanwhile stays.
  if (window.Idiomorph) window.Idiomorph.defaults.ignoreActiveValue = true;

  // Arrows and letters pass by other options on their way: the form waits until the choice stands, or is left.
  const patience = 400; // milliseconds
  let passing = false; // the last key may have been one on the way
  let pending = null; // the control whose choice the form still waits for
  const drop = () => {
    clearTimeout(pending?.timer);
    const control = pending?.control;
    pending = null;
    if (control?.form) delete control.form.dataset.waits;
    return control;
  };
  const refit = () => {
    const control = drop();
    if (control?.isConnected) control.form.requestSubmit(control.form.querySelector("[data-refresh]"));
  };
  document.addEventListener("change", ({ target: control }) => {
    if (!control.matches("form [data-refit]")) return;
    drop();
    pending = { control, timer: setTimeout(refit, patience) };
    control.form.dataset.waits = "";
    if (!passing) refit();
  });
  document.addEventListener("focusout", (e) => { if (pending?.control === e.target) refit(); });
  document.addEventListener("submit", drop, true);
  document.addEventListener("pointerdown", () => { passing = false; }, true);

  // Tab goes on to the next control of the form as it will be.
  let onward = null;
  document.addEventListener("keydown", (e) => {
    passing = e.target instanceof HTMLSelectElement && e.key !== "Enter";
    if (e.key !== "Tab" || e.target !== pending?.control || e.ctrlKey || e.altKey || e.metaKey) return;
    e.preventDefault();
    onward = { id: e.target.id, step: e.shiftKey ? -1 : 1 };
    refit();
  }, true);
  document.addEventListener("htmx:afterSettle", () => {
    const here = document.activeElement, way = onward;
    onward = null;
    if (!way || here.id !== way.id) return;
    const all = [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href], summary")];
    const stops = all.filter((c) => c === here || (c.tabIndex >= 0 && !c.disabled && c.checkVisibility()));
    const next = stops[stops.indexOf(here) + way.step];
    next?.focus();
    if (next instanceof HTMLInputElement) next.select();
  });

  // Alt + Shift + an arrow presses the button that moves the part in which the focus is.
  document.addEventListener("keydown", (e) => {
    const way = { ArrowUp: "up", ArrowDown: "down" }[e.key];
    const part = way && e.altKey && e.shiftKey && !e.ctrlKey && !e.metaKey && e.target.closest("[data-part]");
    if (!part) return;
    e.preventDefault();
    [...part.querySelectorAll(`[data-do="${way}"]`)].find((b) => b.closest("[data-part]") === part)?.click();
  });
})();
