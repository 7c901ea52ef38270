#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. It installs the tools that the
# lab needs, and prepares the lab. Submissions then need no network.
set -euo pipefail

autograder=${AUTOGRADER:-/autograder}
toolchain=1.95.0
export CARGO_HOME=$autograder/lab/cargo

if ! command -v cc >/dev/null || ! command -v curl >/dev/null; then
    apt-get update
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        ca-certificates curl gcc libc6-dev
fi
if ! command -v cargo >/dev/null; then
    export RUSTUP_HOME=$autograder/lab/rustup PATH=$CARGO_HOME/bin:$PATH
    curl --proto '=https' --tlsv1.2 --silent --show-error --fail https://sh.rustup.rs |
        sh -s -- -y --no-modify-path --profile minimal --default-toolchain "$toolchain"
fi
"$autograder/source/lab/grading/gradescope/prepare"
