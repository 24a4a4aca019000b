loopscope_test(experiment
  SOURCES experiment/agree_test.cpp experiment/call_errors_test.cpp experiment/conformance_test.cpp
          experiment/file_errors_test.cpp experiment/print_test.cpp experiment/statements_test.cpp
          experiment/world_errors_test.cpp
  USES experiment)
target_compile_definitions(experiment_test PRIVATE LOOPSCOPE_CONFORMANCE="${CMAKE_CURRENT_SOURCE_DIR}/conformance"
                           LOOPSCOPE_EVERYTHING="${CMAKE_CURRENT_SOURCE_DIR}/fuzz/parser/everything.lab")
loopscope_fuzz(parser USES experiment)
