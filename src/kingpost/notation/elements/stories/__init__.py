"""The parts of scenarios that stand in several places: values, and what must be so."""
