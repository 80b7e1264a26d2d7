"""A measured office LAN: drawn from a seed, run in namespaces, with its truth and its counters."""
