#!/usr/bin/env bash
# How many small faults, planted one at a time into the pure decisions, their tests find: what stands in RESULTS.md under "Mutation
# score". Needs cargo-mutants, https://mutants.rs. Takes an hour or so; the faults are planted into a copy below `target/mutants`.
#
#   bench/mutants.sh                # all units
#   bench/mutants.sh resilience     # or one group: resilience, points, decode
#   bench/mutants.sh decode --iterate   # other words go to cargo-mutants; this one tries, and counts, only what was not found last time
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-mutants >/dev/null || { echo "missing: cargo-mutants (install it with: cargo install cargo-mutants --locked)" >&2; exit 1; }

# Units: a name, the group whose tests are run, the files below the library's src.
units='
breaker    resilience  resilience/breaker/{machine,mod,settings,window}.rs
budget     resilience  resilience/retry/budget.rs
backoff    resilience  resilience/retry/backoff.rs
decide     resilience  resilience/retry/decide.rs
ledger     points      resilience/points/{account,account/apart,account/kept,account/rhythm,window,unsettled,own,restart,prices}.rs
classify   decode      decode/{class,classify,message,retry_after}.rs
'

# The tests that are run for each fault: what is built, and which of it. Few of them, since they run hundreds of times.
resilience_builds=(--lib)
resilience_tests=(resilience::breaker resilience::retry)
points_builds=(--lib --features=redis)
points_tests=(resilience::points --skip store:: --skip schedules:: --skip costs::)
decode_builds=(--lib)
decode_tests=(decode::)

case "${1:-}" in
  resilience | points | decode) groups=("$1"); shift ;;
  *) groups=(resilience points decode) ;;
esac

folder="${MUTANTS_FOLDER:-$PWD/target/mutants}"
# A fresh copy, but in the same place, so that what was built stays built; with new times, so that no fault of an earlier run does.
rm -rf "$folder/source"
mkdir -p "$folder/source"
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- |
  tar --extract --touch --directory="$folder/source"
export CARGO_TARGET_DIR="$folder/target"
# Half of a build's time would go into what only a debugger reads.
export CARGO_PROFILE_DEV_DEBUG=0

for group in "${groups[@]}"; do
  status=0
  declare -n builds="${group}_builds" tests="${group}_tests"
  arguments=()
  for build in "${builds[@]}"; do arguments+=(--cargo-arg="$build"); done
  while read -r _ of files; do
    [ "$of" = "$group" ] && arguments+=(--file "crates/esologs/src/$files")
  done <<<"$units"
  # Status 2 and 3 tell of faults that were not found, or made a test hang: they are counted below.
  cargo mutants --dir "$folder/source" --in-place --package esologs --output "$folder/$group" --minimum-test-timeout 30 \
    --no-shuffle --colors never "${arguments[@]}" "$@" -- -- "${tests[@]}" || status=$?
  case "$status" in 0 | 2 | 3) ;; *) exit "$status" ;; esac
done

count() { grep -cE "^crates/esologs/src/($1):" "$2" || true; }

printf '\n| unit | planted | found | not found | not to be built | score |\n|---|---|---|---|---|---|\n'
while read -r unit group files; do
  result="$folder/$group/mutants.out"
  [ -n "$unit" ] && [ -f "$result/outcomes.json" ] || continue
  pattern="$(sed -E 's/\./\\./g; s/\{/(/; s/\}/)/; s/,/|/g' <<<"$files")"
  caught=$(($(count "$pattern" "$result/caught.txt") + $(count "$pattern" "$result/timeout.txt")))
  missed="$(count "$pattern" "$result/missed.txt")"
  unviable="$(count "$pattern" "$result/unviable.txt")"
  viable=$((caught + missed))
  [ "$viable" -gt 0 ] || continue
  printf '| %s | %s | %s | %s | %s | %s %% |\n' "$unit" $((viable + unviable)) "$caught" "$missed" "$unviable" \
    "$(awk "BEGIN { printf \"%.1f\", 100 * $caught / $viable }")"
done <<<"$units"
for group in "${groups[@]}"; do printf '\nnot found (%s):\n' "$group"; cat "$folder/$group/mutants.out/missed.txt"; done
