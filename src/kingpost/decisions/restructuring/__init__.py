"""A change of the organisation: who comes to which seat, and what nobody has said yet."""
