"""Errors that a person reads: one sentence that says what is wrong, where, and what to do."""

import secrets

from brigade.text import Text


class BrigadeError(Exception):
    """Something the reader can understand and mend; ``text`` is shown as it is."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def reference() -> str:
    """A short code that a person can read out and that finds the entry in the log."""
    return secrets.token_hex(3).upper()


class ContractError(BrigadeError):
    """A contract, query or metric file of the house is wrong."""


class ReleaseError(BrigadeError):
    """A release can't be read: a file is damaged, or a column is missing or of another type."""


class MissingExtractError(BrigadeError):
    """A query needs an extract that the release in force does not hold."""

    def __init__(self, extract: str, text: Text) -> None:
        super().__init__(text)
        self.extract = extract


class FilterError(BrigadeError):
    """A filter names a column or a value that does not exist."""


class QueryError(BrigadeError):
    """A query failed; the log has its name, its whole text and the cause."""


class UnsupportedError(QueryError):
    """A query uses what the engine in force can't do, or does otherwise."""


class EngineError(BrigadeError):
    """The engine can't be had: it doesn't answer, is not installed, or may not read the rows."""


class QuestionError(BrigadeError):
    """A person's own SQL may not be run, or has no answer."""


class InputError(BrigadeError):
    """A file that a person brought can't be taken as it is."""
