"""A second implementation of GitHub's rules for links and anchors, to judge the first one by.

It shares nothing with the gate: Markdown is rendered by cmark-gfm, GitHub's own renderer; the HTML is read by html5lib as a
browser reads it; headings, ids, links and images are taken from that document; slugs follow the rule of github-slugger,
written anew. The rules are those of docs/reference/integrity.md.

    python oracle.py REPOSITORY

prints one JSON object a line: {path, line, last_line, destination, kind, target, fragment} for what does not resolve, kind
being file, anchor, case, above_root or line, and at the end {files, links, anchors} that were looked at. Lines are 1-based; where
the exact line is not known, the destination stands between line and last_line.
"""

import json
import posixpath
import re
import subprocess
import sys
from collections import defaultdict
from urllib.parse import unquote

import cmarkgfm
import html5lib
import regex
from cmarkgfm.cmark import Options

EXTENSIONS = ("table", "strikethrough", "autolink", "tagfilter", "tasklist")
MARKDOWN = re.compile(r"[^/]\.(md|markdown|mdown|mkd)$", re.I)
README = re.compile(r"readme(\.[a-z0-9]+)*$", re.I)
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# Attributes that name a destination.
DESTINATIONS = {
    "a": ["href"], "area": ["href"], "img": ["src", "srcset"], "source": ["src", "srcset"],
    "video": ["src", "poster"], "audio": ["src"], "track": ["src"], "embed": ["src"],
}
LINES = re.compile(r"L[1-9]\d*(C[1-9]\d*)?(-L[1-9]\d*(C[1-9]\d*)?)?")
# What a repository's address may go on with on GitHub.
PAGES = set(
    "actions archive blame blob branches commit commits compare contributors deployments discussions edit forks graphs issues "
    "labels milestones network new packages projects pull pulls pulse raw releases security settings stargazers tags tree "
    "watchers wiki".split()
)
XHTML = "{http://www.w3.org/1999/xhtml}"


def main(root):
    repository = Repository(root)
    pages = {path: Page(repository.read(path)) for path in repository.markdown()}
    looked_at = {"files": len(pages), "links": 0, "anchors": 0}
    for path, page in sorted(pages.items()):
        for destination, line, last_line in page.links:
            verdict = resolve(repository, pages, path, destination, looked_at)
            if verdict:
                kind, target, fragment = verdict
                print(json.dumps({
                    "path": path, "line": line, "last_line": last_line, "destination": destination,
                    "kind": kind, "target": target, "fragment": fragment,
                }))
    print(json.dumps(looked_at))


# Where a destination leads.

def resolve(repository, pages, path, destination, looked_at):
    """None where it resolves or is not ours to prove; else (kind, target, fragment)."""
    destination = destination.strip(" \t\r\n\f")
    if not destination or placeholder(destination) or placeholder(unquote(destination)):
        return None
    # One letter before the colon is a drive.
    if re.match(r"[A-Za-z][A-Za-z0-9+.\-]+:", destination) or destination.startswith("//"):
        return None
    name, _, fragment = destination.partition("#")
    name = unquote(name.partition("?")[0])
    fragment = unquote(fragment)
    looked_at["links"] += 1
    looked_at["anchors"] += bool(fragment)
    if not name:
        target = path
    else:
        target = join(posixpath.dirname(path), name)
        if target is None:
            return None if repository_page(posixpath.dirname(path), name) else ("above_root", name, "")
    if target not in repository.files and target not in repository.folders:
        if repository.below_submodule(target):
            return None
        spelled = repository.by_lower_case.get(target.lower())
        return ("case", spelled, "") if spelled else ("file", target, "")
    if not fragment:
        return None
    # The lines of a page that is rendered can be seen only with `?plain=1`.
    shows_lines = not MARKDOWN.search(target) or re.search(r"\?(.*&)?plain=1(&|$)", destination.partition("#")[0])
    if target in repository.files and shows_lines and LINES.fullmatch(fragment):
        last = max(int(number) for number in re.findall(r"L(\d+)", fragment))
        count = repository.lines(target)
        return ("line", target, fragment) if count is not None and last > count else None
    if always_valid(fragment):
        return None
    if target in repository.folders:
        target = repository.readme(target) or target + "/"
        if not MARKDOWN.search(target):
            # Without a README there is nothing to lead to; one in another format is not read.
            return ("anchor", target, fragment) if target.endswith("/") else None
    page = pages.get(target)
    if page is None or page.has(fragment):
        return None
    return "anchor", target, fragment


