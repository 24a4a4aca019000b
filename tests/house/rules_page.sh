#!/usr/bin/env bash
# sim/model/RULES.md is what the program itself says of its rules. Argument: the program.
set -euo pipefail
page="$(dirname "$(readlink -f "$0")")/../../sim/model/RULES.md"
if ! "$1" rules --markdown | diff -u "$page" - ; then
  echo 'sim/model/RULES.md is not what the program says: loopscope rules --markdown > sim/model/RULES.md'
  exit 1
fi
echo 'RULES.md: as the program says'
