# Move out of the way. The address that everybody has is still the old one.
kill $(pgrep -f 'model.py 62893 gentian')
python3 model.py 62894 gentian >gentian.log 2>&1 &
sleep 0.5
cat gentian.log
