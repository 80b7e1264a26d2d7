import random
import zlib

from hypothesis import given
from hypothesis import strategies as st

from msptool.backup.probes import promise
from msptool.backup.probes.kinds import HEAD_BYTES, Candidate


def candidate(path: str, head: bytes) -> Candidate:
    return Candidate(path, len(head), head[:HEAD_BYTES])


def noise(seed: int, count: int = HEAD_BYTES) -> bytes:
    return random.Random(seed).randbytes(count)


@given(st.integers(0, 2**32), st.integers(512, HEAD_BYTES))
def test_random_bytes_are_seen_as_such_whatever_their_number(seed: int, count: int) -> None:
    assert promise.randomness(noise(seed, count)) < 450


@given(st.text(min_size=512, max_size=2000, alphabet=st.characters(max_codepoint=0x17F)))
def test_text_never_looks_encrypted(text: str) -> None:
    assert not promise.looks_encrypted(candidate("/a.pdf", text.encode()))


def test_packed_bytes_without_a_magic_differ_from_random_ones() -> None:
    words = [str(random.Random(n).randint(0, 999)) for n in range(9000)]
    packed = zlib.compress(" ".join(words).encode(), 6)[2:]
    assert promise.randomness(packed[:HEAD_BYTES]) > 300


def encrypted(seen: list[Candidate]) -> list[str]:
    return promise.encrypted((c.path, promise.looks_encrypted(c)) for c in seen)


def test_names_promise_with_and_without_what_was_appended() -> None:
    yes = ("/a.pdf", "/a.PDF", "/a.docx.locked", "/x/b.tar.gz", "/a.jpg.id-7.ryk")
    no = ("/a.pdf.gpg", "/a.txt", "/~$a.docx", "/._a.jpg", "/a.mp3", "/pdf", "/a.pdf/b")
    assert [promise.promises(candidate(path, b"")) for path in yes] == [True] * 4 + [False]
    assert not any(promise.promises(candidate(path, b"")) for path in no)


def test_a_few_are_no_alarm_half_a_folder_is() -> None:
    sound = [candidate(f"/s/{n}.pdf", b"%PDF" + noise(n)) for n in range(300)]
    bad = [candidate(f"/b/{n}.pdf", noise(n)) for n in range(3)]
    assert encrypted(sound) == []
    assert encrypted([*sound, *bad[:2]]) == []
    assert encrypted([*sound, *bad]) == ["/b/0.pdf", "/b/1.pdf", "/b/2.pdf"]
    mixed = [candidate(f"/s/x{n}.jpg", noise(n)) for n in range(40)]
    assert encrypted([*sound, *mixed[:9]]) == []
    assert len(encrypted([*sound, *mixed])) == 40


def test_only_what_must_have_content_is_empty() -> None:
    assert promise.is_empty(Candidate("/a.SQL", 0, b""))
    assert not promise.is_empty(Candidate("/a.txt", 0, b""))
    assert not promise.is_empty(Candidate("/a.sql", 1, b"x"))
