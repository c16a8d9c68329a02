"""The handbook of a company: pages that tell its model, as values for any face to show."""
