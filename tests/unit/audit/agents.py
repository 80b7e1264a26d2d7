"""Rows as an agent gives them, for tests; and rows as a hostile one might."""

from collections.abc import Mapping

from hypothesis import strategies as st

from msptool.audit import mib

Row = int | str


def octets(text: str | bytes) -> str:
    return "x:" + (text.encode() if isinstance(text, str) else text).hex()


def mac(text: str) -> str:
    return octets(bytes.fromhex(text.replace(":", "")))


def system(descr: str = "", object_id: str = "", name: str = "") -> dict[str, Row]:
    return {
        mib.SYS_DESCR: octets(descr),
        mib.SYS_OBJECT_ID: f"o:{object_id}",
        mib.SYS_NAME: octets(name),
    }


def column(oid: str, values: Mapping[str | int, Row]) -> dict[str, Row]:
    return {f"{oid}.{index}": value for index, value in values.items()}


def _values() -> st.SearchStrategy[Row]:
    numbers = st.integers(min_value=-(2**31), max_value=2**64)
    words = st.binary(max_size=12).map(octets)
    oids = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=9)
    return st.one_of(
        numbers,
        words,
        oids.map(lambda parts: "o:" + ".".join(map(str, parts))),
        st.just("o:1.3.6.1.4.1.9.1.1"),
        st.just("a:192.0.2.1"),
    )


def hostile() -> st.SearchStrategy[dict[str, Row]]:
    """Return rows under OIDs that we ask for, with any index and any type of value."""
    scalars = (mib.SYS_DESCR, mib.SYS_OBJECT_ID, mib.SYS_NAME, mib.SYS_UPTIME, mib.UPS_BATTERY)
    index = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8)
    inside = st.tuples(st.sampled_from(mib.SUBTREES), index).map(
        lambda found: f"{found[0]}.{'.'.join(map(str, found[1]))}"
    )
    return st.dictionaries(st.one_of(st.sampled_from(scalars), inside), _values(), max_size=12)
