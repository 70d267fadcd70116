#!/bin/sh
# Create .venv with the locked dependencies, the embedded Helm if it has a wheel, and this project (editable).
# Called by `make setup` with the Python to use.
set -eu
cd "$(dirname "$0")/.."
python=$1
lock=requirements/dev.lock

command -v "$python" >/dev/null || {
    echo "setup: $python not found; install Python 3.10 or newer, or say which: make setup PYTHON=python3.12" >&2
    exit 1
}
"$python" - <<'CHECK' || exit 1
import sys
if sys.version_info < (3, 10):
    sys.exit("setup: Python 3.10 or newer is needed, this is %d.%d; say which to use: make setup PYTHON=python3.12" % sys.version_info[:2])
try:
    import ensurepip, venv
except ImportError:
    sys.exit("setup: this Python cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv")
CHECK

# Recreate an environment that is incomplete or was created by another Python.
.venv/bin/python -c "import pip, sys; sys.exit(sys.version_info[:2] != ($("$python" -c 'import sys; print(*sys.version_info[:2], sep=",")')))" 2>/dev/null ||
    "$python" -m venv --clear .venv

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }

grep -v '^helm-python-sdk==' "$lock" | pip install --quiet --requirement /dev/stdin
# Never build it from source: that needs Go and a C compiler.
if ! grep '^helm-python-sdk==' "$lock" | pip install --quiet --only-binary :all: --requirement /dev/stdin; then
    echo "setup: no embedded Helm for this machine (see above); a helm binary is used instead" >&2
    command -v "${HELM_BIN:-helm}" >/dev/null || sh tools/helm.sh
fi
pip install --quiet --no-deps --no-build-isolation --editable .
