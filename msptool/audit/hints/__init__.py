"""Where to look, by what others say: tables of agents, leases, names. No proof of life."""
