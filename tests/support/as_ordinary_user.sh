#!/bin/sh
# Runs a test program as an ordinary user without any privilege, where this one is root. By descriptor: the folder that the
# program lies in may be closed to that user. Without root the tests run as an ordinary user anyway: skipped (77).
[ "$(id -u)" = 0 ] || exit 77
program=$1
shift
cd /
exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs /proc/self/fd/3 "$@" 3<"$program"
