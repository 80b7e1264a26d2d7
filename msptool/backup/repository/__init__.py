"""restic repositories: where they lie, what opens them, what restic is told and answers."""
