#!/usr/bin/env python3
"""A month of Mondays on a runner, the whole of France: what each takes, and what is moved.

usage: benches/week.py [--work DIR] [--built DIR]

As the weekly workflow does it, each Monday begins in an empty folder: the state is fetched from a release server, restored, the
sources are asked, what changed is built, old versions go, the state is saved and sent back. The servers of the sources and of
the releases are local, so that the times are the program's; the bytes tell what a network adds. Building the program, which the
workflow keeps from week to week, and GitHub's own steps (checkout, upload of the pages) are not in them. Prints a table in
Markdown.
"""

import functools
import http.server
import shutil
import threading
import time
import urllib.request

from national import YEARS, Bench, options


class Releases(http.server.SimpleHTTPRequestHandler):
    """Takes assets and gives them back."""

    def log_message(self, *_):
        pass

    def do_PUT(self):
        left = int(self.headers["Content-Length"])
        with open(self.translate_path(self.path), "wb") as file:
            while left:
                left -= file.write(self.rfile.read(min(left, 1 << 20)))
        self.send_response(201)
        self.end_headers()


def monday(bench, root, asset):
    """One run; what its parts took in seconds, and the bytes that were moved."""
    started = time.monotonic()
    state = root / "state.tar.zst"
    fetched = 0
    if asset["size"]:
        with urllib.request.urlopen(asset["url"]) as answer, open(state, "wb") as file:
            shutil.copyfileobj(answer, file)
        fetched = state.stat().st_size
        bench.immostats(root, "state", "restore", state)
    update = bench.immostats(root, "update")
    bench.immostats(root, "gc", "--keep", "12")
    bench.immostats(root, "state", "save", state)
    asset["size"] = state.stat().st_size
    with open(state, "rb") as file:
        request = urllib.request.Request(asset["url"], data=file, method="PUT", headers={"Content-Length": str(asset["size"])})
        urllib.request.urlopen(request).close()
    wall = time.monotonic() - started
    downloads = root / "data/downloads"
    read = sum(path.stat().st_size for path in downloads.rglob("*") if path.is_file()) if downloads.exists() else 0
    return wall, update.wall, update.memory, read, fetched, asset["size"]


def main():
    bench = Bench(options(__doc__).parse_args())
    bench.build()
    served, address = bench.serve(bench.generate("input", "--years", "2021-2025"))
    releases = bench.projects / "releases"
    releases.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Releases, directory=str(releases)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    asset = {"url": f"http://127.0.0.1:{server.server_port}/state", "size": 0}

    mondays = [("the first", None), ("nothing new", None), ("one commune's sales corrected", bench.correct), ("nothing new", None)]
    print("| Monday | run | of it `update` | peak | sources read | state fetched | state sent |\n| --- | --- | --- | --- | --- | --- | --- |")
    total = 0
    try:
        for number, (name, before) in enumerate(mondays):
            if before:
                before(served)
            root = bench.projects / f"monday-{number}"
            root.mkdir()
            bench.configure(root, address, YEARS)
            wall, update, memory, read, fetched, sent = monday(bench, root, asset)
            total += wall
            print(f"| {name} | {wall:.0f} s | {update:.0f} s | {memory / 1e9:.2f} GB | {read / 1e6:.0f} MB | {fetched / 1e6:.0f} MB | "
                  f"{sent / 1e6:.0f} MB |", flush=True)
            shutil.rmtree(root)
        print(f"\n{total / 60:.1f} minutes in all")
    finally:
        shutil.rmtree(bench.projects)


if __name__ == "__main__":
    main()
