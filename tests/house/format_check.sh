#!/usr/bin/env bash
# Every source is as `./dev format` leaves it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
find sim lessons app tests -name '*.cpp' -print0 -o -name '*.hpp' -print0 | xargs -0 clang-format --dry-run --Werror
echo 'format: as ./dev format leaves it'
