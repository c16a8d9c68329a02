"""Plans of changes: kept as they were foreseen, and applied unchanged or not at all."""
