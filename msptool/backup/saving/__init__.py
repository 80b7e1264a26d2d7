"""A backup run: the jobs, their hooks, what restic saved, the seal."""
