loopscope_test(lessons
  SOURCES lessons/articles_test.cpp lessons/content_test.cpp lessons/durable_file_test.cpp lessons/goal_test.cpp lessons/library_test.cpp lessons/limits_test.cpp
    lessons/numbers_test.cpp lessons/progress_test.cpp lessons/reader_test.cpp support/ordinary_user.cpp
  USES lesson_check lessons lab experiment trace sandbox base)
loopscope_test(lessons_kernel
  SOURCES lessons/astray_test.cpp lessons/goals_test.cpp support/ordinary_user.cpp
  USES lesson_check lessons lab experiment trace sandbox base)
loopscope_test(lesson_check
  SOURCES lessons/check_test.cpp lessons/course_test.cpp support/ordinary_user.cpp
  USES lesson_check lessons lab experiment trace sandbox base)
# Two programs, since they mostly wait: ctest runs them side by side.
loopscope_test(lessons_runs
  SOURCES lessons/kernel_test.cpp support/ordinary_user.cpp
  USES lesson_check lessons lab experiment trace sandbox base)
foreach(target lesson_check_test lessons_test lessons_kernel_test lessons_runs_test)
  target_compile_definitions(${target} PRIVATE LOOPSCOPE_LESSONS_UNDER_TEST="${CMAKE_SOURCE_DIR}/lessons/content")
endforeach()
loopscope_fuzz(lesson USES lessons)
