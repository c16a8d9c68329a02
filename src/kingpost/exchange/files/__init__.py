"""Read files from outside, row by row, and say exactly where one cannot be read."""
