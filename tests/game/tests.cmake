loopscope_test(game SOURCES game/question_test.cpp game/results_test.cpp game/schedule_test.cpp USES game lessons experiment base)
# The questions put to the kernel, many side by side; once more as an ordinary user.
loopscope_test(game_kernel SOURCES game/kernel_test.cpp USES game lessons lab experiment sandbox trace base)
loopscope_test_as_user(game_kernel)
