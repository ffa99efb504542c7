"""The variables that settings come from: which there are, those that name a file, and what is told of a wrong one.

What is told names the variable, its value and what would be right, in one line; passwords do not stand in it.
"""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource

PREFIX = "SHANGLIANG_"
FILE = "_FILE"
OTHERS = re.compile(
    f"{PREFIX}(DEMO_RUN|PUBLISH|AMQP_PUBLISH|FRONT|REGISTRY|WRITE_CASES|(TEST|FAULT|GENERATED|WORLDS)_[A-Z_]+)",
    re.ASCII,
)
"""Variables that are no settings: the demonstration's mark, Docker Compose's own, what the tests are told."""
LONGEST = 200
"""Characters of a value that are shown."""
SCHEME = re.compile(r"[a-z][a-z0-9+]{0,20}", re.ASCII)


class Secret:
    """Marks a setting whose value is shown without what is secret in it, and which a file may hold."""


SECRET = Secret()


class WrongVariables(Exception):
    """Variables that are none, or files that cannot be read; the message is one line."""


def variables(settings: type[BaseSettings]) -> dict[str, FieldInfo]:
    """Return the settings by the names of their variables, those of several parts by their parts."""
    found: dict[str, FieldInfo] = {}
    for name, field in settings.model_fields.items():
        if isinstance(field.default, BaseModel):
            inner = type(field.default).model_fields
            found |= {f"{PREFIX}{name}_{part}".upper(): each for part, each in inner.items()}
        else:
            found[f"{PREFIX}{name}".upper()] = field
    return found


def is_secret(field: FieldInfo) -> bool:
    """Tell whether a setting's value is secret."""
    return SECRET in field.metadata


class Variables(PydanticBaseSettingsSource):
    """Takes settings from the files that variables name, and refuses variables that are no settings."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the value of a setting from its file, None where none is named. Raises WrongVariables."""
        name = f"{PREFIX}{field_name}".upper()
        given = environment()
        if not is_secret(field) or f"{name}{FILE}" not in given:
            return None, field_name, False
        if name in given:
            raise WrongVariables(f"{name} and {name}{FILE} are both set: set one of them.")
        return content(f"{name}{FILE}", given[f"{name}{FILE}"]), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the settings that files hold. Raises WrongVariables."""
        known = variables(self.settings_cls)
        files = [f"{name}{FILE}" for name, field in known.items() if is_secret(field)]
        given = environment()
        if faults := [*unknown(given, [*known, *files]), *empty(given, known)]:
            raise WrongVariables(line(faults))
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Mounted(SecretsSettingsSource):
    """Takes settings from the files of a folder, as Docker mounts its secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the value of a setting from its file, None where there is none. Raises WrongVariables."""
        try:
            return super().get_field_value(field, field_name)
        except (OSError, UnicodeDecodeError) as error:
            name = f"{self.secrets_dir}/{PREFIX.lower()}{field_name}"
            raise WrongVariables(f"{name} cannot be read: {reason(error)}.") from error


def environment() -> dict[str, str]:
    """Return the variables of the environment that have the settings' prefix, by their names in capitals."""
    return {name.upper(): value for name, value in os.environ.items() if name.upper().startswith(PREFIX)}


def unknown(given: Collection[str], known: Collection[str]) -> Iterator[str]:
    """Yield what is told of each variable that is no setting."""
    for name in sorted(given):
        if name not in known and not OTHERS.fullmatch(name):
            near = get_close_matches(name, known, n=1)
            yield f"{name} is no setting" + (f", {near[0]} is the nearest" if near else ": docs/operations.md has them")


def empty(given: Mapping[str, str], known: Mapping[str, FieldInfo]) -> Iterator[str]:
    """Yield what is told of each variable that has no value, where nothing is no value."""
    for name, field in known.items():
        if given.get(name) == "" and field.default not in ((), ""):
            yield f"{name} is empty: {right(field)} is right, or no such variable"


def content(name: str, path: str) -> str:
    """Return what the file holds that a variable names, without white space around it. Raises WrongVariables."""
    try:
        text = Path(path).read_text(encoding="utf-8").strip() if path else None
    except (OSError, ValueError) as error:
        raise WrongVariables(f"{name} is {path!r}, which cannot be read: {reason(error)}.") from error
    if text is None:
        raise WrongVariables(f"{name} is empty: it names a file.")
    if not text:
        raise WrongVariables(f"{name} is {path!r}, a file with nothing in it.")
    return text


def reason(error: OSError | ValueError) -> str:
    """Return why a file cannot be read."""
    return f"{error.strerror}" if isinstance(error, OSError) else "it is no text in UTF-8"


def told(error: ValidationError, settings: type[BaseSettings]) -> str:
    """Return what is wrong with settings, in one line."""
    return line(
        _fault(settings, one["loc"], one["type"], one["msg"], one["input"]) for one in error.errors(include_url=False)
    )


