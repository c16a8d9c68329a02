"""Classes of values, of which one stands for all that a condition treats alike."""
