"""Model fields that stand encrypted in the database and open only when read."""

import json
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from candour.kernel import vault

ERASED = "[erased]"


class Sealed:
    """A value still sealed. Printing it gives nothing away."""

    def __init__(self, raw: str) -> None:
        self.raw = raw

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> str:
        raise TypeError("A sealed value was read without its row; load the row instead of values().")


class _Opens:
    """Opens a sealed value the first time that it is read from its row."""

    def __init__(self, field: "SealedText") -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type | None = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        value = row.__dict__[name]
        if isinstance(value, Sealed):
            value = row.__dict__[name] = self.field.opened(row, value)
        return value

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value


class SealedText(models.TextField):
    """Text under the data key of the owner whose id stands in the attribute `key` of the same row."""

    empty: Any = ""
    erased: Any = ERASED

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        self.key = key
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"key": self.key}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if not cls._meta.abstract:
            setattr(cls, self.attname, _Opens(self))

    def to_bytes(self, value: Any) -> bytes:
        return str(value).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return plain.decode()

    def context(self, row: models.Model) -> str:
        return f"{row._meta.label}.{self.column}:{row.pk}"

    def opened(self, row: models.Model, value: Sealed) -> Any:
        try:
            return self.from_bytes(vault.unseal(value.raw, self.context(row)))
        except vault.Erased:
            return self.erased

    def pre_save(self, row: models.Model, add: bool) -> Sealed | str:
        value = row.__dict__.get(self.attname, self.empty)
        if isinstance(value, Sealed):
            return value
        if value is None or value == self.empty:
            return ""
        return Sealed(vault.seal(getattr(row, self.key), self.to_bytes(value), self.context(row)))

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, Sealed):
            return value.raw
        if value in ("", None) or value == self.empty:
            return ""
        raise TypeError(f"{self.name} is sealed: save the row instead of update().")

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        if not value:
            return self.from_empty()
        vault.want(vault.owner_of(value))
        return Sealed(value)

    def from_empty(self) -> Any:
        return self.empty

    def to_python(self, value: Any) -> Any:
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: the database cannot look inside it.")
        return super().get_lookup(lookup_name)


class SealedJSON(SealedText):
    """A JSON value, sealed. None is stored as nothing."""

    _pyi_private_set_type: Any  # what mypy may see assigned and read
    _pyi_private_get_type: Any
    empty = None
    erased = None

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        kwargs.setdefault("default", None)
        super().__init__(*args, key=key, **kwargs)

    def to_bytes(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def from_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)


class SealedBinary(SealedText):
    """Bytes, such as an upload, sealed."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    empty = b""
    erased = b""

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        kwargs.setdefault("default", b"")
        super().__init__(*args, key=key, **kwargs)

    def to_bytes(self, value: Any) -> bytes:
        return bytes(value)

    def from_bytes(self, plain: bytes) -> bytes:
        return plain
