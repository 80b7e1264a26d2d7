"""A register of like things, each in a file of its own in one folder: found, not listed."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Register(Generic[T]):
    """Things by id; the first look imports every module of `package`.

    The dict belongs to the instance: one shared by a class leaks names between registers.
    """

    def __init__(self, package: str) -> None:
        self._package = package
        self._things: dict[str, T] = {}
        self._loaded = False

    def add(self, name: str) -> Callable[[T], T]:
        """Return a decorator that files a thing under its id; an id twice stops the program."""

        def file(thing: T) -> T:
            if name in self._things:
                raise RuntimeError(f"{self._package}: {name} is registered twice")
            self._things[name] = thing
            return thing

        return file

    def load(self) -> dict[str, T]:
        """Return all things by id, in the order of their ids."""
        if not self._loaded:
            folder = importlib.import_module(self._package)
            for module in pkgutil.iter_modules(folder.__path__):
                importlib.import_module(f"{self._package}.{module.name}")
            self._loaded = True  # only now: a file that failed to load must fail again
        return dict(sorted(self._things.items()))

    def __iter__(self) -> Iterator[T]:
        """Iterate over the things in the order of their ids."""
        return iter(self.load().values())
