#!/usr/bin/env bash
# The workflow .github/workflows/classroom.yml runs this. It judges all programs, and shows
# the result in the log (with annotations) and in the summary of the run.
#
# Exit status: 0 all checks are passed, 1 some are not, 2 the programs could not be judged.
set -uo pipefail
# One stream keeps the order of the lines.
exec 2>&1
cd "$(dirname "$0")/.." || exit 2

report=$(mktemp -d)/report.json

# The output may quote the student's files. GitHub takes no line for a command until the
# token comes again, and a program cannot guess the token.
token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
echo "::stop-commands::$token"
# Hide these from the student's programs: the files from which the runner takes the summary,
# and variables and paths for later steps.
hidden=()
while read -r name; do
    hidden+=("--unset=$name")
done < <(compgen -e | grep -E '^(GITHUB|RUNNER|ACTIONS)_')
env "${hidden[@]}" cargo lab check --format json --output "$report"
status=$?
echo "::$token::"

# Only a student's program can have written to the file before, so it is emptied.
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
    reason='Some programs could not be judged. The log says why: the machine lacks something, or a call was refused.'
    ;;
*)
    reason='The lab itself cannot be built: are checker/, common/ and the Cargo files as they were handed out?'
    ;;
esac
echo "::error title=Not judged::$reason"
echo "**Not judged.** $reason" >>"$summary"
exit 2
