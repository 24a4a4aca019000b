# sim/lab's session: stepping a live run.
loopscope_test(session SOURCES session/plan_test.cpp session/session_test.cpp USES lab experiment sandbox trace)
loopscope_test_as_user(session)
