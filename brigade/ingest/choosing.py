"""What a person chooses for a file's headers, as the rules of a mapping."""

from collections.abc import Mapping

from brigade.contracts import Contract
from brigade.ingest.headers import matches
from brigade.ingest.mapping import MappingFile, Rule
from brigade.ingest.read import Table, header_form
from brigade.ingest.suggest import Suggestion


def columns_taken(
    table: Table, extract: Contract, mapping: MappingFile | None = None
) -> dict[int, str]:
    """The column that each header's position is read as, by a mapping first, then by name."""
    found = matches(table.headers, extract, two_rows=table.two_rows)
    rules = mapping.rules if mapping else {}
    taken = {
        position: name
        for name, positions in found.items()
        if name not in rules or rules[name].only_if_missing
        for position in positions
    }
    forms = {header_form(header): position for position, header in enumerate(table.headers)}
    for name, rule in rules.items():
        for source in rule.sources:
            here = forms.get(header_form(source))
            for position in found.get(source, ()) if here is None else (here,):
                taken.setdefault(position, name)
    return taken


def changed_rules(
    table: Table,
    taken: Mapping[int, str],
    wanted: Mapping[int, str | None],
    suggested: Mapping[int, Suggestion],
) -> dict[str, Rule]:
    """The rules that make the columns wanted, for those that are not so already.

    A column that nothing is to be read as any more is made empty, or its name would find it again.
    """
    rules: dict[str, Rule] = {}
    for position, name in wanted.items():
        before = taken.get(position)
        if name == before:
            continue
        if before is not None:
            rules.setdefault(before, Rule(value=""))
        if name is not None:
            likely = suggested[position].likely if position in suggested else ()
            known = next((one.rule for one in likely if one.column.name == name), None)
            rules[name] = known or Rule(sources=(table.headers[position],))
    return rules


def with_rules(mapping: MappingFile | None, rules: Mapping[str, Rule]) -> MappingFile | None:
    """A mapping with some rules in the place of its own; as it is where there are none."""
    if not rules:
        return mapping
    before = mapping.rules if mapping else {}
    return MappingFile(mapping.name if mapping else "", {**before, **rules})
