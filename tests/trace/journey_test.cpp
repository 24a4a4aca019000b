#include "sim/trace/journey.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/packets.hpp"

using namespace loopscope;
using namespace loopscope::trace;
using namespace loopscope::tests;

namespace {

const SocketAddress client = SocketAddress::parse("127.0.0.1:41952").value();
const SocketAddress server = SocketAddress::parse("127.0.0.1:62893").value();

class Story {
 public:
  void calls(const std::string& process, const std::string& name, int value = 0) {
    CallEntered entered;
    entered.call = ++last_;
    entered.process = process;
    entered.name = name;
    add(entered);
    CallReturned returned;
    returned.call = last_;
    returned.process = process;
    returned.name = name;
    returned.value = value;
    add(returned);
  }
  void sends(const SocketAddress& from, const SocketAddress& to, const std::string& flags,
             const std::string& payload = "") {
    add(PacketSeen{"here", "lo", tcp_packet({from, to, flags, 1, 1, payload}), {}});
  }
  /// The steps that the events went through, each once for as long as it lasted, as digits.
  [[nodiscard]] std::string steps() const {
    std::string digits;
    for (const auto& step : journey_of(events_)) {
      const char digit = step ? static_cast<char>('0' + static_cast<int>(*step)) : '-';
      if (digits.empty() || digits.back() != digit) digits += digit;
    }
    return digits;
  }
  void add(Fact fact) { events_.push_back({Nanoseconds(events_.size()), std::move(fact)}); }

 private:
  std::vector<Event> events_;
  CallId last_ = 0;
};

}  // namespace

TEST_CASE("A request over TCP goes through the five steps in order") {
  Story story;
  for (const char* name : {"socket", "bind", "listen"}) story.calls("server", name);
  story.calls("client", "socket", 3);
  story.sends(client, server, "S");
  story.sends(server, client, "S.");
  story.sends(client, server, ".");
  story.calls("client", "connect");
  story.calls("client", "send", 5);
  story.sends(client, server, "P.", "GET /");
  story.sends(server, client, ".");
  story.calls("server", "accept", 4);
  story.calls("server", "recv", 5);
  story.calls("server", "send", 4);
  story.sends(server, client, "P.", "home");
  story.sends(client, server, ".");
  story.calls("client", "recv", 4);
  story.calls("server", "close");
  story.sends(server, client, "F.");
  story.calls("client", "close");
  CHECK(story.steps() == "01234");
}

TEST_CASE("A second request on the connection begins with sending again") {
  Story story;
  story.calls("server", "listen");
  story.calls("client", "connect");
  story.sends(client, server, "P.", "one");
  story.calls("server", "recv", 3);
  story.calls("server", "send", 3);
  story.sends(server, client, "P.", "1");
  story.calls("client", "send", 3);
  story.sends(client, server, "P.", "two");
  story.calls("server", "recv", 3);
  CHECK(story.steps() == "0123412");
}

TEST_CASE("A rival that only binds is still at its initialization") {
  Story story;
  story.calls("server", "listen");
  story.calls("rival", "bind", -1);
  CHECK(story.steps() == "0");
}

TEST_CASE("A refused connection does not come further than the sending") {
  Story story;
  story.calls("client", "connect", -1);
  story.sends(client, server, "S");
  story.sends(server, client, "R.");
  CHECK(story.steps() == "1");
}

TEST_CASE("Over UDP, who waits for a datagram first is the server") {
  Story story;
  for (const char* name : {"socket", "bind", "recvfrom"}) story.calls("server", name);
  story.calls("client", "sendto", 2);
  story.calls("server", "sendto", 2);
  CHECK(story.steps() == "0213");
}

TEST_CASE("A call that only asks belongs where its process is") {
  Story story;
  for (const char* name : {"socket", "setsockopt", "bind", "listen", "getsockname"})
    story.calls("server", name);
  story.calls("client", "connect");
  for (const char* name : {"accept", "getsockopt", "recvfrom", "getpeername", "sendto"})
    story.calls("server", name);
  CHECK(story.steps() == "0123");
}

TEST_CASE("A step that begins belongs where its call will") {
  Story story;
  story.calls("server", "listen");
  story.add(StepStarted{1, 4, 9, "client", "client: c = socket(AF_INET, SOCK_STREAM)"});
  story.add(StepStarted{2, 5, 10, "server", "server: a = accept(s)"});
  story.add(WorldChanged{"here", "sysctl"});
  CHECK(story.steps() == "012-");
}

TEST_CASE("What a program writes to its standard output is no response") {
  Story story;
  for (const char* name : {"socket", "bind", "listen"}) story.calls("server", name);
  CallEntered says;
  says.call = 99;
  says.process = "server";
  says.name = "write";
  says.fd = 1;
  story.add(says);
  CallReturned said;
  said.call = 99;
  said.process = "server";
  said.name = "write";
  said.value = 20;
  story.add(said);
  story.calls("server", "accept", 4);
  CHECK(story.steps().find('3') == std::string::npos);
}
