"""Which users a namespace of ours has."""

from msptool.backup.probes import namespaces


def test_each_user_stays_who_he_was() -> None:
    assert namespaces.same_users("         0          0 4294967295\n") == "0 0 4294967295\n"
    rootless = "         0       1000          1\n         1     100000      65536\n"
    assert namespaces.same_users(rootless) == "0 0 1\n1 1 65536\n"
