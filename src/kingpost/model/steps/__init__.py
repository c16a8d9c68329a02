"""Say what the steps of a workflow are made of."""
