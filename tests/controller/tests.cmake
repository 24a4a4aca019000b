loopscope_test(controller
  SOURCES controller/controller_test.cpp controller/own_lessons_test.cpp controller/ground_test.cpp controller/live_clock_test.cpp controller/playhead_test.cpp controller/reasoning_test.cpp
  USES controller model lab lesson_check lessons experiment sandbox trace)
loopscope_test_as_user(controller)
