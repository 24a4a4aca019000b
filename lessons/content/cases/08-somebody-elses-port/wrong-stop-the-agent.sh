# Whoever has the port must go.
kill $(pgrep -f agent.py)
sleep 1
