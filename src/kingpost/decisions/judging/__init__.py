"""Judge one command after the other kind: the rules behind `decide`, and what they set going."""
