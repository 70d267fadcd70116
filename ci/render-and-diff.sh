#!/bin/sh
# Check and render every site of the working tree (`generator diff --sites` lists them), compare it with a commit, and write the reports.
#
#   ci/render-and-diff.sh BASE OUTDIR [options of generator diff, for example --fail-on immutable,refused]
#
# Writes OUTDIR/comment/diff.md (and pr-number, where $PR_NUMBER is set), OUTDIR/diff.json, diff.sarif,
# diff.github (annotations) and junit.xml, and OUTDIR/rendered/SITE/. The rendered files may hold a site's keys: do not publish them.
#
# Exit codes: 0 done, with differences or without; 1 a site is rejected, or there are differences of a
# --fail-on class; 2 usage; 3 git or Helm failed. There is a comment in every case but usage.
#
# Environment: GENERATOR (the command; default .venv/bin/generator, else the one on PATH), PROFILE (to render
# in; default: the profile of the site), PR_NUMBER.
set -u

marker='<!-- generator diff -->'

if [ $# -lt 2 ] || [ -z "$1" ] || [ -z "$2" ]; then
    echo "usage: ci/render-and-diff.sh BASE OUTDIR [OPTION of generator diff]..." >&2
    exit 2
fi
base=$1 out=$2
shift 2

generator=${GENERATOR:-generator}
[ -n "${GENERATOR-}" ] || [ ! -x .venv/bin/generator ] || generator=.venv/bin/generator

# Delete the reports of the last run, so that nobody takes them for the reports of this run.
rm -rf "$out/comment" "$out/rendered"
rm -f "$out"/diff.* "$out/junit.xml"
mkdir -p "$out/comment" "$out/rendered" || exit 3
said=$out/said.txt
problems=$out/problems.txt
trap 'rm -f "$said" "$problems"' EXIT
: > "$problems"
[ -z "${PR_NUMBER-}" ] || printf '%s\n' "$PR_NUMBER" > "$out/comment/pr-number"

# Run the generator and keep its messages; if it reports problems, add them to the list.
code=0
try() {
    "$generator" "$@" > "$said" 2>&1
    try_code=$?
    if [ "$try_code" -ne 0 ]; then
        cat "$said" >> "$problems"
        [ "$try_code" -le "$code" ] || code=$try_code
    fi
    return "$try_code"
}

# Write a comment with the reason why there is no comparison, and exit. Indented text is code in Markdown.
give_up() {
    cat "$problems" >&2
    {
        printf '%s\n### Not compared: %s\n\n' "$marker" "$1"
        head -c 10000 "$problems" | sed 's/^/    /'
        echo
    } > "$out/comment/diff.md"
    exit "$code"
}

sites=$("$generator" diff --sites 2> "$problems") || {
    code=$?
    give_up "no site was found"
}
while IFS= read -r site; do
    name=${site#values/examples/}
    try check --as site "$site" &&
        try render ${PROFILE:+--profile "$PROFILE"} -f "$site" -o "$out/rendered/${name%.*}"
done << END
$sites
END
[ "$code" -eq 0 ] || give_up "a site is refused"

comment=$out/comment/diff.md
"$generator" diff --base "git:$base" --format markdown --output "json=$out/diff.json" \
    --output "sarif=$out/diff.sarif" --output "junit=$out/junit.xml" --output "github=$out/diff.github" \
    "$@" > "$comment" 2> "$problems"
code=$?
# Exit code 1 with a report means differences; without a report it means rejected input.
if [ "$code" -gt 1 ] || [ ! -s "$comment" ]; then
    [ "$code" -ne 0 ] || code=3
    give_up "generator diff failed"
fi

sed -n '2s/^### //p; 4p' "$comment"
# Differences are expected; only differences of a --fail-on class fail.
case " $*" in
    *" --fail-on"*) exit "$code" ;;
esac
exit 0
