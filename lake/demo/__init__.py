"""The demo: a lake of real weather readings, made and asked with the commands that a user would type."""

from __future__ import annotations

from lake.demo.loading import new_readings
from lake.demo.tour import run_demo
from lake.demo.weather import weather_readings

__all__ = ["new_readings", "run_demo", "weather_readings"]
