"""What people do to tickets, one kind of act a file; each checks and writes its events."""
