"""Threads that stay for the next piece of work."""

import threading

from lake.engine.workers import Workers


def threads() -> int:
    return sum(thread.name == "worker-under-test" for thread in threading.enumerate())


def wait_until_none_is_left() -> None:
    for thread in threading.enumerate():
        if thread.name == "worker-under-test":
            thread.join(5)


def test_one_thread_does_one_piece_after_the_other() -> None:
    workers = Workers("worker-under-test")
    seen = set()
    for _ in range(20):
        done = threading.Event()
        workers.run(lambda done=done: (seen.add(threading.get_ident()), done.set()))
        assert done.wait(5)
    assert len(seen) <= 2
    workers.close()
    wait_until_none_is_left()
    assert threads() == 0


def test_what_comes_at_once_is_done_at_once() -> None:
    workers = Workers("worker-under-test")
    together = threading.Barrier(5)
    for _ in range(4):
        workers.run(together.wait)
    together.wait(5)
    workers.close()
    wait_until_none_is_left()
    assert threads() == 0


def test_a_thread_at_work_ends_when_it_is_done_though_all_is_closed() -> None:
    workers = Workers("worker-under-test")
    go = threading.Event()
    workers.run(go.wait)
    workers.close()
    assert threads() == 1
    go.set()
    wait_until_none_is_left()
    assert threads() == 0
