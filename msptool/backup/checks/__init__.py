"""What must hold of backup jobs and repositories; one file a check."""
