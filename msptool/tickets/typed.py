"""What a person typed, as the filter that was meant: Russian names of keys and values, a keyboard
that was still in Cyrillic, and saved views (`@mine`).
"""

from collections.abc import Iterator, Mapping, Sequence

from msptool.errors import UsageError

# The keys of a Russian keyboard (ЙЦУКЕН) beside those of an American one, plain and with Shift.
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_AMERICAN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"
_LAYOUT = str.maketrans(_RUSSIAN, _AMERICAN)

KEYS: Mapping[str, str] = {
    "статус": "status", "состояние": "status", "приоритет": "prio", "тяжесть": "severity",
    "тип": "type", "вид": "type", "проверка": "check", "узел": "thing", "где": "thing",
    "клиент": "client", "просит": "requester", "исполнитель": "assignee", "кто": "assignee",
    "очередь": "queue", "линия": "line", "категория": "category", "канал": "channel",
    "метка": "tag", "причина": "parent", "срок": "due", "открыта": "opened",
    "изменена": "changed", "завершена": "ended",
}  # fmt: skip
VALUES: Mapping[str, Mapping[str, str]] = {
    "status": {
        "открыта": "open", "работа": "in_progress", "ждёт": "waiting", "ждет": "waiting",
        "отложена": "snoozed", "решена": "resolved", "закрыта": "closed", "активна": "active",
    },
    "prio": {
        "низкий": "low", "обычный": "normal", "высокий": "high", "критический": "critical",
    },
    "assignee": {"я": "me", "никто": "none"},
    "sla": {"горит": "breaching", "просрочен": "late", "просрочена": "late", "пауза": "paused"},
    "is": {"спор": "conflict", "конфликт": "conflict"},
}  # fmt: skip
VIEWS: Mapping[str, str] = {
    "mine": "assignee:me",
    "unassigned": "assignee:none",
    "breaching": "sla:breaching",
    "today": "due:<1d",
}
_DEPTH = 5


def meant(term: str, known: Mapping[str, object]) -> str:
    """Return a term with its key and value in English; one that means no key of `known` as is."""
    plain = term.removeprefix("-")
    for said in (plain, plain.translate(_LAYOUT)):
        key, colon, value = said.partition(":")
        key = KEYS.get(key.casefold(), key.lower())
        if colon and key in known:
            return f"{term[: len(term) - len(plain)]}{key}:{_value(key, value)}"
    return term


def _value(key: str, value: str) -> str:
    sign = value[: len(value) - len(value.lstrip("<>="))]
    names = VALUES.get(key, {})
    words = value.removeprefix(sign).split(",")
    return sign + ",".join(names.get(word.casefold(), word) for word in words)


def expanded(terms: Sequence[str], own: Mapping[str, str]) -> tuple[str, ...]:
    """Return terms with each `@name` replaced by what that view says: the client's own, else one
    of ours. Raises UsageError at a name that is none, or a view that leads back to itself.
    """
    return tuple(_expanded(terms, own, ()))


def _expanded(
    terms: Sequence[str], own: Mapping[str, str], within: tuple[str, ...]
) -> Iterator[str]:
    for term in terms:
        if not term.startswith("@") or len(term) == 1:
            yield term
            continue
        name = term[1:]
        if name in within or len(within) >= _DEPTH:
            raise UsageError("tickets.view", f"the view {term[:40]} leads back to itself")
        yield from _expanded(_split(name, _text(name, own)), own, (*within, name))


def _text(name: str, own: Mapping[str, str]) -> str:
    text = own.get(name, VIEWS.get(name))
    if text is None:
        import difflib

        names = [f"@{known}" for known in {**VIEWS, **own}]
        raise UsageError(
            "tickets.view", f"no view {('@' + name)[:40]!r}",
            hint=f"known here: {', '.join(names)}; own ones stand in tickets.views",
            nearest=tuple(difflib.get_close_matches(f"@{name}", names, n=2, cutoff=0.5)),
        )  # fmt: skip
    return text


def _split(name: str, text: str) -> list[str]:
    import shlex

    try:
        return shlex.split(text)
    except ValueError as error:
        raise UsageError(
            "tickets.view", f"the view @{name[:40]} cannot be read: {error}",
            hint="close its quotes",
        ) from error  # fmt: skip
