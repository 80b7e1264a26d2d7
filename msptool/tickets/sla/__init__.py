"""When a ticket must be answered and done, by the client's plan."""
