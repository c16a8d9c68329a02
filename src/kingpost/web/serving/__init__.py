"""Serve: headers, static files, who visits, and the answer itself."""
