"""What verbs print, line by line, and the headings of their tables. Holes stand for values."""

WORDS: dict[str, str] = {
    # How errors begin and end.
    "error": "ошибка",
    "refused": "отказано",
    "did you mean {0}?": "может быть, {0}?",
    # Several verbs.
    "Next: {0}": "Дальше: {0}",
    "Next: edit {0}": "Дальше: отредактируйте {0}",
    "report: {0}": "отчёт: {0}",
    "{0}: fine": "{0}: в порядке",
    # run
    "FAILED": "ОШИБКА",
    "{0}: findings {1}": "{0}: проблемы: {1}",
    "failed: {0}": "не удалось: {0}",
    "{0} assets, {1} findings": "узлов: {0}, проблем: {1}",
    "{0} assets, {1} findings; without raw sockets": (
        "узлов: {0}, проблем: {1}; без сырых сокетов"
    ),
    "{0} findings": "проблем: {0}",
    "no job in the profile": "в профиле нет заданий",
    # audit
    "{0} audit: {1}   {2}": "{0}, аудит: {1}   {2}",
    "{0} audit of {1}: {2}": "{0}, аудит от {1}: {2}",
    "... {0} more: msptool audit show": "... ещё {0}: msptool audit show",
    "NOT SEEN  {0} of {1} attempts: {2}": "НЕ ВИДНО  {0} из {1} проверок: {2}",
    "networks    {0}": "сети        {0}",
    "addresses   {0}, {1} excluded": "адреса      {0}, исключено: {1}",
    "learnt      IPv6 hosts of {0}": "узнаём      узлы IPv6 в {0}",
    "ports       {0} TCP, SNMP on UDP 161": "порты       {0} TCP, SNMP на UDP 161",
    "pace        {0}": "темп        {0}",
    "from        {0}, as {1}": "откуда      {0}, права: {1}",
    "authorised  {0}, until {1}": "разрешил    {0}, до {1}",
    "consents    {0}": "согласия    {0}",
    "severity   {0}": "тяжесть    {0}",
    "finding    {0}": "проблема   {0}",
    "remedy     {0}": "лечение    {0}",
    "standards  {0}": "стандарты  {0}",
    "needs      {0}": "нужно      {0}",
    "needs      {0}; consent {1}": "нужно      {0}; согласие {1}",
    # audit's progress
    "discover": "узлы",
    "ports": "порты",
    "services": "службы",
    "snmp": "snmp",
    "{0} addresses": "адресов: {0}",
    "{0} of {1} answer": "отвечают {0} из {1}",
    "{0} open": "открыто: {0}",
    "{0} ports": "портов: {0}",
    "{0} asked": "опрошено: {0}",
    "{0} machines": "машин: {0}",
    "{0} agents": "агентов: {0}",
    # backup
    "back up {0}": "копия {0}",
    "read {0}": "чтение {0}",
    "test {0}": "проверка {0}",
    "part {0} of its packs": "часть {0} пакетов",
    "{0} of {1}": "{0} из {1}",
    "{0} of {1}, {2}/s, about {3} left": "{0} из {1}, {2}/с, осталось около {3}",
    "{0}: made, {1}": "{0}: создано, {1}",
    "{0}: stands already, {1}": "{0}: уже есть, {1}",
    "{0}: new password in {1} (0600)": "{0}: новый пароль в {1} (0600)",
    "Keep a copy of it away from this machine: without it no backup opens.": (
        "Держите его копию не на этой машине: без него не откроется ни одна копия."
    ),
    "{0}: {1}, {2} files": "{0}: {1}, файлов: {2}",
    # monitor
    "{0}: load {1}/CPU, memory {2} %; {3}": "{0}: нагрузка {1}/ЦП, память {2} %; {3}",
    # tickets
    "tickets: {0}": "заявки: {0}",
    "nothing new": "ничего нового",
    "no tickets": "заявок нет",
    "not readable: {0}": "не читается: {0}",
    "{0} tickets in {1}": "заявок: {0}, записаны в {1}",
    # report
    "findings: {0}": "проблемы: {0}",
    "seen: {0} ({1} of {2} attempts ended in a verdict)": (
        "увидено: {0} (ответ получен в {1} из {2} проверок)"
    ),
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
    "client {0}: scope: {1}; {2} backup jobs, {3} services, {4} timers": (
        "клиент {0}: область: {1}; заданий копирования: {2}, служб: {3}, таймеров: {4}"
    ),
    "client {0}: scope: {1}; {2} backup jobs, {3} services, {4} timers; runs {5} commands": (
        "клиент {0}: область: {1}; заданий копирования: {2}, служб: {3}, таймеров: {4};"
        " запускает команд: {5}"
    ),
    "client {0}: scope: {1}; {2} backup jobs, {3} services, {4} timers; runs {5} commands"
    " (not trusted yet: msptool profile trust)": (
        "клиент {0}: область: {1}; заданий копирования: {2}, служб: {3}, таймеров: {4};"
        " запускает команд: {5} (им ещё не доверяют: msptool profile trust)"
    ),
    "{0} {1}: trusted": "{0} {1}: доверено",
    "{0} {1}: trusted already": "{0} {1}: уже доверено",
    "  it names no commands": "  команд в нём нет",
    # doctor
    "LESS": "МЕНЬШЕ",
    "MISSING": "НЕТ",
    "{0}: {1}; gives {2}; = {3}": "{0}: {1}; даёт: {2}; = {3}",
    # schedule
    "nothing is scheduled; see schedule in client.yaml": (
        "расписания нет; смотрите schedule в client.yaml"
    ),
    "installed: {0}": "установлено: {0}",
    "removed: {0}": "убрано: {0}",
    "would be removed: {0}": "будет убрано: {0}",
    "nothing to be installed": "устанавливать нечего",
    "nothing to be removed": "убирать нечего",
    "nothing to be would be removed": "убирать нечего",
    "Timers of a user run while the user is logged in; for always: loginctl enable-linger": (
        "Таймеры пользователя работают, пока он в системе; чтобы всегда: loginctl enable-linger"
    ),
    # demo
    "{0} run until Ctrl-C. In another terminal:": "{0} работает до Ctrl-C. В другом терминале:",
    "fetching {0} packages into {1}: {2}": "загрузка пакетов ({0}) в {1}: {2}",
    "fetched": "загружено",
    "nothing is missing": "всё есть",
}

