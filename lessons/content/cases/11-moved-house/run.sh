#!/bin/bash
# The service manager: starts nginx, and starts it again whenever it ends.
while :; do
  nginx -p . -e nginx.log -c nginx.conf -g 'daemon off;' 2>/dev/null
  sleep 0.3
done
