"""What devices announce to everyone on the cable: one pure reader a protocol. Sends nothing."""
