"""The register through the API: who holds what, and what is lent."""
