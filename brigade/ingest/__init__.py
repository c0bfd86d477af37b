"""Import: from the file that a person brings to the next release."""

from brigade.ingest.publish import import_file

__all__ = ["import_file"]
