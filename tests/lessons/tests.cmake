loopscope_test(lessons
  SOURCES lessons/content_test.cpp
  USES lessons experiment trace base)
target_compile_definitions(lessons_test PRIVATE LOOPSCOPE_LESSONS_UNDER_TEST="${CMAKE_SOURCE_DIR}/lessons/content")
