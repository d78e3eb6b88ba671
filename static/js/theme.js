// Sets the theme before the first paint: loaded in the head, not deferred.
// The choice "light" or "dark" is kept in localStorage; without one the system decides.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try { return localStorage.getItem("theme"); } catch { return null; }
  };
  const apply = () => {
    const choice = stored();
    root.classList.toggle("dark", choice === "dark" || (choice !== "light" && system.matches));
  };
  root.classList.add("js");
  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", (e) => { if (e.key === "theme") apply(); });
})();