# Tables: what stands over a column.
HEADINGS: dict[str, str] = {
    "ADDRESS": "АДРЕС",
    "ADDRESSES": "АДРЕСА",
    "BACKUP": "КОПИЯ",
    "BUILT": "СОСТАВЛЕН",
    "CHECK": "ПРОВЕРКА",
    "DOOR": "ЧЕРЕЗ",
    "HOST": "УЗЕЛ",
    "JOB": "ЗАДАНИЕ",
    "KIND": "ВИД",
    "LANGUAGES": "ЯЗЫКИ",
    "LAST": "ПРОШЛЫЙ",
    "MODEL": "МОДЕЛЬ",
    "NAME": "ИМЯ",
    "NEXT": "СЛЕДУЮЩИЙ",
    "PAGE": "СТРАНИЦА",
    "PORTS": "ПОРТЫ",
    "PRIO": "ПРИОР",
    "PROVEN": "ДОКАЗАНО",
    "REPORT": "ОТЧЁТ",
    "RPO": "RPO",
    "RTO": "RTO",
    "SEVERITY": "ТЯЖЕСТЬ",
    "SLA": "SLA",
    "STATE": "СОСТОЯНИЕ",
    "STEP": "ШАГ",
    "SUBJECT": "ТЕМА",
    "TICKET": "ЗАЯВКА",
    "TYPE": "ТИП",
    "WHAT": "ЧТО",
    "WHEN": "КОГДА",
    "WHERE": "ГДЕ",
}
