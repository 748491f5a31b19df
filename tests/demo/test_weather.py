"""The shipped observations become readings as an independent model in pandas has them."""

import numpy as np

from lake.demo import weather_readings
from tests.demo import weather


def test_every_value_that_was_measured_is_one_reading():
    ours, truth = weather_readings().to_pandas(), weather.readings()
    assert len(ours) == len(truth) == weather.READINGS
    for column in ("id", "metric", "dt"):
        assert (ours[column].to_numpy() == truth[column].to_numpy()).all(), column
    assert (ours["ts"].to_numpy() == truth["ts"].to_numpy().astype("datetime64[ms]")).all()
    assert np.array_equal(ours["value"].to_numpy(), truth["value"].to_numpy())  # to the last bit


def test_an_event_is_named_by_the_line_it_stands_on():
    ours, truth = weather_readings(), weather.readings()
    assert ours["event_id"].to_pylist() == [f"nyc-weather-2013:{line}" for line in truth["line"]]
    identity = ours.select(["id", "ts", "metric", "event_id"])
    assert identity.group_by(identity.column_names).aggregate([]).num_rows == len(ours)


def test_the_local_time_of_an_observation_is_in_the_attributes():
    ours, truth = weather_readings(), weather.readings()
    assert [dict(pairs)["hour"] for pairs in ours["attributes"].to_pylist()] == truth["hour"].tolist()
    first = dict(ours["attributes"][0].as_py())
    assert first == {"year": "2013", "month": "1", "day": "1", "hour": "1"}


def test_the_columns_and_their_order_are_those_of_readings():
    assert weather_readings().column_names == ["id", "ts", "metric", "value", "event_id", "attributes", "dt"]
