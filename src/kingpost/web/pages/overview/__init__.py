"""Pages that look over the work: processes, objectives, obligations and the organisation."""
