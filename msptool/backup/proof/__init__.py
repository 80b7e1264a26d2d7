"""The proof that a backup restores: how deep, of what, held against what, and what is signed."""
