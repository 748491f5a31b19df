"""The right answers about the shipped observations, worked out with pandas and sharing no code with `lake/`."""

from pathlib import Path

import pandas as pd

import lake

FILE = Path(lake.__file__).parent / "demo" / "nyc-weather-2013.csv.gz"
METRICS = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
READINGS = 211_061
DAYS = 364


def observations() -> pd.DataFrame:
    """Every row of the file, with `line` and `ts`, which has no zone and is UTC."""
    frame = pd.read_csv(FILE, dtype=str)
    frame[METRICS] = frame[METRICS].astype(float)
    frame["line"] = range(2, len(frame) + 2)
    frame["ts"] = pd.to_datetime(frame.pop("time_hour"), utc=True).dt.tz_localize(None)
    return frame


def readings() -> pd.DataFrame:
    """A row for each value that is not `NA`, by id, ts and metric."""
    wide = observations()
    local = ["year", "month", "day", "hour"]
    long = wide.melt(id_vars=["origin", "ts", "line", *local], value_vars=METRICS, var_name="metric").dropna()
    long = long.rename(columns={"origin": "id"}).sort_values(["id", "ts", "metric"], ignore_index=True)
    long["dt"] = long["ts"].dt.date.astype(str)
    return long


def metric(name: str) -> pd.DataFrame:
    long = readings()
    return long[long["metric"] == name]


def hottest_hours() -> list[tuple[str, pd.Timestamp, float]]:
    """For each airport the first of its hottest hours, the hottest airport first."""
    temp = metric("temp").sort_values(["value", "ts"], ascending=[False, True])
    first = temp.drop_duplicates("id")
    return list(first[["id", "ts", "value"]].itertuples(index=False, name=None))


def monthly(name: str, airport: str) -> pd.DataFrame:
    """mean, min, max by month (of UTC) in the order of months."""
    of_one = metric(name)[lambda frame: frame["id"] == airport]
    return of_one.groupby(of_one["dt"].str[:7])["value"].agg(["mean", "min", "max"])


def windy_days(fault: float = 200) -> pd.DataFrame:
    """mean and max of wind_speed and the strongest gust by day, the windiest first."""
    speed = metric("wind_speed")[lambda frame: frame["value"] < fault]
    days = speed.groupby("dt")["value"].agg(["mean", "max"])
    days["gust"] = metric("wind_gust").groupby("dt")["value"].max()
    # Some days are as windy as others, but for the last bits of their sums.
    return days.assign(rank=days["mean"].round(6)).sort_values(["rank", "dt"], ascending=[False, True])
