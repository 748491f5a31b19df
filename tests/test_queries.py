"""Every named query that ships: it declares itself well, and its answers on the weather are right."""

import re
from datetime import datetime

import pytest

from lake.bundled import bundled
from lake.errors import ParameterError
from lake.named import NamedQueries
from tests.demo import weather
from tests.demo.lakes import weather_lake  # noqa: F401 - a fixture

QUERIES = {query.name: query for query in NamedQueries([bundled("queries")]).list_queries()}


def ask(db, name, **params):
    return db.query(f"@{name}", params).fetch_all()


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_runs_as_it_is_and_gives_rows(weather_lake, name):  # noqa: F811
    result = weather_lake.query(f"@{name}")
    assert result.fetch_all()
    assert all(re.fullmatch(r"[a-z_]+", column) for column in result.column_names)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_has_a_title_that_fits_and_helps_with_each_parameter(query):
    assert 10 <= len(query.title) <= 60
    assert query.parameters
    assert all(parameter.help for parameter in query.parameters)


def test_daily_means_are_right(weather_lake):  # noqa: F811
    rows = ask(weather_lake, "daily_means", metric="dewp", since="2013-03-01", until="2013-03-31")
    of_march = weather.metric("dewp")[lambda frame: frame["dt"].str.startswith("2013-03")]
    truth = of_march.groupby(["dt", "id"])["value"].agg(["mean", "min", "max", "count"])
    assert [row[:2] for row in rows] == list(truth.index)
    for row, expected in zip(rows, truth.itertuples(index=False), strict=True):
        assert row[2] == pytest.approx(expected[0])
        assert row[3:] == tuple(expected[1:])


def test_only_the_days_asked_for_are_read(weather_lake):  # noqa: F811
    (scan,) = weather_lake.plan("@daily_means", {"since": "2013-03-01", "until": "2013-03-31"}).scans
    assert scan.file_count == 31


@pytest.mark.parametrize(("metric", "zero"), [("temp", 0), ("pressure", 1000), ("temp", 50), ("temp", 500)])
def test_bars_are_as_long_as_the_distance_from_zero(weather_lake, metric, zero):  # noqa: F811
    rows = ask(weather_lake, "monthly_means", metric=metric, id="LGA", zero=zero)
    truth = weather.monthly(metric, "LGA")
    assert [(row[0], row[1]) for row in rows] == [(month, round(mean, 1)) for month, mean in truth["mean"].items()]
    longest = (truth["mean"] - zero).max()
    expected = [max(0, round(36 * (mean - zero) / longest)) if longest > 0 else 0 for mean in truth["mean"]]
    assert [len(row[2]) for row in rows] == expected


def test_windiest_days_are_as_many_as_asked_for_and_believe_what_they_are_told_to(weather_lake):  # noqa: F811
    rows = ask(weather_lake, "windiest_days", top=30)
    assert [row[0] for row in rows] == list(weather.windy_days().head(30).index)
    assert ask(weather_lake, "windiest_days", fault=5000.0, top=1)[0][3] == 1048.4


def test_latest_is_one_reading_for_each_metric_and_id(weather_lake):  # noqa: F811
    rows = ask(weather_lake, "latest")
    last = (
        weather.readings()
        .sort_values("ts")
        .drop_duplicates(["id", "metric"], keep="last")
        .sort_values(["id", "metric"])
    )
    assert rows == list(last[["id", "metric", "ts", "value"]].itertuples(index=False, name=None))
    recent = ask(weather_lake, "latest", since="2013-12-30")
    assert {row[:3] for row in recent} <= {row[:3] for row in rows}


def test_gaps_are_the_longest_silences(weather_lake):  # noqa: F811
    temp = weather.metric("temp").sort_values(["id", "ts"])
    hours = temp.groupby("id")["ts"].diff().dt.total_seconds() / 3600
    truth = sorted(
        ((-gap, airport, ts) for gap, airport, ts in zip(hours, temp["id"], temp["ts"], strict=True) if gap > 1)
    )
    rows = ask(weather_lake, "gaps", top=1000)
    assert [(-row[3], row[0], row[2]) for row in rows] == truth
    assert all(row[3] == (row[2] - row[1]).total_seconds() / 3600 for row in rows)
    assert {row[3] for row in ask(weather_lake, "gaps", hours=3.5)} == {6.0}


def test_outliers_find_the_broken_instrument_first(weather_lake):  # noqa: F811
    first = ask(weather_lake, "outliers", top=1)[0]
    assert first[:4] == ("EWR", "wind_speed", datetime.fromisoformat("2013-02-12 08:00"), 1048.36058)
    wind = weather.metric("wind_speed")[lambda frame: frame["id"] == "EWR"]["value"]
    assert first[4:] == (round(wind.mean(), 2), round((1048.36058 - wind.mean()) / wind.std(), 1))


def test_the_hours_of_a_mean_day_are_those_that_the_observer_wrote(weather_lake):  # noqa: F811
    rows = ask(weather_lake, "hours_of_day", id="EWR")
    temp = weather.metric("temp")[lambda frame: frame["id"] == "EWR"]
    truth = temp.groupby(temp["hour"].astype(int))["value"].agg(["mean", "min", "max", "count"])
    assert [row[0] for row in rows] == list(range(24))
    assert [(row[1], row[4]) for row in rows] == [
        (round(mean, 1), count) for mean, _, _, count in truth.itertuples(index=False)
    ]


@pytest.mark.parametrize(
    "wrong", [{"metric": "temp", "nonsense": "1"}, {"since": "yesterday"}, {"until": "2013-13-01"}]
)
def test_a_wrong_parameter_is_refused_by_name(weather_lake, wrong):  # noqa: F811
    with pytest.raises(ParameterError, match=f":{list(wrong)[-1]}"):
        ask(weather_lake, "daily_means", **wrong)


def test_a_value_is_bound_and_never_becomes_sql(weather_lake):  # noqa: F811
    assert ask(weather_lake, "daily_means", metric="' OR 1=1 --") == []
