# Checks the links of this project: `.mvn/site-check.py FOLDER`, where FOLDER has the HTML of the site. First it finds
# one planted fault of each kind, and nothing in the same text without faults.
# In each Markdown file of the checkout, a relative link or a link to a file of the repository must have its file,
# and its anchor by the rule of GitHub. In the HTML, each link within the site must have its file and anchor, nothing
# may be loaded from elsewhere, and no Markdown may be left over. Each command, option, setting and exit code that a page
# names must be in docs/reference, which is made from the program. A German page has the headings, the code, the rows and
# the links of its English one. Prints each fault; status 1 if there is one.
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile
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


def check_markdown(root, pages):
    anchors = {page: anchors_of(page) for page in pages}
    count = 0
    for page in pages:
        for link in re.findall(r"\]\(<?([^)\s>]+)", without_code(page.read_text())):
            place, _, anchor = link.partition("#")
            ours = REPOSITORY.fullmatch(place)
            if not ours and re.match(r"[a-z]+:", place):
                continue
            count += 1
            path = root / ours[1] if ours else page.parent / urllib.parse.unquote(place) if place else page
            target = path.resolve()
            if not target.exists():
                faults.append(f"{page.relative_to(root)}: {link}: there is no such file")
            elif anchor and target.suffix == ".md" and anchor not in anchors.get(target, anchors_of(target)):
                faults.append(f"{page.relative_to(root)}: {link}: there is no such heading")
    return len(pages), count


def check_names(root, pages):
    """The names of the program in code and in sentences, except in what is history."""
    folder = root / "docs/reference"
    options, programs = {}, {}
    for row in re.findall(r"^\| \[`.*", (folder / "commands/README.md").read_text(), re.M):
        names = re.findall(r"`([a-z-]+)`", row.split(" | ")[0])
        programs.update({name: names[0] for name in names})
    for name in {"secrets", *programs.values()}:
        options[name] = set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", (folder / f"commands/{name}.md").read_text()))
    settings = set(re.findall(r"^\| `([a-z.-]+)`", (folder / "settings.md").read_text(), re.M))
    groups = {name.split(".")[0] for name in settings if "." in name}
    codes = set(re.findall(r"^\| (\d+) \|", (folder / "exit-codes.md").read_text(), re.M))
    count = 0
    for page in pages:
        text = page.read_text()
        name = page.relative_to(root)
        if page.name == "CHANGELOG.md" or name.parts[:2] in (("docs", "adr"), ("docs", "reference")):
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


def structure(page):
    """What a page and its translation have in common: headings by depth, code, rows, and the pages that it links."""
    text = page.read_text()
    prose = without_code(text)
    links = set()
    for link in re.findall(r"\]\(([^)\s#]+)", prose):
        place = (page.parent / link).resolve() if not re.match(r"[a-z]+:", link) else pathlib.Path(link)
        # A page and its translation count as one.
        links.add(pathlib.Path(re.sub(r"\.de\.md$", ".md", str(place).replace("/docs/de/", "/docs/"))))
    return {
        "headings": re.findall(r"^#+(?= )", prose, re.M),
        "blocks of code": re.findall(r"^```[^\n]*\n.*?^```", text, re.M | re.S),
        "rows of tables": len(re.findall(r"^\|", prose, re.M)),
        "links": links - {page.resolve(), pathlib.Path(re.sub(r"\.de\.md$", ".md", str(page).replace("/docs/de/", "/docs/")))},
    }


def check_translations(root, pages):
    for page in pages:
        english = pathlib.Path(re.sub(r"\.de\.md$", ".md", str(page).replace("/docs/de/", "/docs/")))
        if english == page:
            continue
        if not english.exists():
            faults.append(f"{page.relative_to(root)}: there is no English page")
            continue
        mine, theirs = structure(page), structure(english)
        for part, value in theirs.items():
            if mine[part] != value:
                faults.append(f"{page.relative_to(root)}: its {part} are not those of {english.relative_to(root)}")


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


def self_test():
    """Each planted fault is found, and nothing where there is none."""
    reference = {
        "docs/reference/commands/README.md": "| [`scan`](scan.md) | x |\n",
        "docs/reference/commands/scan.md": "`--git`",
        "docs/reference/commands/secrets.md": "`--json`",
        "docs/reference/settings.md": "| `aws.region` | | x |\n",
        "docs/reference/exit-codes.md": "| 9 | x |\n",
    }
    right = "# A b\n[a](#a-b) [b](a.md) [c](https://github.com/lifetimecircle/secrets/blob/main/docs/a.md) `secrets scan --git --json`, `aws.region=x`, exits with 9\n```sh\nsecrets scan x\n```\n"
    german = right.replace("(a.md)", "(../a.md)")
    html = "<h1 id=x>A</h1><a href='#x'>b</a><img src='a.css'><pre>- c</pre>\n"
    planted = [
        ("docs/a.md", right, right.replace("#a-b", "#a-c"), "no such heading"),
        ("docs/a.md", right, right.replace("(a.md)", "(b.md)"), "no such file"),
        ("docs/a.md", right, right.replace("main/docs", "main/docu"), "no such file"),
        ("docs/a.md", right, right.replace("scan x", "scam x"), "no command 'scam'"),
        ("docs/a.md", right, right.replace("--git ", "--gitt "), "no option '--gitt'"),
        ("docs/a.md", right, right.replace("aws.region", "aws.regin"), "no setting 'aws.regin'"),
        ("docs/a.md", right, right.replace("with 9", "with 12"), "no exit code 12"),
        ("docs/de/t.md", german, german.replace("# A b", "# A b\n## C"), "its headings"),
        ("docs/de/t.md", german, german.replace("scan x", "scan y"), "its blocks of code"),
        ("docs/de/t.md", german, german + "| x |\n", "its rows of tables"),
        ("docs/de/t.md", german, german.replace("[c](https", "[c] (https"), "its links"),
        ("index.html", html, html.replace("#x", "#y"), "no such anchor"),
        ("index.html", html, html.replace("a.css", "b.css"), "no such page"),
        ("index.html", html, html.replace("'a.css'", "'https://example.org/a.css'"), "loaded from elsewhere"),
        ("index.html", html, html + "<p>- a list</p>", "left over"),
        ("a.css", "", "@import 'https://example.org/font.css'", "loaded from elsewhere"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        files = {**reference, "docs/a.md": right, "docs/t.md": right, "docs/de/t.md": german, "index.html": html, "a.css": ""}
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        for name, good, bad, expected in [("a.css", "", "", "")] + planted:
            (root / name).write_text(bad)
            faults.clear()
            pages = sorted([*root.glob("docs/*.md"), *root.glob("docs/de/*.md")])
            check_markdown(root, pages)
            check_translations(root, pages)
            check_names(root, pages)
            check_site(root)
            (root / name).write_text(good)
            if [expected in fault for fault in faults] != [True] * (expected != ""):
                sys.exit(f"site: the check is broken: for '{expected}' it found {faults}")
    faults.clear()


self_test()
listed = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard", "--", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True
)
pages = [ROOT / name for name in sorted(listed.stdout.split("\n")) if name and (ROOT / name).exists()]
markdown = check_markdown(ROOT, pages)
names = check_names(ROOT, pages)
check_translations(ROOT, pages)
site = check_site(pathlib.Path(sys.argv[1]).resolve())
for fault in faults:
    print(fault)
print(
    f"site: {site[0]} pages with {site[1]} links, {markdown[0]} Markdown files with {markdown[1]} links,"
    f" {names} names of the program, {len(faults)} faults"
)
sys.exit(1 if faults else 0)
