"""A DMN file as a draft: names become ids, boxes become rules, and the result is read again."""
