"""The weather observations that ship with the package, and how their columns become events."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("nyc-weather-2013.csv.gz")
NAMES = {"origin": "id", "time_hour": "ts"}
METRICS = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")
SKIPPED = ("year", "month", "day")
"""What `ts` says as well. The local hour stays, as an attribute."""
