#include <algorithm>

#include "sim/capture/capture.hpp"
#include "sim/diag/socket_table.hpp"
#include "sim/hold/hold.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/fresh_network.hpp"
#include "tests/support/sockets.hpp"

using namespace loopscope;
using namespace loopscope::tests;

namespace {

/// One connection on a held `lo`: what is in flight and the states of both ends, in one line.
class Ladder {
 public:
  explicit Ladder(const SocketAddress& address)
      : address_(address),
        holder_(hold::Holder::open().value()),
        capture_(capture::Capture::open("lo").value()) {
    holder_.hold(true);
    server_ = listener(address);
    client_ = connecting(address);
    client_name_ = name_of(client_);
  }

  /// 'SYN: SYN-SENT, LISTEN': waits for the next held packet and says what it is and in which states both
  /// ends are.
  std::string held() {
    while (holder_.held().empty()) {
      if (!readable(holder_.fd(), 3000)) return "nothing is held";
      for (const auto& arrival : holder_.take()) label_ = trace::label(arrival.packet);
    }
    return label_ + ": " + states();
  }
  /// The client's state, then that of the server's end of the connection (LISTEN where it has none yet).
  std::string states() {
    std::string client = "none";
    std::string server = "none";
    for (const auto& entry : table_.dump()) {
      if (entry.local == client_name_) client = to_string(entry.state);
      if (entry.local == address_ && entry.peer == client_name_) server = to_string(entry.state);
      if (entry.local == address_ && entry.state == SocketState::Listen && server == "none")
        server = "LISTEN";
    }
    return client + ", " + server;
  }
  void pass() {
    const auto ids = holder_.held();
    REQUIRE(ids.size() == 1);
    holder_.pass(ids[0]);
  }
  /// How many packets went by on `lo` in all.
  std::size_t seen() {
    captured_ += capture_.take().size();
    return captured_;
  }
  hold::Holder& holder() { return holder_; }
  UniqueFd& server() { return server_; }
  UniqueFd& client() { return client_; }

 private:
  SocketAddress address_, client_name_;
  hold::Holder holder_;
  capture::Capture capture_;
  diag::SocketTable table_;
  UniqueFd server_, client_;
  std::string label_;
  std::size_t captured_ = 0;
};

}  // namespace

TEST_CASE("Each packet of a request is held in flight while the kernel shows the states between",
          "[kernel]") {
  const auto address = GENERATE(at("127.0.0.1:62893"), at("[::1]:62893"));
  enter_fresh_network();
  Ladder ladder(address);

  CHECK(ladder.held() == "SYN: SYN-SENT, LISTEN");
  CHECK(ladder.seen() == 0);  // a held packet has not been on lo yet
  ladder.pass();
  CHECK(ladder.held() == "SYN-ACK: SYN-SENT, SYN-RECEIVED");
  CHECK(ladder.seen() == 1);
  ladder.pass();
  CHECK(ladder.held() == "ACK: ESTABLISHED, SYN-RECEIVED");
  ladder.pass();
  CHECK(ladder.states() == "ESTABLISHED, ESTABLISHED");
  CHECK(ladder.seen() == 3);

  auto accepted = accept_from(ladder.server());
  send_text(ladder.client(), "hi");
  CHECK(ladder.held() == "DATA: ESTABLISHED, ESTABLISHED");
  CHECK_FALSE(readable(accepted.get(), 0));
  ladder.pass();
  CHECK(readable(accepted.get(), 1000));
  CHECK(ladder.held() == "ACK: ESTABLISHED, ESTABLISHED");
  ladder.pass();

  std::array<char, 10> bytes;
  check_long("recv", ::recv(accepted.get(), bytes.data(), bytes.size(), 0));
  accepted.reset();
  CHECK(ladder.held() == "FIN-ACK: ESTABLISHED, FIN-WAIT-1");
  ladder.pass();
  // The kernel may wait a little with an acknowledgment (delayed ACK, at most 200 ms).
  CHECK(ladder.held() == "ACK: CLOSE-WAIT, FIN-WAIT-1");
  ladder.pass();
  CHECK(ladder.states() == "CLOSE-WAIT, FIN-WAIT-2");
  ladder.client().reset();
  CHECK(ladder.held() == "FIN-ACK: LAST-ACK, FIN-WAIT-2");
  ladder.pass();
  CHECK(ladder.held() == "ACK: LAST-ACK, TIME-WAIT");
  ladder.pass();
  CHECK(ladder.states() == "none, TIME-WAIT");
  CHECK(ladder.seen() == 9);
  CHECK(ladder.holder().held().empty());
}

TEST_CASE("A reset is held like any packet") {
  enter_fresh_network();
  auto holder = hold::Holder::open().value();
  holder.hold(true);
  diag::SocketTable table;
  const auto client = connecting(at("127.0.0.1:62893"));  // nobody listens
  const auto next = [&] {
    REQUIRE(readable(holder.fd(), 3000));
    return holder.take().at(0);
  };
  holder.pass(next().id);
  const auto reset = next();
  CHECK(trace::label(reset.packet) == "RST-ACK");
  CHECK(table.dump().at(0).state == SocketState::SynSent);
  holder.pass(reset.id);
  int error = 0;
  socklen_t size = sizeof error;
  check("SO_ERROR", ::getsockopt(client.get(), SOL_SOCKET, SO_ERROR, &error, &size));
  CHECK(error == ECONNREFUSED);
}
