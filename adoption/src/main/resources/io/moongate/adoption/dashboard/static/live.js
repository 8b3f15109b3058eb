// Fetches the open page anew when the server says that something has changed, and puts in what is different.
// Without this file, or without scripts, the page is the same and stands still.
"use strict";
(() => {
  const status = document.getElementById("live");
  let loading = false;
  let again = false;

  async function refresh() {
    if (loading) {
      again = true;
      return;
    }
    loading = true;
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!response.ok) return;
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
        if (!next || next.innerHTML === part.innerHTML) continue;
        // Whoever stands on a link keeps it; whoever has opened something keeps it open.
        const focus = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        const open = [...part.querySelectorAll("details")].map((details) => details.open);
        part.innerHTML = next.innerHTML;
        part.querySelectorAll("details").forEach((details, i) => { details.open = open[i] || false; });
        if (focus) {
          [...part.querySelectorAll("a")].find((a) => a.getAttribute("href") === focus)?.focus();
        }
      }
    } finally {
      loading = false;
      if (again) {
        again = false;
        refresh();
      }
    }
  }

  const events = new EventSource("/events");
  events.addEventListener("open", () => { status.textContent = "live"; refresh(); });
  events.addEventListener("error", () => { status.textContent = "not live, trying again"; });
  events.addEventListener("change", refresh);
})();
