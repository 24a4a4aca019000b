#include <algorithm>

#include "lessons/check/player.hpp"
#include "lessons/check/programs.hpp"
#include "tests/lessons/content.hpp"
#include "tests/lessons/kernel.hpp"
#include "tests/support/catch.hpp"

using namespace loopscope;
using namespace loopscope::lessons;
using loopscope::lessons::check::Player;

namespace {

struct Turn {
  const char* lesson;
  const char* page;
  std::vector<std::string> acts;
  std::string last_results;  ///< of the last act's steps
};

const Page& page_of(const Lesson& lesson, const std::string& title) {
  const auto page = std::find_if(lesson.pages.begin(), lesson.pages.end(),
                                 [&](const Page& one) { return one.title == title; });
  REQUIRE(page != lesson.pages.end());
  return *page;
}

const Lesson& lesson_of(const std::string& id) {
  const auto& all = tests::library().lessons;
  const auto lesson = std::find_if(all.begin(), all.end(), [&](const Lesson& one) { return one.id == id; });
  REQUIRE(lesson != all.end());
  return *lesson;
}

}  // namespace

TEST_CASE("The acts that lead astray end as the lessons' feedback says", "[lessons][kernel]") {
  for (const Turn& turn : std::vector<Turn>{
           {"01-home",
            "localhost is a name",
            {"Start another server on every address of both families, [::]"},
            "ok EADDRINUSE"},
           {"01-home",
            "localhost is a name",
            {"Start another server on 127.0.0.2", "The client calls ::1 again"},
            "ok ECONNREFUSED"},
           {"01-home",
            "Three callers",
            {"Start a server on 127.0.0.1", "The three callers call"},
            "ok ok ok ECONNREFUSED ok ECONNREFUSED"},
           {"01-home",
            "Three callers",
            {"Start a server on 127.0.0.1", "Start a server on 0.0.0.0"},
            "ok EADDRINUSE"},
           {"02-ports",
            "A low port without root",
            {"For everybody: the ports from 445 on", "Start post on 444"},
            "ok EACCES"},
           {"02-ports",
            "A low port without root",
            {"For everybody: all ports", "Start post on 444", "A stranger's program asks for 443"},
            "ok ok"},
           {"02-ports",
            "A low port without root",
            {"For everybody: the ports from 444 on", "Start it as root instead", "Start post on 444"},
            "ok EADDRINUSE"},
           {"02-ports",
            "A number for each",
            {"Restart helper; it asks for port 0", "Start web on TCP 62893"},
            "ok EADDRINUSE"},
           {"03-journey", "Fill the queue", {"A fourth client calls"}, "ok blocks"},
           {"03-journey", "By hand, in the right order", {"Server: accept"}, "blocks"},
           {"04-real-programs", "Move the server", {"Fetch the page from 62894"}, "exit 7"},
           {"04-real-programs",
            "Both families, and home only",
            {"Start a server with --bind 0.0.0.0", "Both visitors fetch the page"},
            "exit 0 exit 7"},
           {"04-real-programs",
            "Both families, and home only",
            {"Start a server with --bind ::", "Both visitors fetch the page"},
            "exit 0 exit 0"},
           {"05-nobody-home",
            "Stop it, and bring it back",
            {"Kill the server", "Start a new server, nothing special"},
            "ok EADDRINUSE"},
           {"05-nobody-home", "Which door?", {"Call 127.0.0.1:62893"}, "ok ECONNREFUSED"},
           {"05-nobody-home", "Which door?", {"Call 127.0.0.1:62894"}, "ok ECONNREFUSED"},
           {"06-port-conflicts", "Stop it", {"Start mine with SO_REUSEADDR"}, "ok ok EADDRINUSE"},
           {"06-port-conflicts", "Move it", {"Verify: call 62894"}, "ok ECONNREFUSED"},
           {"06-port-conflicts",
            "Both must run",
            {"Start shop on 127.0.0.1:62893 with SO_REUSEADDR"},
            "ok ok EADDRINUSE"},
           {"06-port-conflicts", "Both must run", {"Start shop on 127.0.0.1:62894"}, "ok EADDRINUSE"},
           {"07-unexplained-conflicts",
            "Find the holder",
            {"Start mine with SO_REUSEADDR"},
            "ok ok EADDRINUSE"},
           {"07-unexplained-conflicts", "Find the holder", {"Stop app", "Start mine"}, "ok EADDRINUSE"},
           {"07-unexplained-conflicts", "Three that cannot start", {"Start shop"}, "ok EADDRINUSE"},
           {"07-unexplained-conflicts",
            "Three that cannot start",
            {"sync ends its connection with a RST", "sync calls the database",
             "Start blog with SO_REUSEADDR"},
            "ok ok EADDRINUSE"},
           {"07-unexplained-conflicts",
            "Three that cannot start",
            {"Start mail with SO_REUSEADDR"},
            "ok ok EADDRINUSE"},
           {"08-firewalls",
            "The rule that was forgotten",
            {"Add at the end: what comes by lo may in", "The app calls again"},
            "ok blocks"},
           {"08-firewalls",
            "Dead, or behind a wall?",
            {"Add a rule: 62893 and 62895 may in", "The visitors call again"},
            "ok ECONNREFUSED ok ECONNREFUSED ok blocks"},
           {"08-firewalls",
            "Dead, or behind a wall?",
            {"Start shop", "Remove all rules", "The visitors call again", "A stranger calls vault"},
            "ok ok"},
           {"08-firewalls",
            "Dead, or behind a wall?",
            {"Remove all rules", "Add a rule: drop what comes for vault", "Start shop", "Restart blog",
             "The visitors call again", "A stranger calls vault"},
            "ok blocks"},
           {"10-who-can-reach-me", "The exposed database", {"Start it on 127.0.0.1"}, "ok ok EADDRINUSE"},
           {"10-who-can-reach-me",
            "The exposed database",
            {"Stop the database", "Start it on 192.0.2.1", "The app calls 127.0.0.1"},
            "ok ECONNREFUSED"},
           {"10-who-can-reach-me",
            "The exposed database",
            {"Add a rule: drop what comes by eth0", "The app calls 127.0.0.1",
             "The stranger calls 192.0.2.1"},
            "ok blocks"},
           {"10-who-can-reach-me",
            "Three audiences",
            {"Start stats on 127.0.0.1", "Start shop on 0.0.0.0", "The neighbour tries shop and stats"},
            "ok ok ok ECONNREFUSED ok ECONNREFUSED ok ECONNREFUSED"},
           {"10-who-can-reach-me",
            "Three audiences",
            {"Start stats on 0.0.0.0", "Start stats on 198.51.100.7"},
            "ok EADDRINUSE"},
           {"11-is-loopback-safe",
            "Close the gap",
            {"Add: drop what is for 127.0.0.0/8", "The app calls"},
            "ok blocks"},
           {"11-is-loopback-safe",
            "Close the gap",
            {"Move the database to 127.0.0.2", "The spy calls again"},
            "ok ok ECONNREFUSED"},
           {"11-is-loopback-safe",
            "Who may ask?",
            {"Stop the API", "Start host.py: compares the Host", "A page of evil.example asks",
             "The game asks"},
            "exit 0"},
           {"11-is-loopback-safe", "Who may ask?", {"A page of evil.example asks"}, "exit 0"},
           {"12-containers",
            "The container that nobody reaches",
            {"Restart the proxy on 0.0.0.0", "A client calls, and the proxy passes it on"},
            "ok ok ok ok ECONNREFUSED"},
           {"12-containers",
            "The container that nobody reaches",
            {"Start web on 0.0.0.0, in box"},
            "ok ok EADDRINUSE"},
           {"12-containers",
            "A shop in three containers",
            {"Restart the agent on 0.0.0.0, in agentbox", "The shop asks db and its agent"},
            "ok ECONNREFUSED ok ECONNREFUSED"},
           {"12-containers",
            "A shop in three containers",
            {"Start the sidecar on 0.0.0.0, in shopbox", "Somebody in dbbox tries both agents"},
            "ok ok ok ECONNREFUSED"},
           {"13-databases-and-apis",
            "Lock it",
            {"Stop the database", "Start it with home.conf", "The game asks, without one"},
            "exit 0"},
           {"13-databases-and-apis",
            "An API and its database",
            {"Put the town into the database", "Restart Redis with home.conf",
             "Restart the API with port 62893", "Ann tries the database", "A visitor asks"},
            "exit 22"},
           {"13-databases-and-apis",
            "An API and its database",
            {"Put the town into the database", "Restart the API with port 62893", "Ann tries the database"},
            "exit 0"},
           {"15-udp-and-ipv6",
            "A clock for both",
            {"Open one more socket on [::], as it is"},
            "ok EADDRINUSE"},
           {"15-udp-and-ipv6",
            "A clock for both",
            {"Close the clock's first socket", "Open one on [::] with IPV6_V6ONLY", "Ann and Ben ask",
             "The clock reads twice from its new socket"},
            "\"ben?\" from [::1]"},
           {"15-udp-and-ipv6",
            "Two families, three tasks",
            {"Start web on 0.0.0.0", "Ann and Ben call web"},
            "ok ok ok ECONNREFUSED"},
           {"15-udp-and-ipv6", "Two families, three tasks", {"Start stats on [::]"}, "ok EADDRINUSE"},
           {"15-udp-and-ipv6", "Two families, three tasks", {"probe: sendto, then recv"}, "ok 1 EAGAIN"},
       }) {
    CAPTURE(turn.lesson, turn.page, turn.acts.back());
    const Lesson& lesson = lesson_of(turn.lesson);
    if (!check::missing_program(lesson, page_of(lesson, turn.page)).empty()) continue;
    Player player(tests::launcher(), lesson, page_of(lesson, turn.page));
    player.step_to_the_end();
    for (const auto& act : turn.acts) player.press(act);
    const std::string results = player.results_of_last_act();
    INFO(player.story());
    CHECK(results.substr(0, turn.last_results.size()) == turn.last_results);
    CHECK_FALSE(player.missing().empty());
  }
}

TEST_CASE("The states that lesson 3 shows while packets are held are the kernel's", "[lessons][kernel]") {
  const Lesson& lesson = lesson_of("03-journey");
  Player player(tests::launcher(), lesson, page_of(lesson, "Three packets, and no program"));
  if (!player.step_by_packet()) {
    WARN("this kernel holds no packets: " + player.session().why_no_hold());
    return;
  }
  struct Held {
    const char* packet;
    const char* client;
    const char* server;
  };
  for (const Held& held : {Held{"SYN", "SYN-SENT", "none"}, Held{"SYN-ACK", "SYN-SENT", "SYN-RECEIVED"},
                           Held{"ACK", "ESTABLISHED", "SYN-RECEIVED"}}) {
    const std::string packet = player.step_to_held_packet();
    INFO(player.story());
    CHECK(packet == held.packet);
    CHECK(player.state_of_peer_at("127.0.0.1:62893") == held.client);
    CHECK(player.state_of_connection_at("127.0.0.1:62893") == held.server);
  }
}
