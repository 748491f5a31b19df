"""Requests and answers of an AWS JSON service, held to botocore's model of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator

from lake.serve.refusals import Refused, invalid, unknown_operation

JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "float": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
    "blob": (str,),
}
CHECKED_BY_ITS_OPERATION = frozenset({("GetQueryResultsInput", "MaxResults")})
"""Upper bounds that the service looks at later, with words of their own."""


class Wire:
    """One service's operations. Reading is strict where the service is; what it would not say is never written."""

    def __init__(self, service: str) -> None:
        self._model = ServiceModel(Loader().load_service_model(service, "service-2"), service)
        self._validator: Any = ParamValidator()

    @property
    def target_prefix(self) -> str:
        prefix: str = self._model.metadata["targetPrefix"]
        return prefix

    def operation(self, name: str) -> OperationModel:
        if name not in self._model.operation_names:
            raise unknown_operation()
        return self._model.operation_model(name)

    def read(self, operation: OperationModel, body: bytes) -> dict[str, Any]:
        """Return the parameters of a request; members that the service does not know are left out, as it does."""
        try:
            given = json.loads(body or b"{}")
        except ValueError:
            raise Refused("SerializationException") from None
        if not isinstance(given, dict):
            raise Refused("SerializationException", "Start of structure or map found where not expected.")
        shape: Any = operation.input_shape
        taken: dict[str, Any] = _taken(given, shape) if shape is not None else {}
        problems = list(_problems(taken, shape, ())) if shape is not None else []
        if problems:
            errors = "1 validation error" if len(problems) == 1 else f"{len(problems)} validation errors"
            raise invalid(f"{errors} detected: {'; '.join(problems)}")
        return taken

    def write(self, operation: OperationModel, answer: dict[str, Any]) -> bytes:
        """Return the answer's JSON; an answer that is not the operation's is a mistake of ours and raises ValueError."""
        shape: Any = operation.output_shape
        if shape is not None:
            report = self._validator.validate(_sample(answer), shape)
            if report.has_errors():
                raise ValueError(f"{operation.name} would answer what it may not: {report.generate_report()}")
        return json.dumps(answer, default=_plain, separators=(",", ":"), ensure_ascii=False).encode()


def _sample(answer: dict[str, Any]) -> dict[str, Any]:
    """Keep two of the rows of a page: they are made alike, and a thousand would take longer to check than to make.

    A list that is empty is left out: the model has none for ids, and the service answers with one all the same.
    """
    answer = {name: value for name, value in answer.items() if value != []}
    result = answer.get("ResultSet")
    if not isinstance(result, Mapping) or "Rows" not in result:
        return answer
    return {**answer, "ResultSet": {**result, "Rows": result["Rows"][:2]}}


def _plain(value: object) -> float:
    if isinstance(value, datetime):
        return round(value.timestamp(), 3)
    raise TypeError(f"{type(value).__name__} is not written")


def _taken(value: Any, shape: Shape) -> Any:
    """Return what of a request's value the service reads; null is the same as absent."""
    if not _is_json_of(value, shape):
        raise Refused("SerializationException", f"{_json_name(value)} can not be converted to {_java_name(shape)}")
    if isinstance(shape, StructureShape):
        members: Mapping[str, Shape] = shape.members
        return {name: _taken(value[name], member) for name, member in members.items() if value.get(name) is not None}
    if shape.type_name == "list":
        member: Any = getattr(shape, "member")  # noqa: B009  botocore is untyped
        return [_taken(item, member) for item in value]
    return value


def _is_json_of(value: object, shape: Shape) -> bool:
    kinds = JSON_TYPES[shape.type_name]
    return isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))


def _json_name(value: object) -> str:
    if isinstance(value, bool):
        return f"{str(value).upper()}_VALUE"
    names = {
        str: "STRING_VALUE",
        int: "NUMBER_VALUE",
        float: "DECIMAL_VALUE",
        list: "START_ARRAY",
        dict: "START_OBJECT",
    }
    return names.get(type(value), "VALUE_NULL")


def _java_name(shape: Shape) -> str:
    name: str = shape.type_name
    return {"structure": "Object", "list": "List", "map": "Map"}.get(name, name.capitalize())


def _problems(value: Any, shape: Shape, path: tuple[str, ...]) -> Iterator[str]:
    """Say which constraints of the model a value breaks, in the model's order and the service's words."""
    yield from (f"Value at '{'.'.join(path)}' failed to satisfy constraint: {said}" for said in _broken(value, shape))
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            inner = (*path, name[:1].lower() + name[1:])
            if name not in value:
                if name in shape.required_members:
                    yield f"Value at '{'.'.join(inner)}' failed to satisfy constraint: Member must not be null"
            elif (shape.name, name) in CHECKED_BY_ITS_OPERATION:
                yield from _too_small(value[name], member, inner)
            else:
                yield from _problems(value[name], member, inner)
    elif shape.type_name == "list":
        for place, item in enumerate(value, start=1):
            yield from _problems(item, getattr(shape, "member"), (*path, str(place), "member"))  # noqa: B009


def _too_small(value: int, shape: Shape, path: tuple[str, ...]) -> Iterator[str]:
    if value < shape.metadata["min"]:
        yield from _problems(value, shape, path)


def _broken(value: Any, shape: Shape) -> Iterator[str]:
    limits: Mapping[str, Any] = shape.metadata
    if shape.type_name in ("integer", "long"):
        if value < limits.get("min", value):
            yield f"Member must have value greater than or equal to {limits['min']}"
        if value > limits.get("max", value):
            yield f"Member must have value less than or equal to {limits['max']}"
    if shape.type_name in ("string", "list"):
        if len(value) < limits.get("min", 0):
            yield f"Member must have length greater than or equal to {limits['min']}"
        if len(value) > limits.get("max", len(value)):
            yield f"Member must have length less than or equal to {limits['max']}"
    if shape.type_name == "string":
        if limits.get("enum") and value not in limits["enum"]:
            yield f"Member must satisfy enum value set: [{', '.join(limits['enum'])}]"
        pattern = limits.get("pattern")
        if pattern and "\\u" not in pattern and not _compiled(pattern).fullmatch(value):
            yield f"Member must satisfy regular expression pattern: {pattern}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
