"""The kinds of source: what each gives to restic, and what is known of it to be sealed."""
