#!/usr/bin/env bash
# Builds the guide, and tries its pages in a browser. Needs mdBook (book/install.sh),
# Node.js with npm, and Chromium or Chrome: $CHROMIUM, if it is not in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

# mdBook goes on after a warning, which is most often a picture or a text that is not there.
log=$(mdbook build book 2>&1 | tee /dev/stderr)
if grep --quiet --word-regexp --extended-regexp 'WARN|ERROR' <<< "$log"; then
    echo 'book/test.sh: mdbook has warned' >&2
    exit 1
fi

cd book/tests
npm ci --no-audit --no-fund
npm test
