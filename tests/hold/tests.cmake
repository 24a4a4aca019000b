loopscope_test(hold
  SOURCES hold/hold_test.cpp hold/ladder_test.cpp hold/repeats_test.cpp
  USES hold diag capture)
loopscope_test_as_user(hold)
