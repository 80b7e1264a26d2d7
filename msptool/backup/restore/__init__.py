"""Give back what was backed up, to the person who asks for it."""
