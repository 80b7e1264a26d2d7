"""Find out what is on a client's network and in what state: probe, identify, check."""
