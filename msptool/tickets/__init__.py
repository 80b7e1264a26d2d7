"""A service desk in files: findings and requests become tickets with a history."""
