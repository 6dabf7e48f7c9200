#!/usr/bin/env python3
"""Compare the vendored browser libraries with what their authors published.

Compares every file of src/dauys/web/static/vendor with manifest.json there, and then, where
npm is at hand, with the npm package it came from. Exits 1 and says which file differs.

    tools/vendor_check.py             both comparisons
    tools/vendor_check.py --offline   the manifest only
    tools/vendor_check.py --write     write the manifest's hashes anew (after an update)
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "src" / "dauys" / "web" / "static" / "vendor"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """One file: the package it came from, its path here and there, and its hash."""

    package: str
    version: str
    licence: str
    """SPDX identifier."""
    file: str
    """Path under the vendor folder."""
    source: str
    """Path in the npm package."""
    sha256: str


def read_manifest(folder: Path) -> tuple[VendoredFile, ...]:
    """Files that `folder` should hold, sorted by path."""
    listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return tuple(VendoredFile(**item) for item in listed["files"])


def write_manifest(folder: Path) -> None:
    """Write the manifest of `folder` with the hashes that its files have now."""
    files = [replace(file, sha256=_sha256(folder / file.file)) for file in read_manifest(folder)]
    files.sort(key=lambda file: file.file)
    text = json.dumps({"files": [asdict(file) for file in files]}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def faults_of_folder(folder: Path, files: Sequence[VendoredFile]) -> Iterator[str]:
    """Yield each difference between the folder and its manifest."""
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {MANIFEST}
    listed = {file.file for file in files}
    yield from (f"{name}: not in {MANIFEST}" for name in sorted(present - listed))
    yield from (f"{name}: missing" for name in sorted(listed - present))
    for file in files:
        if file.file in present and _sha256(folder / file.file) != file.sha256:
            yield f"{file.file}: differs from {MANIFEST}"


def faults_of_packages(npm: str, files: Iterable[VendoredFile]) -> Iterator[str]:
    """Yield each difference between the manifest and the packages that npm hands out."""
    by_package = sorted(files, key=lambda file: (file.package, file.version))
    for (package, version), members in groupby(by_package, lambda f: (f.package, f.version)):
        with tempfile.TemporaryDirectory() as folder:
            command = [npm, "pack", "--silent", "--pack-destination", folder]
            subprocess.run(
                [*command, f"{package}@{version}"], check=True, stdout=subprocess.DEVNULL
            )
            (archive,) = Path(folder).glob("*.tgz")
            with tarfile.open(archive) as packed:
                yield from _faults_of_package(packed, members)


def _faults_of_package(packed: tarfile.TarFile, files: Iterable[VendoredFile]) -> Iterator[str]:
    for file in files:
        try:
            published = packed.extractfile(f"package/{file.source}")
        except KeyError:
            published = None
        if published is None:
            yield f"{file.file}: {file.package}@{file.version} has no {file.source}"
        elif hashlib.sha256(published.read()).hexdigest() != file.sha256:
            yield f"{file.file}: differs from {file.source} of {file.package}@{file.version}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--offline", action="store_true", help="compare with the manifest only")
    parser.add_argument("--write", action="store_true", help="write the manifest's hashes anew")
    options = parser.parse_args()
    if options.write:
        write_manifest(VENDOR)
    files = read_manifest(VENDOR)
    faults = list(faults_of_folder(VENDOR, files))
    npm = None if options.offline else shutil.which("npm")
    if npm is not None:
        faults.extend(faults_of_packages(npm, files))
    compared = "the npm packages" if npm is not None else f"{MANIFEST} only"
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"{len(files)} vendored files against {compared}: {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
