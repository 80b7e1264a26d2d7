import pytest

from msptool.backup.proof.compare import Comparison, Difference, How
from msptool.backup.proof.weigh import of_content, of_rights, weigh
from msptool.backup.repository.outcome import Outcome
from msptool.backup.verdicts import Verdict


def compared(same: int = 5, back: int | None = None, **found: How) -> Comparison:
    differences = tuple(
        Difference(f"/srv/{name}", how, kind="folder" if name.startswith("folder") else "file")
        for name, how in found.items()
    )
    return Comparison(differences, same, 0, 0, 0, 5, 100, same if back is None else back)


def verdicts(outcome: Outcome, comparison: Comparison, **said: str) -> list[Verdict]:
    complaints = {f"/srv/{name}": text for name, text in said.items()}
    return [f.verdict for f in weigh(outcome, complaints, comparison, timed_out=False)]


OK = Outcome("ok")
ERRORS = Outcome("could-not-run", "Fatal: There were 2 errors")
DAMAGED = Outcome("damaged", "ciphertext verification failed")


def test_all_came_back() -> None:
    assert verdicts(OK, compared()) == []


def test_a_file_dropped_without_a_word_is_absent() -> None:
    assert verdicts(OK, compared(a="absent")) == ["absent"]


def test_a_changed_file_is_damaged_whatever_restic_said() -> None:
    assert verdicts(OK, compared(a="differs")) == ["damaged"]
    assert verdicts(ERRORS, compared(a="differs")) == ["damaged"]
    assert verdicts(DAMAGED, compared(a="lost")) == ["damaged"]


def test_both_ills_are_named() -> None:
    assert verdicts(DAMAGED, compared(a="lost", b="absent")) == ["damaged", "absent"]


def test_lost_folders_are_not_restorable() -> None:
    assert verdicts(DAMAGED, compared(folder="lost", a="lost")) == ["not-restorable"]
    assert verdicts(Outcome("not-restorable"), compared(0, a="absent")) == ["not-restorable"]


def test_folders_without_any_file_are_not_restorable() -> None:
    assert verdicts(DAMAGED, compared(3, 0, a="lost", b="differs")) == ["not-restorable"]
    assert verdicts(ERRORS, compared(3, 0, a="lost"), a="ReadFull: short") == ["not-restorable"]
    assert verdicts(DAMAGED, compared(3, 1, a="lost")) == ["damaged"]


def test_a_restic_that_died_after_the_folders_says_nothing_of_the_files() -> None:
    assert verdicts(ERRORS, compared(3, 0, a="absent")) == ["could-not-run", "absent"]
    assert verdicts(ERRORS, compared(0, 0, a="absent")) == ["could-not-run"]


def test_damage_of_a_moved_file_is_not_hidden() -> None:
    assert verdicts(DAMAGED, compared(a="moved"), a="ciphertext verification failed") == ["damaged"]


@pytest.mark.parametrize("verdict", ["locked", "wrong-password", "disk-full"])
def test_what_could_not_be_seen_is_never_damage(verdict: Verdict) -> None:
    assert verdicts(Outcome(verdict), compared(0, a="absent", b="differs")) == [verdict]


def test_a_restore_cut_by_its_time_limit_says_nothing_of_the_data() -> None:
    faults = weigh(Outcome("could-not-run", "time"), {}, compared(a="absent"), timed_out=True)
    assert [f.verdict for f in faults] == ["could-not-run"]


def test_owners_that_cannot_be_set_are_no_damage() -> None:
    assert verdicts(ERRORS, compared(), a="Lchown: invalid argument") == []
    assert verdicts(ERRORS, compared(b="absent"), a="lchown: not permitted") == ["absent"]


def test_an_error_that_nobody_understands_is_no_pass() -> None:
    assert verdicts(ERRORS, compared()) == ["could-not-run"]
    assert verdicts(ERRORS, compared(), a="something new") == ["could-not-run"]


def test_only_complaints_of_content_count() -> None:
    said = {"/a": "Lchown: invalid argument", "/b": "UtimesNano: no", "/c": "ReadFull: short"}
    assert of_content(said) == {"/c": "ReadFull: short"}


def test_names_are_files_first() -> None:
    (fault,) = weigh(OK, {}, compared(folder="absent", z="absent", b="absent"), timed_out=False)
    assert fault.names == ("/srv/b", "/srv/z", "/srv/folder")
    assert fault.count == 2


def test_a_folder_that_restic_made_and_could_not_fill_is_not_restorable() -> None:
    box = Comparison((Difference("/srv/box/a", "lost"),), 5, 0, 0, 0, 5, 100, 5)
    assert verdicts(DAMAGED, box, box="ciphertext verification failed") == ["not-restorable"]
    assert verdicts(DAMAGED, box, bo="ciphertext verification failed") == ["damaged"]


def test_a_part_of_which_nothing_came_back_is_damaged_and_no_more() -> None:
    lost = compared(3, 0, a="lost")
    (part,) = weigh(DAMAGED, {}, lost, timed_out=False, whole=False)
    assert part.verdict == "damaged"
    (part,) = weigh(Outcome("not-restorable"), {}, lost, timed_out=False, whole=False)
    assert part.verdict == "not-restorable"


def test_what_restic_lacked_rights_for_is_known() -> None:
    said = {"/srv/null": "operation not permitted", "/srv/a": "ciphertext verification failed"}
    assert of_rights(said) == {"/srv/null"}
