"""The shipped observations become readings as an independent model in pandas has them."""

import numpy as np
import pyarrow as pa
import pytest

from tests.demo import weather
from tests.demo.lakes import weather_lake  # noqa: F401 - a fixture


@pytest.fixture(scope="module")
def ours(weather_lake):  # noqa: F811
    return weather_lake.query("SELECT * FROM readings ORDER BY id, ts, metric").to_arrow()


def test_every_value_that_was_measured_is_one_reading(ours):
    frame, truth = ours.to_pandas(), weather.readings()
    assert len(frame) == len(truth) == weather.READINGS
    for column in ("id", "metric", "dt"):
        assert (frame[column].to_numpy() == truth[column].to_numpy()).all(), column
    assert (frame["ts"].to_numpy() == truth["ts"].to_numpy().astype("datetime64[ms]")).all()
    assert np.array_equal(frame["value"].to_numpy(), truth["value"].to_numpy())  # to the last bit


def test_each_is_an_event_of_its_own(ours):
    identity = ours.select(["id", "ts", "metric", "event_id"])
    assert identity.group_by(identity.column_names).aggregate([]).num_rows == len(ours)
    assert ours["event_id"].null_count == 0


def test_the_local_hour_of_an_observation_is_its_attribute(ours):
    assert isinstance(ours["attributes"].type, pa.MapType)
    assert [dict(pairs) for pairs in ours["attributes"].to_pylist()] == [
        {"hour": hour} for hour in weather.readings()["hour"]
    ]


def test_the_columns_and_their_order_are_those_of_readings(ours):
    assert ours.column_names == ["id", "ts", "metric", "value", "event_id", "attributes", "dt"]
