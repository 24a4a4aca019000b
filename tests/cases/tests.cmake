loopscope_test(cases
  SOURCES cases/case_reader_test.cpp cases/content_cases_test.cpp cases/end_test.cpp cases/player.cpp cases/shell_test.cpp support/ordinary_user.cpp
  USES cases lessons lab experiment trace sandbox base)
target_compile_definitions(cases_test PRIVATE LOOPSCOPE_LESSONS_UNDER_TEST="${CMAKE_SOURCE_DIR}/lessons/content")
