"""A person's own question in SQL: what it may be made of, what it is bound to, its rows."""

from brigade.console.allowed import FUNCTIONS, TABLE_FUNCTIONS
from brigade.console.ask import ROWS_SAVED, ROWS_SHOWN, Answer, ask
from brigade.console.question import LETTERS, Question, read_question

__all__ = [
    "FUNCTIONS",
    "LETTERS",
    "ROWS_SAVED",
    "ROWS_SHOWN",
    "TABLE_FUNCTIONS",
    "Answer",
    "Question",
    "ask",
    "read_question",
]
