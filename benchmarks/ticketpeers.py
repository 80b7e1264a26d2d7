"""The same tickets as others would keep them: taskwarrior, and a YAML file a ticket.

`python -m benchmarks.ticketpeers tasks STORE FOLDER` writes what `task import` reads, `yaml STORE
FOLDER COUNT` so many files; `list`, `search` and `ingest` do on YAML what a script of ten lines
does. PyYAML with its C parser, the fastest there is for it.
"""

import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from msptool.tickets import store

_SPACE = uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
_LEVEL = {"critical": "H", "high": "H", "normal": "M", "medium": "M", "low": "L", "info": "L"}
_SHOWN = 100


def _read(root: Path) -> Iterator[list[dict[str, Any]]]:
    for path in store.paths(root / "tickets"):
        yield [json.loads(line) for line in path.read_bytes().splitlines()]


def _key(check: str, subject: dict[str, str]) -> str:
    return f"{check}/{subject['thing']}/{subject['part']}"


def _task(history: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a ticket as taskwarrior's JSON: comments are its annotations."""
    opening, last = history[0], history[-1]
    about = opening.get("about")
    key = _key(about["check"], about["subject"]) if about else opening["ticket"]
    told = {
        "uuid": str(uuid.uuid5(_SPACE, key)),
        "description": " ".join((opening["title"], opening.get("text", ""))).strip(),
        "entry": _stamp(opening["at"]),
        "status": "pending",
        "priority": _LEVEL[opening.get("priority") or (about or {}).get("severity", "normal")],
        "annotations": [
            {"entry": _stamp(event["at"]), "description": event["text"]}
            for event in history[1:] if event.get("text")
        ],
    }  # fmt: skip
    if last["event"] in ("closed", "resolved"):
        told |= {"status": "completed", "end": _stamp(last["at"])}
    return told


def _stamp(at: str) -> str:
    return at[:19].replace("-", "").replace(":", "") + "Z"


def tasks(root: Path, folder: Path) -> None:
    """Write all tickets, and each report's findings, for `task import`: a line each."""
    with (folder / "tasks.json").open("w") as file:
        for history in _read(root):
            file.write(json.dumps(_task(history), ensure_ascii=False) + "\n")
    for path in root.glob("report-*.jsonl"):
        with (folder / path.with_suffix(".json").name).open("w") as file:
            for found in _findings(path):
                told = {
                    "uuid": str(uuid.uuid5(_SPACE, _key(found["check"], found["subject"]))),
                    "description": f"{found['check']} on {found['subject']['thing']}",
                    "status": "pending", "priority": _LEVEL[found["severity"]],
                }  # fmt: skip
                file.write(json.dumps(told) + "\n")


def _findings(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        told = json.loads(line)
        if told["type"] == "finding":
            yield told


def yamls(root: Path, folder: Path, count: int) -> None:
    """Write the first tickets as a YAML file each."""
    for _, history in zip(range(count), _read(root), strict=False):
        told = {"history": history, "key": _task(history)["uuid"], **_task(history)}
        with (folder / f"{history[0]['ticket']}.yaml").open("w") as file:
            yaml.dump(told, file, Dumper=yaml.CSafeDumper, allow_unicode=True)


def _load(folder: Path) -> Iterator[dict[str, Any]]:
    for path in folder.glob("*.yaml"):
        yield yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)  # noqa: S506 - a safe one


def list_(folder: Path) -> None:
    """Print what is open, the most urgent first."""
    found = [one for one in _load(folder) if one["status"] == "pending"]
    for one in sorted(found, key=lambda told: (told["priority"], told["entry"]))[:_SHOWN]:
        print(one["priority"], one["description"])


def search(folder: Path, word: str) -> None:
    """Print the tickets in which a word stands."""
    found = [one for one in _load(folder) if word in str(one)]
    for one in found[:_SHOWN]:
        print(one["priority"], one["description"])


def ingest(folder: Path, report: Path) -> None:
    """Write a file for each finding that has none yet."""
    known = {one["key"] for one in _load(folder)}
    for found in _findings(report):
        key = str(uuid.uuid5(_SPACE, _key(found["check"], found["subject"])))
        if key not in known:
            with (folder / f"{key}.yaml").open("w") as file:
                told = {"key": key, "status": "pending", "description": found["check"]}
                yaml.dump(told | found, file, Dumper=yaml.CSafeDumper)


def main() -> None:
    """Do what is asked."""
    verb, words = sys.argv[1], sys.argv[2:]
    paths = [Path(word) for word in words]
    match verb:
        case "tasks":
            tasks(*paths)
        case "yaml":
            yamls(paths[0], paths[1], int(words[2]))
        case "list":
            list_(*paths)
        case "search":
            search(paths[0], words[1])
        case "ingest":
            ingest(*paths)


if __name__ == "__main__":
    main()
