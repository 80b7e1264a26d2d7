"""Phrases that stand as values in other sentences: reasons, the system's words, kinds of value."""

PHRASES: dict[str, str] = {
    # The system's own words for its errors (strerror).
    "No such file or directory": "нет такого файла или папки",
    "Permission denied": "нет прав",
    "No space left on device": "нет места на диске",
    "Disk quota exceeded": "исчерпана дисковая квота",
    "Input/output error": "ошибка ввода-вывода",
    "Read-only file system": "файловая система только для чтения",
    "File too large": "файл слишком велик",
    "Is a directory": "это папка",
    "Not a directory": "это не папка",
    "Operation not permitted": "действие не разрешено",
    "Exec format error": "это не программа для этой системы",
    # Which snapshots were meant.
    "several snapshots": "несколько снимков",
    "no snapshot": "нет снимка",
    # Why something cannot be trusted.
    "belongs to another user": "принадлежит другому пользователю",
    "can be written by others": "доступен другим на запись",
    # Why a network is none.
    "must end in a number of bits": "должно кончаться числом битов",
    "is no address": "не адрес",
    "is not in the authorised scope": "вне разрешённой области",
    "is neither an address nor a network": "не адрес и не сеть",
    "names an interface, which another machine does not have": (
        "называет интерфейс, которого на другой машине нет"
    ),
    "hides an IPv4 address": "скрывает адрес IPv4",
    "is multicast": "это адрес групповой рассылки",
    # What msgspec and the profile say of a value.
    "this key is missing": "этого ключа не хватает",
    "not a date": "не дата",
    "not of the form that is needed here": "здесь нужен другой вид записи",
    "must not be empty": "не может быть пустым",
    "a mapping of keys": "ключи со значениями",
    "a list": "список",
    "text": "текст",
    "a whole number": "целое число",
    "a number": "число",
    "true or false": "true или false",
    "nothing": "ничего",
    "a secret must be a reference: env:NAME, file:PATH or command:PROGRAM": (
        "секрет записывается ссылкой: env:ИМЯ, file:ПУТЬ или command:ПРОГРАММА"
    ),
    # What PyYAML says of a file that is no YAML.
    "did not find expected node content": "здесь ожидалось значение",
    "did not find expected key": "здесь ожидался ключ: проверьте отступ",
    "did not find expected ',' or ']'": "не хватает , или ]",
    "did not find expected ',' or '}'": "не хватает , или }",
    "did not find expected '-' indicator": "здесь ожидался - списка: проверьте отступ",
    "did not find expected <document start>": "здесь ожидалось начало документа",
    "could not find expected ':'": "не хватает :",
    "mapping values are not allowed in this context": "здесь не место для ключа и значения",
    "block sequence entries are not allowed in this context": "здесь не место для списка",
    "found character that cannot start any token": "с этого знака ничего не начинается",
    "found a tab character that violates indentation": "отступ сделан табуляцией",
    "found unexpected end of stream": "файл неожиданно кончился",
    "found unexpected document indicator": "неожиданное начало другого документа",
    "found unexpected ':'": "неожиданное :",
    "found unknown escape character": "неизвестный знак после обратной черты",
    "control characters are not allowed": "управляющие знаки не разрешены",
    # What a key or an option takes.
    "2 to 8 capital letters and digits, a letter first": (
        "от 2 до 8 заглавных латинских букв и цифр, первой букву"
    ),
    "name, role and contact of the person who agreed": (
        "имя, должность и контакт того, кто дал согласие"
    ),
    "a name of at most 100 characters on one line": "имя не длиннее 100 знаков, в одну строку",
    "env:NAME, file:PATH (relative to the workspace) or command:PROGRAM ARGUMENTS": (
        "env:ИМЯ, file:ПУТЬ (от рабочей папки) или command:ПРОГРАММА АРГУМЕНТЫ"
    ),
    "name:, ip:, mac: or serial: and the value an audit sees": (
        "name:, ip:, mac: или serial: и значение, которое видит аудит"
    ),
    # Why a calendar or an id is wrong.
    "years and seconds cannot be chosen": "годы и секунды выбрать нельзя",
    "this day never comes": "такого дня не бывает",
    "not understood": "непонятно",
    "is not a ticket id": "не номер заявки",
    "is not a ticket id: one of its characters is wrong": "не номер заявки: в нём ошибка в знаке",
    "filter": "условие",
    "value": "значение",
    "takes too long": "работает слишком долго",
    "unknown": "неизвестно",
    "none": "нет",
    # What is being run while another run waits.
    "the manifest does not vouch for it": "опись за него не ручается",
    # Kinds of value as click names them.
    "integer": "целое число",
    "integer range": "целое число",
    "the repository answers, no key opens": "хранилище отвечает, но ключ не подходит",
    "another restic holds the repository": "хранилище занято другим restic",
    # What other programs write, and the parts of it.
    "log in SARIF 2.1.0": "журнал SARIF 2.1.0",
    "webhook of Alertmanager": "сообщение Alertmanager",
    "notification of Nagios": "уведомление Nagios",
    "notification of Checkmk": "уведомление Checkmk",
    "result": "результат",
    "alert": "оповещение",
    "notification": "уведомление",
}
