loopscope_test(lab AGAIN
  SOURCES lab/calls_test.cpp lab/doctor_test.cpp lab/firewall_test.cpp lab/hosts_test.cpp lab/sockets_test.cpp lab/stepper.cpp lab/stepping_test.cpp lab/world_statements_test.cpp
          lab/worlds.cpp support/ordinary_user.cpp
  USES lab capture diag hold experiment trace sandbox base)
loopscope_test(kill AGAIN
  SOURCES lab/installed.cpp lab/kill_test.cpp lab/machine.cpp lab/stepper.cpp lab/worlds.cpp support/ordinary_user.cpp
  USES lab experiment trace sandbox base PkgConfig::MNL PkgConfig::NFTNL)
loopscope_test(conformance AGAIN
  SOURCES lab/conformance_test.cpp lab/worlds.cpp support/ordinary_user.cpp
  USES lab experiment trace sandbox base)
target_compile_definitions(conformance_test PRIVATE LOOPSCOPE_CONFORMANCE="${CMAKE_CURRENT_SOURCE_DIR}/conformance")
loopscope_test(remedies AGAIN
  SOURCES lab/remedies_test.cpp lab/worlds.cpp support/ordinary_user.cpp
  USES lab model experiment trace sandbox base)
target_compile_definitions(remedies_test PRIVATE LOOPSCOPE_LESSONS="${CMAKE_SOURCE_DIR}/lessons/content")
# On this machine's own loopback, as root and as an ordinary user.
loopscope_test(here
  SOURCES lab/here_rules_test.cpp lab/here_test.cpp lab/stepper.cpp lab/worlds.cpp
  USES lab experiment trace sandbox base)
loopscope_test_as_user(here)
loopscope_test(programs
  SOURCES lab/hostile_test.cpp lab/installed.cpp lab/programs_test.cpp lab/worlds.cpp support/ordinary_user.cpp
  USES lab experiment trace sandbox base)
