loopscope_test(trace
  SOURCES trace/axis_test.cpp trace/decode_test.cpp trace/journey_test.cpp trace/json_test.cpp trace/packet_text_test.cpp
          trace/pcap_file_test.cpp trace/timeline_test.cpp
  USES trace)
loopscope_fuzz(packet USES trace)
loopscope_fuzz(trace USES trace)
