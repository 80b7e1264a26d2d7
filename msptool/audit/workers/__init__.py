"""Programs of their own: started by the gate, they read targets from stdin, print JSON Lines.

Each holds one library or one duty that must not share our process: scapy for its licence and its
size, pysnmp for its endless walks, the grab for its time limits.
"""
