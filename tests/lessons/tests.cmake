loopscope_test(lessons
  SOURCES lessons/articles_test.cpp lessons/content_test.cpp lessons/durable_file_test.cpp lessons/goal_test.cpp lessons/library_test.cpp lessons/limits_test.cpp
    lessons/numbers_test.cpp lessons/progress_test.cpp lessons/reader_test.cpp lessons/style_test.cpp support/ordinary_user.cpp
  USES lessons experiment trace base)
loopscope_test(lessons_kernel
  SOURCES lessons/astray_test.cpp lessons/goals_test.cpp lessons/intended_ways.cpp lessons/player.cpp lessons/programs.cpp support/ordinary_user.cpp
  USES lessons lab experiment trace sandbox base)
# Two programs, since they mostly wait: ctest runs them side by side.
loopscope_test(lessons_runs
  SOURCES lessons/kernel_test.cpp lessons/programs.cpp support/ordinary_user.cpp
  USES lessons lab experiment trace sandbox base)
foreach(target lessons_test lessons_kernel_test lessons_runs_test)
  target_compile_definitions(${target} PRIVATE LOOPSCOPE_LESSONS_UNDER_TEST="${CMAKE_SOURCE_DIR}/lessons/content")
endforeach()
loopscope_fuzz(lesson USES lessons)
