"""Commands that take files of other programs in, and write them."""
