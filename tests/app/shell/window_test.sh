#!/usr/bin/env bash
# One walk through a real window on a real X server: keys and clicks arrive, the settings are kept, and it ends.
# Positions come from the program's own list of what is on the screen. Usage: window_test.sh PROGRAM [DROP_SOURCE]
set -euo pipefail
program=$1
drop_source=${2-}
for tool in Xvfb xdotool; do
  command -v $tool >/dev/null || { echo "skipped: $tool is not installed (apt install xvfb xdotool)"; exit 77; }
done
folder=$(mktemp -d)
window= screen=
clean() {
  for pid in $window $screen; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap clean EXIT
fail() { echo "failed: $*"; cat "$folder/out" 2>/dev/null; exit 1; }

# Without a display: a sentence, and the exit code that lets the caller go on in the terminal.
code=0
env -u DISPLAY -u WAYLAND_DISPLAY HOME="$folder" "$program" >"$folder/out" 2>&1 || code=$?
[ $code = 3 ] || fail "without a display the exit code was $code"
grep -q 'no display' "$folder/out" || fail 'it did not say that there is no display'

Xvfb -displayfd 3 -screen 0 1400x900x24 -nolisten tcp -noreset 3>"$folder/display" 2>/dev/null &
screen=$!
until_true() { for _ in $(seq 300); do if eval "$1"; then return 0; fi; sleep 0.05; done; fail "waited in vain for: $1"; }
until_true '[ -s $folder/display ]'
DISPLAY=:$(cat "$folder/display")
export DISPLAY XDG_CONFIG_HOME=$folder/config LOOPSCOPE_DUMP_ITEMS=$folder/items LIBGL_ALWAYS_SOFTWARE=1
"$program" >"$folder/out" 2>&1 &
window=$!
has() { grep -q "^$1	" "$folder/items" 2>/dev/null; }
place() { awk -F'\t' -v id="$1" '$1 == id {print $4, $5}' "$folder/items"; }
click() { until_true "has $1"; read -r x y <<<"$(place "$1")"; xdotool mousemove "$((x + origin_x))" "$((y + origin_y))" click 1; }
until_true 'has home/continue'
eval "$(xdotool search --name '^Loopscope$' getwindowgeometry --shell | grep -E '^[XY]=')"
origin_x=$X origin_y=$Y

click home/continue
until_true 'has top/where'
xdotool key Escape
until_true 'has home/continue'
xdotool key F1
until_true 'has settings/theme/Light'
click settings/theme/Light
until_true 'grep -qs "dark = false" $folder/config/loopscope/settings.toml'
xdotool key Escape
until_true '! has settings/close'
xdotool key ctrl+plus
until_true 'grep -qs "scale = 1.1" $folder/config/loopscope/settings.toml'
if [ -n "$drop_source" ]; then
  "$drop_source" "$(xdotool search --name '^Loopscope$' | head -n 1)" /tmp/dropped.lab || fail 'it takes no dropped file'
  until_true 'grep -q "^problems/list/1	.*/tmp/dropped.lab" "$folder/items"'
  xdotool key Escape
  until_true '! has problems/list/1'
fi
xdotool key ctrl+q
for _ in $(seq 200); do kill -0 $window 2>/dev/null || break; sleep 0.05; done
kill -0 $window 2>/dev/null && fail 'Ctrl Q did not end it'
wait $window || fail 'it ended with an error'
window=
grep 'first frame' "$folder/out"
