"""What keeps the snapshots: a ledger of our own, retention that waits for proof, append-only."""
