"""What this room says of its own accord, in both languages; what restic says stays as it is."""

import re
from collections.abc import Mapping

NOT_THERE = "paths of the job are not there"
UNREAD = "parts of the source could not be read"
NO_FILES = "there is no file to save: is the source mounted?"
NO_SNAPSHOT = "restic said it was done, and the repository lists no such snapshot"
EARLIER_DAMAGED = "the new snapshot is made, but restic could not read an earlier one"
NO_SEALED = "no backup with a sealed manifest"
OLD = "the newest backup is older than agreed"
LOST_SNAPSHOT = "the newest sealed snapshot is no longer in the repository"
UNREADABLE_SNAPSHOT = "snapshots that cannot be read"
NO_ROOM = "too little room for a test restore, missing"
NO_INODES = "too few inodes for a test restore, missing"
CHANGED_MANIFEST = "the sealed manifest was changed after the backup"
NO_MANIFEST = "the sealed manifest cannot be read"
NO_RECORD = "no backup run tells of the sealed manifest"
SEALED_INCOMPLETE = "the backup was made of an incomplete source"
NOT_AS_SEALED = "files did not come back as they were sealed"
NOTHING_BACK = "nothing came back from an empty cache"
FOLDERS_LOST = "whole folders did not come back from an empty cache"
DROPPED = "files of the sealed manifest are not in the snapshot"
DROPPED_UNSEALED = "files of the source are not in a newer snapshot that has no manifest"
COMPLAINED = "restic met damage"
NO_TIME = "the time limit ran out"
TOO_MUCH = "it said too much"
NO_ANSWER = "the answer of restic cannot be read"

RUSSIAN: Mapping[str, str] = {
    NOT_THERE: "путей задания нет на месте",
    UNREAD: "часть источника не удалось прочитать",
    NO_FILES: "нет ни одного файла: подключён ли источник?",
    NO_SNAPSHOT: "restic сообщил об успехе, но такого снимка в хранилище нет",
    EARLIER_DAMAGED: "новый снимок сделан, но restic не смог прочитать более ранний",
    NO_SEALED: "нет ни одной копии с опечатанной описью",
    OLD: "последняя копия старше, чем договорено",
    LOST_SNAPSHOT: "последнего опечатанного снимка больше нет в хранилище",
    UNREADABLE_SNAPSHOT: "снимки, которые не читаются",
    NO_ROOM: "мало места для пробного восстановления, не хватает",
    NO_INODES: "мало inode для пробного восстановления, не хватает",
    CHANGED_MANIFEST: "опечатанную опись изменили после копирования",
    NO_MANIFEST: "опечатанная опись не читается",
    NO_RECORD: "ни один запуск копирования не сообщает об опечатанной описи",
    SEALED_INCOMPLETE: "копия сделана с неполного источника",
    NOT_AS_SEALED: "файлы вернулись не такими, какими были опечатаны",
    NOTHING_BACK: "с пустым кэшем не вернулось ничего",
    FOLDERS_LOST: "с пустым кэшем не вернулись целые папки",
    DROPPED: "файлов из опечатанной описи нет в снимке",
    DROPPED_UNSEALED: "файлов источника нет в более новом снимке без описи",
    COMPLAINED: "restic встретил повреждение",
    NO_TIME: "истёк лимит времени",
    TOO_MUCH: "вывод restic слишком длинный",
    NO_ANSWER: "ответ restic не читается",
}
# What the rest of the house says when it breaks a job; what stands in a hole stays as it is.
_HOLED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"restic ended with code (-?\d+)"), "restic завершился с кодом {0}"),
    (re.compile(r"lock (\S+) cannot be read"), "блокировка {0} не читается"),
    (
        re.compile(r"held by (\S+), pid (\d+), since (\S+)"),
        "занято: {0}, pid {1}, с {2}",
    ),
    (re.compile(r"the variable (\S+) is not set"), "переменная {0} не задана"),
    (re.compile(r"(\S+) gives an empty secret"), "{0} даёт пустой секрет"),
    (re.compile(r"cannot read the secret: (.+)"), "не удалось прочитать секрет: {0}"),
    (re.compile(r"others can read this secret( \(.+\))?"), "этот секрет могут прочитать другие{0}"),
    (
        re.compile(r"this secret belongs to another user( \(.+\))?"),
        "этот секрет принадлежит другому пользователю{0}",
    ),
    (re.compile(r"the secret is not a file( \(.+\))?"), "секрет не файл{0}"),
    (
        re.compile(r"(command:\S+) would run a command, and this profile is not trusted( \(.+\))?"),
        "{0} выполнит команду, а этому профилю вы не доверили{1}",
    ),
    (re.compile(r"(\S+): no such user"), "{0}: нет такого пользователя"),
    (re.compile(r"cannot write: (.+)"), "не удалось записать: {0}"),
)


def russian(text: str) -> str:
    """Return a sentence of ours in Russian; any other as it is."""
    if text in RUSSIAN:
        return RUSSIAN[text]
    for pattern, sentence in _HOLED:
        found = pattern.fullmatch(text)
        if found:
            return sentence.format(*found.groups(""))
    return text
