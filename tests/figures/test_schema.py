"""A list that is wrong is refused in one sentence that names the file and the entry."""

from pathlib import Path

import pytest

from brigade.errors import InputError
from brigade.figures.published import read_published
from tests.figures.conftest import Judge

GOOD = 'zh = "事故"\nen = "Crashes"\nvalue = 1\n'


@pytest.mark.parametrize(
    ("text", "entry", "named"),
    [
        (f'[figure.a]\n{GOOD}metrik = "crashes"', "figure.a", "metrik"),
        (f'[figure.a]\n{GOOD}metric = "crashs"', "figure.a", "crashs"),
        (f'[figure.a]\n{GOOD}metric = "crashes"\nquery = "no/such"', "figure.a", "no/such"),
        (f'[figure.a]\n{GOOD}metric = "crashes"\nquery = "overview/crashes_by_month"',
         "figure.a", "month"),
        (f'[figure.a]\n{GOOD}metric = "crashes"\nwhere = {{ "hazards.kind" = ["x"] }}',
         "figure.a", "hazards.kind"),
        (f'[figure.a]\n{GOOD}where = {{ nothing = ["x"] }}', "figure.a", "nothing"),
        (f'[figure.a]\n{GOOD}where = {{ township = "x" }}', "figure.a", "where"),
        (f'[figure.a]\n{GOOD}kind = "guess"', "figure.a", "guess"),
        (f'[figure.a]\n{GOOD}kind = "falls"\nmetric = "crashes"', "figure.a", "since"),
        (f'[figure.a]\n{GOOD}kind = "falls"\nmetric = "crashes"\nsince = 2022', "figure.a", "2022"),
        (f"[figure.a]\n{GOOD}scale = 0", "figure.a", "scale"),
        (f"[figure.a]\n{GOOD}from = 2022-06-30\nto = 2022-01-01", "figure.a", "2022-06-30"),
        (f'[figure.a]\n{GOOD}from = "June"', "figure.a", "from"),
        (f'[figure.a]\n{GOOD}group = "none"', "figure.a", "group.none"),
        ('[figure.a]\nzh = "事故"\nvalue = 1', "figure.a", "en"),
        ('[figure.a]\nzh = "事故"\nen = "Crashes"\nvalue = "many"', "figure.a", "value"),
        (f'[figure.a]\n{GOOD}[check.b]\nkind = "sum"\nparts = ["a"]', "check.b", "total"),
        (f'[figure.a]\n{GOOD}[check.b]\nkind = "sum"\nparts = ["z"]\ntotal = 1', "check.b", "z"),
        (f'[figure.a]\n{GOOD}[check.b]\nkind = "sum"\nparts = "a"\ntotal = 1', "check.b", "parts"),
        (f'[figure.a]\n{GOOD}[check.b]\nkind = "likely"\nof = ["a"]\nper = 2\nmetric = "x"\n'
         "times = 2", "check.b", "x"),
        ("[figures.a]\nvalue = 1", "figures", "figures"),
        ("figure = 3", "figure", "figure"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_file_and_entry(
    judge: Judge, text: str, entry: str, named: str
) -> None:
    with pytest.raises(InputError) as raised:
        judge(text)
    for said in (raised.value.text.zh, raised.value.text.en):
        assert said.startswith("bulletin.toml")
        assert f"[{entry}]" in said
        assert named in said
        assert "\n" not in said


def test_what_is_no_toml_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "text.toml"
    path.write_text("下降 8.3%", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_published(path)
    assert "text.toml" in raised.value.text.zh


def test_a_number_keeps_the_decimals_that_it_was_written_with(tmp_path: Path) -> None:
    path = tmp_path / "text.toml"
    path.write_text(f"[figure.a]\n{GOOD.replace('1', '8.30')}", encoding="utf-8")
    assert str(read_published(path).figures[0].value) == "8.30"
