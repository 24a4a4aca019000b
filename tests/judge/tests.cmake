# The judge is a program of its own, for `./dev judge`, and a test with a fixed seed.
set(judge_sources judge/case.cpp judge/generator.cpp judge/judge.cpp judge/scene_firewall.cpp judge/scenes_other.cpp judge/scenes_ports.cpp
    judge/scenes_tcp.cpp judge/shrink.cpp judge/tables.cpp judge/tally.cpp judge/trial.cpp judge/writer.cpp judge/writer_options.cpp
    judge/writer_steps.cpp)
set(judge_rooms model experiment lab sandbox trace base)
add_executable(judge EXCLUDE_FROM_ALL judge/main.cpp ${judge_sources})
target_include_directories(judge PRIVATE ${TESTS_VIEW})
target_link_libraries(judge PRIVATE ${judge_rooms} loopscope_flags)
loopscope_test(judge SOURCES judge/judge_test.cpp ${judge_sources} USES ${judge_rooms})
# Once more as an ordinary user, who has one id only: fewer.
loopscope_test_as_user(judge)
set_tests_properties(judge_as_user PROPERTIES ENVIRONMENT LOOPSCOPE_JUDGE=200)
