// Small comforts of every page: the reader's time zone, printing, and focus on what a page is about.
(() => {
  "use strict";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const known = document.cookie.split("; ").find((pair) => pair.startsWith("tz="));
  if (zone && known !== `tz=${zone}`) {
    document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`;
  }
  document.querySelector("[data-focus]")?.focus({ preventScroll: true });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  // a tab that was swapped in keeps the focus, and the count is said
  document.addEventListener("htmx:afterSwap", () => {
    document.querySelector("#rows [aria-current]")?.focus();
    const caption = document.querySelector("#rows caption");
    document.getElementById("status").textContent = caption ? caption.textContent : "No question is in this list.";
  });
  // a page that comes back from the browser's memory may be somebody else's by now
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
