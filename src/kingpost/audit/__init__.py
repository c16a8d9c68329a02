"""A second opinion on what runs: it recomputes everything, with nothing of what decides."""
