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
  // Nothing is under an empty heading: the corner of a table is a cell.
  document.querySelectorAll("th:empty").forEach((part) => part.setAttribute("role", "cell"));
  // In a narrow window the menu and the search open by labels, which the keyboard cannot reach.
  for (const label of document.querySelectorAll("label.md-header__button:is([for=__drawer], [for=__search])")) {
    const button = document.createElement("button");
    button.className = label.className;
    button.setAttribute("for", label.htmlFor); // by which Material's style knows it
    button.setAttribute("aria-label", label.htmlFor === "__search" ? "Search" : "Menu");
    button.append(...label.childNodes);
    button.addEventListener("click", () => {
      document.getElementById(label.htmlFor).click();
      if (label.htmlFor === "__search") document.querySelector(".md-search__input").focus();
    });
    label.replaceWith(button);
  }
  // The name of the button for another version begins with what it shows.
  const version = document.querySelector(".md-version__current:not([data-named])");
  version?.setAttribute("aria-label", `${version.dataset.named = version.textContent.trim()}: ${version.getAttribute("aria-label")}`);
}
// A browser may end a line behind each hyphen, also within --option.
for (const part of document.querySelectorAll(".md-typeset :not(pre) > code")) {
  if (part.textContent.length <= 24) part.style.whiteSpace = "nowrap";
}
// Material has one language for all pages; a screen reader pronounces by it.
if (/\/de\//.test(document.querySelector("link[rel=canonical]")?.href)) document.querySelector(".md-content").lang = "de";
new MutationObserver(nameParts).observe(document.body, { childList: true, subtree: true });
nameParts();

// The search takes each word as the beginning of one, so "a" finds every title with a word that begins with it: questions
// are asked without such words, English and German. A decision, or a newcomer's question, is found by words that no other page
// has; whoever asks wants a page first. Of a kind of failure the reference says what to do, so it comes before all pages.
const FILLERS = new Set(
  (
    "a an and another any are as at back be before behind by can could do does for from had has have how i if in into is it " +
    "may mean means must my need needs not now of on or our should since still than that the their them then there they this to " +
    "us was we were what when where which while who why will with without you your " +
    "am an auf aus bei das dem den der des die ein eine einen einer es für gilt hat ich ihr im in ist man mein mit muss nach noch " +
    "oder sich sie sind tun um und vom von was wenn wer wie wir wird wo zu zum zur"
  ).split(" "),
);
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (message, ...rest) {
  const { data } = message;
  if (typeof data === "string") {
    const words = data.split(/\s+/).filter((word) => !FILLERS.has(word.toLowerCase()));
    message = { ...message, data: words.join(" ") || data };
  } else if (data?.docs) {
    const docs = data.docs.map((doc) => {
      if (/^(adr\/\d|newcomers)/.test(doc.location)) return { ...doc, boost: 0.01 };
      return /^reference\/errors/.test(doc.location) ? { ...doc, boost: 3 } : doc;
    });
    message = { ...message, data: { ...data, docs } };
  }
  return post.call(this, message, ...rest);
};
