# Checks the links of this project: `.mvn/site-check.py FOLDER`, where FOLDER has the HTML of the site.
# In each Markdown file of the checkout, a relative link or a link to a file of the repository must have its file,
# and its anchor by the rule of GitHub. In the HTML, each link within the site must have its file and anchor, nothing
# may be loaded from elsewhere, and no Markdown may be left over. Each command, option, setting and exit code that a page
# names must be in docs/reference, which is made from the program. Prints each fault; status 1 if there is one.
import html.parser
import pathlib
import re
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
REPOSITORY = re.compile(r"https://github\.com/lifetimecircle/secrets/(?:blob|tree)/main/(.*)")
FENCE = re.compile(r"^ *```[^\n]*\n(.*?)^ *```", re.M | re.S)
# Keys of the inventory and of Maven, and names of files.
OTHERS = {"audit.principals", "aws.properties", "azure.env", "gpg.conf", "gpg.folder", "gpg.skip"}
faults = []


def without_code(text):
    text = re.sub(r"^([ >]*)(```|~~~).*?^[ >]*\2[ ]*$", "", text, flags=re.M | re.S)
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", text)


def anchors_of(page):
    """The anchors that GitHub gives the headings of a Markdown file."""
    text = re.sub(r"^([ >]*)(```|~~~).*?^[ >]*\2[ ]*$", "", page.read_text(), flags=re.M | re.S)
    found = {}
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", text, flags=re.M):
        heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
        if found[slug]:
            found[f"{slug}-{found[slug]}"] = 0
    return set(found) | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


def check_markdown():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    pages = [ROOT / name for name in listed.stdout.split("\n") if name and (ROOT / name).exists()]
    anchors = {page: anchors_of(page) for page in pages}
    count = 0
    for page in pages:
        for link in re.findall(r"\]\(<?([^)\s>]+)", without_code(page.read_text())):
            place, _, anchor = link.partition("#")
            ours = REPOSITORY.fullmatch(place)
            if not ours and re.match(r"[a-z]+:", place):
                continue
            count += 1
            path = ROOT / ours[1] if ours else page.parent / urllib.parse.unquote(place) if place else page
            target = path.resolve()
            if not target.exists():
                faults.append(f"{page.relative_to(ROOT)}: {link}: there is no such file")
            elif anchor and target.suffix == ".md" and anchor not in anchors.get(target, anchors_of(target)):
                faults.append(f"{page.relative_to(ROOT)}: {link}: there is no such heading")
    return len(pages), count


def check_names():
    """The names of the program in code and in sentences, except in what is history."""
    folder = ROOT / "docs/reference"
    options, programs = {}, {}
    for row in re.findall(r"^\| \[`.*", (folder / "commands/README.md").read_text(), re.M):
        names = re.findall(r"`([a-z]+)`", row.split(" | ")[0])
        programs.update({name: names[0] for name in names})
    for name in {"secrets", *programs.values()}:
        options[name] = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", (folder / f"commands/{name}.md").read_text()))
    settings = set(re.findall(r"^\| `([a-z.-]+)`", (folder / "settings.md").read_text(), re.M))
    groups = {name.split(".")[0] for name in settings if "." in name}
    codes = set(re.findall(r"^\| (\d+) \|", (folder / "exit-codes.md").read_text(), re.M))
    count = 0
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/**/*.md")]):
        text = page.read_text()
        name = page.relative_to(ROOT)
        if page.name == "CHANGELOG.md":
            continue
        fences = "\n".join(found[1] for found in FENCE.finditer(text))
        code = re.findall(r"`+([^`\n]+)`+", text) + re.findall(r"^ *(?:\$ |[A-Z_]+=\S* )*(secrets .*)", fences, re.M)
        for line in code:
            line = re.split(r" -- | \| | && |; | #", line)[0]
            said = re.match(r"secrets ([a-z][a-z-]*)(?= |$)(.*)", line)
            if said and not (said[1] in programs and programs[said[1]]):
                faults.append(f"{name}: {line}: there is no command '{said[1]}'")
            elif said:
                count += 1
                known = options[programs[said[1]]] | options["secrets"]
                for option in re.findall(r"(?<=\s)--[a-z][\w-]*", said[2]):
                    count += 1
                    if option not in known:
                        faults.append(f"{name}: {line}: 'secrets {said[1]}' has no option '{option}'")
            for key in re.findall(r"(?<![\w./-])((?:%s)\.[a-z][a-z-]+)(?==|$)" % "|".join(groups), line):
                count += 1
                if key not in settings | OTHERS:
                    faults.append(f"{name}: {line}: there is no setting '{key}'")
        for number in re.findall(r"\bexits? (?:code |with (?:code )?)(\d+)\b", text):
            count += 1
            if number not in codes:
                faults.append(f"{name}: there is no exit code {number}")
    return count


class Page(html.parser.HTMLParser):
    """The anchors, links, loaded resources and text outside code of a page."""

    def __init__(self, text):
        super().__init__()
        self.text = text
        self.anchors, self.links, self.loads, self.words, self.code = set(), [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.anchors.update(given[name] for name in ("id", "name") if given.get(name))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") in ("stylesheet", "icon", "preconnect", "preload"):
            self.loads.append(given.get("href", ""))
        elif tag in ("script", "img", "iframe", "source", "audio", "video") and given.get("src"):
            self.loads.append(given["src"])
        self.code += tag in ("code", "pre", "script", "style")

    def handle_endtag(self, tag):
        self.code -= tag in ("code", "pre", "script", "style")

    def handle_data(self, data):
        if not self.code:
            self.words.append(data)


def check_site(folder):
    pages = {path: Page(path.read_text()) for path in folder.rglob("*.html") if path.parent.name != "decision" or path.name == "index.html"}
    count = 0
    for path, page in pages.items():
        name = path.relative_to(folder)
        if name == pathlib.Path("404.html"):
            continue
        for link in page.links + page.loads:
            place, _, anchor = link.partition("#")
            if re.match(r"[a-z]+:|//", place):
                if link in page.loads:
                    faults.append(f"site {name}: {link} is loaded from elsewhere")
                continue
            count += 1
            target = (path.parent / urllib.parse.unquote(place.partition("?")[0])).resolve() if place else path
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                faults.append(f"site {name}: {link}: there is no such page")
            elif anchor and target in pages and urllib.parse.unquote(anchor) not in pages[target].anchors:
                faults.append(f"site {name}: {link}: there is no such anchor")
        # A list after a line of text, and a block that is not indented by four, are none for MkDocs.
        for left in re.findall(r".*(?:```|\]\().*", "".join(page.words)) + re.findall(r"^(?:<p>)?(?:[-*] |\|).*", page.text, re.M):
            faults.append(f"site {name}: Markdown is left over: {left.strip()[:100]}")
    for style in folder.rglob("*.css"):
        for place in re.findall(r"(?:url\(|@import )[\"']?(https?:[^\"')]*)", style.read_text()):
            faults.append(f"site {style.name}: {place} is loaded from elsewhere")
    return len(pages), count


markdown = check_markdown()
names = check_names()
site = check_site(pathlib.Path(sys.argv[1]).resolve())
for fault in faults:
    print(fault)
print(
    f"site: {site[0]} pages with {site[1]} links, {markdown[0]} Markdown files with {markdown[1]} links,"
    f" {names} names of the program, {len(faults)} faults"
)
sys.exit(1 if faults else 0)
