"""Measurements: ourselves and the alternative in the same run, with the ratio. Never a test."""
