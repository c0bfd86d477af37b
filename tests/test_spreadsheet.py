"""What a spreadsheet would run as a formula is made text, one cell or a column at a time."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade.spreadsheet import harmless, harmless_cells

RISKY = "=+-@\t\r"
CELLS = st.one_of(st.text(max_size=6), st.text(RISKY + "'\n甲1", max_size=6))


@given(CELLS)
def test_a_cell_never_begins_like_a_formula_and_nothing_else_changes(cell: str) -> None:
    assert harmless(cell) == (f"'{cell}" if cell[:1] and cell[0] in RISKY else cell)


@given(st.lists(st.none() | CELLS), st.sampled_from([pa.string(), pa.large_string()]))
def test_a_column_is_guarded_as_each_of_its_cells(
    cells: list[str | None], kind: pa.DataType
) -> None:
    column = pa.chunked_array([pa.array(cells, kind)])
    guarded = harmless_cells(column)
    assert guarded.to_pylist() == [None if cell is None else harmless(cell) for cell in cells]
    assert guarded.type == kind


@pytest.mark.parametrize("cells", [[-1, None], [-2.5, 1.0], [True, None]])
def test_what_is_no_text_stays_as_it_is(cells: list[object]) -> None:
    column = pa.chunked_array([cells])
    assert harmless_cells(column).equals(column)
