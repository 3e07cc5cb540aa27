"""The jobs of the eight programs, to be run with Python with and without its global lock.

In one terminal: cargo run -p classroom -- serve
In another:      python3.13t without_the_gil.py
                 PYTHON_GIL=1 python3.13t without_the_gil.py

One part alone: add downloads, sums or race to the command. It needs nothing but Python 3.8 or later.
"""

import asyncio
import http.client
import multiprocessing
import os
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

SITE = "127.0.0.1", 8000
PAGES = ["/jython", "/dice"] * 10
NUMBERS = [300_000 + x for x in range(20)]
INCREMENTS = 1_000_000
THREADS = 2
ROUNDS = 10
RACES = 5

local = threading.local()


def download(path):
    if not hasattr(local, "session"):
        local.session = http.client.HTTPConnection(*SITE)
    local.session.request("GET", path)
    return len(local.session.getresponse().read())


async def download_as_task(path):
    reader, writer = await asyncio.open_connection(*SITE)
    request = f"GET {path} HTTP/1.1\r\nHost: {SITE[0]}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    length = len(await reader.read())
    writer.close()
    return length


async def download_all_as_tasks():
    await asyncio.gather(*(download_as_task(path) for path in PAGES))


def cpu_bound(number):
    return sum(i * i for i in range(number))


def in_turn(job, items):
    for item in items:
        job(item)


def on_threads(job, items, threads):
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(job, items))


def in_processes(job, items, processes):
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(job, items))


def measure(work):
    """The time on the clock, and the CPU time of this process and its children."""
    start, cpu = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - start, sum(os.times()[:4]) - cpu


def show_best(ways):
    """The fastest run of each way; a round runs all of them, so that each has quiet moments."""
    rounds = [[measure(way) for way in ways.values()] for _ in range(ROUNDS)]
    best = [min(runs) for runs in zip(*rounds)]
    for name, (seconds, cpu) in zip(ways, best):
        ratio, busy = seconds / best[0][0], cpu / seconds
        print(f"  {name:<18} {seconds:6.3f} s  {ratio:5.2f} of the first  {busy:4.1f} cores busy")


def show_downloads():
    print(f"{len(PAGES)} downloads")
    show_best({
        "io_non_concurrent": lambda: in_turn(download, PAGES),
        "io_threading": lambda: on_threads(download, PAGES, 5),
        "io_asyncio": lambda: asyncio.run(download_all_as_tasks()),
        "io_mp": lambda: in_processes(download, PAGES, THREADS),
    })


def show_sums():
    print(f"{len(NUMBERS)} sums")
    show_best({
        "cpu_non_concurrent": lambda: in_turn(cpu_bound, NUMBERS),
        "cpu_threading": lambda: on_threads(cpu_bound, NUMBERS, THREADS),
        "cpu_mp": lambda: in_processes(cpu_bound, NUMBERS, THREADS),
    })


class Counter:
    value = 0


def race(increment):
    counter = Counter()
    barrier = threading.Barrier(THREADS)

    def work():
        barrier.wait()
        increment(counter)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counter.value


def one():
    return 1


def increment(counter):
    for _ in range(INCREMENTS):
        counter.value += 1


def increment_with_a_call(counter):
    for _ in range(INCREMENTS):
        counter.value = counter.value + one()


lock = threading.Lock()


def increment_with_a_lock(counter):
    for _ in range(INCREMENTS):
        with lock:
            counter.value += 1


def show_race():
    print(f"race_condition: {THREADS} threads should count to {THREADS * INCREMENTS:,}")
    for name, way in [
        ("counter += 1", increment),
        ("counter + one()", increment_with_a_call),
        ("with a lock", increment_with_a_lock),
    ]:
        print(f"  {name:<18}", *(f"{race(way):>9,}" for _ in range(RACES)))


def main():
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    print(f"Python {sys.version.split()[0]}, global lock: {'on' if has_gil else 'off'}\n")
    parts = {"downloads": show_downloads, "sums": show_sums, "race": show_race}
    for name in sys.argv[1:] or parts:
        try:
            parts[name]()
        except KeyError:
            sys.exit(f"there is no part {name!r}; the parts are {', '.join(parts)}")
        except ConnectionRefusedError:
            print("  left out: nothing answers at {}:{}; see the head of this file".format(*SITE))


if __name__ == "__main__":
    main()
