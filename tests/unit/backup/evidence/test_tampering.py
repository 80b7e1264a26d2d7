"""Whatever is done to a bundle shows, and as what it is."""

import json
import os
import random
import shutil
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.evidence import bundle, chain, check, envelope, key, statement
from msptool.backup.evidence.chain import Head
from msptool.backup.evidence.check import Item
from msptool.workspace import Workspace
from tests.unit.backup.evidence import chains
from tests.unit.backup.evidence.chains import item, kinds

STEP = 1 if os.environ.get("MSPTOOL_FULL") else 5
COUNT = 5


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = chains.workspace(tmp_path_factory.mktemp("evidence") / "acme")
    chains.append(made, "files", COUNT)
    chains.append(made, "база", 2)
    return made


@pytest.fixture(scope="module")
def exported(place: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("out") / "proof"
    bundle.export(place, [], to, with_materials=True)
    return to


@pytest.fixture(scope="module")
def items(exported: Path) -> dict[str, Item]:
    return {found.name: found for found in bundle.read(exported)}


@pytest.fixture(scope="module")
def trusted(place: Workspace) -> list[str]:
    public = key.public_key(place)
    assert public is not None
    return [public.hex()]


@pytest.fixture(scope="module")
def folder(trusted: list[str]) -> str:
    return f"evidence/files/{key.keyid(bytes.fromhex(trusted[0]))[:8]}"


@pytest.fixture(scope="module")
def heads(place: Workspace) -> list[Head]:
    return [head for job in ("files", "база") if (head := chain.head(place, job))]


def at(folder: str, number: int) -> str:
    return f"{folder}/{number:06d}.json"


def test_what_was_exported_is_intact(
    items: dict[str, Item], trusted: list[str], heads: list[Head]
) -> None:
    checked = check.verify(items.values(), trusted, heads)
    assert checked.intact and checked.key_given
    assert [(one.job, one.held, one.last) for one in checked.chains] == [
        ("база", 2, 2), ("files", COUNT, COUNT),
    ]  # fmt: skip
    assert (checked.materials, checked.absent) == (12, 0)


def without_tail(items: dict[str, Item], folder: str, kept: int) -> list[Item]:
    gone = {at(folder, n) for n in range(kept + 1, COUNT + 1)}
    return [found for name, found in items.items() if name not in gone and name.count("/") == 3]


@pytest.mark.parametrize("kept", range(1, COUNT))
def test_a_cut_tail_shows_by_a_head_alone(
    items: dict[str, Item], folder: str, trusted: list[str], heads: list[Head], kept: int
) -> None:
    cut = without_tail(items, folder, kept)
    blind = check.verify(cut, trusted)
    assert blind.intact and {one.held for one in blind.chains} == {0}
    assert kinds(check.verify(cut, trusted, heads)) == {"cut"}


def test_a_job_that_is_gone_shows_by_its_head(
    items: dict[str, Item], folder: str, trusted: list[str], heads: list[Head]
) -> None:
    left = [found for name, found in items.items() if not name.startswith("evidence/files/")]
    assert kinds(check.verify(left, trusted, heads)) == {"cut"}


def flips(data: bytes) -> Iterator[bytes]:
    """Yield the data with each byte changed (one in `STEP`), and each bit of a sample of bytes."""
    rng = random.Random(len(data))
    for n in range(rng.randrange(STEP), len(data), STEP):
        yield data[:n] + bytes([data[n] ^ 1 << rng.randrange(8)]) + data[n + 1 :]
    for n in rng.sample(range(len(data)), min(40, len(data))):
        for bit in range(8):
            yield data[:n] + bytes([data[n] ^ 1 << bit]) + data[n + 1 :]


def test_any_byte_of_any_file_that_changes_shows(
    exported: Path, items: dict[str, Item], folder: str, trusted: list[str]
) -> None:
    """Of statements, the key, the README, manifests and runs."""
    of_each = ["README.txt", "manifests/files/1.jsonl", "runs/R1-restore/manifest.json"]
    of_each += [at(folder, 2), *(name for name in items if name.startswith("evidence/public/"))]
    few = {name: found for name, found in items.items() if "/files/" in name or name in of_each}
    few = {n: i for n, i in few.items() if n in of_each or n in (at(folder, 1), at(folder, 3))}
    seen: set[str] = set()
    for name in of_each:
        for changed in flips((exported / name).read_bytes()):
            faults = check.verify({**few, name: item(name, changed)}.values(), trusted).faults
            assert [fault.name for fault in faults] == [name]
            seen.add(faults[0].kind)
    assert {"signature", "undecodable", "not-canonical", "public-key", "material"} <= seen


def test_the_range_that_is_told_holds_the_change(
    items: dict[str, Item], folder: str, trusted: list[str]
) -> None:
    """Of a character of base64 up to four change."""
    name = at(folder, 1)
    data = items[name].data
    ranged: set[str] = set()
    for n in range(len(data)):
        changed = data[:n] + bytes([data[n] ^ 1]) + data[n + 1 :]
        (fault,) = check.verify([item(name, changed)], trusted).faults
        if fault.first is not None and fault.last is not None:
            assert fault.first - 3 <= n < fault.last + 3
            assert 0 <= fault.first < fault.last <= len(changed)
            ranged.add(fault.kind)
    assert ranged == {"signature", "undecodable", "not-canonical"}


@pytest.mark.parametrize("number", range(1, COUNT))
def test_a_statement_that_is_gone_shows(
    items: dict[str, Item], folder: str, trusted: list[str], number: int
) -> None:
    left = without_tail({n: i for n, i in items.items() if n != at(folder, number)}, folder, COUNT)
    (fault,) = check.verify(left, trusted).faults
    assert (fault.kind, fault.name, fault.detail) == (
        "missing", at(folder, number + 1), str(number),
    )  # fmt: skip


def test_statements_that_changed_places_show(
    items: dict[str, Item], folder: str, trusted: list[str]
) -> None:
    for one in range(1, COUNT + 1):
        for other in range(one + 1, COUNT + 1):
            a, b = at(folder, one), at(folder, other)
            swapped = {**items, a: item(a, items[b].data), b: item(b, items[a].data)}
            faults = check.verify(swapped.values(), trusted).faults
            told = {fault.name for fault in faults if fault.kind == "misplaced"}
            assert told == {a, b}


def test_copies_and_names_of_others_show(
    items: dict[str, Item], folder: str, trusted: list[str]
) -> None:
    data = items[at(folder, 1)].data
    other = folder.replace("/files/", "/%D0%B1%D0%B0%D0%B7%D0%B0/")
    for name in (at(folder, COUNT + 1), at(other, 3), at("evidence/files/0badf00d", 1)):
        faults = check.verify([*items.values(), item(name, data)], trusted).faults
        assert [(fault.kind, fault.name) for fault in faults] == [("misplaced", name)]


def test_a_renamed_job_shows(items: dict[str, Item], trusted: list[str]) -> None:
    renamed = [item(found.name.replace("/files/", "/mail/"), found.data)
               for found in items.values() if found.name.startswith("evidence/")]  # fmt: skip
    assert kinds(check.verify(renamed, trusted)) == {"misplaced"}


@pytest.mark.parametrize("left", [0, 1, 10, -100, -2, -1])
def test_a_truncated_statement_shows(
    items: dict[str, Item], folder: str, trusted: list[str], left: int
) -> None:
    name = at(folder, COUNT)
    cut = item(name, items[name].data[:left])
    faults = check.verify({**items, name: cut}.values(), trusted).faults
    assert name in {f.name for f in faults if f.kind in ("undecodable", "not-canonical")}


def _spaced(data: bytes) -> bytes:
    return data.replace(b'","payload"', b'", "payload"')


def _reordered(data: bytes) -> bytes:
    told = json.loads(data)
    return json.dumps(dict(reversed(told.items())), separators=(",", ":")).encode() + b"\n"


def _loose_base64(data: bytes) -> bytes:
    """Set bits of the last character of the signature that decoding drops: `…A==` and `…B==`."""
    sig = json.loads(data)["signatures"][0]["sig"]
    loose = sig[:-3] + chr(ord(sig[-3]) + 1) + sig[-2:]
    assert b64decode(sig) == b64decode(loose)
    return data.replace(sig.encode(), loose.encode())


def _signed_twice(data: bytes) -> bytes:
    told = json.loads(data)
    told["signatures"] *= 2
    return json.dumps(told, separators=(",", ":")).encode() + b"\n"


def _more(data: bytes) -> bytes:
    return data.replace(b'{"payloadType"', b'{"x":1,"payloadType"')


@pytest.mark.parametrize(
    "change",
    [_spaced, _reordered, _loose_base64, _signed_twice, _more, lambda d: d + b"\n",
     lambda d: d + b"\0", lambda d: d[:-1], lambda d: b" " + d, lambda d: b"\xef\xbb\xbf" + d,
     lambda d: d.replace(b"\n", b"\r\n")],
)  # fmt: skip
def test_bytes_that_mean_the_same_are_not_the_same(
    items: dict[str, Item], folder: str, trusted: list[str], change: Callable[[bytes], bytes]
) -> None:
    name = at(folder, 3)
    changed = change(items[name].data)
    assert changed != items[name].data
    faults = check.verify({**items, name: item(name, changed)}.values(), trusted).faults
    assert [fault.name for fault in faults] == [name]
    assert kinds(check.verify([item(name, changed)], trusted)) & {"not-canonical", "undecodable"}


HOSTILE = (
    b"", b"null", b"[]", b"{}", b"[" * 100_000, b'{"a":' * 100_000, b"\xff\xfe", b"{",
    b'{"payloadType":"application/vnd.in-toto+json","payload":"","signatures":[]}\n',
    b'{"payloadType":"application/vnd.in-toto+json","payload":"!","signatures":[{"keyid":"","sig":""}]}',
    b'{"payloadType":"\xd1\x8f","payload":"\\ud800","signatures":[{"keyid":"","sig":"="}]}',
)  # fmt: skip


@pytest.mark.parametrize("data", HOSTILE)
def test_what_is_no_envelope_shows(
    items: dict[str, Item], folder: str, trusted: list[str], data: bytes
) -> None:
    name = at(folder, COUNT)
    faults = check.verify({**items, name: item(name, data)}.values(), trusted).faults
    assert (name, True) in {(f.name, f.kind in ("undecodable", "not-canonical")) for f in faults}


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises(envelope.NotCanonicalError) as caught:
        envelope.open_(data)
    assert 0 <= caught.value.first <= len(data)
    for read in (statement.decode, key.read_pem):
        with pytest.raises(ValueError):
            read(data)


def _signed(place: Workspace, payload: bytes, number: int) -> Item:
    signer = key.signer(place)
    data = envelope.seal(payload, signer.keyid, signer.sign(envelope.signed_bytes(payload)))
    return item(f"evidence/files/{signer.keyid[:8]}/{number:06d}.json", data)


def test_another_key_shows_only_beside_one_from_outside(
    place: Workspace, trusted: list[str], tmp_path: Path
) -> None:
    """A forger who signs all anew, with a key of his own beside it."""
    forged = chains.workspace(tmp_path / "forged")
    chains.append(forged, "files", COUNT)
    found = bundle.read_workspace(forged, with_materials=True)
    unknowing = check.verify(found)
    assert unknowing.intact and not unknowing.key_given
    faults = check.verify(found, trusted).faults
    assert [fault.kind for fault in faults] == ["foreign-key"] * COUNT


def test_a_key_may_be_given_by_its_id(items: dict[str, Item], trusted: list[str]) -> None:
    assert check.verify(items.values(), [key.keyid(bytes.fromhex(trusted[0]))]).intact
    assert kinds(check.verify(items.values(), ["0" * 64])) >= {"foreign-key"}


def test_history_that_its_signer_rewrote_shows_by_a_head(
    place: Workspace, heads: list[Head], trusted: list[str], tmp_path: Path
) -> None:
    rewritten = chains.copy(place, tmp_path / "rewritten")
    shutil.rmtree(rewritten.evidence / "files")
    for day in range(COUNT):
        chain.append(rewritten, chains.predicate("files", day, verdict="stale"))
    found = bundle.read_workspace(rewritten, with_materials=False)
    assert check.verify(found, trusted).intact
    assert kinds(check.verify(found, trusted, heads)) == {"rewritten"}


def test_a_fork_shows(place: Workspace, trusted: list[str], folder: str, tmp_path: Path) -> None:
    """The same key on two machines: each made its own third proof, and theirs came together."""
    fork = chains.copy(place, tmp_path / "fork")
    for n in range(3, COUNT + 1):
        (fork.root / at(folder, n)).unlink()
    chain.append(fork, chains.predicate("files", 99))
    shutil.copy(place.root / at(folder, 4), fork.root / at(folder, 4))
    (fault,) = check.verify(bundle.read_workspace(fork, with_materials=False), trusted).faults
    assert (fault.kind, fault.name) == ("chain", at(folder, 4))


def test_what_is_signed_but_ambiguous_shows(place: Workspace, trusted: list[str]) -> None:
    payload = statement.encode(statement.Statement(predicate=chains.predicate(sequence=1)))
    good = check.verify([_signed(place, payload, 1)], trusted)
    assert good.intact
    twice = payload.replace(b'"verdict":"ok"', b'"verdict":"damaged","verdict":"ok"')
    spaced = payload.replace(b",", b", ", 1)
    newer = payload.replace(b"restore-proof:1", b"restore-proof:2")
    for bad in (twice, spaced, newer, payload + b" ", b"{}", b"[" * 9999):
        assert kinds(check.verify([_signed(place, bad, 1)], trusted)) == {"undecodable"}


def test_a_field_of_a_newer_version_breaks_nothing(place: Workspace, trusted: list[str]) -> None:
    payload = statement.encode(statement.Statement(predicate=chains.predicate(sequence=1)))
    newer = payload.replace(b'"verdict":', b'"ventilated":true,"verdict":')
    assert check.verify([_signed(place, newer, 1)], trusted).intact


def test_a_huge_file_is_not_read_into_memory(exported: Path, folder: str, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(exported, spoilt)
    with (spoilt / at(folder, COUNT)).open("ab") as file:
        file.truncate(200 * 1024 * 1024)
    found = bundle.read(spoilt)
    assert max(len(one.data) for one in found) <= chain.LIMIT_BYTES
    (fault,) = check.verify(found).faults[:1]
    assert (fault.kind, fault.name) == ("too-large", at(folder, COUNT))


@pytest.mark.parametrize(
    "name", ["x", "evidence/x", "evidence/files/x.json", "evidence/files/00000000/1.json",
             "evidence/public/x.txt", "manifests/files/x.jsonl", "evidence/files/a/b/000001.json"]
)  # fmt: skip
def test_a_file_of_nobody_shows(items: dict[str, Item], trusted: list[str], name: str) -> None:
    faults = check.verify([*items.values(), item(name, b"x")], trusted).faults
    assert [fault.name for fault in faults] == [name]


def test_links_and_folders_in_place_of_files_show(
    exported: Path, folder: str, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(exported, spoilt)
    inside = spoilt / at(folder, 1)
    shutil.move(inside, tmp_path / "moved")
    inside.symlink_to(tmp_path / "moved")
    (spoilt / "evidence/away").symlink_to("/etc")
    told = {fault.name for fault in check.verify(bundle.read(spoilt)).faults}
    assert told == {at(folder, 1), "evidence/away"}


def test_base64_of_the_golden_kind(items: dict[str, Item], folder: str) -> None:
    """The envelope is DSSE as others write it."""
    told = json.loads(items[at(folder, 1)].data)
    assert list(told) == ["payloadType", "payload", "signatures"]
    payload = b64decode(told["payload"], validate=True)
    assert b64encode(payload).decode() == told["payload"]
    assert json.loads(payload)["_type"] == "https://in-toto.io/Statement/v1"
    assert envelope.signed_bytes(b"hello").startswith(b"DSSEv1 28 application/vnd.in-toto+json 5 h")
