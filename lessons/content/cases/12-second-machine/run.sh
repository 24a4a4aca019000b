#!/bin/bash
# The service manager: starts Redis, and starts it again whenever it ends.
while :; do
  redis-server redis.conf >>redis.log 2>&1
  sleep 0.3
done
