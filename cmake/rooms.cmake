# One CMake target a room. A room sees only what it links to, so a wrong include does not compile.
#
#   loopscope_room(NAME [INTERFACE]
#     SOURCES file.cpp…      the room's own sources
#     KNOWS room…            rooms whose headers its own headers show (PUBLIC)
#     USES target…           rooms and libraries that only its sources need (PRIVATE))
#
# Headers are included by their path from the top: #include "sim/base/address.hpp". To make 'a wrong include does
# not compile' true although all share one root, each room exports a folder of links to the rooms it may see.
add_library(loopscope_flags INTERFACE)
target_compile_options(loopscope_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees an overlap in `"literal" + std::string` that is not there (GCC bug 105651, fixed in 13).
  target_compile_options(loopscope_flags INTERFACE -Wno-restrict)
endif()
if(LOOPSCOPE_WERROR)
  target_compile_options(loopscope_flags INTERFACE -Werror)
endif()
if(LOOPSCOPE_SANITIZE)
  target_compile_options(loopscope_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(loopscope_flags INTERFACE -fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # With sanitizers GCC loses track of std::optional's and std::function's own flags (GCC bug 105562).
    target_compile_options(loopscope_flags INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(LOOPSCOPE_FUZZ)
  # Every room is instrumented; only a fuzz target itself links libFuzzer's main (tests/CMakeLists.txt).
  target_compile_options(loopscope_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
  target_link_options(loopscope_flags INTERFACE -fsanitize=address,undefined)
endif()

function(loopscope_room name)
  cmake_parse_arguments(ROOM "INTERFACE" "" "SOURCES;KNOWS;USES" ${ARGN})
  file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  # The view: <build>/rooms/<name>/sim/base -> <source>/sim/base
  set(view ${CMAKE_BINARY_DIR}/rooms/${name})
  get_filename_component(parent ${view}/${path} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${view}/${path} SYMBOLIC)
  if(ROOM_INTERFACE)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${view})
    target_link_libraries(${name} INTERFACE ${ROOM_KNOWS})
  else()
    add_library(${name} STATIC ${ROOM_SOURCES})
    target_include_directories(${name} PUBLIC ${view})
    target_link_libraries(${name} PUBLIC ${ROOM_KNOWS} PRIVATE ${ROOM_USES} loopscope_flags)
  endif()
endfunction()

# A room of which only the headers are wanted, or there are only headers yet.
function(loopscope_headers name path)
  set(view ${CMAKE_BINARY_DIR}/rooms/${name})
  get_filename_component(parent ${view}/${path} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${path} ${view}/${path} SYMBOLIC)
  add_library(${name} INTERFACE)
  target_include_directories(${name} INTERFACE ${view})
endfunction()
