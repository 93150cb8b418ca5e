"""The classic models of a server, under their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphval.rehearsal.status import refuse

if TYPE_CHECKING:
    from graphval.rehearsal.model import ServedModel


class Models:
    """Each name has one."""

    def __init__(self) -> None:
        self._models: dict[str, ServedModel] = {}

    def add(self, model: ServedModel) -> None:
        self._models[model.name] = model

    def get(self, name: str) -> ServedModel | None:
        return self._models.get(name)

    def find(self, name: str) -> ServedModel:
        """The model of that name. Raises :class:`Refused` with MODEL_NAME_MISSING."""
        found = self._models.get(name)
        if found is None:
            raise refuse("MODEL_NAME_MISSING")
        return found

    def all(self) -> list[ServedModel]:
        return list(self._models.values())
