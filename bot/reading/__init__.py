"""Text → typed values: dates, durations, and what a touchpoint's words say, by rules that can be read."""
