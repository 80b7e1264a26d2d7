"""What verbs print: sentences, headings, and what lower rooms say. Holes stand for values."""

from msptool.backup.verdicts import TABLE

WORDS: dict[str, str] = {
    # How errors begin and end.
    "error": "ошибка",
    "refused": "отказано",
    "did you mean {0}?": "может быть, {0}?",
    # Several verbs.
    "Next: {0}": "Дальше: {0}",
    "Next: edit {0}": "Дальше: отредактируйте {0}",
    "NOT SEEN  {0} of {1} attempts: {2}": "НЕ ВИДНО  {0} из {1} проверок: {2}",
    "report: {0}": "отчёт: {0}",
    "{0}: fine": "{0}: в порядке",
    "fine": "в порядке",
    "none": "нет",
    "never": "никогда",
    "unknown": "неизвестно",
    "{0} ago": "{0} назад",
    "in {0}": "через {0}",
    # run
    "FAILED": "ОШИБКА",
    "{0}: findings {1}": "{0}: проблемы: {1}",
    "failed: {0}": "не удалось: {0}",
    # audit
    "{0} audit: {1}   {2}": "{0}, аудит: {1}   {2}",
    "{0} audit of {1}: {2}": "{0}, аудит от {1}: {2}",
    "no findings": "проблем нет",
    "... {0} more: msptool audit show": "... ещё {0}: msptool audit show",
    "LESS      no raw sockets: connect scans, fewer MACs, no search for IPv6; = sudo": (
        "МЕНЬШЕ    без сырых сокетов: connect-сканы, меньше MAC, нет поиска IPv6; = sudo"
    ),
    "networks    {0}": "сети        {0}",
    "addresses   {0}, {1} excluded": "адреса      {0}, исключено: {1}",
    "learnt      IPv6 hosts of {0}": "поиск IPv6  {0}",
    "addresses   {0}": "адреса      {0}",
    "the agent restarted; the walk went on with a new session": (
        "агент перезапустился; обход продолжен в новом сеансе"
    ),
    "{0} rows in {1}": "строк: {0}, в {1}",
    "ports       {0} TCP, {1} UDP": "порты       {0} TCP, {1} UDP",
    "pace        {0}": "темп        {0}",
    "from        {0}, as {1}": "откуда      {0}, права: {1}",
    "authorised  {0}, until {1}": "разрешил    {0}, до {1}",
    "consents    {0}": "согласия    {0}",
    "severity   {0}": "тяжесть    {0}",
    "finding    {0}": "проблема   {0}",
    "remedy     {0}": "лечение    {0}",
    "standards  {0}": "стандарты  {0}",
    "needs      {0}": "нужно      {0}",
    "; consent {0}": "; согласие {0}",
    # tickets sla
    "{0}: nothing is promised for priority {1}": "{0}: для приоритета {1} ничего не обещано",
    "counted {0}, paused {1}, outside working hours {2}": (
        "засчитано {0}, на паузе {1}, вне рабочего времени {2}"
    ),
    "response": "реакция",
    "resolution": "решение",
    "in place of another day": "вместо другого дня",
    "{0}: {1} of {2} used: {3}": "{0}: прошло {1} из {2}: {3}",
    "{0}: {1} of {2} used, due {3}: {4}": "{0}: прошло {1} из {2}, срок {3}: {4}",
    "worst: {0}, {1} late by {2}": "хуже всего: {0}, {1} с опозданием на {2}",
    "worked: {0} in {1} entries": "отработано: {0}, записей: {1}",
    "in the contract: {0}; beyond it: {1}": "по договору: {0}; сверх него: {1}",
    "billable: {0}; out of scope: {1}": "оплачивается отдельно: {0}; вне договора: {1}",
    "{0} met, {1} missed": "в срок {0}, мимо {1}",
    # backup
    "{0} in snapshot {1} of {2}": "{0} в снимке {1} от {2}",
    "there is no sealed manifest: restic tells what is in it": (
        "опечатанной описи нет: о содержимом говорит restic"
    ),
    "{0}: snapshot {1} of {2}, {3} old": "{0}: снимок {1} от {2}, возраст {3}",
    "the newest proven one: --snapshot {0} (of {1})": (
        "последний доказанный: --snapshot {0} (от {1})"
    ),
    "it has no sealed manifest: what comes back can be held against nothing": (
        "у него нет опечатанной описи: вернувшееся не с чем сверить"
    ),
    "it was made of an incomplete source": "он сделан с неполного источника",
    "its restore was never tested": "его восстановление ни разу не испытано",
    "its restore was proven {0}": "его восстановление доказано {0}",
    "its last test said: {0}": "последнее испытание сказало: {0}",
    "would restore: {0} files, {1}": "было бы восстановлено: файлов {0}, {1}",
    "not there now: {0}; would be replaced and kept beside: {1}; right already: {2}": (
        "сейчас нет: {0}; заменились бы, с сохранением рядом: {1}; уже верны: {2}"
    ),
    "… {0} more: --json has them all": "… ещё {0}: все есть в --json",
    "stopped; in place so far: {0}, replaced: {1}": "остановлено; на месте: {0}, заменено: {1}",
    "run the same command again: what is right already is left alone": (
        "повторите ту же команду: что уже верно, не трогается"
    ),
    "what was replaced is kept in {0}": "заменённое сохранено в {0}",
    "to undo: {0}": "отменить: {0}",
    "its place": "на своё место",
    "{0} of {1} files restored ({2}) to {3}": "восстановлено файлов: {0} из {1} ({2}), куда: {3}",
    "nothing was compared but names: there is no sealed manifest": (
        "сверены только имена: опечатанной описи нет"
    ),
    "what came back otherwise is named *{0}": "что вернулось иным, названо *{0}",
    "not put in place: {0}: {1}": "не поставлено на место: {0}: {1}",
    "left alone, as they were right already: {0}": "не тронуто, так как уже верно: {0}",
    "yes": "да",
    "no": "нет",
    "in part": "частично",
    "new": "новый",
    "made": "создано",
    "stands already": "уже есть",
    "{0}: new password in {1} (0600)": "{0}: новый пароль в {1} (0600)",
    "{0}: {1} snapshots, {2} due to go, {3} gone": (
        "{0}: снимков: {1}, пора удалить: {2}, удалено: {3}"
    ),
    "held back: {0}": "приостановлено: {0}",
    "{0}: removed a dead lock of ours, {1}": "{0}: снята мёртвая блокировка, наша: {1}",
    "{0}: no lock": "{0}: блокировок нет",
    "If nothing runs there any more, whoever knows may: restic unlock": (
        "Если там уже ничего не работает, знающий может выполнить: restic unlock"
    ),
    "Print it, keep it away from this machine: without the password nothing opens.": (
        "Напечатайте его и храните в другом месте: без пароля не откроется ни одна копия."
    ),
    "{0}: recovery sheet {1}": "{0}: лист восстановления {1}",
    "{0}: key {1} added": "{0}: ключ {1} добавлен",
    "{0}: key {1} removed": "{0}: ключ {1} удалён",
    "{0}: this password opens nothing": "{0}: этот пароль ничего не открывает",
    "{0}: this password opens the repository": "{0}: этот пароль открывает хранилище",
    "Password": "Пароль",
    ", {0} files": ", файлов: {0}",
    "{0} of {1} files bad": "негодных файлов {0} из {1}",
    "{0} files, none bad": "файлов {0}, негодных нет",
    "snapshot {0}": "снимок {0}",
    "snapshot {0} is newer and has no sealed manifest": (
        "снимок {0} новее и не имеет опечатанной описи"
    ),
    "RPO {0} / {1} h  RTO {2} / {3} h": "RPO {0} / {1} ч  RTO {2} / {3} ч",
    "proof {0}": "доказательство {0}",
    "… {0} more in the evidence": "… ещё {0} в доказательствах",
    "differs": "изменён",
    "lost": "утрачен",
    "bad": "негоден",
    "level {0}: {1}": "уровень {0}: {1}",
    "absent": "нет",
    "from the sealed manifest": "против опечатанной описи",
    "restic was never given it": "restic его не получил",
    "exclude {0} is not in the profile": "исключение {0} не из профиля",
    "{0}/{1} h": "{0}/{1} ч",
    # backup evidence
    "{0}, key {1}: {2} proofs": "{0}, ключ {1}: доказательств {2}",
    "NOT PROVEN that none is cut off at the end: no head was given; = --head": (
        "НЕ ДОКАЗАНО, что с конца ничего не отрезано: голова не названа; = --head"
    ),
    "all up to {0} are here; after it, some may be cut off": (
        "до {0} все на месте; после неё что-то могло быть отрезано"
    ),
    "all up to the head that was given are here": "до названной головы все на месте",
    ", bytes {0} to {1}": ", байты с {0} по {1}",
    "files named by proofs: {0} right, {1} not here": (
        "файлы, названные в доказательствах: верны {0}, здесь нет {1}"
    ),
    "NOT PROVEN who signed: only the key beside the proofs was used; = --key": (
        "НЕ ДОКАЗАНО, кто подписал: взят только ключ, лежащий рядом; = --key"
    ),
    "intact": "целы",
    "NOT INTACT: {0} faults": "НЕ ЦЕЛЫ: нарушений {0}",
    "{0}: proof {1} of {2}": "{0}: доказательство {1} из {2}",
    "verdict": "вердикт",
    "client": "клиент",
    "repository": "хранилище",
    "tested": "испытано",
    "level": "уровень",
    "compared": "сверено",
    "coverage": "охват",
    "packs": "упаковки",
    "{0} of {1} were read": "прочитано {0} из {1}",
    "{0}: no sealed backup": "{0}: опечатанных копий нет",
    "repo {0}: no packs known": "хранилище {0}: об упаковках ничего не известно",
    "repo {0}: {1} of {2} packs were read": "хранилище {0}: прочитано упаковок {1} из {2}",
    "{0}; the oldest of it {1}": "{0}; давнее всего {1}",
    "  never  {0}  ({1} files, {2})": "  никогда  {0}  (файлов: {1}, {2})",
    "  never  {0}": "  никогда  {0}",
    "  broken  {0}": "  испорчена  {0}",
    "  … {0} more, all with --json": "  … и ещё {0}, все с --json",
    "probe": "проба",
    "with": "чем",
    "nothing": "ничего",
    "{0} of {1} files, {2}": "файлов {0} из {1}, {2}",
    "same": "совпали",
    "moved": "менялись",
    "differ": "изменены",
    "material": "материал",
    "previous": "прошлое",
    "head": "голова",
    "key": "ключ",
    "key id": "id ключа",
    "{0}: {1} proofs, {2} files named by them": "{0}: доказательств {1}, названных файлов {2}",
    "{0} files named by proofs are no longer here": "названных файлов больше нет: {0}",
    "Give key and head another way: they are in report and tickets.": (
        "Ключ и голову передайте другим путём: они есть в отчёте и заявках."
    ),
    "proof": "доказано",
    "proof key": "его ключ",
    # monitor
    "{0}: load {1}/CPU, memory {2} %": "{0}: нагрузка {1}/ЦП, память {2} %",
    # tickets fsck, reindex, redact, attach
    "WRONG": "НЕ ТАК",
    "note": "к сведению",
    "mended": "исправлено",
    "and {0} more of {1}": "и ещё {0} вида {1}",
    "{0} files of tickets: nothing is wrong": "файлов заявок: {0}, всё в порядке",
    "{0} tickets in the index": "заявок в указателе: {0}",
    "the secret (not shown)": "секрет (не показывается)",
    "taken out: {0} texts in {1} tickets": "вымарано: текстов {0}, заявок {1}",
    "found in no ticket; nothing was written": "ни в одной заявке не найдено; ничего не записано",
    "left, since it may only be certain words: {0}": (
        "оставлено: там могут стоять лишь определённые слова: {0}"
    ),
    "still in {0}": "осталось в {0}",
    "another process reads the index: msptool tickets fsck --mend, when it is gone": (
        "указатель читает другой процесс: когда он закончит, msptool tickets fsck --mend"
    ),
    "the history of git and every clone still have it": (
        "в истории git и во всех копиях он остался"
    ),
    "Change the secret itself: it was read by all who could read the tickets.": (
        "Смените сам секрет: его видели все, кто мог читать заявки."
    ),
    "{0} bytes in {1}": "байт: {0}, записаны в {1}",
    # tickets
    "tickets: {0}": "заявки: {0}",
    "tickets opened": "открыто заявок",
    "  of these under another one": "  из них под другой заявкой",
    "reopened": "открыто снова",
    "resolved": "устранено",
    "held back by works": "придержано на время работ",
    "kept open for flapping": "не закрыто из-за мигания",
    "got worse": "стало хуже",
    "notifications": "уведомлений",
    "  a day": "  в день",
    "  most on a day": "  самое большее за день",
    "open at the end": "открыто в конце",
    "from {0} runs, and the tickets where no run is kept": (
        "по запускам ({0}), а где запуск не сохранён — по заявкам"
    ),
    "no tickets": "заявок нет",
    "no conflicts": "споров нет",
    "{0} more: --limit 0 shows all": "ещё {0}: --limit 0 покажет все",
    "all": "все",
    "stands: {0}": "в силе:    {0}",
    "lost:   {0}": "проиграло: {0}",
    "to settle: msptool tickets {0} {1}": "чтобы решить: msptool tickets {0} {1}",
    "no events": "событий нет",
    "the newest {0} events: --limit 0 shows all": "последние события ({0}): все покажет --limit 0",
    "not readable: {0}": "не читается: {0}",
    "{0} tickets in {1}": "заявок: {0}, записаны в {1}",
    "{0} left": "осталось {0}",
    "{0} late": "опоздание {0}",
    "subject": "тема",
    "of": "повтор",
    "requester": "просит",
    "text": "текст",
    "check": "проверка",
    "{0}, severity {1}, importance {2}": "{0}, тяжесть {1}, важность {2}",
    "thing": "где",
    "message": "проблема",
    "remedy": "лечение",
    "evidence": "улики",
    "answer by": "ответить",
    "done by": "решить",
    "last seen": "видели",
    "history": "история",
    "times of {0}": "время по {0}",
    " (no effect)": " (без последствий)",
    "from {0}": "откуда {0}",
    "run {0}": "запуск {0}",
    "as {0}": "права {0}",
    "opened{0}": "открыта{0}",
    "reopened{0} {1}": "открыта снова{0} {1}",
    "resolved{0}": "решена{0}",
    "set {0}": "изменено {0}",
    "comment {0}": "комментарий {0}",
    "closed as {0} {1} {2}": "закрыта как {0} {1} {2}",
    "unknown event {0}, of a newer msptool": "неизвестное событие {0} более новой msptool",
    "worked {0} min, {1}, {2}": ("работа {0} мин, {1}, {2}"),
    "visit {0}: {1}": ("выезд {0}: {1}"),
    "symptom": ("признак"),
    "tried": ("сделано"),
    "no longer {0}": ("больше не {0}"),
    "link: {0}": ("связь: {0}"),
    "ticked {0}": ("отмечен пункт {0}"),
    "took back the tick of {0}": ("снята отметка с пункта {0}"),
    "internal {0}": ("для своих: {0}"),
    "rests until {0} {1}": ("отложена до {0} {1}"),
    "attached {0}": ("приложен файл {0}"),
    "took back: {0}": "отменено: {0}",
    "until {0}": "до {0}",
    "until the end of {0}": "до конца {0}",
    "{0} from {1}": "{0} с {1}",
    "took back: {0}; {1}": "отменено: {0}; {1}",
    "a secret was taken out {0}": ("изъят секрет {0}"),
    "escalated to {0}": ("передана на {0}"),
    "stands: {0}; lost: {1}": ("действует: {0}; уступило: {1}"),
    "{0} has it": ("у {0}"),
    "nobody has it": ("ни у кого"),
    "queue {0}": ("очередь {0}"),
    "{0} in all: {1}": ("всего {0}: {1}"),
    "links": ("связи"),
    "came under": ("входит в"),
    "children": ("внутри"),
    "to do": ("сделать"),
    "time": ("время"),
    "visits": ("выезды"),
    "files": ("файлы"),
    "newer": ("новее"),
    "placed": ("где она"),
    "Change what is to change, save, and leave the editor.": (
        "Измените что нужно, сохраните и выйдите из редактора."
    ),
    "What is left as it is writes nothing.": ("Оставленное как есть ничего не запишет."),
    "conflicts": ("спорно"),
    "tags": ("метки"),
    "aliases": ("иначе"),
    "the risk is due again": ("срок риска вышел"),
    "also": ("тоже"),
    "the id {0} was drawn for {1} too; it leads to all": (
        "номер {0} выпал и заявке {1}; он ведёт ко всем"
    ),
    "hinders": ("мешает"),
    "impact {0}, urgency {1}": ("влияние {0}, срочность {1}"),
    "rests till": ("отложена до"),
    "accepted": ("принято до"),
    "came by": ("пришла"),
    "category": ("категория"),
    "edit it again? [Y/n] ": ("исправить? [Y/n] "),
    "what you wrote is kept in {0}": ("написанное вами сохранено в {0}"),
    "nothing was changed, nothing was written": ("ничего не изменено, ничего не записано"),
    # report
    "findings: {0}": "проблемы: {0}",
    "seen: {0} ({1} of {2} attempts ended in a verdict)": (
        "увидено: {0} (ответ получен в {1} из {2} проверок)"
    ),
    "nothing was asked": "ничего не спрашивали",
    "no complete run yet: {0}": "ещё нет ни одного полного запуска: {0}",
    "a later run was not finished or cannot be read: {0}": (
        "более поздний запуск не закончен или не читается: {0}"
    ),
    "no reports yet; build one: msptool report build": (
        "отчётов ещё нет; составить: msptool report build"
    ),
    # init, profile
    "made {0}; nothing is scanned until its scope is authorised": (
        "создано: {0}; пока область не разрешена, ничего не сканируется"
    ),
    "keys and values, the plan {0}, references, the zone, the schedule were checked": (
        "проверены ключи и значения, план {0}, ссылки, пояс, расписание"
    ),
    "(none)": "(нет)",
    "{0} networks": "сетей: {0}",
    "nobody authorises a scan today": "сканирование на сегодня никто не разрешил",
    "client {0}: scope: {1}; {2} backup jobs, {3} services, {4} timers": (
        "клиент {0}: область: {1}; заданий копирования: {2}, служб: {3}, таймеров: {4}"
    ),
    "; runs {0} commands": "; запускает команд: {0}",
    " (not trusted yet: msptool profile trust)": " (им ещё не доверяют: msptool profile trust)",
    "trusted": "доверено",
    "trusted already": "уже доверено",
    "it names no commands": "команд в нём нет",
    # doctor
    "LESS": "МЕНЬШЕ",
    "MISSING": "НЕТ",
    "{0}: {1}; gives {2}; = {3}": "{0}: {1}; даёт: {2}; = {3}",
    # backup
    "should have run at {0}": "должно было выполниться в {0}",
    "is older than agreed": "старше, чем договорено",
    "{0} {1}; newest backup: {2}": "{0} {1}; последняя копия: {2}",
    "no backup was missed": "пропущенных копий нет",
    "another run is at work: left for later": "идёт другой запуск: отложено",
    # schedule
    "nothing is scheduled; see schedule in client.yaml": (
        "расписания нет; смотрите schedule в client.yaml"
    ),
    "installed": "установлено",
    "removed": "убрано",
    "would be removed": "будет убрано",
    "nothing to be installed": "устанавливать нечего",
    "nothing to be removed": "убирать нечего",
    "Timers of a user run while the user is logged in; for always: loginctl enable-linger": (
        "Таймеры пользователя работают, пока он в системе; чтобы всегда: loginctl enable-linger"
    ),
    # demo
    " and ": " и ",
    "\n{0} run until Ctrl-C. In another terminal:": (
        "\n{0} работают до Ctrl-C. В другом терминале:"
    ),
    "fetched": "загружено",
    "nothing is missing": "всё есть",
}

