"""setup.cfg beside the tree: a package that is not listed is not in the wheel."""

import configparser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_package_is_listed_and_every_listed_one_is_there() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    there = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "msptool").rglob("__init__.py")
    }
    assert listed == there | {"msptool.profiles", "msptool.templates"}


def test_one_version() -> None:
    import msptool

    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    assert config["metadata"]["version"] == msptool.__version__


def test_every_module_stands_on_a_floor() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    floors = set(config["importlinter:contract:floors"]["layers"].replace("|", " ").split())
    there = {f"msptool.{path.stem}" for path in (ROOT / "msptool").glob("[a-z]*.py")}
    there |= {f"msptool.{path.parent.name}" for path in (ROOT / "msptool").glob("*/__init__.py")}
    assert floors == there
