"""Keys and chains on disk: made on first use, private, whole, going on after whatever happened."""

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec

from msptool import files
from msptool.backup import evidence
from msptool.backup.evidence import bundle, chain, check, key, statement
from msptool.errors import DiskError, MsptoolError, UnsafeError, UsageError
from msptool.workspace import Workspace
from tests.unit.backup.evidence import chains
from tests.unit.backup.evidence.chains import kinds


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return chains.workspace(tmp_path / "acme")


def checked(place: Workspace) -> check.Checked:
    return check.verify(bundle.read_workspace(place, with_materials=True))


def test_each_head_is_the_next_and_names_the_one_before(place: Workspace) -> None:
    heads = chains.append(place, "files", 3)
    assert [head.sequence for head in heads] == [1, 2, 3]
    assert evidence.head(place, "files") == heads[-1]
    public = evidence.public_key(place)
    assert public is not None
    assert evidence.facts(place, "files") == {
        "evidence_seq": 3, "evidence_head": heads[-1].sha256, "evidence_key": public.hex(),
    }  # fmt: skip
    assert evidence.facts(place, "mail") == {}
    told = checked(place).chains[0].sound
    assert [told[n].predicate.previous for n in (1, 2, 3)] == ["", *(h.sha256 for h in heads[:2])]


def test_jobs_have_chains_of_their_own_whatever_they_are_called(place: Workspace) -> None:
    for job in ("files", "public", "..", "a/b", "база данных", "x" * 60):
        assert chains.append(place, job.replace("/", "-").replace("..", "dots"))
    chain.append(place, chains.predicate("a/../b"))
    assert {one.job for one in checked(place).chains} >= {"a/../b", "public", "база данных"}
    assert checked(place).intact
    assert {"a/../b", "public"} <= set(chain.jobs(place))


def test_before_the_first_proof_there_is_no_key_and_no_head(place: Workspace) -> None:
    assert evidence.public_key(place) is None and evidence.head(place, "files") is None
    assert evidence.facts(place, "files") == {}
    assert chain.jobs(place) == ()
    assert not (place.root / "secrets").exists()


def test_the_key_is_private_and_its_public_half_is_beside_the_proofs(place: Workspace) -> None:
    before = os.umask(0)
    try:
        (head,) = chains.append(place)
    finally:
        os.umask(before)
    private = place.root / key.PRIVATE
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----")
    assert (private.parent / ".gitignore").read_text() == "*\n"
    public = evidence.public_key(place)
    assert public is not None
    assert (place.evidence / "public" / f"{head.keyid}.pem").read_bytes() == key.pem(public)
    assert key.keyid(public) == head.keyid
    assert "rivate" not in repr(key.signer(place))


