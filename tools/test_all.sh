#!/bin/sh
# Run every test that needs no cluster: `make test-all`. The programs that some of the tests need are built
# while the other tests run. If they exist already, all tests are one run.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build
# The scripts of edge nodes mostly wait, so that more tests than processors run at the same time.
workers=$(($(getconf _NPROCESSORS_ONLN) * 2))
log=build/programs.log
codes=build/codes.txt
rm -f $codes

nice make --no-print-directory tools opinions >$log 2>&1 &
programs=$!
trap 'kill $programs 2>/dev/null || true' EXIT

# Wait for the programs; print the log if they cannot be built.
wait_for_programs() {
    wait $programs || {
        cat $log
        echo "test-all: make tools opinions failed (the log is above, and in $log)" >&2
        exit 1
    }
}

sleep 2
if ! kill -0 $programs 2>/dev/null; then
    wait_for_programs
    .venv/bin/pytest -n $workers --every-code
    exit
fi

echo "test-all: building programs; the tests that need none run first (log: $log)"
failed=0
# The option and the file are one word: pytest would take a file that exists for a test.
.venv/bin/pytest -n auto --quick --codes-file=$codes || failed=1
wait_for_programs
.venv/bin/pytest -n $workers --left-out --every-code --codes-file=$codes || failed=1
exit $failed