def line(faults: Iterable[str]) -> str:
    """Return what is told of several faults, in one line."""
    return "; ".join(fault.rstrip(".") for fault in faults) + "."


def _fault(settings: type[BaseSettings], place: tuple[int | str, ...], kind: str, message: str, value: object) -> str:
    message = " ".join(message.removeprefix("Value error, ").split())
    if not place:  # of several settings, which the message names
        return message
    field, name = settings.model_fields[str(place[0])], f"{PREFIX}{place[0]}".upper()
    inner = place[1:]
    if inner and isinstance(field.default, BaseModel):
        field, name = type(field.default).model_fields[str(inner[0])], f"{name}_{inner[0]}".upper()
        inner = inner[1:]
    called = f"{name}, at {inner[0]}," if inner else name
    if name not in environment() and (path := environment().get(f"{name}{FILE}")) and is_secret(field):
        called = f"{name}, by the file {path},"
    said = f"{called} is {shown(value, secret=is_secret(field))}"
    if kind != "value_error":
        return f"{said}, not {right(field, *inner)}"
    fits = any(isinstance(one, Right) for one in field.metadata)
    return f"{said}: {message.rstrip('.')}; right is {right(field)}" if fits else f"{said}: {message}"


def shown(value: object, *, secret: bool = False) -> str:
    """Return a value as it is shown: in one line, not at length, without what is secret."""
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    if secret or "://" in text:
        text = masked(text, secret=secret)
    quoted = repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
    return quoted if isinstance(value, str | tuple) else quoted[1:-1]


def set_otherwise(settings: BaseSettings) -> dict[str, str]:
    """Return the settings that are not as they are without a word, by their variables, as they are shown."""
    told = dict[str, str]()
    for name, field in type(settings).model_fields.items():
        value, usual, variable = getattr(settings, name), field.default, f"{PREFIX}{name}".upper()
        if isinstance(usual, BaseModel):
            told |= {f"{variable}_{part}".upper(): shown(each) for part, each in value if each != getattr(usual, part)}
        elif value != usual:
            told[variable] = shown(value, secret=is_secret(field))
    return told


def masked(text: str, *, secret: bool = True) -> str:
    """Return an address without account, password and parameters; of a secret that is no address nothing is left."""
    scheme, mark, rest = text.partition("://")
    if not mark or not SCHEME.fullmatch(scheme):
        return "…" if secret or "@" in text else text
    account, at, place = rest.rpartition("@")
    if re.search(r"[?#]", account) or (secret and not at):  # what is shown else may be a password's end
        return f"{scheme}://…"
    host, asked, _ = place.partition("?")
    return f"{scheme}://{'…@' if at else ''}{host}{'?…' if asked else ''}"


class Right:
    """Says what a setting takes that its type alone does not say."""

    def __init__(self, words: str) -> None:
        self.words = words


def right(field: FieldInfo, *inner: int | str) -> str:
    """Return what a setting takes, or a part of it, in words."""
    annotation, metadata = plain(field.annotation, field.metadata)
    if inner and get_origin(annotation) is dict:
        annotation, metadata = plain(get_args(annotation)[1], ())
    return words(annotation, metadata)


def plain(annotation: Any, metadata: Iterable[Any]) -> tuple[Any, list[Any]]:  # noqa: ANN401 -- any type
    """Return a type without what is annotated and None, and what is annotated."""
    origin, found = get_origin(annotation), []
    for one in metadata:
        found += one.metadata if isinstance(one, FieldInfo) else [one]
    if origin is Annotated:
        annotation, *more = get_args(annotation)
        return plain(annotation, [*found, *more])
    if origin in {Union, UnionType}:
        return plain(next(one for one in get_args(annotation) if one is not type(None)), found)
    return annotation, found


def words(annotation: Any, metadata: Collection[Any]) -> str:  # noqa: ANN401 -- any type
    """Return what a type takes, in words."""
    said = next((one.words for one in metadata if isinstance(one, Right)), None)
    if said is None and get_origin(annotation) is Literal:
        said = either(get_args(annotation))
    if said is None and isinstance(annotation, type) and issubclass(annotation, StrEnum):
        said = either(list(annotation))
    if said is None and annotation in {int, float}:
        said = f"a {'whole ' if annotation is int else ''}number{ends(metadata)}"
    return said or {bool: "true or false", Path: "a path"}.get(annotation, "a text")


def either(values: Sequence[str]) -> str:
    """Return values as those of which one is right."""
    return f"{', '.join(values[:-1])} or {values[-1]}"


def ends(metadata: Collection[Any]) -> str:
    """Return between which ends a number lies."""
    least = next((one.ge for one in metadata if isinstance(one, Ge)), None)
    above = next((one.gt for one in metadata if isinstance(one, Gt)), None)
    most = next((one.le for one in metadata if isinstance(one, Le)), None)
    if least is None:
        lower = "" if above is None else f" above {above}"
        return lower if most is None else f"{lower} up to {most}"
    return f" of {least} or more" if most is None else f" from {least} to {most}"
