#include <fmt/format.h>

#include <span>

#include "sim/trace/decode.hpp"
#include "sim/trace/packet.hpp"

namespace loopscope::trace {
namespace {

// RFC 792, RFC 1122 3.2.2.1 and RFC 4443: the messages that one meets on a host.
std::string icmp_words(const Packet& packet) {
  const int type = packet.icmp_type.value_or(0);
  const int code = packet.icmp_code.value_or(0);
  if (type == 0) return "echo reply";
  if (type == 8) return "echo request";
  if (type == 11) return "time exceeded";
  if (type != 3) return fmt::format("type {} code {}", type, code);
  switch (code) {
    case 0:
      return "net unreachable";
    case 1:
      return "host unreachable";
    case 2:
      return "protocol unreachable";
    case 3:
      return "port unreachable";
    case 4:
      return "fragmentation needed";
    case 9:
    case 10:
    case 13:
      return "admin prohibited";
    default:
      return fmt::format("unreachable, code {}", code);
  }
}

std::string icmp6_words(const Packet& packet) {
  const int type = packet.icmp_type.value_or(0);
  const int code = packet.icmp_code.value_or(0);
  switch (type) {
    case 1:
      if (code == 0) return "no route";
      if (code == 1) return "admin prohibited";
      if (code == 3) return "address unreachable";
      if (code == 4) return "port unreachable";
      return fmt::format("unreachable, code {}", code);
    case 2:
      return "packet too big";
    case 3:
      return "time exceeded";
    case 128:
      return "echo request";
    case 129:
      return "echo reply";
    case 133:
      return "router solicitation";
    case 134:
      return "router advertisement";
    case 135:
      return "neighbor solicitation";
    case 136:
      return "neighbor advertisement";
    case 143:
      return "multicast listener report";
    default:
      return fmt::format("type {} code {}", type, code);
  }
}

std::string tcp_label(const Packet& packet) {
  const TcpFlags& flags = packet.flags;
  const char* acknowledges = flags.ack ? "-ACK" : "";
  if (flags.rst) return std::string("RST") + acknowledges;
  if (flags.syn) return std::string("SYN") + acknowledges;
  if (flags.fin) return std::string(packet.payload_length > 0 ? "DATA-FIN" : "FIN") + acknowledges;
  if (packet.payload_length > 0) return "DATA";
  return flags.ack ? "ACK" : "TCP";
}

std::string flag_letters(const TcpFlags& flags) {  // tcpdump(8): S, F, R, P, ., U, E, W; 'none'
  std::string letters;
  if (flags.fin) letters += 'F';
  if (flags.syn) letters += 'S';
  if (flags.rst) letters += 'R';
  if (flags.psh) letters += 'P';
  if (flags.ack) letters += '.';
  if (flags.urg) letters += 'U';
  if (flags.ece) letters += 'E';
  if (flags.cwr) letters += 'W';
  return letters.empty() ? "none" : letters;
}

/// Options in the order in which Linux writes them (net/ipv4/tcp_output.c, tcp_options_write).
std::string option_words(const Packet& packet) {
  std::string words;
  const auto add = [&](const std::string& word) { words += (words.empty() ? "" : ",") + word; };
  if (packet.mss) add(fmt::format("mss {}", *packet.mss));
  if (packet.sack_permitted) add("sackOK");
  if (packet.timestamps) {
    if (!packet.sack_permitted) add("nop,nop");
    add(fmt::format("TS val {} ecr {}", packet.timestamps->first, packet.timestamps->second));
  }
  if (packet.window_scale) add(fmt::format("nop,wscale {}", *packet.window_scale));
  return words;
}

std::string tcp_words(const Packet& packet) {
  std::string line = fmt::format("Flags [{}]", flag_letters(packet.flags));
  if (packet.payload_length > 0) {
    line += fmt::format(", seq {}:{}", packet.sequence, packet.sequence + packet.payload_length);
  } else if (packet.flags.syn || packet.flags.fin || packet.flags.rst) {
    line += fmt::format(", seq {}", packet.sequence);
  }
  if (packet.flags.ack) line += fmt::format(", ack {}", packet.acknowledgment);
  line += fmt::format(", win {}", packet.window);
  if (const auto options = option_words(packet); !options.empty()) line += ", options [" + options + "]";
  return line + fmt::format(", length {}", packet.payload_length);
}

std::string icmp_line(const Packet& packet) {
  const bool v6 = packet.transport == Transport::Icmp6;
  std::string words = v6 ? icmp6_words(packet) : icmp_words(packet);
  if (const auto quoted = quoted_packet(packet)) {
    const bool has_port = quoted->transport == Transport::Tcp || quoted->transport == Transport::Udp;
    if (words == "port unreachable" && has_port) {
      const char* name = quoted->transport == Transport::Udp ? "udp" : "tcp";
      words = fmt::format("{} {} port {} unreachable", to_string(quoted->destination.ip), name,
                          number(quoted->destination.port));
    } else {
      words = to_string(quoted->destination.ip) + ": " + words;
    }
  }
  return fmt::format("{} {}, length {}", v6 ? "ICMP6," : "ICMP", words, packet.payload_length + 8);
}

std::string with_port(const SocketAddress& address) {
  return fmt::format("{}.{}", to_string(address.ip), number(address.port));
}

}  // namespace

std::string label(const Packet& packet) {
  switch (packet.transport) {
    case Transport::Tcp:
      return tcp_label(packet);
    case Transport::Udp:
      return "UDP";
    case Transport::Icmp:
      return "ICMP " + icmp_words(packet);
    case Transport::Icmp6:
      return "ICMPv6 " + icmp6_words(packet);
    case Transport::Other:
      break;
  }
  return "IP";
}

std::string tcpdump_line(const Packet& packet) {
  const char* family = packet.source.ip.is_v6() ? "IP6" : "IP";
  const bool ports = packet.transport == Transport::Tcp || packet.transport == Transport::Udp;
  const auto name = [&](const SocketAddress& address) {
    return ports ? with_port(address) : to_string(address.ip);
  };
  std::string words;
  switch (packet.transport) {
    case Transport::Tcp:
      words = tcp_words(packet);
      break;
    case Transport::Udp:
      words = fmt::format("UDP, length {}", packet.payload_length);
      break;
    case Transport::Icmp:
    case Transport::Icmp6:
      words = icmp_line(packet);
      break;
    case Transport::Other:
      words = fmt::format("length {}", packet.length);
      break;
  }
  return fmt::format("{} {} > {}: {}", family, name(packet.source), name(packet.destination), words);
}

}  // namespace loopscope::trace
