import pytest

tries = {"count": 0}


def test_sums():
    assert sum([1, 2]) == 3


def test_sums_wrong():
    assert sum([1, 2]) == 4, "the sum is off"


def test_flaky():
    tries["count"] += 1
    assert tries["count"] > 1


@pytest.fixture
def broken():
    raise RuntimeError("no database")


def test_needs_database(broken):
    pass


@pytest.mark.skip(reason="not on this system")
def test_skipped():
    pass


@pytest.mark.xfail(reason="known defect")
def test_expected_failure():
    assert False


@pytest.mark.parametrize("count", [1, 2])
def test_each(count):
    assert count < 2
