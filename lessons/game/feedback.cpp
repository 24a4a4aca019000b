#include <array>

#include "lessons/game/catalogue.hpp"

namespace loopscope::game {
namespace {

struct Meaning {
  std::string_view call, answer, words;
};

// From bind(2), listen(2), connect(2), accept(2), send(2), recv(2), ip(7), tcp(7), udp(7).
constexpr std::array meanings{
    Meaning{"bind", "ok",
            "bind succeeds where the address is this machine's, the process may take the port, and no holder "
            "of it stands in the way."},
    Meaning{"bind", "EADDRINUSE",
            "EADDRINUSE comes where another socket of the same protocol holds the port on an overlapping "
            "address and no option lets the two share it."},
    Meaning{"bind", "EACCES",
            "EACCES comes for a port below net.ipv4.ip_unprivileged_port_start (1024 unless changed) without "
            "CAP_NET_BIND_SERVICE; who holds a port has nothing to do with it."},
    Meaning{"bind", "EADDRNOTAVAIL",
            "EADDRNOTAVAIL comes for an address that no interface of this machine has; of 127.0.0.0/8 lo has "
            "every one."},
    Meaning{"bind", "EINVAL",
            "EINVAL comes where this very socket has a port already, or the address has a form that it does "
            "not take."},
    Meaning{
        "bind", "EAFNOSUPPORT",
        "EAFNOSUPPORT comes for an address of another family than the socket's, such as ::1 for AF_INET."},
    Meaning{"listen", "ok",
            "listen succeeds on a TCP socket without a connection, where nobody else listens on its port."},
    Meaning{"listen", "EADDRINUSE",
            "EADDRINUSE comes from listen where another socket listens on the port already (both were bound "
            "with SO_REUSEADDR), or no port is left to choose."},
    Meaning{"listen", "EOPNOTSUPP", "EOPNOTSUPP comes where the socket is none that listens: UDP's."},
    Meaning{"listen", "EINVAL",
            "EINVAL comes where the socket has a connection, or is making one. That it is bound, or not, "
            "does not matter."},
    Meaning{"listen", "EBADF", "EBADF comes where the number is no open descriptor; this one is open."},
    Meaning{"connect", "ok", "connect succeeds once a listener's kernel has answered the SYN."},
    Meaning{"connect", "ECONNREFUSED",
            "ECONNREFUSED comes with a reset: the SYN has arrived, and nobody listens at that address and "
            "port."},
    Meaning{"connect", "EADDRNOTAVAIL",
            "EADDRNOTAVAIL comes where no local port of the range is left for this destination."},
    Meaning{"connect", "EISCONN", "EISCONN comes where this very socket is connected already, or listens."},
    Meaning{"connect", "ENETUNREACH",
            "ENETUNREACH comes where no route leads to the address, or the socket does not speak its "
            "family; nothing is sent then."},
    Meaning{"connect", "ETIMEDOUT",
            "ETIMEDOUT comes after minutes without any answer, as behind a firewall that drops. A kernel "
            "without a listener does answer."},
    Meaning{"connect", "EINPROGRESS",
            "EINPROGRESS comes where the socket does not block and the handshake has begun."},
    Meaning{"connect", "EALREADY",
            "EALREADY comes where an earlier connect of this non-blocking socket is not decided yet."},
    Meaning{"accept", "ok", "accept succeeds where a finished handshake waits in the listener's queue."},
    Meaning{"accept", "EAGAIN",
            "EAGAIN comes where the socket listens and does not block, and its queue is empty."},
    Meaning{"accept", "EINVAL", "EINVAL comes where the TCP socket does not listen."},
    Meaning{"accept", "EOPNOTSUPP", "EOPNOTSUPP comes where the socket has no connections at all: UDP's."},
    Meaning{"accept", "ECONNABORTED",
            "ECONNABORTED is for a connection that was given up while it waited; Linux hands such a one over "
            "all the same."},
    Meaning{"accept", "EBADF", "EBADF comes where the number is no open descriptor; this one is open."},
    Meaning{"send", "ok",
            "The kernel takes the bytes where it knows where to send them; whether they arrive is another "
            "matter."},
    Meaning{"send", "EPIPE",
            "EPIPE comes from TCP where the socket has no connection or its sending side is shut."},
    Meaning{"send", "ECONNRESET",
            "ECONNRESET comes once where a reset has arrived on a connection that the peer had not closed "
            "before."},
    Meaning{"send", "ENOTCONN",
            "ENOTCONN is what receiving from a socket without a connection gives; sending says it "
            "otherwise."},
    Meaning{"send", "EDESTADDRREQ",
            "EDESTADDRREQ comes from a UDP socket without a peer where the call names no destination."},
    Meaning{"send", "EAGAIN",
            "EAGAIN comes where the call must not wait and the send buffer is full; a few bytes fill none."},
    Meaning{"send", "ECONNREFUSED",
            "ECONNREFUSED comes from a connected UDP socket that an ICMP error has reached meanwhile: always "
            "for an earlier datagram, never for this one."},
    Meaning{"send", "EINVAL", "EINVAL comes where the destination's port is 0."},
    Meaning{"send", "EMSGSIZE", "EMSGSIZE comes for a datagram longer than 65,507 bytes (over IPv4)."},
    Meaning{"send", "EACCES",
            "EACCES comes where the destination is a broadcast address and the socket has no SO_BROADCAST; "
            "127.255.255.255 is one."},
    Meaning{"recv", "ok", "recv succeeds where bytes wait, or the peer has closed: then with none."},
    Meaning{"recv", "EAGAIN",
            "EAGAIN comes where nothing has arrived on the connection and the call does not wait."},
    Meaning{"recv", "ENOTCONN", "ENOTCONN comes where the TCP socket has no connection."},
    Meaning{"recv", "ECONNREFUSED",
            "ECONNREFUSED comes once where a connect that did not wait has been refused meanwhile."},
    Meaning{"recv", "ECONNRESET", "ECONNRESET comes once where the peer has reset the connection."},
};

}  // namespace

std::vector<std::string> answers_for(std::string_view call, bool udp, bool nonblocking) {
  if (call == "bind") return {"ok", "EADDRINUSE", "EACCES", "EADDRNOTAVAIL", "EINVAL", "EAFNOSUPPORT"};
  if (call == "listen") return {"ok", "EADDRINUSE", "EOPNOTSUPP", "EINVAL", "EBADF"};
  if (call == "connect" && nonblocking)
    return {"ok", "ECONNREFUSED", "EINPROGRESS", "EISCONN", "ENETUNREACH", "EALREADY"};
  if (call == "connect")
    return {"ok", "ECONNREFUSED", "EADDRNOTAVAIL", "EISCONN", "ENETUNREACH", "ETIMEDOUT"};
  if (call == "accept") return {"ok", "EAGAIN", "EINVAL", "EOPNOTSUPP", "ECONNABORTED", "EBADF"};
  if (call == "recv") return {"ok", "EAGAIN", "ENOTCONN", "ECONNREFUSED", "ECONNRESET"};
  if (udp && call == "send") return {"ok", "ECONNREFUSED", "EDESTADDRREQ", "ENOTCONN", "EMSGSIZE", "EPIPE"};
  if (udp) return {"ok", "ECONNREFUSED", "EDESTADDRREQ", "EINVAL", "EMSGSIZE", "EACCES"};
  return {"ok", "EPIPE", "ECONNRESET", "ENOTCONN", "EDESTADDRREQ", "EAGAIN"};
}

std::string when_it_comes(std::string_view call, std::string_view answer) {
  if (call == "sendto") call = "send";
  for (const Meaning& one : meanings)
    if (one.call == call && one.answer == answer) return std::string(one.words);
  return "";
}

}  // namespace loopscope::game