def test_a_lost_key_begins_a_new_chain_and_the_old_one_still_counts(place: Workspace) -> None:
    (old,) = chains.append(place, "files", 1)
    first = evidence.public_key(place)
    (place.root / key.PRIVATE).unlink()
    assert evidence.head(place, "files") is None
    (new,) = chains.append(place, "files", 1)
    second = evidence.public_key(place)
    assert (new.sequence, new.keyid == old.keyid) == (1, False)
    assert first is not None and second is not None
    found = bundle.read_workspace(place, with_materials=True)
    assert check.verify(found, [first.hex(), second.hex()], [old, new]).intact
    assert kinds(check.verify(found, [second.hex()])) == {"foreign-key"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_a_key_that_others_can_read_is_refused(place: Workspace, mode: int) -> None:
    chains.append(place)
    (place.root / key.PRIVATE).chmod(mode)
    with pytest.raises(UnsafeError) as caught:
        chains.append(place)
    assert caught.value.code == "secret.readable"


def _p256() -> bytes:
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


@pytest.mark.parametrize("data", [b"x", b"\xff\xfe\x00", _p256()])
def test_a_key_file_that_is_none_is_left_alone(place: Workspace, data: bytes) -> None:
    files.make_folder(place.root / "secrets")
    files.create(place.root / key.PRIVATE, data)
    with pytest.raises(UsageError) as caught:
        chains.append(place)
    assert caught.value.code == "evidence.key"
    assert (place.root / key.PRIVATE).read_bytes() == data


def test_a_writer_that_comes_second_takes_the_next_place(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one writes between our look at the head and our write."""
    create, raced = files.create, iter([True])

    def late(path: Path, data: bytes) -> bool:
        if path.suffix == ".json" and next(raced, False):
            chains.append(place)
        return create(path, data)

    monkeypatch.setattr(files, "create", late)
    assert chain.append(place, chains.predicate()).sequence == 2
    assert checked(place).intact


def test_a_full_disk_leaves_nothing_half(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    chains.append(place, count=2)
    with monkeypatch.context() as full:
        full.setattr(os, "write", _no_space)
        with pytest.raises(DiskError):
            chain.append(place, chains.predicate())
    assert len(list(place.evidence.rglob("*.*"))) == 3
    assert chain.append(place, chains.predicate()).sequence == 3
    assert checked(place).intact


def _no_space(_handle: int, _data: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_what_a_kill_left_is_no_fault_and_goes_to_nobody(place: Workspace, tmp_path: Path) -> None:
    (head,) = chains.append(place)
    folder = place.evidence / "files" / head.keyid[:8]
    (folder / ".msptool-0123456789abcdef.tmp").write_bytes(b"{")
    assert checked(place).intact
    bundle.export(place, [], tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.tmp"))
    assert chain.append(place, chains.predicate()).sequence == 2


def test_after_a_spoilt_proof_the_chain_goes_on_and_it_alone_is_wrong(place: Workspace) -> None:
    (head,) = chains.append(place)
    path = place.evidence / "files" / head.keyid[:8] / "000001.json"
    path.write_bytes(b"spoilt")
    assert chain.append(place, chains.predicate()).sequence == 2
    assert [fault.kind for fault in checked(place).faults] == ["undecodable"]
    path.write_bytes(b"other")
    assert len(checked(place).faults) == 1


def test_a_statement_that_nobody_would_read_is_not_written(place: Workspace) -> None:
    probes = tuple(statement.Probe(kind="x", object="y" * 1000, verdict="ok") for _ in range(4000))
    with pytest.raises(UsageError) as caught:
        chain.append(place, chains.predicate(probes=probes))
    assert caught.value.code == "evidence.size"
    assert evidence.head(place, "files") is None


@pytest.mark.parametrize("job", ["files", "a:b", "база", "x:1:" + "0" * 64])
def test_a_head_reads_as_it_is_written(job: str) -> None:
    head = chain.Head(job, "", 12, "ab" * 32)
    assert chain.parse_head(str(head)) == head


@pytest.mark.parametrize(
    "text", ["", "files", "files:1", "files:0:" + "a" * 64, "files:1:" + "a" * 63,
             "files:-1:" + "a" * 64, ":1:" + "a" * 64, "files:1:" + "g" * 64]
)  # fmt: skip
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        chain.parse_head(text)
    assert caught.value.code == "evidence.head"


def test_materials_outside_of_manifests_and_runs_are_never_read(
    place: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("canary")
    uris = ("../secret", "secrets/evidence.key", "/etc/passwd", "runs/../secrets/evidence.key",
            "manifests//../../secret", "client.yaml")  # fmt: skip
    named = tuple(statement.material(uri, "0" * 64) for uri in uris)
    chain.append(place, chains.predicate(materials=named))
    made = bundle.export(place, [], tmp_path / "out", with_materials=True)
    assert made.materials == 0
    assert not [
        p for p in (tmp_path / "out").rglob("*") if p.is_file() and b"canary" in p.read_bytes()
    ]
    assert checked(place).absent == len(uris)


def test_an_export_is_of_the_jobs_that_were_named(place: Workspace, tmp_path: Path) -> None:
    for job in ("files", "mail"):
        chains.append(place, job, 2)
    made = bundle.export(place, ["mail"], tmp_path / "out", with_materials=True)
    assert (made.statements, made.materials, made.absent) == (2, 4, 0)
    assert [one.job for one in check.verify(bundle.read(tmp_path / "out")).chains] == ["mail"]
    with pytest.raises(MsptoolError) as caught:
        bundle.export(place, ["mial"], tmp_path / "other")
    assert (caught.value.code, caught.value.nearest) == ("evidence.job", ("mail",))
    with pytest.raises(MsptoolError) as caught:
        bundle.export(place, [], tmp_path / "out")
    assert caught.value.code == "evidence.exists"


def test_materials_that_are_gone_are_counted(place: Workspace, tmp_path: Path) -> None:
    chains.append(place, "files", 2)
    (place.manifests / "files/0.jsonl").unlink()
    made = bundle.export(place, [], tmp_path / "out", with_materials=True)
    assert (made.materials, made.absent) == (3, 1)
    told = check.verify(bundle.read(tmp_path / "out"))
    assert told.intact and (told.materials, told.absent) == (3, 1)


@pytest.mark.parametrize("where", ["gone", "empty"])
def test_where_there_are_no_proofs_is_no_proof(tmp_path: Path, where: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as caught:
        bundle.read(tmp_path / where)
    assert caught.value.code == "evidence.none"


def test_the_readme_of_today_is_known() -> None:
    assert chains.item("README.txt", bundle.readme()).sha256 in check.READMES
