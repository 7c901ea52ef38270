#!/usr/bin/env bash
# Installs the tools that build the guide, in the versions that it needs. Arguments go to
# `cargo install`, such as --root FOLDER.
set -euo pipefail

cargo install --locked "$@" mdbook@0.5.4
cargo install --locked "$@" mdbook-quiz@0.5.0
