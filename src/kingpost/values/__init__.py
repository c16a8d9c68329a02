"""Hold the small values that every floor speaks with: addresses, diagnostics, digests, instants, money."""
