"""What the LAN's services say: one small responder a protocol, as real servers of it answer."""