def join(folder, name):
    parts = [] if name.startswith("/") else [part for part in folder.split("/") if part]
    for part in name.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def repository_page(folder, name):
    """Two levels above the root is the repository's own page: /OWNER/REPO/blob/BRANCH/../../issues is /OWNER/REPO/issues."""
    parts = [] if name.startswith("/") else [part for part in folder.split("/") if part]
    above = 0
    for part in name.split("/"):
        if part == "..":
            above += not parts
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return above == 2 and (not parts or parts[0] in PAGES)


def placeholder(destination):
    return bool(
        re.search(r"^\{.*\}$|\{\{.*\}\}|\$\{.*\}|\{%.*%\}", destination, re.S)
        or re.search(r"<[\w\- ./|]+>", destination)
    )


def always_valid(fragment):
    if fragment.lower() == "top" or fragment in ("readme", "readme-ov-file"):
        return True
    if re.match(r"(:~:text=|issuecomment-|discussion_r|diff-|(user-content-)?(fn|fnref)-.)", fragment):
        return True
    return bool(LINES.fullmatch(fragment))


class Repository:
    """What git tracks, and nothing of what else lies on the disk."""

    def __init__(self, root):
        self.root = root
        self.files, self.folders = {}, {""}
        listed = subprocess.run(["git", "ls-files", "--stage", "-z"], cwd=root, check=True, capture_output=True)
        for entry in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
            if entry:
                facts, path = entry.split("\t", 1)
                self.files[path] = facts.split()[0]
        for path in self.files:
            while "/" in path:
                path = path.rsplit("/", 1)[0]
                self.folders.add(path)
        self.by_lower_case = {}
        for path in sorted(self.folders | self.files.keys()):
            self.by_lower_case.setdefault(path.lower(), path)
        self.members = defaultdict(list)
        for path in self.files:
            self.members[posixpath.dirname(path)].append(path)

    def markdown(self):
        return [path for path, mode in self.files.items() if MARKDOWN.search(path) and mode.startswith("100")]

    def read(self, path):
        with open(f"{self.root}/{path}", "rb") as file:
            return file.read().decode("utf-8-sig", "replace")

    def lines(self, path):
        """How many lines a text has; None where it is no text."""
        if not self.files[path].startswith("100"):
            return None
        with open(f"{self.root}/{path}", "rb") as file:
            content = file.read()
        if b"\0" in content[:8000] or content.startswith(b"version https://git-lfs"):
            return None
        return content.count(b"\n") + (not content.endswith(b"\n"))

    def below_submodule(self, path):
        while "/" in path:
            path = path.rsplit("/", 1)[0]
            if self.files.get(path) == "160000":
                return True
        return False

    def readme(self, folder):
        found = [path for path in self.members[folder] if README.match(posixpath.basename(path))]
        return min(found, key=lambda path: (not MARKDOWN.search(path), path), default=None)


# What a page offers and names.

