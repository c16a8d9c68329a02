"""Read what pages show: plain values at one moment, without words or formatting."""
