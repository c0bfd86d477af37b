"""Refusals that every kind of file can earn."""

from brigade.errors import InputError
from brigade.text import Text


def place(file: str, sheet: str | None) -> Text:
    """A file, and its sheet where it has any, in words."""
    if sheet is None:
        return Text(f"文件 {file}", f"file {file}")
    return Text(f"文件 {file} 的工作表“{sheet}”", f"sheet “{sheet}” of file {file}")


def no_rows(file: str, sheet: str | None = None) -> InputError:
    """There is nothing below the headers."""
    where = place(file, sheet)
    return InputError(
        Text(
            f"{where.zh}没有数据行：应先有一行列名，再有至少一行数据。",
            f"There are no rows in {where.en}: it needs a row of headers and at least one of data.",
        )
    )


def no_header_there(file: str, sheet: str | None, row: int) -> InputError:
    """The row that a person has named as that of the headers is blank or not there."""
    where = place(file, sheet)
    return InputError(
        Text(
            f"{where.zh}第 {row} 行是空行或不存在，不能作列名。请核对列名所在的行号。",
            f"Row {row} of {where.en} is blank or not there, so it can't have the headers. "
            "Check the number of the row.",
        )
    )


def unreadable(file: str, error: Exception) -> InputError:
    """The file is of a known kind, and damaged."""
    return InputError(
        Text(
            f"文件 {file} 已损坏或不完整（{error}）。请重新导出或复制后再导入。",
            f"File {file} is damaged or cut short ({error}). Export or copy it again.",
        )
    )