class Page:
    def __init__(self, text):
        text = without_front_matter(text).replace("\0", "\ufffd")
        self.lines, self.number = lines_of(text)
        document = read_html(render(text))
        self.anchors = anchors_of(document)
        self.definitions = definitions_of(text, self.lines)
        self.links = list(self.links_of(document))

    def has(self, fragment):
        # A text directive may follow the fragment.
        fragment = fragment.split(":~:")[0]
        names = {fragment, fragment.lower(), fragment.removeprefix("user-content-")}
        return bool(names & self.anchors)

    def links_of(self, document):
        """Each (destination, first line, last line); a definition that some link uses counts once, at its own place."""
        seen = defaultdict(int)
        used = used_definitions(self.lines, self.definitions)
        for label, (destination, line) in self.definitions.items():
            if label in used:
                yield destination, self.number[line - 1], self.number[line - 1]
        by_definition = {destination for destination, _ in self.definitions.values()}
        defining = {line for _, line in self.definitions.values()}
        for destination, first, last in destinations_of(document, len(self.lines)):
            wanted = simple(destination)
            # What a definition resolves may stand in the text of its link too.
            written = [f"{mark}{wanted}" for mark in ("](", "](<", '"', "'", "=", " ")] if destination in by_definition else [wanted]
            places = [
                number for number in range(first, last + 1)
                # A definition is a part of the paragraph that follows it without an empty line.
                if number not in defining or destination not in by_definition
                for _ in range(max(count(self.lines[number - 1], one) for one in written))
            ]
            if not places:
                if destination not in by_definition:
                    # An attribute that spans lines, or a destination escaped in a way that is not undone here.
                    yield destination, self.number[first - 1], self.number[last - 1]
                continue
            # The n-th same destination of a block stands at its n-th place.
            key = (destination, first, last)
            place = self.number[places[min(seen[key], len(places) - 1)] - 1]
            seen[key] += 1
            yield destination, place, place


def lines_of(text):
    """Lines as the renderer counts them, and the number that each has where lines end at \\n alone."""
    lines, numbers, number, start = [], [], 1, 0
    for end in re.finditer(r"\r\n|\n|\r|\Z", text):
        lines.append(text[start:end.start()])
        numbers.append(number)
        number += "\n" in end[0]
        start = end.end()
    return lines, numbers


def render(text):
    options = Options.CMARK_OPT_SOURCEPOS | Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
    return cmarkgfm.cmark.markdown_to_html_with_extensions(text, options, EXTENSIONS)


def read_html(html):
    # A browser opens an element that was never closed again in every block that follows: it stays one, by its number.
    number = iter(range(len(html)))
    html = re.sub(r"<([aA])(?=[\s>])", lambda tag: f"<{tag[1]} data-number={next(number)} ", html)
    return html5lib.parseFragment(html, treebuilder="etree", container="div")


def without_front_matter(text):
    """Front matter becomes empty lines: a table on GitHub, never a heading; what follows keeps its line."""
    found = re.match(r"---[ \t]*\r?\n(.*?\n)??(---|\.\.\.)[ \t]*(\r?\n|\Z)", text, re.S)
    if not found:
        return text
    lines = (found[1] or "").splitlines()
    data = [line for line in lines if line.strip() and not line.startswith("#")]
    begins_blank = bool(lines) and (not lines[0].strip() or lines[0].startswith("#"))
    if begins_blank and not (data and re.match(r"[\w\"'][^:]*:(\s|$)", data[0])):
        # A page that starts with a rule.
        return text
    return "\n" * found[0].count("\n") + text[found.end():]


def tag_of(element):
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag.removeprefix(XHTML)


def text_of(element):
    """The text of an element; comments, whose tag is no string, have none."""
    text = element.text or "" if isinstance(element.tag, str) else ""
    for child in element:
        text += text_of(child) if isinstance(child.tag, str) else ""
        text += child.tail or ""
    return text


def anchors_of(document):
    anchors, given = set(), {}
    for element in document.iter():
        tag = tag_of(element)
        if tag in HEADINGS:
            anchors.add(unique(slug(text_of(element)), given))
        if tag and element.get("id"):
            anchors.add(element.get("id"))
        if tag == "a" and element.get("name"):
            anchors.add(element.get("name"))
    return anchors


def slug(text):
    kept = regex.sub(r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]", "", text.lower())
    return kept.replace(" ", "-")


def unique(name, given):
    result = name
    while result in given:
        given[name] += 1
        result = f"{name}-{given[name]}"
    given[result] = 0
    return result


