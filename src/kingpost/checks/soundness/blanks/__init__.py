"""Tables that a case may ask about an empty field, and the ways to them."""
