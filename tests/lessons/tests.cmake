loopscope_test(lessons
  SOURCES lessons/content_test.cpp lessons/durable_file_test.cpp lessons/goal_test.cpp lessons/library_test.cpp lessons/numbers_test.cpp
    lessons/progress_test.cpp lessons/reader_test.cpp lessons/style_test.cpp
  USES lessons experiment trace base)
target_compile_definitions(lessons_test PRIVATE LOOPSCOPE_LESSONS_UNDER_TEST="${CMAKE_SOURCE_DIR}/lessons/content")
