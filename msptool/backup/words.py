"""What this room says of its own accord, in both languages; what restic says stays as it is."""

import re
from collections.abc import Mapping

from msptool.process import Done

NOT_THERE = "paths of the job are not there"
UNREAD = "parts of the source could not be read"
NO_FILES = "there is no file to save: is the source mounted?"
NO_SNAPSHOT = "restic said it was done, and the repository lists no such snapshot"
EARLIER_DAMAGED = "the new snapshot is made, but restic could not read an earlier one"
NO_SEALED = "no backup with a sealed manifest"
OLD = "the newest backup is older than agreed"
LOST_SNAPSHOT = "the newest sealed snapshot is no longer in the repository"
UNREADABLE_SNAPSHOT = "snapshots that cannot be read"
NO_KEY = "no key of the repository is intact: no password opens it"
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
NOT_LOOKED = "after damage in the stream, files that were not looked at"
NO_TIME = "the time limit ran out"
NO_STORAGE = "the storage does not answer"
TOO_MUCH = "it said too much"
PRINTED_NOTHING = "the program printed nothing"
NO_END = "restic ended before the source did"
NO_STAGE = "too little room for a copy of the databases"
BUSY = "the database was locked by others the whole time"
NO_DATABASE = "this is no SQLite database"
BROKEN_DATABASE = "the rows of the database cannot be counted: it is damaged"
FEWER = "restic read fewer files than stand there"
TOO_FEW = "there is less to save than the job expects"
TOO_MANY = "there is more to save than the job expects"
CHANGED = "more changed since the last backup than the job expects"
NO_ANSWER = "the answer of restic cannot be read"
NO_CELL = "no isolated place to look at it could be made"
NO_SCRATCH = "there was too little room to look at it"
NO_MEMORY = "looking at it took too much memory"
PROBE_BROKE = "the probe itself broke"
NO_BUDGET = "not looked at within the time for meaning probes"
EMPTY = "empty, and its name promises content"
SQLITE_BROKEN = "the SQLite database is damaged"
ARCHIVE_BROKEN = "the archive cannot be read to its end"
ARCHIVE_BOMB = "the archive unpacks to more than is looked at"
ARCHIVE_LOCKED = "the archive is locked with a password"
NO_UNPACKER = "no program here unpacks it"
OTHER_COUNTS = "rows differ from those counted when it was backed up"
SHRUNKEN = "it holds far less than at the last good proof"
LOOKS_ENCRYPTED = "files look encrypted: not what their names promise"
PG_CUT = "the dump ends too early"
PG_NOT_LOADED = "the dump does not load"
PG_NO_TABLES = "the dump holds no tables"
PG_NO_ROWS = "the dump holds tables, and not one row in any of them"
PG_NO_SERVER = "PostgreSQL is not installed here: the dump was not loaded (apt install postgresql)"
PG_TOO_NEW = "the dump needs a newer PostgreSQL than is installed here"
PG_LACKING = "the dump needs an extension or a locale that is not installed here"
PG_NOT_STARTED = "the throw-away PostgreSQL did not start"
CERT_BROKEN = "the certificate or key cannot be read"
CERT_OTHER_KEY = "the key does not belong to the certificate beside it"
GIT_BROKEN = "the git repository is damaged"
GIT_BORROWS = "the git repository borrows objects from elsewhere"
CUSTOM_FAILED = "the job's own probe failed"
CUSTOM_MISSING = "the program of the job's own probe cannot be started"
CUSTOM_NOTHING = "no restored file is one that the job's own probe is for"
GIT_UNKNOWN = "the git repository is of a kind that is not looked at"
GIT_MISSING = "git is not installed here (apt install git)"
PACKS_BROKEN = "packs of the repository are broken that snapshots of this job need"
EMPTIED = "folders that held files stand empty: is everything mounted?"
LEFT_OUT = "files that were backed up before still stand there, and are left out now"
CONTENT_BAD = "files came back as they were, and were worth nothing when they were backed up"
ASKED = "as asked"
SMALL = "everything, since it costs little"
FULL_DUE = "everything: the last whole proof is too old"
WAS_BAD = "everything: the last proof was bad"
FULL_RECENT = "a sample: the last whole proof is recent"
TOO_LARGE = "a sample: a whole proof takes longer than the budget"
APPEND_ONLY = "the repository is append-only: delete where it is stored"
NOT_REMOVED = "restic could not remove them"
NOT_PRUNED = "not pruned: what vanished may still be saved from the data"

