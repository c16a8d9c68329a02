"""Draw parts of a model as pictures of boxes and ways, and write them as SVG."""
