"""What files for people call things, in the client's first language; English where it is none."""

from collections.abc import Mapping, Sequence

FIELDS: Mapping[str, tuple[str, str]] = {
    "tickets": ("Tickets", "Заявки"),
    "time entries": ("Time entries", "Трудозатраты"),
    "visits": ("Visits", "Выезды"),
    "ticket": ("Ticket", "Заявка"),
    "id": ("Ticket", "Заявка"),
    "kind": ("Type", "Вид"),
    "state": ("State", "Состояние"),
    "reason": ("Closed as", "Закрыта как"),
    "duplicate_of": ("Duplicate of", "Повтор заявки"),
    "priority": ("Priority", "Приоритет"),
    "severity": ("Severity", "Тяжесть"),
    "importance": ("Importance", "Важность"),
    "title": ("Subject", "Тема"),
    "text": ("Text", "Текст"),
    "requester": ("Requester", "Кто просит"),
    "channel": ("Channel", "Канал"),
    "category": ("Category", "Категория"),
    "impact": ("Impact", "Влияние"),
    "urgency": ("Urgency", "Срочность"),
    "line": ("Line", "Линия"),
    "queue": ("Queue", "Очередь"),
    "assignee": ("Assignee", "Исполнитель"),
    "tags": ("Tags", "Метки"),
    "aliases": ("Also known as", "Другие номера"),
    "parent": ("Part of", "Часть заявки"),
    "checklist": ("Checklist", "Список дел"),
    "links": ("Links", "Связи"),
    "check": ("Check", "Проверка"),
    "name": ("Device", "Устройство"),
    "part": ("Where", "Где"),
    "message": ("What was found", "Что найдено"),
    "remedy": ("Remedy", "Что делать"),
    "standards": ("Standards", "Стандарты"),
    "opened_at": ("Opened", "Открыта"),
    "changed_at": ("Changed", "Изменена"),
    "answered_at": ("Answered", "Дан ответ"),
    "ended_at": ("Ended", "Завершена"),
    "reopened": ("Times reopened", "Сколько раз вернулась"),
    "response_due_at": ("Answer due", "Ответить до"),
    "resolve_due_at": ("Due", "Решить до"),
    "response": ("Answer", "Ответ"),
    "resolution": ("Resolution", "Решение"),
    "snoozed_until": ("Snoozed until", "Отложена до"),
    "accepted_until": ("Risk accepted until", "Риск принят до"),
    "minutes": ("Minutes", "Минуты"),
    "min": ("min", "мин"),
    "said": ("Comments", "Комментарии"),
    "attachments": ("Attachments", "Вложения"),
    "began_at": ("Began", "Начало"),
    "by": ("Who", "Кто"),
    "billing": ("Billing", "Оплата"),
    "work": ("Work", "Работа"),
    "starts_at": ("Starts", "Начало"),
    "ends_at": ("Ends", "Конец"),
    "engineer": ("Engineer", "Инженер"),
    "place": ("Place", "Место"),
    "status": ("Status", "Статус"),
    "cut": ("[cut here: {0} more characters]", "[обрезано: ещё {0} знаков]"),
    "times are of": ("Times are those of {0}.", "Время: {0}."),
    "none": ("No tickets.", "Заявок нет."),
}
VALUES: Mapping[str, tuple[str, str]] = {
    "incident": ("incident", "сбой"),
    "request": ("request", "обращение"),
    "change": ("change", "изменение"),
    "visit": ("visit", "выезд"),
    "task": ("task", "задача"),
    "open": ("open", "открыта"),
    "in_progress": ("in progress", "в работе"),
    "waiting": ("waiting", "ждёт"),
    "snoozed": ("snoozed", "отложена"),
    "resolved": ("resolved", "решена"),
    "closed": ("closed", "закрыта"),
    "fixed": ("fixed", "исправлено"),
    "wont-fix": ("will not be fixed", "исправлять не будут"),
    "duplicate": ("duplicate", "повтор"),
    "accepted": ("risk accepted", "риск принят"),
    "info": ("info", "справка"),
    "low": ("low", "низкий"),
    "medium": ("medium", "средний"),
    "normal": ("normal", "обычный"),
    "high": ("high", "высокий"),
    "critical": ("critical", "критический"),
    "none": ("", ""),
    "running": ("running", "идёт"),
    "warning": ("due soon", "скоро срок"),
    "late": ("late", "просрочено"),
    "paused": ("paused", "на паузе"),
    "met": ("in time", "в срок"),
    "missed": ("too late", "с опозданием"),
    "included": ("included", "по договору"),
    "billable": ("billable", "сверх договора"),
    "remote": ("remote", "удалённо"),
    "on-site": ("on site", "на месте"),
    "travel": ("travel", "дорога"),
    "planned": ("planned", "запланирован"),
    "done": ("done", "состоялся"),
    "cancelled": ("cancelled", "отменён"),
    "relates": ("relates to", "связана с"),
    "blocks": ("blocks", "блокирует"),
    "causes": ("causes", "вызывает"),
    "duplicates": ("duplicates", "повторяет"),
    "merged-into": ("merged into", "объединена с"),
    "split-from": ("split from", "выделена из"),
}
UNBILLED = ("not billed", "не оплачивается")


def name(what: str, languages: Sequence[str], *holes: object) -> str:
    """Return what a field, or a sentence of these files, is called."""
    return _in(FIELDS[what], languages).format(*holes)


def value(word: str | None, languages: Sequence[str]) -> str:
    """Return a word of a closed list (a state, a priority); one unknown here as it is."""
    return _in(VALUES.get(word, (word, word)), languages) if word else ""


def billing(word: str, languages: Sequence[str]) -> str:
    """Return how time is billed: its `none` is another one than that of a clock."""
    return _in(UNBILLED, languages) if word == "none" else value(word, languages)


def _in(pair: tuple[str, str], languages: Sequence[str]) -> str:
    return pair[1] if tuple(languages[:1]) == ("ru",) else pair[0]
