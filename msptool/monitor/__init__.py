"""Watch the health of this machine: probe, compare with thresholds."""
