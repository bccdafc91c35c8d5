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

// The search takes each word as the beginning of one, so "a" finds every title with a word that begins with it: questions
// are asked without such words. A decision is found by words that no other page has; whoever asks wants a page first.
const FILLERS = new Set(
  ("a an and another any are as at be by can could do does for from has have how i if in into is it mean means my of on or our " +
    "should that the there this to was what when where which who why will with without you your").split(" "),
);
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  const { data } = message;
  if (typeof data === "string") {
    const words = data.split(/\s+/).filter((word) => !FILLERS.has(word.toLowerCase()));
    message = { ...message, data: words.join(" ") || data };
  } else if (data?.docs) {
    const docs = data.docs.map((doc) => (/^adr\/\d/.test(doc.location) ? { ...doc, boost: 0.01 } : doc));
    message = { ...message, data: { ...data, docs } };
  }
  return post.call(this, message, ...rest);
};
