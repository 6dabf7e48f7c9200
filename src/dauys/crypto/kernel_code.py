"""The kernel's machine code: compiled once by numba, kept in a file, loaded without numba.

numba takes half a second to import and as long to load what it cached. What it compiled needs
nothing of it, so the object code itself is kept, and LLVM's linker alone places it in memory:
a few hundredths of a second. The file is named by what it was made from (this processor, the
kernel's source, the version of LLVM's binding) and begins with its own hash; it is as trusted
as any compiled Python, beside which it lies.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, addressof, c_int32, c_int64, c_uint64, c_void_p
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import llvmlite
import msgspec
from llvmlite import binding

FOLDER: Final = "NUMBA_CACHE_DIR"
"""Environment variable with a folder for the file, as for numba's own."""

Objects = dict[str, tuple[str, bytes]]
"""Symbol and object code by the name of the function."""
Argument = int | bytes | object
"""A number, bytes that are only read, or a ctypes array."""


class KernelCode:
    """The functions of `kernel.py` in memory, for as long as this object lives.

    Each takes memory and numbers as its docstring there says, checks nothing, and lets other
    threads run.
    """

    def __init__(self, objects: Objects) -> None:
        binding.initialize_native_target()
        binding.initialize_native_asmprinter()
        machine = binding.Target.from_default_triple().create_target_machine()
        self._engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
        for _, code in objects.values():
            self._engine.add_object_file(binding.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        self.products = self._function(objects, "products", "pipppipppppp")
        self.commitments = self._function(objects, "commitments", "ppippppppp")
        self.accumulate = self._function(objects, "accumulate", "pipiip")
        self.encode = self._function(objects, "encode", "pipp")
        self.tabulate = self._function(objects, "tabulate", "pppp")

    def _function(self, objects: Objects, name: str, kinds: str) -> Callable[..., int]:
        """A function whose arguments are pointers ("p") and numbers ("i")."""
        symbol, _ = objects[name]
        types = [c_void_p if kind == "p" else c_int64 for kind in kinds]
        native: Any = CFUNCTYPE(c_int32, c_void_p, c_void_p, *types)(
            self._engine.get_function_address(symbol)
        )

        def call(*arguments: Argument) -> int:
            result, nothing = c_uint64(), c_void_p()
            native(addressof(result), addressof(nothing), *arguments)
            return result.value

        return call


def load() -> KernelCode:
    """The kernel: from its file, or compiled now, which takes seconds and needs numba."""
    name = _file_name()
    for folder in _folders():
        if objects := _read(folder / name):
            return KernelCode(objects)
    from dauys.crypto.kernel import compiled_objects  # noqa: PLC0415 -- imports numba

    objects = compiled_objects()
    for folder in _folders():
        if _write(folder / name, objects):
            break
    return KernelCode(objects)


def _file_name() -> str:
    """Named by everything that the code depends on."""
    source = Path(__file__).with_name("kernel.py").read_bytes()
    made_from = (
        llvmlite.__version__,
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
        binding.get_default_triple(),
    )
    digest = hashlib.sha256("\n".join(made_from).encode() + source).hexdigest()
    return f"kernel-{digest[:32]}.o"


def _folders() -> Iterator[Path]:
    """Where the file may be, best first."""
    if given := os.environ.get(FOLDER):
        yield Path(given)
        return
    yield Path(__file__).with_name("__pycache__")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    yield Path(cache) / "dauys"


def _read(path: Path) -> Objects | None:
    """The objects in a whole file; None without one."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
        if hashlib.sha256(content).hexdigest().encode() != digest:
            return None
        return msgspec.json.decode(content, type=Objects)
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, objects: Objects) -> bool:
    """Keep the objects, whole or not at all; whether that was possible."""
    content = msgspec.json.encode(objects)
    digest = hashlib.sha256(content).hexdigest().encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            stream.write(digest + b"\n" + content)
        Path(stream.name).replace(path)
    except OSError:
        return False
    return True
