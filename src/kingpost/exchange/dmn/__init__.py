"""DMN files in and out: models of decisions as XML, from DMN 1.1 to DMN 1.6."""
