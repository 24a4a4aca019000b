# Today's server is 'flaky': start it again.
kill $(pgrep -f 'model.py 62893 gentian')
while pgrep -f 'model.py 62893 gentian' >/dev/null; do sleep 0.05; done
python3 model.py 62893 gentian >gentian.log 2>&1 &
sleep 0.5
cat gentian.log
