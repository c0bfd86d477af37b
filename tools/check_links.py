"""Find dead links in the Markdown files: relative paths and anchors that don't exist.

Links to other sites are not followed. Exit code 1 when there is a dead link.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$")
MARKED = re.compile(r"<[^>]+\s(?:id|name)=[\"']([^\"']+)")
LINKS = (
    re.compile(r"\]\(\s*<([^>]+)>"),  # [text](<a path with spaces>)
    re.compile(r"\]\(\s*([^)\s<]+(?:\([^)\s]*\)[^)\s]*)?)"),  # [text](path "title")
    re.compile(r"^ {0,3}\[[^\]^][^\]]*\]:\s*<?([^\s>]+)"),  # [name]: path
    re.compile(r"<(?:a|img|source)\b[^>]*\s(?:href|src|srcset)=[\"']([^\"']+)"),
)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of a Markdown text that are not code."""
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield number, line


def slug(heading: str) -> str:
    """The anchor that code hosts make of a heading: no capitals, no punctuation, hyphens."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"<[^>]+>|[`*]", "", text)
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


@cache
def anchors(path: Path) -> frozenset[str]:
    """Every anchor of a Markdown file: its headings, a repeated one numbered, and its HTML ids."""
    found: set[str] = set()
    seen: dict[str, int] = {}
    for _, line in lines(path.read_text(encoding="utf-8")):
        found.update(MARKED.findall(line))
        if heading := HEADING.match(line):
            name = slug(heading[1])
            found.add(f"{name}-{seen[name]}" if name in seen else name)
            seen[name] = seen.get(name, 0) + 1
    return frozenset(found)


def fault(root: Path, file: Path, target: str) -> str | None:
    """What is wrong with one link of a file, or None."""
    name, _, anchor = unquote(target).partition("#")
    name = name.partition("?")[0]
    # A path that begins with a slash begins at the root of the repository.
    path = (root / name[1:] if name.startswith("/") else file.parent / name) if name else file
    path = path.resolve()
    if not path.is_relative_to(root):
        return "leads out of the repository"
    if not path.exists():
        return "there is no such file"
    if anchor and path.suffix == ".md" and anchor not in anchors(path):
        return "the file has no such heading"
    return None


def dead_links(root: Path) -> Iterator[str]:
    """One line for each dead link below a folder: file, line, link and what is wrong with it."""
    root = root.resolve()
    for file in sorted(root.rglob("*.md")):
        if any(part.startswith(".") for part in file.relative_to(root).parts):
            continue
        for number, line in lines(file.read_text(encoding="utf-8")):
            plain = CODE.sub("", line)
            for target in (found for link in LINKS for found in link.findall(plain)):
                if ELSEWHERE.match(target):
                    continue
                if wrong := fault(root, file, target):
                    yield f"{file.relative_to(root)}:{number}: {target}: {wrong}"


def main() -> int:
    """Check the repository that this file is in."""
    found = list(dead_links(Path(__file__).parents[1]))
    for line in found:
        print(line)
    print(f"{len(found)} dead links" if found else "No dead links.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
