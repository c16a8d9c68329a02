"""Say which properties each kind of element has, and what is built of them."""
