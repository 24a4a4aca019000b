#include "sim/trace/pcap_file.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "tests/support/catch.hpp"
#include "tests/support/packets.hpp"

using namespace loopscope;
using namespace loopscope::trace;
using namespace loopscope::tests;

namespace {

const SocketAddress client = SocketAddress::parse("127.0.0.1:41952").value();
const SocketAddress server = SocketAddress::parse("127.0.0.1:62893").value();
const SocketAddress client6 = SocketAddress::parse("[::1]:41952").value();
const SocketAddress server6 = SocketAddress::parse("[::1]:62893").value();

std::vector<Event> some_events() {
  const auto seen = [](const Packet& packet) { return PacketSeen{"here", "lo", packet, {}}; };
  return {{Nanoseconds(0), RunStarted{"0.1.0", "6.1", "", "a.lab", 1'700'000'000'123'456'789}},
          {Nanoseconds(1'000), seen(tcp_packet({client, server, "S", 100, 0, ""}))},
          {Nanoseconds(2'000),
           PacketHeld{1, "here", Hook::Output, tcp_packet({client, server, "S", 100, 0, ""})}},
          {Nanoseconds(1'000'000'000), seen(tcp_packet({server6, client6, "P.", 7, 101, "home"}))}};
}

struct PipeCloser {
  void operator()(std::FILE* pipe) const { ::pclose(pipe); }
};

std::string output_of(const std::string& command) {
  const std::unique_ptr<std::FILE, PipeCloser> pipe(::popen(command.c_str(), "r"));
  REQUIRE(pipe);
  std::string text;
  std::array<char, 4096> buffer;
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    text.append(buffer.data(), count);
  return text;
}

struct TemporaryFile {
  std::string path =
      (std::filesystem::temp_directory_path() / ("loopscope-" + std::to_string(::getpid()) + ".pcap"))
          .string();
  ~TemporaryFile() { std::filesystem::remove(path); }
};

}  // namespace

TEST_CASE("A pcap file begins with the nanosecond magic and holds the packets that were seen") {
  const TemporaryFile file;
  REQUIRE(write_pcap(file.path, some_events()));
  CHECK(std::filesystem::file_size(file.path) == 24 + (16 + 40) + (16 + 60 + 4));
}

TEST_CASE("Packets of several hosts are written with their devices, and read by Wireshark") {
  auto events = some_events();
  const Packet syn = tcp_packet({client, server, "S", 100, 0, ""});
  events.push_back({Nanoseconds(3'000), PacketSeen{"here", "eth0", syn, {}, true}});
  events.push_back({Nanoseconds(4'000), PacketSeen{"far", "eth0", syn, {}}});
  const TemporaryFile file;
  REQUIRE(write_pcap(file.path, events));
  CHECK(std::filesystem::file_size(file.path) > 24);
  if (::access("/usr/bin/tshark", X_OK) != 0) {
    WARN("tshark is not installed: Wireshark's reader was not asked");
    return;
  }
  CHECK(output_of("tshark -n -r " + file.path +
                  " -T fields -e frame.time_epoch -e frame.interface_name -e tcp.srcport 2>/dev/null") ==
        "1700000000.123457789\there lo\t41952\n1700000001.123456789\there lo\t62893\n"
        "1700000000.123459789\there eth0\t41952\n1700000000.123460789\tfar eth0\t41952\n");
}

TEST_CASE("Wireshark's reader opens a pcap file that was written") {
  if (::access("/usr/bin/tshark", X_OK) != 0) {
    WARN("tshark is not installed: Wireshark's reader was not asked");
    return;
  }
  const TemporaryFile file;
  REQUIRE(write_pcap(file.path, some_events()));
  const auto text =
      output_of("tshark -n -r " + file.path +
                " -T fields -e frame.time_epoch -e ip.src -e ipv6.src -e tcp.srcport -e tcp.flags.syn "
                "-e tcp.payload 2>/dev/null");
  CHECK(text ==
        "1700000000.123457789\t127.0.0.1\t\t41952\t1\t\n"
        "1700000001.123456789\t\t::1\t62893\t0\t686f6d65\n");
}

TEST_CASE("A file that cannot be written is named, with the reason") {
  const auto result = write_pcap("/nonexistent/a.pcap", {});
  REQUIRE_FALSE(result);
  CHECK(result.error() == "/nonexistent/a.pcap: cannot be written: No such file or directory");
  const auto full = write_pcap("/dev/full", some_events());
  REQUIRE_FALSE(full);
  CHECK(full.error() == "/dev/full: cannot be written: No space left on device");
}
