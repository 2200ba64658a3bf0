#!/usr/bin/env bash
# The figures of the points ledger, one after the other, in release builds: what stands in RESULTS.md under "Points ledger: …" and, of row 9, 16
# and 20. An hour or more on two cores that do nothing else. Needs redis-server.
#
#   bench/ledger.sh                     # all of them, into target/ledger-figures/
#   bench/ledger.sh schedules days      # or some: schedules, days, forecast, others, replay, learning, fleet, file, redis, overhead
set -uo pipefail
cd "$(dirname "$0")/.."

command -v redis-server >/dev/null || { echo "missing: redis-server (install it with: apt-get install redis-server)" >&2; exit 1; }
folder=target/ledger-figures
mkdir -p "$folder"

library() { cargo test --release -p esologs --features redis --lib -- --nocapture --test-threads 1 "$@"; }
bench() { cargo run --release -p esologs-bench -- "$@"; }

# Row 9: 100,000 random schedules, and 20,000 more for what is used.
schedules() { library resilience::points::schedules; }
# Row 9: five days at the limit in each cell.
days() { bench figures --row 9; }
# Row 10: all cells on 20 seeds; two processes on 20 others.
forecast() { library thirty_warm_calls; }
others() { library --ignored costs_figures_of_two_processes; }
# Row 16: a day with faults, twice.
replay() { bench figures --row 16; }
learning() { library --ignored costs_figures_of_a_study; }
# Row 20: three processes, Redis killed and restarted.
fleet() { library three_processes_keep_to_one_limit; }
file() { library --ignored ledger_figures && library killed_at_any_moment; }
redis() { library every_step_is_one_round_trip && library --ignored steps_in_a_second; }
overhead() { cargo run --profile library -p esologs-bench --features head-to-head -- overhead --rounds 31; }

failed=()
for figure in "${@:-schedules days forecast others replay learning fleet file redis overhead}"; do
  for one in $figure; do
    echo "== $one, $(date -u +%H:%M)"
    # Into a file first, so that what fails is seen whole.
    if "$one" >"$folder/$one.txt" 2>&1; then grep -E '^\|' "$folder/$one.txt" || tail -n 3 "$folder/$one.txt"; else
      failed+=("$one")
      tail -n 30 "$folder/$one.txt"
    fi
  done
done
[ "${#failed[@]}" -eq 0 ] || { echo "not held: ${failed[*]}" >&2; exit 1; }
