#!/usr/bin/env bash
# What .github/workflows/classroom.yml runs: judges all programs, and shows the
# result in the log (with annotations) and in the summary of the run.
#
# Exit status: 0 all is passed, 1 something is not, 2 nobody can tell.
set -uo pipefail
# In one stream nothing overtakes anything.
exec 2>&1
cd "$(dirname "$0")/.." || exit 2

report=$(mktemp -d)/report.json

# What is printed here may quote the student's files. Until the token comes again,
# which nobody can guess, GitHub takes no line of it for a command.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
# The student's programs need not know where the runner takes the summary from, or
# variables and paths for the steps behind this one.
hidden=()
while read -r name; do
    hidden+=("--unset=$name")
done < <(compgen -e | grep -E '^(GITHUB|RUNNER|ACTIONS)_')
env "${hidden[@]}" cargo lab check --format json --output "$report"
status=$?
echo "::$token::"

# Whatever stands there already, this script has not written it.
summary=/dev/stdout
if [[ -n ${GITHUB_STEP_SUMMARY:-} ]]; then
    summary=$GITHUB_STEP_SUMMARY
    : >"$summary"
fi

if [[ -s $report ]]; then
    cargo lab show "$report" --format github || exit 2
    cargo lab show "$report" --format markdown >>"$summary" || exit 2
fi

case $status in
0 | 1)
    exit "$status"
    ;;
2)
    reason='The machine is at fault, not the programs: run it again, and see the log.'
    ;;
*)
    reason='The lab itself cannot be built: are checker/, common/ and the Cargo files as they were handed out?'
    ;;
esac
echo "::error title=Not judged::$reason"
echo "**Not judged.** $reason" >>"$summary"
exit 2
