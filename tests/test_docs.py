"""The documents name what exists, show files as they are, and print what the commands print."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from brigade.cli import main
from brigade.contracts import all_contracts
from brigade.queries import query_names

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
GUIDE = ROOT / "CONTRIBUTING.md"
FENCE = re.compile(r"^( *)```(\w*)$")
SPAN = re.compile(r"`([^`]+)`")
SNIPPET = re.compile(r"^`([^`]+)`:$")
PATH = re.compile(r"\.?[A-Za-z_][\w.-]*(?:/[\w.*-]+)*/?")
FILE = re.compile(r"\w\.(?:csv|css|json|lock|md|py|sql|toml)$")
ELSEWHERE = {"releases/current", "manifest.json", "__init__.py"}
"""Names that are meant within another folder."""
RELEASE = re.compile(r"\d{8}T\d{12}Z")


@dataclass(frozen=True)
class Block:
    """Fenced code, with the last line of prose before it."""

    language: str
    text: str
    before: str


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> tuple[list[str], list[Block]]:
    """The lines of a document that are no code, and its blocks of code."""
    prose: list[str] = []
    blocks: list[Block] = []
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if not (fence := FENCE.match(line)):
            prose.append(line)
            continue
        indent, language = fence.groups()
        code = []
        while (line := next(lines)) != f"{indent}```":
            code.append(line.removeprefix(indent))
        before = next((line for line in reversed(prose) if line.strip()), "")
        blocks.append(Block(language, "\n".join(code), before))
    return prose, blocks


def spans(path: Path) -> list[str]:
    """What stands in backticks within a document's prose."""
    return SPAN.findall("\n".join(read(path)[0]).replace("\n", " "))


def commands(path: Path, program: str) -> Iterator[str]:
    """Every command of a program in a document's code, in prose or in blocks."""
    lines = [line for block in read(path)[1] for line in block.text.splitlines()]
    for text in [*spans(path), *(line.removeprefix("$ ") for line in lines)]:
        if text.split(" ")[0] == program and " " in text:
            yield text


def table(path: Path, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = path.read_text(encoding="utf-8").split(f"# {heading}\n")[1].split("\n#")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_path_named_exists(document: Path) -> None:
    paths = [
        span
        for span in spans(document)
        if PATH.fullmatch(span) and ("/" in span or FILE.search(span))
    ]
    missing = [
        path
        for path in paths
        if path not in (ELSEWHERE | {*query_names()})
        and not path.startswith(".venv/")
        and not any(ROOT.glob(path.rstrip("/")))
    ]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_command_named_exists_with_its_options(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in commands(document, "brigade"):
        words = shlex.split(command)[1:]
        if words[0] == "--lang":
            words = words[2:]
        if not words:
            continue
        with pytest.raises(SystemExit) as ended:
            main([words[0], "--help"])
        assert ended.value.code == 0, command
        known = capsys.readouterr().out
        options = [word for word in words[1:] if word.startswith("--")]
        assert [option for option in options if option not in known] == [], command


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_make_target_named_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)
    wanted = {command.split(" ")[1] for command in commands(document, "make")}
    assert wanted <= {*targets}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_every_extract_and_setting_named_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    asked = set(re.findall(r"--as ([a-z_]+)", text))
    contracts = set(re.findall(r"data/contracts/(\w+)\.toml", text))
    assert asked | contracts <= {*all_contracts()}
    code = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("brigade/**/*.py"))
    settings = set(re.findall(r"\bBRIGADE_[A-Z_]+", text))
    assert [name for name in settings if f'"{name}"' not in code] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_names_said_to_be_in_a_file_are_in_it(document: Path) -> None:
    text = "\n".join(read(document)[0])
    for first, second, path in re.findall(
        r"`(\w+)`(?: and `(\w+)`)?\s+in\s+`([\w./]+\.\w+)`", text
    ):
        content = (ROOT / path).read_text(encoding="utf-8")
        for name in filter(None, (first, second)):
            assert re.search(rf"\b{name}\b", content), f"{path} has no {name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_what_is_shown_of_a_file_is_in_it(document: Path) -> None:
    for block in read(document)[1]:
        if path := SNIPPET.match(block.before):
            text = (ROOT / path[1]).read_text(encoding="utf-8")
            assert block.text in text, f"{path[1]} no longer has:\n{block.text}"


