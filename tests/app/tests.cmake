# The driver of screens without a window, for every test that looks at one.
add_library(ui_driver STATIC ${CMAKE_CURRENT_SOURCE_DIR}/support/ui_driver.cpp)
target_include_directories(ui_driver PUBLIC ${TESTS_VIEW})
target_link_libraries(ui_driver PUBLIC widgets PRIVATE loopscope_flags)

loopscope_test(widgets
  SOURCES app/widgets/controls_test.cpp app/widgets/theme_test.cpp
  USES widgets ui_driver)
loopscope_test(screens
  SOURCES app/screens/frame_test.cpp app/screens/home_test.cpp app/screens/sample.cpp
  USES views ui_driver)

loopscope_test(views
  SOURCES
    app/views/files_test.cpp
    app/views/induce_test.cpp
    app/views/inspector_test.cpp
    app/views/keyboard_test.cpp
    app/views/lesson_panel_test.cpp
    app/views/machines_test.cpp
    app/views/pictures_test.cpp
    app/views/projector_test.cpp
    app/views/sample_run.cpp
    app/views/live_desk.cpp
    app/views/why_test.cpp
  USES views controller model lab shell ui_driver fmt::fmt)

# The game and the test, from home and back.
loopscope_test(practice SOURCES app/views/game_test.cpp USES views controller model lab ui_driver)

loopscope_test(shell
  SOURCES app/shell/damage_test.cpp app/shell/screenshot_test.cpp app/shell/settings_file_test.cpp app/shell/waker_test.cpp app/screens/sample.cpp
  USES shell views ui_driver base PkgConfig::IMGUI)

# A real window on a real X server, once.
add_executable(window_program app/shell/window_program.cpp app/screens/sample.cpp)
target_include_directories(window_program PRIVATE ${TESTS_VIEW})
target_link_libraries(window_program PRIVATE shell views ui_driver loopscope_flags)
find_package(X11)
if(X11_FOUND)
  add_executable(drop_source app/shell/drop_source.cpp)
  target_link_libraries(drop_source PRIVATE X11::X11 loopscope_flags)
  set(drop_source $<TARGET_FILE:drop_source>)
endif()
add_test(NAME window COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/app/shell/window_test.sh $<TARGET_FILE:window_program> ${drop_source})
if(LOOPSCOPE_SANITIZE OR LOOPSCOPE_FUZZ)
  # The X11 and Mesa libraries leak and are unloaded before the check, so that no suppression can name them. The
  # same code of ours runs leak-checked in the tests that draw without a window.
  set_tests_properties(window PROPERTIES ENVIRONMENT ASAN_OPTIONS=detect_leaks=0)
endif()
set_tests_properties(window PROPERTIES SKIP_RETURN_CODE 77)

# The window's own renderer, without a display.
find_package(OpenGL REQUIRED COMPONENTS EGL)
loopscope_test(opengl
  SOURCES app/shell/opengl_test.cpp app/screens/sample.cpp support/offscreen_gl.cpp
  USES views ui_driver shell glad imgui_backends PkgConfig::IMGUI OpenGL::EGL ${CMAKE_DL_LIBS})

# What is drawn of a trace: the stage, the sequence, the strip and the transport.
add_library(journey_timeline STATIC ${CMAKE_CURRENT_SOURCE_DIR}/support/journey_timeline.cpp)
target_include_directories(journey_timeline PUBLIC ${TESTS_VIEW})
target_link_libraries(journey_timeline PUBLIC trace base PRIVATE loopscope_flags)
loopscope_test(stage
  SOURCES app/sequence_causes_test.cpp app/stage_clicks_test.cpp app/stage_firewall_test.cpp app/stage_layout_test.cpp app/stage_model_test.cpp app/stage_pictures_test.cpp
  USES views widgets ui_driver journey_timeline)

# The real program, as it is typed.
loopscope_test(cli
  SOURCES app/cli/check_test.cpp app/cli/commands_test.cpp app/cli/example.cpp app/cli/explain_test.cpp app/cli/program.cpp app/cli/forbidden_test.cpp app/cli/kernel_test.cpp app/cli/lessons_test.cpp app/cli/run_test.cpp app/cli/this_machine_test.cpp app/cli/watch_test.cpp
  USES base nlohmann_json::nlohmann_json util)
add_dependencies(cli_test loopscope)
target_compile_definitions(cli_test PRIVATE LOOPSCOPE_PROGRAM="$<TARGET_FILE:loopscope>"
                           LOOPSCOPE_ASSETS="${CMAKE_SOURCE_DIR}/assets")

# The case files' screen over a real world, and its terminal.
loopscope_test(case_screen
  SOURCES app/case/case_screen_test.cpp app/case/emulator_test.cpp
  USES case_screen case_desk cases emulator lab ui_driver)
