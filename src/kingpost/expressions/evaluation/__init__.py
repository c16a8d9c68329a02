"""Turn typed trees into functions that evaluate them."""
