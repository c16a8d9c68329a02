"""Find what is unsound in how work moves: blocks, flow, steps and exceptions."""
