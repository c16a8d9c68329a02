"""Read metrics: what they come to, and exactly what they count."""
