"""Meaning probes: is what came back worth having? One file a kind of content.

`examine` picks them by type and runs them in the cell.
"""

from msptool.backup.probes.asking import Asked, Examined, Probed, examine

__all__ = ["Asked", "Examined", "Probed", "examine"]
