"""Throw-away places and the walls around what strangers made."""
