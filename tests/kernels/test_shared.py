"""One nursery that several processes use: begun once, left alone by those who only use it."""

import pytest

from outcomes.kernels import warm
from outcomes.kernels.shared import borrow, lent_nursery


@pytest.fixture
def lent(spec):
    """A kernel's name and the loan of a nursery for it."""
    name = spec("lent", "ipykernel.kernelapp")
    with lent_nursery(name) as loan:
        yield name, loan


def test_kernels_are_forked_from_the_nursery_that_was_lent(lent, start):
    name, loan = lent
    borrow(loan)
    first, second = start(name), start(name)
    assert first.warm
    assert first.parent.pid == second.parent.pid
    assert first.value("6 * 7") == 42


def test_when_it_has_gone_the_next_kernel_has_a_nursery_of_its_own(lent, start, until):
    name, loan = lent
    borrow(loan)
    first = start(name)
    gone = first.parent
    gone.kill()
    until(lambda: not warm._nurseries[loan.modules].alive, "the nursery to be seen to be gone")
    second = start(name)
    assert second.warm
    assert second.parent.pid != gone.pid


def test_it_ends_with_the_loan(lent, start, until_gone, spec):
    with lent_nursery(lent[0]) as loan:
        borrow(loan)
        kernel = start(lent[0])
        nursery = kernel.parent
        kernel.end()
    until_gone(nursery)
    assert not warm._nurseries[loan.modules].alive


@pytest.mark.parametrize("name", ["python3", "no-such-kernel"])
def test_there_is_none_for_a_kernel_that_is_not_warm(name):
    with lent_nursery(name) as loan:
        assert loan is None
        borrow(loan)


def test_there_is_none_where_warm_kernels_are_turned_off(spec, monkeypatch):
    monkeypatch.setenv("OUTCOMES_WARM_KERNELS", "0")
    with lent_nursery(spec("off", "ipykernel.kernelapp")) as loan:
        assert loan is None
