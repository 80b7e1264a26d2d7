"""Back up with restic on schedule, and prove that what was backed up restores."""
