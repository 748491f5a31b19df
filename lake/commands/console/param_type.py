"""The class of Click's that the types of options derive from; it is generic in newer releases of Click only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import click

if TYPE_CHECKING:
    ParamType: TypeAlias = click.ParamType[Any, Any]
else:
    ParamType = click.ParamType
