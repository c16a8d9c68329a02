"""Take a model apart: every part by its address, and every link between two of them."""
