"""Published figures beside what the rows give: read from a TOML, computed, checked, judged."""
