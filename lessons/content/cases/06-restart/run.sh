#!/bin/bash
# The service manager: starts the store, and starts it again whenever it ends.
while :; do
  . ./store.env
  python3 store.py $OPTIONS >>store.log 2>&1
  sleep 0.3
done
