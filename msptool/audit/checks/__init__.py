"""What must hold of a client's network; one file a check."""
