#!/usr/bin/env bash
# Builds the guide, and tests its pages and the page of the benches in a browser. Needs Rust,
# mdBook (book/install.sh), Node.js with npm, and Chromium or Chrome: $CHROMIUM, if it is not in
# PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

# mdBook goes on after a warning, which is most often a picture or a text that is not there.
log=$(mdbook build book 2>&1 | tee /dev/stderr)
if grep --quiet --word-regexp --extended-regexp 'WARN|ERROR' <<< "$log"; then
    echo 'book/test.sh: mdbook has warned' >&2
    exit 1
fi

# The page of the benches, made from recorded results.
cargo test --quiet --package benches --test plot a_page
cp target/tmp/costs.html target/book/

cd book/tests
npm ci --no-audit --no-fund
npm test
