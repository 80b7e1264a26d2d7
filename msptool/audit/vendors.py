"""Enterprise numbers that name an agent, not the maker of the machine it runs on.

Who stands behind the others, say the families, profiles/makers.yaml and, last, IANA's registry.
"""

AGENTS = (8072, 311, 99, 2021, 0)  # net-snmp, Windows, SNMP Research, UCD: of no maker