def test_the_guide_shows_one_of_each_kind() -> None:
    shown = {found[1] for block in read(GUIDE)[1] if (found := SNIPPET.match(block.before))}
    for kind in (
        "queries/*/*.sql",
        "queries/metrics.toml",
        "pages/*/*.py",
        "app.py",
        "data/contracts/*.toml",
        "brigade/ui/charts/*.py",
        "tests/queries/*.py",
    ):
        assert shown & {named(path) for path in ROOT.glob(kind)}, kind


def test_the_guide_lists_every_page_at_its_address_and_every_folder_of_queries() -> None:
    listed = table(GUIDE, "Pages and queries")
    pages = {page.strip("`"): address.strip("`") for page, address, _, _ in listed}
    expected = {
        named(path): f"/{path.parent.name}-{path.stem}" for path in ROOT.glob("pages/*/*.py")
    }
    assert pages == {**expected, "pages/overview/overview.py": "/"}
    folders = {folder.strip("`") for *_, folder in listed} - {"—"}
    assert folders == {f"queries/{name.partition('/')[0]}/" for name in query_names()}


def test_the_guide_says_of_all_tests_what_they_catch() -> None:
    listed = {name for row in table(GUIDE, "Tests") for name in SPAN.findall(row[0])}
    folders = {f"{named(path.parent)}/" for path in ROOT.glob("tests/*/test_*.py")}
    assert listed == folders | {named(path) for path in ROOT.glob("tests/test_*.py")}


def test_the_list_of_extracts_is_that_of_the_contracts() -> None:
    expected = [
        [
            f"`{contract.name}`",
            f"{contract.label.zh} {contract.label.en}",
            f"{contract.row.zh} {contract.row.en}",
            f"{contract.source.zh} {contract.source.en}",
            ", ".join(
                f"`{column.name}` {column.label.zh}"
                for column in contract.stored_columns
                if column.required
            ),
        ]
        for contract in all_contracts().values()
        if not contract.made_by
    ]
    assert table(ROOT / "docs" / "extracts.md", "Extracts · 数据种类") == expected


@pytest.mark.parametrize("readme", READMES, ids=named)
def test_a_readme_prints_what_the_commands_print(
    readme: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each in turn, as a reader would run them."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("BRIGADE_DATA", str(tmp_path))
    sessions = [block.text for block in read(readme)[1] if block.language == "console"]
    assert sessions
    for session in sessions:
        command, _, shown = session.partition("\n")
        main(shlex.split(command)[2:])
        expected = comparable(shown.removesuffix("\n…"))
        printed = comparable("".join(capsys.readouterr()))
        if shown.endswith("\n…"):
            printed = printed[: len(expected)]
        assert printed == expected, command


def comparable(output: str) -> list[list[str]]:
    """The words of each line; one release's number is as good as another's."""
    return [RELEASE.sub("ID", line).split() for line in output.rstrip("\n").splitlines()]


def test_both_readmes_have_the_same_parts_pictures_and_commands() -> None:
    outlines = []
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        prose, blocks = read(readme)
        outlines.append(
            (
                [line.split(" ")[0] for line in prose if line.startswith("#")],
                re.findall(r"docs/images/(\w+)\.", text),
                [
                    block.text.partition("\n")[0].replace(" --lang en", "")
                    for block in blocks
                    if block.text.startswith(("$ brigade", "make"))
                ],
            )
        )
    assert outlines[0] == outlines[1]
