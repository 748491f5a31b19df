import pytest

import lake


@pytest.fixture
def db(folder_lake: lake.Lake) -> lake.Lake:
    """A lake that takes events itself, which those on AWS do not."""
    return folder_lake
