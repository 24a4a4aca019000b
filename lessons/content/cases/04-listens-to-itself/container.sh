#!/bin/bash
# The container's first process: whenever alert.py ends, it starts it again (as 'docker run --restart always' does).
while :; do
  python3 alert.py >>alert.log 2>&1
  sleep 0.2
done
