"""Pure rules, one place for each decision."""
