"""Import: from the file that a person brings to the next release."""

from brigade.ingest.publish import import_file, import_for_outcome

__all__ = ["import_file", "import_for_outcome"]
