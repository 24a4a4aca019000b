# The libraries, each from the distribution's own packages.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(tl-expected REQUIRED)
if(LOOPSCOPE_TESTS)
  find_package(Catch2 REQUIRED)  # 2.13 or 3: both export Catch2::Catch2WithMain
endif()
pkg_check_modules(MNL REQUIRED IMPORTED_TARGET libmnl)
pkg_check_modules(NFTNL REQUIRED IMPORTED_TARGET libnftnl)
pkg_check_modules(NFTABLES REQUIRED IMPORTED_TARGET libnftables)
pkg_check_modules(NFQUEUE REQUIRED IMPORTED_TARGET libnetfilter_queue)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c)
pkg_check_modules(IMGUI REQUIRED IMPORTED_TARGET imgui)  # its package has no CMake configuration
pkg_check_modules(TOML REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(glfw3 3.3 REQUIRED)
