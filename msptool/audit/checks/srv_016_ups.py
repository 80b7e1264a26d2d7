"""SRV-016: a UPS that would not carry its load long enough."""

from collections.abc import Iterator

from msptool.audit.checks import CHECKS, Exhibit
from msptool.judge import Undecided, Violation, not_applicable
from msptool.model import Rule

LEAST_MINUTES = 10
UNKNOWN, LOW, DEPLETED = 1, 3, 4

RULE = Rule(
    check="SRV-016",
    title={
        "en": "UPS on battery or with too little runtime",
        "ru": "ИБП на батарее или мало автономии",
    },
    message={
        "en": "The UPS reports {minutes} minutes of runtime, {seconds} s on battery, "
        "charge {charge} %.",
        "ru": "ИБП сообщает: автономия {minutes} мин, на батарее {seconds} с, заряд {charge} %.",
    },
    remedy={
        "en": "Replace the battery or take load off; let servers shut down by themselves (NUT).",
        "ru": "Замените батарею или снимите нагрузку; настройте автоматическое выключение "
        "серверов (NUT).",
    },
    severity="high",
    category="servers",
    standards=("NIST CSF PR.IR-02", "ФСТЭК ОДТ.2", "ФСТЭК ЗТС.5"),
)


@CHECKS.check(RULE, kinds={"asset"}, needs=("snmp",))
def runtime(exhibit: Exhibit) -> Iterator[Violation]:
    """upsSecondsOnBattery above 0, upsBatteryStatus low or depleted, or under 10 minutes left
    (RFC 1628: 33.1.2.1 to 33.1.2.4). A battery status of 1 is the agent's word for not knowing.
    """
    snmp = exhibit.asset.snmp
    if snmp is None or snmp.ups is None:
        raise not_applicable()
    ups = snmp.ups
    if ups.minutes is None and ups.on_battery_s is None and ups.battery in (None, UNKNOWN):
        raise Undecided("no-data")
    short = ups.minutes is not None and ups.minutes < LEAST_MINUTES
    if short or (ups.on_battery_s or 0) > 0 or ups.battery in (LOW, DEPLETED):
        facts = {
            "minutes": ups.minutes,
            "seconds": ups.on_battery_s,
            "charge": ups.charge_percent,
        }
        yield Violation("battery", facts, evidence=(snmp.evidence,) if snmp.evidence else ())
