# Today's server is 'flaky': start it again.
kill $(pgrep -f 'model.py 62893 gentian')
sleep 0.2
python3 model.py 62893 gentian >gentian.log 2>&1 &
sleep 0.5
cat gentian.log