RUSSIAN: Mapping[str, str] = {
    NOT_THERE: "путей задания нет на месте",
    UNREAD: "часть источника не удалось прочитать",
    NO_FILES: "нет ни одного файла: подключён ли источник?",
    NO_SNAPSHOT: "restic сообщил об успехе, но такого снимка в хранилище нет",
    EARLIER_DAMAGED: "новый снимок сделан, но restic не смог прочитать более ранний",
    NO_SEALED: "нет ни одной копии с опечатанной описью",
    OLD: "последняя копия старше, чем договорено",
    LOST_SNAPSHOT: "последнего опечатанного снимка больше нет в хранилище",
    NO_KEY: "ни один ключ хранилища не цел: его не откроет никакой пароль",
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
    NOT_LOOKED: "после повреждения в потоке остались файлы, на которые не взглянули",
    NO_TIME: "истёк лимит времени",
    NO_STORAGE: "хранилище не отвечает",
    TOO_MUCH: "вывод restic слишком длинный",
    PRINTED_NOTHING: "программа ничего не вывела",
    NO_END: "restic завершился раньше источника",
    NO_STAGE: "мало места для копии баз данных",
    BUSY: "база данных всё время была заблокирована другими",
    NO_DATABASE: "это не база данных SQLite",
    BROKEN_DATABASE: "строки базы данных не посчитать: она повреждена",
    FEWER: "restic прочитал меньше файлов, чем есть",
    TOO_FEW: "данных меньше, чем ожидает задание",
    TOO_MANY: "данных больше, чем ожидает задание",
    CHANGED: "с прошлой копии изменилось больше, чем ожидает задание",
    NO_ANSWER: "ответ restic не читается",
    NO_CELL: "не удалось создать изолированное место для проверки",
    NO_SCRATCH: "для проверки не хватило места",
    NO_MEMORY: "на проверку не хватило памяти",
    PROBE_BROKE: "сбой самой проверки",
    NO_BUDGET: "не проверено за время, отведённое проверкам содержимого",
    EMPTY: "файл пуст, хотя имя обещает содержимое",
    SQLITE_BROKEN: "база SQLite повреждена",
    ARCHIVE_BROKEN: "архив не читается до конца",
    ARCHIVE_BOMB: "архив распаковывается в больший объём, чем проверяется",
    ARCHIVE_LOCKED: "архив закрыт паролем",
    NO_UNPACKER: "здесь нет программы, чтобы его распаковать",
    OTHER_COUNTS: "число строк не то, что при копировании",
    SHRUNKEN: "содержит намного меньше, чем при последней успешной проверке",
    LOOKS_ENCRYPTED: "файлы похожи на зашифрованные: в них не то, что обещают имена",
    PG_CUT: "дамп обрывается",
    PG_NOT_LOADED: "дамп не загружается",
    PG_NO_TABLES: "в дампе нет ни одной таблицы",
    PG_NO_ROWS: "в дампе есть таблицы, но ни одной строки",
    PG_NO_SERVER: "PostgreSQL здесь не установлен: дамп не загружался (apt install postgresql)",
    PG_TOO_NEW: "дамп требует более новой версии PostgreSQL, чем установлена здесь",
    PG_LACKING: "дамп требует расширения или локали, которых здесь нет",
    PG_NOT_STARTED: "временный PostgreSQL не запустился",
    CERT_BROKEN: "сертификат или ключ не читается",
    CERT_OTHER_KEY: "ключ не подходит к сертификату рядом с ним",
    GIT_BROKEN: "хранилище git повреждено",
    GIT_BORROWS: "хранилище git берёт объекты из другого места",
    CUSTOM_FAILED: "собственная проверка задания не пройдена",
    CUSTOM_MISSING: "программа собственной проверки задания не запускается",
    CUSTOM_NOTHING: "ни один восстановленный файл не подходит под собственную проверку задания",
    GIT_UNKNOWN: "такой вид хранилища git не проверяется",
    GIT_MISSING: "git здесь не установлен (apt install git)",
    PACKS_BROKEN: "повреждены пакеты хранилища, которые нужны снимкам этого задания",
    EMPTIED: "папки, в которых были файлы, стоят пустыми: всё ли подключено?",
    LEFT_OUT: "файлы, которые раньше копировались, на месте, но теперь пропущены",
    CONTENT_BAD: "файлы вернулись такими, какими были, но негодны уже в момент копирования",
    ASKED: "как указано",
    SMALL: "всё: это недолго",
    FULL_DUE: "всё: последняя полная проверка слишком давно",
    WAS_BAD: "всё: последняя проверка нашла проблемы",
    FULL_RECENT: "выборка: полная проверка была недавно",
    TOO_LARGE: "выборка: полная проверка дольше отведённого времени",
    APPEND_ONLY: "хранилище только на дозапись: удаляйте там, где оно лежит",
    NOT_REMOVED: "restic не смог их удалить",
    NOT_PRUNED: "место не освобождено: из этих данных ещё можно спасти исчезнувшее",
}
_ERROR = re.compile(r"\b(error|FATAL|ERROR): ")
# What the rest of the house says when it breaks a job; what stands in a hole stays as it is.
_HOLED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"restic ended with code (-?\d+)"), "restic завершился с кодом {0}"),
    (re.compile(r"lock (\S+) cannot be read"), "блокировка {0} не читается"),
    (
        re.compile(r"held by (\S+), pid (\d+), since (\S+)"),
        "занято: {0}, pid {1}, с {2}",
    ),
    (
        re.compile(r"the (before|after|failed) hook (\S+) ended with code (-?\d+)(: .+)?"),
        "обработчик {0} {1} завершился с кодом {2}{3}",
    ),
    (
        re.compile(r"the (before|after|failed) hook (\S+) did not end in (\d+) s"),
        "обработчик {0} {1} не завершился за {2} с",
    ),
    (re.compile(r"(\S+) ended with code (-?\d+)(: .+)?"), "{0} завершилась с кодом {1}{2}"),
    (re.compile(r"a fault in msptool itself: (\w+)"), "ошибка в самом msptool: {0}"),
    (
        re.compile(r"(\S+): a program needs its name or its absolute path"),
        "{0}: программе нужно имя или абсолютный путь",
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


def ended(program: str, done: Done) -> str:
    """Return how a program failed, with its own words: the first line that calls itself an error,
    else the last line.
    """
    lines = done.stderr.decode(errors="replace").splitlines()
    error = next((line.strip() for line in lines if _ERROR.search(line)), "")
    said = error[:300] or (done.complaint() if done.stderr.strip() else "")
    return f"{program} ended with code {done.returncode}{f': {said}' if said else ''}"


def russian(text: str) -> str:
    """Return a sentence of ours in Russian; any other as it is."""
    if text in RUSSIAN:
        return RUSSIAN[text]
    for pattern, sentence in _HOLED:
        found = pattern.fullmatch(text)
        if found:
            return sentence.format(*found.groups(""))
    ours, colon, theirs = text.partition(": ")  # a sentence of ours, then a tool's own words
    return RUSSIAN.get(ours, ours) + colon + theirs