def destinations_of(document, last):
    """Each (destination, first line, last line) in document order."""
    reached, seen = 1, set()

    def walk(element, lines):
        nonlocal reached
        tag = tag_of(element)
        position = element.get("data-sourcepos") if tag else None
        if position:
            first, end = (int(part.split(":")[0]) for part in position.split("-"))
            reached = max(first, 1)
            lines = (reached, min(max(end, first), last))
        if tag in ("pre", "code"):
            return
        # Notes are linked by the renderer, not by the author.
        made = element.get("data-footnote-ref") is not None or element.get("data-footnote-backref") is not None if tag else False
        again = tag == "a" and element.get("data-number") in seen
        if tag == "a":
            seen.add(element.get("data-number"))
        if tag in DESTINATIONS and not made and not again:
            for attribute in DESTINATIONS[tag]:
                value = element.get(attribute)
                if value is None:
                    continue
                for one in srcset(value) if attribute == "srcset" else [value]:
                    # HTML as it was written has no position: it stands below what was last seen to have one.
                    yield one.strip(), max(lines[0], min(reached, lines[1])), lines[1]
        for child in element:
            yield from walk(child, lines)
    yield from walk(document, (1, last))


def srcset(value):
    """The addresses of a srcset, as the HTML standard splits it."""
    while value := value.lstrip(" \t\r\n\f,"):
        address = re.match(r"\S+", value)[0]
        value = value[len(address):]
        if address.endswith(","):
            address = address.rstrip(",")
        else:
            value = value.partition(",")[2]
        yield address


def definitions_of(text, lines):
    """Label to (destination, line). The renderer tells which labels are defined: each that might be is referred to at the top
    of the document, and what becomes a link is a definition."""
    places = defaultdict(list)
    for number, line in enumerate(lines, 1):
        found = re.match(r"[\s>]*(?:[-*+]\s+|\d+[.)]\s+)*[\s>]*(?:\[[ xX]\]\s+)?\[((?:[^\[\]\\]|\\.)+)\]:", line)
        if found and not found[1].startswith("^"):
            places[" ".join(found[1].split()).casefold()].append((number, found[1], line[found.end():]))
    definitions = {}
    labels = list(places)
    if not labels:
        return definitions
    probes = "".join(f"x [x][{places[label][0][1]}] x\n\n" for label in labels)
    document = read_html(render(probes + "\n" + text))
    for index, label in enumerate(labels):
        paragraph = document[index] if index < len(document) else None
        link = next((child for child in paragraph if tag_of(child) == "a"), None) if paragraph is not None else None
        if link is None:
            continue
        destination = link.get("href") or ""
        def stands(number, rest):
            # The destination may stand in the next line.
            below = lines[number] if number < len(lines) and not rest.strip() else ""
            return stands_in(rest, destination) or stands_in(below, destination)
        at = [place for place in places[label] if stands(place[0], place[2])] or places[label]
        number, _, rest = at[0]
        definitions[label] = destination, number + (not rest.strip())
    return definitions


def used_definitions(lines, definitions):
    """The labels that links go by: each definition is given a destination of its own, and those that are rendered are used."""
    lines, marks = list(lines), {}
    for index, (label, (_, number)) in enumerate(definitions.items()):
        start, rest = around_destination(lines[number - 1])
        lines[number - 1] = f"{start}zq{index}qz{rest}"
        marks[f"zq{index}qz"] = label
    if not marks:
        return set()
    document = read_html(render("\n".join(lines)))
    return {marks[destination] for destination, _, _ in destinations_of(document, len(lines)) if destination in marks}


def around_destination(line):
    """What stands before and behind the destination of a definition, which may stand in the line below its label."""
    found = re.match(r"(.*?\]:[ \t]*|[\s>]*)(<[^<>]*>|\S+)(.*)$", line)
    return (found[1], found[3]) if found else (line, "")


def stands_in(line, destination):
    return count(line, simple(destination)) > 0


def count(line, wanted):
    """How often a destination stands in a line; not where it is the beginning of a longer one."""
    return len(re.findall(re.escape(wanted) + r"(?![\w%]|[#/.\-]\w)", simple(line)))


def simple(text):
    """Percent signs, entities and backslashes undone, in what is rendered and in what is written."""
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return unquote(text.replace("&amp;", "&").replace("%5C", ""))


if __name__ == "__main__":
    # Quotes and lists may nest as deep as their author liked.
    sys.setrecursionlimit(20_000)
    main(sys.argv[1])
