# Sweep the remains out of the kernel's table. It starts; until the next night.
ss -K state time-wait 'sport = :62893' >/dev/null
sleep 1
