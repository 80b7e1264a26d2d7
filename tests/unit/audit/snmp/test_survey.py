"""What is asked of agents, and how those are taken that refuse, fall silent or are of no maker."""

from collections.abc import Mapping
from typing import Any

import pytest

from msptool.audit.snmp import ber
from msptool.audit.snmp.engine import Restarted
from msptool.audit.snmp.orders import Orders
from msptool.audit.snmp.pdu import Varbind
from msptool.audit.snmp.survey import SYSTEM
from msptool.audit.snmp.talk import Limits
from tests.unit.audit.snmp.table import Table, surveyed

OBJECTS = tuple(f"1.3.6.1.4.1.9.{number}.0" for number in range(1, 60))
ROWS: Mapping[str, int | str] = {
    **dict.fromkeys(OBJECTS, 7), SYSTEM[0]: "x:61", SYSTEM[1]: "o:1.3.6.1.4.1.9.1.1",
    SYSTEM[2]: 100, SYSTEM[3]: "x:62",
}  # fmt: skip
ORDERS = Orders(groups=(), objects={"": OBJECTS[:1], "9": OBJECTS})
COLUMNS = tuple(f"1.3.6.1.2.1.2.2.1.{n}" for n in (2, 3, 6, 8, 11, 14))
TABLE = {f"{column}.{row}": row for column in COLUMNS for row in range(1, 301)}
WITH_TABLE = Orders(groups=(), tables=(COLUMNS, ("1.3.6.1.2.1.17.4.3.1.2",)))


@pytest.mark.parametrize("most", [1, 3, 100])
def test_what_is_too_big_is_asked_in_parts(most: int) -> None:
    survey = surveyed(Table(ROWS, most=most), ORDERS)
    assert (set(survey.rows), survey.error) == (set(ROWS), "")


def test_one_refused_object_costs_no_other() -> None:
    survey = surveyed(Table(ROWS, bad=(SYSTEM[3], OBJECTS[4])), ORDERS)
    assert set(ROWS) - set(survey.rows) == {SYSTEM[3], OBJECTS[4]}
    assert survey.error == ""


def test_objects_that_got_lost_leave_the_answer_incomplete() -> None:
    survey = surveyed(Table(ROWS, lost=OBJECTS[30:31]), ORDERS)
    assert OBJECTS[0] in survey.rows and survey.error == "lost"


def test_objects_of_another_maker_are_not_asked_for() -> None:
    agent = Table({**ROWS, SYSTEM[1]: "o:1.3.6.1.4.1.11.2"})
    surveyed(agent, ORDERS)
    asked = {name for _, names, _ in agent.asked for name in names}
    assert OBJECTS[0] in asked and OBJECTS[1] not in asked


RIDDLES = (
    (("1.3.6.1.4.1.6574.1.5",), ("1.3.6.1.4.1.6574.1.5.2.0", "self.7.0")),
    (("1.3.6.1.4.1.24681.1",), ("1.3.6.1.4.1.24681.1.9.0",)),
)


def test_an_agent_of_no_maker_is_asked_for_the_rest_of_a_family_that_it_shows() -> None:
    agent = Table({
        SYSTEM[0]: "x:61", SYSTEM[1]: "o:1.3.6.1.4.1.8072.3.2.10",
        "1.3.6.1.4.1.6574.1.5.1.0": 7, "1.3.6.1.4.1.6574.1.5.2.0": 9, "1.3.6.1.6.1.0": 1,
    })  # fmt: skip
    survey = surveyed(agent, Orders(groups=(), agents=("8072",), riddles=RIDDLES))
    asked = {name for _, names, _ in agent.asked for name in names}
    assert survey.rows["1.3.6.1.4.1.6574.1.5.1.0"] == 7
    assert survey.rows["1.3.6.1.4.1.6574.1.5.2.0"] == 9
    assert "1.3.6.1.6.1.0" not in survey.rows, "what comes after a column is none of it"
    assert "1.3.6.1.4.1.8072.3.2.10.7.0" in asked
    assert not any(oid.startswith("1.3.6.1.4.1.24681.1.9") for oid in asked)


def test_tables_are_read_several_columns_at_a_time() -> None:
    agent = Table({**ROWS, **TABLE})
    survey = surveyed(agent, WITH_TABLE)
    assert set(TABLE) <= set(survey.rows) and survey.error == ""
    assert len(agent.asked) < 2 + len(TABLE) / 60
    assert not any(key.startswith("1.3.6.1.4.1") for key in survey.rows)


@pytest.mark.parametrize("traits", [{"old": True}, {"most": 30}, {"most": 1}])
def test_small_and_old_agents_give_the_same(traits: dict[str, Any]) -> None:
    agent = Table({**ROWS, **TABLE}, **traits)
    survey = surveyed(agent, WITH_TABLE)
    assert set(TABLE) <= set(survey.rows) and survey.error == ""


def test_an_agent_that_no_family_knows_is_read_a_little_of_its_own() -> None:
    own = {f"1.3.6.1.4.1.99999.1.{n}.0": n for n in range(1, 500)}
    agent = Table({**ROWS, SYSTEM[1]: "o:1.3.6.1.4.1.99999.1", **own})
    rows = surveyed(agent, Orders(groups=(), objects={"9": OBJECTS}, own_rows=100)).rows
    assert 100 <= len(rows.keys() & own.keys()) <= 125


def test_limits_leave_a_part_that_says_why() -> None:
    for limits, reason in ((Limits(rows=100), "rows"), (Limits(bytes=2000), "bytes")):
        survey = surveyed(Table({**ROWS, **TABLE}), WITH_TABLE, limits)
        assert survey.error == reason and 50 < len(survey.rows) < 400


def test_an_agent_that_restarts_once_is_read_whole_and_one_that_goes_on_so_in_part() -> None:
    def after(*questions: int) -> Table:
        def restart(asked: int) -> None:
            if asked in questions:
                raise Restarted

        return Table({**ROWS, **TABLE}, hook=restart)

    once = surveyed(after(6), WITH_TABLE)
    assert set(TABLE) <= set(once.rows) and once.error == ""
    assert surveyed(after(*range(6, 99)), WITH_TABLE).error == "restarted"


def test_a_table_that_an_agent_will_not_tell_costs_no_other() -> None:
    bad = [f"{COLUMNS[2]}.{row}" for row in range(1, 301)]
    agent = Table({**ROWS, **TABLE, "1.3.6.1.2.1.17.4.3.1.2.1": 5}, bad=bad)
    survey = surveyed(agent, WITH_TABLE)
    assert survey.rows["1.3.6.1.2.1.17.4.3.1.2.1"] == 5
    assert survey.error == "refused: genErr"


class Loop(Table):
    """An agent whose third column begins again at its end."""

    def _at(self, place: int, name: str, at: int) -> Varbind:
        found = super()._at(place, name, at)
        around = name.startswith(f"{COLUMNS[2]}.") and not ber.dotted(found[0]).startswith(
            COLUMNS[2]
        )
        return super()._exact(f"{COLUMNS[2]}.1", at) if around else found


def test_a_column_that_does_not_increase_costs_no_other() -> None:
    survey = surveyed(Loop({**ROWS, **TABLE}), WITH_TABLE)
    assert set(TABLE) <= set(survey.rows) and survey.error == "not-increasing"
