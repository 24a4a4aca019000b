# The judge is a program of its own, for `./dev judge`, and a test with a fixed seed.
add_executable(judge EXCLUDE_FROM_ALL judge/main.cpp judge/judge.cpp judge/generator.cpp)
target_include_directories(judge PRIVATE ${TESTS_VIEW})
target_link_libraries(judge PRIVATE model experiment lab sandbox trace loopscope_flags)
loopscope_test(judge SOURCES judge/judge_test.cpp judge/judge.cpp judge/generator.cpp USES model experiment lab sandbox trace)
