"""What runs inside the LAN's namespaces: the wires, the services, the counter, the relay."""
