#!/usr/bin/env bash
# Builds the guide, and tests its pages and the page of the benches in a browser. It needs Rust,
# mdBook (book/install.sh), Node.js with npm, and Chromium or Chrome. $CHROMIUM names the browser,
# if it is not in PATH.
set -euo pipefail
cd "$(dirname "$0")/.."

# mdBook continues after a warning, such as a missing picture or text.
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
