#!/bin/sh
# Test the wheel like a user: in new environments, without development packages, outside the checkout.
# Run once with the embedded Helm and once with a helm binary. Both must print the same.
set -eu
cd "$(dirname "$0")/.."
checkout=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

.venv/bin/python -m build --no-isolation --wheel --outdir "$work" >/dev/null
wheel=$(echo "$work"/*.whl)

# Install the wheel with extras $2 into the new environment $1, and run its first steps.
first_steps() {
    .venv/bin/python -m venv "$work/$1"
    "$work/$1/bin/python" -m pip install --quiet --disable-pip-version-check \
        --constraint requirements/dev.lock "$wheel$2"
    (
        cd "$work"
        "$1/bin/generator" --version
        "$1/bin/python" -m generator --help >/dev/null
        "$1/bin/generator" explain server-is-url --lang zh | grep -q 端点
        "$1/bin/generator" render --profile mtls >"$1.yaml"
        test -s "$1.yaml"
        "$1/bin/generator" charts export "$1-charts" --format tgz >/dev/null
    )
}

# This HELM_BIN does not exist: the embedded engine must not need a binary.
HELM_BIN=/nonexistent first_steps embedded '[embedded]'
HELM_BIN=$checkout/.tools/bin/helm-4.3 first_steps binary ''
cmp "$work/embedded.yaml" "$work/binary.yaml"
.venv/bin/generator charts export "$work/checkout-charts" --format tgz >/dev/null
diff -r "$work/embedded-charts" "$work/checkout-charts"
echo "the wheel works with the embedded Helm and with a helm binary, and both render the same"
