"""One ticket for many findings of one cause: a switch is down, and forty machines behind it.

- What is wrong on a machine that does not answer comes under the ticket that says so.
- Machines that do not answer, behind a neighbour that does not either, come under the neighbour's.
- So many new findings of one check in one report come under a ticket that is opened for them.

Children keep their own clocks and end by themselves; a list shows their parent. A parent that was
opened for its children is resolved when the last of them has ended.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import structs

from msptool.model import Link
from msptool.tickets import lifecycle
from msptool.tickets.batch import UNREACHABLE, Batch
from msptool.tickets.events import FORMAT, Opened, Pen
from msptool.tickets.look import Context
from msptool.tickets.plan import Plan, Step
from msptool.tickets.ticket import first


def grouped(
    steps: Sequence[Step],
    unreachable: Mapping[str, str],
    links: Iterable[Link],
    *,
    at_least: int,
    languages: Sequence[str],
    pen: Pen,
    draw: Callable[[], str],
) -> list[Step]:
    """Return the steps of a plan with parents for what has one cause: see `group`."""
    opened = {step.ticket: step for step in steps if step.what == "opened"}
    openings = [e for step in opened.values() for e in step.events if isinstance(e, Opened)]
    made = group(
        openings, unreachable, links, at_least=at_least, languages=languages, pen=pen, draw=draw
    )
    new = [_opening(opened.get(opening.ticket), opening) for opening in made]
    return [*new, *(step for step in steps if step.what != "opened")]


def _opening(step: Step | None, opening: Opened) -> Step:
    """Return a step whose opening is another one."""
    rest = step.events[1:] if step else ()
    return Step("opened", opening.ticket, (opening, *rest))


def silent(one: Batch, planned: Plan, context: Context) -> dict[str, str]:
    """Return the ticket of each thing that a batch says does not answer."""
    return {
        context.identities.resolve(finding.subject.thing): ticket
        for finding in one.findings
        if finding.facts.get(UNREACHABLE)
        and (ticket := planned.seen.get(context.key(finding.check, finding.subject)))
    }


def group(
    openings: Sequence[Opened],
    unreachable: Mapping[str, str],
    links: Iterable[Link],
    *,
    at_least: int,
    languages: Sequence[str],
    pen: Pen,
    draw: Callable[[], str],
) -> list[Opened]:
    """Return openings with their parents in them, and further ones that are parents.

    `unreachable`: the ticket of each thing that does not answer, of now or of before.
    """
    near = _neighbours(links, unreachable)
    done: list[Opened] = []
    loose: dict[str, list[Opened]] = defaultdict(list)
    for opening in openings:
        parent = _cause(opening, unreachable, near) if at_least else ""
        if parent and parent != opening.ticket:
            done.append(structs.replace(opening, parent=parent))
        elif opening.about is not None:
            loose[opening.about.check].append(opening)
        else:
            done.append(opening)
    for same in loose.values():
        things = {opening.about.subject.thing for opening in same if opening.about}
        if not at_least or len(things) < at_least:
            done += same
            continue
        parent_of_all = _parent(same, len(things), languages, pen, draw)
        done.append(parent_of_all)
        done += (structs.replace(opening, parent=parent_of_all.ticket) for opening in same)
    return done


def _neighbours(
    links: Iterable[Link], unreachable: Mapping[str, str]
) -> Mapping[str, frozenset[str]]:
    """Return of each thing that does not answer its neighbours that do not either."""
    near: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.a in unreachable and link.b in unreachable and link.a != link.b:
            near[link.a].add(link.b)
            near[link.b].add(link.a)
    return {thing: frozenset(those) for thing, those in near.items()}


def _cause(
    opening: Opened, unreachable: Mapping[str, str], near: Mapping[str, frozenset[str]]
) -> str:
    """Return the ticket of the cause; "" where none is known.

    Of two neighbours the one with more silent neighbours is the cause, of equal ones neither.
    """
    about = opening.about
    if about is None:
        return ""
    thing = about.subject.thing
    own = unreachable.get(thing, "")
    if own and own != opening.ticket:
        return own
    if not own:
        return ""
    mine = len(near.get(thing, ()))
    causes = [(len(near[other]), other) for other in near.get(thing, ()) if len(near[other]) > mine]
    return unreachable[max(causes)[1]] if causes else ""


def _parent(
    same: Sequence[Opened], count: int, languages: Sequence[str], pen: Pen, draw: Callable[[], str]
) -> Opened:
    abouts = [opening.about for opening in same if opening.about is not None]
    ranks = (
        lifecycle.LEVELS.index(lifecycle.PRIORITY[about.severity][about.importance])
        for about in abouts
    )
    title = first(abouts[0].title, languages) or abouts[0].check
    return Opened(
        **pen.mark(),
        format=FORMAT,
        ticket=draw(),
        client=same[0].client,
        kind="incident",
        title=f"{title} ({count})",
        channel="monitoring",
        category=abouts[0].check,
        priority=lifecycle.LEVELS[max(ranks)],
    )
