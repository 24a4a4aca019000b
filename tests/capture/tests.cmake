loopscope_test(capture SOURCES capture/capture_test.cpp USES capture)
loopscope_test_as_user(capture)
