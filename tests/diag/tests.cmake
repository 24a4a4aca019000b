loopscope_test(diag SOURCES diag/owners_test.cpp diag/socket_table_test.cpp USES diag)
loopscope_test_as_user(diag)
