"""Opens the library of the embedded Helm in the background.

That takes 15 ms, and the start of its Go runtime 45 ms. The package helm_python waits for both when it is
imported. Meanwhile Python can import modules and load the site on another core.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from threading import Thread

# The file that helm_python opens. If it opened another copy, there would be two libraries in the process.
_VARIABLE = "HELM_C_LIB"


def open_early(engine: str) -> None:
    """Start to open the library, unless the engine is `helm`; helm_python reports all errors.

    A library in another place than that of version 0.2.2 is left to helm_python.
    """
    if engine == "helm":
        return
    spec = importlib.util.find_spec("helm_python")
    if spec is None or spec.origin is None or _VARIABLE in os.environ or sys.platform == "win32":
        return
    # It has several names; the longest one has the version.
    names = sorted((Path(spec.origin).parent / "lib").glob("libhelm_c.*"), key=lambda path: len(path.name))
    if names:
        os.environ[_VARIABLE] = str(names[-1])
        # A function of a CDLL is called without Python's lock; ctypes.CDLL(name) would keep it.
        load = ctypes.CDLL(None).dlopen
        load.restype = ctypes.c_void_p
        Thread(target=load, args=(os.fsencode(names[-1]), os.RTLD_NOW), daemon=True).start()
