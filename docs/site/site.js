// Names and the keyboard, where Material leaves them out: axe asks for both.
let named = 0;
function nameParts() {
  document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
  for (const part of document.querySelectorAll(".md-nav[aria-labelledby], .md-code__nav:not([aria-label])")) {
    const label = document.getElementById(part.getAttribute("aria-labelledby"));
    part.removeAttribute("aria-labelledby");
    part.setAttribute("aria-label", `${label?.textContent.trim() || "Part"} ${++named}`);
  }
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((part) => part.setAttribute("tabindex", "0"));
}
new MutationObserver(nameParts).observe(document.body, { childList: true, subtree: true });
nameParts();