_VERDICTS = {verdict: meaning.words["ru"] for verdict, meaning in TABLE.items()}

# What lower rooms say, by where it is shown; recognised as `speech.told` says.
TOLD: dict[str, dict[str, str]] = {
    "retention": {
        "stays": "остаётся",
        "due": "пора",
        "gone": "удалён",
        "newest": "последний",
        "proven": "доказан",
        "future": "из будущего",
        "no-policy": "без срока",
        "last": "из последних",
        "hourly": "часовой",
        "daily": "дневной",
        "weekly": "недельный",
        "monthly": "месячный",
        "yearly": "годовой",
    },
    "tie": {
        "joined": "объединил",
        "alone": "только у него",
        "demoted": "не считается",
        "ignored": "не учтён",
        "refused": "отвергнут",
        "placeholder": "заглушка производителя",
        "virtual router": "виртуальный маршрутизатор",
        "on countless adapters": "у бесчисленных адаптеров",
        "only an address": "всего лишь адрес",
        "of the server, told by its management board": "сервера, а назвала его плата управления",
        "made of a name": "составлен из имени",
        "no vendor known": "производитель неизвестен",
        "several claim it": "на него претендуют несколько",
        "an address of a role": "адрес роли, а не машины",
        "several machines had it in an earlier run": "раньше он был у нескольких машин",
        "their serial numbers differ": "разные серийные номера",
        "their SNMP engines differ": "разные SNMP engine ID",
        "their MACs differ": "разные MAC",
        "their SMB servers differ": "разные серверы SMB",
        "their SSH host keys differ": "разные ключи SSH",
        "their names differ": "разные имена",
    },
    "verdict": _VERDICTS | {"unproven": "не доказано"},
    "evidence": {
        "cannot be read": "не читается",
        "holds other bytes than what was written": "байты не те, что были записаны",
        "payload or signature was changed": "содержимое или подпись изменены",
        "signed by a key that was not given or is not known": (
            "подписано ключом, который не назван или неизвестен"
        ),
        "says that it belongs elsewhere": "по собственным словам, его место не здесь",
        "proofs before it are missing": "пропали доказательства перед ним",
        "follows another proof than the one before it": "следует не за тем, что стоит перед ним",
        "is larger than any proof": "больше любого доказательства",
        "the known head is missing: the end was cut off": "нет известной головы: конец отрезан",
        "another proof stands in place of the known head": (
            "на месте известной головы другое доказательство"
        ),
        "is not the file that a proof names": "не тот файл, что назван в доказательстве",
        "belongs to no proof": "не относится ни к одному доказательству",
        "is not the public key of its name": "не тот открытый ключ, что в имени",
    },
    "progress": _VERDICTS
    | {
        "history": "история",
        "{0} cannot be read; an older run is taken": "{0} не читается; взят запуск старше",
        "discover": "узлы",
        "ports": "порты",
        "services": "службы",
        "{0} addresses": "адресов: {0}",
        "search": "поиск",
        "names": "имена",
        "hinted": "подсказки",
        "{0} more answer": "отвечают ещё: {0}",
        "{0} of {1} answer": "отвечают: {0} из {1}",
        "an audit of {0} ago was cut short; --resume goes on with it": (
            "прерван аудит, начатый {0} назад; --resume продолжит его"
        ),
        "{0} answer": "отвечают: {0}",
        "{0} open": "открыто: {0}",
        "{0} ports": "портов: {0}",
        "{0} asked": "опрошено: {0}",
        "{0} machines": "машин: {0}",
        "{0} agents": "агентов: {0}",
        "walk": "обход",
        "{0} rows": "строк: {0}",
        "a link stands where a folder belongs": "на месте папки стоит ссылка",
        "a link or a file stands where a folder belongs": "на месте папки стоит ссылка или файл",
        "it lies on another file system; restore it with --to": (
            "лежит на другой файловой системе; восстановите с --to"
        ),
        "back up {0}": "копия {0}",
        "restore {0}": "восстановление {0}",
        "compare {0}": "сверка {0}",
        "read {0}": "чтение {0}",
        "test {0}": "испытание {0}",
        "part {0} of its packs": "часть {0} пакетов",
        "{0} of {1}": "{0} из {1}",
        "{0}/s": "{0}/с",
        "about {0} s left": "осталось около {0} с",
        "about {0} min left": "осталось около {0} мин",
        "about {0} h left": "осталось около {0} ч",
        "about {0} d left": "осталось около {0} д",
        "fetching {0} packages into {1}: {2}": "загрузка пакетов ({0}) в {1}: {2}",
    },
    "round": {f"{{0}} {verdict}": f"{{0}} {words}" for verdict, words in _VERDICTS.items()}
    | {
        "{0} assets": "узлов: {0}",
        "{0} findings": "проблем: {0}",
        "{0} findings; without raw sockets": "проблем: {0}; без сырых сокетов",
        "no job in the profile": "в профиле нет заданий",
        "{0} opened": "открыто: {0}",
        "{0} reopened": "открыто снова: {0}",
        "{0} resolved": "решено: {0}",
        "{0} raised": "усилено: {0}",
        "{0} known": "известно: {0}",
        "nothing new": "ничего нового",
    },
    "timer": {
        "inactive": "не работает",
        "missing": "не установлен",
        "changed": "изменён",
        "extra": "лишний",
    },
    "link": {
        "relates to": ("связана с"),
        "blocks": ("мешает"),
        "causes": ("причина для"),
        "duplicates": ("повторяет"),
        "merged into": ("влита в"),
        "split from": ("выделена из"),
        "blocked by": ("ждёт"),
        "caused by": ("вызвана"),
        "duplicated by": ("повторена в"),
        "merged from": ("вобрала"),
        "split into": ("разделена на"),
    },
    "clock": {
        "none": "нет срока",
        "running": "идёт",
        "late": "опоздание",
        "met": "соблюдён",
        "missed": "пропущен",
        "warning": "скоро истечёт",
        "paused": "стоит",
    },
    "sla": {
        "around the clock": "круглосуточно",
        "working hours": "рабочее время",
        "night": "вне рабочих часов",
        "break": "перерыв",
        "weekend": "выходной",
        "holiday": "праздник",
        "closure": "клиент не работает",
        "short day": "короткий день",
        "pause": "пауза",
    },
    "fsck": {
        "nothing": "ничего",
        "look at it": "посмотрите, что это",
        "update msptool": "обновите msptool",
        "chown it to yourself": "chown: сделайте его своим",
        "set the clock of that machine": "поправьте часы на той машине",
        "msptool tickets reindex": "msptool tickets reindex",
        "msptool tickets fsck --mend puts it aside": "msptool tickets fsck --mend отложит её",
        "msptool tickets fsck --mend removes it": "msptool tickets fsck --mend удалит его",
        "msptool tickets fsck --mend adds the rule": "msptool tickets fsck --mend добавит правило",
        "msptool tickets fsck --mend takes that away": "msptool tickets fsck --mend это уберёт",
        "msptool tickets fsck --mend takes it out again": (
            "msptool tickets fsck --mend снова вымарает"
        ),
        "msptool tickets fsck --mend goes on": "msptool tickets fsck --mend продолжит",
        "get the file back from git, or from another clone": (
            "верните файл из git или из другой копии"
        ),
        "look at both lines; write again what the other one says": (
            "сравните обе строки; запишите заново то, что говорит вторая"
        ),
        "give it its name back, or move it out of tickets/": (
            "верните ему имя или уберите его из tickets/"
        ),
        "move it into the folder of its first two drawn characters": (
            "перенесите в папку по первым двум знакам номера"
        ),
        "move it into that client's workspace": "перенесите в рабочую папку того клиента",
        "msptool tickets edit takes it from one of them": (
            "msptool tickets edit уберёт его у одной из них"
        ),
        "msptool tickets merge joins them": "msptool tickets merge объединит их",
        "msptool tickets reopen one of them": "откройте одну снова: msptool tickets reopen",
        "pull the other clone's tickets, or unlink": (
            "заберите заявки из другой копии или уберите связь"
        ),
        "a line ends in its middle": "строка обрывается посередине",
        "a line is no event": "строка не событие",
        "a line is binary": "двоичная строка",
        "a line is longer than 4 MiB": "строка длиннее 4 MiB",
        "a merge left its marker": "метка, оставшаяся от слияния",
        "a merge brought back what was redacted": "слияние вернуло вымаранное",
        "different events claim one eid; the first in order counts": (
            "у разных событий один eid; считается первое по порядку"
        ),
        "lines stand twice; each counts once": "строки повторяются; каждая считается один раз",
        "lines are out of order, as after a merge; harmless": (
            "строки не по порядку, как после слияния; это безвредно"
        ),
        "events of a newer msptool: kept; the ticket cannot be closed here": (
            "события более новой msptool: сохранены; закрыть заявку здесь нельзя"
        ),
        "the format is newer than this msptool": "формат новее этой msptool",
        "no line opens the ticket": "ни одна строка не открывает заявку",
        "the file cannot be read": "файл не читается",
        "the name is no ticket's; nobody reads the file": (
            "имя не номер заявки; файл никто не читает"
        ),
        "the file lies in another ticket's folder; nobody reads it": (
            "файл лежит в папке другой заявки; его никто не читает"
        ),
        "the file's name is not the id that its opening has": (
            "имя файла не тот номер, с которым заявка открыта"
        ),
        "the ticket is another client's": "заявка другого клиента",
        "a killed write left a file": "файл остался от прерванной записи",
        "a file that is not ours lies among the tickets": "среди заявок лежит посторонний файл",
        "others may write to it": "другие могут в него писать",
        "others may read it, as after a checkout by git": (
            "другие могут его читать, как после извлечения из git"
        ),
        "it belongs to another user": "принадлежит другому пользователю",
        "one id was drawn for several tickets; each has an id of its own": (
            "один номер выпал нескольким заявкам; у каждой теперь свой"
        ),
        "one alias names several tickets": "одно прозвище у нескольких заявок",
        "tickets with work to do are of one finding": "незавершённые заявки об одной проблеме",
        "tickets were closed as duplicates of each other; nobody has their matter": (
            "заявки закрыты как повторы друг друга; их делом никто не занят"
        ),
        "a clock disagreed with the order of events": "часы расходились с порядком событий",
        "events are of the future": "события из будущего",
        "it points at a ticket that is not here": "указывает на заявку, которой здесь нет",
        "what is attached is not here": "вложения нет на месте",
        "no ticket has this attachment": "вложение ни к одной заявке не относится",
        "an attachment is not what it was": "вложение не то, каким было",
        "a merge brought back an attachment that was deleted": (
            "слияние вернуло удалённое вложение"
        ),
        "a line of a receipt cannot be read": "строка квитанции не читается",
        "the receipt is that of another run": "квитанция другого запуска",
        "get the file back from git, or give it that run's name": (
            "верните файл из git или дайте ему имя того запуска"
        ),
        "a run saw a ticket that is not here": "запуск видел заявку, которой здесь нет",
        "pull the other clone's tickets": "заберите заявки из другой копии",
        "git would not merge it as it must": "git слил бы это не так, как нужно",
        "git would merge it line by line, which tears it": ("git слил бы это построчно и порвал"),
        "git would carry it": "git унёс бы это с собой",
        "the index disagrees with the files": "указатель расходится с файлами",
        "something else stands in the place of the index": "на месте указателя стоит другое",
        "a redaction was cut short; the index may hold the secret": (
            "вымарывание прервано; секрет мог остаться в указателе"
        ),
    },
    "tool": {
        "timers": "таймеры",
        "raw sockets": "сырые сокеты",
        "user namespaces": "пространства имён",
        "audits: hosts, ports, services": "аудит: узлы, порты, службы",
        "backups and their proof": "резервные копии и их доказательство",
        "workspaces shared between engineers": "общие рабочие папки инженеров",
        "the day's round by itself": "ежедневный обход сам собой",
        "cell": "камера",
        "test restores": "пробные восстановления",
        "PostgreSQL server": "сервер PostgreSQL",
        "repositories over SFTP": "хранилища по SFTP",
        "backups of PostgreSQL": "резервные копии PostgreSQL",
        "PostgreSQL dumps loaded on trial": "пробная загрузка дампов PostgreSQL",
        "backups of SQLite and their proof": "резервные копии SQLite и их доказательство",
        "a look into archives that it packed": "просмотр архивов, упакованных ею",
        "a look at what restored content is worth": "проверка содержимого копий",
        "a file system of their own": "отдельная файловая система",
        "limited in size": "ограниченная в размере",
        "without devices and programs": "без устройств и программ",
        "run as root; apt install e2fsprogs": "запускайте от root; apt install e2fsprogs",
        "run as root, or allow user namespaces: sysctl {0}": (
            "запускайте от root или разрешите пространства имён: sysctl {0}"
        ),
        "image": "образ",
        "bind: {0}": "подключение: {0}",
        "quiet: {0}": "папка с nosuid и noexec: {0}",
        "folder: {0}": "закрытая папка: {0}",
        "SYN scans and MAC addresses (else connect scans only)": (
            "SYN-сканы и MAC-адреса (иначе только connect-сканы)"
        ),
        "the demo site without root": "учебная сеть без root",
        "timers, and a look at the libraries below": "таймеры и проверка библиотек ниже",
        "a library msptool is made of": "библиотека, без которой msptool не работает",
        "apt install cron, or boot with systemd": "apt install cron или загрузка с systemd",
        "run as root, or: sudo msptool ...": "запускайте от root или: sudo msptool ...",
        "run the demo as root, or allow them: sysctl {0}": (
            "запускайте учебную сеть от root или разрешите их: sysctl {0}"
        ),
        "does not answer {0}: {1}": "не отвечает на {0}: {1}",
        "{0} is too old, {1} is needed": "{0} слишком стара, нужна {1}",
        "{0} is not installed": "программа {0} не установлена",
        "not installed": "не установлена",
        "neither systemd nor cron": "ни systemd, ни cron",
        "not allowed ({0})": "не разрешено ({0})",
    },
}

