"""Dead links in the documentation are found, and living ones are not called dead."""

from pathlib import Path

import pytest

from tools.check_links import dead_links, slug

GUIDE = """\
# Import a file

## 常见问题（FAQ）

## Same

## Same

<a id="by-hand"></a>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "guide.md").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "docs" / "a picture.png").touch()
    (tmp_path / "Makefile").touch()
    return tmp_path


@pytest.mark.parametrize(
    "line",
    [
        "[guide](docs/guide.md)",
        '[guide](docs/guide.md "title")',
        "[guide](docs/guide.md#import-a-file)",
        "[问题](docs/guide.md#常见问题faq)",
        "[问题](docs/guide.md#%E5%B8%B8%E8%A7%81%E9%97%AE%E9%A2%98faq)",
        "[second](docs/guide.md#same-1)",
        "[html](docs/guide.md#by-hand)",
        "![picture](<docs/a picture.png>)",
        "![picture](docs/a%20picture.png)",
        "[folder](docs/) and [root](/Makefile)",
        "[elsewhere](https://example.org/none.md#none)",
        "[mail](mailto:a@example.org)",
        "`[code](none.md)`",
        "```\n[code](none.md)\n```",
        "# Here\n\n[above](#here)",
        "[text][name]\n\n[name]: docs/guide.md",
    ],
)
def test_a_living_link_is_not_reported(root: Path, line: str) -> None:
    (root / "README.md").write_text(line, encoding="utf-8")
    assert list(dead_links(root)) == []


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("[none](docs/none.md)", "docs/none.md"),
        ("[none](docs/guide.md#none)", "docs/guide.md#none"),
        ("[third](docs/guide.md#same-2)", "docs/guide.md#same-2"),
        ("[here](#none)", "#none"),
        ("[out](../none.md)", "../none.md"),
        ("[one](Makefile) [two](none)", "none"),
        ('<img alt="picture" src="none.png">', "none.png"),
        ("[![badge](none.svg)](Makefile)", "none.svg"),
        ("[![badge](Makefile)](none.md)", "none.md"),
        ("[text][name]\n\n[name]: none.md", "none.md"),
        ("```\ncode\n```\n[none](none.md)", "none.md"),
    ],
)
def test_a_dead_link_is_reported_with_its_place(root: Path, line: str, target: str) -> None:
    (root / "README.md").write_text(line, encoding="utf-8")
    number = line.count("\n") + 1
    (found,) = dead_links(root)
    assert found.startswith(f"README.md:{number}: {target}: ")


def test_links_of_a_file_in_a_folder_start_there(root: Path) -> None:
    text = GUIDE + "[up](../Makefile) [beside](guide.md) [none](Makefile)"
    (root / "docs" / "guide.md").write_text(text, encoding="utf-8")
    (found,) = dead_links(root)
    assert ": Makefile: " in found


def test_files_of_hidden_folders_are_left_alone(root: Path) -> None:
    (root / ".venv").mkdir()
    (root / ".venv" / "README.md").write_text("[none](none.md)", encoding="utf-8")
    assert list(dead_links(root)) == []


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Set-up, then `make run`", "set-up-then-make-run"),
        ("数据 → 版本", "数据--版本"),
        ("[Data](DATA.md) and a_name", "data-and-a_name"),
    ],
)
def test_anchors_are_those_of_code_hosts(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor
