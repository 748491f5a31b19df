"""The weather observations that ship with the package, as readings: a row for each value that was measured.

An observation's columns become readings, one for each metric that is not `NA`; what else it says (the local year, month,
day and hour) goes into `attributes`. `event_id` is the name of the source and the line of the observation in it, so the
same file gives the same readings wherever it is read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

FILE = Path(__file__).with_name("nyc-weather-2013.csv.gz")
SOURCE = "nyc-weather-2013"
METRICS = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")
ATTRIBUTES = ("year", "month", "day", "hour")
FIRST_LINE = 2
"""The line of the first observation: a header stands above it."""


def weather_readings() -> pa.Table:
    """Return every reading, by id, ts and metric, in the columns of `readings` and last its partition key `dt`."""
    import pyarrow as pa

    observations = _with_shared_columns(_read_observations())
    readings = pa.concat_tables([_readings_of(metric, observations) for metric in METRICS])
    return readings.sort_by([("id", "ascending"), ("ts", "ascending"), ("metric", "ascending")])


def _read_observations() -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    types = {
        "origin": pa.string(),
        "time_hour": pa.timestamp("ms", "UTC"),
        **dict.fromkeys(METRICS, pa.float64()),
        **dict.fromkeys(ATTRIBUTES, pa.string()),
    }
    convert = csv.ConvertOptions(column_types=types, null_values=["NA"], strings_can_be_null=False)
    return csv.read_csv(FILE, convert_options=convert).combine_chunks()


def _with_shared_columns(observations: pa.Table) -> pa.Table:
    """Return the metrics and, beside them, the columns that are the same in all readings of an observation."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    ts = observations["time_hour"].cast(pa.timestamp("ms"))
    lines = pa.array(np.arange(FIRST_LINE, FIRST_LINE + len(observations))).cast(pa.string())
    shared = {
        "id": observations["origin"],
        "ts": ts,
        "event_id": pc.binary_join_element_wise(SOURCE, lines, ":"),
        "attributes": _attributes(observations),
        "dt": pc.strftime(ts, "%Y-%m-%d"),
    }
    return pa.table({**shared, **{metric: observations[metric] for metric in METRICS}})


def _attributes(observations: pa.Table) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    count, width = len(observations), len(ATTRIBUTES)
    values = pa.concat_arrays([observations[name].combine_chunks() for name in ATTRIBUTES])
    row_by_row = np.arange(count * width, dtype=np.int32).reshape(width, count).T.ravel()
    return pa.MapArray.from_arrays(
        pa.array(np.arange(0, count * width + 1, width, dtype=np.int32)),
        pa.array(np.tile(ATTRIBUTES, count), pa.string()),
        values.take(pa.array(row_by_row)),
    )


def _readings_of(metric: str, observations: pa.Table) -> pa.Table:
    import pyarrow as pa

    measured = observations.filter(observations[metric].is_valid())
    return pa.table(
        {
            "id": measured["id"],
            "ts": measured["ts"],
            "metric": pa.repeat(metric, len(measured)),
            "value": measured[metric],
            "event_id": measured["event_id"],
            "attributes": measured["attributes"],
            "dt": measured["dt"],
        }
    )
