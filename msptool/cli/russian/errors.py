"""Error messages and hints by code. Holes stand for values, in the order of the source."""

_SHARED = {
    "write 192.0.2.0/24, 192.0.2.7 or 2001:db8::/64; names are not resolved": (
        "пишите 192.0.2.0/24, 192.0.2.7 или 2001:db8::/64; имена не разрешаются"
    ),
    "restore it, or delete the run's folder and run again": (
        "верните его из копии или удалите папку запуска и запустите снова"
    ),
    "free some space or mend the disk, then run the same command again": (
        "освободите место или исправьте диск и повторите команду"
    ),
    "msptool doctor": "msptool doctor",
    "apt install {0}; then: msptool doctor": "apt install {0}; затем: msptool doctor",
    "known here: {0}": "здесь бывают: {0}",
    "{0} can be written by others": "{0} доступен другим на запись",
    "{0} belongs to another user": "{0} принадлежит другому пользователю",
    "no service plan {0}": "нет плана обслуживания {0}",
    "known plans: {0}": "планы: {0}",
    "client {0} is scheduled already, from {1}": "у клиента {0} уже есть расписание, из {1}",
    "{0} is not a run's id": "{0} не идентификатор запуска",
    "{0} (and {1} more failed)": "{0} (и ещё не удалось: {1})",
    "{0}; the other jobs went on": "{0}; остальные задания выполнены",
    "the other jobs are done and kept; msptool backup status": (
        "остальные задания выполнены и сохранены; msptool backup status"
    ),
    "backup.repositories.{0}.password in client.yaml": (
        "backup.repositories.{0}.password в client.yaml"
    ),
    "{0}: paths of the job are not there": "{0}: путей задания нет на месте",
    "{0}: parts of the source could not be read": "{0}: часть источника не удалось прочитать",
    "{0}: there is no file to save: is the source mounted?": (
        "{0}: нет ни одного файла: подключён ли источник?"
    ),
    "{0}: no backup with a sealed manifest": "{0}: нет ни одной копии с опечатанной описью",
}

