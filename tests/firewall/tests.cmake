loopscope_test(firewall
  SOURCES firewall/confine_test.cpp firewall/firewall_test.cpp firewall/rule_text_test.cpp
  USES firewall trace base)
loopscope_test_as_user(firewall)
