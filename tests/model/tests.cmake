loopscope_test(model SOURCES model/conformance_test.cpp model/rules_test.cpp USES model experiment)
target_compile_definitions(model_test PRIVATE LOOPSCOPE_CONFORMANCE="${CMAKE_CURRENT_SOURCE_DIR}/conformance")
loopscope_fuzz(predict USES model experiment)
