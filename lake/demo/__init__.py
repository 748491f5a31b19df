"""The demo: a lake of real weather readings, made and asked with the commands that a user would type."""

from __future__ import annotations

from lake.demo.tour import run_demo

__all__ = ["run_demo"]
