"""Help in Russian: each paragraph and each option's line, its line breaks as single spaces."""

HELP: dict[str, str] = {
    # click's own words.
    "Usage:": "Вызов:",
    "Options": "Параметры",
    "Commands": "Команды",
    "Positional arguments": "Аргументы",
    "Show this message and exit.": "Показать эту справку.",
    "default: {0}": "по умолчанию: {0}",
    "required": "обязательно",
    "x>={0}": "не меньше {0}",
    "Examples:": "Примеры:",
    # The root.
    "Audit a client's network, prove its backups, lose no problem.": (
        "Проверить сеть клиента и его копии; не потерять ни одной проблемы."
    ),
    "Every day": "Каждый день",
    "Set up": "Настройка",
    "Exit": "Коды",
    "0 fine 1 findings 2 usage 3 part done 4 tool 5 scope 6 busy": (
        "0 хорошо  1 проблемы  2 вызов  3 частично  4 программа  5 область  6 занят"
    ),
    "Show tracebacks.": "Показывать трассировку.",
    "Show the version.": "Показать версию.",
    # Shared options.
    "The client's workspace.": "Рабочая папка клиента.",
    "JSON Lines on stdout.": "Строки JSON в стандартный вывод.",
    "Say nothing when all is fine.": "Молчать, если всё хорошо.",
    "Exit with 1 from this severity on.": "Код выхода 1, начиная с этой тяжести.",
    # run
    "Do the day's round: audit, backup, monitor, tickets, report.": (
        "Ежедневный обход: аудит, копии, состояние, заявки, отчёт."
    ),
    "A step that fails stops none of the others, and shows in the exit code. Each step works alone"
    " too: audit run, backup run, backup verify, monitor check, tickets ingest, report build.": (
        "Неудача одного шага не останавливает других и видна в коде выхода. Каждый шаг работает и"
        " сам: audit run, backup run, backup verify, monitor check, tickets ingest, report build."
    ),
    "Leave a step out; may be given several times.": (
        "Пропустить шаг; можно указать несколько раз."
    ),
    # audit
    "Discover a network and check it.": "Найти всё, что есть в сети, и проверить.",
    "Look at the authorised networks, or at a part of them, and keep a report.": (
        "Осмотреть разрешённые сети или их часть и сохранить отчёт."
    ),
    "Scan only networks whose owner has authorised it in writing: scanning may disturb"
    " fragile equipment. Without root only connect scans are possible; MAC addresses may"
    " then be missing. A run that was stopped or killed goes on after its last host with"
    " --resume, for a day.": (
        "Сканируйте только те сети, чей владелец разрешил это письменно: сканирование может"
        " потревожить хрупкое оборудование. Без root возможно только connect-сканирование;"
        " MAC-адресов тогда может не быть. Прерванный или убитый запуск в течение суток"
        " продолжается с последнего узла с --resume."
    ),
    "These ports instead of ours: 22,8000-8100.": "Эти порты вместо наших: 22,8000-8100.",
    "Go on with the audit that was cut short.": "Продолжить прерванный аудит.",
    "Show the newest complete audit: findings, and what could not be seen.": (
        "Показать последний полный аудит: проблемы и то, чего не видно."
    ),
    "Say what a run would look at, and from where; sends nothing.": (
        "Сказать, что и откуда осмотрит запуск; ничего не отправляет."
    ),
    "Say what devices are, from recordings of their SNMP answers; sends nothing.": (
        "Определить устройства по записям их ответов SNMP; ничего не отправляет."
    ),
    'With --json one line a recording, of one that cannot be read too: its field "error" tells'
    " why. Then it exits with 3.": (
        'С --json по строке на запись, нечитаемую тоже: почему, скажет её поле "error". Тогда'
        " код выхода 3."
    ),
    "Say why an asset is one machine, who said what of it, and what was not believed.": (
        "Объяснить, почему узел — одна машина, кто что о нём сказал и чему не поверили."
    ),
    "ASSET is its id, name, address, MAC or serial number, as the newest audit knows it.": (
        "ASSET — его идентификатор, имя, адрес, MAC или серийный номер по последнему аудиту."
    ),
    "Show which witness gave which answer.": "Показать, какой свидетель что ответил.",
    "A recording: snmprec, or what snmpwalk -On prints.": (
        "Запись: snmprec или вывод snmpwalk -On."
    ),
    "Record what an SNMP agent answers, with the profile's credentials.": (
        "Записать, что отвечает агент SNMP, с доступом из профиля."
    ),
    "The host must be in the authorised scope. What broke off is written as far as it came, and"
    " the exit code is 3.": (
        "Узел должен быть в разрешённой области. Оборвавшееся записывается, сколько пришло, а код"
        " выхода — 3."
    ),
    "Only what lies below it.": "Только то, что ниже него.",
    "How to write it.": "В каком виде записать.",
    "Replace the file that stands there.": "Заменить файл, который там есть.",
    "List the checks, or say what one asks, why, and the cure.": (
        "Перечислить проверки или объяснить одну: что, почему и как исправить."
    ),
    # backup
    "Back up with restic, and prove that it restores.": (
        "Копировать с restic и доказать, что копии восстанавливаются."
    ),
    "Make the repositories of the profile that are missing; touch no other.": (
        "Создать недостающие хранилища профиля; других не трогать."
    ),
    "Only the jobs that missed their backup; ends well while another run is at work.": (
        "Только задания с пропущенной копией; при другом запуске завершается успешно."
    ),
    "Back up the jobs of the profile, or those named, and seal what was in them.": (
        "Выполнить задания профиля или названные и опечатать опись."
    ),
    "Delete the snapshots that `keep` of the profile lets go, and no others.": (
        "Удалить снимки, которые отпускает срок хранения в профиле, и никакие другие."
    ),
    "Nothing of a job goes while its newest backup is unproven, incomplete or implausible, or while"
    " a snapshot vanished or claims a false time: then it exits with 1. The newest and the last"
    " proven one always stay.": (
        "Из задания не удаляется ничего, пока его последняя копия не доказана, неполна или"
        " неправдоподобна, пока снимок исчез или называет ложное время: тогда код 1. Последний и"
        " последний доказанный снимки остаются всегда."
    ),
    "Show what would go; delete nothing.": "Показать, что ушло бы; ничего не удалять.",
    "Free the room of what is gone, too.": "И освободить место ушедшего.",
    "You know why this snapshot vanished or looks odd.": (
        "Вы знаете, почему этот снимок исчез или странен."
    ),
    "Show the locks of repositories; remove those that are provably ours and dead.": (
        "Показать блокировки хранилищ; снять те, что доказанно наши и мертвы."
    ),
    "A lock of another machine, of a person or of a process that lives is never removed. Exits"
    " with 3 where one is left, or a repository could not be asked.": (
        "Блокировка другой машины, человека или живого процесса не снимается никогда. Код 3, если"
        " какая-то осталась или хранилище не ответило."
    ),
    "Passwords of repositories: list, add, remove, print and try them.": (
        "Пароли хранилищ: показать, добавить, убрать, напечатать, проверить."
    ),
    "List the keys of a repository; * marks the one that the profile's password opens.": (
        "Показать ключи хранилища; * у того, который открывает пароль профиля."
    ),
    "Let a further password open a repository; a file that is not there gets a new one.": (
        "Дать хранилищу ещё один пароль; если файла нет, в него ляжет новый."
    ),
    "Take a key away; the one in use and the last one stay.": (
        "Убрать ключ; тот, что в работе, и последний остаются."
    ),
    "Write the recovery sheet of a repository anew, a page in each language of the client.": (
        "Заново записать лист восстановления, страницу на каждом языке клиента."
    ),
    "Fetch the password from where the client keeps it, and open the repository with it.": (
        "Взять пароль оттуда, где его хранит клиент, и открыть им хранилище."
    ),
    "With an empty cache, as on the day when this machine is gone. Exits with 1 where it does not"
    " open. What it found is kept: a repository whose password was never tried is a finding.": (
        "С пустым кэшем, как в день, когда этой машины не станет. Код 1, если не открылось. Итог"
        " сохраняется: хранилище, пароль которого не проверяли, — это проблема."
    ),
    "env:NAME, file:PATH or command:PROGRAM ARGUMENTS; - asks for it, or reads one line.": (
        "env:ИМЯ, file:ПУТЬ или command:ПРОГРАММА АРГУМЕНТЫ; - спросить или прочитать строку."
    ),
    "Whose key it is.": "Чей это ключ.",
    "Restore backups into a throw-away place and hold them against what was sealed.": (
        "Восстановить копии во временное место и сверить с опечатанной описью."
    ),
    "Levels, each with those before it: 1 age, size and change; 2 structure; 3 a part of the packs;"
    " 4 a test restore from an empty cache; 5 what the restored files mean.": (
        "Уровни, каждый вместе с предыдущими: 1 возраст, размер и изменения; 2 структура; 3 часть"
        " пакетов; 4 пробное восстановление с пустым кэшем; 5 смысл восстановленных файлов."
    ),
    "How deep; without it the day decides, by age and budget.": (
        "Глубина; без неё решает день: по давности и отведённому времени."
    ),
    "Restore a sample of so many percent, in rotation.": (
        "Восстановить выборку в столько процентов, по очереди."
    ),
    "Read it through without scratch disk.": "Прочитать насквозь, не занимая диск.",
    "Check the repositories of the profile, or those named; nothing is restored.": (
        "Проверить хранилища профиля или названные; ничего не восстанавливать."
    ),
    "Read every pack, not the structure alone.": "Прочитать все пакеты, а не только структуру.",
    "Write it in Prometheus' text format (- for stdout).": (
        "Записать в текстовом формате Prometheus (- для стандартного вывода)."
    ),
    "Exits with 1 for any verdict but ok, and with 3 where a job could not be tested.": (
        "Код 1 при любом вердикте, кроме «в порядке»; код 3, если задание не удалось испытать."
    ),
    "Restore below this folder instead of the workspace.": (
        "Восстанавливать в эту папку, а не в рабочую."
    ),
    "List the snapshots of a job, or of all: when, how much, sealed, proven when.": (
        "Показать снимки задания или всех: когда, сколько, опечатан ли, когда доказан."
    ),
    "Show what is in a snapshot of a job, folder by folder.": (
        "Показать, что есть в снимке задания, папка за папкой."
    ),
    "Get files back: into a new folder, or where they belong.": (
        "Вернуть файлы: в новую папку или на их место."
    ),
    "Originals are replaced with --in-place only. What came back is held against the sealed"
    " manifest; what is damaged is named, and the rest is restored (exit 3).": (
        "На место оригиналов файлы встают только с --in-place. Вернувшееся сверяется с"
        " опечатанной описью; повреждённое называется, остальное восстанавливается (код 3)."
    ),
    "The newest snapshot up to this time, in the client's zone.": (
        "Последний снимок до этого времени, в часовом поясе клиента."
    ),
    "This snapshot.": "Этот снимок.",
    "All versions of the files of this name, through all snapshots.": (
        "Все версии файлов с таким именем, по всем снимкам."
    ),
    "Restore below this new or empty folder.": "Восстановить в эту новую или пустую папку.",
    "Restore where it was; what is replaced is kept beside.": (
        "Восстановить на место; заменённое сохраняется рядом."
    ),
    "Show what would be written; write nothing.": "Показать, что было бы записано; не писать.",
    "Only this file or folder; may be given several times.": (
        "Только этот файл или папка; можно указать несколько раз."
    ),
    "Show when each job was last backed up and last proven, from the runs.": (
        "Показать по запускам, когда каждое задание копировали и доказывали."
    ),
    "How far the proofs reach: which files and packs were never looked at.": (
        "Докуда дошли доказательства: какие файлы и упаковки не смотрели ни разу."
    ),
    # backup evidence
    "Signed proofs of restore tests: check them, show them, hand them out.": (
        "Подписанные доказательства пробных восстановлений: проверить, показать, передать."
    ),
    "Find what was changed, taken out, moved or added since the proofs were signed.": (
        "Найти, что изменено, изъято, переставлено или добавлено после подписи."
    ),
    "Reads an exported folder, or the workspace. Key and head come from a report or ticket: the"
    " bundle cannot vouch for itself. Without a key it is not known who signed; without a head"
    " statements may be missing at the end. Exits with 1 where something is wrong.": (
        "Читает выгруженную папку или рабочую. Ключ и голову берите из отчёта или заявки: папка"
        " не может ручаться за себя. Без ключа неизвестно, кто подписал; без головы в конце может"
        " чего-то не хватать. Код выхода 1, если что-то не так."
    ),
    "The public key or its SHA-256 in hex, or a file in PEM; several times for several keys.": (
        "Открытый ключ или его SHA-256 в шестнадцатеричном виде или файл PEM; можно несколько раз."
    ),
    "A last known statement; several times for several jobs.": (
        "Последнее известное доказательство; можно несколько раз для разных заданий."
    ),
    "In a workspace, read the files named by proofs too.": (
        "В рабочей папке читать и файлы, названные в доказательствах."
    ),
    "Show what a proof says, and what is needed to check it elsewhere: head and key.": (
        "Показать, что сказано в доказательстве и чем его проверить: голову и ключ."
    ),
    "Which; else the last.": "Которое; иначе последнее.",
    "Write proofs as a new folder for a third party, with how to check them.": (
        "Выгрузить доказательства в новую папку для третьей стороны, с указанием, как их проверить."
    ),
    "Materials hold names of the client's files; without them only their hashes go out.": (
        "В материалах есть имена файлов клиента; без них наружу уйдут только их хеши."
    ),
    "Manifests and runs that proofs name too.": ("И описи и запуски, названные в доказательствах."),
    # monitor
    "Check the health of this machine.": "Проверить состояние этой машины.",
    "Measure load, memory, disks, services and the age of the last proven restore.": (
        "Измерить нагрузку, память, диски, службы и возраст доказанной копии."
    ),
    # tickets fsck, reindex, redact, attach, attachment
    "Look at the whole store, and say what is wrong with it.": (
        "Осмотреть всё хранилище и сказать, что в нём не так."
    ),
    "Ends with 1 where something is. What is broken moves to tickets/quarantine; nothing is thrown"
    " away but leftovers of killed writes and what was redacted.": (
        "Код выхода 1, если что-то не так. Испорченное переносится в tickets/quarantine; удаляются"
        " лишь остатки прерванных записей и то, что было вымарано."
    ),
    "Mend what can be mended without loss.": "Исправить всё, что можно исправить без потерь.",
    "Make the index anew from the files. It is derived, and may be deleted at any time.": (
        "Составить указатель по файлам заново. Он производный, его можно удалить в любой момент."
    ),
    "Take a secret out of the store for good. It is asked for; - reads it from stdin.": (
        "Вымарать секрет из хранилища навсегда. Его спросят; - читает его со стандартного ввода."
    ),
    "A merge with a clone that still has it does not bring it back. The history of git, clones and"
    " other service desks keep it: change the secret itself.": (
        "Слияние с копией, где он ещё есть, его не вернёт. История git, другие копии и чужие"
        " системы заявок его хранят: смените сам секрет."
    ),
    "In all tickets.": "Во всех заявках.",
    "Delete this attachment for good, in place of a text.": (
        "Удалить навсегда это вложение, а не текст."
    ),
    "Why; not the secret.": "Почему; не сам секрет.",
    "Keep files with a ticket. Each content is kept once, whatever its name.": (
        "Приложить файлы к заявке. Одинаковое содержимое хранится один раз, как бы ни называлось."
    ),
    "What one file is called there; else its own name.": (
        "Как назвать там единственный файл; иначе его собственным именем."
    ),
    "Files that hang on tickets.": "Файлы, приложенные к заявкам.",
    "Write an attachment into a file. It is checked against its hash, and never opened.": (
        "Записать вложение в файл. Оно сверяется со своим хешем и никогда не открывается."
    ),
    "Write it here; a folder takes it under its own name.": (
        "Записать сюда; в папку — под его собственным именем."
    ),
    # tickets
    "Findings and requests, with priorities and clocks.": (
        "Проблемы и обращения, с приоритетами и сроками."
    ),
    "Turn findings into tickets. Without a source, those of every new run.": (
        "Превратить проблемы в заявки. Без источника — из всех новых запусков."
    ),
    "What wrote it; told by its beginning, if not said.": (
        "Что это написало; если не сказано, видно по началу."
    ),
    "Replay the past under another policy: how many tickets, how much noise.": (
        "Проиграть прошлое по другим правилам: сколько заявок, сколько шума."
    ),
    "Nothing is written.": "Ничего не записывается.",
    "Another policy: a piece of a profile, of its key tickets.": (
        "Другие правила: часть профиля, под ключом tickets."
    ),
    "Count from this day on (YYYY-MM-DD); by default the last 90 days.": (
        "Считать с этого дня (ГГГГ-ММ-ДД); без указания — последние 90 дней."
    ),
    "List tickets, the most urgent first.": "Перечислить заявки, самые срочные первыми.",
    "A filter is a word, words in quotes, or a key like status: prio: client: thing: assignee: sla:"
    " due: is: with a value; a minus before it turns it round. @mine @unassigned @breaching @today"
    " are saved views; tickets.views of the profile holds others.": (
        "Условие — слово, слова в кавычках или ключ (status: prio: client: thing: assignee: sla:"
        " due: is:, можно и по-русски: статус: клиент: срок:) со значением; минус впереди"
        " обращает его. @mine @unassigned @breaching @today — готовые выборки; свои задают в"
        " tickets.views профиля."
    ),
    "Resolved, closed and snoozed ones too.": "И решённые, и закрытые, и отложенные.",
    "Those under another ticket too, not as +N.": "И вложенные в другую заявку, а не числом +N.",
    "urgency, due, age, changed, prio, who, requester or id; - before it turns it round.": (
        "urgency (срочность), due (срок), age (возраст), changed (изменение), prio, who"
        " (исполнитель), requester (кто просит) или id; - впереди обращает порядок."
    ),
    "So many at most, 0 for all; without it 100 in a table, else all.": (
        "Не больше стольких, 0 — все; без него в таблице 100, иначе все."
    ),
    "So many at most, 0 for all.": "Не больше стольких, 0 — все.",
    "CSV on stdout.": "CSV на стандартный вывод.",
    "Every client's workspace in the folder of -C.": (
        "Рабочие папки всех клиентов в папке, названной в -C."
    ),
    "Look for words in all tickets and comments, ended ones too; the best first.": (
        "Искать слова во всех заявках и комментариях, и в завершённых; лучшие первыми."
    ),
    "Each word begins one of the ticket; words in quotes stand there in this order. The filters are"
    " those of list.": (
        "Каждое слово — начало слова заявки; слова в кавычках стоят там в этом порядке. Условия —"
        " те же, что у list."
    ),
    "Count tickets: opened, closed, still open and how old, promises kept, hours worked.": (
        "Сосчитать заявки: открыто, закрыто, в работе и их возраст, соблюдение сроков, часы."
    ),
    "Count what happened from then on: a day (2026-11-01, mon) or a length (30d, 12w).": (
        "Считать то, что было с этого дня (2026-11-01, пн) или за этот срок (30d, 12w)."
    ),
    "The groups; priority, with --all client.": "Группы; обычно priority, с --all — client.",
    "Show what several people did to one ticket without knowing of each other.": (
        "Показать, что сделали с одной заявкой люди, не знавшие друг о друге."
    ),
    "Of each field: what stands and what lost. Whatever is done next to the field settles it.": (
        "По каждому полю: что в силе и что проиграло. Следующее действие над полем решает спор."
    ),
    "Show a ticket with its clocks and its history.": "Показать заявку, её сроки и историю.",
    "Open a ticket for a person's request.": "Открыть заявку по просьбе человека.",
    "What it is about, in a line.": "О чём она, одной строкой.",
    "More about it; - reads it from stdin.": "Подробности; - читает их со стандартного ввода.",
    "Who asks.": "Кто просит.",
    "How urgent it is.": "Насколько срочно.",
    "What sort of work it is.": "Что это за работа.",
    "Close a ticket. One closed as fixed comes back if its fault is seen again.": (
        "Закрыть заявку. Закрытая как fixed вернётся, если проблему увидят снова."
    ),
    "Why it is closed.": "Почему закрыта.",
    "Why; wont-fix needs it.": "Почему; для wont-fix обязательно.",
    "The ticket that this one repeats.": "Заявка, которую эта повторяет.",
    "Deadlines explained, and the service report of a month.": (
        "Откуда взялись сроки, и отчёт об услугах за месяц."
    ),
    "Show every interval that counted or did not, why, and the sums.": (
        "Показать каждый отрезок, который засчитан или нет, почему, и итоги."
    ),
    "Show which promises a month kept, how long clocks stood, and what was worked.": (
        "Показать, какие обещания месяца выполнены, сколько часы стояли и сколько отработано."
    ),
    "A promise counts in the month in which it was kept, or should have been.": (
        "Обещание относится к месяцу, когда его выполнили или должны были выполнить."
    ),
    "Which month; without it, this one.": "Какой месяц; без этого — текущий.",
    "Take back a resolution or a closing.": "Отменить решение или закрытие.",
    "Why.": "Почему.",
    "Write down what was said. The first word stops the response clock.": (
        "Записать сказанное. Первая запись останавливает отсчёт срока ответа."
    ),
    "Queue, assignee and line follow from the profile's rules (tickets.assign) unless"
    " they are said.": (
        "Очередь, исполнитель и линия следуют правилам профиля (tickets.assign), если не названы."
    ),
    "How it came: phone, mail, portal ...": ("Как пришла: phone, mail, portal ..."),
    "What sort of work it is; request if not said.": (
        "Что это за работа; если не сказано — request."
    ),
    "What it has to do with: printer, accounts ...": ("К чему относится: printer, accounts ..."),
    "How much it hinders; the priority follows.": ("Насколько мешает; отсюда приоритет."),
    "How soon it does; the priority follows.": ("Как скоро помешает; отсюда приоритет."),
    "How urgent it is, whatever else was said.": ("Насколько срочно, что бы ни было сказано ещё."),
    "Which line of support.": ("Какая линия поддержки."),
    "Whose list it stands in.": ("В чьём списке стоит."),
    "Who does it; me for yourself.": ("Кто делает; me — вы сами."),
    "A word to find it by.": ("Слово, по которому её найти."),
    "Its number elsewhere.": ("Её номер в другой системе."),
    "The ticket that it came under.": ("Заявка, в которую она входит."),
    "A thing to tick.": ("Пункт списка дел."),
    "Begin with a template, like new-employee or printer.": (
        "Начать с шаблона, например new-employee или printer."
    ),
    "Change a ticket: by options, or without any in $VISUAL or $EDITOR.": (
        "Изменить заявку: параметрами, а без них — в $VISUAL или $EDITOR."
    ),
    "The editor gets the ticket as YAML. A mistake is told with its line and can be "
    "mended; what was left as it is writes nothing. If somebody else wrote to the "
    "ticket meanwhile, nothing is written, and your file is kept.": (
        "Редактор получает заявку как YAML. Об ошибке говорится со строкой, её можно "
        "исправить; нетронутое ничего не пишет. Если тем временем заявку изменил другой, "
        "ничего не записывается, а ваш файл остаётся."
    ),
    "How urgent it is; none lets it follow again.": (
        "Насколько срочно; none — снова по остальному."
    ),
    "Who does it; me for yourself, none for nobody.": ("Кто делает; me — вы сами, none — никто."),
    "Add a word to find it by.": ("Добавить слово, по которому её найти."),
    "Take such a word away.": ("Убрать такое слово."),
    "Add a number elsewhere.": ("Добавить номер в другой системе."),
    "The ticket that it came under; none for none.": (
        "Заявка, в которую она входит; none — никакая."
    ),
    "Not for the client; stops no clock.": ("Не для клиента; срок не останавливает."),
    "Say who does it: me for yourself, none for nobody.": (
        "Сказать, кто делает: me — вы сами, none — никто."
    ),
    "Say how it stands: open, in_progress, or waiting for the client or a part.": (
        "Сказать, как обстоит: open, in_progress или waiting: ждём клиента или деталь."
    ),
    "Tick an item of the checklist, by its number in `show`.": (
        "Отметить пункт списка дел по номеру из `show`."
    ),
    "It is not done after all.": ("Всё-таки не сделано."),
    "Hand a ticket to the next line, with what it would ask for first. All three must be said.": (
        "Передать заявку следующей линии с тем, о чём она спросит первым делом. Нужны все три."
    ),
    "What is seen, and since when.": ("Что видно и с каких пор."),
    "What was done, and what came of it.": ("Что делали и что вышло."),
    "What shows it: a message, a file, a run.": ("Чем подтверждается: сообщение, файл, запуск."),
    "Which line; the next one if not said.": ("Какая линия; если не сказано — следующая."),
    "Let a ticket rest until a time of the client's clock; then it is open again by itself.": (
        "Отложить заявку до времени по часам клиента; тогда она снова открыта сама."
    ),
    "Close a ticket as a risk that the client takes, until a day. Then it is due again.": (
        "Закрыть заявку как риск, который клиент принимает, до дня. Потом она вернётся."
    ),
    "The last day on which it is accepted.": ("Последний день, когда риск принят."),
    "Why, and who agreed.": ("Почему и кто согласился."),
    "Say that a ticket has to do with another one.": ("Связать заявку с другой."),
    "They have nothing to do with each other.": ("Они никак не связаны."),
    "Close a ticket as a part of another one, which it stays linked to.": (
        "Закрыть заявку как часть другой; связь с ней остаётся."
    ),
    "Open a ticket for a part of another one's matter, with its people and its place.": (
        "Открыть заявку на часть дела другой, с её людьми и местом."
    ),
    "What the part is about, in a line.": ("О чём эта часть, одной строкой."),
    "Time that was worked.": ("Отработанное время."),
    "Write down time that was worked: 25m, 1h30, 1.5h.": (
        "Записать отработанное время: 25m, 1h30, 1.5h."
    ),
    "It is remote work that the plan includes, unless something else is said.": (
        "Если не сказано иное, это удалённая работа, включённая в план."
    ),
    "Beyond what the plan includes.": ("Сверх того, что включено в план."),
    "On nobody's bill.": ("Никому не в счёт."),
    "At the client's place.": ("У клиента."),
    "On the way.": ("В дороге."),
    "When it began; so long before now if not said.": (
        "Когда началось; если не сказано, столько времени назад."
    ),
    "Take back a time entry, by its number in `show`. It stays in the history.": (
        "Отменить запись времени по номеру из `show`. В истории она останется."
    ),
    "Visits on site, on the client's clock.": ("Выезды, по часам клиента."),
    "Plan a visit.": ("Запланировать выезд."),
    "When: 'tomorrow 10:00'.": ("Когда: 'завтра 10:00'."),
    "Till when: 12:00, or 2h later.": ("До какого времени: 12:00 или через 2h."),
    "Who goes.": ("Кто едет."),
    "Where to.": ("Куда."),
    "What to bring, whom to ask for.": ("Что взять, кого спросить."),
    "Say that a visit took place, by its number in `show` if there are several.": (
        "Сказать, что выезд состоялся; если их несколько, по номеру из `show`."
    ),
    "When it was, if not as planned; an hour is of that day.": (
        "Когда был, если не по плану; время без даты — того же дня."
    ),
    "Till when it was.": ("До какого времени был."),
    "What was done.": ("Что сделано."),
    "Say that a visit will not be, by its number in `show` if there are several.": (
        "Сказать, что выезда не будет; если их несколько, по номеру из `show`."
    ),
    "Write tickets for another program. All of them, or those that pass the filters.": (
        "Записать заявки для другой программы: все или по условиям."
    ),
    "csv, ical, jsonl, markdown or xlsx.": "csv, ical, jsonl, markdown или xlsx.",
    "Show what happened to all tickets or to one, the newest last.": (
        "Показать, что было со всеми заявками или с одной; новое — в конце."
    ),
    "A day or time of the client's zone (2026-11-26, 'mon 14:00'), or a length: 90m, 8h, 2d, 1w.": (
        "День или время в поясе клиента (2026-11-26, 'пн 14:00') или давность: 90m, 8h, 2d, 1w."
    ),
    "A person (user or user@host), me, msptool.": "Человек (user или user@host), me, msptool.",
    "The newest N events; 0 for all. Without it 100, where neither a ticket nor a time is named.": (
        "Последние N событий; 0 — все. Без него 100, если не названы ни заявка, ни время."
    ),
    "Write into this file instead of stdout.": "Писать в этот файл, а не в стандартный вывод.",
    # report
    "Documents for clients and for CI.": "Документы для клиентов и для CI.",
    "Build HTML, JSON and JUnit from the newest complete runs and the tickets.": (
        "Построить HTML, JSON и JUnit по последним полным запускам и заявкам."
    ),
    "Ends with 3 if a run or a ticket could not be read; the report is built all the same and says"
    " so. Findings do not change its exit code.": (
        "Код 3, если запуск или заявка не читается; отчёт всё равно строится и говорит об этом."
        " Проблемы код не меняют."
    ),
    "A language of the page, the first one shown first. Default: the client's.": (
        "Язык страницы; первый показан первым. По умолчанию — языки клиента."
    ),
    "Print only where the page lies.": "Напечатать только путь к странице.",
    "List the reports of a workspace, newest first.": "Перечислить отчёты, новые первыми.",
    # init
    "Make a workspace for a client.": "Создать рабочую папку клиента.",
    "The service plan.": "План обслуживания.",
    "2 to 8 capitals and digits; else from DIR.": (
        "От 2 до 8 заглавных букв и цифр; иначе из DIR."
    ),
    "As in documents; else the code.": "Как в документах; иначе код.",
    "Of documents: ru, en or ru,en.": "Язык документов: ru, en или ru,en.",
    "The client's time zone.": "Часовой пояс клиента.",
    # profile
    "Check, publish and trust client profiles.": "Профили клиентов: проверка, схема, доверие.",
    "Check a profile: keys, values, plan, references, zone and schedule.": (
        "Проверить профиль: ключи, значения, план, ссылки, пояс и расписание."
    ),
    "Print the profile's JSON Schema for editors; --json puts it on one line.": (
        "Напечатать JSON Schema профиля для редакторов; с --json одной строкой."
    ),
    "Let this very file run its commands for you; a changed file must be trusted again.": (
        "Разрешить командам именно этого файла работать от вас; изменённому — заново."
    ),
    # schedule
    "Timers for the day's round: systemd or cron.": "Таймеры ежедневного обхода: systemd или cron.",
    "Show what is scheduled and installed, the next and the last runs.": (
        "Показать, что назначено и установлено, следующие и прошлые запуски."
    ),
    "Install the timers; a second time changes nothing.": (
        "Установить таймеры; второй раз ничего не меняет."
    ),
    "Systemd timers.": "Таймеры systemd.",
    "Lines in your crontab.": "Строки в вашем crontab.",
    "Your own systemd manager.": "Ваш собственный systemd.",
    "The machine's systemd.": "systemd машины.",
    "Print what would be installed, touch nothing.": (
        "Напечатать, что было бы установлено, ничего не трогая."
    ),
    "Remove exactly what install wrote, wherever it did; nothing else is touched.": (
        "Удалить ровно то, что записал install, где бы оно ни было; больше ничего."
    ),
    "Print what would be removed, touch nothing.": (
        "Напечатать, что было бы удалено, ничего не трогая."
    ),
    # doctor
    "Which tools and rights are here, and what each gives.": (
        "Какие программы и права есть и что каждое даёт."
    ),
    "Ends with 4 where something is missing that the main job needs.": (
        "Код 4, если не хватает нужного для основной работы."
    ),
    # demo
    "A practice network in namespaces, without root.": (
        "Учебная сеть в пространствах имён, без root."
    ),
    "Start a network and keep it until Ctrl-C or the end of input.": (
        "Запустить сеть и держать до Ctrl-C или конца ввода."
    ),
    "It needs no root where the kernel lets users have namespaces, and leaves nothing behind.": (
        "Права root не нужны, если ядро разрешает пользователям пространства имён; следов не"
        " остаётся."
    ),
    "Which network.": "Какая сеть.",
    "Run a command on the engineer's laptop in the network.": (
        "Выполнить команду на ноутбуке инженера в этой сети."
    ),
    "Enters a network of that seed that is running, else starts one for as long as the command"
    " runs. The exit code is the command's.": (
        "Входит в запущенную сеть с этим seed, а если её нет, запускает на время команды. Код"
        " выхода — код команды."
    ),
    "Print what stands in a network and what is wrong with it, as JSON.": (
        "Напечатать, что стоит в сети и что с ней не так, в JSON."
    ),
    "Make the workspace of the client whose network it is.": (
        "Создать рабочую папку клиента, чья это сеть."
    ),
    "Profile, secrets and a folder worth backing up; what is there already stays.": (
        "Профиль, секреты и папка, которую стоит копировать; что уже есть, остаётся."
    ),
    "Fetch the servers that the network runs, without installing them.": (
        "Скачать серверы, что работают в сети, не устанавливая их."
    ),
    "apt would start each of them on this machine; here their packages are only unpacked into"
    " a cache (MSPTOOL_DEMO_TOOLS, else XDG_CACHE_HOME/msptool/demo-tools).": (
        "apt запустил бы каждый на этой машине; здесь их пакеты только распаковываются в кэш"
        " (MSPTOOL_DEMO_TOOLS, иначе XDG_CACHE_HOME/msptool/demo-tools)."
    ),
    "Only say which programs are missing.": "Только сказать, каких программ не хватает.",
}
