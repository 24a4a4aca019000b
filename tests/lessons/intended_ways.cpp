#include "tests/lessons/intended_ways.hpp"

namespace loopscope::tests {

const std::vector<Way>& intended_ways() {
  static const std::vector<Way> ways = {
      {"01-home", "localhost is a name", {"Start another server on [::1]", "The client calls ::1 again"}},
      {"01-home",
       "Three callers",
       {"Start a server on 127.0.0.1", "Start a server on 127.9.9.9", "Start a server on [::1]",
        "The three callers call"}},
      {"03-journey",
       "Fill the queue",
       {"The server accepts one connection", "Wait for the third client's connect"}},
      {"03-journey",
       "By hand, in the right order",
       {"Client: connect", "Client: send the request", "Server: accept", "Server: read the request",
        "Server: send the response", "Client: read the response"}},
      {"05-nobody-home",
       "Stop it, and bring it back",
       {"Kill the server", "The visitor calls", "Start a new server with SO_REUSEADDR", "The visitor calls"}},
      {"05-nobody-home", "Which door?", {"Call [::1]:62894"}},
      {"06-port-conflicts", "Stop it", {"Stop board", "Start mine"}},
      {"06-port-conflicts",
       "Move it",
       {"Stop the server", "Start the server; it reads its file", "Verify: call 62894"}},
      {"06-port-conflicts",
       "Both must run",
       {"Start shop on 127.0.0.1:62895", "A customer calls 127.0.0.1:62895"}},
      {"08-firewalls",
       "The rule that was forgotten",
       {"Remove all rules", "Add at the end: what comes by lo may in", "Add at the end: drop the rest",
        "The app calls again"}},
      {"08-firewalls",
       "Dead, or behind a wall?",
       {"Remove all rules", "Add a rule: drop what comes for vault", "Start shop", "The visitors call again",
        "A stranger calls vault"}},
      {"09-me-or-the-network",
       "Two faults at once",
       {"Stop the server", "Start it on 0.0.0.0", "Remove all rules",
        "Add: by eth0 only ssh and 62893 may in", "I call 192.0.2.1 from here", "The laptop calls the server",
        "The laptop calls admin"}},
      {"09-me-or-the-network",
       "Four tickets",
       {"Restart web on 0.0.0.0", "Remove all rules", "Start shop on 0.0.0.0",
        "The caller calls web, shop and wiki", "The caller calls print at 192.0.2.3"}},
      {"10-who-can-reach-me",
       "The exposed database",
       {"Stop the database", "Start it on 127.0.0.1", "The stranger calls 192.0.2.1",
        "The app calls 127.0.0.1"}},
      {"10-who-can-reach-me",
       "Three audiences",
       {"Start db on 127.0.0.1", "Start shop on [::]", "Start stats on 198.51.100.7",
        "The app on this machine calls db", "The neighbour tries shop and stats"}},
  };
  return ways;
}

}  // namespace loopscope::tests
