"""The flow of a case, read anew: where its events may have led by what was decided."""