ERRORS: dict[str, dict[str, str]] = {
    "restore.in-place": {
        "{0} is a database or the output of a program: it has no place": (
            "{0} — база данных или вывод программы: места у неё нет"
        ),
        "restore it with --to DIR; what to type next is said then": (
            "восстановите с --to DIR; что набрать дальше, будет сказано"
        ),
    },
    "restore.no-snapshot": {
        "no snapshot of {0}{1}": "нет снимка задания {0}{1}",
        "{0} of {1} with the id {2}": "{0} задания {1} с номером {2}",
        "msptool backup list {0}": "msptool backup list {0}",
    },
    "restore.no-target": {
        "say where to restore to: either --to DIR or --in-place": (
            "скажите, куда восстановить: либо --to DIR, либо --in-place"
        ),
        "--to DIR writes into a new folder and touches no original": (
            "--to DIR пишет в новую папку и не трогает оригиналы"
        ),
        "--at and --snapshot both name a snapshot": "--at и --snapshot оба называют снимок",
        "give one of them": "укажите что-то одно",
    },
    "restore.not-empty": {
        "{0} is no folder": "{0} — не папка",
        "{0} is not empty; nothing was written": "{0} не пуста; ничего не записано",
        "name a new folder": "назовите новую папку",
        "name a new or an empty folder": "назовите новую или пустую папку",
    },
    "restore.not-found": {
        "snapshot {0} has no {1}": "в снимке {0} нет {1}",
        "msptool backup browse JOB --find NAME looks through all snapshots": (
            "msptool backup browse JOB --find NAME ищет по всем снимкам"
        ),
    },
    "restore.part": {
        "{0} names did not come back as they were; the rest is restored": (
            "вернулись не такими, какими были: {0}; остальное восстановлено"
        ),
        "look for an older copy: msptool backup browse JOB --find NAME": (
            "поищите копию старше: msptool backup browse JOB --find NAME"
        ),
    },
    "restore.time": {
        "{0} is no time": "{0} — не время",
        "write 2026-01-31, or 2026-01-31T18:00": "пишите 2026-01-31 или 2026-01-31T18:00",
    },
    "restore.unsafe": {
        "others can write in {0}, all the way up": "в {0} и выше могут писать другие",
        "restore with --to DIR, then move what you need": (
            "восстановите с --to DIR и перенесите нужное"
        ),
    },
    "snmp.silent": {
        "no SNMP agent answered: none there, another community, or a filter on the way": (
            "агент SNMP не ответил: его нет, community другая или на пути фильтр"
        ),
        "audit.snmp in client.yaml; the agent's list of who may ask": (
            "audit.snmp в client.yaml; список тех, кому агент отвечает"
        ),
    },
    "snmp.lost": {
        "the agent stopped answering in the middle": "агент перестал отвечать на середине",
        "ask again; a smaller --subtree asks for less": (
            "спросите ещё раз; с --subtree поменьше спрашивается меньше"
        ),
    },
    "snmp.garbled": {
        "the agent's answers cannot be read: broken BER, or another version": (
            "ответы агента не читаются: испорченный BER или другая версия"
        ),
        "see whether it has a newer firmware": "посмотрите, нет ли для него прошивки новее",
    },
    "snmp.other-question": {
        "the answers carry numbers that no question had": (
            "в ответах номера, которых не было ни в одном вопросе"
        ),
        "an agent that is broken, or somebody between us": (
            "агент неисправен, или между нами кто-то есть"
        ),
    },
    "snmp.wrong-object": {
        "the agent answers with objects that were not asked for": (
            "агент отвечает объектами, о которых не спрашивали"
        ),
        "an agent that is broken, or somebody between us": (
            "агент неисправен, или между нами кто-то есть"
        ),
    },
    "snmp.unauthentic": {
        "the answers are not vouched for: their digest is wrong": (
            "подлинность ответов не подтверждена: неверный дайджест"
        ),
        "an agent that is broken, or somebody between us": (
            "агент неисправен, или между нами кто-то есть"
        ),
    },
    "snmp.stale": {
        "the answers are older than the time window allows": (
            "ответы старше, чем допускает временное окно"
        ),
        "an agent whose clock is broken, or somebody who sends old answers again": (
            "у агента неисправны часы, или кто-то повторяет старые ответы"
        ),
    },
    "snmp.rows": {
        "the limit of rows was reached": "достигнут предел числа строк",
        "a smaller --subtree": "возьмите --subtree поменьше",
    },
    "snmp.bytes": {
        "the limit of bytes was reached": "достигнут предел объёма",
        "a smaller --subtree": "возьмите --subtree поменьше",
    },
    "snmp.seconds": {
        "the limit of time was reached": "достигнут предел времени",
        "a smaller --subtree": "возьмите --subtree поменьше",
    },
    "snmp.not-increasing": {
        "the agent's objects do not increase: it would go on for ever": (
            "объекты агента не возрастают: обход не кончился бы никогда"
        ),
        "see whether it has a newer firmware": "посмотрите, нет ли для него прошивки новее",
    },
    "snmp.refused": {
        "the agent ended the answer with an error status": ("агент оборвал ответ кодом ошибки"),
        "what may be read with this credential, and what the agent can tell": (
            "что можно читать с этим доступом и что агент умеет"
        ),
    },
    "snmp.wrong-user": {
        "the agent does not know this SNMP user": "агент не знает этого пользователя SNMP",
        "user of audit.snmp in client.yaml, and the agent's list of users": (
            "user в audit.snmp в client.yaml и список пользователей агента"
        ),
    },
    "snmp.wrong-auth-key": {
        "wrong authentication password or method: the agent refuses the digest": (
            "неверный пароль или метод аутентификации: агент отвергает дайджест"
        ),
        "auth and auth_password of audit.snmp in client.yaml": (
            "auth и auth_password в audit.snmp в client.yaml"
        ),
    },
    "snmp.wrong-privacy-key": {
        "wrong privacy password or method: the agent knows the user, and what is encrypted it"
        " cannot read": (
            "неверный пароль или метод шифрования: пользователя агент знает, а зашифрованное"
            " прочесть не может"
        ),
        "priv and priv_password of audit.snmp in client.yaml": (
            "priv и priv_password в audit.snmp в client.yaml"
        ),
    },
    "snmp.unsupported-level": {
        "the agent does not offer this user's security level": (
            "уровня защиты этого пользователя у агента нет"
        ),
        "auth and priv of audit.snmp in client.yaml, and the agent's list of users": (
            "auth и priv в audit.snmp в client.yaml и список пользователей агента"
        ),
    },
    "snmp.time-window": {
        "the agent's clock jumps: every question is outside of its time window": (
            "часы агента скачут: ни один вопрос не попадает в его временное окно"
        ),
        "the agent's clock and count of boots": "часы агента и счётчик его загрузок",
    },
    "snmp.restarted": {
        "the agent restarted again and again while it was read": (
            "агент снова и снова перезапускался, пока его читали"
        ),
        "ask again when it is up; a count of boots that grows is a fault of its own": (
            "спросите, когда он поднимется; растущий счётчик загрузок — неисправность сам по себе"
        ),
    },
    "snmp.failed": {
        "asking failed: {0}": "спросить не удалось: {0}",
        "run it again with MSPTOOL_LANG=en and tell us what it said": (
            "повторите с MSPTOOL_LANG=en и сообщите нам, что он сказал"
        ),
    },
    "snmp.no-credential": {
        "the profile has no SNMP credential for {0}": "в профиле нет доступа SNMP для {0}",
        "audit.snmp in client.yaml: a community, or a user of version 3": (
            "audit.snmp в client.yaml: community или пользователь версии 3"
        ),
    },
    "snmp.oid": {
        "{0} is no OID": "{0} — не OID",
        "digits and dots: 1.3.6.1.2.1.2": "цифры и точки: 1.3.6.1.2.1.2",
    },
    "snmp.host": {
        "{0} is not one address": "{0} — не один адрес",
        "name one host: 192.0.2.7": "назовите один узел: 192.0.2.7",
    },
    "usage.taken": {
        "{0} is there already": "{0} уже есть",
        "another name, or --force to replace it": "другое имя или --force, чтобы заменить",
    },
    "snmp.short-password": {
        "audit.snmp[{0}].{1}: the password has fewer than 8 characters": (
            "audit.snmp[{0}].{1}: пароль короче 8 знаков"
        ),
        "agents refuse such a password (RFC 3414); compare it with theirs": (
            "агенты такой пароль не принимают (RFC 3414); сверьте его с настроенным на них"
        ),
    },
    "profile.snmp": {
        "{0}: does not go with {1}": "{0}: не сочетается с {1}",
        "a community has version and networks; a user has auth, priv and context": (
            "у community бывают version и networks; у user — auth, priv и context"
        ),
        "{0}: needs {1} beside it": "{0}: нужен ещё ключ {1}",
        "SNMP v3: user; user, auth, auth_password; these and priv, priv_password": (
            "SNMP v3: user; user, auth, auth_password; они же и priv, priv_password"
        ),
    },
    "audit.none": {"no audit yet": "аудита ещё не было"},
    "audit.unexplained": {
        "{0}: no run tells why it is what it is": "{0}: ни один запуск не говорит, почему он такой",
    },
    "audit.ambiguous": {
        "{0} assets are called {1}": "узлов с именем {1}: {0}",
        "name it by its id, address, MAC or serial": (
            "назовите его id, адрес, MAC или серийный номер"
        ),
    },
    "audit.unknown": {"no asset {0} in the newest audit": "в последнем аудите нет узла {0}"},
    "audit.recording": {
        "{0}: no SNMP answers in it": "{0}: в файле нет ответов SNMP",
        "OID|TAG|VALUE lines (snmprec), or what snmpwalk -On prints": (
            "нужны строки OID|ТЕГ|ЗНАЧЕНИЕ (snmprec) или вывод snmpwalk -On"
        ),
        "{0}: larger than {1} MiB": "{0}: больше {1} МиБ",
        "{0}: {1}": "{0}: {1}",
    },
    "audit.leases": {
        "{0}: {1}; nothing was sent": "{0}: {1}; ничего не отправлено",
        "leases of ISC dhcpd, dnsmasq, Kea, Export-Csv of Windows, or RouterOS print terse": (
            "нужны аренды ISC dhcpd, dnsmasq, Kea, Export-Csv из Windows или print terse из "
            "RouterOS"
        ),
    },
    "audit.part": {
        "not all was seen: {0}": "видно не всё: {0}",
        "what was seen is kept; run it again, or look at the evidence of the run": (
            "увиденное сохранено; запустите снова или смотрите доказательства запуска"
        ),
    },
    "backup.exclude": {
        "restic cannot read the exclude {0}": "restic не понимает исключение {0}",
        "[ needs its ], and a backslash something after it": (
            "у [ должна быть ], после обратной черты должен быть знак"
        ),
    },
    "backup.failed": {},
    "backup.incomplete": {},
    "backup.path": {"{0}: no such user": "{0}: нет такого пользователя"},
    "backup.no-jobs": {
        "the profile names no backup jobs": "в профиле нет заданий копирования",
        "add one under backup.jobs in client.yaml": "добавьте задание в backup.jobs в client.yaml",
    },
    "backup.unknown-job": {
        "no backup job {0}": "нет задания копирования {0}",
        "jobs: {0}": "задания: {0}",
    },
    "backup.unknown-repository": {
        "no repository {0}": "нет хранилища {0}",
        "repositories: {0}": "хранилища: {0}",
    },
    "backup.unknown-snapshot": {
        "no snapshot {0}": "нет снимка {0}",
        "name at least 8 digits of its id, as the finding does": (
            "назовите не меньше 8 знаков его номера, как в замечании"
        ),
    },
    "bug.unexpected": {
        "a bug in msptool: {0} in {1}:{2}": "ошибка в самой msptool: {0} в {1}:{2}",
        "please file {0}; it holds no client data": (
            "пришлите разработчикам {0}; данных клиента в нём нет"
        ),
        "run it again with --debug and file what it prints": (
            "повторите с --debug и пришлите то, что будет напечатано"
        ),
    },
    "check.unknown": {"no check {0}": "нет проверки {0}"},
    "demo.ended": {"the practice network ended by itself": "учебная сеть остановилась сама"},
    "demo.failed": {
        "the practice network ended: {0}": "учебная сеть остановилась: {0}",
        "the practice network: {0}": "учебная сеть: {0}",
    },
    "demo.fetch-failed": {
        "apt-get update as root, then run it again": (
            "выполните apt-get update от root и повторите команду"
        ),
    },
    "demo.namespaces-refused": {
        "this kernel refuses user namespaces ({0})": (
            "ядро не даёт пользовательских пространств имён ({0})"
        ),
    },
    "demo.no-fault": {"{0} is not planted on {1} {2}": "{0} не заложена на {1} {2}"},
    "demo.not-mendable": {
        "{0} is not mended on the practice network": "{0} в учебной сети не исправляется"
    },
    "demo.tool-missing": {
        "the practice network needs {0}": "учебной сети нужна программа {0}",
        "msptool demo fetch (unpacks it into a cache, installs nothing)": (
            "msptool demo fetch (распакует в кэш, ничего не установит)"
        ),
    },
    "disk.failed": {"cannot write: {0}": "не удалось записать: {0}"},
    "disk.full": {
        "too little room for a copy of the databases": "мало места для копии баз данных",
        "too little room for the restore, {0} missing; nothing was written": (
            "мало места для восстановления, не хватает {0}; ничего не записано"
        ),
        "restore to another disk with --to, or less of it with --path": (
            "восстановите на другой диск с --to или меньше с --path"
        ),
        "free some space, then run the command again": "освободите место и повторите команду",
        "free some space or name another place, then run it again": (
            "освободите место или укажите другое и повторите команду"
        ),
    },
    "evidence.exists": {
        "something stands there already": "там уже что-то есть",
        "name a new folder": "назовите новую папку",
    },
    "evidence.head": {
        "{0} is no head": "{0} не голова цепочки",
        "write JOB:NUMBER:SHA256, as report and ticket have it": (
            "пишите ЗАДАНИЕ:НОМЕР:SHA256, как в отчёте и заявке"
        ),
    },
    "evidence.job": {
        "no proofs of a job {0}": "нет доказательств по заданию {0}",
        "jobs with proofs: {0}": "задания с доказательствами: {0}",
    },
    "evidence.key": {
        "this is not an Ed25519 key in PEM": "это не ключ Ed25519 в формате PEM",
        "restore it, or move it away: a new key begins a new chain, the old one still counts": (
            "верните его из копии или уберите: новый ключ начнёт новую цепочку, старая остаётся в"
            " силе"
        ),
    },
    "evidence.none": {
        "there are no proofs here": "здесь нет доказательств",
        "msptool backup verify makes them": "их создаёт msptool backup verify",
    },
    "evidence.public-key": {
        "{0} is neither a public key in hex nor a file with one in PEM": (
            "{0} не открытый ключ в шестнадцатеричном виде и не файл с ключом в PEM"
        ),
        "the report and tickets have it: 64 characters of hex": (
            "он есть в отчёте и заявках: 64 шестнадцатеричных знака"
        ),
    },
    "evidence.size": {
        "a statement of {0} bytes is larger than anyone would read": (
            "утверждение на {0} байт больше, чем станут читать"
        ),
        "name fewer materials and probes in it": "назовите в нём меньше материалов и проб",
    },
    "evidence.unsound": {
        "proof {0} of {1} is not there, or not what was signed": (
            "доказательства {0} задания {1} нет, или это не то, что подписано"
        ),
    },
    "file.link": {
        "a symbolic link stands where a file belongs": (
            "на месте файла стоит символическая ссылка"
        ),
        "see where it leads, then remove it": "посмотрите, куда она ведёт, и удалите её",
    },
    "file.permission": {
        "no permission: {0}": "нет прав: {0}",
        "ls -l shows whose it is": "чьё это, покажет ls -l",
    },
    "init.code": {
        "no client code can be made of the folder's name {0}": (
            "из имени папки {0} не выходит код клиента"
        ),
        "name one: --code ACME": "укажите его: --code ACME",
        "--code {0} cannot be used": "--code {0} не годится",
        "it takes 2 to 8 capital letters and digits, a letter first": (
            "код: от 2 до 8 заглавных латинских букв и цифр, первой букву"
        ),
    },
    "init.lang": {
        "--lang {0} cannot be used": "--lang {0} не годится",
        "it takes ru, en, or both with a comma": "это ru, en или оба через запятую",
    },
    "init.name": {"--name {0} cannot stand in documents": "--name {0} нельзя ставить в документы"},
    "init.plan": {},
    "init.zone": {"--zone {0} is no time zone": "--zone {0}: нет такого часового пояса"},
    "nagios.no-run": {"no complete {0} run in {1}": "в {1} нет полного запуска {0}"},
    "profile.alias": {
        "aliases (*name) are not allowed": "псевдонимы (*имя) не разрешены",
        "write the value out": "запишите значение целиком",
    },
    "profile.deep": {
        "nested more than {0} deep": "вложено глубже {0} уровней",
        "no key needs that": "ни одному ключу столько не нужно",
    },
    "profile.empty": {
        "the file is empty": "файл пуст",
        "the file must be a mapping of keys": "в файле должны быть ключи со значениями",
        "msptool init writes one to start from": "начальный файл запишет msptool init",
    },
    "profile.encoding": {"not UTF-8": "не UTF-8", "save it as UTF-8": "сохраните его в UTF-8"},
    "profile.hint": {
        "audit.hints[{0}].dns.server: {1} {2}": "audit.hints[{0}].dns.server: {1} {2}",
        "it is asked like any other host, so it must lie in scope.networks": (
            "его спрашивают, как любой узел, поэтому он должен лежать в scope.networks"
        ),
    },
    "profile.key": {"a key must be a plain word": "ключ должен быть простым словом"},
    "profile.missing-key": {
        "{0}: this key is missing": "{0}: этого ключа не хватает",
        "{0}.{1}: this key is missing": "{0}.{1}: этого ключа не хватает",
        "it needs one of: {0}": "нужен один из: {0}",
        "transfer takes the name of a zone": "для transfer нужно имя зоны",
        "it takes {0}": "здесь пишут: {0}",
        "msptool profile schema tells every key": "все ключи покажет msptool profile schema",
        "write it as {0}": "пишите так: {0}",
    },
    "profile.network": {"{0}: {1} {2}": "{0}: {1} {2}"},
    "profile.one-of": {
        "{0}: {1} exclude each other": "{0}: {1} исключают друг друга",
        "keep one of: {0}": "оставьте одно из: {0}",
    },
    "profile.tag": {
        "tags (!name) are not allowed": "метки (!имя) не разрешены",
        "write the value without it": "запишите значение без неё",
    },
    "profile.too-large": {
        "larger than {0} bytes": "больше {0} байт",
        "more than {0} values": "больше {0} значений",
        "no profile needs that": "ни одному профилю столько не нужно",
    },
    "profile.twice": {
        "{0} is given twice": "{0} указано дважды",
        "keep one of them": "оставьте что-то одно",
    },
    "profile.unknown-key": {},
    "profile.unknown-plan": {},
    "profile.unknown-repository": {
        "backup.jobs.{0}.repository: no repository {1}": (
            "backup.jobs.{0}.repository: нет хранилища {1}"
        ),
        "known repositories: {0}": "хранилища: {0}",
    },
    "profile.unreadable": {"cannot read: {0}": "не удалось прочитать: {0}"},
    "profile.untrusted": {
        "{0} would run a command, and this profile is not trusted": (
            "{0} выполнит команду, а этому профилю вы не доверили"
        ),
        "read the file, then: msptool profile trust": (
            "прочитайте файл, затем: msptool profile trust"
        ),
    },
    "profile.value": {
        "{0}: this time has no time zone": "{0}: у времени нет часового пояса",
        "{0}: {1}": "{0}: {1}",
        "{0}: {1} is not known here": "{0}: значения {1} здесь не бывает",
        "{0}: expected {1}, got {2}": "{0}: нужно {1}, а стоит {2}",
        "{0}: expected {1}, got {2}; put it in quotes": (
            "{0}: нужно {1}, а стоит {2}; возьмите в кавычки"
        ),
        "{0}: expected {1} >= {2}": "{0}: нужно {1} не меньше {2}",
        "{0}: expected {1} <= {2}": "{0}: нужно {1} не больше {2}",
        "{0}: expected {1} > {2}": "{0}: нужно {1} больше {2}",
        "{0}.{1}: this key is missing": "{0}.{1}: этого ключа не хватает",
        "it needs one of: {0}": "нужен один из: {0}",
        "it takes {0}": "здесь пишут: {0}",
        "msptool profile schema tells every key": "все ключи покажет msptool profile schema",
        "write it as {0}": "пишите так: {0}",
    },
    "profile.yaml": {
        "not YAML: {0}": "не YAML: {0}",
        "values with : # { [ or quotes in them need quotes around them; no tabs": (
            "значения с : # { [ или кавычками берут в кавычки; табуляций нет"
        ),
        "a control character cannot stand here": "управляющий знак здесь стоять не может",
    },
    "profile.calendar": {
        "{0}: ends before it begins": "{0}: кончается раньше, чем начинается",
        "{0}: begins before the one above it ends": "{0}: начинается до конца предыдущего",
        "{0}: is before its first day": "{0}: раньше первого дня",
        "{0}: stands here twice": "{0}: записано дважды",
        "{0}: names no working hours": "{0}: рабочие часы не названы",
        'write mon: ["09:00-13:00", "14:00-18:00"]; a night is 22:00-24:00 and 00:00-06:00': (
            'пишите mon: ["09:00-13:00", "14:00-18:00"]; ночь — это 22:00-24:00 и 00:00-06:00'
        ),
    },
    "profile.holidays": {
        "tickets.calendar.holidays: no public holidays are known of {0} ({1})": (
            "tickets.calendar.holidays: праздники неизвестны: {0} ({1})"
        ),
        "write a country or a part of it, like RU or DE-BY, and kinds like public": (
            "пишите страну или её часть, например RU или DE-BY, и виды праздников, например public"
        ),
    },
    "ticket.old": {
        "{0} is open since {1}": "{0} открыта с {1}",
        "a clock was wrong: close it and open a new one": (
            "часы шли неверно: закройте её и откройте новую"
        ),
    },
    "usage.month": {
        "{0} is no month": "{0} — не месяц",
        "write it as 2026-11": "пишите так: 2026-11",
    },
    "profile.weekly": {
        "{0} is no time of the week": "{0} — не время недели",
        "{0} begins and ends at the same time": "{0} начинается и кончается в одно время",
        "write it as: sat 22:00 - sun 04:00": "пишите так: sat 22:00 - sun 04:00",
    },
    "profile.maintenance": {
        "{0}: it never ends": "{0}: не кончается",
        "give ends_at, or weekly": "укажите ends_at или weekly",
        "{0}: it ends before it begins": "{0}: кончается раньше, чем начинается",
        "ends_at must be later than starts_at": "ends_at должно быть позже starts_at",
    },
    "profile.zone": {
        "client.zone: no time zone {0}": "client.zone: нет часового пояса {0}",
        "use a name like Europe/Moscow": "пишите так: Europe/Moscow",
    },
    "key.in-use": {
        "key {0} is the one that opens the repository for the profile": (
            "ключом {0} хранилище открывает сам профиль"
        ),
        "let the profile use another one first: msptool backup key add": (
            "сначала дайте профилю другой: msptool backup key add"
        ),
    },
    "key.same-source": {
        "that is where the profile reads the password itself": ("оттуда пароль читает сам профиль"),
        "name the client's vault, or - to type it from the recovery sheet": (
            "укажите сейф клиента или - и наберите пароль с листа восстановления"
        ),
    },
    "key.unknown": {
        "{0} names {1} keys of this repository": "{0}: таких ключей у этого хранилища: {1}",
        "msptool backup key list": "msptool backup key list",
    },
    "repo.locked": {
        "{0}: another restic holds the repository": "{0}: хранилище занято другим restic",
        "wait for it to end; whose lock it is, and what to do: msptool backup unlock": (
            "дождитесь его конца; чья блокировка и что делать: msptool backup unlock"
        ),
        "wait for it to end; whose lock it is, and what to do: msptool backup unlock;"
        " the other jobs went on": (
            "дождитесь его конца; чья блокировка и что делать: msptool backup unlock;"
            " остальные задания выполнены"
        ),
    },
    "repo.missing": {
        "{0}: no repository in {1}": "{0}: в {1} нет хранилища",
        "mount it, or make it: msptool backup init": (
            "подключите его или создайте: msptool backup init"
        ),
        "mount it, or make it: msptool backup init; the other jobs went on": (
            "подключите его или создайте: msptool backup init; остальные задания выполнены"
        ),
    },
    "repo.not-empty": {
        "{0}: the folder holds other files; nothing was written": (
            "{0}: в папке другие файлы; ничего не записано"
        ),
        "name an empty or a new folder": "укажите пустую или новую папку",
    },
    "repo.password": {
        "{0}: the repository answers, no key opens": (
            "{0}: хранилище отвечает, но ключ не подходит"
        ),
        "the password came from {0}": "пароль взят из {0}",
        "the password came from {0}; the other jobs went on": (
            "пароль взят из {0}; остальные задания выполнены"
        ),
    },
    "repo.ssh-path": {
        "{0} cannot be given to ssh": "{0} нельзя передать ssh",
        "a path without quotes, backslash, $ and %": (
            "нужен путь без кавычек, обратной косой черты, $ и %"
        ),
    },
    "repo.unreachable": {
        "{0}: no way to the storage: {1}": "{0}: до хранилища не добраться: {1}",
        "try it by hand, its host key must be known: ssh -p {0} {1}": (
            "попробуйте сами, ключ сервера должен быть известен: ssh -p {0} {1}"
        ),
        "try it by hand, its host key must be known: ssh -p {0} {1}; the other jobs went on": (
            "попробуйте сами, ключ сервера должен быть известен: ssh -p {0} {1};"
            " остальные задания выполнены"
        ),
        "is the server up, and do user, password and ca of the profile fit?": (
            "работает ли сервер, подходят ли user, password и ca профиля?"
        ),
        "is the server up, and do user, password and ca of the profile fit?;"
        " the other jobs went on": (
            "работает ли сервер, подходят ли user, password и ca профиля?;"
            " остальные задания выполнены"
        ),
        "is the network drive mounted, and its server up?": (
            "подключён ли сетевой диск, работает ли его сервер?"
        ),
        "is the network drive mounted, and its server up?; the other jobs went on": (
            "подключён ли сетевой диск, работает ли его сервер?; остальные задания выполнены"
        ),
    },
    "report.language": {
        "no documents in {0}": "документов на языке {0} нет",
        "known languages: {0}": "языки: {0}",
    },
    "report.left-out": {
        "the report was built without what cannot be read: {0}": (
            "отчёт построен без того, что не читается: {0}"
        ),
        "restore it from a backup, or delete it, and build the report again": (
            "верните это из копии или удалите и постройте отчёт снова"
        ),
    },
    "report.other-client": {
        "the report is of client {0}, this workspace of {1}; nothing was written": (
            "отчёт о клиенте {0}, а рабочая папка клиента {1}; ничего не записано"
        ),
        "name the right workspace with -C DIR": "укажите нужную рабочую папку: -C DIR",
    },
    "report.run": {},
    "report.schema": {
        "a report of format {0}, not {1}": "отчёт в формате {0}, а не {1}",
        "a newer msptool wrote it; update this one": (
            "его записала более новая msptool; обновите эту"
        ),
    },
    "report.unreadable": {"not a report: {0}": "не отчёт: {0}"},
    "run.changed": {
        "the file is missing or was changed after the run": (
            "файла нет, или его изменили после запуска"
        ),
    },
    "run.hung-up": {"hung up; what was finished is kept": "связь прервана; готовое сохранено"},
    "run.interrupted": {"interrupted; what was finished is kept": "прервано; готовое сохранено"},
    "run.none-cut": {
        "no audit was cut short": "прерванных аудитов нет",
        "run it without --resume": "запустите без --resume",
    },
    "run.not-the-same": {
        "the audit that was cut short cannot go on: {0}": "прерванный аудит не продолжить: {0}",
        "run it anew, without --resume": "запустите заново, без --resume",
    },
    "run.schema": {
        "written as {0}; this program reads {1}": "записано как {0}; эта программа читает {1}",
        "use the msptool that wrote it, or a newer one": (
            "возьмите msptool, которая его записала, или новее"
        ),
    },
    "run.terminated": {"terminated; what was finished is kept": "остановлено; готовое сохранено"},
    "run.unreadable": {"not a run: {0}": "не запуск: {0}"},
    "schedule.calendar": {
        "{0}: {1}": "{0}: {1}",
        "times in UTC, like: *-*-* 19:00:00, Mon..Fri *-*-* 06:30, *-*-* *:00/15:00, daily": (
            "время в UTC: *-*-* 19:00:00, Mon..Fri *-*-* 06:30, *-*-* *:00/15:00, daily"
        ),
    },
    "schedule.crontab": {},
    "schedule.empty": {
        "the profile schedules nothing": "в профиле нет расписания",
        'add to client.yaml: schedule: {run: "*-*-* 19:00:00"}': (
            'добавьте в client.yaml: schedule: {run: "*-*-* 19:00:00"}'
        ),
    },
    "schedule.no-door": {
        "neither systemd nor cron runs here": "здесь не работает ни systemd, ни cron",
        "apt install cron; or let another scheduler run: msptool -C DIR run -q": (
            "apt install cron; или пусть другой планировщик запускает: msptool -C DIR run -q"
        ),
    },
    "schedule.no-systemd": {
        "no systemd {0} manager runs here": "здесь не работает systemd ({0})",
    },
    "schedule.path": {
        "{0}: no such user": "{0}: нет такого пользователя",
        "{0} cannot stand in a timer": "{0} нельзя записать в таймер",
        "move it to a folder without backslashes, line breaks and control characters": (
            "перенесите в папку без обратных черт, переводов строки и управляющих знаков"
        ),
    },
    "schedule.script": {
        "a timer needs the installed program, and there is no msptool beside this Python": (
            "таймеру нужна установленная программа, а рядом с этим Python нет msptool"
        ),
        "pip install msptool": "pip install msptool",
    },
    "schedule.systemctl": {},
    "schedule.taken": {},
    "schedule.torn": {
        "the crontab has a block of client {0} without its first or last line": (
            "в crontab есть блок клиента {0} без первой или последней строки"
        ),
        "crontab -e: delete that block, its BEGIN and END lines too; run this again": (
            "crontab -e: удалите этот блок вместе со строками BEGIN и END; запустите снова"
        ),
    },
    "schedule.unsafe": {
        "a timer would run what others can change: {0} can be written by others": (
            "таймер запускал бы то, что могут изменить другие: {0}"
        ),
        "a timer would run what others can change: {0} belongs to another user": (
            "таймер запускал бы чужое: {0} принадлежит другому пользователю"
        ),
        "a timer would run what others can change: {0} {1}": (
            "таймер запускал бы то, что могут изменить другие: {0} {1}"
        ),
        "chown it to uid {0} or root": "отдайте его uid {0} или root: chown",
    },
    "scope.empty": {
        "the scope holds no address of a host; nothing was sent": (
            "в разрешённой области нет ни одного адреса узла; ничего не отправлено"
        ),
        "scope.networks and scope.exclude; a broadcast address is no host": (
            "scope.networks и scope.exclude; широковещательный адрес не узел"
        ),
        "the profile authorises no network; nothing was sent": (
            "профиль не разрешает ни одной сети; ничего не отправлено"
        ),
        "name the client's networks in scope.networks; there is no default target": (
            "назовите сети клиента в scope.networks; цели по умолчанию нет"
        ),
        "no targets; nothing was sent": "целей нет; ничего не отправлено",
    },
    "scope.expired": {
        "the authorisation ended on {0}; nothing was sent": (
            "разрешение кончилось {0}; ничего не отправлено"
        ),
        "ask the client, then set scope.expires": (
            "спросите клиента, затем исправьте scope.expires"
        ),
    },
    "scope.no-expiry": {
        "the authorisation has no end; nothing was sent": (
            "у разрешения нет срока; ничего не отправлено"
        ),
        "scope.expires: the last day on which the client allows scans": (
            "scope.expires: последний день, когда клиент разрешает сканирование"
        ),
    },
    "scope.not-a-network": {
        "{0}: {1} is neither an address nor a network; nothing was sent": (
            "{0}: {1} не адрес и не сеть; ничего не отправлено"
        ),
        "{0} is neither an address nor a network; nothing was sent": (
            "{0} не адрес и не сеть; ничего не отправлено"
        ),
        "scope.networks and scope.exclude in client.yaml": (
            "scope.networks и scope.exclude в client.yaml"
        ),
    },
    "scope.outside": {
        "{0} is not in the authorised scope; nothing was sent": (
            "{0} вне разрешённой области; ничего не отправлено"
        ),
        "add it to scope.networks only with the client's dated consent": (
            "в scope.networks только с датированного согласия клиента"
        ),
    },
    "scope.too-large": {
        "{0} addresses in one run, at most {1}; nothing was sent": (
            "адресов в одном запуске {0}, можно не больше {1}; ничего не отправлено"
        ),
        "name smaller networks as targets: msptool audit run NETWORK…": (
            "назовите цели поменьше: msptool audit run NETWORK…"
        ),
    },
    "scope.unauthorised": {
        "nobody authorises this scan today; it sent nothing": (
            "сегодня это сканирование никем не разрешено; оно ничего не отправило"
        ),
        "scope.authorised_by and scope.expires in client.yaml": (
            "scope.authorised_by и scope.expires в client.yaml"
        ),
    },
    "scope.unnamed": {
        "nobody is named who authorised the scan; nothing was sent": (
            "не сказано, кто разрешил сканирование; ничего не отправлено"
        ),
        "scope.authorised_by: name, role and contact of the person at the client": (
            "scope.authorised_by: имя, должность и контакт человека у клиента"
        ),
    },
    "profile.command": {
        "{0}: a program needs its name or its absolute path": (
            "{0}: программе нужно имя или абсолютный путь"
        ),
        "write /usr/local/bin/NAME, or NAME if it is in PATH": (
            "напишите /usr/local/bin/ИМЯ или ИМЯ, если программа есть в PATH"
        ),
    },
    "secret.command": {
        "command: {0}": "command: {0}",
        "command: needs the name or the absolute path of a program": (
            "command: нужны имя или полный путь программы"
        ),
        "command:{0} takes too long": "command:{0} работает слишком долго",
        "command:{0} failed: exit code {1}": "command:{0} не удалась: код {1}",
        "command:{0} {1}": "command:{0} {1}",
        "run it by hand; it must print the secret and end with 0": (
            "выполните её вручную: она должна напечатать секрет и кончить с кодом 0"
        ),
    },
    "secret.empty": {
        "{0} gives an empty secret": "{0} даёт пустой секрет",
        "set it, then run the same command again": "задайте его и повторите команду",
    },
    "secret.foreign": {
        "this secret belongs to another user": "этот секрет принадлежит другому пользователю"
    },
    "secret.missing": {
        "the variable {0} is not set": "переменная {0} не задана",
        "cannot read the secret: {0}": "не удалось прочитать секрет: {0}",
        "file: paths start at the workspace": "пути file: начинаются от рабочей папки",
        "the secret is not a file": "секрет не файл",
        "file:{0}: no such user": "file:{0}: нет такого пользователя",
    },
    "secret.reference": {
        "{0} is no reference to a secret": "{0} не ссылка на секрет",
        "env:NAME, file:PATH or command:PROGRAM ARGUMENTS": (
            "env:ИМЯ, file:ПУТЬ или command:ПРОГРАММА АРГУМЕНТЫ"
        ),
    },
    "secret.readable": {"others can read this secret": "этот секрет могут прочитать другие"},
    "attachment.large": {
        "{0} is larger than {1} MiB": "{0} больше {1} MiB",
        "tickets.attachment_mib in client.yaml allows more": (
            "больше разрешает tickets.attachment_mib в client.yaml"
        ),
    },
    "attachment.changed": {
        "{0} changed while it was read": "{0} изменился, пока его читали",
        "attach it once nobody writes to it": "приложите, когда в него никто не пишет",
    },
    "attachment.unreadable": {"cannot read {0}: {1}": "не читается {0}: {1}"},
    "attachment.missing": {
        "{0} has no attachment {1}": "у {0} нет вложения {1}",
        "no ticket has an attachment {0}": "ни у одной заявки нет вложения {0}",
        "name the ticket too, or the whole hash: msptool tickets show ID": (
            "назовите и заявку или хеш целиком: msptool tickets show ID"
        ),
        "msptool tickets show {0}": "msptool tickets show {0}",
    },
    "attachment.several": {
        "{0} names {1} attachments": "{0} — это вложений: {1}",
        "say which: {0}": "скажите какое: {0}",
        "say which: ": "скажите какое: ",
    },
    "attachment.name": {
        "{0} is no safe name for a file": "{0} не годится в имена файлов",
        "name the file yourself: -o FILE": "назовите файл сами: -o FILE",
    },
    "attachment.exists": {
        "{0} is there already": "{0} уже есть",
        "name another: -o FILE": "назовите другой: -o FILE",
    },
    "attachment.damaged": {
        "the content of the attachment {0}": "содержимое вложения {0}",
        "another clone may have it: git pull, then msptool tickets fsck": (
            "оно может быть в другой копии: git pull, затем msptool tickets fsck"
        ),
    },
    "attachment.names": {"--name goes with one file": "--name — для одного файла"},
    "redact.words": {
        "a secret is never typed on the command line": "секрет не пишут в командной строке",
        "leave it out and you will be asked; it is in your shell's history now": (
            "уберите его, и его спросят; теперь он в истории вашей оболочки"
        ),
    },
    "redact.where": {
        "in which ticket?": "в какой заявке?",
        "name one, or say --everywhere": "назовите её или скажите --everywhere",
    },
    "redact.terminal": {
        "there is no terminal to ask for the secret": "нет терминала, чтобы спросить секрет",
        "pipe it in: msptool tickets redact ID -": "подайте его: msptool tickets redact ID -",
    },
    "redact.comment": {
        "the comment holds the secret": "секрет стоит в самом замечании",
        "say why without it": "скажите почему, не называя его",
    },
    "redact.short": {
        "a secret of less than {0} characters stands in too many words": (
            "секрет короче {0} знаков встречается в слишком многих словах"
        ),
        "edit the text, or give more of what stands around it": (
            "исправьте текст или добавьте то, что стоит вокруг"
        ),
    },
    "ticket.comment": {
        "the comment is empty": "пустое замечание",
        "why will it not be fixed?": "почему это не будет исправлено?",
        "say it with --comment": "скажите в --comment",
    },
    "ticket.duplicate": {
        "a duplicate is closed as one of another ticket": (
            "повтор закрывают как повтор другой заявки"
        ),
    },
    "ticket.id": {
        "{0} is not a ticket id": "{0} не номер заявки",
        "{0} is not a ticket id: one of its characters is wrong": (
            "{0} не номер заявки: один из знаков неверен"
        ),
        "an id looks like ACME-4K7QX2-Y; msptool tickets list shows them": (
            "номер выглядит так: ACME-4K7QX2-Y; их показывает msptool tickets list"
        ),
    },
    "ticket.missing": {
        "there is no ticket {0}": "заявки {0} нет",
        "msptool tickets list --ended shows all of them": (
            "все покажет msptool tickets list --ended"
        ),
    },
    "ticket.terminal": {
        "nothing to change was named, and there is no terminal to edit on": (
            "не сказано, что изменить, а терминала для правки нет"
        ),
        "msptool tickets edit --help tells the options": ("параметры: msptool tickets edit --help"),
    },
    "ticket.began": {"{0} is still to come": "{0} ещё не наступило"},
    "ticket.several": {
        "{0} names {1} tickets": ("{0} подходит к заявкам: {1}"),
        "say which: {0}": ("какая: {0}"),
    },
    "ticket.editor": {
        "no editor was found": ("редактор не найден"),
        "the editor ended with {0}; nothing was written": (
            "редактор завершился с кодом {0}; ничего не записано"
        ),
        "it is what VISUAL or EDITOR names: {0}": ("его называет VISUAL или EDITOR: {0}"),
        "{0} has a quote that does not end": ("в {0} не закрыта кавычка"),
        "export EDITOR=nano": ("export EDITOR=nano"),
    },
    "ticket.changed": {
        "{0} was changed meanwhile by {1}; nothing was written": (
            "тем временем {0} изменил(а) {1}; ничего не записано"
        ),
        "look at it and edit it again: msptool tickets show {0}": (
            "посмотрите и правьте снова: msptool tickets show {0}"
        ),
    },
    "ticket.until": {
        "{0} is over": ("{0} уже прошло"),
        "name a time to come": ("назовите время в будущем"),
        "a risk is accepted until a day": ("риск принимают до определённого дня"),
    },
    "ticket.link": {
        "{0} cannot be linked to itself": ("{0} нельзя связать с собой"),
        "{0} cannot be merged into itself": ("{0} нельзя влить в себя"),
        "{0} cannot come under itself": ("{0} не может входить в себя"),
        "{0} is {1}: nobody would look after both": (
            "{0} в состоянии {1}: обеими не занялся бы никто"
        ),
        "msptool tickets reopen {0}; or close with --reason duplicate": (
            "msptool tickets reopen {0}; или закройте с --reason duplicate"
        ),
        "{0} was closed as a duplicate of {1}": "{0} закрыта как повтор {1}",
        "msptool tickets reopen {0}, or close {1} with its own reason": (
            "msptool tickets reopen {0}, или закройте {1} со своей причиной"
        ),
    },
    "ticket.minutes": {
        "{0} minutes of work cannot be": ("{0} минут работы не бывает"),
        "{0} is no length of work": ("{0} не длительность"),
        "write 25m, 1h30 or 1.5h": ("пишите 25m, 1h30 или 1.5h"),
    },
    "ticket.long": {
        "the {0} is longer than {1} KiB": ("{0} длиннее {1} КиБ"),
        "attach it as a file: msptool tickets attach ID FILE": (
            "приложите файлом: msptool tickets attach ID ФАЙЛ"
        ),
    },
    "ticket.same": {
        "{0} is so already; nothing was written": ("{0} уже такова; ничего не записано"),
    },
    "ticket.escalate": {
        "the next line needs to know: {0}": ("следующей линии нужно знать: {0}"),
        "--symptom what is seen, --tried what was done, --evidence what shows it": (
            "--symptom что видно, --tried что сделано, --evidence чем подтверждается"
        ),
    },
    "ticket.line": {
        "{0} is with {1} already": ("{0} уже на {1}"),
    },
    "ticket.entry": {
        "{0} has no entry {1} to take back": ("в {0} нет записи {1}"),
        "{0} has no visit {1}": ("в {0} нет выезда {1}"),
    },
    "ticket.item": {
        "the checklist has {0} items": ("пунктов в списке: {0}"),
    },
    "ticket.template": {
        "no template {0}": ("нет шаблона {0}"),
    },
    "ticket.visit": {
        "{0} has {1} planned visits": ("в {0} запланировано выездов: {1}"),
        "say which: msptool tickets show numbers them": ("назовите номер из msptool tickets show"),
        "a visit ends after it begins, within 14 days": (
            "выезд кончается позже, чем начался, и не дольше 14 дней"
        ),
        "--starts 'tomorrow 10:00' --ends 12:00": ("например --starts 'завтра 10:00' --ends 12:00"),
    },
    "ticket.time": {
        "{0} is no time": ("{0} не время"),
        "write 2d, mon, 'tomorrow 09:00', 2026-12-01 or '2026-12-01 14:30'": (
            "пишите 2d, пн, 'завтра 09:00', 2026-12-01 или '2026-12-01 14:30'"
        ),
        "the clocks skip {0}": ("часы перескакивают {0}"),
        "summer time begins then; take another hour": (
            "тогда начинается летнее время; возьмите другой час"
        ),
    },
    "ticket.sheet": {
        "cannot be read: {0}": ("не читается: {0}"),
        "{0}: there is no such key": ("{0}: такого ключа нет"),
        "{0}: text is expected; put it in quotes": ("{0}: нужен текст; возьмите его в кавычки"),
        "{0}: must not be empty": ("{0}: не может быть пустым"),
        "{0}: {1} is not known here": ("{0}: {1} здесь не бывает"),
        "{0}: a list of texts is expected": ("{0}: нужен список текстов"),
        "[one, two], or one a line with - before it": (
            "[one, two] или по одному в строке с - впереди"
        ),
        "write something there": ("напишите что-нибудь"),
        "values with : # { [ or quotes in them need quotes around them; no tabs": (
            "значения с : # { [ или кавычками берут в кавычки; табуляции нельзя"
        ),
    },
    "ticket.newer": {
        "{0} holds events of a newer msptool: {1}": "в {0} события более новой msptool: {1}",
        "update msptool, then close it; everything else still works": (
            "обновите msptool и закройте заявку; всё остальное работает"
        ),
    },
    "ticket.state": {
        "{0} is {1}; nothing was written": "{0} в состоянии {1}; ничего не записано",
        "what can be done then: msptool tickets {0}": "что можно сделать: msptool tickets {0}",
    },
    "ticket.tag": {
        "the tag {0} has a blank": "в метке {0} есть пробел",
        "join its words: old-printer": "соедините слова: old-printer",
    },
    "ticket.title": {"a ticket needs a title": "заявке нужен заголовок"},
    "state.no-home": {
        "this user has no home folder to remember anything in": (
            "у этого пользователя нет домашней папки, помнить негде"
        ),
        "set HOME, or XDG_STATE_HOME to a folder of your own": (
            "задайте HOME или XDG_STATE_HOME: папку, которая принадлежит вам"
        ),
    },
    "clients.index": {"its index cannot be read: {0}": "его индекс не читается: {0}"},
    "clients.none": {
        "no workspaces in {0}": "в {0} нет рабочих папок",
        "--all takes the folder in which the clients' workspaces lie: -C FOLDER": (
            "для --all назовите папку, где лежат рабочие папки клиентов: -C FOLDER"
        ),
    },
    "clients.unreadable": {"it cannot be read: {0}": "не читается: {0}"},
    "tickets.search": {
        "which words?": "какие слова?",
        "msptool tickets list takes filters alone": "одни условия принимает msptool tickets list",
    },
    "tickets.view": {
        "no view {0}": "нет выборки {0}",
        "known here: {0}; own ones stand in tickets.views": (
            "есть: {0}; свои задают в tickets.views"
        ),
        "the view {0} leads back to itself": "выборка {0} ведёт к самой себе",
        "the view @{0} cannot be read: {1}": "выборка @{0} не читается: {1}",
        "close its quotes": "закройте в ней кавычки",
    },
    "tickets.filter": {
        "there is no filter {0}": "нет условия {0}",
        "there is no order {0}": "неизвестный порядок {0}",
        "{0}: has no value {1}": "у {0}: нет значения {1}",
    },
    "export.cut": {
        "texts that a cell cannot hold were cut: {0}, of {1}": (
            "обрезаны тексты, которые не входят в ячейку: {0}, в {1}"
        ),
        "they end in a mark; csv, jsonl and markdown keep them whole": (
            "в конце у них пометка; целиком они в csv, jsonl и markdown"
        ),
    },
    "export.rows": {
        "more than {0} rows do not fit into a sheet": "больше {0} строк на лист не входит",
        "narrow it down by filters, or write csv": "сузьте условиями или пишите csv",
    },
    "export.terminal": {
        "{0} is no text for a terminal": "{0} — не текст для терминала",
        "write it with -o FILE": "пишите в файл: -o FILE",
    },
    "tickets.format": {"no format {0}": "нет формата {0}"},
    "tickets.intake": {
        "what this is cannot be told by its beginning": "по началу не понять, что это такое",
        "say it with --format: {0}": "скажите это с --format: {0}",
        "this is no {0}: {1}": "это не {0}: {1}",
        "nothing was written; was it sent or saved whole?": (
            "ничего не записано; послано или сохранено ли оно целиком?"
        ),
        "{0}: larger than {1} MiB": "{0}: больше {1} МиБ",
        "split it; nothing was written": "разделите его; ничего не записано",
    },
    "tickets.not-kept": {
        "the index cannot be written": "индекс записать нельзя",
        "make it writable; msptool tickets fsck --mend removes what stands in its place": (
            "разрешите запись; что стоит на его месте, убирает msptool tickets fsck --mend"
        ),
    },
    "tickets.nothing": {
        "nothing came in: the command that should write it may have failed": (
            "на входе ничего нет: возможно, команда, которая пишет, не сработала"
        ),
        "--format seam takes silence for no finding": (
            "с --format seam тишина значит, что проблем нет"
        ),
    },
    "tickets.part": {
        "not understood: line {0}; all else is done": "не понята строка {0}; остальное сделано",
        "not understood: {0} {1}; all else is done": "не понято: {0} {1}; остальное сделано",
        "a report did not end: {0}; all else is done": "отчёт без конца: {0}; остальное сделано",
        "run again what wrote it": "запустите ещё раз то, что это писало",
        "not readable: run {0}; all else is done": "не читается запуск {0}; остальное сделано",
        "{0}; all else is done": "{0}; остальное сделано",
        "restore or delete the run": "верните запуск из копии или удалите его",
        "first: {0}": "первая: {0}",
    },
    "tickets.unreadable": {
        "{0}, and {1} more; all else was read": "{0}, и ещё {1}; остальное прочитано",
        "{0}{1}; all else was read": "{0}{1}; остальное прочитано",
        "the line is kept as it is; msptool tickets fsck tells of all": (
            "строка оставлена как есть; обо всех скажет msptool tickets fsck"
        ),
    },
    "tool.missing": {
        "cannot start {0}: {1}": "не удалось запустить {0}: {1}",
        "{0} is not installed": "программы {0} нет",
        "the Python library {0} is not installed": "библиотеки Python {0} нет",
    },
    "tool.old": {"{0} is {1}; msptool needs {2} or newer": "{0}: {1}; нужно {2} или новее"},
    "tool.too-old": {"nmap {0} or newer is needed": "нужен nmap {0} или новее"},
    "usage.file": {
        "no folder {0}": "нет папки {0}",
        "make it first": "сначала создайте её",
        "Could not open file {0}: {1}": "не удалось открыть файл {0}: {1}",
    },
    "usage.no-command": {"no command was given": "команда не названа"},
    "usage.stdin": {
        "standard input is closed": "стандартный ввод закрыт",
        "pipe something into it": "подайте на него что-нибудь",
    },
    "usage.unknown": {
        "no command {0}": "нет команды {0}",
        "No such option {0}.": "нет параметра {0}",
        "No such command {0}.": "нет команды {0}",
    },
    "usage.ports": {
        "{0} is no port between 1 and {1}": "{0} — не порт от 1 до {1}",
        "--ports 22,80,8000-8100; 1-65535 are all": "--ports 22,80,8000-8100; 1-65535 — все",
    },
    "usage.wrong": {
        "-C is empty": "-C пуст",
        "--sample and --stream exclude each other": "--sample и --stream вместе не бывают",
        "name one of them": "укажите одно из двух",
        "level {0} restores nothing to sample or to stream": (
            "на уровне {0} ничего не восстанавливается"
        ),
        "--level {0} or no level": "--level {0} или без уровня",
        "name the client's workspace": "укажите рабочую папку клиента",
        "--coverage and --prometheus exclude each other": (
            "--coverage и --prometheus вместе не бывают"
        ),
        "--systemd and --cron exclude each other": "--systemd и --cron вместе не бывают",
        "--{0} is for systemd; a crontab is always the user's own": (
            "--{0} для systemd; crontab всегда у пользователя свой"
        ),
        "--json goes with --format jsonl": "--json сочетается только с --format jsonl",
        "--format goes with a file, or with - for stdin": (
            "--format указывают с файлом или с - для стандартного ввода"
        ),
        # click's own words.
        "Missing argument {0}.": "не хватает аргумента {0}",
        "Missing option {0}.": "не хватает параметра {0}",
        "Missing option {0}. Choose from: {1}": "не хватает параметра {0}; здесь бывают: {1}",
        "Missing command.": "команда не названа",
        "Option {0} requires an argument.": "параметру {0} нужно значение",
        "Option {0} does not take a value.": "параметр {0} без значения",
        "Got unexpected extra argument ({0})": "лишний аргумент ({0})",
        "Got unexpected extra arguments ({0})": "лишние аргументы ({0})",
        "Invalid value for {0}: {1} is not one of {2}.": "{0}: {1} не из тех, что бывают: {2}",
        "Invalid value for {0}: {1} is not a valid {2}.": "{0}: {1} не {2}",
        "Invalid value for {0}: {1} is not in the range {2}.": "{0}: {1} вне пределов {2}",
        "Invalid value for {0}: Path {1} does not exist.": "{0}: пути {1} нет",
        "Invalid value for {0}: {1} {2} does not exist.": "{0}: {2} нет",
        "Invalid value for {0}: {1} {2} is a directory.": "{0}: {2} — папка",
        "Invalid value for {0}: {1} {2} is a file.": "{0}: {2} — файл",
        "Invalid value for {0}: {1} {2} is not readable.": "{0}: {2} не читается",
        "Invalid value for {0}: {1} {2} is not writable.": "{0}: в {2} нельзя записать",
        "Invalid value for {0}: {1}": "{0}: {1}",
    },
    "workspace.busy": {
        "cannot start {0}: another run holds {1} ({2} since {3}, pid {4})": (
            "{0} не начать: {1} занята ({2} с {3}, pid {4})"
        ),
        "cannot start {0}: another run holds {1} ({2})": "{0} не начать: {1} занята ({2})",
        "wait for it to end, or stop it": "дождитесь конца или остановите",
    },
    "workspace.exists": {
        "{0} is a workspace already": "{0} уже рабочая папка",
        "edit its client.yaml, or name another folder": (
            "правьте её client.yaml или укажите другую папку"
        ),
    },
    "workspace.missing": {
        "no {0} in {1}": "нет {0} в {1}",
        "name a workspace with -C DIR, or make one: msptool init DIR": (
            "укажите рабочую папку: -C DIR, или создайте: msptool init DIR"
        ),
    },
    "workspace.unsafe": {
        "chown it to yourself, then: chmod -R go-w {0}": (
            "отдайте её себе (chown), затем: chmod -R go-w {0}"
        ),
    },
}


def of(code: str) -> dict[str, str]:
    """Return the sentences of a code, with those that several codes share."""
    shared = _of_yaml() if code == "ticket.sheet" else {}
    return {**_SHARED, **shared, **ERRORS.get(code, {})}


def _of_yaml() -> dict[str, str]:
    """Return what the parser of profiles says: the file of `tickets edit` is read by it, too."""
    codes = ("alias", "deep", "empty", "encoding", "key", "tag", "too-large", "twice", "yaml")
    tables = (ERRORS.get(f"profile.{code}", {}) for code in codes)
    return {english: told for table in tables for english, told in table.items()}
