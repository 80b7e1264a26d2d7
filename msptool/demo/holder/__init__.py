"""What runs inside the site's namespaces: PID 1 and a cell for each host. Standard library only.

Started as a bare interpreter (`python -SE`), so that forty processes share its pages and it is up
in milliseconds. It forks and execs by itself: an init has children that outlive every call.
"""
