"""Ask and hear other systems, and act on what goes wrong with that."""
