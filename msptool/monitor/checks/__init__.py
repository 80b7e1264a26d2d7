"""What must hold of a watched machine; one file a check."""