UNITS = {"d": "д", "h": "ч", "min": "мин", "s": "с"}

# Tables: what stands over a column.
HEADINGS: dict[str, str] = {
    "ANSWERED": "ОТВЕТ",
    "CLIENT": "КЛИЕНТ",
    "CLOSED": "ЗАКРЫТО",
    "GROUP": "ГРУППА",
    "HOURS": "ЧАСЫ",
    "OPEN": "СЕЙЧАС",
    "OPENED": "ОТКРЫТО",
    "BACK": "СНОВА",
    "SOLVED": "РЕШЕНИЕ",
    "WHO": "КТО",
    "WHY": "ПОЧЕМУ",
    "FROM": "С",
    "TO": "ДО",
    "COUNTS": "ИДЁТ",
    "DOES NOT": "НЕ ИДЁТ",
    "ENDED": "ЗАКРЫТО",
    "LEFT": "ОСТАЛОСЬ",
    "RESPONSE": "РЕАКЦИЯ",
    "RESOLUTION": "РЕШЕНИЕ",
    "PAUSED": "НА ПАУЗЕ",
    "MADE": "СДЕЛАН",
    "SNAPSHOT": "СНИМОК",
    "ADDRESS": "АДРЕС",
    "ADDRESSES": "АДРЕСА",
    "AGE": "ВОЗРАСТ",
    "BACKUP": "КОПИЯ",
    "BUILT": "СОСТАВЛЕН",
    "CHECK": "ПРОВЕРКА",
    "CREATED": "СОЗДАН",
    "DOOR": "ЧЕРЕЗ",
    "FILES": "ФАЙЛЫ",
    "FIRST": "ПЕРВЫЙ",
    "HOST": "УЗЕЛ",
    "JOB": "ЗАДАНИЕ",
    "KEY": "КЛЮЧ",
    "KIND": "ВИД",
    "LANGUAGES": "ЯЗЫКИ",
    "LAST": "ПРОШЛЫЙ",
    "MODEL": "МОДЕЛЬ",
    "MODIFIED": "ИЗМЕНЁН",
    "NAME": "ИМЯ",
    "NEXT": "СЛЕДУЮЩИЙ",
    "PAGE": "СТРАНИЦА",
    "PATH": "ПУТЬ",
    "PORTS": "ПОРТЫ",
    "PRIO": "ПРИОР",
    "PROVEN": "ДОКАЗАНО",
    "REPORT": "ОТЧЁТ",
    "RPO": "RPO",
    "RTO": "RTO",
    "SEALED": "ОПЕЧАТАН",
    "SEVERITY": "ТЯЖЕСТЬ",
    "SIZE": "РАЗМЕР",
    "SLA": "SLA",
    "STATE": "СОСТОЯНИЕ",
    "FIELD": "ПОЛЕ",
    "BELIEF": "ДОВЕРИЕ",
    "IDENTIFIER": "ПРИЗНАК",
    "WITNESS": "СВИДЕТЕЛЬ",
    "VALUE": "ЗНАЧЕНИЕ",
    "taken": "принято",
    "refused": "отвергнуто",
    "STEP": "ШАГ",
    "SUBJECT": "ТЕМА",
    "TICKET": "ЗАЯВКА",
    "TIME": "ВРЕМЯ",
    "TYPE": "ТИП",
    "USER": "КТО",
    "WHAT": "ЧТО",
    "WHEN": "КОГДА",
    "WHERE": "ГДЕ",
}
