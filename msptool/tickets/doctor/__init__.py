"""What is wrong with a store of tickets, and what mends it; one kind of look a file."""
